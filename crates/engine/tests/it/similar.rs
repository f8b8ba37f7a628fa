//! Cases that may be the same matter: shown while one is taken in, and told where several houses complain about the same.

use anju_domain::cases::command::{CaseCommand, NewCase, StepOrder};
use anju_domain::cases::model::{CaseChannel, CaseKind, CaseStep, Severity};
use anju_domain::cases::similar::Likeness;
use anju_domain::command::Command;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;
use anju_domain::time::Millis;
use anju_engine::queries::{Answer, Query};
use anju_engine::similar::{MassRow, SimilarRow};

use crate::device::{Device, NOW, closing, ledger};

const DAY: Millis = 86_400_000;
const LEAK: &str = "engineering.waterproofing";
const DOOR: &str = "engineering.doors_windows";

/// A device with forty houses in the first building and two in the second; their ids in order.
fn device() -> (Device, Vec<String>) {
    let mut device = Device::new(1);
    device.starts_organisation();
    device.imports(TableKind::Owners, &ledger(42));
    let mut houses: Vec<(String, String)> = device
        .engine
        .records()
        .live(Kind::House)
        .map(|record| {
            let records = device.engine.records();
            let shown = |field: &str| records.shown_text(record, field).unwrap_or_default();
            (format!("{}/{}", shown("building"), shown("room")), record.id.to_string())
        })
        .collect();
    houses.sort();
    (device, houses.into_iter().map(|(_, id)| id).collect())
}

fn registers(device: &mut Device, house: &str, leaf: &str) -> String {
    let new = NewCase {
        kind: CaseKind::Complaint,
        channel: CaseChannel::Phone,
        leaf: Some(leaf.into()),
        severity: Severity::General,
        description: "厨房渗水，请打 13800138111".into(),
        house: Some(house.into()),
        party: None,
        responsible: None,
    };
    device.does(Command::Cases(CaseCommand::Register(new))).unwrap().subject.unwrap()
}

fn similar(device: &mut Device, house: &str, leaf: Option<&str>) -> Vec<SimilarRow> {
    let query = Query::SimilarCases { house: house.into(), leaf: leaf.map(str::to_owned) };
    let Answer::SimilarCases(rows) = device.engine.query(query) else { panic!("no rows") };
    rows
}

fn masses(device: &mut Device) -> Vec<MassRow> {
    let Answer::MassComplaints(rows) = device.engine.query(Query::MassComplaints) else { panic!("no rows") };
    rows
}

#[test]
fn what_may_be_the_same_matter_is_shown_before_a_case_is_saved() {
    let (mut device, houses) = device();
    let [own, beside, elsewhere] = [&houses[0], &houses[1], &houses[41]].map(Clone::clone);
    let matter = registers(&mut device, &own, LEAK);
    let other = registers(&mut device, &own, DOOR);
    let neighbour = registers(&mut device, &beside, LEAK);
    registers(&mut device, &beside, DOOR);
    registers(&mut device, &elsewhere, LEAK);

    let rows = similar(&mut device, &own, Some(LEAK));
    let told: Vec<_> = rows.iter().map(|row| (row.id.as_str(), row.likeness)).collect();
    let expected = [
        (matter.as_str(), Likeness::Matter),
        (other.as_str(), Likeness::House),
        (neighbour.as_str(), Likeness::Building),
    ];
    assert_eq!(told, expected);
    assert!(rows.iter().all(|row| row.case.party.is_none() && !row.case.description.contains("13800138111")));
    let without_leaf = similar(&mut device, &own, None);
    assert!(without_leaf.len() == 2 && without_leaf.iter().all(|row| row.likeness == Likeness::House));
    assert_eq!(similar(&mut device, "", Some(LEAK)), []);
    assert_eq!(similar(&mut device, "no such house", Some(LEAK)), []);

    // After 31 days only what is still open of the own house is left.
    device.does(closing(&other, "已修好")).unwrap();
    let mut later = device.reopened_at(NOW + 31 * DAY, 9);
    let left: Vec<String> = similar(&mut later, &own, Some(LEAK)).into_iter().map(|row| row.id).collect();
    assert_eq!(left, [matter]);
}

#[test]
fn a_mass_complaint_is_told_by_houses_and_not_by_calls_and_goes_with_what_was_withdrawn() {
    let (mut device, houses) = device();
    registers(&mut device, &houses[0], LEAK);
    registers(&mut device, &houses[0], LEAK);
    registers(&mut device, &houses[1], LEAK);
    registers(&mut device, &houses[2], DOOR);
    assert_eq!(masses(&mut device), []);
    let third = registers(&mut device, &houses[41], LEAK);
    let rows = masses(&mut device);
    let told: Vec<_> =
        rows.iter().map(|row| (row.project_name.as_str(), row.mass.leaf.as_str(), row.mass.houses)).collect();
    assert_eq!(told, [("四季花城", LEAK, 3)]);
    assert_eq!(rows[0].mass.cases.len(), 4);
    let cancel =
        StepOrder {
            case: third, step: Some(CaseStep::Cancel), reason: "业主撤回".into(), ..StepOrder::default()
        };
    device.does(Command::Cases(CaseCommand::Step(Box::new(cancel)))).unwrap();
    assert_eq!(masses(&mut device), []);
}
