//! Keeps the organisation's own words up to date with the records, for as long as a page is there that shows them: the
//! entries of its lists, and the fields it has defined.
//!
//! The pages ask, instead of the frame of the staff: every first screen waits for the frame, and the greeting of an
//! empty app shows no such word. What was taken up stays when the page is left; it decides nothing.

use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use crate::features::answered::use_answer;
use crate::words;

/// Asks now, and again whenever records change.
pub fn follow() {
    let lists = use_answer(|| Query::Vocabulary, answer::VOCABULARY);
    Effect::new(move |_| {
        if let Some(lists) = lists.with(|asked| asked.here().cloned()) {
            words::lists::follow(lists);
        }
    });
    let fields = use_answer(|| Query::OwnFields, answer::OWN_FIELDS);
    Effect::new(move |_| {
        if let Some(fields) = fields.with(|asked| asked.here().cloned()) {
            words::own::follow(fields);
        }
    });
}
