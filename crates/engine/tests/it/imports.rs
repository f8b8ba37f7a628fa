//! Ledgers in, back out, and in again.

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::model::Tenure;
use anju_domain::archive::title::NewPart;
use anju_domain::command::Command;
use anju_domain::import::Reason;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;

use crate::device::{Device, closing, ledger};

#[test]
fn a_reverted_ledger_leaves_no_house_and_comes_back_when_it_is_loaded_again() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let csv = ledger(1_500);
    let (_, receipt) = device.imports(TableKind::Owners, &csv);
    let before = (device.count(Kind::House), device.count(Kind::Party), device.count(Kind::Tenure));
    assert_eq!(before, (1_500, 1_500, 1_500));
    // Twice is once.
    assert_eq!(device.imports(TableKind::Owners, &csv).1, None);
    assert_eq!(device.reverts(&receipt.unwrap().batch.unwrap()), [""; 0]);
    assert_eq!((device.count(Kind::House), device.count(Kind::Party), device.count(Kind::Tenure)), (0, 0, 0));
    assert_eq!(device.status().houses, 0);
    let (_, again) = device.imports(TableKind::Owners, &csv);
    assert_eq!((device.count(Kind::House), device.count(Kind::Party), device.count(Kind::Tenure)), before);
    // What came back can be taken back as well.
    assert_eq!(device.reverts(&again.unwrap().batch.unwrap()), [""; 0]);
    assert_eq!((device.count(Kind::House), device.count(Kind::Party)), (0, 0));
    assert_eq!(device.status().conflicts, 0);
}

#[test]
fn a_person_whose_lines_differ_is_not_changed_by_loading_the_ledger_again() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let csv = "项目,楼栋,房号,姓名,证件号码,备注\n甲,1,101,李一,11010519491231002X,先\n甲,1,102,李一,11010519491231002X,后\n";
    let (first, receipt) = device.imports(TableKind::Owners, csv);
    assert!(receipt.is_some());
    assert_eq!((first.effect.added, first.effect.changed), (5, 0));
    let (again, receipt) = device.imports(TableKind::Owners, csv);
    assert_eq!((again.effect.added, again.effect.changed), (0, 0));
    assert_eq!(receipt, None);
}

#[test]
fn a_revert_leaves_alone_what_somebody_has_changed_since() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let csv = ledger(1);
    let (_, receipt) = device.imports(TableKind::Owners, &csv);
    let party = device.only(Kind::Party);
    device.edits(Kind::Party, &party, "phone", "13900000000").unwrap();
    let left_alone = device.reverts(&receipt.unwrap().batch.unwrap());
    assert_eq!(left_alone, [format!("party {party}")]);
    assert_eq!((device.count(Kind::House), device.count(Kind::Party)), (0, 1));
    // The same holds for a record that an import brought back.
    let (_, again) = device.imports(TableKind::Owners, &csv);
    let house = device.only(Kind::House);
    device.edits(Kind::House, &house, "layout", "三房").unwrap();
    let left_alone = device.reverts(&again.unwrap().batch.unwrap());
    assert!(left_alone.iter().any(|left| left.contains(&house)), "{left_alone:?}");
    assert_eq!(device.count(Kind::House), 1);
}

#[test]
fn a_revert_takes_nothing_from_records_that_another_device_imported_too() {
    let csv = ledger(3);
    let mut left = Device::new(1);
    left.starts_organisation();
    let mut right = Device::new(2);
    right.merges(&left.exports());
    let (_, ours) = left.imports(TableKind::Owners, &csv);
    let (_, theirs) = right.imports(TableKind::Owners, &csv);
    left.merges(&right.exports());
    assert_eq!(left.status().conflicts, 0);
    let before = left.fingerprint();
    for receipt in [ours, theirs] {
        let batch = receipt.unwrap().batch.unwrap();
        let refused = pollster::block_on(left.engine.revert(&batch, "林晓", &anju_engine::Unwatched)).unwrap_err();
        assert_eq!(refused.to_string(), "refused: nothing_changes");
    }
    assert_eq!((left.fingerprint(), left.count(Kind::House)), (before, 3));
}

#[test]
fn two_lines_that_each_change_another_field_of_one_house_make_no_conflict() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let heading = "项目名称,楼栋,房号,业主姓名,产权比例(%),户型,装修标准";
    device.imports(TableKind::Owners, &format!("{heading}\n四季花城,1,101,李玉梅,50,两房,毛坯\n"));
    let lines = "四季花城,1,101,李玉梅,50,三房,毛坯\n四季花城,1,101,王建国,50,三房,精装";
    device.imports(TableKind::Owners, &format!("{heading}\n{lines}\n"));
    assert_eq!(device.status().conflicts, 0);
    let house = device.only(Kind::House);
    assert_eq!(device.shows(Kind::House, &house, "layout").as_deref(), Some("三房"));
    assert_eq!(device.shows(Kind::House, &house, "fit_out").as_deref(), Some("精装"));
}

#[test]
fn a_revert_gives_changed_fields_their_former_values() {
    let mut device = Device::new(1);
    device.starts_organisation();
    device.imports(TableKind::Owners, "项目名称,楼栋,房号,业主姓名,户型\n四季花城,1栋,101,李玉梅,两房\n");
    let changed = "项目名称,楼栋,房号,业主姓名,户型\n四季花城,1栋,101,李玉梅,三房\n";
    let (_, receipt) = device.imports(TableKind::Owners, changed);
    let house = device.only(Kind::House);
    assert_eq!(device.shows(Kind::House, &house, "layout").as_deref(), Some("三房"));
    device.reverts(&receipt.unwrap().batch.unwrap());
    assert_eq!(device.shows(Kind::House, &house, "layout").as_deref(), Some("两房"));
}

#[test]
fn a_case_whose_closing_was_taken_back_is_open_and_can_be_closed() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let table = |closed: &str| {
        format!("投诉编号,受理时间,项目名称,类型,描述,办结时间\nT1,2026-05-07 02:12,四季花城,报修,门窗,{closed}\n")
    };
    device.imports(TableKind::Cases, &table(""));
    let (_, receipt) = device.imports(TableKind::Cases, &table("2026-05-08 10:00"));
    assert_eq!(device.status().open_cases, 0);
    device.reverts(&receipt.unwrap().batch.unwrap());
    assert_eq!(device.status().open_cases, 1);
    let id = device.only(Kind::Case);
    device.does(closing(&id, "门窗已修")).unwrap();
    assert_eq!(device.status().open_cases, 0);
}

/// The open owners of the only house there is, with their shares.
fn owners(device: &Device) -> Vec<(String, i64)> {
    let records = device.engine.records();
    let tenures = records.live(Kind::Tenure).filter_map(|record| records.read::<Tenure>(Kind::Tenure, record).ok());
    let open = tenures.filter(Tenure::is_open_ownership);
    let name = |party: &str| records.get(Kind::Party, party).and_then(|party| records.shown_text(party, "name"));
    open.map(|tenure| (name(&tenure.party).unwrap_or_default(), tenure.share_bp.unwrap_or(0))).collect()
}

#[test]
fn a_corrected_ledger_knows_an_owner_without_a_number_by_house_and_name() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let file = |phone: &str| format!("项目,楼栋,房号,姓名,手机号码,产权比例\n甲,1,101,李玉梅,{phone},100%\n");
    device.imports(TableKind::Owners, &file("13812345678"));
    device.imports(TableKind::Owners, &file("13912345678"));
    assert_eq!(owners(&device), [("李玉梅".to_owned(), 10_000)]);
    let party = device.only(Kind::Party);
    assert_eq!(device.shows(Kind::Party, &party, "phone").as_deref(), Some("13912345678"));
    // Two people of one name in one house stay two, also when they come again.
    let mut device = Device::new(2);
    device.starts_organisation();
    let two = |phone: &str| {
        format!("项目,楼栋,房号,姓名,手机号码,产权比例\n甲,1,101,张伟,{phone},50%\n甲,1,101,张伟,13700000002,50%\n")
    };
    device.imports(TableKind::Owners, &two("13700000001"));
    device.imports(TableKind::Owners, &two("13700000003"));
    assert_eq!(owners(&device), [("张伟".to_owned(), 5_000), ("张伟".to_owned(), 5_000)]);
    assert_eq!(device.count(Kind::Party), 2);
}

#[test]
fn a_ledger_that_comes_again_leaves_merged_people_merged() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let csv = "项目,楼栋,房号,姓名,手机号码\n甲,1,101,李玉梅,13812345678\n甲,1,102,李玉妹,13812345678\n";
    device.imports(TableKind::Owners, csv);
    let find = |device: &Device, name: &str| {
        let records = device.engine.records();
        let mut people = records.live(Kind::Party);
        people.find(|party| records.shown_text(party, "name").as_deref() == Some(name)).unwrap().id.to_string()
    };
    let (keep, drop) = (find(&device, "李玉梅"), find(&device, "李玉妹"));
    let merge = ArchiveCommand::MergeParties { keep: keep.clone(), drop, from_drop: Vec::new() };
    device.does(Command::Archive(merge)).unwrap();
    let before = device.fingerprint();
    let (again, receipt) = device.imports(TableKind::Owners, csv);
    assert_eq!((again.effect.added, again.effect.changed, receipt), (0, 0, None));
    assert_eq!(device.fingerprint(), before);
    assert_eq!(device.only(Kind::Party), keep);
}

#[test]
fn a_line_about_a_house_that_was_split_is_refused_with_its_reason() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let csv = |name: &str| format!("项目,楼栋,房号,姓名,面积\n甲,1,101,{name},90\n");
    device.imports(TableKind::Owners, &csv("李玉梅"));
    let house = device.only(Kind::House);
    let part = |room: &str| NewPart { room: room.into(), area_hundredths: Some(4_500), ..NewPart::default() };
    let parts = vec![part("101A"), part("101B")];
    let split = ArchiveCommand::SplitHouse { house: house.clone(), parts, on: "2026-11-20".into() };
    device.does(Command::Archive(split)).unwrap();
    let (preview, receipt) = device.imports(TableKind::Owners, &csv("王强"));
    assert_eq!(receipt, None);
    let refused: Vec<_> = preview.report.refused.iter().map(|refusal| (refusal.line, refusal.reason)).collect();
    assert_eq!(refused, [(2, Reason::RetiredHouse)]);
}
