//! Photos and scans that travel with their records, and go when those are erased.

use std::collections::BTreeMap;
use std::rc::Rc;

use anju_domain::bundle::{self, AttachmentWriter, Attachments, Form, Header, Writer};
use anju_domain::env::FixedEnv;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::log::action::{self, Draft, Head, What};
use anju_domain::log::hlc::Hlc;
use anju_domain::records::Kind;
use anju_engine::exchange::{ExportScope, MergeSummary};
use anju_engine::{EngineError, Unwatched};
use anju_store::{MemoryStore, Table};
use pollster::block_on;

use crate::device::{Device, NOW, ledger, open};
use crate::union::union_of;

const PHOTO: &[u8] = b"the photo of a window that does not close";

fn centre() -> (Device, String) {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    centre.imports(TableKind::Owners, &ledger(1));
    let house = centre.only(Kind::House);
    (centre, house)
}

fn attach(device: &mut Device, house: &str, name: &str, bytes: &[u8]) -> Result<String, EngineError> {
    let owner = (Kind::House, house);
    let receipt = block_on(device.engine.attach(owner, name, bytes.to_vec(), "林晓"))?;
    Ok(receipt.subject.unwrap())
}

fn export(device: &mut Device, attachments: bool, form: Form) -> Vec<u8> {
    let scope = ExportScope { attachments, ..ExportScope::default() };
    block_on(device.engine.export(&scope, "林晓", form, &Unwatched)).unwrap()
}

fn blobs(device: &Device) -> u64 {
    device.rows(Table::Blobs)
}

fn bytes_of(device: &Device, address: &str) -> Option<Vec<u8>> {
    block_on(device.engine.attachment_bytes(address)).unwrap()
}

#[test]
fn an_attachment_travels_with_its_bytes_or_without_and_may_come_later() {
    let (mut centre, house) = centre();
    let photo: Vec<u8> = (0..1_200_000_u32).map(|n| u8::try_from(n % 253).unwrap()).collect();
    let address = bundle::address(&photo);
    attach(&mut centre, &house, "窗户.jpg", &photo).unwrap();
    // The same bytes for another record are there once.
    attach(&mut centre, &house, "窗户（副本）.jpg", &photo).unwrap();
    assert_eq!(blobs(&centre), 1);

    let mut tablet = Device::new(2);
    let without = tablet.merges(&export(&mut centre, false, Form::Json));
    assert_eq!((without.attachments, without.attachments_added), (0, 0));
    let missing: Vec<String> = tablet.engine.missing_attachments().into_iter().map(|m| m.name).collect();
    assert_eq!(missing.len(), 2);
    assert!(missing.contains(&"窗户.jpg".to_owned()));
    assert!(!tablet.engine.has_attachment(&address));

    for form in [Form::Json, Form::Ndjson] {
        let mut other = Device::new(3);
        let with = other.merges(&export(&mut centre, true, form));
        assert_eq!((with.attachments, with.attachments_added, with.refused_attachments.len()), (1, 1, 0));
        assert_eq!(bytes_of(&other, &address).as_deref(), Some(&photo[..]));
        assert_eq!(other.engine.missing_attachments(), []);
    }
    let later = tablet.merges(&export(&mut centre, true, Form::Ndjson));
    assert_eq!((later.added, later.attachments_added), (0, 1));
    assert_eq!(tablet.engine.missing_attachments(), []);
    let again = tablet.merges(&export(&mut centre, true, Form::Json));
    assert_eq!((again.attachments, again.attachments_added), (1, 0));
    assert!(tablet.reopened_at(NOW, 9).engine.has_attachment(&address));
}

/// The actions of a bundle with other attachments.
fn repacked(source: &[u8], pack: impl FnOnce(&mut AttachmentWriter)) -> Vec<u8> {
    let read = bundle::read(source).unwrap();
    let mut writer = Writer::new(&read.header, Form::Json);
    for action in &read.actions {
        writer.action(action);
    }
    let mut writer = writer.attachments();
    pack(&mut writer);
    writer.close().finish(None)
}

fn said(summary: &MergeSummary) -> Vec<(&str, &str)> {
    summary.refused_attachments.iter().map(|r| (r.name.as_str(), r.reason.as_str())).collect()
}

#[test]
fn a_wrong_attachment_is_refused_by_name_and_the_rest_is_kept() {
    let (mut centre, house) = centre();
    attach(&mut centre, &house, "甲.jpg", b"one").unwrap();
    attach(&mut centre, &house, "乙.jpg", b"two").unwrap();
    let (one, two) = (bundle::address(b"one"), bundle::address(b"two"));
    let nobody = bundle::address(b"nobody's");
    let bad = repacked(&export(&mut centre, false, Form::Json), |writer| {
        writer.attachment(&one, b"not one");
        writer.attachment(&two, b"two");
        writer.attachment(&nobody, b"nobody's");
    });
    let mut tablet = Device::new(2);
    let summary = tablet.merges(&bad);
    assert_eq!((summary.attachments, summary.attachments_added, summary.refused), (3, 1, 0));
    let mut refused = said(&summary);
    refused.sort_unstable();
    let mut expected = [("甲.jpg", "wrong_hash"), (&nobody, "unwanted")];
    expected.sort_unstable();
    assert_eq!(refused, expected);
    assert_eq!(blobs(&tablet), 1);
    assert_eq!(tablet.engine.missing_attachments().len(), 1);
    assert_eq!(tablet.fingerprint(), centre.fingerprint());
}

/// A bundle with one action that erases a record.
fn erasure(kind: &str, id: &str) -> Vec<u8> {
    let head = Head {
        stream: "organisation".into(),
        device: "e".repeat(16),
        seq: 1,
        prev: None,
        at: Hlc(1),
        wall: 1,
        by: "林晓".into(),
        name: "erase".into(),
        why: None,
        batch: None,
        undoes: None,
    };
    let draft = Draft { kind: kind.into(), id: id.into(), what: What::Erase };
    let sealed = action::seal(head, &[draft], &mut FixedEnv::new(0, 77));
    let header = Header {
        organisation: None,
        bundle: "b".into(),
        device: "e".repeat(16),
        author: "林晓".into(),
        created: 1,
        receiver: None,
        streams: BTreeMap::new(),
    };
    let mut writer = Writer::new(&header, Form::Json);
    writer.action(&sealed.text);
    writer.finish()
}

#[test]
fn erasing_a_record_or_its_owner_drops_bytes_that_nobody_else_refers_to() {
    let (mut centre, house) = centre();
    let shared = attach(&mut centre, &house, "甲.jpg", PHOTO).unwrap();
    attach(&mut centre, &house, "乙.jpg", PHOTO).unwrap();
    let alone = attach(&mut centre, &house, "丙.jpg", b"only here").unwrap();
    let full = export(&mut centre, true, Form::Json);
    assert_eq!(blobs(&centre), 2);

    centre.merges(&erasure("attachment", &shared));
    assert_eq!(blobs(&centre), 2, "another record refers to the photo");
    centre.merges(&erasure("attachment", &alone));
    assert!(!centre.bytes_hold("only here"));
    assert_eq!(bytes_of(&centre, &bundle::address(PHOTO)).as_deref(), Some(PHOTO));
    // An old bundle does not bring it back.
    let again = centre.merges(&full);
    assert_eq!((again.attachments_added, said(&again).len()), (0, 1));
    assert!(!centre.bytes_hold("only here"));

    centre.merges(&erasure("house", &house));
    assert_eq!(blobs(&centre), 0);
    assert!(!centre.bytes_hold("photo of a window"));
    let out = export(&mut centre, true, Form::Json);
    assert_eq!(bundle::read(&out).unwrap().attachments.len(), 0);
    let (merged, _) = union_of(&[&full, &erasure("house", &house)], 1, Some(1));
    assert_eq!(bundle::read(&merged).unwrap().attachments.len(), 0);
}

#[test]
fn a_union_carries_attachments_along_once() {
    let (mut centre, house) = centre();
    attach(&mut centre, &house, "甲.jpg", PHOTO).unwrap();
    let full = export(&mut centre, true, Form::Json);
    for budget in [None, Some(1)] {
        let (merged, summaries) = union_of(&[&full, &full], 2, budget);
        assert_eq!(summaries.iter().map(|s| s.attachments_added).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(bundle::read(&merged).unwrap().attachments.len(), 1);
        let mut tablet = Device::new(2);
        assert_eq!(tablet.merges(&merged).attachments_added, 1);
        assert_eq!(tablet.fingerprint(), centre.fingerprint());
    }
}

#[test]
fn a_union_refuses_a_wrong_attachment_and_leaves_out_what_nobody_names() {
    let (mut centre, house) = centre();
    attach(&mut centre, &house, "甲.jpg", b"one").unwrap();
    attach(&mut centre, &house, "乙.jpg", b"two").unwrap();
    let (one, two, nobody) = (bundle::address(b"one"), bundle::address(b"two"), bundle::address(b"nobody's"));
    let bad = repacked(&export(&mut centre, false, Form::Json), |writer| {
        writer.attachment(&one, b"not one");
        writer.attachment(&two, b"two");
        writer.attachment(&nobody, b"nobody's");
    });
    for budget in [None, Some(1)] {
        let (merged, summaries) = union_of(&[&bad], 1, budget);
        assert_eq!(said(&summaries[0]), [(&*one, "wrong_hash")]);
        let merged = bundle::read(&merged).unwrap();
        assert_eq!(Attachments::of(&merged.attachments).addresses().collect::<Vec<_>>(), [&*two]);
    }
}

#[test]
fn an_attachment_needs_an_owner_a_name_and_a_size_that_travels() {
    let (mut centre, house) = centre();
    let refused = |outcome: Result<String, EngineError>| outcome.unwrap_err().to_string();
    assert_eq!(refused(attach(&mut centre, "nobody", "甲.jpg", PHOTO)), "refused: record_missing");
    assert_eq!(refused(attach(&mut centre, &house, "  ", PHOTO)), "refused: name_missing");
    let large = vec![0; anju_domain::format::MAX_ATTACHMENT + 1];
    assert_eq!(refused(attach(&mut centre, &house, "甲.jpg", &large)), "refused: attachment_too_large");
    assert_eq!((blobs(&centre), centre.count(Kind::Attachment)), (0, 0));
}

#[test]
fn a_full_disk_takes_neither_the_actions_nor_the_attachments_of_a_bundle() {
    let (mut centre, house) = centre();
    attach(&mut centre, &house, "甲.jpg", &[7; 4_000]).unwrap();
    let full = export(&mut centre, true, Form::Json);
    // Room for the attachment and not for the actions.
    let small = Rc::new(MemoryStore::with_limit(5_000));
    let mut tablet = open(&small, FixedEnv::new(NOW, 2)).unwrap();
    let before = tablet.fingerprint();
    assert!(block_on(tablet.engine.merge_bundle(&full, &Unwatched)).is_err());
    assert_eq!((tablet.fingerprint(), blobs(&tablet), tablet.rows(Table::Log)), (before, 0, 0));
}
