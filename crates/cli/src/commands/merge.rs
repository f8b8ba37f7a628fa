//! `anju merge`: many bundles, one bundle.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

use anju_domain::bundle::Form;
use anju_domain::format::{MAX_BUNDLE, MAX_INFLATED};
use anju_engine::union::{Intake, Run, Taken, Union, UnionError};

use super::{Done, list, list_attachments};
use crate::args::MergeArgs;
use crate::failure::Failure;
use crate::files::{self, Output};
use crate::output::{Bar, note, print};
use crate::scratch::ScratchFile;
use crate::words::Words;

/// Reads the bundles side by side and lays aside what is more than may be held, so that any number of records goes
/// through a memory that is given.
pub(crate) fn run(args: &MergeArgs, words: &Words) -> Result<Done, Failure> {
    let bar = Bar::new();
    let scratch = ScratchFile::beside(&args.output);
    let (runs, taken) = take_all(&args.bundles, &scratch, args.memory << 20, &bar)?;
    let union = Union::new(runs, taken, Some(&scratch)).map_err(|e| match e {
        UnionError::OtherOrganisation { number, name } => {
            let failure = Failure::new("bundle_other_organisation", name);
            args.bundles.get(number).map_or(failure.clone(), |path| failure.of(path.display()))
        }
        UnionError::Scratch(e) => e.into(),
    })?;
    let mut output = Output::create(&args.output)?;
    let mut length = 0;
    union.write(&args.by, Form::Json, |piece| {
        length += piece.len();
        output.write(&piece)
    })?;
    output.finish()?;
    drop(bar);
    let mut are_problems = false;
    for (path, summary) in args.bundles.iter().zip(union.summaries()) {
        let values = [
            ("file", &*path.display().to_string()),
            ("added", &summary.added.to_string()),
            ("same", &summary.same.to_string()),
        ];
        note(&words.say("merged", &values));
        are_problems |= list_attachments(&path.display().to_string(), summary, words);
    }
    are_problems |= list(&union.findings(), union.faults(), words);
    let output = args.output.display().to_string();
    let values = [("file", &*output), ("n", &union.len().to_string())];
    print(&format!("{}\n", words.say("merge_written", &values)));
    if is_too_large(&args.output, length) {
        note(&words.say("merge_too_large", &[("file", &output)]));
        are_problems = true;
    }
    Ok(Done::with_problems(are_problems))
}

/// Whether the file is larger than what an app takes.
fn is_too_large(path: &Path, length: usize) -> bool {
    let size = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    length > MAX_INFLATED || usize::try_from(size).is_ok_and(|size| size > MAX_BUNDLE)
}

type Reply = (usize, Result<Taken, Failure>);

/// Takes all bundles with as many hands as the machine has; the first bundle that is refused ends it.
fn take_all(
    paths: &[PathBuf],
    scratch: &ScratchFile,
    memory: usize,
    bar: &Bar,
) -> Result<(Vec<Run>, Vec<Option<Taken>>), Failure> {
    let hands = std::thread::available_parallelism().map_or(1, usize::from).min(paths.len()).max(1);
    let next = AtomicUsize::new(0);
    let is_over = AtomicBool::new(false);
    let (sender, replies) = channel();
    std::thread::scope(|scope| {
        let work: Vec<_> = (0..hands)
            .map(|_| {
                let (sender, next, is_over) = (sender.clone(), &next, &is_over);
                scope.spawn(move || take_some(paths, scratch, memory / hands, next, is_over, &sender))
            })
            .collect();
        drop(sender);
        let mut taken: Vec<Option<Taken>> = paths.iter().map(|_| None).collect();
        let mut failure: Option<(usize, Failure)> = None;
        let total = u64::try_from(paths.len()).unwrap_or(u64::MAX);
        for (done, (number, reply)) in (1..).zip(replies) {
            bar.show(done, total);
            if let Some(path) = paths.get(number) {
                bar.at(path.display());
            }
            match reply {
                Ok(reply) => {
                    if let Some(place) = taken.get_mut(number) {
                        *place = Some(reply);
                    }
                }
                // Files are begun in their order, so the first fault is the same whichever hand was faster.
                Err(e) if failure.as_ref().is_none_or(|(first, _)| number < *first) => failure = Some((number, e)),
                Err(_) => {}
            }
        }
        let runs = work.into_iter().filter_map(|hand| hand.join().ok()).flatten().collect();
        match failure {
            Some((_, failure)) => Err(failure),
            None => Ok((runs, taken)),
        }
    })
}

fn take_some(
    paths: &[PathBuf],
    scratch: &ScratchFile,
    budget: usize,
    next: &AtomicUsize,
    is_over: &AtomicBool,
    sender: &Sender<Reply>,
) -> Vec<Run> {
    let mut intake = Intake::with_scratch(scratch, budget);
    while !is_over.load(Ordering::Relaxed) {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(path) = paths.get(number) else { break };
        let reply = take(path, number, &mut intake);
        is_over.fetch_or(reply.is_err(), Ordering::Relaxed);
        if sender.send((number, reply)).is_err() {
            break;
        }
    }
    intake.finish()
}

fn take(path: &Path, number: usize, intake: &mut Intake<'_>) -> Result<Taken, Failure> {
    let (file, size) = files::open_bundle(path)?;
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    intake.take(number, file, size).map_err(|e| Failure::from(e).of(path.display()))
}
