//! Lists of words on several devices: what a change touches, and what a merge of two makes of it.

use anju_domain::archive::findings::ArchiveFinding;
use anju_domain::cases::command::{CaseCommand, NewCase, StepOrder};
use anju_domain::cases::model::{CaseChannel, CaseKind, CaseStep, Severity};
use anju_domain::command::Command;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::trees::command::{TreeCommand, Wording};
use anju_domain::trees::model::{TermList, Vocabulary};
use anju_engine::queries::{Answer, Query, ReportFormat};
use anju_engine::trees::{TermRow, TreePage};

use crate::device::{Device, closing, two_devices};

const WINDOWS: &str = "engineering.doors_windows";

fn tree(device: &mut Device, text: &str) -> TreePage {
    let query = Query::Tree { list: TermList::Indicator, text: text.to_owned() };
    let Answer::Tree(page) = device.engine.query(query) else { panic!() };
    *page
}

fn row(device: &mut Device, code: &str) -> TermRow {
    tree(device, "").rows.into_iter().find(|row| row.entry.code == code).unwrap()
}

fn does(device: &mut Device, command: TreeCommand) -> String {
    device.does(Command::Trees(command)).unwrap().subject.unwrap_or_default()
}

fn renames(device: &mut Device, code: &str, zh: &str) {
    let seen = row(device, code).seen;
    let new = Wording { zh: zh.to_owned(), ..Wording::default() };
    does(device, TreeCommand::Edit { list: TermList::Indicator, code: code.to_owned(), new, seen });
}

fn adds(device: &mut Device, zh: &str) -> String {
    let new = Wording { zh: zh.to_owned(), ..Wording::default() };
    does(device, TreeCommand::Add { list: TermList::Indicator, area: Some("engineering".to_owned()), new })
}

fn retires(device: &mut Device, code: &str) {
    does(device, TreeCommand::Retire { list: TermList::Indicator, code: code.to_owned(), retired: true });
}

fn registers(device: &mut Device, leaf: &str) -> String {
    let new = NewCase {
        kind: CaseKind::Complaint,
        channel: CaseChannel::Phone,
        leaf: Some(leaf.to_owned()),
        severity: Severity::General,
        description: "窗户关不严".to_owned(),
        house: None,
        party: None,
        responsible: None,
    };
    device.does(Command::Cases(CaseCommand::Register(new))).unwrap().subject.unwrap()
}

fn by_leaf(device: &Device) -> String {
    let text = device.engine.case_report_file(ReportFormat::Csv, &anju_domain::cases::stats::Labels::default());
    text.lines().filter(|line| line.starts_with("by_leaf")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_change_tells_the_cases_and_answers_that_it_touches() {
    let [mut device, _] = two_devices();
    let first = registers(&mut device, WINDOWS);
    registers(&mut device, WINDOWS);
    device.does(closing(&first, "已修好")).unwrap();
    device.imports(
        TableKind::Answers,
        "编号,城市,项目,客户群体,总体满意度,工程/门窗\n1,深圳,四季花城,磨合期,4,5\n2,深圳,四季花城,磨合期,4,\n",
    );
    let uses = row(&mut device, WINDOWS).uses;
    assert_eq!((uses.open_cases, uses.cases, uses.contacts), (1, 2, 0));
    assert_eq!(uses.waves.iter().map(|wave| wave.answers).collect::<Vec<_>>(), [1]);
    assert_eq!(row(&mut device, "engineering").uses.cases, 2, "an area counts its leaves");
    renames(&mut device, WINDOWS, "门窗五金");
    assert_eq!(by_leaf(&device), "by_leaf,工程/门窗五金,2", "the report says it like the page");
    assert_eq!(row(&mut device, WINDOWS).uses.cases, 2);
}

#[test]
fn an_entry_is_found_by_name_and_by_pinyin_with_its_area() {
    let [mut device, _] = two_devices();
    adds(&mut device, "地下室渗水");
    for (text, expected) in [("渗水", 2), ("dxs", 2), ("Doors", 2), ("gongcheng", 7), ("没有", 0)] {
        assert_eq!(tree(&mut device, text).rows.len(), expected, "{text}");
    }
    let page = tree(&mut device, "");
    assert_eq!((page.total, page.changed, page.own), (29, 0, 1));
}

#[test]
fn a_leaf_that_one_device_retires_and_another_uses_is_kept_and_shown() {
    let [mut one, mut other] = two_devices();
    let own = adds(&mut one, "地下室渗水");
    one.exchanges_with(&mut other);
    retires(&mut one, &own);
    registers(&mut other, &own);
    one.exchanges_with(&mut other);
    for device in [&mut one, &mut other] {
        let row = row(device, &own);
        assert!(row.entry.retired_on.is_some());
        assert_eq!(row.uses.open_cases, 1);
        assert_eq!(by_leaf(device), "by_leaf,工程/地下室渗水,1");
        assert_eq!(device.status().conflicts, 0);
    }
}

#[test]
fn two_names_for_one_leaf_are_a_conflict_and_one_name_for_two_leaves_is_told() {
    let [mut one, mut other] = two_devices();
    renames(&mut one, WINDOWS, "门窗五金");
    renames(&mut other, WINDOWS, "门窗与玻璃");
    let codes = [adds(&mut one, "地下室渗水"), adds(&mut other, "地下室渗水")];
    one.exchanges_with(&mut other);
    assert_eq!(one.status().conflicts, 1);
    let Answer::Findings(page) = one.engine.query(Query::Findings) else { panic!() };
    let told = page.archive.into_iter().map(|rule| rule.finding).collect::<Vec<_>>();
    let mut codes = codes.to_vec();
    codes.sort();
    let name = "地下室渗水".to_owned();
    assert_eq!(told, [ArchiveFinding::Namesakes { list: "indicator".to_owned(), name, codes: codes.clone() }]);
    retires(&mut one, &codes[0]);
    assert_eq!(one.status().findings, 0);
}

#[test]
fn adding_that_is_taken_back_is_offered_no_more_and_keeps_its_name_where_it_was_used() {
    let [mut one, mut other] = two_devices();
    let new = Wording { zh: "地下室渗水".to_owned(), ..Wording::default() };
    let command = TreeCommand::Add { list: TermList::Indicator, area: Some("engineering".to_owned()), new };
    let receipt = one.does(Command::Trees(command)).unwrap();
    let own = receipt.subject.unwrap();
    one.exchanges_with(&mut other);
    registers(&mut other, &own);
    assert_eq!(one.reverts(&receipt.undo.unwrap()), [""; 0]);
    one.exchanges_with(&mut other);
    assert!(tree(&mut one, "").rows.iter().all(|row| row.entry.code != own));
    assert_eq!(by_leaf(&one), "by_leaf,工程/地下室渗水,1");
    assert_eq!(Vocabulary::of(one.engine.records()).tree(""), Vocabulary::delivered().tree(""));
}

#[test]
fn a_ledger_may_use_the_words_of_the_organisation() {
    let [mut device, _] = two_devices();
    renames(&mut device, WINDOWS, "门窗五金");
    let own = adds(&mut device, "户内渗漏");
    let ledger = "投诉编号,受理时间,渠道,类型,一级分类,二级分类\n\
        T1,2026-05-07 10:00,业主论坛,投诉,工程,门窗五金\n\
        T2,2026-05-07 10:00,管家,投诉,工程,门窗\n\
        T3,2026-05-07 10:00,电话,投诉,,户内渗漏\n\
        T4,2026-05-07 10:00,电话,投诉,,天窗\n";
    let (preview, _) = device.imports(TableKind::Cases, ledger);
    assert_eq!(preview.report.refused.iter().map(|refusal| refusal.line).collect::<Vec<_>>(), [5]);
    assert_eq!(row(&mut device, WINDOWS).uses.cases, 2);
    assert_eq!(row(&mut device, &own).uses.cases, 1);
}

#[test]
fn who_closed_a_case_and_by_what_channel_its_owner_replied_count_as_uses() {
    let [mut device, _] = two_devices();
    let id = registers(&mut device, WINDOWS);
    let reply = StepOrder {
        case: id.clone(),
        step: Some(CaseStep::OwnerReplied),
        channel: Some(CaseChannel::Forum),
        ..StepOrder::default()
    };
    device.does(Command::Cases(CaseCommand::Step(Box::new(reply)))).unwrap();
    device.does(closing(&id, "已修好")).unwrap();
    let mut uses = |list: TermList, code: &str| {
        let query = Query::Tree { list, text: String::new() };
        let Answer::Tree(page) = device.engine.query(query) else { panic!() };
        page.rows.iter().find(|row| row.entry.code == code).map_or(0, |row| row.uses.cases)
    };
    assert_eq!(uses(TermList::Responsible, "engineering"), 1);
    assert_eq!([CaseChannel::Phone, CaseChannel::Forum].map(|of| uses(TermList::Channel, of.word())), [1, 1]);
}
