//! Who has reported, what is missing and from whom, and what goes out once the other side has confirmed.

use std::collections::BTreeSet;

use anju_domain::bundle::{self, Form};
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;
use anju_engine::Unwatched;
use anju_engine::completeness::{Completeness, DeviceReport, WEEKS, Week};
use anju_engine::exchange::ExportScope;
use anju_engine::queries::{Answer, Query};
use pollster::block_on;

use crate::device::{Device, NOW, ledger};
use crate::exchange::case;

const WEEK: i64 = 7 * 24 * 3600 * 1000;

fn board(device: &mut Device) -> Completeness {
    let Answer::Completeness(board) = device.engine.query(Query::Completeness) else { panic!() };
    *board
}

fn row<'a>(board: &'a Completeness, device: &str, in_project: bool) -> &'a DeviceReport {
    board.rows.iter().find(|row| row.device.device == device && row.project.is_some() == in_project).unwrap()
}

fn confirms(device: &mut Device, sender: &str) {
    block_on(device.engine.confirm(&BTreeSet::from([sender.to_owned()]), "陈敏")).unwrap();
}

fn delta(device: &mut Device, receiver: &str) -> Vec<u8> {
    let scope = ExportScope { not_confirmed_by: Some(receiver.to_owned()), ..ExportScope::default() };
    block_on(device.engine.export(&scope, "林晓", Form::Json, &Unwatched)).unwrap()
}

/// A centre, and a tablet that has its starter and has said so.
fn centre_and_tablet() -> (Device, Device) {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    centre.imports(TableKind::Owners, &ledger(3));
    let mut tablet = Device::new(2);
    tablet.merges(&centre.exports());
    confirms(&mut tablet, centre.engine.device());
    centre.merges(&tablet.exports());
    (centre, tablet)
}

#[test]
fn a_week_in_which_a_device_changed_nothing_is_empty_and_the_others_are_counted() {
    let (_, tablet) = centre_and_tablet();
    let mut tablet = tablet.reopened_at(NOW + 2 * WEEK, 7);
    let house = tablet.engine.records().live(Kind::House).next().unwrap().id.to_string();
    tablet.does(case(&house)).unwrap();
    let own = tablet.engine.device().to_owned();
    let board = board(&mut tablet);
    assert_eq!(board.weeks.len(), WEEKS);
    // 2026-12-05 is a Saturday; its week began on Monday, 2026-11-30, at midnight in China.
    assert_eq!(*board.weeks.last().unwrap(), 1_795_968_000_000);
    let centre = board.rows.iter().find(|row| row.project.is_some() && !row.device.is_own).unwrap();
    // Nothing is missed of the weeks before it began.
    assert_eq!(centre.weeks[..WEEKS - 3], [Week::Before; WEEKS - 3]);
    assert!(matches!(centre.weeks[WEEKS - 3], Week::Changes(_)));
    assert_eq!(centre.weeks[WEEKS - 2..], [Week::Missed; 2]);
    assert!(matches!(row(&board, &own, true).weeks[WEEKS - 1], Week::Changes(_)));
    assert_eq!(row(&board, &own, true).weeks[..WEEKS - 1], [Week::Before; WEEKS - 1]);
    let shared = board.rows.iter().find(|row| row.project.is_none() && !row.device.is_own).unwrap();
    assert_eq!(shared.weeks[WEEKS - 1], Week::Quiet, "what the group shares is not owed every week");
}

#[test]
fn what_the_receiver_has_confirmed_stays_at_home_and_the_rest_completes_it() {
    let (mut centre, mut tablet) = centre_and_tablet();
    let house = centre.engine.records().live(Kind::House).next().unwrap().id.to_string();
    centre.does(case(&house)).unwrap();
    let receiver = tablet.engine.device().to_owned();
    assert_eq!(board(&mut centre).receivers.len(), 1);
    let small = delta(&mut centre, &receiver);
    assert_eq!(bundle::read(&small).unwrap().header.receiver.as_deref(), Some(receiver.as_str()));
    assert!(small.len() < centre.exports().len());
    assert!(tablet.merges(&small).added > 0);
    assert_eq!(tablet.fingerprint(), centre.fingerprint());
    assert!(board(&mut tablet).rows.iter().all(|row| row.gaps.is_empty()));
}

#[test]
fn a_gap_names_its_device_its_project_and_how_many_are_missing_and_closes() {
    let (mut centre, tablet) = centre_and_tablet();
    let house = centre.engine.records().live(Kind::House).next().unwrap().id.to_string();
    centre.does(case(&house)).unwrap();
    let small = delta(&mut centre, tablet.engine.device());
    let mut other = Device::new(3);
    other.merges(&small);
    let Answer::Findings(found) = other.engine.query(Query::Findings) else { panic!() };
    let gap = found.gaps.iter().find(|row| row.project.is_some()).unwrap();
    assert_eq!(gap.device.device, centre.engine.device());
    assert_eq!(gap.project_name, "四季花城");
    assert!(gap.missing() > 0);
    assert_eq!(gap.gaps[0].0, 1);
    assert_eq!(other.status().findings, found.gaps.len() + found.log.len());
    other.merges(&centre.exports());
    assert_eq!(other.status().findings, 0);
}

#[test]
fn the_sender_sees_up_to_where_its_work_was_confirmed() {
    let (mut centre, mut tablet) = centre_and_tablet();
    let house = tablet.engine.records().live(Kind::House).next().unwrap().id.to_string();
    tablet.does(case(&house)).unwrap();
    let own = tablet.engine.device().to_owned();
    assert_eq!(
        (row(&board(&mut tablet), &own, true).confirmed, row(&board(&mut tablet), &own, true).prefix),
        (0, 1)
    );
    centre.merges(&tablet.exports());
    confirms(&mut centre, &own);
    let back = delta(&mut centre, &own);
    tablet.merges(&back);
    let board = board(&mut tablet);
    let work = row(&board, &own, true);
    assert_eq!((work.confirmed, work.prefix), (1, 1));
}
