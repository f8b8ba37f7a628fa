//! Answers that owners send, more than once and to more than one device.

use anju_domain::command::Command;
use anju_domain::records::Kind;
use anju_domain::surveys::answer::AnswerDocument;
use anju_domain::surveys::command::{STANDARD_WAVE, SurveyCommand};
use anju_domain::surveys::questionnaire::{Answer, Questionnaire};

use crate::device::Device;

fn sent(response: &str, invitation: Option<&str>, overall: u8) -> AnswerDocument {
    let document = serde_json::json!({
        "format": "anju-answer",
        "version": 1,
        "response": response,
        "wave": STANDARD_WAVE,
        "questionnaire": Questionnaire::owner_survey().hash(),
        "invitation": invitation,
        "city": "深圳",
        "project": "四季花城",
        "answers": {},
    });
    let mut document: AnswerDocument = serde_json::from_value(document).unwrap();
    document.answers.insert("overall".into(), Answer::Rating(overall));
    document
}

fn takes(device: &mut Device, document: AnswerDocument) {
    device.does(Command::Surveys(SurveyCommand::TakeAnswers(vec![document]))).unwrap();
}

fn figures(device: &mut Device) -> (u64, usize) {
    let status = device.status();
    (status.answers, status.quarantined)
}

#[test]
fn of_two_answers_to_one_invitation_the_first_intake_counts_until_an_officer_decides() {
    let mut device = Device::new(1);
    device.starts_organisation();
    takes(&mut device, sent("response-b", Some("invitation-1"), 5));
    takes(&mut device, sent("response-a", Some("invitation-1"), 1));
    takes(&mut device, sent("response-c", None, 3));
    takes(&mut device, sent("response-d", None, 3));
    assert_eq!(figures(&mut device), (3, 1));
    let counted = device.engine.counted_responses();
    assert_eq!((counted["response-b"], counted["response-a"]), (true, false));
    // The same response again is nothing.
    let again = SurveyCommand::TakeAnswers(vec![sent("response-b", Some("invitation-1"), 5)]);
    assert_eq!(device.does(Command::Surveys(again)).unwrap_err().to_string(), "refused: nothing_changes");
    device.does(Command::Surveys(SurveyCommand::Choose { response: "response-a".into() })).unwrap();
    let counted = device.engine.counted_responses();
    assert_eq!((counted["response-b"], counted["response-a"]), (false, true));
    assert_eq!(figures(&mut device), (3, 1));
}

#[test]
fn two_devices_that_took_different_answers_agree_after_a_merge() {
    let mut left = Device::new(1);
    left.starts_organisation();
    let mut right = Device::new(2);
    right.merges(&left.exports());
    takes(&mut right, sent("response-b", Some("invitation-1"), 5));
    takes(&mut left, sent("response-a", Some("invitation-1"), 1));
    takes(&mut left, sent("response-b", Some("invitation-1"), 5));
    let (from_left, from_right) = (left.exports(), right.exports());
    left.merges(&from_right);
    right.merges(&from_left);
    assert_eq!(figures(&mut left), (1, 1));
    assert_eq!(figures(&mut right), (1, 1));
    assert_eq!(left.engine.counted_responses(), right.engine.counted_responses());
    assert_eq!(left.status().conflicts, 0);
}

#[test]
fn an_answer_cannot_say_that_it_counts_or_whose_it_is() {
    let mut device = Device::new(1);
    device.starts_organisation();
    takes(&mut device, sent("response-a", Some("invitation-1"), 1));
    let mut forged = sent("response-b", Some("invitation-1"), 5);
    for (name, value) in [
        ("chosen", serde_json::json!(true)),
        ("house", serde_json::json!("深圳公司/四季花城/1/1/101")),
        ("sample", serde_json::json!(true)),
        ("a.rebuy", serde_json::json!(5)),
        ("mood", serde_json::json!("bright")),
    ] {
        forged.extra.insert(name.to_owned(), value);
    }
    forged.answers.insert("rebuy".into(), Answer::Rating(9));
    takes(&mut device, forged);
    let counted = device.engine.counted_responses();
    assert_eq!((counted["response-a"], counted["response-b"]), (true, false));
    let records = device.engine.records();
    let record = records.get(Kind::Response, "response-b").unwrap();
    let names: Vec<&str> = records.fields(record).into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"mood"), "{names:?}");
    assert!(!["chosen", "house", "sample", "a.rebuy"].iter().any(|name| names.contains(name)), "{names:?}");
}

#[test]
fn what_was_done_while_a_file_was_made_is_not_in_it() {
    let mut device = Device::new(1);
    device.starts_organisation();
    let counts = device.engine.own_counts();
    takes(&mut device, sent("response-a", None, 4));
    pollster::block_on(device.engine.note_exported(&counts)).unwrap();
    assert_eq!(device.engine.unexported(), 1);
}
