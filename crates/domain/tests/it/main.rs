//! Laws of the domain, over its public face. One binary, so that it links once.

mod merge_laws;
