//! The owner's answers in this browser's local storage, under the name of the link they answer.
//!
//! A browser that blocks storage keeps nothing; the page then says so and holds the answer while it is open.

use anju_domain::env::Env;
use anju_domain::surveys::answer::{AnswerDocument, Receipt};
use anju_domain::surveys::link::Invitation;
use anju_domain::surveys::questionnaire::Questionnaire;
use anju_domain::time::Millis;
use serde::{Deserialize, Serialize};

use crate::features::surveys::question::Sheet;
use crate::platform::env::{BrowserEnv, now};
use crate::platform::preferences;

const INDEX: &str = "answers";

/// One link's answer, from the first question to the receipt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// Where it is kept.
    pub(super) slot: String,
    /// The response id, drawn once.
    pub(super) response: String,
    /// The wave.
    pub(super) wave: String,
    /// Who asks; empty where the link does not say.
    pub(super) asker: String,
    /// What the link said.
    pub(super) invitation: Invitation,
    /// What is asked; kept, so that an answer can be taken up again without a network.
    pub(super) questionnaire: Questionnaire,
    /// The answers.
    pub(super) sheet: Sheet,
    /// Whether the first question was opened.
    #[serde(default)]
    pub(super) started: bool,
    /// The finished answer.
    #[serde(default)]
    pub(super) finished: Option<AnswerDocument>,
    /// When the owner copied, shared or saved it; nobody knows yet whether it arrived.
    #[serde(default)]
    pub(super) handed_over: Option<Millis>,
    /// When a receipt for it was read here.
    #[serde(default)]
    pub(super) received: Option<Millis>,
}

impl Answered {
    pub(super) fn new(
        slot: String,
        wave: String,
        asker: String,
        invitation: Invitation,
        questionnaire: Questionnaire,
    ) -> Self {
        let sheet = Sheet::start(&questionnaire, &invitation.audience());
        Self {
            slot,
            response: BrowserEnv.new_id("response"),
            wave,
            asker,
            invitation,
            questionnaire,
            sheet,
            started: false,
            finished: None,
            handed_over: None,
            received: None,
        }
    }

    /// Whether the link was made for one household, so that the answer is not anonymous.
    pub(super) fn is_personal(&self) -> bool {
        !self.invitation.id.is_empty() || self.invitation.house.is_some()
    }

    /// Whether the questions are a copy in one language, as a link holds them.
    pub(super) fn speaks_one_language(&self) -> bool {
        self.questionnaire.copy_of.is_some()
    }

    /// A fresh answer to the same link, for the next person on the same phone.
    pub(super) fn again(&self) -> Self {
        let fresh = Self::new(
            self.slot.clone(),
            self.wave.clone(),
            self.asker.clone(),
            self.invitation.clone(),
            self.questionnaire.clone(),
        );
        Self { started: true, ..fresh }
    }
}

/// Where the answer to a link is kept.
pub(super) fn slot_of(invitation: &str, source: &str) -> String {
    let who = if invitation.is_empty() { "open" } else { invitation };
    format!("answer.{who}.{source}")
}

/// Whether this browser keeps anything at all.
pub(super) fn can_keep() -> bool {
    let index: Vec<String> = preferences::read(INDEX).unwrap_or_default();
    preferences::write(INDEX, &index)
}

pub(super) fn read(slot: &str) -> Option<Answered> {
    preferences::read(slot)
}

/// Keeps an answer and says whether the browser did.
pub(super) fn write(answered: &Answered) -> bool {
    let mut index: Vec<String> = preferences::read(INDEX).unwrap_or_default();
    if !index.contains(&answered.slot) {
        index.push(answered.slot.clone());
        preferences::write(INDEX, &index);
    }
    preferences::write(&answered.slot, answered)
}

/// Keeps an answer under a name of its own, so that the next one to the same link does not replace it and its receipt
/// still finds it.
pub(super) fn put_aside(answered: &Answered) {
    let slot = format!("{}.{}", answered.slot, answered.response);
    write(&Answered { slot, ..answered.clone() });
}

/// Looks through every answer of this browser for the one that a receipt proves, and marks it.
pub(super) fn receive(receipts: &[Receipt]) -> Option<Answered> {
    let index: Vec<String> = preferences::read(INDEX).unwrap_or_default();
    let mut found = index.iter().filter_map(|slot| read(slot)).find(|answered| proves(receipts, answered))?;
    found.received.get_or_insert_with(now);
    write(&found);
    Some(found)
}

/// Whether one of the receipts is for this answer.
pub(super) fn proves(receipts: &[Receipt], answered: &Answered) -> bool {
    let document = answered.finished.as_ref();
    document.is_some_and(|document| receipts.iter().any(|receipt| receipt.matches(document)))
}
