//! Names against a second opinion: every reading that PyPI `pypinyin` gives each sign finds the name, in full and by
//! initials, and the reading of a surname as a surname does, too. `tests/oracle/pinyin.py` makes the names; a small
//! sample is kept as a fixture, and `ANJU_PINYIN` names a larger one.

use std::collections::{BTreeMap, BTreeSet};

use anju_engine::search::pinyin::{mark, sort_key, spellings};

use anju_domain::import::mapping::Kind as TableKind;
use anju_engine::queries::{Answer, Query};

use crate::device::Device;
use serde::Deserialize;

#[derive(Deserialize)]
struct Heard {
    name: String,
    /// Per sign, its readings; none for what is not Chinese or not known to pypinyin.
    readings: Vec<Vec<String>>,
}

fn names() -> Vec<Heard> {
    let text = match std::env::var("ANJU_PINYIN") {
        Ok(path) => std::fs::read_to_string(path).unwrap(),
        Err(_) => include_str!("../../../../tests/fixtures/pinyin.json").to_owned(),
    };
    serde_json::from_str(&text).unwrap()
}

/// Every way to type a name, in full and by initials.
fn ways(heard: &Heard) -> BTreeSet<String> {
    let mut ways = vec![(String::new(), String::new())];
    for (sign, readings) in heard.name.chars().zip(&heard.readings) {
        let itself = [sign.to_string()];
        let readings: &[String] = match sign {
            '·' => continue,
            _ if readings.is_empty() => &itself,
            _ => readings,
        };
        ways = ways
            .iter()
            .flat_map(|(full, initials)| {
                readings.iter().map(move |reading| {
                    let initial: String = reading.chars().take(1).collect();
                    (format!("{full}{reading}"), format!("{initials}{initial}"))
                })
            })
            .collect();
    }
    ways.into_iter().flat_map(|(full, initials)| [full, initials]).collect()
}

#[test]
fn a_name_is_found_by_every_reading_of_its_signs_in_full_and_by_initials() {
    let mut missed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for heard in names() {
        let known = spellings(&heard.name);
        for way in ways(&heard) {
            count += 1;
            if !known.contains(&way) {
                missed.entry(heard.name.clone()).or_default().push(way);
            }
        }
    }
    assert!(count > 300, "{count}");
    let told: Vec<_> = missed.iter().take(5).collect();
    assert!(missed.is_empty(), "{} of {count}: {told:?}", missed.values().map(Vec::len).sum::<usize>());
}

/// The surnames of the committed table that people know best, with their readings, alone and in front of a name.
const SURNAMES: [(&str, &str); 12] = [
    ("单雄信", "shan"),
    ("仇英", "qiu"),
    ("解缙", "xie"),
    ("曾国藩", "zeng"),
    ("翟天临", "zhai"),
    ("缪斯", "miao"),
    ("区少坚", "ou"),
    ("单于夜", "chanyu"),
    ("尉迟恭", "yuchi"),
    ("万俟卨", "moqi"),
    ("欧阳修", "ou"),
    ("乐毅", "yue"),
];

#[test]
fn a_surname_is_read_and_sorted_as_a_surname() {
    for (name, reading) in SURNAMES {
        assert!(sort_key(name).starts_with(reading), "{name} is sorted by {}", sort_key(name));
        let rest: String =
            name.chars().skip(if ["单于夜", "尉迟恭", "万俟卨"].contains(&name) { 2 } else { 1 }).collect();
        let full = spellings(&rest).first().map(|rest| format!("{reading}{rest}")).unwrap();
        if name != "欧阳修" {
            assert!(spellings(name).contains(&full), "{name} is found by {full}");
        }
        assert!(mark(name, reading).is_some(), "{name} is marked by {reading}");
    }
}

#[test]
fn a_name_whose_readings_multiply_stays_bounded_and_is_found_as_it_is_usually_read() {
    let name = "单曾仇解".repeat(13);
    let all = spellings(&name);
    assert!(all.len() <= 400, "{}", all.len());
    assert!(all.contains(&"dancengchoujie".repeat(13)));
    assert!(all.iter().any(|spelling| spelling.starts_with("shan")));
}

#[test]
fn the_box_finds_names_by_their_readings_points_and_rare_signs_or_not() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let mut csv = String::from("项目名称,楼栋,单元,房号,业主姓名\n");
    let all = ["吕布", "𠮷田花", "李𠮷", "阿卜杜拉·买买提", "欧阳修", "单于夜", "尉迟恭", "行重"];
    for (number, name) in all.iter().enumerate() {
        csv.push_str(&format!("四季花城,1栋,1单元,{},{name}\n", number + 101));
    }
    device.imports(TableKind::Owners, &csv);
    for (typed, name) in [
        ("lvbu", "吕布"),
        ("lübu", "吕布"),
        ("LYU BU", "吕布"),
        ("𠮷田花", "𠮷田花"),
        ("𠮷tianhua", "𠮷田花"),
        ("李𠮷", "李𠮷"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("abdlmmt", "阿卜杜拉·买买提"),
        ("ouyangxiu", "欧阳修"),
        ("oyx", "欧阳修"),
        ("chanyuye", "单于夜"),
        ("yuchigong", "尉迟恭"),
        ("xingchong", "行重"),
        ("hangzhong", "行重"),
        ("xz", "行重"),
    ] {
        let Answer::Found(found) = device.engine.query(Query::Find { text: typed.into(), limit: 5 }) else {
            panic!()
        };
        let people: Vec<&str> = found.people.iter().map(|hit| &*hit.name).collect();
        assert!(people.contains(&name), "{typed}: {people:?}");
    }
}
