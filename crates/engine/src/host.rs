//! Carries out requests: what the data worker wraps and native tests call.
//!
//! A host keeps what lives between two requests of one screen: the table of an import, the files of a merge. It
//! knows no message port and no lock; the worker adds those.

use std::collections::BTreeSet;

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::bundle::{BundleError, Form};
use anju_domain::cases::command::CaseCommand;
use anju_domain::command::{Command, Rejection, decide};
use anju_domain::ids::hex;
use anju_domain::import::Table;
use anju_domain::import::mapping::{self, Mapping};
use anju_domain::import::report::{ImportReport, refused_csv};
use anju_domain::privacy::command::PrivacyCommand;
use anju_domain::records::Kind;
use anju_domain::staff::command::StaffCommand;
use anju_domain::staff::rights::{Act, Module, need};
use anju_domain::surveys::answer::{self, AnswerDocument};
use anju_domain::surveys::command::SurveyCommand;
use anju_domain::trust::command::TrustCommand;
use anju_domain::trust::{Checked, Verdict, is_sealed, judge};
use anju_store::{Durability, Store, Table as StoreTable, Write};
use sha2::{Digest, Sha256};

use crate::archive::timeline::EditsRead;
use crate::backup::SnapshotWhy;
use crate::backup::restore::Origin;
use crate::engine::{Counts, Engine, EngineError, Progress, put};
use crate::exchange::{ExportScope, MergeError, MergeSummary};
use crate::imports::ImportRequest;
use crate::protocol::{
    Failure, FileContent, FileView, ImportOrder, Imported, Reply, Request, TableView, source_of,
};
use crate::queries::{MAX_WINDOW, Query};
use crate::rescue::Rescued;
use crate::staff::{self, AtWork, SessionOrder};

/// Rows of a table that a mapping form shows.
const SAMPLE_ROWS: usize = 5;

/// A reply and the bytes beside it.
pub type Outcome = (Reply, Option<Vec<u8>>);

/// An engine with what lives between requests.
#[derive(Debug)]
pub struct Host<S> {
    /// The engine.
    pub engine: Engine<S>,
    table: Option<(Table, String)>,
    report: Option<ImportReport>,
    files: Vec<Kept>,
    /// What the last export held of this device's actions, until it is known to have left.
    exported: Counts,
    /// What [`Request::Restore`] restores from.
    restorable: Option<Origin>,
    /// What was last read of the log about one record.
    edits: Option<EditsRead>,
    /// The staff id of whoever is at work in this tab.
    at_work: Option<String>,
}

#[derive(Debug)]
struct Kept {
    view: FileView,
    bytes: Vec<u8>,
    checked: Checked,
}

impl<S: Store> Host<S> {
    /// A host around an engine.
    #[must_use]
    pub fn new(engine: Engine<S>) -> Self {
        Self {
            engine,
            table: None,
            report: None,
            files: Vec::new(),
            exported: Counts::new(),
            restorable: None,
            edits: None,
            at_work: None,
        }
    }

    /// Carries out a request; whatever goes wrong is a [`Reply::Failed`], and nothing has changed then.
    pub async fn handle(&mut self, request: Request, bytes: Vec<u8>, progress: &impl Progress) -> Outcome {
        match self.try_handle(request, bytes, progress).await {
            Ok(outcome) => outcome,
            Err(error) => (Reply::Failed(error), None),
        }
    }

    /// Carries out a request that may write, knowing everything that others have written. A command is tried on what is
    /// known already: the store refuses it where somebody has written since. Whatever refuses it, the rules or the
    /// store, is asked again once the rest was read.
    pub async fn handle_latest(&mut self, request: Request, bytes: Vec<u8>, progress: &impl Progress) -> Outcome {
        if matches!(request, Request::Command { .. }) && self.engine.may_write_unread() {
            let outcome = self.handle(request.clone(), Vec::new(), progress).await;
            let is_final = match &outcome.0 {
                Reply::Failed(failure) => failure.code.starts_with("store_") && failure.code != "store_taken",
                _ => true,
            };
            if is_final {
                return outcome;
            }
        }
        match self.engine.catch_up(progress).await {
            Ok(_) => self.handle(request, bytes, progress).await,
            Err(error) => (Reply::Failed(error.into()), None),
        }
    }

    async fn try_handle(
        &mut self,
        request: Request,
        bytes: Vec<u8>,
        progress: &impl Progress,
    ) -> Result<Outcome, Failure> {
        self.engine.settle_restricted();
        let who = self.let_through(&request)?;
        let reply = match request {
            Request::Session { order } => Reply::Session(self.session(order, who.as_ref()).await?),
            Request::Query { query: Query::Reveal { .. } } => {
                // A reveal without a logged reason does not exist.
                return Err(Failure::new("reason_missing", ""));
            }
            Request::Query { query } => Reply::Answer(Box::new(self.engine.query(query))),
            Request::Command { command, by, draft } => {
                let beside = draft.map(|key| self.draft_ends(&key)).unwrap_or_default();
                Reply::Done(self.command_of(who.as_ref(), command, &by, beside).await?)
            }
            Request::Reveal { party, why, by } => {
                let note = ArchiveCommand::NoteReveal { party: party.clone(), why };
                self.command_of(who.as_ref(), Command::Archive(note), &by, Vec::new()).await?;
                Reply::Answer(Box::new(self.engine.query(Query::Reveal { party })))
            }
            Request::Erasure { party } => match self.engine.erasure_preview(&party, progress).await? {
                Some(preview) => Reply::Erasure(Box::new(preview)),
                None => Reply::Nothing,
            },
            Request::Holdings { party, why, by, is_file } => {
                let note = PrivacyCommand::NoteHoldings { party: party.clone(), why, is_file };
                self.command_of(who.as_ref(), Command::Privacy(note), &by, Vec::new()).await?;
                match self.engine.holdings(&party, progress).await? {
                    Some(holdings) => Reply::Holdings(Box::new(holdings)),
                    None => Reply::Nothing,
                }
            }
            Request::HouseSheet { house, is_full, why, by } => {
                let note = ArchiveCommand::NoteHouseSheet { house: house.clone(), is_full, why };
                self.command_of(who.as_ref(), Command::Archive(note), &by, Vec::new()).await?;
                match self.engine.house_sheet(&house, is_full) {
                    Some(sheet) => Reply::HouseSheet(Box::new(sheet)),
                    None => Reply::Nothing,
                }
            }
            Request::KeepTable { table } => {
                let table = serde_json::from_str(&table).map_err(|e| Failure::new("not_a_workbook", e))?;
                self.keep_table(table, &bytes)
            }
            Request::PreviewImport { import } => {
                let (table, request) = self.import_request(&import)?;
                let preview = self.engine.preview_import(table, &request, progress).await?;
                self.report = Some(preview.report.clone());
                Reply::Preview(Box::new(preview))
            }
            Request::Import { import, by } => {
                let (table, request) = self.import_request(&import)?;
                let table = table.clone();
                let by = name_of(who.as_ref(), by);
                let (preview, receipt) = self.engine.import(&table, &request, &by, progress).await?;
                self.report = Some(preview.report.clone());
                Reply::Imported(Box::new(Imported { preview, receipt }))
            }
            Request::RefusedFile { words } => return self.refused_file(&words),
            Request::History { subjects } => Reply::History(self.engine.history(&subjects, progress).await?),
            Request::Attach { kind, owner, name, budget, by } => {
                let by = name_of(who.as_ref(), by);
                let owner = (kind, owner.as_str());
                Reply::Done(self.engine.attach_within(budget, owner, &name, bytes, &by).await?)
            }
            Request::Attached { id } => {
                let (file, bytes) = self.engine.attachment_file(&id).await?;
                return Ok((Reply::Attached(file), Some(bytes)));
            }
            Request::DropRemoved => {
                self.engine.drop_removed().await?;
                Reply::Nothing
            }
            Request::Timeline { kind, id, kinds, with_edits, offset, limit } => {
                if with_edits {
                    let read = self.engine.edits_of((kind, &id), self.edits.take(), progress).await?;
                    self.edits = Some(read);
                }
                let edits = self.edits.as_ref().filter(|_| with_edits).map(EditsRead::rows).unwrap_or_default();
                let page = self.engine.timeline((kind, &id), &kinds, edits, offset, limit.min(MAX_WINDOW));
                Reply::Timeline(page.ok_or_else(|| Failure::new("record_missing", ""))?)
            }
            Request::Log { filter, before, limit } => {
                Reply::Log(self.engine.log_page(&filter, before, limit.min(MAX_WINDOW), progress).await?)
            }
            Request::LogNames => Reply::LogNames(self.engine.log_names(progress).await?),
            Request::Revert { batch, by } => {
                if let Some(who) = who.as_ref().filter(|who| !who.may(Module::Exchange, Act::Approve)) {
                    // What others did is for somebody who may approve to take back.
                    if !self.engine.was_done_by(&batch, &who.name, progress).await? {
                        return Err(Rejection::new("not_your_action").into());
                    }
                }
                let by = name_of(who.as_ref(), by);
                Reply::Reverted(self.engine.revert(&batch, &by, progress).await?)
            }
            Request::InspectFile { name, checked } => Reply::Inspected(self.inspect_file(name, bytes, checked)),
            Request::InspectText { text } => Reply::Inspected(self.inspect_text(&text)),
            Request::ForgetFiles => {
                self.files.clear();
                Reply::Nothing
            }
            Request::TakeFiles { accepted, by } => {
                let by = name_of(who.as_ref(), by);
                Reply::Taken(self.take_files(&accepted, &by, progress).await?)
            }
            Request::Keys => Reply::Keys(self.engine.keys().await?),
            Request::KeepKeys { keys } => Reply::Keys(self.engine.keep_keys(keys).await?),
            Request::Export { mut scope, author } => {
                scope.projects = self.engine.own_projects(scope.projects)?;
                let author = name_of(who.as_ref(), author);
                let mut counts = self.engine.own_counts();
                let bytes = self.engine.export(&scope, &author, Form::Json, progress).await?;
                let wanted: BTreeSet<String> =
                    scope.projects.iter().map(|p| anju_domain::ids::project_stream(p)).collect();
                for counts in counts.values_mut() {
                    counts.retain(|stream, _| {
                        wanted.is_empty()
                            || stream == anju_domain::ids::ORGANISATION_STREAM
                            || wanted.contains(stream)
                    });
                }
                self.exported = counts;
                let name = format!("anju-{}.json", self.engine.device());
                return Ok((Reply::File(name), Some(bytes)));
            }
            Request::Rescue { author } => {
                let Rescued { bytes, is_whole } = self.engine.rescue(&author, progress).await?;
                let kind = if is_whole { "" } else { "rescue-" };
                let name = format!("anju-{kind}{}.json", self.engine.device());
                return Ok((Reply::File(name), Some(bytes)));
            }
            Request::NoteExported => {
                let counts = std::mem::take(&mut self.exported);
                self.engine.note_exported(&counts).await?;
                Reply::Nothing
            }
            Request::Backup { author } => {
                let author = name_of(who.as_ref(), author);
                let scope = ExportScope { attachments: true, ..ExportScope::default() };
                let counts = self.engine.own_counts();
                let bytes = self.engine.export(&scope, &author, Form::Json, progress).await?;
                let bytes = self.engine.squeezed(bytes).await;
                self.exported = counts;
                let name = format!("anju-{}.json.gz", self.engine.device());
                return Ok((Reply::File(name), Some(bytes)));
            }
            Request::Snapshots => Reply::Snapshots(self.engine.snapshots().await?),
            Request::TakeSnapshot => {
                self.engine.take_snapshot(SnapshotWhy::Asked, progress).await?;
                Reply::Snapshots(self.engine.snapshots().await?)
            }
            Request::InspectBackup => self.inspect_backup(Origin::File(bytes), progress).await?,
            Request::InspectSnapshot { id } => self.inspect_backup(Origin::Snapshot(id), progress).await?,
            Request::Restore { way } => {
                let origin = self.restorable.take().ok_or_else(|| Failure::new("no_backup", ""))?;
                let restored = self.engine.restore_after_snapshot(&origin, way, progress).await?;
                Reply::Restored(restored)
            }
            // A store that cannot be sealed has no vault; the worker answers before it comes here.
            Request::Vault { .. } => return Err(Failure::new("store_unavailable", "")),
            Request::PutDraft { key, value } if self.engine.names_erased(&key, &value) => {
                self.write(self.draft_ends(&key)).await?;
                Reply::Nothing
            }
            Request::PutDraft { key, value } => {
                // One that nobody owns yet, from before there were names, is taken over.
                let mut writes = self.draft_ends(&key);
                let own = self.own_draft(&key);
                writes.retain(|write| !matches!(write, Write::Delete { key, .. } if *key == own));
                writes.push(put(StoreTable::Drafts, &own, value.into_bytes()));
                self.write(writes).await?;
                Reply::Nothing
            }
            Request::GetDraft { key } => {
                let mut found = None;
                for key in [self.own_draft(&key), key] {
                    if found.is_none() {
                        let value = self.engine.store().get(StoreTable::Drafts, &key).await;
                        found = value.map_err(EngineError::from)?;
                    }
                }
                Reply::Draft(found.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
            }
            Request::ListDrafts { prefix } => Reply::Drafts(self.drafts(&prefix).await?),
            Request::DropDraft { key } => {
                self.write(self.draft_ends(&key)).await?;
                Reply::Nothing
            }
            Request::Cancel => Reply::Nothing,
        };
        Ok((reply, None))
    }

    /// Whether whoever is at work may ask for what somebody else carries out, such as the sealing of the store.
    ///
    /// # Errors
    /// As for any other request.
    pub fn lets(&mut self, request: &Request) -> Result<(), Failure> {
        self.at_work_for(request).map(|_who| ())
    }

    /// Whoever is at work, where somebody has to be and may ask for this.
    fn let_through(&mut self, request: &Request) -> Result<Option<AtWork>, Failure> {
        let who = self.at_work_for(request)?;
        let is_of_all = matches!(
            request,
            Request::Backup { .. }
                | Request::InspectBackup
                | Request::InspectSnapshot { .. }
                | Request::Restore { .. }
                | Request::DropRemoved
        );
        if is_of_all && self.engine.is_limited() {
            // It would take along, put back or drop what belongs to everybody else's projects.
            return Err(Rejection::new("backup_needs_all_projects").into());
        }
        let (kind, id) = match request {
            Request::Reveal { party, .. } | Request::Erasure { party } | Request::Holdings { party, .. } => {
                (Kind::Party, party)
            }
            Request::HouseSheet { house, .. } => (Kind::House, house),
            Request::Attach { kind, owner, .. } => (*kind, owner),
            Request::Timeline { kind, id, .. } => (*kind, id),
            Request::Attached { id } => (Kind::Attachment, id),
            _ => return Ok(who),
        };
        if self.engine.sees_id(kind, id) { Ok(who) } else { Err(Rejection::new("not_your_project").into()) }
    }

    fn at_work_for(&mut self, request: &Request) -> Result<Option<AtWork>, Failure> {
        let at_work = self.at_work.clone();
        match self.engine.look_who(at_work.as_deref()) {
            Ok(None) => Ok(None),
            Ok(Some(who)) => match staff::need(request) {
                Some((module, act)) if !who.may(module, act) => Err(refused(module)),
                _ => Ok(Some(who)),
            },
            Err(_nobody) if staff::is_open_to_all(request) => Ok(None),
            Err(nobody) => Err(nobody.into()),
        }
    }

    async fn session(&mut self, order: SessionOrder, who: Option<&AtWork>) -> Result<staff::Session, Failure> {
        match order {
            SessionOrder::Look => {}
            SessionOrder::Enter { staff, pin } => {
                self.engine.enter(&staff, &pin).await?;
                self.forget_kept();
                self.at_work = Some(staff);
            }
            SessionOrder::Leave => {
                self.forget_kept();
                self.at_work = None;
            }
            SessionOrder::SetPin { staff, old, new } => {
                let was_shared = self.engine.is_shared();
                let at_work = self.at_work.clone().filter(|_| who.is_some());
                let own = at_work.as_deref().zip(who);
                self.engine.set_pin(own, &staff, old.as_deref(), new.as_deref()).await?;
                if let Some(who) = who.filter(|_| at_work.as_ref() != Some(&staff)) {
                    let note = StaffCommand::NotePin { id: staff.clone() };
                    self.command(Command::Staff(note), &who.name, Vec::new()).await?;
                }
                if !was_shared {
                    // Whoever gives the device its first PIN is that person; nobody is sent to a lock that has just
                    // appeared.
                    self.at_work = Some(staff);
                } else if !self.engine.is_shared() {
                    self.is_shared_no_more(who.map(|who| who.name.as_str())).await?;
                }
            }
            SessionOrder::StopSharing => {
                self.engine.stop_sharing(who).await?;
                self.is_shared_no_more(who.map(|who| who.name.as_str())).await?;
            }
            SessionOrder::AskReset => self.engine.ask_reset().await?,
            SessionOrder::Reset => {
                self.engine.reset().await?;
                self.is_shared_no_more(None).await?;
            }
        }
        Ok(self.engine.session(self.at_work.as_deref()))
    }

    /// Notes in the log that nobody is asked for a PIN any more, and gives everybody's drafts back to the device.
    async fn is_shared_no_more(&mut self, by: Option<&str>) -> Result<(), Failure> {
        self.forget_kept();
        self.at_work = None;
        self.engine.look_who(None)?;
        let note = StaffCommand::NotePinsRemoved { is_forgotten: by.is_none() };
        let writes = self.drafts_come_home().await?;
        self.command(Command::Staff(note), by.unwrap_or_default(), writes).await?;
        Ok(())
    }

    /// Takes the owners out of the keys of drafts. Of two under one key the second stays hidden, until its owner has a
    /// PIN again.
    async fn drafts_come_home(&self) -> Result<Vec<Write>, Failure> {
        let mut writes = Vec::new();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut owned: Vec<(String, Vec<u8>)> = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.engine.store().page(StoreTable::Drafts, after.as_deref(), 100).await;
            let page = page.map_err(EngineError::from)?;
            let Some(last) = page.last() else { break };
            after = Some(last.key.clone());
            for entry in page {
                if entry.key.starts_with('@') {
                    owned.push((entry.key, entry.value));
                } else {
                    taken.insert(entry.key);
                }
            }
        }
        for (key, value) in owned {
            let Some((_, plain)) = key.split_once('/') else { continue };
            if taken.insert(plain.to_owned()) {
                writes.push(put(StoreTable::Drafts, plain, value));
                writes.push(Write::Delete { table: StoreTable::Drafts, key });
            }
        }
        Ok(writes)
    }

    /// What one person had loaded is not the next one's.
    fn forget_kept(&mut self) {
        (self.table, self.report, self.restorable, self.edits) = (None, None, None, None);
        self.files.clear();
    }

    /// Carries out a command for whoever is at work, under their name.
    async fn command_of(
        &mut self,
        who: Option<&AtWork>,
        command: Command,
        by: &str,
        beside: Vec<Write>,
    ) -> Result<crate::engine::Receipt, Failure> {
        let Some(who) = who else { return self.command(command, by, beside).await };
        let (module, act) = need(&command);
        if !who.may(module, act) {
            return Err(refused(module));
        }
        if let Command::Staff(command) = &command {
            self.engine.may_manage(who, command)?;
        }
        self.command(signed(command, &who.name), &who.name, beside).await
    }

    /// Under which key a draft of whoever is at work lies. Its own key stays at the end, by which an erasure finds it.
    fn own_draft(&self, key: &str) -> String {
        self.at_work.as_ref().map_or_else(|| key.to_owned(), |staff| format!("@{staff}/{key}"))
    }

    /// What ends a draft: of whoever is at work, and one that nobody owns.
    fn draft_ends(&self, key: &str) -> Vec<Write> {
        let keys = BTreeSet::from([self.own_draft(key), key.to_owned()]);
        keys.into_iter().map(|key| Write::Delete { table: StoreTable::Drafts, key }).collect()
    }

    async fn command(
        &mut self,
        command: Command,
        by: &str,
        beside: Vec<Write>,
    ) -> Result<crate::engine::Receipt, Failure> {
        if let Command::Privacy(PrivacyCommand::Erase(order)) = command {
            let receipt = self.engine.erase_person(&order, by).await?;
            // What lies open in this tab may name whoever was erased.
            (self.table, self.report, self.restorable) = (None, None, None);
            self.files.clear();
            return Ok(receipt);
        }
        let decision = decide(&self.engine.records, command, self.engine.env.as_mut())?;
        Ok(self.engine.commit(decision, by, beside).await?)
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), Failure> {
        Ok(self.engine.store().write(writes, Durability::Strict).await.map_err(EngineError::from)?)
    }

    async fn drafts(&self, prefix: &str) -> Result<Vec<(String, String)>, Failure> {
        let own = self.own_draft("");
        let mut drafts: Vec<(String, String)> = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.engine.store().page(StoreTable::Drafts, after.as_deref(), 100).await;
            let page = page.map_err(EngineError::from)?;
            let Some(last) = page.last() else { return Ok(drafts) };
            after = Some(last.key.clone());
            for entry in page {
                // Own ones come first, as `@` stands before every letter: of two under one key they are the later.
                let key = entry.key.strip_prefix(&own).unwrap_or(&entry.key);
                let is_known = drafts.iter().any(|(known, _)| known == key);
                if key.starts_with(prefix) && !is_known {
                    drafts.push((key.to_owned(), String::from_utf8_lossy(&entry.value).into_owned()));
                }
            }
        }
    }

    fn keep_table(&mut self, table: Table, bytes: &[u8]) -> Reply {
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        let kinds = [mapping::Kind::Owners, mapping::Kind::Cases, mapping::Kind::Answers];
        let guesses: Vec<(mapping::Kind, Mapping)> =
            kinds.into_iter().map(|kind| (kind, Mapping::guess(&table.headings, kind))).collect();
        // The kind that misses the least and leaves the fewest headings over.
        let kind = guesses
            .iter()
            .min_by_key(|(_, guess)| (guess.missing().len(), guess.unmapped().len()))
            .map_or(mapping::Kind::Owners, |(kind, _)| *kind);
        let view = TableView {
            name: table.name.clone(),
            headings: table.headings.clone(),
            sample: table.rows.iter().take(SAMPLE_ROWS).map(|row| row.cells.clone()).collect(),
            rows: table.rows.len(),
            kind,
            mappings: guesses.into_iter().map(|(kind, guess)| (kind, guess.to_json())).collect(),
        };
        self.table = Some((table, hex(&digest)));
        Reply::Table(view)
    }

    fn import_request(&self, order: &ImportOrder) -> Result<(&Table, ImportRequest), Failure> {
        let (table, digest) = self.table.as_ref().ok_or_else(|| Failure::new("no_table", ""))?;
        let mapping = match &order.mapping {
            Some(json) => {
                Mapping::from_json(json, &table.headings, order.kind).map_err(|e| Failure::new(e.code(), e))?
            }
            None => Mapping::guess(&table.headings, order.kind),
        };
        if let Some(missing) = mapping.missing().first() {
            return Err(Failure { field: Some((*missing).to_owned()), ..Failure::new("column_missing", missing) });
        }
        let request =
            ImportRequest { kind: order.kind, mapping, source: source_of(order, digest), wave: order.wave.clone() };
        Ok((table, request))
    }

    fn refused_file(&self, words: &[(String, String)]) -> Result<Outcome, Failure> {
        let (Some((table, _)), Some(report)) = (&self.table, &self.report) else {
            return Err(Failure::new("no_table", ""));
        };
        let word = |code: &str| {
            words.iter().find(|(key, _)| key == code).map_or_else(|| code.to_owned(), |(_, word)| word.clone())
        };
        let stem = table.name.rsplit_once('.').map_or(table.name.as_str(), |(stem, _)| stem);
        Ok((Reply::File(format!("{stem}-refused.csv")), Some(refused_csv(table, report, word))))
    }

    fn inspect_file(&mut self, name: String, bytes: Vec<u8>, checked: Checked) -> Vec<FileView> {
        if is_sealed(&bytes) {
            // Whoever could have opened it did not.
            let error = Failure::new("bundle_sealed", "");
            return self.keep(name, FileContent::Refused { error }, bytes, checked);
        }
        let bundle = self.engine.preview_bundle(&bytes);
        let is_no_bundle =
            matches!(&bundle, Err(MergeError::Bundle(BundleError::NotJson(_) | BundleError::NotABundle(_))));
        // A bundle comes first: somebody may have pasted an answer into a case that travels in it.
        if is_no_bundle && let Some(token) = std::str::from_utf8(&bytes).ok().filter(|_| bytes.len() < 1 << 20) {
            // A chat export or a note with answers in it is as good as the file.
            let found = answer::find_answers(token);
            if !found.is_empty() {
                return self.keep_answers(&name, found);
            }
        }
        let as_answer = answer::read_file(&bytes);
        // What is too large for an answer is a bundle or nothing.
        if bundle.is_err()
            && !matches!(as_answer, Err(answer::AnswerError::NotAnAnswer | answer::AnswerError::TooLarge))
        {
            return self.keep_answers(&name, vec![as_answer]);
        }
        let content = match bundle {
            Ok(summary) => {
                let verdict = judge(self.engine.records(), &checked);
                FileContent::Bundle { summary: Box::new(summary), verdict }
            }
            Err(e) => FileContent::Refused { error: e.into() },
        };
        self.keep(name, content, bytes, checked)
    }

    fn keep(&mut self, name: String, content: FileContent, bytes: Vec<u8>, checked: Checked) -> Vec<FileView> {
        let view = FileView { name, content };
        self.files.push(Kept { view: view.clone(), bytes, checked });
        vec![view]
    }

    async fn inspect_backup(&mut self, origin: Origin, progress: &impl Progress) -> Result<Reply, Failure> {
        self.restorable = None;
        let preview = self.engine.preview_restore(&origin, progress).await?;
        self.restorable = Some(origin);
        Ok(Reply::Restorable(Box::new(preview)))
    }

    fn inspect_text(&mut self, text: &str) -> Vec<FileView> {
        let found = answer::find_answers(text);
        self.keep_answers("", found)
    }

    fn keep_answers(
        &mut self,
        name: &str,
        found: Vec<Result<AnswerDocument, answer::AnswerError>>,
    ) -> Vec<FileView> {
        let views: Vec<FileView> = found
            .into_iter()
            .map(|found| {
                let content = match found {
                    Ok(document) => FileContent::Answer {
                        is_known: self.engine.records().find(Kind::Response, &document.response).is_some(),
                        receipt: answer::receipt_for(&document),
                        document: Box::new(document),
                    },
                    Err(e) => FileContent::Refused { error: Failure::new(e.code(), e) },
                };
                FileView { name: name.to_owned(), content }
            })
            .collect();
        self.files.extend(views.iter().map(|view| Kept {
            view: view.clone(),
            bytes: Vec::new(),
            checked: Checked::default(),
        }));
        views
    }

    /// Takes the kept files one after the other, each in its own transaction; a file that fails leaves the others be.
    async fn take_files(
        &mut self,
        accepted: &[usize],
        by: &str,
        progress: &impl Progress,
    ) -> Result<Vec<FileView>, Failure> {
        let mut taken = Vec::new();
        let mut senders = BTreeSet::new();
        let kept = std::mem::take(&mut self.files);
        let total = u64::try_from(kept.len()).unwrap_or(u64::MAX);
        let mut is_stopped = false;
        if kept.iter().any(|kept| matches!(kept.view.content, FileContent::Bundle { .. })) {
            let taken = self.engine.take_snapshot(SnapshotWhy::BeforeMerge, progress).await;
            // A merge takes nothing away, so it goes on without a snapshot: the reason shows with its own writes.
            is_stopped = matches!(taken, Err(EngineError::Cancelled));
        }
        for (place, (done, Kept { view, bytes, checked })) in (0_u64..).zip(kept).enumerate() {
            is_stopped = is_stopped || progress.step(done, total).await.is_err();
            let content = match view.content {
                // What was taken before the stop stays taken; only what waits is left.
                _ if is_stopped => FileContent::Refused { error: EngineError::Cancelled.into() },
                FileContent::Bundle { summary, verdict: shown } => {
                    let name = &view.name;
                    let told = accepted.contains(&place).then_some(shown);
                    match self.take_bundle(&bytes, &checked, &summary.bundle, name, told, by, progress).await {
                        Ok((summary, verdict)) => {
                            senders.insert(summary.device.clone());
                            FileContent::Bundle { summary: Box::new(summary), verdict }
                        }
                        Err(error) => FileContent::Refused { error },
                    }
                }
                FileContent::Answer { document, receipt, .. } => {
                    let is_known = self.engine.records().find(Kind::Response, &document.response).is_some();
                    let take = SurveyCommand::TakeAnswers(vec![(*document).clone()]);
                    let taken = match is_known {
                        true => Ok(()),
                        false => self.command(Command::Surveys(take), by, Vec::new()).await.map(|_receipt| ()),
                    };
                    match taken {
                        Ok(()) => FileContent::Answer { document, is_known, receipt },
                        Err(error) => FileContent::Refused { error },
                    }
                }
                refused @ FileContent::Refused { .. } => refused,
            };
            taken.push(FileView { name: view.name, content });
        }
        // The files are taken, and may not be told as refused; the next merge confirms what is here then.
        let _confirmed_later = self.engine.confirm(&senders, by).await;
        Ok(taken)
    }
}

impl<S: Store> Host<S> {
    /// Takes a bundle whose signature speaks for it, or one that somebody decided to take knowing what it says. What
    /// it says is judged again, since the records may have learnt more of devices since it was shown.
    #[expect(clippy::too_many_arguments, reason = "all that one file is; there is one caller")]
    async fn take_bundle(
        &mut self,
        bytes: &[u8],
        checked: &Checked,
        bundle: &str,
        file: &str,
        accepted: Option<Verdict>,
        by: &str,
        progress: &impl Progress,
    ) -> Result<(MergeSummary, Verdict), Failure> {
        let verdict = judge(self.engine.records(), checked);
        if verdict.needs_decision() {
            if accepted.as_ref() != Some(&verdict) {
                return Err(Failure::new(&format!("signature_{}", verdict.code()), ""));
            }
            let note = TrustCommand::NoteException {
                verdict: verdict.clone(),
                bundle: bundle.to_owned(),
                file: file.to_owned(),
            };
            self.command(Command::Trust(note), by, Vec::new()).await?;
        }
        Ok((self.engine.merge_bundle(bytes, progress).await?, verdict))
    }
}

/// The name under which something is done: that of whoever is at work, else the one that the page says.
fn name_of(who: Option<&AtWork>, by: String) -> String {
    who.map_or(by, |who| who.name.clone())
}

fn refused(module: Module) -> Failure {
    Failure::new("not_allowed", module.code())
}

/// The command with the name of whoever is at work wherever it says who gives it: a rule that wants two people would
/// otherwise hold between two spellings.
fn signed(command: Command, name: &str) -> Command {
    let by = || name.to_owned();
    match command {
        Command::Archive(ArchiveCommand::PrepareTransfer { draft, .. }) => {
            Command::Archive(ArchiveCommand::PrepareTransfer { draft, by: by() })
        }
        Command::Archive(ArchiveCommand::ApproveTransfer { id, .. }) => {
            Command::Archive(ArchiveCommand::ApproveTransfer { id, by: by() })
        }
        Command::Archive(ArchiveCommand::WithdrawTransfer { id, why, .. }) => {
            Command::Archive(ArchiveCommand::WithdrawTransfer { id, why, by: by() })
        }
        Command::Archive(ArchiveCommand::Snooze { subject, until, why, .. }) => {
            Command::Archive(ArchiveCommand::Snooze { subject, until, why, by: by() })
        }
        Command::Privacy(PrivacyCommand::Restrict { party, ground, note, until, .. }) => {
            Command::Privacy(PrivacyCommand::Restrict { party, ground, note, until, by: by() })
        }
        Command::Privacy(PrivacyCommand::Lift { party, why, .. }) => {
            Command::Privacy(PrivacyCommand::Lift { party, why, by: by() })
        }
        Command::Cases(CaseCommand::Step(mut order)) => {
            order.by = by();
            Command::Cases(CaseCommand::Step(order))
        }
        Command::Cases(CaseCommand::StepMany { cases, mut order }) => {
            order.by = by();
            Command::Cases(CaseCommand::StepMany { cases, order })
        }
        other => other,
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Rejected(rejection) => rejection.into(),
            EngineError::Store(e) => Self::new(&format!("store_{}", e.code()), e),
            EngineError::Cancelled => Self::new("cancelled", ""),
        }
    }
}

impl From<MergeError> for Failure {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::Bundle(e) => Self::new(e.code(), e),
            MergeError::OtherOrganisation(name) => Self::new("bundle_other_organisation", name),
            MergeError::SnapshotMissing => Self::new("snapshot_missing", ""),
            MergeError::NothingToRestore => Self::new("backup_empty", ""),
            MergeError::Engine(e) => e.into(),
        }
    }
}
