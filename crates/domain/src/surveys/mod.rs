//! Satisfaction surveys: questionnaires, the link an owner receives, the answer that comes back, and the figures.
//!
//! The path of one answer: a [`questionnaire::Questionnaire`] is published with a wave ([`published`]), named by a
//! link ([`link`]), filled in ([`questionnaire::Answering`]), sent back as a document ([`answer`]), taken in as a
//! record ([`model`]), and counted ([`stats`], [`render`]).
//!
//! What this module deliberately does not do: decide who may take answers in, store drafts, draw QR codes, or hold
//! sentences for people other than the texts of the questionnaire itself, which are data.

pub mod answer;
mod canonical;
pub mod command;
pub mod decimal;
pub mod indicators;
pub mod ledger;
pub mod link;
pub mod model;
mod pack;
pub mod published;
pub mod questionnaire;
pub mod render;
pub mod stats;
