//! Houses, owners, families and cars: the list, one house, one person.
//!
//! Who owns what and since when is the archive's rule; these pages show it and send commands.

pub mod badges;
pub mod consents;
pub mod contact;
pub mod edit;
pub mod files;
pub mod history;
pub mod house;
pub mod kin;
pub mod list;
pub mod party;
pub mod person_form;
pub mod relate;
pub mod reveal;
pub mod search_field;
pub mod timeline;
pub mod told;

pub use house::HousePage;
pub use house::sheet::HouseSheetPage;
pub use list::ArchivePage;
pub use party::PartyPage;
