//! The pages, one folder a capability: folder name = route = test name.
//!
//! A feature draws what the data worker answers and sends it commands; it decides no rule and stores nothing.

pub mod answered;
pub mod answering;
pub mod archive;
pub mod backup;
pub mod building;
pub mod calendar;
pub mod call;
pub mod case_rules;
pub mod cases;
pub mod data;
pub mod draft;
pub mod duplicates;
pub mod fields;
pub mod form;
pub mod help;
pub mod import;
pub mod kit;
pub mod lessons;
pub mod list_export;
pub mod log;
pub mod morning;
pub mod move_in;
pub mod own_words;
pub mod passphrase;
pub mod people;
pub mod posts;
pub mod privacy;
pub mod report;
pub mod satisfaction;
pub mod settings;
pub mod sheet;
pub mod shell;
pub mod staff;
pub mod standards;
pub mod start;
pub mod surveys;
pub mod texts;
pub mod trees;
pub mod trust;
pub mod undo;
pub mod vault;
pub mod workbench;
