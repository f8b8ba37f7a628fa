//! `anju verify`: is a bundle what it claims to be, and what would people have to decide after merging it?

use std::path::PathBuf;

use anju_domain::archive::findings::ArchiveFinding;
use anju_engine::queries::{Answer, MAX_WINDOW, Query};
use anju_engine::union::Union;

use super::{Done, fold, list};
use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::files;
use crate::output::{Bar, note, print};
use crate::words::Words;

/// Checks every file; a file that cannot be used does not keep the others from being looked at.
pub(crate) fn run(args: &VerifyArgs, words: &Words) -> Result<Done, Failure> {
    let bar = Bar::new();
    let mut union = Union::default();
    let mut sound: Vec<PathBuf> = Vec::new();
    let mut failures = Vec::new();
    for path in &args.bundles {
        bar.at(path.display());
        let file = path.display().to_string();
        let taken = files::read(path).and_then(|bytes| union.take(&bytes).map_err(|e| Failure::from(e).of(&file)));
        match taken {
            Ok(summary) => {
                let actions = (summary.added + summary.same).to_string();
                let device = &*summary.device;
                let values = [("file", &*file), ("n", &actions), ("device", device), ("author", &summary.author)];
                print(&format!("{}\n", words.say("envelope_sound", &values)));
                sound.push(path.clone());
            }
            Err(failure) => failures.push(failure),
        }
    }
    let mut are_problems = list(&union.findings(), union.faults(), words);
    drop(union);
    are_problems |= below(&sound, words, &bar)?;
    drop(bar);
    let Some(last) = failures.pop() else {
        print(&format!("{}\n", words.get(if are_problems { "verify_problems" } else { "verify_clean" })));
        return Ok(Done::with_problems(are_problems));
    };
    for failure in &failures {
        note(&failure.sentence(words));
    }
    Err(last)
}

/// Lists conflicts and broken rules of what the sound files say together.
fn below(sound: &[PathBuf], words: &Words, bar: &Bar) -> Result<bool, Failure> {
    let (mut engine, _) = fold(sound, bar)?;
    let mut are_problems = false;
    let mut offset = 0;
    while let Answer::Conflicts(window) = engine.query(Query::Conflicts { offset, limit: MAX_WINDOW }) {
        for row in &window.rows {
            let values: Vec<String> =
                row.values.iter().map(|rival| format!("{} ({})", rival.value, rival.device)).collect();
            let values = values.join(" | ");
            let places =
                [("kind", row.kind.name()), ("title", &*row.title), ("field", &row.field), ("values", &values)];
            note(&words.say("finding_conflict", &places));
            are_problems = true;
        }
        offset += window.rows.len();
        if window.rows.is_empty() || offset >= window.total {
            break;
        }
    }
    if let Answer::Findings(found) = engine.query(Query::Findings) {
        for finding in &found.archive {
            are_problems = true;
            note(&match finding {
                ArchiveFinding::SharesOverWhole { house, share_bp } => {
                    let percent = format!("{}.{:02}", share_bp / 100, share_bp % 100);
                    words.say("finding_shares_over_whole", &[("house", house), ("percent", &percent)])
                }
                ArchiveFinding::Unreadable { kind, id, reason } => {
                    words.say("finding_unreadable", &[("kind", kind), ("id", id), ("reason", reason)])
                }
            });
        }
        for clock in &found.clocks {
            are_problems = true;
            let minutes = (clock.ahead / 60_000).to_string();
            note(&words.say("finding_clock", &[("device", &clock.device), ("minutes", &minutes)]));
        }
    }
    Ok(are_problems)
}
