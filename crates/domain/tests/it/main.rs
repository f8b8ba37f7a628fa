//! Laws of the domain, over its public face. One binary, so that it links once.

mod bundle_doc;
mod calendar_laws;
mod case_laws;
mod frozen;
mod merge_laws;
mod schema;
