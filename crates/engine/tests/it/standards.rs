//! Service standards on several devices: the register begins alike, is edited, and merges without loss.

use std::collections::BTreeMap;

use anju_domain::command::Command;
use anju_domain::standards::command::StandardCommand;
use anju_domain::standards::model::{Standard, StandardBound, StandardUnit};
use anju_engine::queries::{Answer, Query};
use anju_engine::standards::StandardRow;

use crate::device::{Device, two_devices};

fn rows(device: &mut Device) -> Vec<StandardRow> {
    let Answer::Standards(rows) = device.engine.query(Query::Standards) else { panic!("no standards") };
    rows
}

fn row(device: &mut Device, name: &str) -> StandardRow {
    rows(device).into_iter().find(|row| row.standard.name == name).unwrap()
}

fn does(device: &mut Device, command: StandardCommand) -> Result<String, String> {
    let told = device.does(Command::Standards(command));
    told.map(|receipt| receipt.subject.unwrap_or_default()).map_err(|error| error.to_string())
}

fn named(name: &str, target: i64, unit: StandardUnit) -> Standard {
    Standard {
        name: name.into(),
        target_hundredths: Some(target),
        unit: Some(unit),
        bound: Some(StandardBound::AtMost),
        ..Standard::default()
    }
}

fn adds(device: &mut Device, new: Standard) -> Result<String, String> {
    does(device, StandardCommand::Put { id: None, new: Box::new(new), seen: BTreeMap::new() })
}

#[test]
fn the_usual_standards_of_two_devices_are_the_same_four() {
    let [mut one, mut other] = two_devices();
    does(&mut one, StandardCommand::AddUsual).unwrap();
    does(&mut other, StandardCommand::AddUsual).unwrap();
    one.exchanges_with(&mut other);
    assert_eq!(rows(&mut one).len(), 4);
    assert_eq!(one.status().conflicts, 0);
    assert!(does(&mut one, StandardCommand::AddUsual).unwrap_err().contains("nothing_changes"));
    let door = row(&mut one, "15 分钟到场");
    assert_eq!((door.standard.target_hundredths, door.standard.unit), (Some(1_500), Some(StandardUnit::Minutes)));
    assert!(door.projects > 0);
}

#[test]
fn a_standard_is_edited_taken_out_of_use_and_used_again() {
    let [mut one, _] = two_devices();
    let id = adds(&mut one, named("回电", 200, StandardUnit::Hours)).unwrap();
    let seen = row(&mut one, "回电").seen;
    let new = Standard { how: "按来电记录".into(), ..named("回电", 150, StandardUnit::Hours) };
    does(&mut one, StandardCommand::Put { id: Some(id.clone()), new: Box::new(new.clone()), seen: seen.clone() })
        .unwrap();
    assert_eq!(row(&mut one, "回电").standard.target_hundredths, Some(150));
    // The form that was opened before knows nothing of it.
    let late = named("回电", 100, StandardUnit::Hours);
    let refused =
        does(&mut one, StandardCommand::Put { id: Some(id.clone()), new: Box::new(late), seen }).unwrap_err();
    assert!(refused.contains("field_moved"), "{refused}");
    // What is left empty is gone.
    let seen = row(&mut one, "回电").seen;
    let empty = Standard { how: String::new(), ..new };
    does(&mut one, StandardCommand::Put { id: Some(id.clone()), new: Box::new(empty), seen }).unwrap();
    assert_eq!(row(&mut one, "回电").standard.how, "");
    does(&mut one, StandardCommand::Retire { id: id.clone(), retired: true }).unwrap();
    assert!(row(&mut one, "回电").standard.retired_on.is_some());
    adds(&mut one, named("回电", 300, StandardUnit::Hours)).unwrap();
    let refused = does(&mut one, StandardCommand::Retire { id, retired: false }).unwrap_err();
    assert!(refused.contains("name_taken"), "{refused}");
}

#[test]
fn two_devices_that_set_another_target_are_asked_which_one_holds() {
    let [mut one, mut other] = two_devices();
    let id = adds(&mut one, named("回电", 200, StandardUnit::Hours)).unwrap();
    one.exchanges_with(&mut other);
    for (device, target) in [(&mut one, 100), (&mut other, 400)] {
        let seen = row(device, "回电").seen;
        let new = named("回电", target, StandardUnit::Hours);
        does(device, StandardCommand::Put { id: Some(id.clone()), new: Box::new(new), seen }).unwrap();
    }
    one.exchanges_with(&mut other);
    assert_eq!((one.status().conflicts, other.status().conflicts), (1, 1));
    assert_eq!(row(&mut one, "回电"), row(&mut other, "回电"));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_reason() {
    let [mut one, _] = two_devices();
    adds(&mut one, named("回电", 200, StandardUnit::Hours)).unwrap();
    let long = "长".repeat(41);
    for (new, expected) in [
        (named(" ", 100, StandardUnit::Hours), "name_missing"),
        (named(&long, 100, StandardUnit::Hours), "too_long"),
        (named("回电", 100, StandardUnit::Hours), "name_taken"),
        (named("新", -1, StandardUnit::Hours), "target_out_of_range"),
        (named("新", 10_001, StandardUnit::Percent), "target_out_of_range"),
        (Standard { target_hundredths: None, ..named("新", 0, StandardUnit::Hours) }, "target_missing"),
        (Standard { unit: None, ..named("新", 0, StandardUnit::Hours) }, "unit_missing"),
        (Standard { from: Some("昨天".into()), ..named("新", 0, StandardUnit::Hours) }, "bad_date"),
        (Standard { project: Some("月球".into()), ..named("新", 0, StandardUnit::Hours) }, "project_missing"),
    ] {
        let refused = adds(&mut one, new.clone()).unwrap_err();
        assert!(refused.contains(expected), "{new:?}: {refused}");
    }
}
