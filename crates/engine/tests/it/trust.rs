//! Whom a centre believes: enrolment, signatures, revocation, exceptions.
//!
//! The engine cannot sign; `Checked` says here what `anju-trust` would have found, which its own tests hold.

use std::collections::BTreeSet;
use std::rc::Rc;

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::bundle::Form;
use anju_domain::command::Command;
use anju_domain::ids::{ORGANISATION_STREAM, hex, project_stream};
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;
use anju_domain::trust::command::{Enrolment, TrustCommand};
use anju_domain::trust::{Checked, Signature, Verdict};
use anju_engine::backup::RestoreWay;
use anju_engine::exchange::ExportScope;
use anju_engine::host::Host;
use anju_engine::protocol::{FileContent, Reply, Request};
use anju_engine::queries::{Answer, Query};
use anju_engine::trust::{LocalKeys, OrganisationSecret, TrustPage};
use anju_engine::{EngineError, Unwatched};
use anju_store::MemoryStore;
use pollster::block_on;

use crate::device::{Device, NOW};

fn key(seed: u8) -> String {
    hex(&[seed; 32])
}

fn enrolment(device: &Device, name: &str, seed: u8) -> Enrolment {
    Enrolment {
        device: device.engine.device().to_owned(),
        name: name.into(),
        key: key(seed),
        certificate: hex(&[seed; 64]),
    }
}

/// A centre whose organisation has the key 1 and which is itself enrolled with the key 2.
fn centre() -> Device {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    let device = enrolment(&centre, "客服中心", 2);
    let set = TrustCommand::SetOrganisationKey { key: key(1), recipient: "age1centre".into(), device, why: None };
    centre.does(Command::Trust(set)).unwrap();
    centre
}

/// What `anju-trust` finds in a bundle that the key 3 has signed, with certificates for these devices.
fn signed_by_three(certified: &[&str]) -> Checked {
    Checked {
        signature: Signature::By(key(3)),
        organisation: Some(key(1)),
        certified: certified.iter().map(|id| (*id).to_owned()).collect(),
    }
}

fn code(refused: Result<anju_engine::Receipt, EngineError>) -> String {
    match refused {
        Err(EngineError::Rejected(rejection)) => rejection.code,
        other => panic!("{other:?}"),
    }
}

fn page(device: &mut Device) -> TrustPage {
    match device.engine.query(Query::Trust) {
        Answer::Trust(page) => *page,
        other => panic!("{other:?}"),
    }
}

/// Looks at a bundle and takes it, with or without a decision for it: what was shown, and what became of it.
fn takes(
    centre: &mut Host<Rc<MemoryStore>>,
    bundle: &[u8],
    checked: &Checked,
    accepted: &[usize],
) -> (FileContent, FileContent) {
    let mut ask = |request, bytes| match block_on(centre.handle(request, bytes, &Unwatched)).0 {
        Reply::Inspected(files) | Reply::Taken(files) => files.into_iter().next().unwrap().content,
        other => panic!("{other:?}"),
    };
    let look = Request::InspectFile { name: "云栖苑.json".into(), checked: checked.clone() };
    let shown = ask(look, bundle.to_vec());
    let taken = ask(Request::TakeFiles { accepted: accepted.to_vec(), by: "林晓".into() }, Vec::new());
    (shown, taken)
}

fn verdict(content: &FileContent) -> &Verdict {
    match content {
        FileContent::Bundle { verdict, .. } => verdict,
        other => panic!("{other:?}"),
    }
}

fn refusal(content: &FileContent) -> &str {
    match content {
        FileContent::Refused { error } => &error.code,
        other => panic!("{other:?}"),
    }
}

/// The reasons of the exceptions in a log.
fn exceptions(host: &mut Host<Rc<MemoryStore>>) -> Vec<String> {
    let bundle = block_on(host.engine.export(&ExportScope::default(), "", Form::Ndjson, &Unwatched)).unwrap();
    let text = String::from_utf8(bundle).unwrap();
    text.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|action| action["head"]["name"] == "take_bundle_by_exception")
        .map(|action| action["head"]["why"].as_str().unwrap().to_owned())
        .collect()
}

/// A tablet with the centre's organisation that has written something.
fn tablet(centre: &mut Device) -> Device {
    let mut tablet = Device::new(2);
    tablet.merges(&centre.exports());
    tablet.does(add_project("云栖苑")).unwrap();
    tablet
}

fn add_project(name: &str) -> Command {
    Command::Archive(ArchiveCommand::AddProjects {
        company: "深圳公司".into(),
        city: "深圳".into(),
        projects: vec![name.into()],
    })
}

#[test]
fn without_an_organisation_key_bundles_are_taken_and_only_a_wrong_signature_asks() {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    let bundle = tablet(&mut centre).exports();
    let mut host = Host::new(centre.engine);
    let unsigned = Checked::default();
    let wrong = Checked { signature: Signature::Wrong, ..Checked::default() };
    let (shown, taken) = takes(&mut host, &bundle, &wrong, &[]);
    assert_eq!((verdict(&shown), refusal(&taken)), (&Verdict::Wrong, "signature_wrong"));
    let (shown, taken) = takes(&mut host, &bundle, &unsigned, &[]);
    assert_eq!((verdict(&shown), verdict(&taken)), (&Verdict::Unverified, &Verdict::Unverified));
    assert_eq!(exceptions(&mut host), [""; 0]);
}

#[test]
fn an_enrolled_device_is_named_and_its_bundle_is_taken_without_a_question() {
    let mut centre = centre();
    let tablet_there = tablet(&mut centre);
    let tablet_id = tablet_there.engine.device().to_owned();
    centre.does(Command::Trust(TrustCommand::Enrol(enrolment(&tablet_there, " 云栖苑平板 ", 3)))).unwrap();
    let mut tablet_there = tablet_there;
    let bundle = tablet_there.exports();
    let mut host = Host::new(centre.engine);
    let (shown, taken) = takes(&mut host, &bundle, &signed_by_three(&[&tablet_id]), &[]);
    let enrolled = Verdict::Enrolled { device: tablet_id, name: "云栖苑平板".into() };
    assert_eq!((verdict(&shown), verdict(&taken)), (&enrolled, &enrolled));

    // The tablet learns of it with the next bundle back.
    let back = block_on(host.engine.export(&ExportScope::default(), "", Form::Json, &Unwatched)).unwrap();
    tablet_there.merges(&back);
    let seen = page(&mut tablet_there);
    let own = seen.devices.iter().find(|device| device.id == seen.own).unwrap();
    assert_eq!((own.name.as_str(), own.key.as_deref()), ("云栖苑平板", Some(key(3).as_str())));
}

#[test]
fn whatever_does_not_speak_for_a_bundle_stops_it_until_somebody_decides_and_the_decision_travels() {
    let mut centre = centre();
    let mut tablet = tablet(&mut centre);
    centre.does(Command::Trust(TrustCommand::Enrol(enrolment(&tablet, "云栖苑平板", 3)))).unwrap();
    let bundle = tablet.exports();
    let projects = centre.count(Kind::Place);
    let mut host = Host::new(centre.engine);
    let forged = signed_by_three(&[]);
    let unsigned = Checked { organisation: Some(key(1)), ..Checked::default() };
    let nobody_looked = Checked::default();
    let wrong = Checked { signature: Signature::Wrong, ..unsigned.clone() };
    for (checked, code) in [
        (&forged, "signature_unknown"),
        (&unsigned, "signature_unsigned"),
        (&nobody_looked, "signature_unsigned"),
        (&wrong, "signature_wrong"),
    ] {
        let (shown, taken) = takes(&mut host, &bundle, checked, &[]);
        assert!(verdict(&shown).needs_decision());
        assert_eq!(refusal(&taken), code);
        // A decision for another file is none for this one.
        assert_eq!(refusal(&takes(&mut host, &bundle, checked, &[1]).1), code);
    }
    assert_eq!(host.engine.records().live(Kind::Place).count(), projects);
    assert_eq!(exceptions(&mut host), [""; 0]);
    let (_, taken) = takes(&mut host, &bundle, &forged, &[0]);
    assert!(matches!(taken, FileContent::Bundle { .. }), "{taken:?}");
    assert_eq!(host.engine.records().live(Kind::Place).count(), projects + 1);
    let noted = exceptions(&mut host);
    assert_eq!(noted.len(), 1);
    assert!(noted[0].starts_with("unknown · 0303 0303") && noted[0].ends_with("云栖苑.json"), "{noted:?}");
}

#[test]
fn a_revoked_device_is_stopped_with_when_and_why_and_never_comes_back() {
    let mut centre = centre();
    let mut tablet = tablet(&mut centre);
    let id = tablet.engine.device().to_owned();
    let enrol = TrustCommand::Enrol(enrolment(&tablet, "云栖苑平板", 3));
    centre.does(Command::Trust(enrol.clone())).unwrap();
    let revoke = |why: &str| Command::Trust(TrustCommand::Revoke { device: id.clone(), why: why.into() });
    assert_eq!(code(centre.does(revoke(" "))), "reason_missing");
    centre.does(revoke("工地丢失")).unwrap();
    assert_eq!(code(centre.does(revoke("again"))), "device_revoked");
    assert_eq!(code(centre.does(Command::Trust(enrol))), "device_revoked");
    let other = Enrolment { device: hex(&[9; 8]), ..enrolment(&tablet, "换个名字", 3) };
    assert_eq!(code(centre.does(Command::Trust(TrustCommand::Enrol(other)))), "device_revoked");
    let bundle = tablet.exports();
    let mut host = Host::new(centre.engine);
    let (shown, taken) = takes(&mut host, &bundle, &signed_by_three(&[&id]), &[]);
    let Verdict::Revoked { name, why, at, .. } = verdict(&shown) else { panic!("{shown:?}") };
    assert_eq!((name.as_str(), why.as_str(), *at > NOW), ("云栖苑平板", "工地丢失", true));
    assert_eq!(refusal(&taken), "signature_revoked");
}

#[test]
fn a_device_that_is_revoked_between_the_look_and_the_taking_is_stopped() {
    let mut centre = centre();
    let mut tablet = tablet(&mut centre);
    let id = tablet.engine.device().to_owned();
    centre.does(Command::Trust(TrustCommand::Enrol(enrolment(&tablet, "云栖苑平板", 3)))).unwrap();
    let bundle = tablet.exports();
    let mut host = Host::new(centre.engine);
    let look = Request::InspectFile { name: "云栖苑.json".into(), checked: signed_by_three(&[&id]) };
    block_on(host.handle(look, bundle, &Unwatched));
    let revoke = Command::Trust(TrustCommand::Revoke { device: id, why: "丢失".into() });
    block_on(host.engine.execute(revoke, "林晓")).unwrap();
    // Even a decision that was made for the file as it was shown does not hold for what it is now.
    let take = Request::TakeFiles { accepted: vec![0], by: "林晓".into() };
    let (Reply::Taken(files), _) = block_on(host.handle(take, Vec::new(), &Unwatched)) else { panic!() };
    assert_eq!(refusal(&files[0].content), "signature_revoked");
}

#[test]
fn keys_have_rules() {
    let mut centre = Device::new(1);
    let set = |device: &Device, seed: u8, why: Option<&str>| {
        Command::Trust(TrustCommand::SetOrganisationKey {
            key: key(seed),
            recipient: "age1centre".into(),
            device: enrolment(device, "客服中心", 2),
            why: why.map(str::to_owned),
        })
    };
    let first = set(&centre, 1, None);
    assert_eq!(code(centre.does(first.clone())), "organisation_missing");
    centre.starts_organisation();
    let enrol = Command::Trust(TrustCommand::Enrol(enrolment(&centre, "客服中心", 2)));
    assert_eq!(code(centre.does(enrol)), "organisation_key_missing");
    centre.does(first).unwrap();
    let second = set(&centre, 4, None);
    assert_eq!(code(centre.does(second)), "reason_missing");
    let other = Device::new(5);
    for (wrong, why) in [
        (Enrolment { name: "  ".into(), ..enrolment(&other, "", 6) }, "name_missing"),
        (Enrolment { device: "a\nb".into(), ..enrolment(&other, "平板", 6) }, "device_unreadable"),
        (Enrolment { key: "no key".into(), ..enrolment(&other, "平板", 6) }, "key_unreadable"),
        (Enrolment { certificate: String::new(), ..enrolment(&other, "平板", 6) }, "key_unreadable"),
        (enrolment(&other, "平板", 2), "key_taken"),
    ] {
        assert_eq!(code(centre.does(Command::Trust(TrustCommand::Enrol(wrong)))), why);
    }
    let third = set(&centre, 4, Some("原来的电脑坏了"));
    centre.does(third).unwrap();
    assert_eq!(page(&mut centre).key, Some(key(4)));
}

#[test]
fn secrets_stay_in_the_database_and_in_no_bundle_and_a_first_device_key_stays() {
    let mut centre = centre();
    let secret = OrganisationSecret {
        public: key(1),
        signing: "5ec2e7".repeat(10),
        identity: "AGE-SECRET-KEY-1TEST".into(),
    };
    let kept =
        LocalKeys { device: Some("dec1ce".repeat(10)), organisation: vec![secret.clone()], anchor: Some(key(1)) };
    block_on(centre.engine.keep_keys(kept.clone())).unwrap();
    let later = LocalKeys { device: Some("another".into()), ..LocalKeys::default() };
    assert_eq!(block_on(centre.engine.keep_keys(later)).unwrap(), kept);
    let bundle = String::from_utf8(centre.exports()).unwrap();
    for text in [&secret.signing, &secret.identity, kept.device.as_ref().unwrap()] {
        assert!(!bundle.contains(text.as_str()) && !format!("{kept:?}").contains(text.as_str()));
    }
    let again = centre.reopened_at(NOW + 1, 7);
    assert_eq!(block_on(again.engine.keys()).unwrap(), kept);
    assert_eq!((kept.secret_of(&key(1)), kept.secret_of(&key(2))), (Some(&secret), None));
}

#[test]
fn a_lost_tablet_holds_its_projects_streams_and_nothing_of_other_projects_or_of_the_centres_secrets() {
    let mut centre = centre();
    let secret =
        OrganisationSecret { public: key(1), signing: "5ec2e7".repeat(10), identity: "AGE-SECRET-KEY-1".into() };
    let keys = LocalKeys { organisation: vec![secret.clone()], ..LocalKeys::default() };
    block_on(centre.engine.keep_keys(keys)).unwrap();
    let ledger = "项目名称,楼栋,单元,房号,业主姓名,手机号码\n\
                  四季花城,1栋,1单元,101,何静,13800000101\n\
                  云栖苑,1栋,1单元,101,陈明,13900000202\n";
    centre.imports(TableKind::Owners, ledger);
    let places: Vec<_> = centre.engine.records().live(Kind::Place).cloned().collect();
    let own = places
        .iter()
        .find(|place| centre.engine.records().shown_text(place, "name").as_deref() == Some("四季花城"))
        .map(|place| place.id.to_string())
        .unwrap();
    let scope = ExportScope { projects: vec![own.clone()], ..ExportScope::default() };
    let starter = block_on(centre.engine.export(&scope, "林晓", Form::Json, &Unwatched)).unwrap();

    let mut tablet = Device::new(2);
    tablet.merges(&starter);
    for closed in [false, true] {
        if closed {
            // As chunks, which is what lies on a tablet that was used for a while.
            tablet.keeps_chunks();
        }
        assert!(tablet.bytes_hold("何静") && tablet.bytes_hold("13800000101"));
        for foreign in ["陈明", "13900000202", secret.signing.as_str(), secret.identity.as_str()] {
            assert!(centre.bytes_hold(foreign) && !tablet.bytes_hold(foreign), "{foreign}");
        }
    }
    let all = block_on(tablet.engine.export(&ExportScope::default(), "", Form::Json, &Unwatched)).unwrap();
    let all: serde_json::Value = serde_json::from_slice(&all).unwrap();
    let actions = all["actions"].as_array().unwrap();
    let streams: BTreeSet<&str> = actions.iter().map(|action| action["head"]["stream"].as_str().unwrap()).collect();
    assert_eq!(streams, BTreeSet::from([ORGANISATION_STREAM, project_stream(&own).as_str()]));
}

#[test]
fn a_database_that_becomes_another_device_by_a_restore_has_no_device_key_any_more_and_stays_a_centre() {
    let centre = centre();
    let before = centre.engine.device().to_owned();
    let mut host = Host::new(centre.engine);
    let secret =
        OrganisationSecret { public: key(1), signing: "5ec2e7".into(), identity: "AGE-SECRET-KEY-1".into() };
    let keys = LocalKeys { device: Some("dec1ce".into()), organisation: vec![secret], anchor: Some(key(1)) };
    block_on(host.engine.keep_keys(keys.clone())).unwrap();
    let (_, backup) = block_on(host.handle(Request::Backup { author: "林晓".into() }, Vec::new(), &Unwatched));
    let (looked, _) = block_on(host.handle(Request::InspectBackup, backup.unwrap(), &Unwatched));
    assert!(matches!(looked, Reply::Restorable(_)), "{looked:?}");
    let restore = Request::Restore { way: RestoreWay::PutBack };
    let (restored, _) = block_on(host.handle(restore, Vec::new(), &Unwatched));
    assert!(matches!(restored, Reply::Restored(_)), "{restored:?}");
    assert_ne!(host.engine.device(), before);
    assert_eq!(block_on(host.engine.keys()).unwrap(), LocalKeys { device: None, ..keys });
}
