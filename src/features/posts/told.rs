//! A post in the words of people: how it is meant, how much attention it gets, when its answer is due.
//!
//! What is late or hot is not decided here.

use anju_domain::posts::clock::AnswerDue;
use anju_domain::posts::model::Sentiment;
use anju_domain::posts::reader::{FoundWord, Heat};
use anju_domain::time::{Millis, iso_at};
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::input::Choice;
use crate::features::archive::told::{count, dotted};
use crate::features::cases::told::near_moment;
use crate::i18n::{I18n, t_string};
use crate::platform::{env, format};
use crate::words;

/// How a post is meant, such as 负面.
pub(super) fn sentiment(i18n: I18n, sentiment: &Sentiment) -> String {
    match sentiment {
        Sentiment::Negative => t_string!(i18n, posts.negative),
        Sentiment::Neutral => t_string!(i18n, posts.neutral),
        Sentiment::Positive => t_string!(i18n, posts.positive),
        Sentiment::Other(word) => return word.clone(),
    }
    .to_owned()
}

pub(super) fn sentiment_tone(sentiment: &Sentiment) -> Tone {
    match sentiment {
        Sentiment::Negative => Tone::Bad,
        Sentiment::Positive => Tone::Good,
        _ => Tone::Plain,
    }
}

/// What can be chosen of it.
pub(super) fn sentiments(i18n: I18n) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        Sentiment::KNOWN.iter().map(|known| Choice::new(known.word(), sentiment(i18n, known))).collect()
    })
}

/// How much attention a post gets, where that matters, such as 热.
pub(super) fn heat(i18n: I18n, level: Heat) -> Option<(&'static str, Tone)> {
    match level {
        Heat::Hot => Some((t_string!(i18n, posts.hot), Tone::Bad)),
        Heat::Warm => Some((t_string!(i18n, posts.warm), Tone::Warn)),
        Heat::Cool => None,
    }
}

/// When an answer is due, and how that is meant.
pub(super) fn due(i18n: I18n, due: &AnswerDue) -> (String, Tone) {
    let (at, now) = (near_moment(i18n, due.at), env::now());
    if due.is_late(now) {
        (t_string!(i18n, posts.due_late, at = at).to_string(), Tone::Bad)
    } else if due.is_soon(now) {
        (t_string!(i18n, posts.due_soon, at = at).to_string(), Tone::Warn)
    } else {
        (t_string!(i18n, posts.due_by, at = at).to_string(), Tone::Plain)
    }
}

/// How long ago something was.
pub(super) fn age(i18n: I18n, since: Millis) -> String {
    const HOUR: Millis = 3_600_000;
    let hours = env::now().saturating_sub(since).max(0) / HOUR;
    match hours {
        0 => t_string!(i18n, posts.age_new).to_owned(),
        1..48 => t_string!(i18n, posts.age_hours, hours = format::integer(hours)).to_string(),
        _ => t_string!(i18n, posts.age_days, days = format::integer(hours / 24)).to_string(),
    }
}

/// A leaf with its area, such as 工程 / 防水防渗.
pub(super) fn leaf(i18n: I18n, leaf: &str) -> String {
    let _follow = i18n.get_locale();
    match leaf.split_once('.') {
        Some((area, _)) => format!("{} / {}", words::indicator(i18n, area), words::indicator(i18n, leaf)),
        None => words::indicator(i18n, leaf),
    }
}

/// A found word with what it weighs, such as `漏水 ×2 −2`.
pub(super) fn found(i18n: I18n, found: &FoundWord) -> String {
    let times =
        usize::try_from(found.count).ok().filter(|times| *times > 1).map(|times| format!("×{}", count(times)));
    let weight = (found.weight != 0).then(|| weight(found.weight));
    let denied = found.is_denied.then(|| t_string!(i18n, posts.denied).to_owned());
    [Some(found.word.clone()), times, weight, denied].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// How a found word is meant.
pub(super) fn found_tone(found: &FoundWord) -> Tone {
    match found.weight {
        ..0 => Tone::Bad,
        0 => Tone::Plain,
        1.. => Tone::Good,
    }
}

/// A weight with its sign.
pub(super) fn weight(weight: i64) -> String {
    match weight {
        ..0 => format!("−{}", weight.unsigned_abs()),
        0 => "0".to_owned(),
        1.. => format!("+{weight}"),
    }
}

/// Where a post stands, who wrote it and how much it was read, in one line.
pub(super) fn origin(i18n: I18n, site: &str, author: &str, views: Option<i64>, replies: Option<i64>) -> String {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    dotted([
        given(site),
        given(author),
        views.map(|views| t_string!(i18n, posts.views_told, views = format::integer(views)).to_string()),
        replies.map(|replies| t_string!(i18n, posts.replies_told, replies = format::integer(replies)).to_string()),
    ])
}

/// A moment as a field of day and minute takes it.
pub(super) fn typed(at: Option<Millis>) -> String {
    at.map(|at| iso_at(at).chars().take(16).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_typed_as_its_field_reads_it() {
        let at = 1_795_230_000_000;
        assert_eq!(typed(Some(at)), "2026-11-21T11:00");
        assert_eq!(anju_domain::archive::normalise::datetime(&typed(Some(at))), Some(at));
        assert_eq!(typed(None), "");
    }

    #[test]
    fn a_weight_has_its_sign() {
        assert_eq!([-3, 0, 2].map(weight), ["−3", "0", "+2"]);
    }
}
