//! Who has reported what: projects, devices and weeks; what is missing of each, and what others confirmed to have.
//!
//! It tells from what is here alone. A device that nobody has heard of is not missed, and a week counts the changes
//! that still stand: one that was replaced later counts in the week of its replacement.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::ids::project_of_stream;
use anju_domain::log::merge::LogFinding;
use anju_domain::records::Kind;
use anju_domain::time::Millis;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::exchange::ReceiptRecord;
use crate::search::archive::project_name;

/// Weeks on the board, this one included.
pub const WEEKS: usize = 6;

const DAY: Millis = 24 * 3600 * 1000;
const WEEK: Millis = 7 * DAY;
/// From the Monday before 1970 began, in China, to 1970-01-01T00:00:00Z.
const SINCE_MONDAY: Millis = 3 * DAY + 8 * 3600 * 1000;

/// Which project, device and week has reported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    /// When each week begins, on Monday in China, oldest first.
    pub weeks: Vec<Millis>,
    /// One row per stream and device that wrote in it; enrolled devices that never wrote come last.
    pub rows: Vec<DeviceReport>,
    /// Devices that have confirmed anything, which an export may be made for.
    pub receivers: Vec<DeviceName>,
}

/// A device and what people call it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DeviceName {
    /// The device.
    pub device: String,
    /// Its name; empty where it was given none.
    pub name: String,
    /// Whether it is this one.
    pub is_own: bool,
}

/// What a device did in a project in one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Week {
    /// It had not begun yet.
    Before,
    /// Nothing, and nobody expects anything: what the whole group shares does not change every week.
    Quiet,
    /// Nothing is here, and something is expected.
    Missed,
    /// So many changes that still stand.
    Changes(u64),
}

/// What is here of one device in one project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// The project's id; `None` for what belongs to the whole organisation, or to a device that never wrote.
    pub project: Option<String>,
    /// The project's name; empty where there is no project.
    pub project_name: String,
    /// The device.
    pub device: DeviceName,
    /// One per week of [`Completeness::weeks`].
    pub weeks: Vec<Week>,
    /// What its clock showed at its latest action; `None` for a device that never wrote.
    pub latest: Option<Millis>,
    /// How many of its actions are here.
    pub actions: u64,
    /// Missing numbers, first and last.
    pub gaps: Vec<(u64, u64)>,
    /// Up to which number other devices have confirmed to have everything.
    pub confirmed: u64,
    /// Up to which number everything is here.
    pub prefix: u64,
}

impl DeviceReport {
    /// How many actions are known to be missing.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.gaps.iter().map(|(from, to)| to.saturating_sub(*from).saturating_add(1)).sum()
    }
}

impl<S: Store> Engine<S> {
    /// What people call a device.
    pub(crate) fn device_name(&self, device: &str) -> DeviceName {
        let record = self.records.get(Kind::Device, device);
        let name = record.and_then(|record| self.records.shown_text(record, "name")).unwrap_or_default();
        DeviceName { device: device.to_owned(), name, is_own: device == self.device }
    }

    /// Which project, device and week has reported.
    #[must_use]
    pub fn completeness(&mut self) -> Completeness {
        let now = self.env.now();
        let this_week = (now + SINCE_MONDAY).div_euclid(WEEK);
        let counted = i64::try_from(WEEKS).unwrap_or(0);
        let weeks: Vec<Millis> =
            ((this_week - counted + 1)..=this_week).map(|week| week * WEEK - SINCE_MONDAY).collect();
        // The column of a moment; a clock that is ahead counts in this week.
        let column = |at: Millis| {
            // A bundle of strangers may name any moment.
            let ago = this_week.saturating_sub(at.saturating_add(SINCE_MONDAY).div_euclid(WEEK)).max(0);
            usize::try_from(counted.saturating_sub(1).saturating_sub(ago)).ok()
        };
        // When the oldest standing change was made, and how many were per column.
        let mut standing: BTreeMap<(&str, &str), (Millis, Vec<u64>)> = BTreeMap::new();
        let names = self.records.names();
        for (kind, table) in self.records.tables() {
            // To confirm what others sent is no report.
            if kind == Kind::Receipt.name() {
                continue;
            }
            for record in table.rows().iter().filter(|record| !record.is_erased) {
                for write in &record.writes {
                    let at = write.at.millis();
                    let key = (names.text(record.stream), names.text(write.device));
                    let (began, cells) = standing.entry(key).or_insert_with(|| (at, vec![0; WEEKS]));
                    *began = (*began).min(at);
                    if let Some(cell) = column(at).and_then(|column| cells.get_mut(column)) {
                        *cell += 1;
                    }
                }
            }
        }
        // A device that began before the board does has a column of its own in every week.
        let told = |began: Millis, cells: &[u64], is_owed: bool| -> Vec<Week> {
            let first = column(began).unwrap_or(0);
            let week = |(number, changes): (usize, &u64)| match changes {
                0 if number < first => Week::Before,
                0 if is_owed => Week::Missed,
                0 => Week::Quiet,
                _ => Week::Changes(*changes),
            };
            cells.iter().enumerate().map(week).collect()
        };
        let mut gaps: BTreeMap<(String, String), Vec<(u64, u64)>> = BTreeMap::new();
        for finding in self.index().findings() {
            if let LogFinding::Gap { stream, device, from, to } = finding {
                gaps.entry((stream, device)).or_default().push((from, to));
            }
        }
        let mut confirmed: BTreeMap<(String, String), u64> = BTreeMap::new();
        for record in self.records.live(Kind::Receipt) {
            if let Ok(receipt) = self.records.read::<ReceiptRecord>(Kind::Receipt, record) {
                let prefix = confirmed.entry((receipt.stream, receipt.sender)).or_default();
                *prefix = (*prefix).max(receipt.prefix);
            }
        }
        let mut seen = BTreeSet::new();
        let mut rows = Vec::new();
        for (stream, devices) in self.index().writers() {
            let project = project_of_stream(stream);
            for (device, writer) in devices {
                seen.insert(device.as_str());
                let key = (stream.clone(), device.clone());
                let has_gaps = gaps.contains_key(&key);
                let cells = standing.remove(&(stream.as_str(), device.as_str()));
                // Whoever only confirmed what others sent has nothing to report.
                if cells.is_none() && project.is_none() && !has_gaps && *device != self.device {
                    continue;
                }
                rows.push(DeviceReport {
                    project: project.map(str::to_owned),
                    project_name: project.map(|id| project_name(&self.records, id)).unwrap_or_default(),
                    device: self.device_name(device),
                    weeks: match cells {
                        Some((began, cells)) => told(began, &cells, project.is_some()),
                        None => told(writer.latest_wall, &[0; WEEKS], project.is_some()),
                    },
                    latest: Some(writer.latest_wall),
                    actions: writer.count,
                    gaps: gaps.remove(&key).unwrap_or_default(),
                    confirmed: confirmed.get(&key).copied().unwrap_or(0),
                    prefix: writer.prefix,
                });
            }
        }
        rows.sort_by(|a, b| {
            let key = |row: &DeviceReport| {
                (row.project.is_none(), row.project_name.clone(), !row.device.is_own, row.device.clone())
            };
            key(a).cmp(&key(b))
        });
        for record in self.records.live(Kind::Device).filter(|record| !seen.contains(&*record.id)) {
            if self.records.shown(record, "revoked_at").is_none() {
                let device = self.device_name(&record.id);
                let enrolled = self.records.shown(record, "enrolled_at").and_then(|at| at.parse().ok());
                let weeks = told(enrolled.unwrap_or(now), &[0; WEEKS], true);
                rows.push(DeviceReport { device, weeks, ..DeviceReport::default() });
            }
        }
        let receivers = self.receivers().iter().map(|device| self.device_name(device)).collect();
        Completeness { weeks, rows, receivers }
    }
}
