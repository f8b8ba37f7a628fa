//! Devices that meet only through files.

use anju_domain::cases::command::{CaseCommand, NewCase};
use anju_domain::cases::model::{CaseChannel, CaseKind, Severity};
use anju_domain::command::{Command, SettleRule, Settlement};
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;
use anju_domain::surveys::command::{GivenAnswer, STANDARD_WAVE, SurveyCommand};
use anju_domain::surveys::questionnaire::{Answer, Questionnaire};
use anju_engine::queries::{Answer as Found, Query};

use crate::device::{Device, ledger};

pub(crate) fn case(house: &str) -> Command {
    Command::Cases(CaseCommand::Register(NewCase {
        kind: CaseKind::Repair,
        channel: CaseChannel::Desk,
        leaf: Some("engineering.doors_windows".into()),
        severity: Severity::General,
        description: "窗户关不上".into(),
        house: Some(house.into()),
        party: None,
        responsible: None,
    }))
}

fn answer(house: &str) -> Command {
    Command::Surveys(SurveyCommand::Answer(GivenAnswer {
        response: "response-1".into(),
        wave: STANDARD_WAVE.into(),
        questionnaire: Questionnaire::owner_survey().hash(),
        house: Some(house.into()),
        channel: "desk".into(),
        answers: [("overall".to_owned(), Answer::Rating(5))].into(),
    }))
}

#[test]
fn a_tablet_works_with_a_starter_bundle_and_the_centre_takes_its_work_once() {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    centre.imports(TableKind::Owners, &ledger(20));
    let mut tablet = Device::new(2);
    let starter = centre.exports();
    tablet.merges(&starter);
    assert_eq!(tablet.fingerprint(), centre.fingerprint());
    assert_eq!(tablet.status().organisation.as_deref(), Some("安居集团"));
    let house = tablet.engine.records().live(Kind::House).next().map(|house| house.id.to_string()).unwrap();
    tablet.does(case(&house)).unwrap();
    tablet.does(answer(&house)).unwrap();
    let back = tablet.exports();
    let summary = centre.merges(&back);
    assert_eq!((summary.added, summary.refused, summary.conflicts), (2, 0, 0));
    let status = centre.status();
    assert_eq!((status.houses, status.open_cases, status.answers, status.conflicts), (20, 1, 1, 0));
    let summary = centre.merges(&back);
    assert_eq!((summary.added, summary.refused), (0, 0));
    assert_eq!(centre.status(), status);
    assert_eq!(centre.fingerprint(), tablet.fingerprint());
}

#[test]
fn two_devices_that_edit_one_field_make_one_conflict_and_settling_it_travels() {
    let mut left = Device::new(1);
    left.starts_organisation();
    left.imports(TableKind::Owners, &ledger(1));
    let mut right = Device::new(2);
    right.merges(&left.exports());
    let party = left.only(Kind::Party);
    left.edits(Kind::Party, &party, "phone", "13900000001").unwrap();
    right.edits(Kind::Party, &party, "phone", "13900000002").unwrap();
    // A field that only one of them touched is no conflict.
    right.edits(Kind::Party, &party, "remark", "晚上联系").unwrap();
    assert_eq!(left.merges(&right.exports()).conflicts, 1);
    assert_eq!(right.merges(&left.exports()).conflicts, 1);
    assert_eq!(left.fingerprint(), right.fingerprint());
    let Found::Conflicts(window) = left.engine.query(Query::Conflicts { offset: 0, limit: 10 }) else { panic!() };
    assert_eq!(window.total, 1);
    let row = &window.rows[0];
    assert_eq!((row.kind, row.field.as_str(), row.values.len()), (Kind::Party, "phone", 2));
    let seen = row.values.iter().map(|rival| rival.write).collect();
    let settlement = Settlement {
        kind: Kind::Party,
        id: party.clone(),
        field: "phone".into(),
        rule: SettleRule::Earliest,
        seen,
    };
    left.does(Command::Settle(vec![settlement])).unwrap();
    assert_eq!(left.status().conflicts, 0);
    right.merges(&left.exports());
    assert_eq!(right.status().conflicts, 0);
    assert_eq!(right.shows(Kind::Party, &party, "phone"), left.shows(Kind::Party, &party, "phone"));
    assert_eq!(left.fingerprint(), right.fingerprint());
}

#[test]
fn a_form_that_was_overtaken_is_asked_and_not_obeyed() {
    let mut left = Device::new(1);
    left.starts_organisation();
    left.imports(TableKind::Owners, &ledger(1));
    let party = left.only(Kind::Party);
    let records = left.engine.records();
    let over = records.shown_writes(records.get(Kind::Party, &party).unwrap(), "phone");
    left.edits(Kind::Party, &party, "phone", "13900000001").unwrap();
    let before = left.fingerprint();
    let fields =
        vec![anju_domain::archive::command::FieldEdit { name: "phone".into(), value: "13900000002".into(), over }];
    let late =
        anju_domain::archive::command::ArchiveCommand::Edit { kind: Kind::Party, id: party, fields, why: None };
    let refused = left.does(Command::Archive(late)).unwrap_err();
    assert_eq!(refused.to_string(), "refused: field_moved");
    assert_eq!(left.fingerprint(), before);
}

#[test]
fn a_bundle_of_another_organisation_changes_nothing() {
    let mut ours = Device::new(1);
    ours.starts_organisation();
    let mut theirs = Device::new(2);
    theirs.starts_organisation();
    let before = ours.fingerprint();
    let bundle = theirs.exports();
    assert!(pollster::block_on(ours.engine.merge_bundle(&bundle, &anju_engine::Unwatched)).is_err());
    assert_eq!(ours.fingerprint(), before);
}

#[test]
fn what_a_device_made_itself_is_enough_for_whoever_has_the_rest() {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    centre.imports(TableKind::Owners, &ledger(3));
    let mut tablet = Device::new(2);
    tablet.merges(&centre.exports());
    let party = tablet.engine.records().live(Kind::Party).next().map(|party| party.id.to_string()).unwrap();
    tablet.edits(Kind::Party, &party, "phone", "13900000009").unwrap();
    let own = pollster::block_on(tablet.engine.export_own(
        "林晓",
        anju_domain::bundle::Form::Json,
        &anju_engine::Unwatched,
    ))
    .unwrap();
    let summary = centre.merges(&own);
    assert_eq!((summary.added, summary.same, summary.conflicts), (1, 0, 0));
    assert_eq!(centre.fingerprint(), tablet.fingerprint());
    assert_eq!(centre.engine.index().findings(), []);
}
