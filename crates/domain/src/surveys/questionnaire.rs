//! Questionnaires as documents, and the state of somebody who is filling one in.
//!
//! A questionnaire is data: versioned, bilingual, and named by the hash of its content, so that an answer says
//! exactly which wording it answered. Kinds of question that this version does not know are kept and passed on.
//! It does not store drafts, know who answers, or count anything.

use super::canonical::{canonical, hash16};
use super::model::{Group, Stage};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The id of the question that is asked only where the link names no group.
pub const GROUP_QUESTION: &str = "group";

/// A text in both languages of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub zh: String,
    /// English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub en: String,
}

impl Words {
    /// The text in a language (`en…` is English, all else Chinese), or in the other one where it is missing.
    #[must_use]
    pub fn in_language(&self, language: &str) -> &str {
        let english = language.to_ascii_lowercase().starts_with("en");
        let (first, second) = if english { (&self.en, &self.zh) } else { (&self.zh, &self.en) };
        if first.is_empty() { second } else { first }
    }
}

/// A questionnaire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Questionnaire {
    /// Its name across versions, such as `owner-survey`.
    pub id: String,
    /// Which version of that name it is.
    pub version: u32,
    /// What it is called.
    pub title: Words,
    /// What is said before the first question.
    #[serde(default)]
    pub intro: Words,
    /// The parts that the questions stand in.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// The questions in the order they are asked.
    pub questions: Vec<Question>,
    /// The hash of the full questionnaire, where this is a shorter copy of it: [`Questionnaire::lean`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
    /// Members that a newer version added.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A part of a questionnaire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The code that questions refer to.
    pub id: String,
    /// The heading.
    pub title: Words,
}

/// One question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its code; the leaf of the indicator tree where it asks for one.
    pub id: String,
    /// The section it stands in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub section: String,
    /// The kind as written; [`Question::kind`] reads it.
    #[serde(rename = "type")]
    pub type_code: String,
    /// The sentence that asks.
    pub text: Words,
    /// A line of help below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Words>,
    /// Whether a rating may be answered with "not applicable".
    #[serde(default, skip_serializing_if = "is_false")]
    pub not_applicable: bool,
    /// Whether the answer cannot be sent without it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// What a single choice offers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// How many characters a text may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_chars: Option<u32>,
    /// When it is asked; absent means always. Only `group_unknown` is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_when: Option<String>,
    /// Codes of the stages that are not asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip_stages: Vec<String>,
    /// Members that a newer version added.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// One answer that a single choice offers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The code that is stored.
    pub code: String,
    /// What people read.
    pub text: Words,
}

/// The kinds of question this version can ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind<'a> {
    /// 1 to 5, or 0 for "not applicable" where allowed.
    Rating,
    /// One of some codes.
    Choice,
    /// One line.
    ShortText,
    /// Several lines.
    LongText,
    /// A kind from a newer version, by its code.
    Unknown(&'a str),
}

impl Question {
    /// The kind of the question.
    #[must_use]
    pub fn kind(&self) -> QuestionKind<'_> {
        match self.type_code.as_str() {
            "rating" => QuestionKind::Rating,
            "choice" => QuestionKind::Choice,
            "short_text" => QuestionKind::ShortText,
            "long_text" => QuestionKind::LongText,
            other => QuestionKind::Unknown(other),
        }
    }

    /// How many characters a text answer may have.
    #[must_use]
    pub fn limit(&self) -> usize {
        let usual = if self.kind() == QuestionKind::ShortText { 100 } else { 500 };
        self.max_chars.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usual)
    }
}

/// One answer as it is stored: a number, a text, or something that only a newer version understands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A rating; 0 is "not applicable".
    Rating(u8),
    /// A text, or the code of a choice.
    Text(String),
    /// Anything else, kept as it came.
    Other(Value),
}

impl Answer {
    /// Whether it says nothing: a text of blanks, or null.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Rating(_) => false,
            Self::Text(text) => text.trim().is_empty(),
            Self::Other(value) => value.is_null(),
        }
    }
}

/// Why an answer does not fit its question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerProblem {
    /// The questionnaire has no such question.
    #[error("no such question")]
    UnknownQuestion,
    /// A number where a text belongs, or the other way round.
    #[error("the answer is of another kind than the question")]
    WrongKind,
    /// A rating above 5.
    #[error("a rating is between 1 and 5")]
    OutOfRange,
    /// "Not applicable" where it is not offered.
    #[error("this question cannot be answered with not applicable")]
    NotApplicable,
    /// A code that is not offered.
    #[error("not one of the choices")]
    NotAChoice,
    /// A text over its limit.
    #[error("the text has more than {limit} characters")]
    TooLong {
        /// The most characters it may have.
        limit: usize,
    },
}

impl AnswerProblem {
    /// The code under which the words for people are kept.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownQuestion => "survey.answer.unknown_question",
            Self::WrongKind => "survey.answer.wrong_kind",
            Self::OutOfRange => "survey.answer.out_of_range",
            Self::NotApplicable => "survey.answer.not_applicable",
            Self::NotAChoice => "survey.answer.not_a_choice",
            Self::TooLong { .. } => "survey.answer.too_long",
        }
    }
}

/// Whether an answer fits a question. Kinds that this version does not know are taken on trust.
///
/// # Errors
/// The first rule of the question that the answer breaks.
pub fn check_answer(question: &Question, answer: &Answer) -> Result<(), AnswerProblem> {
    match (question.kind(), answer) {
        (QuestionKind::Rating, Answer::Rating(0)) if !question.not_applicable => Err(AnswerProblem::NotApplicable),
        (QuestionKind::Rating, Answer::Rating(rating)) if *rating > 5 => Err(AnswerProblem::OutOfRange),
        (QuestionKind::Choice, Answer::Text(code)) if !question.options.iter().any(|o| o.code == *code) => {
            Err(AnswerProblem::NotAChoice)
        }
        (QuestionKind::ShortText | QuestionKind::LongText, Answer::Text(text))
            if text.chars().count() > question.limit() =>
        {
            Err(AnswerProblem::TooLong { limit: question.limit() })
        }
        (QuestionKind::Unknown(_), _)
        | (QuestionKind::Rating, Answer::Rating(_))
        | (QuestionKind::Choice | QuestionKind::ShortText | QuestionKind::LongText, Answer::Text(_)) => Ok(()),
        _ => Err(AnswerProblem::WrongKind),
    }
}

/// What is wrong with a questionnaire as a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionnaireProblem {
    /// There is nothing to ask.
    #[error("the questionnaire has no questions")]
    Empty,
    /// Two questions have one id.
    #[error("two questions have the id {0}")]
    DuplicateId(String),
    /// A question stands in a section that is not there.
    #[error("question {0} names a section that does not exist")]
    NoSuchSection(String),
    /// A single choice offers nothing, or one code twice.
    #[error("question {0} has no choices or one of them twice")]
    BadChoices(String),
    /// An id that cannot name a field: only small letters, digits, `_` and `.` may stand in it.
    #[error("question id {0:?} has characters that an id cannot have")]
    BadId(String),
}

/// Who is asked, as far as it is known; it decides which questions are put.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// The group, where the link names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// The stage, where the link names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
}

static OWNER_SURVEY: LazyLock<Questionnaire> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/owner-survey.json")).unwrap_or_default());

impl Questionnaire {
    /// The standard owner satisfaction survey that ships with the product.
    #[must_use]
    pub fn owner_survey() -> &'static Self {
        &OWNER_SURVEY
    }

    /// The name of its content: the first 16 hexadecimal digits of the sha256 of its canonical JSON. A shorter copy
    /// goes by the name of what it is a copy of, so that its answers count with the others.
    #[must_use]
    pub fn hash(&self) -> String {
        self.copy_of.clone().unwrap_or_else(|| hash16(canonical(self).as_bytes()))
    }

    /// A shorter copy for a link: one language, without the lines of help.
    #[must_use]
    pub fn lean(&self, language: &str) -> Self {
        let english = language.to_ascii_lowercase().starts_with("en");
        let one = |words: &Words| {
            let text = words.in_language(language).to_owned();
            if english { Words { zh: String::new(), en: text } } else { Words { zh: text, en: String::new() } }
        };
        let mut copy = self.clone();
        copy.copy_of = Some(self.hash());
        copy.title = one(&copy.title);
        copy.intro = one(&copy.intro);
        for section in &mut copy.sections {
            section.title = one(&section.title);
        }
        for question in &mut copy.questions {
            question.text = one(&question.text);
            question.hint = None;
            for option in &mut question.options {
                option.text = one(&option.text);
            }
        }
        copy
    }

    /// Its canonical JSON, the shortest form that travels.
    #[must_use]
    pub fn to_canonical_json(&self) -> String {
        canonical(self)
    }

    /// A question by its id.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The questions that are put to somebody, in order.
    #[must_use]
    pub fn questions_for(&self, audience: &Audience) -> Vec<&Question> {
        let group_known = audience.group.is_some() || audience.stage.is_some();
        self.questions
            .iter()
            .filter(|question| match question.ask_when.as_deref() {
                Some("group_unknown") => !group_known,
                _ => true,
            })
            .filter(|question| {
                audience
                    .stage
                    .as_ref()
                    .is_none_or(|stage| !question.skip_stages.iter().any(|code| code == stage.code()))
            })
            .collect()
    }

    /// Everything that is wrong with the document itself.
    #[must_use]
    pub fn problems(&self) -> Vec<QuestionnaireProblem> {
        let mut problems = Vec::new();
        if self.questions.is_empty() {
            problems.push(QuestionnaireProblem::Empty);
        }
        let mut seen = std::collections::BTreeSet::new();
        for question in &self.questions {
            let id = &question.id;
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
            if id.is_empty() || id.len() > 64 || !id.chars().all(fits) {
                problems.push(QuestionnaireProblem::BadId(id.clone()));
            }
            if !seen.insert(id) {
                problems.push(QuestionnaireProblem::DuplicateId(id.clone()));
            }
            if !question.section.is_empty() && !self.sections.iter().any(|section| section.id == question.section) {
                problems.push(QuestionnaireProblem::NoSuchSection(id.clone()));
            }
            if question.kind() == QuestionKind::Choice {
                let codes: std::collections::BTreeSet<_> = question.options.iter().map(|o| &o.code).collect();
                if codes.is_empty() || codes.len() != question.options.len() {
                    problems.push(QuestionnaireProblem::BadChoices(id.clone()));
                }
            }
        }
        problems
    }

    /// Whether an answer fits the question of that id.
    ///
    /// # Errors
    /// There is no such question, or the answer breaks one of its rules.
    pub fn check(&self, id: &str, answer: &Answer) -> Result<(), AnswerProblem> {
        check_answer(self.question(id).ok_or(AnswerProblem::UnknownQuestion)?, answer)
    }
}

/// Why a draft cannot be taken up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the draft belongs to another questionnaire")]
pub struct OtherQuestionnaire;

/// The answer cannot be sent yet: these questions need an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} questions still need an answer", missing.len())]
pub struct Unfinished {
    /// The ids of the questions, in order.
    pub missing: Vec<String>,
}

/// How far somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Which question is shown, counted from 1.
    pub position: usize,
    /// How many questions are put.
    pub total: usize,
    /// How many of them have an answer.
    pub answered: usize,
}

/// The state of somebody who is filling a questionnaire in; it serialises, so it is also the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answering {
    questionnaire: String,
    asked: Vec<String>,
    current: usize,
    answers: BTreeMap<String, Answer>,
}

impl Answering {
    /// Begins at the first question that is put to the audience.
    #[must_use]
    pub fn start(questionnaire: &Questionnaire, audience: &Audience) -> Self {
        Self {
            questionnaire: questionnaire.hash(),
            asked: questionnaire.questions_for(audience).into_iter().map(|question| question.id.clone()).collect(),
            current: 0,
            answers: BTreeMap::new(),
        }
    }

    /// Takes a draft up again where it was left.
    ///
    /// # Errors
    /// The draft was made for other wording.
    pub fn resume(questionnaire: &Questionnaire, draft: Self) -> Result<Self, OtherQuestionnaire> {
        let known = draft.asked.iter().all(|id| questionnaire.question(id).is_some());
        if draft.questionnaire != questionnaire.hash() || !known {
            return Err(OtherQuestionnaire);
        }
        let current = draft.current.min(draft.asked.len().saturating_sub(1));
        Ok(Self { current, ..draft })
    }

    /// The id of the question that is shown.
    #[must_use]
    pub fn current(&self) -> Option<&str> {
        self.asked.get(self.current).map(String::as_str)
    }

    /// The hash of the questionnaire that is being answered.
    #[must_use]
    pub fn questionnaire(&self) -> &str {
        &self.questionnaire
    }

    /// The ids of the questions that are put, in order.
    #[must_use]
    pub fn asked(&self) -> &[String] {
        &self.asked
    }

    /// The answers so far.
    #[must_use]
    pub fn answers(&self) -> &BTreeMap<String, Answer> {
        &self.answers
    }

    /// The answer to one question.
    #[must_use]
    pub fn answer(&self, id: &str) -> Option<&Answer> {
        self.answers.get(id)
    }

    /// Sets or clears an answer; a blank one clears it.
    ///
    /// # Errors
    /// The answer does not fit, or the question is not put to this person; nothing is changed then.
    pub fn set(
        &mut self,
        questionnaire: &Questionnaire,
        id: &str,
        answer: Option<Answer>,
    ) -> Result<(), AnswerProblem> {
        if !self.asked.iter().any(|asked| asked == id) {
            return Err(AnswerProblem::UnknownQuestion);
        }
        match answer.filter(|answer| !answer.is_blank()) {
            None => {
                self.answers.remove(id);
            }
            Some(answer) => {
                questionnaire.check(id, &answer)?;
                self.answers.insert(id.to_owned(), answer);
            }
        }
        Ok(())
    }

    /// Goes one question on; `false` at the last one.
    pub fn advance(&mut self) -> bool {
        let can = self.current.saturating_add(1) < self.asked.len();
        if can {
            self.current = self.current.saturating_add(1);
        }
        can
    }

    /// Goes one question back; `false` at the first one.
    pub fn back(&mut self) -> bool {
        let can = self.current > 0;
        self.current = self.current.saturating_sub(1);
        can
    }

    /// Goes to a question by its id; `false` where it is not put.
    pub fn go_to(&mut self, id: &str) -> bool {
        match self.asked.iter().position(|asked| asked == id) {
            Some(at) => {
                self.current = at;
                true
            }
            None => false,
        }
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            position: self.current.saturating_add(1).min(self.asked.len()),
            total: self.asked.len(),
            answered: self.asked.iter().filter(|id| self.answers.contains_key(*id)).count(),
        }
    }

    /// The required questions that have no answer yet, in order.
    #[must_use]
    pub fn missing_required(&self, questionnaire: &Questionnaire) -> Vec<String> {
        self.asked
            .iter()
            .filter(|id| !self.answers.contains_key(*id))
            .filter(|id| questionnaire.question(id).is_some_and(|question| question.required))
            .cloned()
            .collect()
    }

    /// The answers, ready to be sent. The state stays, so nothing is lost where sending fails.
    ///
    /// # Errors
    /// A required question has no answer.
    pub fn finish(&self, questionnaire: &Questionnaire) -> Result<BTreeMap<String, Answer>, Unfinished> {
        let missing = self.missing_required(questionnaire);
        if missing.is_empty() { Ok(self.answers.clone()) } else { Err(Unfinished { missing }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surveys::indicators::{IndicatorTree, leaf_id};

    fn survey() -> &'static Questionnaire {
        Questionnaire::owner_survey()
    }

    fn known() -> Audience {
        Audience { group: Some(Group::OldOwner), stage: None }
    }

    #[test]
    fn the_standard_survey_is_sound_and_asks_27_questions() {
        assert_eq!(survey().problems(), []);
        assert_eq!(survey().questions_for(&known()).len(), 27);
        assert_eq!(survey().questions_for(&Audience::default()).len(), 28);
        for question in &survey().questions {
            assert!(!question.text.zh.is_empty() && !question.text.en.is_empty(), "{}", question.id);
            assert!(question.extra.is_empty(), "{}", question.id);
            assert!(
                question.hint.as_ref().is_some_and(|h| !h.zh.is_empty() && !h.en.is_empty()),
                "{}",
                question.id
            );
        }
    }

    #[test]
    fn the_standard_survey_asks_for_every_leaf_of_the_tree_in_its_order() {
        let leaves: Vec<_> = IndicatorTree::standard().leaves().map(|(area, leaf)| leaf_id(area, leaf)).collect();
        let asked: Vec<_> = survey().questions.iter().filter(|q| q.not_applicable).map(|q| q.id.clone()).collect();
        assert_eq!(asked, leaves);
    }

    #[test]
    fn an_owner_to_be_is_not_asked_about_property_service_or_repair() {
        let early = Audience { group: None, stage: Some(Stage::OwnerToBe) };
        let asked: Vec<_> = survey().questions_for(&early).into_iter().map(|q| q.id.as_str()).collect();
        assert!(!asked.iter().any(|id| id.starts_with("property.") || *id == "after_sales.repair_quality"));
        assert!(asked.contains(&"marketing.contract") && asked.contains(&"improve"));
    }

    #[test]
    fn each_kind_of_question_takes_its_own_answers_only() {
        let text = |s: &str| Answer::Text(s.to_owned());
        for (id, answer, expected) in [
            ("overall", Answer::Rating(5), Ok(())),
            ("overall", Answer::Rating(0), Err("survey.answer.not_applicable")),
            ("overall", Answer::Rating(6), Err("survey.answer.out_of_range")),
            ("overall", text("5"), Err("survey.answer.wrong_kind")),
            ("design.layout", Answer::Rating(0), Ok(())),
            ("group", text("old_owner"), Ok(())),
            ("group", text("other"), Err("survey.answer.not_a_choice")),
            ("improve", text(&"好".repeat(500)), Ok(())),
            ("improve", text(&"好".repeat(501)), Err("survey.answer.too_long")),
            ("improve", Answer::Rating(1), Err("survey.answer.wrong_kind")),
            ("nothing", Answer::Rating(1), Err("survey.answer.unknown_question")),
        ] {
            assert_eq!(survey().check(id, &answer).map_err(|e| e.code()), expected, "{id} {answer:?}");
        }
    }

    #[test]
    fn kinds_and_members_of_a_newer_version_survive() {
        let text = r#"{"id":"x","version":3,"title":{"zh":"题","en":"T"},"colour":"red","questions":[{"id":"m","type":"matrix","text":{"zh":"问","en":"Q"},"rows":["a"]}]}"#;
        let read: Questionnaire = serde_json::from_str(text).unwrap();
        assert_eq!(read.questions[0].kind(), QuestionKind::Unknown("matrix"));
        assert_eq!(check_answer(&read.questions[0], &Answer::Other(serde_json::json!([1]))), Ok(()));
        let again: Questionnaire = serde_json::from_str(&read.to_canonical_json()).unwrap();
        assert_eq!(again, read);
        assert!(again.to_canonical_json().contains(r#""rows":["a"]"#));
    }

    #[test]
    fn the_hash_follows_the_content_and_not_its_spelling() {
        let raw: Value = serde_json::from_str(include_str!("../../data/owner-survey.json")).unwrap();
        let read: Questionnaire = serde_json::from_str(&raw.to_string()).unwrap();
        assert_eq!(read.hash(), survey().hash());
        assert_eq!(read.hash().len(), 16);
        let mut changed = read;
        changed.questions[3].text.zh.push('？');
        assert_ne!(changed.hash(), survey().hash());
    }

    #[test]
    fn a_shorter_copy_asks_the_same_under_the_same_name() {
        for (language, sentence) in
            [("zh-CN", "最想让我们改进什么？"), ("en", "What would you most like us to improve?")]
        {
            let lean = survey().lean(language);
            assert_eq!((lean.hash(), lean.problems()), (survey().hash(), vec![]));
            assert_eq!(lean.question("improve").unwrap().text.in_language("fr"), sentence);
            assert!(lean.to_canonical_json().len() * 4 < survey().to_canonical_json().len() * 3);
            let draft = Answering::start(&lean, &known());
            assert!(Answering::resume(survey(), draft).is_ok());
        }
    }

    #[test]
    fn a_draft_is_left_and_taken_up_at_the_same_question() {
        let mut answering = Answering::start(survey(), &known());
        assert!(!answering.back());
        answering.set(survey(), "overall", Some(Answer::Rating(4))).unwrap();
        assert!(answering.advance() && answering.advance());
        let stored = serde_json::to_string(&answering).unwrap();
        let mut back = Answering::resume(survey(), serde_json::from_str(&stored).unwrap()).unwrap();
        assert_eq!(back.current(), Some("recommend"));
        assert_eq!(back.progress(), Progress { position: 3, total: 27, answered: 1 });
        assert_eq!(back.finish(survey()).unwrap_err().missing, ["rebuy", "recommend"]);
        assert!(back.go_to("improve") && !back.advance());
        for id in ["rebuy", "recommend"] {
            back.set(survey(), id, Some(Answer::Rating(5))).unwrap();
        }
        back.set(survey(), "improve", Some(Answer::Text("  ".into()))).unwrap();
        assert_eq!(back.finish(survey()).unwrap().len(), 3);
        assert_eq!(
            back.set(survey(), "group", Some(Answer::Text("new_owner".into()))),
            Err(AnswerProblem::UnknownQuestion)
        );
    }

    #[test]
    fn a_draft_of_other_wording_is_not_taken_up() {
        let mut other = survey().clone();
        other.version = 2;
        assert_eq!(Answering::resume(&other, Answering::start(survey(), &known())), Err(OtherQuestionnaire));
    }

    #[test]
    fn a_document_that_contradicts_itself_is_named() {
        let mut bad = survey().clone();
        bad.questions[1].id = "overall".into();
        bad.questions[2].section = "nowhere".into();
        bad.questions[3].id = "Ü".into();
        bad.questions.iter_mut().find(|q| q.id == "group").unwrap().options.clear();
        assert_eq!(bad.problems().len(), 4);
        assert_eq!(Questionnaire::default().problems(), [QuestionnaireProblem::Empty]);
    }
}
