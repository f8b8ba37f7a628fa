//! Answers in words: what a rating means for its question, and what stands in a list of answers.

use anju_domain::surveys::questionnaire::{Answer, Question, QuestionKind};
use anju_domain::surveys::stats::{REBUY, RECOMMEND};

use crate::i18n::{I18n, t_string};

/// The question that asks whether things were told clearly.
const TRANSPARENCY: &str = "marketing.transparency";

/// What a rating from 1 to 5 means for a question; 0 is "not applicable".
pub fn rating_words(i18n: I18n, question: &str, rating: u8) -> &'static str {
    match (question, rating) {
        (_, 0) => t_string!(i18n, answering.not_applicable),
        (REBUY, 5) => t_string!(i18n, answering.rebuy5),
        (REBUY, 4) => t_string!(i18n, answering.rebuy4),
        (REBUY, 3) => t_string!(i18n, answering.rebuy3),
        (REBUY, 2) => t_string!(i18n, answering.rebuy2),
        (REBUY, _) => t_string!(i18n, answering.rebuy1),
        (RECOMMEND, 5) => t_string!(i18n, answering.recommend5),
        (RECOMMEND, 4) => t_string!(i18n, answering.recommend4),
        (RECOMMEND, 3) => t_string!(i18n, answering.recommend3),
        (RECOMMEND, 2) => t_string!(i18n, answering.recommend2),
        (RECOMMEND, _) => t_string!(i18n, answering.recommend1),
        (TRANSPARENCY, 5) => t_string!(i18n, answering.clear5),
        (TRANSPARENCY, 4) => t_string!(i18n, answering.clear4),
        (TRANSPARENCY, 3) => t_string!(i18n, answering.clear3),
        (TRANSPARENCY, 2) => t_string!(i18n, answering.clear2),
        (TRANSPARENCY, _) => t_string!(i18n, answering.clear1),
        (_, 5) => t_string!(i18n, answering.s5),
        (_, 4) => t_string!(i18n, answering.s4),
        (_, 3) => t_string!(i18n, answering.s3),
        (_, 2) => t_string!(i18n, answering.s2),
        _ => t_string!(i18n, answering.s1),
    }
}

/// An answer as a list shows it.
pub fn answer_words(i18n: I18n, question: &Question, answer: Option<&Answer>) -> String {
    match answer {
        None => t_string!(i18n, answering.no_answer).to_owned(),
        Some(Answer::Rating(rating)) => rating_words(i18n, &question.id, *rating).to_owned(),
        Some(Answer::Text(text)) if question.kind() == QuestionKind::Choice => question
            .options
            .iter()
            .find(|option| option.code == *text)
            .map_or_else(|| text.clone(), |option| option.text.in_language(i18n.get_locale().as_ref()).to_owned()),
        Some(Answer::Text(text)) => text.clone(),
        Some(Answer::Other(value)) => value.to_string(),
    }
}
