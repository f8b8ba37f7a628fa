//! Whole scenarios in words, on a store in memory.

mod device;
mod exchange;
mod imports;
mod storage;
mod surveys;
