//! `anju report`: the figures of surveys or cases. What is computed, and how it is spelt, is the engine's.

use anju_domain::cases::stats as cases;
use anju_domain::surveys::command::{STANDARD_WAVE, find_wave};
use anju_domain::surveys::render;
use anju_engine::Engine;
use anju_store::MemoryStore;

use super::{Done, load};
use crate::args::{ReportArgs, What};
use crate::failure::Failure;
use crate::output::{Bar, print};
use crate::words::Words;

/// Prints the figures.
pub(crate) fn run(args: &ReportArgs, words: &Words) -> Result<Done, Failure> {
    let bar = Bar::new();
    let (mut engine, done) = load(&args.bundles, words, &bar)?;
    let format = args.format.into();
    let text = match args.what {
        What::Cases => engine.case_report_file(format, &case_labels(words)),
        What::Survey => {
            let wave = wave(&mut engine, args.wave.as_deref())?;
            engine.report_file_in_words(&wave, format, &survey_labels(words))
        }
    };
    drop(bar);
    print(&text);
    Ok(done)
}

/// The wave that is meant: the one that is named, or the only one with answers.
fn wave(engine: &mut Engine<MemoryStore>, named: Option<&str>) -> Result<String, Failure> {
    let answered = engine.waves_with_answers();
    if let Some(name) = named {
        let known = answered.iter().find(|wave| *wave == name).cloned();
        return known
            .or_else(|| find_wave(engine.records(), name))
            .ok_or_else(|| Failure::new("wave_unknown", name));
    }
    match answered.as_slice() {
        [] => Ok(STANDARD_WAVE.to_owned()),
        [only] => Ok(only.clone()),
        several => Err(Failure::new("waves_many", several.join(", "))),
    }
}

fn survey_labels(words: &Words) -> render::Labels {
    let word = |key: &str| words.get(key).to_owned();
    render::Labels {
        respondents: word("label_respondents"),
        by_group: word("label_by_group"),
        by_city: word("label_by_city"),
        items: word("label_items"),
        level2: word("label_level2"),
        name: word("label_name"),
        n: word("label_n"),
        satisfied: word("label_satisfied"),
        loyal: word("label_loyal"),
        satisfaction_pct: word("label_satisfaction_pct"),
        loyalty_pct: word("label_loyalty_pct"),
        mean: word("label_mean"),
        top2_pct: word("label_top2_pct"),
        overall: word("label_overall"),
    }
}

fn case_labels(words: &Words) -> cases::Labels {
    let word = |key: &str| words.get(key).to_owned();
    cases::Labels {
        rows: word("label_cases"),
        closed: word("label_closed"),
        open: word("label_open"),
        return_visit_unsatisfied: word("label_return_visit_unsatisfied"),
        by_kind: word("label_by_kind"),
        by_leaf: word("label_by_leaf"),
        n: word("label_n"),
        closing: word("label_closing"),
        median: word("label_median"),
        p90: word("label_p90"),
        in_time: word("label_in_time"),
        first_response: word("label_first_response"),
        next_update: word("label_next_update"),
        solution: word("label_solution"),
        reopened: word("label_reopened"),
        satisfied: word("label_visit_satisfied"),
        of: word("label_of"),
        pct: word("label_pct"),
    }
}
