//! The native `anju` command: tables into bundles, bundles into one, figures and rows out of them.
//!
//! It is the engine without a browser: files, arguments, progress and words are here, arithmetic and parsing are not.
//! Exit codes: 0 done, 1 done and problems listed, 2 unusable arguments or input and nothing written.

mod args;
mod commands;
mod env;
mod failure;
mod files;
mod output;
mod scratch;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use args::{Cli, Commands};
use commands::Done;
use failure::Failure;
use words::{Lang, Words};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let words = Words::new(Lang::of(&args, |name| std::env::var(name).ok()));
    let parsed = words.help(Cli::command()).try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(e) if e.use_stderr() => {
            output::note(words.get("usage"));
            output::note(e.to_string().trim_end());
            return ExitCode::from(2);
        }
        Err(help) => {
            output::print(&help.to_string());
            return ExitCode::SUCCESS;
        }
    };
    match run(&cli, &words) {
        Ok(Done::Clean) => ExitCode::SUCCESS,
        Ok(Done::WithProblems) => ExitCode::from(1),
        Err(failure) => {
            output::note(&words.say("failed", &[("sentence", &failure.sentence(&words))]));
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli, words: &Words) -> Result<Done, Failure> {
    match &cli.command {
        Commands::Import(args) => commands::import::run(args, words),
        Commands::Merge(args) => commands::merge::run(args, words),
        Commands::Report(args) => commands::report::run(args, words),
        Commands::Export(args) => commands::export::run(args, words),
        Commands::Verify(args) => commands::verify::run(args, words),
        Commands::Keygen(args) => commands::trust::keygen(args, words),
        Commands::Sign(args) => commands::trust::sign(args, words),
        Commands::Seal(args) => commands::trust::seal(args, words),
        Commands::Open(args) => commands::trust::open(args, words),
    }
}
