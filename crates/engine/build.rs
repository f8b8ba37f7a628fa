//! Boils the readings of the `pinyin` crate down to a table of 16-bit numbers.
//!
//! The crate's own tables cost some 130 KB compressed in the worker, a third of what a visitor may have to load;
//! search needs plain readings only, and those fit in a fifth of that.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use pinyin::{Pinyin, ToPinyinMulti};

const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9fff;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let mut syllables: BTreeMap<String, u16> = BTreeMap::new();
    let mut readings: Vec<Vec<String>> = Vec::new();
    for code in FIRST..=LAST {
        let mut of_char = Vec::new();
        if let Some(multi) = char::from_u32(code).and_then(|c| c.to_pinyin_multi()) {
            // 吕 is typed lv, as every Chinese keyboard has it.
            for reading in multi.into_iter().map(|reading| Pinyin::plain(reading).replace('ü', "v")) {
                if !of_char.contains(&reading) {
                    of_char.push(reading);
                }
            }
        }
        for reading in &of_char {
            syllables.insert(reading.clone(), 0);
        }
        readings.push(of_char);
    }
    // Number 0 is "no reading".
    for (number, (_, slot)) in (1_u16..).zip(syllables.iter_mut()) {
        *slot = number;
    }
    let mut bytes = Vec::new();
    let mut more = Vec::new();
    for (offset, of_char) in (0_u16..).zip(&readings) {
        let numbers: Vec<u16> = of_char.iter().filter_map(|reading| syllables.get(reading)).copied().collect();
        bytes.extend(numbers.first().copied().unwrap_or(0).to_le_bytes());
        for number in numbers.iter().skip(1) {
            more.extend(offset.to_le_bytes());
            more.extend(number.to_le_bytes());
        }
    }
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    let mut source =
        String::from("/// Plain syllables; number 0 is no reading.\npub(super) const SYLLABLES: &[&str] = &[\"\",");
    for syllable in syllables.keys() {
        let _infallible = write!(source, "{syllable:?},");
    }
    source.push_str("];\n");
    let write = |name: &str, content: &[u8]| {
        if let Err(e) = std::fs::write(Path::new(&out).join(name), content) {
            println!("cargo:warning={name}: {e}");
        }
    };
    write("syllables.rs", source.as_bytes());
    write("first_readings.bin", &bytes);
    write("more_readings.bin", &more);
}
