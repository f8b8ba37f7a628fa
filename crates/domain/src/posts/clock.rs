//! The clock of a post: how long it may go without a public answer.
//!
//! It runs in working time by the calendar of the post's project, as the clocks of cases do, from the moment at which the
//! post was written or, where that is not known, first seen: readers count from there. What was answered keeps what it
//! took and what it might have taken, so that a later calendar moves no figure of the past.

use serde::{Deserialize, Serialize};

use super::model::Post;
use crate::calendar::time::Calendar;
use crate::cases::targets::Timetable;
use crate::time::Millis;

/// The working minutes to a public answer: four hours.
pub const TARGET_MINUTES: i64 = 240;
const MINUTE: Millis = 60_000;

/// When an answer is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerDue {
    /// When it is due.
    pub at: Millis,
    /// From when on somebody is warned.
    pub warn_at: Option<Millis>,
}

impl AnswerDue {
    /// Whether it is over its time now; what is done in the minute in which it is due is in time.
    #[must_use]
    pub fn is_late(&self, now: Millis) -> bool {
        now.div_euclid(MINUTE) > self.at.div_euclid(MINUTE)
    }

    /// Whether it has so little time left that somebody is warned.
    #[must_use]
    pub fn is_soon(&self, now: Millis) -> bool {
        !self.is_late(now) && self.warn_at.is_some_and(|warn| warn <= now)
    }
}

/// From when on a post waits for its answer.
#[must_use]
pub fn began(post: &Post) -> Option<Millis> {
    post.posted_at.or(post.seen_at)
}

/// When the answer of an unanswered post is due; nothing where nobody knows since when it waits, or where nobody works.
#[must_use]
pub fn due(post: &Post, timetable: &Timetable) -> Option<AnswerDue> {
    if post.is_answered() {
        return None;
    }
    let terms = timetable.terms(post.project.as_deref(), None, None);
    let from = began(post)?;
    let warned = TARGET_MINUTES.saturating_mul(terms.warn_percent.clamp(0, 100)) / 100;
    Some(AnswerDue {
        at: terms.calendar.add_working_minutes(from, TARGET_MINUTES)?,
        warn_at: terms.calendar.add_working_minutes(from, warned),
    })
}

/// The working minutes that an answer took.
#[must_use]
pub fn took(post: &Post, calendar: &Calendar) -> Option<i64> {
    let answered_at = post.answered_at?;
    post.took_minutes
        .or_else(|| Some(calendar.working_minutes_between(began(post)?, answered_at)))
        .map(|m| m.max(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::normalise::datetime;

    fn post(posted: &str, seen: &str) -> Post {
        Post { posted_at: datetime(posted), seen_at: datetime(seen), ..Post::default() }
    }

    #[test]
    fn an_answer_is_due_in_working_time_from_when_the_post_was_written() {
        let timetable = Timetable::default();
        // The 27th of November 2026 is a Friday; two of the four hours are left on it.
        let waits = due(&post("2026-11-27 16:00", "2026-11-28 08:00"), &timetable).unwrap();
        assert_eq!(Some(waits.at), datetime("2026-11-30 11:00"));
        // 80 % of four hours are 192 minutes.
        assert_eq!(waits.warn_at, datetime("2026-11-30 10:12"));
        assert!(!waits.is_late(waits.at + 59_999) && waits.is_late(waits.at + 60_000));
        assert!(waits.is_soon(waits.at) && !waits.is_soon(waits.at - 3_600_000));
        // Written at night, seen in the morning: the whole day is counted from 9:00.
        let seen = due(&post("", "2026-11-30 09:30"), &timetable).unwrap();
        assert_eq!(Some(seen.at), datetime("2026-11-30 15:00"));
        assert_eq!(due(&post("", ""), &timetable), None);
        let answered = Post { answered_at: Some(1), ..post("2026-11-27 16:00", "") };
        assert_eq!(due(&answered, &timetable), None);
    }

    #[test]
    fn what_an_answer_took_stays_as_it_was_noted() {
        let calendar = Calendar::default();
        let answered = Post { answered_at: datetime("2026-11-30 10:30"), ..post("2026-11-27 16:00", "") };
        assert_eq!(took(&answered, &calendar), Some(210));
        assert_eq!(took(&Post { took_minutes: Some(7), ..answered }, &calendar), Some(7));
        assert_eq!(took(&post("2026-11-27 16:00", ""), &calendar), None);
    }
}
