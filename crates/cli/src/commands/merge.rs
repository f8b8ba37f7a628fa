//! `anju merge`: many bundles, one bundle.

use anju_domain::bundle::Form;
use anju_engine::union::Union;

use super::{Done, list, list_attachments};
use crate::args::MergeArgs;
use crate::env::RealEnv;
use crate::failure::Failure;
use crate::files::{self, Output};
use crate::output::{Bar, note, print};
use crate::words::Words;

/// Reads the bundles one after the other, so that only actions that are new stay in memory.
pub(crate) fn run(args: &MergeArgs, words: &Words) -> Result<Done, Failure> {
    let bar = Bar::new();
    let mut union = Union::default();
    let mut summaries = Vec::new();
    let total = u64::try_from(args.bundles.len()).unwrap_or(u64::MAX);
    for (done, path) in (0..).zip(&args.bundles) {
        bar.at(path.display());
        bar.show(done, total);
        let bytes = files::read_bundle(path)?;
        summaries.push((path, union.take(&bytes).map_err(|e| Failure::from(e).of(path.display()))?));
    }
    let (findings, faults) = (union.findings(), union.faults().to_vec());
    let actions = union.len();
    let mut output = Output::create(&args.output)?;
    union.write(&mut RealEnv, &args.by, Form::Json, |piece| output.write(piece))?;
    output.finish()?;
    drop(bar);
    let mut are_problems = false;
    for (path, summary) in &summaries {
        let values = [
            ("file", &*path.display().to_string()),
            ("added", &summary.added.to_string()),
            ("same", &summary.same.to_string()),
        ];
        note(&words.say("merged", &values));
        are_problems |= list_attachments(&path.display().to_string(), summary, words);
    }
    are_problems |= list(&findings, &faults, words);
    let output = args.output.display().to_string();
    print(&format!("{}\n", words.say("merge_written", &[("file", &output), ("n", &actions.to_string())])));
    Ok(Done::with_problems(are_problems))
}
