//! Who is at work on this device: switching by PIN, and what that person may ask, do and see.
//!
//! A device asks who is at work only once somebody has been given a PIN *on it*; people who arrive in a file change
//! nothing of that. Rights come from the records (`anju_domain::staff`) and are looked up anew for each request, so that a
//! role that was changed elsewhere counts as soon as it has arrived. PINs stay in this database and never travel: a PIN of
//! a few digits is guessed in seconds by whoever holds its hash, so that no file that leaves the device may carry one. A
//! PIN tells people of one tablet apart; what lies on the disk is protected by the passphrase of the vault alone.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::archive::model::Staff;
use anju_domain::archive::people::today;
use anju_domain::command::Rejection;
use anju_domain::env::Env;
use anju_domain::ids::{hex, project_of_stream, unhex};
use anju_domain::records::{Kind, Record, Records};
use anju_domain::staff::command::StaffCommand;
use anju_domain::staff::model::{Absence, active, nobody_manages, projects_of};
use anju_domain::staff::rights::{Act, Module, Role, allows, covers, module_of};
use anju_domain::time::Millis;
use anju_store::{Durability, Store, Table};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::archive::last_hits::LastHits;
use crate::engine::{Engine, EngineError, put};
use crate::protocol::Request;
use crate::queries::Query;
use crate::vault::VaultOrder;

/// Where the PINs of this database lie.
const META_PINS: &str = "pins";
/// How often a PIN is hashed. It slows down whoever tries all of them on a copy of the database, and no more than that.
const ROUNDS: u32 = 200_000;
/// Fewest and most digits of a PIN.
const DIGITS: std::ops::RangeInclusive<usize> = 4..=8;
/// So many wrong PINs in a row cost no time.
const FREE_TRIES: u32 = 2;
/// The first wait after that; each further wrong PIN doubles it.
const FIRST_WAIT: Millis = 10_000;
/// The longest wait.
const LONGEST_WAIT: Millis = 10 * 60 * 1000;
/// How long everybody of a device can see that its PINs are going to be removed, before they can be.
const RESET_WAIT: Millis = 60 * 60 * 1000;

/// What a page orders of whoever is at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionOrder {
    /// How it stands.
    Look,
    /// Somebody comes to work.
    Enter {
        /// Staff id.
        staff: String,
        /// The PIN.
        pin: String,
    },
    /// Nobody is at work any more.
    Leave,
    /// Gives somebody a PIN on this device, or takes it away. The first one makes the device a shared one, and its owner
    /// the one who is at work.
    SetPin {
        /// Staff id.
        staff: String,
        /// The PIN so far, which its owner has to know; a manager needs it for nobody else.
        old: Option<String>,
        /// The PIN from now on; nothing takes it away.
        new: Option<String>,
    },
    /// Takes every PIN away: the device is not a shared one any more.
    StopSharing,
    /// Nobody who may help knows a PIN any more: after a while in which everybody can see it, [`SessionOrder::Reset`]
    /// takes every PIN away. Whoever enters meanwhile ends it.
    AskReset,
    /// Takes every PIN away after that while.
    Reset,
}

impl SessionOrder {
    /// Whether it is written to the log.
    #[must_use]
    pub fn is_logged(&self) -> bool {
        matches!(self, Self::SetPin { .. } | Self::StopSharing | Self::Reset)
    }
}

/// How it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whether this device asks who is at work: somebody has a PIN on it. Otherwise everything is open.
    pub is_shared: bool,
    /// Everybody who works here.
    pub people: Vec<Colleague>,
    /// Who is at work: a staff id.
    pub at_work: Option<String>,
    /// What that person may do.
    pub rights: Vec<(Module, Act)>,
    /// Whether that person may set the PINs of others on this device.
    pub sets_pins: bool,
    /// The names of the projects that this person works on; nothing means every one.
    pub projects: Option<Vec<String>>,
    /// From when every PIN can be removed without one, where somebody asked for that.
    pub reset_from: Option<Millis>,
}

impl Session {
    /// Whether somebody has to say who they are before anything is shown.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.is_shared && self.at_work.is_none()
    }

    /// Whether whoever is at work may do this.
    #[must_use]
    pub fn may(&self, module: Module, act: Act) -> bool {
        !self.is_shared || self.rights.contains(&(module, act))
    }

    /// Whoever is at work.
    #[must_use]
    pub fn person(&self) -> Option<&Colleague> {
        let id = self.at_work.as_ref()?;
        self.people.iter().find(|person| person.id == *id)
    }
}

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Staff id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// How many digits the PIN on this device has; nothing where there is none.
    pub digits: Option<usize>,
    /// Until when no further PIN is tried.
    pub waits_until: Option<Millis>,
}

impl Colleague {
    /// Whether this person can come to work on this device.
    #[must_use]
    pub fn has_pin(&self) -> bool {
        self.digits.is_some()
    }
}

/// A line of the list of everybody who works here or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRow {
    /// Staff id.
    pub id: String,
    /// What is known of this person.
    pub staff: Staff,
    /// The role that counts.
    pub role: Role,
    /// Project ids with names; nothing means every one.
    pub projects: Option<Vec<(String, String)>>,
    /// When this person is away, by first day; those that are over are left out.
    pub absences: Vec<AbsenceRow>,
}

/// Days on which somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceRow {
    /// Absence id.
    pub id: String,
    /// The first day, `yyyy-mm-dd`.
    pub from: String,
    /// The last day, `yyyy-mm-dd`.
    pub until: String,
    /// Who stands in: a staff id.
    pub stand_in: Option<String>,
    /// The same by name.
    pub stand_in_name: Option<String>,
}

/// The PINs of this database.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Pins {
    people: BTreeMap<String, Pin>,
    /// When somebody asked for all of them to be removed without one.
    reset_asked: Option<Millis>,
}

/// One PIN as this database keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Pin {
    salt: String,
    rounds: u32,
    hash: String,
    digits: usize,
    /// Wrong tries since the last right one.
    #[serde(default)]
    wrong: u32,
    /// Until when nothing is tried.
    #[serde(default)]
    until: Millis,
}

impl Pin {
    fn new(digits: &str, env: &mut dyn Env) -> Self {
        let salt = env.random();
        let hash = hash(digits, &salt, ROUNDS);
        Self { salt: hex(&salt), rounds: ROUNDS, hash, digits: digits.len(), wrong: 0, until: 0 }
    }

    fn is(&self, digits: &str) -> bool {
        unhex::<16>(&self.salt).is_some_and(|salt| hash(digits, &salt, self.rounds) == self.hash)
    }

    /// Until when it waits. A clock that was set back lengthens no wait beyond the longest.
    fn waits_until(&self, now: Millis) -> Option<Millis> {
        (self.until > now && self.until <= now.saturating_add(LONGEST_WAIT)).then_some(self.until)
    }

    fn was_wrong(&mut self, now: Millis) {
        self.wrong = self.wrong.saturating_add(1);
        if let Some(doublings) = self.wrong.checked_sub(FREE_TRIES + 1) {
            let wait = FIRST_WAIT.saturating_mul(1_i64 << doublings.min(10)).min(LONGEST_WAIT);
            self.until = now.saturating_add(wait);
        }
    }
}

fn hash(digits: &str, salt: &[u8], rounds: u32) -> String {
    hex(&pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(digits.as_bytes(), salt, rounds))
}

/// Whoever is at work, as the records know them now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AtWork {
    pub(crate) name: String,
    role: Role,
    projects: Option<BTreeSet<String>>,
    /// Nobody may manage people, so everybody may.
    is_orphaned: bool,
}

impl AtWork {
    fn of(records: &Records, id: &str) -> Option<Self> {
        let record = records.get(Kind::Staff, id)?;
        let staff: Staff = records.read(Kind::Staff, record).ok().filter(Staff::is_active)?;
        Some(Self {
            role: staff.role(),
            projects: projects_of(records, id, &staff),
            is_orphaned: nobody_manages(records),
            name: staff.name,
        })
    }

    pub(crate) fn may(&self, module: Module, act: Act) -> bool {
        allows(self.role, module, act) || (self.is_orphaned && module == Module::Staff)
    }

    fn rights(&self) -> Vec<(Module, Act)> {
        let all = Module::ALL.into_iter().flat_map(|module| module.acts().iter().map(move |act| (module, *act)));
        all.filter(|(module, act)| self.may(*module, *act)).collect()
    }
}

/// What a request needs of the role, where it needs anything. Whatever a command needs is asked of the command.
pub(crate) fn need(request: &Request) -> Option<(Module, Act)> {
    match request {
        Request::Query { query } => need_of_query(query),
        Request::Reveal { .. } => Some((Module::Households, Act::Reveal)),
        Request::KeepTable { .. }
        | Request::PreviewImport { .. }
        | Request::Import { .. }
        | Request::RefusedFile { .. } => Some((Module::Import, Act::Edit)),
        Request::History { .. } | Request::Timeline { .. } | Request::Attached { .. } => {
            Some((Module::Households, Act::See))
        }
        Request::Attach { kind, .. } => Some((module_of(*kind), Act::Edit)),
        Request::DropRemoved => Some((Module::Households, Act::Approve)),
        Request::Erasure { .. } => Some((Module::Households, Act::Approve)),
        Request::Holdings { .. } => Some((Module::Households, Act::Export)),
        Request::Log { .. } | Request::LogNames => Some((Module::Organisation, Act::See)),
        Request::InspectFile { .. }
        | Request::InspectText { .. }
        | Request::TakeFiles { .. }
        | Request::Revert { .. }
        | Request::TakeSnapshot => Some((Module::Exchange, Act::Edit)),
        Request::Export { .. } | Request::Backup { .. } => Some((Module::Exchange, Act::Export)),
        Request::Snapshots => Some((Module::Exchange, Act::See)),
        Request::InspectBackup | Request::InspectSnapshot { .. } | Request::Restore { .. } => {
            Some((Module::Exchange, Act::Approve))
        }
        Request::KeepKeys { .. } => Some((Module::Organisation, Act::Approve)),
        Request::Vault { order } if changes_vault(order) => Some((Module::Exchange, Act::Approve)),
        _ => None,
    }
}

/// Whether somebody could lock everybody else out, or open what they have sealed.
fn changes_vault(order: &VaultOrder) -> bool {
    matches!(order, VaultOrder::TurnOn { .. } | VaultOrder::TurnOff { .. } | VaultOrder::Change { .. })
}

fn need_of_query(query: &Query) -> Option<(Module, Act)> {
    let module = match query {
        Query::Households { .. }
        | Query::House { .. }
        | Query::Party { .. }
        | Query::Kin { .. }
        | Query::People { .. }
        | Query::Facets { .. }
        | Query::Find { .. }
        | Query::Alike { .. }
        | Query::Pairs
        | Query::Callers { .. }
        | Query::Attachments { .. }
        | Query::Holders { .. }
        | Query::Building { .. } => Module::Households,
        Query::Fields { kind, .. } | Query::Circumstances { kind, .. } => module_of(*kind),
        Query::Reveal { .. } => return Some((Module::Households, Act::Reveal)),
        Query::Cases { .. }
        | Query::Case { .. }
        | Query::CaseRules { .. }
        | Query::SimilarCases { .. }
        | Query::MassComplaints
        | Query::Work { .. }
        | Query::Posts { .. }
        | Query::PostReport
        | Query::Morning { .. }
        | Query::ReadPost { .. }
        | Query::ReadPage { .. }
        | Query::PostWords => Module::Cases,
        // It tells who said what.
        Query::CaseLines { .. } => return Some((Module::Households, Act::Export)),
        Query::Satisfaction { .. }
        | Query::Lessons { .. }
        | Query::ReportFile { .. }
        | Query::Answers { .. }
        | Query::Response { .. }
        | Query::Centre { .. } => Module::Figures,
        Query::Conflicts { .. } | Query::Findings | Query::Completeness | Query::Batches => Module::Exchange,
        Query::Staff => Module::Staff,
        // It tells whom a change would touch.
        Query::CalendarImpact(_) => return Some((Module::Organisation, Act::Edit)),
        // The words, days and definitions that every form needs, and one's own lists.
        Query::Status
        | Query::Places
        | Query::Views { .. }
        | Query::Waves
        | Query::Questionnaire { .. }
        | Query::Vocabulary
        | Query::Tree { .. }
        | Query::Standards
        | Query::Texts
        | Query::Trust
        | Query::Calendar { .. }
        | Query::Holidays { .. }
        | Query::Day { .. }
        | Query::OwnFields
        | Query::FieldRows => return None,
    };
    Some((module, Act::See))
}

/// Whether it is answered while nobody is at work: nothing of it holds or changes what a household is, or it brings
/// to safety what would be lost.
pub(crate) fn is_open_to_all(request: &Request) -> bool {
    if let Request::Vault { order } = request {
        return !changes_vault(order);
    }
    matches!(
        request,
        Request::Session { .. }
            | Request::Query { query: Query::Status }
            | Request::Rescue { .. }
            | Request::ForgetFiles
            | Request::NoteExported
            | Request::Cancel
    )
}

impl<S: Store> Engine<S> {
    /// Whether this device asks who is at work: somebody has a PIN on it. It goes on asking when all of them have left, so
    /// that a merge opens no device; the way back is to take the PINs away, after the hour that everybody can see.
    pub(crate) fn is_shared(&self) -> bool {
        !self.pins.people.is_empty()
    }

    /// Takes up the limits of whoever is at work: `None` where nobody has to say who they are.
    ///
    /// # Errors
    /// `away` where somebody has to.
    pub(crate) fn look_who(&mut self, at_work: Option<&str>) -> Result<Option<AtWork>, Rejection> {
        let who = match self.is_shared() {
            false => Ok(None),
            true => match at_work.and_then(|id| AtWork::of(&self.records, id)) {
                Some(who) => Ok(Some(who)),
                None => Err(Rejection::new("away")),
            },
        };
        let only = match &who {
            Ok(None) => None,
            Ok(Some(who)) => who.projects.clone(),
            Err(_nobody) => Some(BTreeSet::new()),
        };
        if only != self.only {
            // What was found for one person is not what another one sees.
            self.last_hits = LastHits::default();
            self.only = only;
        }
        who
    }

    /// Whether whoever is at work may see a record: it lies in no project, or in one of theirs.
    pub(crate) fn sees(&self, record: &Record) -> bool {
        self.sees_stream(self.records.names().text(record.stream))
    }

    pub(crate) fn sees_stream(&self, stream: &str) -> bool {
        let Some(only) = &self.only else { return true };
        project_of_stream(stream).is_none_or(|project| only.contains(project))
    }

    /// Like [`Engine::sees`] by kind and id. A person is seen as well from every project where they hold a house.
    pub(crate) fn sees_id(&self, kind: Kind, id: &str) -> bool {
        if self.only.is_none() {
            return true;
        }
        let is_seen = self.records.find(kind, id).is_none_or(|record| self.sees(record));
        is_seen || (kind == Kind::Party && self.sees_by_tenure(id))
    }

    fn sees_by_tenure(&self, party: &str) -> bool {
        let tenures = self.archive.tenures_of_party(&self.records, party);
        tenures
            .iter()
            .any(|(_, tenure)| self.records.get(Kind::House, &tenure.house).is_some_and(|house| self.sees(house)))
    }

    /// The projects that an export may take along: those that were asked for and that whoever is at work works on.
    ///
    /// # Errors
    /// `not_your_project` where there is none.
    pub(crate) fn own_projects(&self, asked: Vec<String>) -> Result<Vec<String>, Rejection> {
        let Some(only) = &self.only else { return Ok(asked) };
        let own: Vec<String> = match asked.is_empty() {
            true => only.iter().cloned().collect(),
            false => asked.into_iter().filter(|project| only.contains(project)).collect(),
        };
        if own.is_empty() { Err(Rejection::new("not_your_project")) } else { Ok(own) }
    }

    /// Whether anything of the log is kept from whoever is at work.
    pub(crate) fn is_limited(&self) -> bool {
        self.only.is_some()
    }

    /// Whether whoever is at work may do this about somebody: nobody gives, takes or enters by more than they have
    /// themselves. Where nobody manages people any more, whoever is there has to.
    ///
    /// # Errors
    /// `above_own_role` and `beyond_own_projects`.
    pub(crate) fn may_manage(&self, who: &AtWork, command: &StaffCommand) -> Result<(), Rejection> {
        let absent;
        let (id, wanted) = match command {
            StaffCommand::Put { id, role, projects, .. } => (id.as_deref(), Some((*role, projects.clone()))),
            StaffCommand::PutAbsence(absence) => (Some(absence.staff.as_str()), None),
            StaffCommand::DropAbsence { id } => {
                let record = self.records.get(Kind::Absence, id);
                absent = record.and_then(|record| self.records.shown_text(record, "staff"));
                (absent.as_deref(), None)
            }
            StaffCommand::Leave { id, .. } | StaffCommand::Return { id } | StaffCommand::NotePin { id } => {
                (Some(id.as_str()), None)
            }
            StaffCommand::NotePinsRemoved { .. } => (None, None),
        };
        if who.is_orphaned {
            return Ok(());
        }
        let now = id.and_then(|id| {
            let staff: Staff = self.records.read(Kind::Staff, self.records.get(Kind::Staff, id)?).ok()?;
            Some((staff.role(), projects_of(&self.records, id, &staff)))
        });
        for (role, projects) in now.into_iter().chain(wanted) {
            if !covers(who.role, role) {
                return Err(Rejection::of("role", "above_own_role"));
            }
            let Some(own) = &who.projects else { continue };
            if !projects.is_some_and(|projects| projects.is_subset(own)) {
                return Err(Rejection::of("projects", "beyond_own_projects"));
            }
        }
        Ok(())
    }

    /// Everybody who works here or did, those who left last.
    pub(crate) fn staff(&mut self) -> Vec<StaffRow> {
        let today = today(self.env.as_mut());
        let mut away: BTreeMap<String, Vec<AbsenceRow>> = BTreeMap::new();
        for record in self.records.live(Kind::Absence) {
            let Ok(absence) = self.records.read::<Absence>(Kind::Absence, record) else { continue };
            let (Some(from), Some(until)) = (absence.from, absence.until) else { continue };
            if until < today {
                continue;
            }
            away.entry(absence.staff).or_default().push(AbsenceRow {
                id: record.id.to_string(),
                from,
                until,
                stand_in_name: absence.stand_in.as_deref().map(|who| self.staff_name(who)),
                stand_in: absence.stand_in,
            });
        }
        let names: BTreeMap<&str, Option<String>> = self
            .records
            .live(Kind::Place)
            .map(|record| (&*record.id, self.records.shown_text(record, "name")))
            .collect();
        let mut rows: Vec<StaffRow> = self
            .records
            .live(Kind::Staff)
            .filter_map(|record| {
                let staff: Staff = self.records.read(Kind::Staff, record).ok()?;
                let projects = projects_of(&self.records, &record.id, &staff).map(|projects| {
                    let named = |id: String| {
                        let name = names.get(id.as_str()).cloned().flatten().unwrap_or_else(|| id.clone());
                        (id, name)
                    };
                    projects.into_iter().map(named).collect()
                });
                let mut absences = away.remove(&*record.id).unwrap_or_default();
                absences.sort_by(|a, b| (&a.from, &a.id).cmp(&(&b.from, &b.id)));
                Some(StaffRow { id: record.id.to_string(), role: staff.role(), projects, absences, staff })
            })
            .collect();
        rows.sort_by(|a, b| {
            (a.staff.left_on.is_some(), &a.staff.name, &a.id).cmp(&(
                b.staff.left_on.is_some(),
                &b.staff.name,
                &b.id,
            ))
        });
        rows
    }

    /// Reads the PINs, which another tab may have changed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn read_pins(&mut self) -> Result<(), EngineError> {
        let bytes = self.store.get(Table::Meta, META_PINS).await?;
        self.pins = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Ok(())
    }

    async fn keep_pins(&mut self, pins: Pins) -> Result<(), EngineError> {
        let text = serde_json::to_vec(&pins).unwrap_or_default();
        self.store.write(vec![put(Table::Meta, META_PINS, text)], Durability::Strict).await?;
        self.pins = pins;
        Ok(())
    }

    /// How it stands with whoever is at work.
    pub(crate) fn session(&mut self, at_work: Option<&str>) -> Session {
        let now = self.env.now();
        let is_shared = self.is_shared();
        let who = at_work.filter(|_| is_shared).and_then(|id| AtWork::of(&self.records, id));
        let projects = who.as_ref().and_then(|who| who.projects.as_ref()).map(|projects| {
            projects.iter().map(|id| crate::search::archive::project_name(&self.records, id)).collect()
        });
        let colleague = |(id, staff): (String, Staff)| {
            let pin = self.pins.people.get(&id);
            Colleague {
                role: staff.role(),
                name: staff.name,
                digits: pin.map(|pin| pin.digits),
                waits_until: pin.and_then(|pin| pin.waits_until(now)),
                id,
            }
        };
        Session {
            is_shared,
            people: active(&self.records).into_iter().map(colleague).collect(),
            at_work: at_work.filter(|_| who.is_some()).map(str::to_owned),
            rights: who.as_ref().map(AtWork::rights).unwrap_or_default(),
            sets_pins: !is_shared || who.as_ref().is_some_and(|who| self.sets_pins(who)),
            projects,
            reset_from: self.pins.reset_asked.filter(|_| is_shared).map(|asked| asked.saturating_add(RESET_WAIT)),
        }
    }

    /// Whether somebody may set the PINs of others. Where nobody with a PIN may, everybody with one may: a merge can take
    /// the last manager of a device away.
    fn sets_pins(&self, who: &AtWork) -> bool {
        who.may(Module::Staff, Act::Edit) || !self.has_manager_beside(None)
    }

    /// Whether somebody with a PIN here, other than this person, may manage people.
    fn has_manager_beside(&self, staff: Option<&str>) -> bool {
        self.pins.people.keys().filter(|id| Some(id.as_str()) != staff).any(|id| self.manages(id))
    }

    fn manages(&self, staff: &str) -> bool {
        AtWork::of(&self.records, staff).is_some_and(|who| who.may(Module::Staff, Act::Edit))
    }

    /// Lets somebody in whose PIN fits.
    ///
    /// # Errors
    /// `pin_wrong`, `pin_wait` where nothing is tried now, or `pin_none` where this person has none here.
    pub(crate) async fn enter(&mut self, staff: &str, pin: &str) -> Result<(), EngineError> {
        if AtWork::of(&self.records, staff).is_none() {
            return Err(Rejection::new("record_missing").into());
        }
        // Where the store is out of reach, those that were read last count: what is here can still be read.
        let is_there = self.read_pins().await.is_ok();
        let mut pins = self.pins.clone();
        let Some(known) = pins.people.get_mut(staff) else {
            return Err(Rejection::of("pin", "pin_none").into());
        };
        let fits = try_pin(known, pin, self.env.now());
        if fits.is_ok() {
            pins.reset_asked = None;
        }
        if is_there {
            self.keep_pins(pins).await?;
        }
        Ok(fits?)
    }

    /// Gives somebody a PIN on this device, or takes it away.
    ///
    /// # Errors
    /// `not_allowed`, `pin_short`, `pin_wrong`, `pin_wait`, or `pin_first_manager` and `pin_last_manager` where nobody
    /// would be left on this device who could help the others.
    pub(crate) async fn set_pin(
        &mut self,
        at_work: Option<(&str, &AtWork)>,
        staff: &str,
        old: Option<&str>,
        new: Option<&str>,
    ) -> Result<(), EngineError> {
        self.read_pins().await?;
        let is_own = at_work.is_some_and(|(id, _)| id == staff);
        match at_work {
            Some((_, who)) if !is_own => {
                if !self.sets_pins(who) {
                    return Err(Rejection::new("not_allowed").into());
                }
                self.may_manage(who, &StaffCommand::NotePin { id: staff.to_owned() })?;
            }
            None if self.is_shared() => return Err(Rejection::new("away").into()),
            _ => {}
        }
        if AtWork::of(&self.records, staff).is_none() {
            return Err(Rejection::new("record_missing").into());
        }
        let is_pin = |pin: &str| DIGITS.contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit());
        if new.is_some_and(|pin| !is_pin(pin)) {
            return Err(Rejection::of("pin", "pin_short").into());
        }
        if new.is_some() && !self.is_shared() && !self.manages(staff) {
            return Err(Rejection::of("pin", "pin_first_manager").into());
        }
        let mut pins = self.pins.clone();
        if is_own && let Some(known) = pins.people.get_mut(staff) {
            let fits = try_pin(known, old.unwrap_or_default(), self.env.now());
            if let Err(rejection) = fits {
                self.keep_pins(pins).await?;
                return Err(Rejection { field: Some("old".to_owned()), ..rejection }.into());
            }
        }
        let others = pins.people.keys().any(|id| id != staff && AtWork::of(&self.records, id).is_some());
        if new.is_none() && others && self.manages(staff) && !self.has_manager_beside(Some(staff)) {
            return Err(Rejection::new("pin_last_manager").into());
        }
        match new {
            Some(digits) => {
                if !self.is_shared() {
                    // What is left of people who work here no more would come back with them.
                    pins = Pins::default();
                }
                pins.people.insert(staff.to_owned(), Pin::new(digits, self.env.as_mut()));
            }
            None => {
                pins.people.remove(staff);
            }
        }
        self.keep_pins(pins).await
    }

    /// Takes every PIN away.
    ///
    /// # Errors
    /// `not_allowed` where whoever is at work may not.
    pub(crate) async fn stop_sharing(&mut self, who: Option<&AtWork>) -> Result<(), EngineError> {
        self.read_pins().await?;
        if !who.is_some_and(|who| self.sets_pins(who)) {
            return Err(Rejection::new("not_allowed").into());
        }
        self.keep_pins(Pins::default()).await
    }

    /// Begins the while after which every PIN can be removed without one.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn ask_reset(&mut self) -> Result<(), EngineError> {
        self.read_pins().await?;
        let now = self.env.now();
        let mut pins = self.pins.clone();
        // One that a clock ahead of ours has asked for would last for as long as that clock was ahead.
        pins.reset_asked = Some(pins.reset_asked.filter(|asked| *asked <= now).unwrap_or(now));
        self.keep_pins(pins).await
    }

    /// Takes every PIN away after that while.
    ///
    /// # Errors
    /// `reset_too_early`, also where nobody has asked for it.
    pub(crate) async fn reset(&mut self) -> Result<(), EngineError> {
        self.read_pins().await?;
        let now = self.env.now();
        let is_time =
            self.pins.reset_asked.is_some_and(|asked| asked <= now && asked.saturating_add(RESET_WAIT) <= now);
        if !is_time {
            return Err(Rejection::new("reset_too_early").into());
        }
        self.keep_pins(Pins::default()).await
    }
}

/// Tries a PIN and notes what came of it.
fn try_pin(pin: &mut Pin, digits: &str, now: Millis) -> Result<(), Rejection> {
    if pin.waits_until(now).is_some() {
        return Err(Rejection::of("pin", "pin_wait"));
    }
    if pin.is(digits) {
        (pin.wrong, pin.until) = (0, 0);
        return Ok(());
    }
    pin.was_wrong(now);
    Err(Rejection::of("pin", if pin.waits_until(now).is_some() { "pin_wait" } else { "pin_wrong" }))
}
