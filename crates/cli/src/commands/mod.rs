//! The commands, one file each, and what they share: loading bundles and wording what is odd about them.

pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod merge;
pub(crate) mod report;
pub(crate) mod trust;
pub(crate) mod verify;

use std::path::PathBuf;

use anju_domain::log::merge::LogFinding;
use anju_engine::Engine;
use anju_engine::engine::Fault;
use anju_engine::exchange::MergeSummary;
use anju_store::MemoryStore;

use crate::env::RealEnv;
use crate::failure::Failure;
use crate::files;
use crate::output::{Bar, note};
use crate::words::Words;

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// Nothing to say.
    Clean,
    /// The output is there, and problems were listed.
    WithProblems,
}

impl Done {
    fn with_problems(are_there: bool) -> Self {
        if are_there { Self::WithProblems } else { Self::Clean }
    }
}

/// Files with how many of their actions were refused.
type Refused = Vec<(PathBuf, usize)>;

/// A fresh device that has taken some bundles, and per file how many of its actions were refused.
fn fold(bundles: &[PathBuf], bar: &Bar) -> Result<(Engine<MemoryStore>, Refused), Failure> {
    let opened = Engine::open(MemoryStore::new(), Box::new(RealEnv), bar);
    let mut engine = pollster::block_on(opened)?;
    let mut refused = Vec::new();
    for path in bundles {
        bar.at(path.display());
        let bytes = files::read_bundle(path)?;
        let merged = pollster::block_on(engine.merge_bundle(&bytes, bar));
        let summary = merged.map_err(|e| Failure::from(e).of(path.display()))?;
        refused.push((path.clone(), summary.refused));
    }
    Ok((engine, refused))
}

/// Like [`fold`]; whatever is odd about the bundles is listed.
fn load(bundles: &[PathBuf], words: &Words, bar: &Bar) -> Result<(Engine<MemoryStore>, Done), Failure> {
    let (engine, refused) = fold(bundles, bar)?;
    let mut are_problems = false;
    for (path, refused) in refused.into_iter().filter(|(_, refused)| *refused > 0) {
        are_problems = true;
        let values = [("file", &*path.display().to_string()), ("n", &refused.to_string())];
        note(&words.say("actions_refused", &values));
    }
    are_problems |= list(&engine.index().findings(), engine.faults(), words);
    Ok((engine, Done::with_problems(are_problems)))
}

/// Lists what is odd about a log; tells whether anything is.
fn list(findings: &[LogFinding], faults: &[Fault], words: &Words) -> bool {
    for finding in findings {
        note(&finding_sentence(finding, words));
    }
    for fault in faults {
        let values = [("action", &*fault.action), ("device", &fault.device), ("reason", &fault.reason)];
        note(&words.say("fault", &values));
    }
    !findings.is_empty() || !faults.is_empty()
}

/// Tells how many attachments a file holds, and names those that are left out; tells whether there are any of these.
fn list_attachments(file: &str, summary: &MergeSummary, words: &Words) -> bool {
    if summary.attachments > 0 {
        note(&words.say("attachments_held", &[("file", file), ("n", &summary.attachments.to_string())]));
    }
    for refused in &summary.refused_attachments {
        let reason = words.get(&format!("attachment_{}", refused.reason)).to_owned();
        note(&words.say("attachment_refused", &[("file", file), ("name", &refused.name), ("reason", &reason)]));
    }
    !summary.refused_attachments.is_empty()
}

fn finding_sentence(finding: &LogFinding, words: &Words) -> String {
    match finding {
        LogFinding::Gap { stream, device, from, to } => words.say(
            "finding_gap",
            &[("stream", stream), ("device", device), ("from", &from.to_string()), ("to", &to.to_string())],
        ),
        LogFinding::Clone { stream, device, seq } => {
            words.say("finding_clone", &[("stream", stream), ("device", device), ("seq", &seq.to_string())])
        }
        LogFinding::Incomplete { stream, batch, parts, of } => words.say(
            "finding_incomplete",
            &[("stream", stream), ("batch", batch), ("parts", &parts.to_string()), ("of", &of.to_string())],
        ),
    }
}
