//! The search index against a scan that knows nothing of it.

use std::collections::BTreeSet;

use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;
use anju_engine::queries::{Answer, HouseState, Query};
use anju_engine::search::pinyin::spellings;

use crate::device::{Device, NOW};

const HOUSES: usize = 360;
const PROJECTS: [&str; 2] = ["四季花城", "金色家园"];
const NAMES: [&str; 7] = ["单雄信", "李玉兰", "曾乐", "Ada Lau", "欧阳修文", "李明", "陈A"];

/// What somebody may type for a house, as the ledger says it.
struct Typed {
    number: String,
    parts: Vec<String>,
}

/// Houses in the order of the list: by project, then by building and room as numbers.
fn houses() -> (String, Vec<Typed>) {
    let mut csv = String::from("项目名称,楼栋,单元,房号,业主姓名,手机号码,车牌号\n");
    let mut typed = Vec::new();
    for (n, name) in (0..HOUSES).zip(NAMES.into_iter().cycle()) {
        let project = PROJECTS[n / (HOUSES / 2)];
        let (building, unit, room) = (n % 180 / 12 + 1, n % 12 / 6 + 1, n % 6 * 100 + 101);
        let (phone, plate) = (format!("13{:09}", n * 7_654_321 % 1_000_000_000), format!("粤B{:05}", n * 271));
        csv.push_str(&format!("{project},{building}栋,{unit}单元,{room},{name},{phone},{plate}\n"));
        let number = format!("{building}栋{unit}单元{room}");
        let mut parts = vec![
            number.clone(),
            format!("{building}-{unit}-{room}"),
            format!("{building}{unit}{room}"),
            room.to_string(),
            format!("{building}栋{room}"),
            format!("{project}{number}"),
            name.to_lowercase(),
            phone,
            plate.to_lowercase(),
        ];
        parts.extend(spellings(name));
        typed.push(Typed { number: format!("{project} {number}"), parts });
    }
    (csv, typed)
}

fn found(device: &mut Device, text: &str) -> (usize, Vec<String>) {
    let query =
        Query::Households { text: text.into(), project: None, state: HouseState::All, offset: 0, limit: 200 };
    match device.engine.query(query) {
        Answer::Households(window) => {
            let rows = window.rows.into_iter().map(|row| format!("{} {}", row.project, row.number));
            (window.total, rows.collect())
        }
        other => panic!("{other:?}"),
    }
}

fn scanned(typed: &[Typed], text: &str) -> (usize, Vec<String>) {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let is_hit = |house: &&Typed| words.iter().all(|word| house.parts.iter().any(|part| part.contains(word)));
    let hits: Vec<String> = typed.iter().filter(is_hit).map(|house| house.number.clone()).collect();
    (hits.len(), hits.into_iter().take(200).collect())
}

/// Every run of one to five signs in what is typed for some houses, and pairs of them.
fn questions(typed: &[Typed]) -> BTreeSet<String> {
    let mut asked: BTreeSet<String> = ["", "没有", "zzz", "9-9-9"].map(str::to_owned).into();
    for house in typed.iter().step_by(37) {
        for part in &house.parts {
            let signs: Vec<char> = part.chars().collect();
            asked
                .extend((1..=5).flat_map(|length| signs.windows(length)).map(|run| run.iter().collect::<String>()));
        }
        if let [number, .., last] = house.parts.as_slice() {
            asked.insert(format!("{last} {number}"));
            asked.insert(format!("{last} 13"));
        }
    }
    asked
}

fn check(device: &mut Device, typed: &[Typed], when: &str) {
    let asked = questions(typed);
    assert!(asked.len() > 500, "{}", asked.len());
    for text in asked {
        assert!(found(device, &text) == scanned(typed, &text), "'{text}' {when}");
    }
}

#[test]
fn a_search_finds_what_a_scan_of_the_ledger_finds_in_the_same_order() {
    let (csv, mut typed) = houses();
    let mut device = Device::new(1);
    device.starts_organisation();
    device.imports(TableKind::Owners, &csv);
    check(&mut device, &typed, "after the import");

    // A person who changes the number is found by the new one and no longer by the old one.
    let (_, hits) = found(&mut device, &typed[5].parts[7].clone());
    assert_eq!(hits, [typed[5].number.clone()]);
    let records = device.engine.records();
    let party = records
        .live(Kind::Party)
        .find(|party| records.shown_text(party, "phone").is_some_and(|phone| phone == typed[5].parts[7]));
    let party = party.unwrap().id.to_string();
    device.edits(Kind::Party, &party, "phone", "13900000001").unwrap();
    typed[5].parts[7] = "13900000001".into();
    check(&mut device, &typed, "after an edit");

    device.keeps_chunks();
    let mut device = device.reopened_at(NOW + 1, 2);
    check(&mut device, &typed, "after a start");
}
