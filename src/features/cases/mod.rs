//! What customers ask for: the list, the intake form, one case.
//!
//! Clocks, hand-offs and return visits are rules of the cases capability; these pages show and command.

pub mod amend;
pub mod board;
pub mod case;
pub mod choices;
pub mod clocks;
pub mod close;
pub mod history;
pub mod intake;
pub mod lines;
pub mod list;
pub mod many;
mod mass;
pub mod paper;
pub mod people;
mod similar;
pub mod step;
pub mod told;
pub mod way;

pub use case::CasePage;
pub use intake::NewCasePage;
pub use list::CasesPage;
pub use paper::CasePaperPage;
