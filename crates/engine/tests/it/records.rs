//! What a record may hold, and what erasing it leaves.

use anju_domain::cases::command::{CaseCommand, NewCase};
use anju_domain::cases::model::{CaseChannel, CaseKind, Severity};
use anju_domain::command::{Command, Decision};
use anju_domain::log::action::{Draft, What};
use anju_domain::records::Kind;
use anju_engine::EngineError;
use anju_engine::queries::{Answer, CaseFilter, Query};
use pollster::block_on;

use crate::device::Device;

fn case_saying(description: String) -> Command {
    Command::Cases(CaseCommand::Register(NewCase {
        kind: CaseKind::Complaint,
        channel: CaseChannel::Phone,
        leaf: None,
        severity: Severity::General,
        description,
        house: None,
        party: None,
        responsible: None,
    }))
}

#[test]
fn what_is_too_large_to_be_counted_is_refused_before_it_is_saved() {
    let mut device = Device::new(1);
    let refused = device.does(case_saying("漏".repeat(99_000)));
    assert!(
        matches!(&refused, Err(EngineError::Rejected(r)) if r.code == "too_long" && r.field.as_deref() == Some("description")),
        "{refused:?}"
    );
    device.does(case_saying("漏".repeat(80_000))).unwrap();
    let query = Query::Cases { filter: CaseFilter::default(), offset: 0, limit: 10 };
    let Answer::Cases(cases) = device.engine.query(query) else { panic!("cases") };
    assert_eq!(cases.total, 1);
}

#[test]
fn an_erased_record_leaves_nothing_in_log_chunks_and_bundles() {
    let mut device = Device::new(1);
    device.does(case_saying("李玉梅家卫生间渗水".into())).unwrap();
    let id = device.engine.records().live(Kind::Case).next().unwrap().id.to_string();
    device.keeps_chunks();
    assert!(device.bytes_hold("李玉梅"));
    let erase = Draft { kind: "case".into(), id, what: What::Erase };
    let decision = Decision {
        name: "erase",
        why: None,
        undoes: None,
        changes: vec![("organisation".into(), erase)],
        subject: None,
    };
    block_on(device.engine.commit(decision, "林晓", Vec::new())).unwrap();
    assert!(!device.bytes_hold("李玉梅"));
    let bundle = device.exports();
    assert!(!String::from_utf8_lossy(&bundle).contains("李玉梅"));
    let mut other = Device::new(2);
    assert_eq!(other.merges(&bundle).refused, 0);
    assert_eq!(other.engine.records().fingerprint(), device.engine.records().fingerprint());
    let again = device.reopened_at(crate::device::NOW, 3);
    assert_eq!(again.engine.records().fingerprint(), other.engine.records().fingerprint());
}
