//! Commands that change lists of words, and their rules.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::{Entry, STEP, Term, TermList, Vocabulary, is_choice, term_id};
use crate::archive::normalise;
use crate::archive::people::today;
use crate::cases::model::ResponsibleParty;
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::{ORGANISATION_STREAM, WriteId, hex};
use crate::records::{Kind, Records};

/// Longest name of an entry, in characters.
const MAX_NAME: usize = 60;

/// What a person asks of lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TreeCommand {
    /// Adds an own entry, behind the others.
    Add {
        /// Which list.
        list: TermList,
        /// The area, where the entry is a leaf.
        area: Option<String>,
        /// What it is called.
        new: Wording,
    },
    /// Says what an entry is called and who usually must act.
    Edit {
        /// Which list.
        list: TermList,
        /// Which entry.
        code: String,
        /// What it is called; an empty name is the delivered one.
        new: Wording,
        /// Per field the writes that the form showed.
        seen: BTreeMap<String, Vec<WriteId>>,
    },
    /// Moves an entry by one among its neighbours.
    Move {
        /// Which list.
        list: TermList,
        /// Which entry.
        code: String,
        /// Towards the beginning.
        up: bool,
    },
    /// Takes an entry out of what is offered, or offers it again. Records that name it keep it.
    Retire {
        /// Which list.
        list: TermList,
        /// Which entry.
        code: String,
        /// Whether it is taken out.
        retired: bool,
    },
    /// Makes a delivered entry as it was delivered.
    Reset {
        /// Which list.
        list: TermList,
        /// Which entry.
        code: String,
    },
}

/// What a form says of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Who usually must act, where the entry is a leaf.
    pub responsible: Option<ResponsibleParty>,
}

/// Decides a command of lists.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: TreeCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    match command {
        TreeCommand::Add { list, area, new } => add(records, list, area.as_deref(), new, env),
        TreeCommand::Edit { list, code, new, seen } => edit(records, &list, &code, new, &seen),
        TreeCommand::Move { list, code, up } => step(records, &list, &code, up),
        TreeCommand::Retire { list, code, retired } => retire(records, &list, &code, retired, env),
        TreeCommand::Reset { list, code } => {
            let lists = Vocabulary::of(records);
            let entry = entry_of(&lists, &list, &code)?;
            let Some(delivered) = &entry.delivered else { return Err(Rejection::new("not_delivered")) };
            if delivered.zh != entry.names.zh {
                check_free(&lists, &list, entry.area(), Some(&code), &delivered.zh)?;
            }
            put(records, &list, &code, Term::default(), "reset_term")
        }
    }
}

fn add(
    records: &Records,
    list: TermList,
    area: Option<&str>,
    new: Wording,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let lists = Vocabulary::of(records);
    // The areas are what figures of surveys are made of; only leaves are added to the tree.
    if (list == TermList::Indicator) != area.is_some() {
        return Err(Rejection::of("area", "area_missing"));
    }
    if let Some(area) = area {
        entry_of(&lists, &list, area)?;
    }
    let zh = name("zh", &new.zh)?.ok_or_else(|| Rejection::of("zh", "name_missing"))?;
    let en = name("en", &new.en)?;
    check_free(&lists, &list, area, None, &zh)?;
    let own = format!("own_{}", hex(env.random().get(..4).unwrap_or_default()));
    let code = area.map_or_else(|| own.clone(), |area| format!("{area}.{own}"));
    let last = siblings(&lists, &list, area).map(|entry| entry.place).filter(|place| *place < i64::MAX).max();
    let term = Term {
        zh: Some(zh),
        en,
        place: Some(last.unwrap_or(0).saturating_add(STEP)),
        responsible: area.and(new.responsible),
        ..Term::default()
    };
    put(records, &list, &code, term, "add_term")
}

fn edit(
    records: &Records,
    list: &TermList,
    code: &str,
    new: Wording,
    seen: &BTreeMap<String, Vec<WriteId>>,
) -> Result<Decision, Rejection> {
    let lists = Vocabulary::of(records);
    let entry = entry_of(&lists, list, code)?;
    let before = term_of(records, list, code);
    let mut zh = name("zh", &new.zh)?;
    let mut en = name("en", &new.en)?;
    match &entry.delivered {
        Some(names) => {
            zh = zh.filter(|zh| *zh != names.zh);
            en = en.filter(|en| *en != names.en);
        }
        None => {
            zh = Some(zh.ok_or_else(|| Rejection::of("zh", "name_missing"))?);
        }
    }
    let shown = zh.as_ref().or_else(|| entry.delivered.as_ref().map(|names| &names.zh));
    if let Some(shown) = shown.filter(|shown| **shown != entry.names.zh) {
        check_free(&lists, list, entry.area(), Some(code), shown)?;
    }
    let after = Term { zh, en, responsible: entry.area().and(new.responsible), ..before.clone() };
    // A field that moved while the form was open is a question, not an overwrite.
    let moved = [
        ("zh", before.zh != after.zh),
        ("en", before.en != after.en),
        ("responsible", before.responsible != after.responsible),
    ];
    if let Some(record) = records.get(Kind::Term, &term_id(list, code)) {
        for (field, _) in moved.into_iter().filter(|(_, differs)| *differs) {
            let rivals = records.rivals(record, field);
            let known = seen.get(field).map(Vec::as_slice).unwrap_or_default();
            if rivals.last().is_some_and(|rival| !known.contains(&rival.write)) {
                return Err(Rejection::of(field, "field_moved"));
            }
        }
    }
    put(records, list, code, after, "edit_term")
}

fn step(records: &Records, list: &TermList, code: &str, up: bool) -> Result<Decision, Rejection> {
    let lists = Vocabulary::of(records);
    let entry = entry_of(&lists, list, code)?;
    let mut order: Vec<&Entry> = siblings(&lists, list, entry.area()).collect();
    let from = order.iter().position(|other| other.code == code).unwrap_or_default();
    let to = if up { from.checked_sub(1) } else { Some(from + 1).filter(|to| *to < order.len()) };
    let to = to.ok_or_else(|| Rejection::new("nothing_changes"))?;
    let own = order.remove(from);
    order.insert(to, own);
    let before = to.checked_sub(1).and_then(|at| order.get(at)).map(|entry| entry.place);
    let after = order.get(to + 1).map(|entry| entry.place);
    let place = match (before, after) {
        (Some(before), Some(after)) => {
            let gap = after.saturating_sub(before);
            (gap > 1).then(|| before.saturating_add(gap / 2))
        }
        (Some(before), None) => before.checked_add(STEP),
        (None, Some(after)) => after.checked_sub(STEP),
        (None, None) => None,
    };
    let mut editor = Editor::new(records);
    match place {
        Some(place) => write(&mut editor, list, code, &Term { place: Some(place), ..term_of(records, list, code) }),
        // No room is left between two neighbours, so all of them are numbered anew.
        None => {
            for (number, other) in (1_i64..).zip(order) {
                let place = Some(number.saturating_mul(STEP));
                write(&mut editor, list, &other.code, &Term { place, ..term_of(records, list, &other.code) });
            }
        }
    }
    editor.decide("move_term")
}

fn retire(
    records: &Records,
    list: &TermList,
    code: &str,
    retired: bool,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let lists = Vocabulary::of(records);
    let entry = entry_of(&lists, list, code)?;
    if !is_choice(list, entry) {
        return Err(Rejection::new("area_stays"));
    }
    if retired == entry.retired_on.is_some() {
        return Err(Rejection::new("nothing_changes"));
    }
    if retired {
        let others = lists.entries(list).iter().filter(|other| other.is_offered() && is_choice(list, other));
        if others.filter(|other| other.code != code).count() == 0 {
            return Err(Rejection::new("last_choice"));
        }
    } else {
        check_free(&lists, list, entry.area(), Some(code), &entry.names.zh)?;
    }
    let retired_on = retired.then(|| today(env));
    let term = Term { retired_on, ..term_of(records, list, code) };
    put(records, list, code, term, if retired { "retire_term" } else { "offer_term" })
}

fn entry_of<'v>(lists: &'v Vocabulary, list: &TermList, code: &str) -> Result<&'v Entry, Rejection> {
    let entry = lists.entry(list.word(), code).filter(|entry| !entry.is_dropped);
    entry.ok_or_else(|| Rejection::new("record_missing"))
}

/// Entries that stand beside each other: the leaves of an area, the areas, or a whole list.
fn siblings<'v>(
    lists: &'v Vocabulary,
    list: &TermList,
    area: Option<&'v str>,
) -> impl Iterator<Item = &'v Entry> + use<'v> {
    lists.entries(list).iter().filter(move |entry| !entry.is_dropped && entry.area() == area)
}

/// A name as it is kept; `None` where nothing was typed.
fn name(field: &str, raw: &str) -> Result<Option<String>, Rejection> {
    let text = normalise::text(raw);
    if text.chars().count() > MAX_NAME {
        return Err(Rejection::of(field, "too_long"));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// Refuses a name that a neighbour has.
fn check_free(
    lists: &Vocabulary,
    list: &TermList,
    area: Option<&str>,
    own: Option<&str>,
    zh: &str,
) -> Result<(), Rejection> {
    let twin = lists
        .entries(list)
        .iter()
        .filter(|entry| !entry.is_dropped && entry.area() == area && Some(entry.code.as_str()) != own)
        .find(|entry| entry.names.zh == zh);
    match twin {
        Some(twin) if twin.is_offered() => Err(Rejection::of("zh", "name_taken")),
        Some(_) => Err(Rejection::of("zh", "name_retired")),
        None => Ok(()),
    }
}

/// What was written about an entry and holds.
fn term_of(records: &Records, list: &TermList, code: &str) -> Term {
    let record = records.get(Kind::Term, &term_id(list, code));
    record.and_then(|record| records.read(Kind::Term, record).ok()).unwrap_or_default()
}

/// Makes the record of an entry say exactly this; what is absent is cleared.
fn write(editor: &mut Editor<'_>, list: &TermList, code: &str, term: &Term) {
    const CLEARED: [&str; 5] = ["zh", "en", "place", "responsible", "retired_on"];
    let id = term_id(list, code);
    let records = editor.records();
    let mut fields =
        crate::command::fields_of(&Term { list: Some(list.clone()), code: code.to_owned(), ..term.clone() });
    if let Some(record) = records.find(Kind::Term, &id) {
        for name in CLEARED {
            let is_set = records.shown(record, name).is_some_and(|value| value != "null");
            if is_set && !fields.iter().any(|(given, _)| given == name) {
                fields.push((name.to_owned(), "null".to_owned()));
            }
        }
    }
    editor.put_fields(ORGANISATION_STREAM, Kind::Term, &id, fields);
}

fn put(
    records: &Records,
    list: &TermList,
    code: &str,
    term: Term,
    name: &'static str,
) -> Result<Decision, Rejection> {
    if term == term_of(records, list, code) || (term == Term::default() && is_unwritten(records, list, code)) {
        return Err(Rejection::new("nothing_changes"));
    }
    let mut editor = Editor::new(records);
    write(&mut editor, list, code, &term);
    let mut decision = editor.decide(name)?;
    decision.subject = Some(code.to_owned());
    Ok(decision)
}

/// Whether nothing that holds was written about an entry.
fn is_unwritten(records: &Records, list: &TermList, code: &str) -> bool {
    records.get(Kind::Term, &term_id(list, code)).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::FixedEnv;
    use crate::log::action::{self, Draft, Head};
    use crate::log::hlc::Hlc;

    struct World {
        records: Records,
        env: FixedEnv,
        seq: u64,
    }

    impl World {
        fn new() -> Self {
            Self { records: Records::default(), env: FixedEnv::new(1_770_000_000_000, 7), seq: 0 }
        }

        fn run(&mut self, command: TreeCommand) -> Result<String, Rejection> {
            let decision = decide(&self.records, command, &mut self.env)?;
            self.seq += 1;
            let head = Head {
                stream: ORGANISATION_STREAM.into(),
                device: "d".into(),
                seq: self.seq,
                prev: None,
                at: Hlc(self.seq),
                wall: 0,
                by: String::new(),
                name: String::new(),
                why: None,
                batch: None,
                undoes: None,
            };
            let drafts: Vec<Draft> = decision.changes.into_iter().map(|(_, draft)| draft).collect();
            let sealed = action::seal(head, &drafts, &mut self.env);
            self.records.apply(&action::read(&sealed.text).unwrap());
            Ok(decision.subject.unwrap_or_default())
        }

        fn lists(&self) -> Vocabulary {
            Vocabulary::of(&self.records)
        }

        fn leaves(&self, area: &str) -> Vec<String> {
            let tree = self.lists().tree("");
            let area = tree.areas.into_iter().find(|own| own.code == area).unwrap();
            area.leaves.into_iter().map(|leaf| leaf.zh).collect()
        }
    }

    const TREE: TermList = TermList::Indicator;
    const WINDOWS: &str = "engineering.doors_windows";

    fn named(zh: &str) -> Wording {
        Wording { zh: zh.to_owned(), ..Wording::default() }
    }

    fn edit_of(code: &str, new: Wording) -> TreeCommand {
        TreeCommand::Edit { list: TREE, code: code.to_owned(), new, seen: BTreeMap::new() }
    }

    fn add_of(area: &str, zh: &str) -> TreeCommand {
        TreeCommand::Add { list: TREE, area: Some(area.to_owned()), new: named(zh) }
    }

    fn retire_of(code: &str, retired: bool) -> TreeCommand {
        TreeCommand::Retire { list: TREE, code: code.to_owned(), retired }
    }

    fn code(result: Result<String, Rejection>) -> String {
        result.unwrap_err().code
    }

    #[test]
    fn a_leaf_is_called_otherwise_and_goes_back_to_what_it_was_called() {
        let mut world = World::new();
        world.run(edit_of(WINDOWS, named(" 门窗五金 "))).unwrap();
        assert_eq!(world.lists().leaf_zh(WINDOWS), "工程/门窗五金");
        let lists = world.lists();
        let entry = lists.entry("indicator", WINDOWS).unwrap();
        assert_eq!((entry.names.en.as_str(), entry.is_changed), ("Doors and windows", true));
        world.run(TreeCommand::Reset { list: TREE, code: WINDOWS.to_owned() }).unwrap();
        assert_eq!(world.lists(), *Vocabulary::delivered());
        assert_eq!(code(world.run(TreeCommand::Reset { list: TREE, code: WINDOWS.to_owned() })), "nothing_changes");
    }

    #[test]
    fn an_own_leaf_stands_behind_the_others_and_is_offered_until_it_is_retired() {
        let mut world = World::new();
        let own = world.run(add_of("engineering", "地下室渗水")).unwrap();
        assert_eq!(world.leaves("engineering").last().unwrap(), "地下室渗水");
        world.run(retire_of(&own, true)).unwrap();
        assert!(!world.leaves("engineering").contains(&"地下室渗水".to_owned()));
        assert_eq!(world.lists().leaf_zh(&own), "工程/地下室渗水", "records that name it keep its name");
        let kept = world.lists().tree(&own);
        assert!(kept.leaves().any(|(_, leaf)| leaf.zh == "地下室渗水"), "a form that shows it keeps it");
        world.run(retire_of(&own, false)).unwrap();
        assert_eq!(world.leaves("engineering").last().unwrap(), "地下室渗水");
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_reason() {
        let mut world = World::new();
        let long = "门".repeat(MAX_NAME + 1);
        world.run(retire_of("design.facade", true)).unwrap();
        for (command, expected) in [
            (add_of("engineering", " "), "name_missing"),
            (add_of("engineering", &long), "too_long"),
            (add_of("engineering", "门窗"), "name_taken"),
            (add_of("design", "外立面"), "name_retired"),
            (add_of("astronomy", "星空"), "record_missing"),
            (TreeCommand::Add { list: TREE, area: None, new: named("新") }, "area_missing"),
            (edit_of("design.layout", named("景观环境")), "name_taken"),
            (edit_of("design.layout", named("")), "nothing_changes"),
            (edit_of("design.layout", named("户型布局")), "nothing_changes"),
            (edit_of("design.nothing", named("名")), "record_missing"),
            (retire_of("design", true), "area_stays"),
            (retire_of("design.facade", true), "nothing_changes"),
            (TreeCommand::Move { list: TREE, code: "design".to_owned(), up: true }, "nothing_changes"),
        ] {
            assert_eq!(code(world.run(command.clone())), expected, "{command:?}");
        }
        let channels: Vec<String> =
            world.lists().entries(&TermList::Channel).iter().map(|entry| entry.code.clone()).collect();
        let retire =
            |code: &String| TreeCommand::Retire { list: TermList::Channel, code: code.clone(), retired: true };
        for channel in channels.iter().skip(1) {
            world.run(retire(channel)).unwrap();
        }
        assert_eq!(code(world.run(retire(&channels[0]))), "last_choice");
    }

    #[test]
    fn the_same_name_may_stand_in_two_areas() {
        let mut world = World::new();
        world.run(add_of("engineering", "服务态度")).unwrap();
        world.run(add_of("marketing", "服务态度")).unwrap();
        assert_eq!(world.lists().namesakes(), []);
    }

    #[test]
    fn a_delivered_name_that_another_entry_bears_meanwhile_does_not_come_back() {
        let mut world = World::new();
        world.run(edit_of(WINDOWS, named("门窗五金"))).unwrap();
        let own = world.run(add_of("engineering", "门窗")).unwrap();
        let reset = TreeCommand::Reset { list: TREE, code: WINDOWS.to_owned() };
        assert_eq!(code(world.run(reset.clone())), "name_taken");
        world.run(edit_of(&own, named("窗外"))).unwrap_err();
        let record = world.records.get(Kind::Term, &term_id(&TREE, &own)).unwrap();
        let seen = BTreeMap::from([("zh".to_owned(), world.records.shown_writes(record, "zh"))]);
        world.run(TreeCommand::Edit { list: TREE, code: own, new: named("窗外"), seen }).unwrap();
        world.run(reset).unwrap();
        assert_eq!(world.lists().leaf_zh(WINDOWS), "工程/门窗");
    }

    #[test]
    fn an_entry_moves_step_by_step_however_often() {
        let mut world = World::new();
        let up = |code: &str| TreeCommand::Move { list: TREE, code: code.to_owned(), up: true };
        // Two that change places again and again use up the room between them.
        for _ in 0..40 {
            let first = world.lists().tree("").areas[1].leaves[1].code.clone();
            world.run(up(&format!("engineering.{first}"))).unwrap();
            let third = world.lists().tree("").areas[1].leaves[2].code.clone();
            world.run(up(&format!("engineering.{third}"))).unwrap();
        }
        let mut names = world.leaves("engineering");
        assert_eq!(names.len(), 5);
        names.sort();
        let mut delivered = World::new().leaves("engineering");
        delivered.sort();
        assert_eq!(names, delivered);
        world.run(up("engineering")).unwrap();
        assert_eq!(world.lists().tree("").areas[0].code, "engineering");
    }

    #[test]
    fn a_form_that_was_overtaken_is_asked() {
        let mut world = World::new();
        world.run(edit_of(WINDOWS, named("门窗五金"))).unwrap();
        assert_eq!(code(world.run(edit_of(WINDOWS, named("窗")))), "field_moved");
        let record = world.records.get(Kind::Term, &term_id(&TREE, WINDOWS)).unwrap();
        let seen = BTreeMap::from([("zh".to_owned(), world.records.shown_writes(record, "zh"))]);
        let command = TreeCommand::Edit { list: TREE, code: WINDOWS.to_owned(), new: named("窗"), seen };
        world.run(command).unwrap();
        assert_eq!(world.lists().leaf_zh(WINDOWS), "工程/窗");
    }

    #[test]
    fn only_a_leaf_has_somebody_who_usually_must_act() {
        let mut world = World::new();
        let new = Wording { responsible: Some(ResponsibleParty::Engineering), ..Wording::default() };
        world.run(edit_of(WINDOWS, new.clone())).unwrap();
        let lists = world.lists();
        assert_eq!(lists.entry("indicator", WINDOWS).unwrap().responsible, Some(ResponsibleParty::Engineering));
        assert_eq!(code(world.run(edit_of("design", new))), "nothing_changes");
    }
}
