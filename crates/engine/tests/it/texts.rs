//! Texts on several devices: consents keep the words they were given under, and a merge takes one version everywhere.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::contacts::{Consent, ConsentPurpose};
use anju_domain::command::Command;
use anju_domain::privacy::command::PrivacyCommand;
use anju_domain::privacy::model::RestrictionGround;
use anju_domain::texts::command::TextCommand;
use anju_domain::texts::model::{DELIVERED, TextKey};
use anju_engine::archive::people::{CONSENTS, PeopleFilter};
use anju_engine::queries::{Answer, Query};
use anju_engine::texts::TextRow;

use crate::device::Device;

const SURVEY: TextKey = TextKey::ConsentSurvey;

fn row(device: &mut Device, key: &TextKey) -> TextRow {
    let Answer::Texts(rows) = device.engine.query(Query::Texts) else { panic!("no texts") };
    rows.into_iter().find(|row| row.key == *key).unwrap()
}

fn words(device: &mut Device, zh: &str) -> String {
    let seen = row(device, &SURVEY).versions[0].text.version.clone();
    let command = TextCommand::Word { key: SURVEY, zh: zh.into(), en: String::new(), from: String::new(), seen };
    device.does(Command::Texts(command)).unwrap();
    row(device, &SURVEY).current.version
}

fn agrees(device: &mut Device, party: &str) -> Result<(), String> {
    let consent = Consent { party: party.to_owned(), purpose: Some(ConsentPurpose::Survey), ..Consent::default() };
    let command = ArchiveCommand::PutConsent { consent, withdraw: false };
    device.does(Command::Archive(command)).map(|_| ()).map_err(|error| error.to_string())
}

/// Two devices with two owners.
fn two() -> ([Device; 2], Vec<String>) {
    let mut one = Device::new(1);
    one.starts_organisation();
    one.imports(
        anju_domain::import::mapping::Kind::Owners,
        "项目,楼栋,单元,房号,业主姓名,电话\n四季花城,7,4,403,李玉梅,13812345678\n四季花城,7,4,404,王强,13912345678\n",
    );
    let parties = one.engine.records().live(anju_domain::records::Kind::Party).map(|party| party.id.to_string());
    let parties: Vec<String> = parties.collect();
    assert_eq!(parties.len(), 2);
    let other = one.beside(2);
    ([one, other], parties)
}

/// How many the list of people shows who have said this to a purpose.
fn listed(device: &mut Device, purpose: &ConsentPurpose, choice: &str) -> usize {
    let (_, sort) = CONSENTS.iter().find(|(known, _)| known == purpose).unwrap();
    let choices = [((*sort).to_owned(), vec![choice.to_owned()])].into();
    let filter = PeopleFilter { choices, ..PeopleFilter::default() };
    let Answer::People(window) = device.engine.query(Query::People { filter, offset: 0, limit: 50 }) else {
        panic!("no people")
    };
    window.rows.len()
}

#[test]
fn the_numbers_of_a_text_are_the_lists_behind_them() {
    let ([mut one, _], parties) = two();
    agrees(&mut one, &parties[0]).unwrap();
    let holds = |one: &mut Device| {
        let row = row(one, &SURVEY);
        let numbers = [row.versions.iter().map(|known| known.given).sum(), row.silent.unwrap()];
        assert_eq!(numbers, ["given", "never"].map(|choice| listed(one, &ConsentPurpose::Survey, choice)));
        numbers
    };
    assert_eq!(holds(&mut one), [1, 1]);
    assert_eq!(listed(&mut one, &ConsentPurpose::Image, "never"), 2);
    one.does(Command::Privacy(PrivacyCommand::Restrict {
        party: parties[0].clone(),
        ground: Some(RestrictionGround::Claim),
        note: "（2026）粤0305民初88号".into(),
        until: "2027-12-31".into(),
        by: "林晓".into(),
    }))
    .unwrap();
    assert_eq!(holds(&mut one), [0, 1]);
}

#[test]
fn a_consent_keeps_the_version_that_held_when_it_was_given() {
    let ([mut one, _], parties) = two();
    agrees(&mut one, &parties[0]).unwrap();
    let before = row(&mut one, &SURVEY);
    assert_eq!((before.current.version.as_str(), before.silent), (DELIVERED, Some(1)));
    assert_eq!(before.versions[0].given, 1);
    let version = words(&mut one, "我同意接受回访。");
    agrees(&mut one, &parties[1]).unwrap();
    let after = row(&mut one, &SURVEY);
    let given: Vec<(&str, usize)> =
        after.versions.iter().map(|known| (known.text.version.as_str(), known.given)).collect();
    assert_eq!(given, [(version.as_str(), 1), (DELIVERED, 1)]);
    assert_eq!((after.silent, after.is_planned), (Some(0), false));
    assert_eq!(row(&mut one, &TextKey::CallGreeting).silent, None);
}

#[test]
fn two_devices_that_word_one_text_apart_keep_both_and_use_the_same() {
    let ([mut one, mut other], parties) = two();
    let first = words(&mut one, "甲的说法。");
    agrees(&mut one, &parties[0]).unwrap();
    let second = words(&mut other, "乙的说法。");
    agrees(&mut other, &parties[1]).unwrap();
    assert_ne!(first, second);
    one.exchanges_with(&mut other);
    let [here, there] = [row(&mut one, &SURVEY), row(&mut other, &SURVEY)];
    assert_eq!(here, there);
    assert_eq!(here.versions.iter().map(|known| known.given).collect::<Vec<_>>(), [1, 1, 0]);
    assert_eq!(one.status().conflicts, 0);
}
