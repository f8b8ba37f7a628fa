//! Merge is the union of sets: whatever the order, however often, in whatever pieces.
//!
//! A small world of devices writes, merges, erases, is copied, and has clocks that jump back, tie and overflow.
//! Whoever then gets the same actions must say the same thing, byte for byte.

use std::collections::{BTreeMap, HashMap};

use anju_domain::bundle::{self, Form, Header, Writer};
use anju_domain::env::{Env, FixedEnv};
use anju_domain::ids::{ActionId, WriteId};
use anju_domain::log::action::{self, Batch, Draft, Head, What};
use anju_domain::log::hlc::Clock;
use anju_domain::log::merge::{LogIndex, Offer};
use anju_domain::records::{Kind, Records};
use proptest::prelude::*;

const FIELDS: [&str; 3] = ["name", "phone", "remark"];

#[derive(Debug, Clone)]
enum Step {
    Write { device: usize, record: u8, field: usize, value: u8 },
    Batch { device: usize, record: u8, parts: u32 },
    Erase { device: usize, record: u8 },
    Merge { from: usize, to: usize },
    Clone { device: usize },
    Clock { device: usize, to: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..3_usize;
    prop_oneof![
        8 => (device.clone(), 0..4_u8, 0..3_usize, 0..3_u8)
            .prop_map(|(device, record, field, value)| Step::Write { device, record, field, value }),
        1 => (device.clone(), 0..4_u8, 2..4_u32).prop_map(|(device, record, parts)| Step::Batch { device, record, parts }),
        1 => (device.clone(), 0..4_u8).prop_map(|(device, record)| Step::Erase { device, record }),
        4 => (device.clone(), device.clone()).prop_map(|(from, to)| Step::Merge { from, to }),
        1 => device.clone().prop_map(|device| Step::Clone { device }),
        2 => (device, prop_oneof![Just(0), Just(1_000), Just(i64::MAX), Just(-5)])
            .prop_map(|(device, to)| Step::Clock { device, to }),
    ]
}

/// A device: its log as texts in the order in which it came, and what it says.
#[derive(Clone)]
struct Device {
    name: String,
    env: FixedEnv,
    clock: Clock,
    seq: u64,
    prev: Option<ActionId>,
    replica: Replica,
}

/// A set of actions and its fold, as any receiver keeps it.
#[derive(Clone, Default)]
struct Replica {
    texts: BTreeMap<String, String>,
    index: LogIndex,
    records: Records,
    waiting: HashMap<String, Vec<String>>,
}

impl Replica {
    fn take(&mut self, text: &str) {
        let action = action::read(text).expect("an action of our own");
        assert!(action.is_intact);
        match self.index.offer(action.id, &action.head) {
            Offer::Same => {
                // Of two copies of an action the erased one is kept.
                let known = self.texts.get_mut(&action.id.to_string()).expect("known");
                if text.len() < known.len() {
                    *known = text.to_owned();
                }
                return;
            }
            Offer::Added => {
                self.records.apply(&action);
            }
            Offer::Waiting => self.waiting.entry(batch_id(&action)).or_default().push(text.to_owned()),
            Offer::Completed => {
                self.records.apply(&action);
                for part in self.waiting.remove(&batch_id(&action)).unwrap_or_default() {
                    self.records.apply(&action::read(&part).expect("kept"));
                }
            }
        }
        self.texts.insert(action.id.to_string(), text.to_owned());
    }

    /// The log as it is written out: erased values are gone from it, sorted by id.
    fn log(&self) -> Vec<String> {
        let erased = |kind: &str, id: &str| {
            Kind::of(kind).and_then(|kind| self.records.find(kind, id)).is_some_and(|record| record.is_erased)
        };
        self.texts.values().map(|text| action::redact(text, erased).unwrap_or_else(|| text.clone())).collect()
    }
}

fn batch_id(action: &action::Action<'_>) -> String {
    action.head.batch.as_ref().map(|batch| batch.id.clone()).unwrap_or_default()
}

impl Device {
    fn new(number: u64) -> Self {
        Self {
            name: format!("device-{number}"),
            env: FixedEnv::new(1_000, number),
            clock: Clock::default(),
            seq: 0,
            prev: None,
            replica: Replica::default(),
        }
    }

    fn append(&mut self, changes: &[Draft], batch: Option<Batch>) {
        self.seq += 1;
        let now = self.env.now();
        let head = Head {
            stream: "organisation".into(),
            device: self.name.clone(),
            seq: self.seq,
            prev: self.prev,
            at: self.clock.tick(now),
            wall: now,
            by: "tester".into(),
            name: "test".into(),
            why: None,
            batch,
            undoes: None,
        };
        let sealed = action::seal(head, changes, &mut self.env);
        self.prev = Some(sealed.id);
        self.replica.take(&sealed.text);
    }

    fn write(&mut self, record: u8, field: usize, value: u8, batch: Option<Batch>) {
        let id = format!("p{record}");
        let over: BTreeMap<String, Vec<WriteId>> = self
            .replica
            .records
            .find(Kind::Party, &id)
            .map(|record| self.replica.records.shown_writes(record, FIELDS[field]))
            .filter(|writes| !writes.is_empty())
            .map(|writes| BTreeMap::from([(FIELDS[field].to_owned(), writes)]))
            .unwrap_or_default();
        let fields = vec![(FIELDS[field].to_owned(), value.to_string())];
        let what = What::Write { fields, over };
        self.append(&[Draft { kind: "party".into(), id, what }], batch);
    }
}

fn world(steps: &[Step]) -> Vec<String> {
    let mut devices: Vec<Device> = (0..3).map(Device::new).collect();
    for (number, step) in steps.iter().enumerate() {
        match *step {
            Step::Write { device, record, field, value } => devices[device].write(record, field, value, None),
            Step::Batch { device, record, parts } => {
                let id = format!("b{number}");
                for part in 1..=parts {
                    let batch = Some(Batch { id: id.clone(), part, of: parts });
                    devices[device].write(record, 0, u8::try_from(part).expect("small"), batch);
                }
            }
            Step::Erase { device, record } => {
                let draft = Draft { kind: "party".into(), id: format!("p{record}"), what: What::Erase };
                devices[device].append(&[draft], None);
            }
            Step::Merge { from, to } => {
                for text in devices[from].replica.log() {
                    devices[to].replica.take(&text);
                }
            }
            Step::Clone { device } => {
                // The copied image goes on under the same name with other random numbers.
                let mut copy = devices[device].clone();
                copy.env = FixedEnv::new(500, 100 + u64::try_from(number).expect("small"));
                let other = (device + 1) % devices.len();
                let old = std::mem::replace(&mut devices[other], copy);
                for text in old.replica.log() {
                    devices[other].replica.take(&text);
                }
            }
            Step::Clock { device, to } => devices[device].env.clock = to,
        }
    }
    let mut all: Vec<String> = devices.iter().flat_map(|device| device.replica.log()).collect();
    all.sort_unstable();
    all
}

fn said_by(texts: &[String]) -> (String, Vec<String>) {
    let mut replica = Replica::default();
    for text in texts {
        replica.take(text);
    }
    (replica.records.fingerprint(), replica.log())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_any_repetition_says_the_same(
        steps in prop::collection::vec(step(), 1..25),
        order in any::<prop::sample::Selector>(),
        seed in any::<u64>(),
    ) {
        let texts = world(&steps);
        let expected = said_by(&texts);
        let mut shuffled: Vec<(u64, &String)> = texts
            .iter()
            .enumerate()
            .map(|(i, text)| (FixedEnv::new(0, seed ^ u64::try_from(i).expect("small")).random()[0].into(), text))
            .collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let mut shuffled: Vec<String> = shuffled.into_iter().map(|(_, text)| text.clone()).collect();
        if !shuffled.is_empty() {
            let again = order.select(shuffled.clone());
            shuffled.push(again);
        }
        prop_assert_eq!(said_by(&shuffled), expected);
    }

    #[test]
    fn any_split_into_bundles_says_the_same(
        steps in prop::collection::vec(step(), 1..20),
        pieces in 1..5_usize,
    ) {
        let texts = world(&steps);
        let expected = said_by(&texts);
        let mut replica = Replica::default();
        for piece in texts.chunks(texts.len().div_ceil(pieces).max(1)).rev() {
            let header = Header {
                organisation: None,
                bundle: "b".into(),
                device: "d".into(),
                author: "a".into(),
                created: 0,
                receiver: None,
                streams: BTreeMap::new(),
            };
            let mut writer = Writer::new(&header, Form::Json);
            for text in piece {
                writer.action(text);
            }
            let bytes = writer.finish();
            for text in bundle::read(&bytes).expect("our own bundle").actions {
                replica.take(text);
            }
        }
        prop_assert_eq!((replica.records.fingerprint(), replica.log()), expected);
    }
}

#[test]
fn three_hundred_bundles_in_ten_random_orders_give_one_hash() {
    let mut bundles: Vec<Vec<String>> = Vec::new();
    for number in 0..300_u64 {
        let mut device = Device::new(number);
        // Every device knows a common start, so that writes really meet.
        if let Some(first) = bundles.first() {
            for text in first.clone() {
                device.replica.take(&text);
            }
        }
        for n in 0..5_u8 {
            device.write(n, usize::from(n) % 3, u8::try_from(number % 7).expect("small"), None);
        }
        bundles.push(device.replica.log());
    }
    let mut hashes: Vec<String> = (0..10_u64)
        .map(|order| {
            let mut env = FixedEnv::new(0, order);
            let mut shuffled: Vec<([u8; 16], &Vec<String>)> = bundles.iter().map(|b| (env.random(), b)).collect();
            shuffled.sort_by_key(|(key, _)| *key);
            let mut replica = Replica::default();
            for (_, bundle) in shuffled {
                for text in bundle {
                    replica.take(text);
                }
            }
            replica.records.fingerprint()
        })
        .collect();
    hashes.dedup();
    assert_eq!(hashes.len(), 1);
}

#[test]
fn a_conflict_is_listed_until_a_write_names_both_sides() {
    let mut centre = Device::new(1);
    centre.write(0, 0, 0, None);
    let start = centre.replica.log();
    let mut tablet = Device::new(2);
    for text in start {
        tablet.replica.take(&text);
    }
    centre.write(0, 0, 1, None);
    tablet.write(0, 0, 2, None);
    tablet.write(0, 1, 9, None);
    for text in tablet.replica.log() {
        centre.replica.take(&text);
    }
    let records = &centre.replica.records;
    let record = records.get(Kind::Party, "p0").expect("there");
    assert_eq!(records.conflicts(record), ["name"]);
    assert_eq!(records.shown(record, "phone"), Some("9"), "another field merges");
    let seen: Vec<WriteId> = records.rivals(record, "name").iter().map(|rival| rival.write).collect();
    assert_eq!(seen.len(), 2);
    let over = BTreeMap::from([("name".to_owned(), seen)]);
    let fields = vec![("name".to_owned(), "2".to_owned())];
    let what = What::Write { fields, over };
    centre.append(&[Draft { kind: "party".into(), id: "p0".into(), what }], None);
    let records = &centre.replica.records;
    let record = records.get(Kind::Party, "p0").expect("there");
    assert_eq!(records.conflicts(record), Vec::<&str>::new());
    assert_eq!(records.shown(record, "name"), Some("2"));
}

#[test]
fn unknown_kinds_fields_and_head_members_survive() {
    let mut device = Device::new(1);
    let fields = vec![("smell".to_owned(), r#"{"like": [1.50, "rose"]}"#.to_owned())];
    let what = What::Write { fields, over: BTreeMap::new() };
    device.append(&[Draft { kind: "weather".into(), id: "w1".into(), what }], None);
    let text = device.replica.log().remove(0);
    let mut other = Replica::default();
    other.take(&text);
    assert_eq!(other.log(), [text]);
    let (_, table) = other.records.tables().find(|(name, _)| *name == "weather").expect("folded by name");
    let record = table.rows().first().expect("one");
    assert_eq!(other.records.fields(record), [("smell", r#"{"like": [1.50, "rose"]}"#)]);
}

#[test]
fn one_value_in_two_spellings_is_no_conflict() {
    let mut one = Device::new(1);
    let mut other = Device::new(2);
    for (device, value) in [(&mut one, "\"中\""), (&mut other, "\"\\u4e2d\"")] {
        let what = What::Write { fields: vec![("name".to_owned(), value.to_owned())], over: BTreeMap::new() };
        device.append(&[Draft { kind: "party".into(), id: "p0".into(), what }], None);
    }
    for text in other.replica.log() {
        one.replica.take(&text);
    }
    let records = &one.replica.records;
    let record = records.get(Kind::Party, "p0").expect("there");
    assert_eq!(record.writes.len(), 2);
    assert_eq!(records.conflicts(record), Vec::<&str>::new());
}
