//! Lines of paper answers become responses of a wave.

use std::collections::HashMap;

use super::command::{imported_response_id, stream_of_project};
use super::model::{Group, Response};
use super::questionnaire::Answer;
use crate::archive::ledger::Effect;
use crate::command::Editor;
use crate::import::answers::AnswerDraft;
use crate::records::{Kind, Records};

/// Writes ledger lines.
#[derive(Debug)]
pub struct AnswerPlan<'r> {
    editor: Editor<'r>,
    wave: String,
    questionnaire: String,
    streams: HashMap<(String, String), String>,
    effect: Effect,
}

impl<'r> AnswerPlan<'r> {
    /// A plan with no lines yet, for answers to this wave.
    #[must_use]
    pub fn new(records: &'r Records, wave: &str) -> Self {
        let mut editor = Editor::new(records);
        if wave == super::command::STANDARD_WAVE {
            super::command::put_standard_wave(&mut editor);
        }
        let questionnaire = super::command::wave(records, wave).map(|wave| wave.questionnaire).unwrap_or_default();
        Self { editor, wave: wave.to_owned(), questionnaire, streams: HashMap::new(), effect: Effect::default() }
    }

    /// Plans one accepted line.
    pub fn line(&mut self, draft: &AnswerDraft) {
        let records = self.editor.records();
        let stream = self
            .streams
            .entry((draft.city.clone(), draft.project.clone()))
            .or_insert_with(|| stream_of_project(records, Some(&draft.city), Some(&draft.project)))
            .clone();
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let response = Response {
            wave: Some(self.wave.clone()),
            number: filled(&draft.number),
            city: filled(&draft.city),
            project: filled(&draft.project),
            group: filled(&draft.group).map(|group| Group::parse(&group)),
            channel: Some("paper".to_owned()),
            questionnaire: filled(&self.questionnaire),
            answers: draft.answers.iter().map(|(id, rating)| (id.to_string(), Answer::Rating(*rating))).collect(),
            ..Response::default()
        };
        let id = imported_response_id(&self.wave, &draft.number);
        self.effect.count(self.editor.put(&stream, Kind::Response, &id, &response));
    }

    /// The changes and how many they are.
    #[must_use]
    pub fn finish(self) -> (Editor<'r>, Effect) {
        (self.editor, self.effect)
    }
}
