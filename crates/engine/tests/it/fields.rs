//! Own fields on several devices: defined, filled in, merged, taken out of use, filtered by, and erased.

use std::collections::BTreeMap;

use anju_domain::archive::command::{ArchiveCommand, FieldEdit};
use anju_domain::archive::model::TenureRole;
use anju_domain::archive::people::{HouseDraft, MemberDraft, MoveIn, PartyDraft};
use anju_domain::bundle::{self, Form, Writer};
use anju_domain::command::Command;
use anju_domain::fields::command::{ChoiceDraft, FieldCommand};
use anju_domain::fields::model::{CustomField, FieldForm, FieldSubject, OwnFields, name_of};
use anju_domain::privacy::command::PrivacyCommand;
use anju_domain::privacy::erasure::ErasureOrder;
use anju_domain::privacy::model::RestrictionGround;
use anju_domain::records::Kind;
use anju_engine::archive::people::{FacetCounts, PeopleFilter, PersonRow};
use anju_engine::exchange::ExportScope;
use anju_engine::fields::{FieldRow, HIDDEN, HolderRow, OwnValues};
use anju_engine::host::Host;
use anju_engine::protocol::{Reply, Request};
use anju_engine::queries::{Answer, Query};
use anju_engine::{EngineError, Unwatched};
use pollster::block_on;
use serde_json::{Value, json};

use crate::device::Device;

const HOUSE: &str = "深圳公司/四季花城/7/4/403";

/// What was refused, and where.
fn code<T: std::fmt::Debug>(outcome: Result<T, EngineError>) -> String {
    match outcome {
        Err(EngineError::Rejected(rejection)) => {
            format!("{}@{}", rejection.code, rejection.field.unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

/// 李玉梅 owns 7栋4单元403, where 王芳 is a tenant.
fn household(seed: u64) -> (Device, String, String) {
    let mut device = Device::new(seed);
    device.starts_organisation();
    let member = |name: &str, role| MemberDraft {
        party: PartyDraft { name: name.into(), ..PartyDraft::default() },
        role: Some(role),
        ..MemberDraft::default()
    };
    let order = MoveIn {
        house: HouseDraft {
            project: "深圳公司/四季花城".into(),
            building: "7栋".into(),
            unit: "4单元".into(),
            room: "403".into(),
            ..HouseDraft::default()
        },
        on: "2024-03-01".into(),
        members: vec![member("李玉梅", TenureRole::Owner), member("王芳", TenureRole::Tenant)],
        consent_version: "2024-01".into(),
        ..MoveIn::default()
    };
    device.does(Command::Archive(ArchiveCommand::MoveIn(Box::new(order)))).unwrap();
    let (owner, tenant) = (named(&mut device, "李玉梅"), named(&mut device, "王芳"));
    (device, owner, tenant)
}

fn people(device: &mut Device, filter: PeopleFilter) -> Vec<PersonRow> {
    match device.engine.query(Query::People { filter, offset: 0, limit: 50 }) {
        Answer::People(window) => window.rows,
        other => panic!("{other:?}"),
    }
}

fn named(device: &mut Device, name: &str) -> String {
    people(device, PeopleFilter { text: name.into(), ..PeopleFilter::default() }).remove(0).id
}

fn field(subject: FieldSubject, zh: &str, form: FieldForm) -> CustomField {
    CustomField { subject: Some(subject), zh: zh.into(), form: Some(form), ..CustomField::default() }
}

fn choices(names: &[&str]) -> Vec<ChoiceDraft> {
    names.iter().map(|zh| ChoiceDraft { zh: (*zh).into(), ..ChoiceDraft::default() }).collect()
}

fn puts(
    device: &mut Device,
    id: Option<&str>,
    new: CustomField,
    choices: Vec<ChoiceDraft>,
) -> Result<String, EngineError> {
    let seen = id.map(|id| row(device, id).seen).unwrap_or_default();
    let command = FieldCommand::Put { id: id.map(str::to_owned), new: Box::new(new), choices, seen };
    device.does(Command::Fields(command)).map(|receipt| receipt.subject.unwrap())
}

fn rows(device: &mut Device) -> Vec<FieldRow> {
    let Answer::FieldRows(rows) = device.engine.query(Query::FieldRows) else { panic!("no fields") };
    rows
}

fn row(device: &mut Device, id: &str) -> FieldRow {
    rows(device).into_iter().find(|row| row.own.id == id).unwrap()
}

fn retires(device: &mut Device, id: &str, retired: bool) {
    device.does(Command::Fields(FieldCommand::Retire { id: id.into(), retired })).unwrap();
}

fn fills(device: &mut Device, kind: Kind, id: &str, field: &str, value: Value) -> Result<(), EngineError> {
    let name = name_of(field);
    let record = device.engine.records().get(kind, id).unwrap();
    let over = device.engine.records().shown_writes(record, &name);
    let fields = vec![FieldEdit { name, value, over }];
    device.does(Command::Archive(ArchiveCommand::Edit { kind, id: id.into(), fields, why: None })).map(|_| ())
}

fn of_party(device: &mut Device, id: &str) -> OwnValues {
    let Answer::Party(page) = device.engine.query(Query::Party { id: id.into() }) else { panic!("no party") };
    page.own
}

fn of_house(device: &mut Device) -> OwnValues {
    let Answer::House(page) = device.engine.query(Query::House { id: HOUSE.into(), as_of: None }) else {
        panic!("no house")
    };
    page.own
}

fn merge(one: &mut Device, other: &mut Device) {
    let (bundle, back) = (one.exports(), other.exports());
    one.merges(&back);
    other.merges(&bundle);
    assert_eq!(one.fingerprint(), other.fingerprint());
}

#[test]
fn a_value_is_tidied_or_refused_by_the_form_of_its_field() {
    let (mut device, owner, _) = household(1);
    let mut add = |subject, zh: &str, form: FieldForm, list: &[&str]| {
        puts(&mut device, None, field(subject, zh, form), choices(list)).unwrap()
    };
    let text = add(FieldSubject::Person, "微信号", FieldForm::Text, &[]);
    let number = add(FieldSubject::Person, "宠物数", FieldForm::Number, &[]);
    let date = add(FieldSubject::Person, "结婚纪念日", FieldForm::Date, &[]);
    let yes = add(FieldSubject::Person, "需要无障碍", FieldForm::YesNo, &[]);
    let choice = add(FieldSubject::Person, "宠物", FieldForm::Choice, &["猫", "狗"]);
    let of_house = add(FieldSubject::House, "水表位置", FieldForm::Text, &[]);
    let cat = row(&mut device, &choice).own.choices[0].id.clone();
    for (id, typed, kept) in [
        (&text, json!("  ｗｘ 88 "), json!("wx 88")),
        (&number, json!("1,200.50"), json!("1200.5")),
        (&date, json!("2020年5月1日"), json!("2020-05-01")),
        (&yes, json!("yes"), json!(true)),
        (&yes, json!(false), json!(false)),
        (&choice, json!(cat), json!(cat)),
    ] {
        fills(&mut device, Kind::Party, &owner, id, typed.clone()).unwrap();
        let own = of_party(&mut device, &owner);
        assert!(own.values.contains(&(name_of(id), kept.clone())), "{typed}: {own:?}");
    }
    let name = |id: &str, code: &str| format!("{code}@{}", name_of(id));
    for (id, typed, refused) in [
        (&text, json!("长".repeat(501)), "too_long"),
        (&number, json!("两只"), "bad_number"),
        (&number, json!("1.234"), "bad_number"),
        (&date, json!("2020-02-30"), "bad_date"),
        (&yes, json!("也许"), "bad_choice"),
        (&choice, json!("猫"), "bad_choice"),
        // A field of houses is none of persons, and one that nobody has defined is none at all.
        (&of_house, json!("厨房"), "own_field_unknown"),
        (&"field-nowhere".to_owned(), json!("x"), "own_field_unknown"),
    ] {
        assert_eq!(code(fills(&mut device, Kind::Party, &owner, id, typed)), name(id, refused));
    }
    // What is emptied is gone.
    fills(&mut device, Kind::Party, &owner, &text, json!(" ")).unwrap();
    assert!(of_party(&mut device, &owner).values.iter().all(|(own, _)| *own != name_of(&text)));
    assert_eq!(row(&mut device, &text).values, 0);
    assert_eq!(row(&mut device, &choice).chosen, BTreeMap::from([(cat, 1)]));
}

#[test]
fn a_definition_that_makes_no_sense_is_refused_with_its_reason() {
    let (mut device, ..) = household(1);
    let person = |zh: &str| field(FieldSubject::Person, zh, FieldForm::Text);
    let first = puts(&mut device, None, person("微信号"), Vec::new()).unwrap();
    let when = |name: &str| CustomField { when_field: Some(name.into()), ..person("新") };
    let choice = || field(FieldSubject::Person, "新", FieldForm::Choice);
    let rows: [(CustomField, Vec<ChoiceDraft>, &str); 12] = [
        (person(" "), Vec::new(), "name_missing@zh"),
        (person(&"长".repeat(41)), Vec::new(), "too_long@zh"),
        (person("微信号"), Vec::new(), "name_taken@zh"),
        (CustomField { subject: None, ..person("新") }, Vec::new(), "subject_missing@subject"),
        (CustomField { form: None, ..person("新") }, Vec::new(), "form_missing@form"),
        (
            CustomField { personal: true, ..field(FieldSubject::House, "新", FieldForm::Text) },
            Vec::new(),
            "personal_of_house@personal",
        ),
        (choice(), Vec::new(), "choices_missing@choices"),
        (choice(), choices(&["", " "]), "choices_missing@choices"),
        (choice(), choices(&["猫", "猫 "]), "name_taken@choices"),
        (when("delivered"), Vec::new(), "condition_unknown@when_field"),
        (when("x_field-nowhere"), Vec::new(), "condition_unknown@when_field"),
        (CustomField { help: Some("长".repeat(201)), ..person("新") }, Vec::new(), "too_long@help"),
    ];
    for (new, list, refused) in rows {
        assert_eq!(code(puts(&mut device, None, new, list)), refused);
    }
    // What waits for another cannot be waited for by it.
    let second = puts(&mut device, None, when(&name_of(&first)), Vec::new()).unwrap();
    let circle = CustomField { when_field: Some(name_of(&second)), ..person("微信号") };
    assert_eq!(code(puts(&mut device, Some(&first), circle, Vec::new())), "condition_circle@when_field");
    // A house may have a field of the same name.
    puts(&mut device, None, field(FieldSubject::House, "微信号", FieldForm::Text), Vec::new()).unwrap();
    // The rules are not gone round by a form for records.
    let edit = FieldEdit { name: "form".into(), value: json!("number"), over: Vec::new() };
    let edit = ArchiveCommand::Edit { kind: Kind::CustomField, id: first, fields: vec![edit], why: None };
    assert_eq!(
        anju_domain::staff::rights::need(&Command::Archive(edit)),
        (anju_domain::staff::rights::Module::Organisation, anju_domain::staff::rights::Act::Approve)
    );
}

#[test]
fn the_form_of_a_field_stays_while_somebody_holds_a_value() {
    let (mut device, owner, _) = household(1);
    let id = puts(&mut device, None, field(FieldSubject::Person, "宠物数", FieldForm::Text), Vec::new()).unwrap();
    fills(&mut device, Kind::Party, &owner, &id, json!("两只")).unwrap();
    let number =
        || CustomField { unit: Some("只".into()), ..field(FieldSubject::Person, "宠物数", FieldForm::Number) };
    assert_eq!(code(puts(&mut device, Some(&id), number(), Vec::new())), "field_has_values@form");
    assert_eq!(row(&mut device, &id).values, 1);
    let Answer::Holders(found) = device.engine.query(Query::Holders { field: id.clone(), offset: 0, limit: 9 })
    else {
        panic!()
    };
    let expected =
        HolderRow { kind: Kind::Party, id: owner.clone(), title: "李玉梅".into(), value: json!("两只") };
    assert_eq!((found.total, found.rows), (1, vec![expected]));
    // The name may change all the same, and the form when nobody holds a value any more.
    let renamed = field(FieldSubject::Person, "宠物几只", FieldForm::Text);
    puts(&mut device, Some(&id), renamed, Vec::new()).unwrap();
    fills(&mut device, Kind::Party, &owner, &id, Value::Null).unwrap();
    puts(&mut device, Some(&id), number(), Vec::new()).unwrap();
    assert_eq!(row(&mut device, &id).own.field.unit.as_deref(), Some("只"));
}

#[test]
fn a_field_out_of_use_keeps_its_values_and_is_neither_asked_for_nor_filled_in() {
    let (mut device, owner, tenant) = household(1);
    let id = puts(&mut device, None, field(FieldSubject::Person, "微信号", FieldForm::Text), Vec::new()).unwrap();
    fills(&mut device, Kind::Party, &owner, &id, json!("wx88")).unwrap();
    retires(&mut device, &id, true);
    assert_eq!(of_party(&mut device, &owner).values, [(name_of(&id), json!("wx88"))]);
    assert_eq!(
        code(fills(&mut device, Kind::Party, &tenant, &id, json!("wx99"))),
        format!("own_field_retired@{}", name_of(&id))
    );
    let Answer::OwnFields(own) = device.engine.query(Query::OwnFields) else { panic!() };
    assert_eq!((own.offered(&FieldSubject::Person).count(), own.all().len()), (0, 1));
    // Its name is free meanwhile, and then it cannot come back beside the new one.
    puts(&mut device, None, field(FieldSubject::Person, "微信号", FieldForm::Text), Vec::new()).unwrap();
    let back = FieldCommand::Retire { id, retired: false };
    assert_eq!(code(device.does(Command::Fields(back))), "name_taken@zh");
    assert_eq!(rows(&mut device).len(), 2);
}

#[test]
fn a_field_is_asked_for_where_its_condition_holds_and_wanted_there_only() {
    let (mut device, owner, tenant) = household(1);
    let lease = CustomField {
        required: true,
        when_field: Some("role".into()),
        when_value: Some("tenant".into()),
        ..field(FieldSubject::Person, "租约到期", FieldForm::Date)
    };
    let lease = puts(&mut device, None, lease, Vec::new()).unwrap();
    assert_eq!(of_party(&mut device, &owner).missing, [""; 0]);
    assert_eq!(of_party(&mut device, &tenant).missing, [name_of(&lease)]);
    let Answer::Circumstances(held) =
        device.engine.query(Query::Circumstances { kind: Kind::Party, id: tenant.clone() })
    else {
        panic!()
    };
    assert_eq!(held["role"], ["tenant"]);
    assert_eq!(held["project"], ["深圳公司/四季花城"]);
    fills(&mut device, Kind::Party, &tenant, &lease, json!("2027-01-31")).unwrap();
    assert_eq!(of_party(&mut device, &tenant).missing, [""; 0]);
    assert_eq!(
        code(fills(&mut device, Kind::Party, &tenant, &lease, Value::Null)),
        format!("own_field_required@{}", name_of(&lease))
    );

    // One that depends on another own field may be emptied together with it.
    let pet = puts(&mut device, None, field(FieldSubject::House, "养宠物", FieldForm::YesNo), Vec::new()).unwrap();
    let kind = CustomField {
        required: true,
        when_field: Some(name_of(&pet)),
        when_value: Some("yes".into()),
        ..field(FieldSubject::House, "品种", FieldForm::Text)
    };
    let kind = puts(&mut device, None, kind, Vec::new()).unwrap();
    assert_eq!(of_house(&mut device).missing, [""; 0]);
    fills(&mut device, Kind::House, HOUSE, &pet, json!(true)).unwrap();
    assert_eq!(of_house(&mut device).missing, [name_of(&kind)]);
    fills(&mut device, Kind::House, HOUSE, &kind, json!("柴犬")).unwrap();
    assert_eq!(
        code(fills(&mut device, Kind::House, HOUSE, &kind, Value::Null)),
        format!("own_field_required@{}", name_of(&kind))
    );
    let record = device.engine.records().get(Kind::House, HOUSE).unwrap();
    let edits = [(&pet, json!(false)), (&kind, Value::Null)].map(|(id, value)| FieldEdit {
        over: device.engine.records().shown_writes(record, &name_of(id)),
        name: name_of(id),
        value,
    });
    let both = ArchiveCommand::Edit { kind: Kind::House, id: HOUSE.into(), fields: edits.to_vec(), why: None };
    device.does(Command::Archive(both)).unwrap();
    assert_eq!(of_house(&mut device), OwnValues { values: vec![(name_of(&pet), json!(false))], missing: vec![] });
}

#[test]
fn two_devices_that_define_one_field_have_one_and_what_differs_is_asked() {
    let (mut one, owner, _) = household(1);
    let mut other = Device::new(2);
    other.merges(&one.exports());
    let pets = |form| field(FieldSubject::Person, "宠物", form);
    let id = puts(&mut one, None, pets(FieldForm::Choice), choices(&["猫", "狗"])).unwrap();
    assert_eq!(puts(&mut other, None, pets(FieldForm::Choice), choices(&["狗", "鸟"])).unwrap(), id);
    let dog = row(&mut other, &id).own.choices[0].id.clone();
    fills(&mut other, Kind::Party, &owner, &id, json!(dog)).unwrap();
    merge(&mut one, &mut other);
    // The choice that both have is one, and it stands at two places until somebody says where.
    let names = |device: &mut Device| -> Vec<String> {
        let mut names: Vec<String> = row(device, &id).own.choices.iter().map(|own| own.choice.zh.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&mut one), ["狗", "猫", "鸟"]);
    assert_eq!(names(&mut one), names(&mut other));
    assert_eq!(of_party(&mut one, &owner).values, [(name_of(&id), json!(dog))]);

    // An alteration on both sides is a conflict of the definition, and nothing of the values is lost.
    for (device, zh) in [(&mut one, "家里的宠物"), (&mut other, "宠物种类")] {
        let list = row(device, &id).own.choices.into_iter();
        let list = list.map(|own| ChoiceDraft { id: Some(own.id), zh: own.choice.zh, ..ChoiceDraft::default() });
        puts(device, Some(&id), CustomField { zh: zh.into(), ..pets(FieldForm::Choice) }, list.collect()).unwrap();
    }
    merge(&mut one, &mut other);
    assert!(one.status().conflicts >= 1);
    assert_eq!(row(&mut one, &id), row(&mut other, &id));
    assert_eq!(row(&mut one, &id).values, 1);

    // A form that was opened before knows nothing of it.
    let stale = FieldCommand::Put {
        id: Some(id.clone()),
        new: Box::new(pets(FieldForm::Choice)),
        choices: Vec::new(),
        seen: BTreeMap::new(),
    };
    assert_eq!(code(one.does(Command::Fields(stale))), "field_moved@zh");
}

#[test]
fn two_fields_of_one_name_that_a_merge_brings_and_a_ring_of_conditions_are_marked() {
    let (mut one, ..) = household(1);
    let text = |zh: &str| field(FieldSubject::Person, zh, FieldForm::Text);
    let [a, b] = ["甲", "乙"].map(|zh| puts(&mut one, None, text(zh), Vec::new()).unwrap());
    let mut other = Device::new(2);
    other.merges(&one.exports());
    let when = |zh: &str, id: &str| CustomField { when_field: Some(name_of(id)), ..text(zh) };
    puts(&mut one, Some(&a), when("甲", &b), Vec::new()).unwrap();
    puts(&mut other, Some(&b), when("乙", &a), Vec::new()).unwrap();
    // 丙 takes on a name on one device that the other gives to a field of its own.
    let c = puts(&mut one, None, text("丙"), Vec::new()).unwrap();
    puts(&mut one, Some(&c), text("丁"), Vec::new()).unwrap();
    puts(&mut other, None, text("丁"), Vec::new()).unwrap();
    merge(&mut one, &mut other);
    let rows = rows(&mut one);
    let marked = |is: fn(&FieldRow) -> bool| -> Vec<&str> {
        let mut names: Vec<&str> = rows.iter().filter(|row| is(row)).map(|row| row.own.field.zh.as_str()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(marked(|row| row.waits_on_itself), ["乙", "甲"]);
    assert_eq!(marked(|row| row.is_twin), ["丁", "丁"]);
}

#[test]
fn a_value_that_arrives_before_its_definition_is_kept_hidden_and_known_later() {
    let (mut one, owner, _) = household(1);
    let mut other = Device::new(2);
    other.merges(&one.exports());
    let id = puts(&mut one, None, field(FieldSubject::Person, "微信号", FieldForm::Text), Vec::new()).unwrap();
    fills(&mut one, Kind::Party, &owner, &id, json!("wx88")).unwrap();
    // As if what was done in the project had arrived, and what was done in the organisation not.
    let whole = one.exports();
    let read = bundle::read(&whole).unwrap();
    let mut writer = Writer::new(&read.header, Form::Json);
    read.actions
        .iter()
        .filter(|action| !action.contains("\"custom_field\""))
        .for_each(|action| writer.action(action));
    other.merges(&writer.finish());
    let hidden = OwnValues { values: vec![(name_of(&id), json!(HIDDEN))], missing: Vec::new() };
    assert_eq!(of_party(&mut other, &owner), hidden);
    assert!(
        !serde_json::to_string(&other.engine.query(Query::Fields { kind: Kind::Party, id: owner.clone() }))
            .unwrap()
            .contains("wx88")
    );
    other.merges(&whole);
    assert_eq!(of_party(&mut other, &owner).values, [(name_of(&id), json!("wx88"))]);
    assert_eq!(one.fingerprint(), other.fingerprint());
}

#[test]
fn fields_are_moved_and_choices_renamed_and_taken_out_of_use() {
    let (mut device, owner, _) = household(1);
    let ids = ["甲", "乙", "丙"]
        .map(|zh| puts(&mut device, None, field(FieldSubject::Person, zh, FieldForm::Text), Vec::new()).unwrap());
    let order = |device: &mut Device| -> String { rows(device).into_iter().map(|row| row.own.field.zh).collect() };
    for (id, up, expected) in [(&ids[2], true, "甲丙乙"), (&ids[0], false, "丙甲乙"), (&ids[1], true, "丙乙甲")]
    {
        device.does(Command::Fields(FieldCommand::Move { id: id.clone(), up })).unwrap();
        assert_eq!(order(&mut device), expected);
    }
    for _ in 0..40 {
        device.does(Command::Fields(FieldCommand::Move { id: ids[1].clone(), up: true })).unwrap();
        device.does(Command::Fields(FieldCommand::Move { id: ids[1].clone(), up: false })).unwrap();
    }
    assert_eq!(order(&mut device), "丙乙甲");
    let end = FieldCommand::Move { id: ids[2].clone(), up: true };
    assert_eq!(code(device.does(Command::Fields(end))), "nothing_changes@");
    // A step leads past one that is out of use.
    retires(&mut device, &ids[1], true);
    device.does(Command::Fields(FieldCommand::Move { id: ids[0].clone(), up: true })).unwrap();
    assert_eq!(order(&mut device), "甲丙乙");

    let pets = || field(FieldSubject::Person, "宠物", FieldForm::Choice);
    let id = puts(&mut device, None, pets(), choices(&["猫", "狗"])).unwrap();
    let [cat, dog] = [0, 1].map(|at| row(&mut device, &id).own.choices[at].id.clone());
    fills(&mut device, Kind::Party, &owner, &id, json!(cat)).unwrap();
    let draft = |choice: &str, zh: &str, retired| ChoiceDraft {
        id: Some(choice.into()),
        zh: zh.into(),
        retired,
        ..ChoiceDraft::default()
    };
    let list = vec![draft(&dog, "犬", false), draft(&cat, "猫", true)];
    puts(&mut device, Some(&id), pets(), list).unwrap();
    let own = row(&mut device, &id).own;
    let names: Vec<(&str, bool)> = own.choices.iter().map(|own| (own.label(false), own.is_offered())).collect();
    assert_eq!(names, [("犬", true), ("猫", false)]);
    // Whoever has it keeps it and may say it again; nobody else gets it.
    fills(&mut device, Kind::Party, &owner, &id, json!(dog)).unwrap();
    assert_eq!(
        code(fills(&mut device, Kind::Party, &owner, &id, json!(cat))),
        format!("bad_choice@{}", name_of(&id))
    );
    let list = vec![draft(&dog, "犬", true), draft(&cat, "猫", true)];
    assert_eq!(code(puts(&mut device, Some(&id), pets(), list)), "choices_missing@choices");
}

#[test]
fn people_are_filtered_and_counted_by_own_fields_and_personal_ones_only_by_whether_there_is_a_value() {
    let (mut device, owner, tenant) = household(1);
    let pets = field(FieldSubject::Person, "宠物", FieldForm::Choice);
    let pets = puts(&mut device, None, pets, choices(&["猫", "狗"])).unwrap();
    let cat = row(&mut device, &pets).own.choices[0].id.clone();
    let dog = row(&mut device, &pets).own.choices[1].id.clone();
    let faith = CustomField { personal: true, ..field(FieldSubject::Person, "信仰", FieldForm::Choice) };
    let faith = puts(&mut device, None, faith, choices(&["佛教", "无"])).unwrap();
    let buddhist = row(&mut device, &faith).own.choices[0].id.clone();
    fills(&mut device, Kind::Party, &owner, &pets, json!(cat)).unwrap();
    fills(&mut device, Kind::Party, &owner, &faith, json!(buddhist)).unwrap();
    fills(&mut device, Kind::Party, &tenant, &pets, json!(dog)).unwrap();
    let filter = |name: &str, chosen: &[&str]| PeopleFilter {
        choices: BTreeMap::from([(name_of(name), chosen.iter().map(|c| (*c).to_owned()).collect())]),
        ..PeopleFilter::default()
    };
    let names = |device: &mut Device, filter| -> Vec<String> {
        let mut names: Vec<String> = people(device, filter).into_iter().map(|row| row.name).collect();
        names.sort();
        names
    };
    for (name, chosen, expected) in [
        (&pets, vec![cat.as_str()], vec!["李玉梅"]),
        (&pets, vec![cat.as_str(), dog.as_str()], vec!["李玉梅", "王芳"]),
        (&pets, vec!["filled"], vec!["李玉梅", "王芳"]),
        (&pets, vec!["none"], vec![]),
        (&faith, vec!["filled"], vec!["李玉梅"]),
        (&faith, vec!["none"], vec!["王芳"]),
        (&faith, vec![buddhist.as_str()], vec![]),
    ] {
        assert_eq!(names(&mut device, filter(name, &chosen)), expected, "{name} {chosen:?}");
    }
    let counts = |device: &mut Device, filter| -> FacetCounts {
        let Answer::Facets(counts) = device.engine.query(Query::Facets { filter }) else { panic!() };
        counts
    };
    let of = |counts: &FacetCounts, name: &str| -> Vec<(String, usize)> {
        counts.counts.iter().find(|(sort, _)| *sort == name_of(name)).unwrap().1.clone()
    };
    // Choices of one field count beside each other, those of another narrow them.
    let found = counts(&mut device, filter(&pets, &[&cat]));
    assert_eq!(found.total, 1);
    assert_eq!(of(&found, &pets), [(cat.clone(), 1), (dog.clone(), 1), ("none".to_owned(), 0)]);
    assert_eq!(of(&found, &faith), [("filled".to_owned(), 1), ("none".to_owned(), 0)]);
    // A change of a value and of a definition is counted at once.
    fills(&mut device, Kind::Party, &tenant, &pets, json!(cat)).unwrap();
    assert_eq!(of(&counts(&mut device, PeopleFilter::default()), &pets)[0], (cat.clone(), 2));
    retires(&mut device, &pets, true);
    let all = counts(&mut device, PeopleFilter::default());
    assert!(all.counts.iter().all(|(sort, _)| *sort != name_of(&pets)));
    assert_eq!(names(&mut device, filter(&pets, &[&cat])), ["李玉梅", "王芳"]);
    // The list tells what is held, the personal one hidden.
    let row = people(&mut device, PeopleFilter { text: "李玉梅".into(), ..PeopleFilter::default() }).remove(0);
    let mut told = row.own;
    told.sort_by(|a, b| a.0.cmp(&b.0));
    let mut expected = vec![(name_of(&pets), json!(cat)), (name_of(&faith), json!(HIDDEN))];
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(told, expected);
}

#[test]
fn a_personal_value_is_masked_until_a_reason_is_given_left_out_of_use_with_the_person_and_erased() {
    const SECRET: &str = "wx-yumei-1988";
    let (mut device, owner, _) = household(1);
    let wechat = CustomField { personal: true, ..field(FieldSubject::Person, "微信号", FieldForm::Text) };
    let wechat = puts(&mut device, None, wechat, Vec::new()).unwrap();
    let pets = field(FieldSubject::Person, "宠物", FieldForm::Choice);
    let pets = puts(&mut device, None, pets, choices(&["灰毛折耳猫"])).unwrap();
    let cat = row(&mut device, &pets).own.choices[0].id.clone();
    let remark = puts(&mut device, None, field(FieldSubject::Person, "喜好", FieldForm::Text), Vec::new()).unwrap();
    fills(&mut device, Kind::Party, &owner, &wechat, json!(SECRET)).unwrap();
    fills(&mut device, Kind::Party, &owner, &pets, json!(cat)).unwrap();
    fills(&mut device, Kind::Party, &owner, &remark, json!("紫砂壶收藏")).unwrap();
    fills(&mut device, Kind::Party, &owner, &remark, json!("收藏黄花梨")).unwrap();
    let before = device.exports();
    let mut tablet = Device::new(9);
    tablet.merges(&before);
    tablet.compacts();

    let asked = |device: &mut Device| -> String {
        [
            Query::Party { id: owner.clone() },
            Query::Fields { kind: Kind::Party, id: owner.clone() },
            Query::People { filter: PeopleFilter::default(), offset: 0, limit: 9 },
            Query::Holders { field: wechat.clone(), offset: 0, limit: 9 },
            Query::House { id: HOUSE.into(), as_of: None },
        ]
        .into_iter()
        .map(|query| serde_json::to_string(&device.engine.query(query)).unwrap())
        .collect()
    };
    let told = asked(&mut device);
    assert!(!told.contains(SECRET) && told.contains(HIDDEN) && told.contains("收藏黄花梨"));
    let mut host = Host::new(device.engine);
    let mut ask = |request| block_on(host.handle(request, Vec::new(), &Unwatched)).0;
    let history = ask(Request::History { subjects: vec![(Kind::Party, owner.clone())] });
    let history = serde_json::to_string(&history).unwrap();
    assert!(!history.contains(SECRET) && history.contains(&name_of(&wechat)) && history.contains("紫砂壶收藏"));
    let reveal = Request::Reveal { party: owner.clone(), why: "回访".into(), by: "林晓".into() };
    let Reply::Answer(answer) = ask(reveal) else { panic!() };
    let Answer::Revealed(full) = *answer else { panic!() };
    assert_eq!(full.own, [(name_of(&wechat), json!(SECRET))]);
    let held =
        Request::Holdings { party: owner.clone(), why: "本人申请".into(), by: "林晓".into(), is_file: false };
    let Reply::Holdings(held) = ask(held) else { panic!() };
    let told = serde_json::to_string(&held).unwrap();
    // For the person themselves it is in full and in words.
    assert!(told.contains(SECRET) && told.contains("灰毛折耳猫") && !told.contains(&cat));
    assert_eq!(held.own_fields.get(&name_of(&wechat)).map(String::as_str), Some("微信号"));

    // Out of use with the person.
    let restrict = PrivacyCommand::Restrict {
        party: owner.clone(),
        ground: Some(RestrictionGround::Claim),
        note: String::new(),
        until: "2026-12-31".into(),
        by: "林晓".into(),
    };
    tablet.does(Command::Privacy(restrict)).unwrap();
    let told = asked(&mut tablet);
    assert!(!told.contains(HIDDEN) && !told.contains("收藏黄花梨") && !told.contains(&cat), "{told}");
    assert_eq!(code(fills(&mut tablet, Kind::Party, &owner, &remark, json!("x"))), "party_restricted@");
    let lift = PrivacyCommand::Lift { party: owner.clone(), why: "已结".into(), by: "林晓".into() };
    tablet.does(Command::Privacy(lift)).unwrap();

    // Erased with the person, of every device, log, chunk and bundle.
    let order = ErasureOrder {
        party: owner.clone(),
        why: "本人要求".into(),
        typed: "李玉梅".into(),
        despite_open_cases: true,
        redact: Vec::new(),
    };
    block_on(tablet.engine.erase_person(&order, "林晓")).unwrap();
    tablet.compacts();
    for gone in [SECRET, "紫砂壶收藏", "收藏黄花梨"] {
        assert!(!tablet.bytes_hold(gone), "the database holds {gone}");
        let bundle =
            block_on(tablet.engine.export(&ExportScope::default(), "林晓", Form::Json, &Unwatched)).unwrap();
        assert!(!String::from_utf8_lossy(&bundle).contains(gone), "a bundle holds {gone}");
    }
    tablet.merges(&before);
    assert!(!tablet.bytes_hold(SECRET) && tablet.bytes_hold("灰毛折耳猫"));
    assert_eq!(row(&mut tablet, &wechat).values, 0);
}

#[test]
fn an_undone_definition_leaves_its_values_readable_and_merged_people_keep_theirs() {
    let (mut device, owner, tenant) = household(1);
    let new = Box::new(field(FieldSubject::Person, "微信号", FieldForm::Text));
    let put = FieldCommand::Put { id: None, new, choices: Vec::new(), seen: BTreeMap::new() };
    let receipt = device.does(Command::Fields(put)).unwrap();
    let id = receipt.subject.unwrap();
    fills(&mut device, Kind::Party, &tenant, &id, json!("wx88")).unwrap();
    let merge = ArchiveCommand::MergeParties { keep: owner.clone(), drop: tenant, from_drop: Vec::new() };
    device.does(Command::Archive(merge)).unwrap();
    assert_eq!(of_party(&mut device, &owner).values, [(name_of(&id), json!("wx88"))]);
    device.reverts(&receipt.undo.unwrap());
    assert_eq!(rows(&mut device), []);
    let own = OwnFields::of(device.engine.records());
    assert_eq!(own.get(&name_of(&id)).map(|own| (own.label(true), own.is_offered())), Some(("微信号", false)));
    assert_eq!(of_party(&mut device, &owner).values, [(name_of(&id), json!("wx88"))]);
}
