//! What customers ask for: the list, the intake form, one case.
//!
//! Clocks, hand-offs and return visits are rules of the cases capability; these pages show and command.

pub mod case;
pub mod choices;
pub mod close;
pub mod intake;
pub mod lines;
pub mod list;
pub mod told;

pub use case::CasePage;
pub use intake::NewCasePage;
pub use list::CasesPage;
