//! Whole scenarios in words, on a store in memory.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails as the test does")]

mod archive;
mod attachments;
mod backup;
mod calendar;
mod cases;
mod completeness;
mod device;
mod durability;
mod exchange;
mod faulty;
mod fields;
mod findings;
mod fold_text;
mod format;
mod hostile;
mod household;
mod imports;
mod kin;
mod naughty;
mod people;
mod pinyin;
mod posts;
mod privacy;
mod records;
mod rescue;
mod search;
mod similar;
mod staff;
mod standards;
mod storage;
mod surveys;
mod tabs;
mod texts;
mod title;
mod trees;
mod trust;
mod union;
