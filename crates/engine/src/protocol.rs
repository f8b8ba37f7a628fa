//! What page and data worker say to each other, as JSON beside raw bytes for files.
//!
//! The same requests drive the engine natively in tests. Every request gets exactly one reply; progress and news
//! come between. Enumerations are tagged from outside: tags inside make each side carry code that buffers values. Nothing here speaks to people: errors are codes with keys in `locales/`.

use anju_domain::archive::ledger::Source;
use anju_domain::command::{Command, Rejection};
use anju_domain::import::mapping::{self, Mapping};
use anju_domain::surveys::answer::AnswerDocument;
use anju_domain::trust::{Checked, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::archive::history::{FieldChange, LogFilter, LogNames, LogPage};
use crate::archive::sheet::HouseSheet;
use crate::archive::timeline::{TimelineKind, TimelinePage};
use crate::attachments::AttachmentFile;
use crate::backup::{RestorePreview, RestoreWay, Restored, SnapshotInfo};
use crate::engine::Receipt;
use crate::exchange::{ExportScope, MergeSummary};
use crate::imports::{ImportPreview, Reverted};
use crate::privacy::erasure::ErasurePreview;
use crate::privacy::holdings::Holdings;
use crate::queries::{Answer, Query};
use crate::staff::{Session, SessionOrder};
use crate::trust::LocalKeys;
use crate::vault::{VaultOrder, VaultState};
use crate::wire::answers;

/// A request with the number that its reply carries.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Call {
    /// The number.
    pub id: u32,
    /// The request.
    pub request: Request,
}

/// What the page asks of the worker.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Asks a question. → [`Reply::Answer`]
    Query {
        /// The question.
        query: Query,
    },
    /// Carries out a command. → [`Reply::Done`]
    Command {
        /// The command.
        command: Command,
        /// Who gives it.
        by: String,
        /// A draft that ends with it, in the same transaction.
        draft: Option<String>,
    },
    /// Logs why somebody wants a party's numbers in full, and then tells them. → [`Reply::Answer`]
    Reveal {
        /// Party id.
        party: String,
        /// The reason.
        why: String,
        /// Who asks.
        by: String,
    },
    /// What erasing a party would do. → [`Reply::Erasure`]; [`Reply::Nothing`] where there is no such party
    Erasure {
        /// Party id.
        party: String,
    },
    /// Logs why somebody wants everything that is held on a party, and then tells it. → [`Reply::Holdings`]
    Holdings {
        /// Party id.
        party: String,
        /// The reason.
        why: String,
        /// Who asks.
        by: String,
        /// Whether it leaves as a file.
        is_file: bool,
    },
    /// Logs why a household's page leaves on paper, and then tells what stands on it. → [`Reply::HouseSheet`]
    HouseSheet {
        /// House id.
        house: String,
        /// Whether numbers are on it in full.
        is_full: bool,
        /// What for.
        why: String,
        /// Who prints.
        by: String,
    },
    /// Adds the file beside it to a record. → [`Reply::Done`]
    Attach {
        /// The record's kind.
        kind: anju_domain::records::Kind,
        /// The record's id.
        owner: String,
        /// The file's name.
        name: String,
        /// How many bytes files may take on this device in all.
        budget: u64,
        /// Who adds it.
        by: String,
    },
    /// A file of a record. → [`Reply::Attached`] with bytes
    Attached {
        /// Attachment id.
        id: String,
    },
    /// Drops the bytes of files that were removed. → [`Reply::Nothing`]
    DropRemoved,
    /// What happened to a house or with a party, the latest first. → [`Reply::Timeline`]
    Timeline {
        /// The record's kind.
        kind: anju_domain::records::Kind,
        /// The record's id.
        id: String,
        /// Only these sorts; none means all.
        kinds: Vec<TimelineKind>,
        /// Whether the log is read for changes of the record's own fields.
        with_edits: bool,
        /// First event.
        offset: usize,
        /// Number of events.
        limit: usize,
    },
    /// Keeps a table that the file worker has read from the bytes beside it. → [`Reply::Table`]
    KeepTable {
        /// The table as JSON, from the file worker.
        table: String,
    },
    /// Shows what importing the kept table would do. → [`Reply::Preview`]
    PreviewImport {
        /// How.
        import: ImportOrder,
    },
    /// Imports the kept table as one batch. → [`Reply::Imported`]
    Import {
        /// How.
        import: ImportOrder,
        /// Who does it.
        by: String,
    },
    /// The refused lines of the last preview or import as CSV. → [`Reply::File`] with bytes
    RefusedFile {
        /// Words for the reason codes and for `reason`, the last column's heading.
        words: Vec<(String, String)>,
    },
    /// Every change of some records, newest first. → [`Reply::History`]
    History {
        /// Which records.
        subjects: Vec<(anju_domain::records::Kind, String)>,
    },
    /// What was done, newest first. → [`Reply::Log`]
    Log {
        /// What of it.
        filter: LogFilter,
        /// The position before which the window ends; the end of the log where nothing is said.
        before: Option<u64>,
        /// Most entries.
        limit: usize,
    },
    /// By whom, on which devices and what was done at all. → [`Reply::LogNames`]
    LogNames,
    /// Takes a batch or a single action back. → [`Reply::Reverted`]
    Revert {
        /// Which batch or action.
        batch: String,
        /// Who does it.
        by: String,
    },
    /// Looks at the file beside it and keeps it for [`Request::TakeFiles`]. → [`Reply::Inspected`]
    InspectFile {
        /// The file's name.
        name: String,
        /// What is known of its signature; nothing where nobody could look.
        checked: Checked,
    },
    /// Looks for answers in pasted text and keeps them for [`Request::TakeFiles`]. → [`Reply::Inspected`]
    InspectText {
        /// The text.
        text: String,
    },
    /// Forgets the kept files. → [`Reply::Nothing`]
    ForgetFiles,
    /// Takes every kept file that is sound and whose signature speaks for it. → [`Reply::Taken`]
    TakeFiles {
        /// The files, by their place among the kept ones, that somebody decided to take whatever their signature
        /// says.
        accepted: Vec<usize>,
        /// Who does it.
        by: String,
    },
    /// Makes a bundle. → [`Reply::File`] with bytes
    Export {
        /// What it takes along.
        scope: ExportScope,
        /// Who exports.
        author: String,
    },
    /// Makes a bundle of everything that can still be read, from memory where the store is out of reach.
    /// → [`Reply::File`] with bytes
    Rescue {
        /// Who asks.
        author: String,
    },
    /// Notes that the last export reached the disk or another app. → [`Reply::Nothing`]
    NoteExported,
    /// Everything in one gzipped file. → [`Reply::File`] with bytes; [`Request::NoteExported`] follows as after an export
    Backup {
        /// Who makes it.
        author: String,
    },
    /// The snapshots in this database. → [`Reply::Snapshots`]
    Snapshots,
    /// Takes a snapshot now. → [`Reply::Snapshots`]
    TakeSnapshot,
    /// Looks at the backup file beside it and keeps it for [`Request::Restore`]. → [`Reply::Restorable`]
    InspectBackup,
    /// Looks at a snapshot and keeps it for [`Request::Restore`]. → [`Reply::Restorable`]
    InspectSnapshot {
        /// Its id.
        id: String,
    },
    /// Takes a snapshot of what is here and then restores what was looked at last. → [`Reply::Restored`]
    Restore {
        /// How.
        way: RestoreWay,
    },
    /// Asks or orders something of the encryption at rest; answered by the host of the store. → [`Reply::Vault`]
    Vault {
        /// What.
        order: VaultOrder,
    },
    /// Asks or orders something of whoever is at work. → [`Reply::Session`]
    Session {
        /// What.
        order: SessionOrder,
    },
    /// The secrets of this database. → [`Reply::Keys`]
    Keys,
    /// Adds secrets to those of this database; a device key that is there stays. → [`Reply::Keys`]
    KeepKeys {
        /// The secrets.
        keys: LocalKeys,
    },
    /// Keeps a draft of this device. → [`Reply::Nothing`]
    PutDraft {
        /// Its key, such as `survey/…`.
        key: String,
        /// Its JSON.
        value: String,
    },
    /// A draft. → [`Reply::Draft`]
    GetDraft {
        /// Its key.
        key: String,
    },
    /// Every draft whose key begins so. → [`Reply::Drafts`]
    ListDrafts {
        /// How the keys begin.
        prefix: String,
    },
    /// Forgets a draft. → [`Reply::Nothing`]
    DropDraft {
        /// Its key.
        key: String,
    },
    /// Stops the work under way. → [`Reply::Nothing`]
    Cancel,
}

/// How the kept table is imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOrder {
    /// What kind of table it is.
    pub kind: mapping::Kind,
    /// Which column is what, as JSON by heading; `None` guesses.
    pub mapping: Option<String>,
    /// City company of projects that are not known yet.
    pub company: String,
    /// Its city.
    pub city: String,
    /// The wave of answers; empty means the standard one.
    pub wave: String,
}

answers! {
    /// What the worker answers.
    pub enum Reply, kinds in reply {
        /// An answer.
        Answer(Box<Answer>) = ANSWER: Answer, "answer";
        /// A command was carried out, and what it did.
        Done(Receipt) = DONE: Receipt, "done";
        /// A table was read and is kept.
        Table(TableView) = TABLE: TableView, "table";
        /// What an import would do.
        Preview(Box<ImportPreview>) = PREVIEW: ImportPreview, "preview";
        /// What an import did.
        Imported(Box<Imported>) = IMPORTED: Imported, "imported";
        /// A name to save a file under, whose bytes come beside.
        File(String) = FILE: String, "file";
        /// Changes of records, newest first.
        History(Vec<FieldChange>) = HISTORY: Vec<FieldChange>, "history";
        /// A file of a record; its bytes come beside.
        Attached(AttachmentFile) = ATTACHED: AttachmentFile, "attached";
        /// What happened, the latest first.
        Timeline(TimelinePage) = TIMELINE: TimelinePage, "timeline";
        /// What was done, newest first.
        Log(LogPage) = LOG: LogPage, "log";
        /// By what the log can be filtered.
        LogNames(LogNames) = LOG_NAMES: LogNames, "log_names";
        /// What an erasure would do.
        Erasure(Box<ErasurePreview>) = ERASURE: ErasurePreview, "erasure";
        /// Everything that is held on a person.
        Holdings(Box<Holdings>) = HOLDINGS: Holdings, "holdings";
        /// A household on one page.
        HouseSheet(Box<HouseSheet>) = HOUSE_SHEET: HouseSheet, "house_sheet";
        /// A batch was taken back.
        Reverted(Reverted) = REVERTED: Reverted, "reverted";
        /// What a file or text is: one view per bundle or answer.
        Inspected(Vec<FileView>) = INSPECTED: Vec<FileView>, "inspected";
        /// What became of the kept files: one view per bundle or answer.
        Taken(Vec<FileView>) = TAKEN: Vec<FileView>, "taken";
        /// Snapshots, newest first.
        Snapshots(Vec<SnapshotInfo>) = SNAPSHOTS: Vec<SnapshotInfo>, "snapshots";
        /// What restoring would change, in both ways.
        Restorable(Box<RestorePreview>) = RESTORABLE: RestorePreview, "restorable";
        /// It was restored.
        Restored(Restored) = RESTORED: Restored, "restored";
        /// How the encryption at rest stands.
        Vault(VaultState) = VAULT: VaultState, "vault";
        /// Who is at work.
        Session(Session) = SESSION: Session, "session";
        /// The secrets of this database.
        Keys(LocalKeys) = KEYS: LocalKeys, "keys";
        /// The JSON of a draft.
        Draft(Option<String>) = DRAFT: Option<String>, "draft";
        /// Keys and JSON of drafts.
        Drafts(Vec<(String, String)>) = DRAFTS: Vec<(String, String)>, "drafts";
        /// It was not done, and nothing has changed.
        Failed(Failure) = FAILED: Failure, "failed";
    }
    or empty {
        /// Done, and nothing to say.
        Nothing = "nothing";
    }
}

/// What an import did.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Imported {
    /// Lines and effect.
    pub preview: ImportPreview,
    /// The batch, `None` where nothing was new.
    pub receipt: Option<Receipt>,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Failure {
    /// The key of the sentence for people.
    pub code: String,
    /// The field that it is about.
    pub field: Option<String>,
    /// For the log, or a name to put into the sentence.
    pub detail: String,
}

impl Failure {
    /// A failure with a detail.
    #[must_use]
    pub fn new(code: &str, detail: impl std::fmt::Display) -> Self {
        Self { code: code.to_owned(), field: None, detail: detail.to_string() }
    }
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Self {
        Self { code: rejection.code, field: rejection.field, detail: String::new() }
    }
}

/// A table that is kept for an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableView {
    /// File or sheet name.
    pub name: String,
    /// The header row.
    pub headings: Vec<String>,
    /// The first rows.
    pub sample: Vec<Vec<String>>,
    /// How many rows there are.
    pub rows: usize,
    /// What kind of table it most likely is.
    pub kind: mapping::Kind,
    /// The guessed mapping for each kind, as JSON.
    pub mappings: Vec<(mapping::Kind, String)>,
}

/// A mapping as a form shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingView {
    /// Targets with whether they are required and the column that is mapped to them.
    pub targets: Vec<(String, bool, Option<String>)>,
    /// Headings that are mapped to nothing.
    pub unmapped: Vec<String>,
    /// Required targets without a column.
    pub missing: Vec<String>,
}

impl From<&Mapping> for MappingView {
    fn from(mapping: &Mapping) -> Self {
        Self {
            targets: mapping
                .kind()
                .targets()
                .iter()
                .map(|target| {
                    let heading = mapping.heading(&target.code).map(str::to_owned);
                    (target.code.clone(), target.required, heading)
                })
                .collect(),
            unmapped: mapping.unmapped(),
            missing: mapping.missing().into_iter().map(str::to_owned).collect(),
        }
    }
}

/// A file or pasted answer, before or after it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    /// The file's name, empty for pasted text.
    pub name: String,
    /// What it is and does.
    pub content: FileContent,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileContent {
    /// A bundle.
    Bundle {
        /// What it adds.
        summary: Box<MergeSummary>,
        /// What its signature is worth.
        verdict: Verdict,
    },
    /// An owner's answer.
    Answer {
        /// The answer.
        document: Box<AnswerDocument>,
        /// Whether it is here already.
        is_known: bool,
        /// What the owner's page takes as proof that it arrived.
        receipt: String,
    },
    /// Neither, or faulty; nothing of it is taken.
    Refused {
        /// Why.
        error: Failure,
    },
}

/// What the worker sends between replies.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// The database is open.
    Ready,
    /// The database is sealed and waits for [`VaultOrder::Unlock`].
    Locked,
    /// The database cannot be opened.
    Unusable {
        /// Why.
        error: Failure,
    },
    /// A long work goes on.
    Progress {
        /// The call's number.
        id: u32,
        /// Steps done.
        done: u64,
        /// Steps in all.
        total: u64,
    },
    /// Records changed, here or in another tab.
    Changed,
    /// The database is out of reach for good: questions are answered from memory, and nothing can be saved any more.
    ReadOnly {
        /// Why: taken over by a newer app (`store_newer`), cleared (`store_vanished`) or lost
        /// (`store_connection_lost`).
        error: Failure,
    },
}

/// What the worker posts.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// A reply to a call.
    Reply {
        /// The call's number.
        id: u32,
        /// The reply.
        reply: Reply,
    },
    /// News.
    News {
        /// The news.
        news: News,
    },
}

/// A [`Post`] as the page hears it: what a reply holds is left to whoever asked ([`reply`]).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard<'a> {
    /// A reply to a call.
    Reply {
        /// The call's number.
        id: u32,
        /// The text of the reply.
        #[serde(borrow)]
        reply: &'a RawValue,
    },
    /// News.
    News {
        /// The news.
        news: News,
    },
}

/// Where an import comes from, as an order and a digest say.
#[must_use]
pub fn source_of(order: &ImportOrder, digest: &str) -> Source {
    Source { digest: digest.to_owned(), company: order.company.clone(), city: order.city.clone() }
}
