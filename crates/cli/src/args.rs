//! The arguments. Their help texts are in `locales/`.

use std::path::PathBuf;

use anju_domain::import::mapping;
use anju_engine::queries::ReportFormat;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::words::Lang;

#[derive(Debug, Parser)]
#[command(name = "anju", version)]
pub(crate) struct Cli {
    /// The language of messages; taken from the locale where it is not named.
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Lang>,
    #[command(subcommand)]
    pub(crate) command: Commands,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Commands {
    Import(ImportArgs),
    Merge(MergeArgs),
    Report(ReportArgs),
    Export(ExportArgs),
    Verify(VerifyArgs),
    Keygen(KeygenArgs),
    Sign(SignArgs),
    Seal(SealArgs),
    Open(OpenArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[arg(value_enum)]
    pub(crate) kind: TableKind,
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[arg(short, long, value_name = "BUNDLE")]
    pub(crate) output: PathBuf,
    #[arg(long, value_name = "REPORT.json")]
    pub(crate) report: Option<PathBuf>,
    #[arg(long, value_name = "BUNDLE")]
    pub(crate) base: Vec<PathBuf>,
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) company: String,
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) city: String,
    #[arg(long)]
    pub(crate) project: Option<String>,
    #[arg(long)]
    pub(crate) wave: Option<String>,
    #[arg(long, value_name = "MAP.json")]
    pub(crate) map: Option<PathBuf>,
    #[arg(long, default_value = "anju", hide_default_value = true)]
    pub(crate) by: String,
}

#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    #[arg(required = true, value_name = "BUNDLE")]
    pub(crate) bundles: Vec<PathBuf>,
    #[arg(short, long, value_name = "BUNDLE")]
    pub(crate) output: PathBuf,
    #[arg(long, default_value = "anju", hide_default_value = true)]
    pub(crate) by: String,
    #[arg(long, default_value_t = 256, value_name = "MB")]
    pub(crate) memory: usize,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[arg(required = true, value_name = "BUNDLE")]
    pub(crate) bundles: Vec<PathBuf>,
    #[arg(long)]
    pub(crate) wave: Option<String>,
    #[arg(long, value_enum, default_value_t = What::Survey)]
    pub(crate) what: What,
    #[arg(long, value_enum, default_value_t = Spelling::Table)]
    pub(crate) format: Spelling,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[arg(required = true, value_name = "BUNDLE")]
    pub(crate) bundles: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t = RowFormat::Ndjson)]
    pub(crate) format: RowFormat,
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[arg(required = true, value_name = "BUNDLE")]
    pub(crate) bundles: Vec<PathBuf>,
    #[arg(long, value_name = "HEX")]
    pub(crate) organisation_key: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct KeygenArgs {
    #[arg(short, long, value_name = "KEY")]
    pub(crate) output: PathBuf,
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) name: String,
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    #[arg(long, value_name = "KEY")]
    pub(crate) key: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[arg(short, long, value_name = "BUNDLE")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct SealArgs {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(
        long,
        value_name = "RECIPIENT",
        required_unless_present = "passphrase_file",
        conflicts_with = "passphrase_file"
    )]
    pub(crate) to: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct OpenArgs {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableKind {
    Owners,
    Cases,
    Answers,
}

impl From<TableKind> for mapping::Kind {
    fn from(kind: TableKind) -> Self {
        match kind {
            TableKind::Owners => Self::Owners,
            TableKind::Cases => Self::Cases,
            TableKind::Answers => Self::Answers,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    Survey,
    Cases,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Spelling {
    Table,
    Csv,
    Json,
}

impl From<Spelling> for ReportFormat {
    fn from(spelling: Spelling) -> Self {
        match spelling {
            Spelling::Table => Self::Table,
            Spelling::Csv => Self::Csv,
            Spelling::Json => Self::Json,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    Ndjson,
    Csv,
}
