//! Rules of the archive that a merge may break: listed, never repaired by themselves.
//!
//! Each rule is held by `decide` on one device; two devices that decide at the same time, or a stranger's bundle, may
//! break it all the same. What is listed here is put right by ordinary commands: an edit, a merge that is followed, an
//! entry of the log that is taken back. Nothing here writes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::merge::{Fate, fate_of, names_party};
use super::people::{WHOLE, elders};
use super::title::{CHANGED_HANDS, Lineage, TransferState};
use crate::calendar::Calendars;
use crate::calendar::command::never_works;
use crate::ids::ActionId;
use crate::privacy::erasure::left;
use crate::privacy::model::RestrictionGround;
use crate::records::{Kind, Record, Records};
use crate::trees::model::Vocabulary;

/// A rule that the merged archive breaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveFinding {
    /// The open ownerships of a house add up to more than 100 %.
    SharesOverWhole {
        /// The house.
        house: String,
        /// The sum in 0.01 %.
        share_bp: i64,
    },
    /// The ownerships of a house added up to more than 100 % on a day in the past.
    PastSharesOverWhole {
        /// The house.
        house: String,
        /// The first such day, `yyyy-mm-dd`.
        on: String,
        /// The sum in 0.01 %.
        share_bp: i64,
        /// The ownerships that held on that day.
        tenures: Vec<String>,
    },
    /// Somebody is the same to one house twice.
    HeldTwice {
        /// The house.
        house: String,
        /// Who.
        party: String,
    },
    /// A house has more than one contact who is called first.
    PrimariesMany {
        /// The house.
        house: String,
        /// How many.
        count: usize,
    },
    /// More than one title transfer of a house waits for approval.
    TransfersMany {
        /// The house.
        house: String,
        /// How many.
        count: usize,
    },
    /// Whoever prepared a title transfer has approved it, too.
    TransferBySamePerson {
        /// The house.
        house: String,
        /// The transfer.
        transfer: String,
        /// Who.
        by: String,
    },
    /// A house changed hands, and nobody has it now.
    OwnerLost {
        /// The house.
        house: String,
    },
    /// People are each other's ancestors.
    OwnAncestor {
        /// Who, by id.
        parties: Vec<String>,
    },
    /// Houses came from each other in a circle.
    HouseCircle {
        /// Which, by id.
        houses: Vec<String>,
    },
    /// A house was split or merged more than once, into different houses.
    ReshapedTwice {
        /// The house that was before.
        house: String,
        /// What it became, by id.
        into: Vec<String>,
    },
    /// Somebody still lives in a house that has become another.
    HeldAfterReshape {
        /// The house.
        house: String,
        /// How many open tenures it has.
        count: usize,
    },
    /// A party went into another, and something still names it.
    MergedAway {
        /// The party that went.
        party: String,
        /// Where it went; `None` where nobody is left there.
        into: Option<String>,
        /// How many records name it.
        count: usize,
    },
    /// A party went into another, and that one into it: neither is there.
    MergedInCircle {
        /// The party.
        party: String,
    },
    /// An open tenure whose party or house is not in the archive.
    TenureAstray {
        /// The tenure.
        tenure: String,
        /// Its house.
        house: String,
        /// Its party.
        party: String,
    },
    /// Somebody restricted a person whom somebody else erased at the same time.
    RestrictedErased {
        /// The id that is left of the person.
        party: String,
        /// The ground of the restriction; `None` where it has none that this version knows.
        ground: Option<RestrictionGround>,
        /// The device that wrote the restriction.
        device: String,
    },
    /// A person was erased, and other devices still say something about them.
    ToldOfErased {
        /// The id that is left of the person.
        party: String,
        /// How many records.
        count: usize,
        /// The devices that wrote them.
        devices: Vec<String>,
    },
    /// Neighbours in a list of words have one name.
    Namesakes {
        /// The list.
        list: String,
        /// The name.
        name: String,
        /// The entries by code.
        codes: Vec<String>,
    },
    /// The hours of a week are none at all: nothing would ever be due.
    CalendarNeverWorks {
        /// The project; `None` for the organisation.
        project: Option<String>,
    },
    /// A record whose fields do not read; it is kept and does not count.
    Unreadable {
        /// The record's kind.
        kind: String,
        /// The record's id.
        id: String,
        /// The fields that are to blame. Their values are not told, since they may identify somebody.
        fields: Vec<String>,
    },
}

impl ArchiveFinding {
    /// The ids of the houses and of the people that it is about.
    #[must_use]
    pub fn about(&self) -> (Vec<&str>, Vec<&str>) {
        match self {
            Self::SharesOverWhole { house, .. }
            | Self::PastSharesOverWhole { house, .. }
            | Self::PrimariesMany { house, .. }
            | Self::TransfersMany { house, .. }
            | Self::TransferBySamePerson { house, .. }
            | Self::OwnerLost { house }
            | Self::HeldAfterReshape { house, .. } => (vec![house], Vec::new()),
            Self::HeldTwice { house, party } | Self::TenureAstray { house, party, .. } => {
                (vec![house], vec![party])
            }
            Self::ReshapedTwice { house, into } => {
                (std::iter::once(house).chain(into).map(|id| &**id).collect(), Vec::new())
            }
            Self::OwnAncestor { parties } => (Vec::new(), parties.iter().map(|id| &**id).collect()),
            Self::HouseCircle { houses } => (houses.iter().map(|id| &**id).collect(), Vec::new()),
            Self::MergedAway { party, into, .. } => {
                (Vec::new(), std::iter::once(party).chain(into).map(|id| &**id).collect())
            }
            // Of somebody who was erased nothing is told but the id.
            Self::MergedInCircle { party }
            | Self::RestrictedErased { party, .. }
            | Self::ToldOfErased { party, .. } => (Vec::new(), vec![party]),
            Self::Namesakes { .. } | Self::CalendarNeverWorks { .. } | Self::Unreadable { .. } => {
                (Vec::new(), Vec::new())
            }
        }
    }

    /// The devices that it is about.
    #[must_use]
    pub fn devices(&self) -> Vec<&str> {
        match self {
            Self::RestrictedErased { device, .. } => vec![device],
            Self::ToldOfErased { devices, .. } => devices.iter().map(|device| &**device).collect(),
            _ => Vec::new(),
        }
    }
}

/// The kinds of records that [`findings`] looks at.
pub const LOOKED_AT: [Kind; 15] = [
    Kind::Tenure,
    Kind::House,
    Kind::Party,
    Kind::Transfer,
    Kind::Lineage,
    Kind::Relation,
    Kind::Vehicle,
    Kind::Contact,
    Kind::Consent,
    Kind::Restriction,
    Kind::Case,
    Kind::Response,
    Kind::Post,
    Kind::Term,
    Kind::Calendar,
];

/// What the tenures of one house come to.
#[derive(Debug, Clone, Default)]
struct Tally {
    open_share: i64,
    /// Of all ownerships, whatever their period.
    all_shares: i64,
    open: usize,
    open_owners: usize,
    primaries: usize,
    has_changed_hands: bool,
}

/// Every broken rule, in a fixed order. Records that do not read are told by whoever takes them in.
#[must_use]
pub fn findings(records: &Records) -> Vec<ArchiveFinding> {
    let mut found = of_tenures(records);
    found.extend(of_transfers(records));
    found.extend(of_lineages(records));
    let circles = circles(elders(records));
    found.extend(circles.into_iter().map(|parties| ArchiveFinding::OwnAncestor { parties }));
    found.extend(of_merges(records));
    found.extend(of_erasures(records));
    let namesakes = Vocabulary::of(records).namesakes().into_iter();
    found.extend(namesakes.map(|(list, name, codes)| ArchiveFinding::Namesakes { list, name, codes }));
    let idle = never_works(&Calendars::of(records));
    found.extend(idle.into_iter().map(|project| ArchiveFinding::CalendarNeverWorks { project }));
    found.sort();
    found
}

fn is_set(records: &Records, record: &Record, field: &str) -> bool {
    records.shown(record, field).is_some_and(|value| value != "null")
}

fn number(records: &Records, record: &Record, field: &str) -> i64 {
    records.shown(record, field).and_then(|raw| raw.parse().ok()).unwrap_or(0)
}

/// Rules about who lives where. Fields are looked at one by one, since a large archive has a tenure per person.
fn of_tenures(records: &Records) -> Vec<ArchiveFinding> {
    let mut found = Vec::new();
    let houses = records.table(Kind::House);
    let mut tallies: Vec<Tally> = vec![Tally::default(); houses.rows().len()];
    let mut held: Vec<(u32, u32, String)> = Vec::new();
    let parties = records.table(Kind::Party);
    for record in records.live(Kind::Tenure) {
        let Some(house) = records.shown_str(record, "house") else { continue };
        let place = houses.place(&house);
        let tally = place.and_then(|place| tallies.get_mut(usize::try_from(place).ok()?));
        let is_open = !is_set(records, record, "until") && !is_set(records, record, "pending");
        let is_owner = records.shown(record, "role") == Some("\"owner\"");
        let share = if is_owner { number(records, record, "share_bp").max(0) } else { 0 };
        let Some(party) = records.shown_str(record, "party") else { continue };
        if is_open {
            let is_home = records.get(Kind::House, &house).is_some();
            let person = records.find(Kind::Party, &party);
            // Of one that went into another, and of one that was erased, is told elsewhere.
            let is_known = person.is_some_and(|record| {
                record.is_live(records.names()) || record.is_erased || is_set(records, record, "merged_into")
            });
            if !is_home || !is_known {
                let (tenure, house, party) = (record.id.to_string(), house.to_string(), party.to_string());
                found.push(ArchiveFinding::TenureAstray { tenure, house, party });
            } else if let (Some(place), Some(person)) = (place, parties.place(&party)) {
                held.push((place, person, records.shown(record, "role").unwrap_or_default().to_owned()));
            }
        }
        let Some(tally) = tally else { continue };
        if !is_set(records, record, "pending") {
            tally.all_shares = tally.all_shares.saturating_add(share);
        }
        if is_open {
            tally.open += 1;
            tally.open_owners += usize::from(is_owner);
            tally.open_share = tally.open_share.saturating_add(share);
            tally.primaries += usize::from(records.shown(record, "primary") == Some("true"));
        } else if is_owner && records.shown_str(record, "end_reason").is_some_and(|why| why == CHANGED_HANDS) {
            tally.has_changed_hands = true;
        }
    }
    held.sort_unstable();
    for pair in held.windows(2) {
        if let [one, other] = pair
            && one == other
            && let (Some(house), Some(party)) = (houses.row(one.0), parties.row(one.1))
        {
            let (house, party) = (house.id.to_string(), party.id.to_string());
            found.push(ArchiveFinding::HeldTwice { house, party });
        }
    }
    let waiting = waiting_transfers(records);
    let mut crowded = BTreeSet::new();
    for (record, tally) in houses.rows().iter().zip(tallies) {
        if !record.is_live(records.names()) {
            continue;
        }
        let house = || record.id.to_string();
        if tally.open_share > WHOLE {
            found.push(ArchiveFinding::SharesOverWhole { house: house(), share_bp: tally.open_share });
        } else if tally.all_shares > WHOLE {
            crowded.insert(&*record.id);
        }
        if tally.primaries > 1 {
            found.push(ArchiveFinding::PrimariesMany { house: house(), count: tally.primaries });
        }
        let is_retired = is_set(records, record, "retired_on");
        if is_retired && tally.open > 0 {
            found.push(ArchiveFinding::HeldAfterReshape { house: house(), count: tally.open });
        }
        if tally.has_changed_hands && tally.open_owners == 0 && !is_retired && !waiting.contains_key(&*record.id) {
            found.push(ArchiveFinding::OwnerLost { house: house() });
        }
    }
    found.extend(of_past_shares(records, &crowded));
    found.dedup();
    found
}

/// An ownership with both ends of its period; without a first day nothing can be said about the past.
struct Period {
    from: String,
    until: Option<String>,
    share: i64,
    tenure: String,
}

/// Whether the shares of houses that had several owners came to more than the whole on one day.
fn of_past_shares(records: &Records, crowded: &BTreeSet<&str>) -> Vec<ArchiveFinding> {
    if crowded.is_empty() {
        return Vec::new();
    }
    let mut periods: BTreeMap<String, Vec<Period>> = BTreeMap::new();
    for record in records.live(Kind::Tenure) {
        let Some(house) = records.shown_str(record, "house").filter(|house| crowded.contains(&**house)) else {
            continue;
        };
        if records.shown(record, "role") != Some("\"owner\"") || is_set(records, record, "pending") {
            continue;
        }
        let Some(from) = records.shown_text(record, "from") else { continue };
        let until = records.shown_text(record, "until");
        if until.as_ref().is_some_and(|until| *until < from) {
            continue;
        }
        let share = number(records, record, "share_bp").max(0);
        let period = Period { from, until, share, tenure: record.id.to_string() };
        periods.entry(house.into_owned()).or_default().push(period);
    }
    let mut found = Vec::new();
    for (house, periods) in periods {
        // The sum only ever rises on a first day.
        let mut days: Vec<&str> = periods.iter().map(|period| &*period.from).collect();
        days.sort_unstable();
        for on in days {
            let held = periods
                .iter()
                .filter(|period| *period.from <= *on && period.until.as_deref().is_none_or(|until| on <= until));
            let share_bp = held.clone().fold(0_i64, |sum, period| sum.saturating_add(period.share));
            if share_bp > WHOLE {
                let mut tenures: Vec<String> = held.map(|period| period.tenure.clone()).collect();
                tenures.sort();
                found.push(ArchiveFinding::PastSharesOverWhole { house, on: on.to_owned(), share_bp, tenures });
                break;
            }
        }
    }
    found
}

/// How many transfers of a house wait for approval.
fn waiting_transfers(records: &Records) -> BTreeMap<String, usize> {
    let mut waiting = BTreeMap::new();
    for record in records.live(Kind::Transfer) {
        if records.shown_str(record, "state").is_some_and(|state| state == TransferState::Prepared.word())
            && let Some(house) = records.shown_text(record, "house")
        {
            *waiting.entry(house).or_insert(0) += 1;
        }
    }
    waiting
}

fn of_transfers(records: &Records) -> Vec<ArchiveFinding> {
    let mut found: Vec<ArchiveFinding> = waiting_transfers(records)
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(house, count)| ArchiveFinding::TransfersMany { house, count })
        .collect();
    for record in records.live(Kind::Transfer) {
        let is_approved =
            records.shown_str(record, "state").is_some_and(|state| state == TransferState::Approved.word());
        let by = records.shown_text(record, "prepared_by").unwrap_or_default();
        let who = records.shown_text(record, "decided_by").unwrap_or_default();
        if is_approved && !by.is_empty() && super::title::is_same_name(&who, &by) {
            let house = records.shown_text(record, "house").unwrap_or_default();
            found.push(ArchiveFinding::TransferBySamePerson { house, transfer: record.id.to_string(), by });
        }
    }
    found
}

fn of_lineages(records: &Records) -> Vec<ArchiveFinding> {
    let mut edges = Vec::new();
    let mut ways: BTreeMap<String, Vec<(String, BTreeSet<ActionId>)>> = BTreeMap::new();
    for record in records.live(Kind::Lineage) {
        let Ok(Lineage { from, to, .. }) = records.read::<Lineage>(Kind::Lineage, record) else { continue };
        edges.push((from.clone(), to.clone()));
        let actions = records.rivals(record, "to").into_iter().map(|rival| rival.write.action).collect();
        ways.entry(from).or_default().push((to, actions));
    }
    let mut found: Vec<ArchiveFinding> =
        circles(edges).into_iter().map(|houses| ArchiveFinding::HouseCircle { houses }).collect();
    for (house, parts) in ways {
        // One split is one action; two devices that split alike wrote the same houses.
        let common = parts.iter().map(|(_, actions)| actions.clone()).reduce(|one, other| &one & &other);
        if common.is_some_and(|common| common.is_empty()) {
            let mut into: Vec<String> = parts.into_iter().map(|(to, _)| to).collect();
            into.sort();
            found.push(ArchiveFinding::ReshapedTwice { house, into });
        }
    }
    found
}

/// Parties that went into others while something about them arrived from elsewhere.
fn of_merges(records: &Records) -> Vec<ArchiveFinding> {
    let mut gone: BTreeMap<&str, (Fate, usize)> = BTreeMap::new();
    for record in records.table(Kind::Party).rows() {
        if let Some(fate) = fate_of(records, record) {
            gone.insert(&record.id, (fate, 0));
        }
    }
    if gone.is_empty() {
        return Vec::new();
    }
    names_party(records, |party, _, _| {
        if let Some((_, count)) = gone.get_mut(party) {
            *count += 1;
        }
    });
    gone.into_iter()
        .filter_map(|(party, (fate, count))| {
            let party = party.to_owned();
            match fate {
                Fate::Circle => Some(ArchiveFinding::MergedInCircle { party }),
                Fate::Into(into) => {
                    (count > 0).then_some(ArchiveFinding::MergedAway { party, into: Some(into), count })
                }
                Fate::Nobody => (count > 0).then_some(ArchiveFinding::MergedAway { party, into: None, count }),
            }
        })
        .collect()
}

/// People who were erased while another device restricted them or wrote something about them.
fn of_erasures(records: &Records) -> Vec<ArchiveFinding> {
    let mut found = Vec::new();
    for (party, left) in left(records) {
        for (ground, device) in left.restrictions {
            found.push(ArchiveFinding::RestrictedErased { party: party.clone(), ground, device });
        }
        if left.count > 0 {
            let devices = left.devices.into_iter().collect();
            found.push(ArchiveFinding::ToldOfErased { party, count: left.count, devices });
        }
    }
    found
}

/// The circles of a graph, each as its sorted ids; circles that hang together are told as one.
fn circles(edges: Vec<(String, String)>) -> Vec<Vec<String>> {
    let edges: BTreeSet<(String, String)> = edges.into_iter().collect();
    let mut after: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut before: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in &edges {
        after.entry(from).or_default().push(to);
        before.entry(to).or_default().push(from);
    }
    // What nothing leads to, or leads nowhere, is on no circle: peeled off until nothing more is.
    let mut peeled: BTreeSet<&str> = BTreeSet::new();
    for (near, back) in [(&after, &before), (&before, &after)] {
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for (node, ends) in back {
            left.insert(node, ends.iter().filter(|end| !peeled.contains(**end)).count());
        }
        let is_bare = |node: &&&str| left.get(**node).is_none_or(|count| *count == 0);
        let mut open: Vec<&str> = near.keys().filter(is_bare).copied().collect();
        while let Some(node) = open.pop() {
            if !peeled.insert(node) {
                continue;
            }
            for end in near.get(node).into_iter().flatten() {
                if let Some(count) = left.get_mut(end) {
                    *count = count.saturating_sub(1);
                    if *count == 0 {
                        open.push(end);
                    }
                }
            }
        }
    }
    let mut seen = peeled;
    let mut found = Vec::new();
    for start in after.keys() {
        let mut open = vec![*start];
        let mut circle = BTreeSet::new();
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                circle.insert(next.to_owned());
                open.extend([&after, &before].into_iter().filter_map(|ends| ends.get(next)).flatten());
            }
        }
        if !circle.is_empty() {
            found.push(circle.into_iter().collect());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::circles;

    fn edges(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
    }

    #[test]
    fn circles_are_found_whole_and_trees_are_none() {
        assert!(circles(edges(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")])).is_empty());
        assert_eq!(circles(edges(&[("a", "a")])), [["a"]]);
        assert_eq!(
            circles(edges(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("z", "a")])),
            [["a", "b", "c"]]
        );
        assert_eq!(circles(edges(&[("a", "b"), ("b", "a"), ("x", "y"), ("y", "x")])).len(), 2);
        let mut long: Vec<(String, String)> = (0..50_000).map(|n| (n.to_string(), (n + 1).to_string())).collect();
        assert!(circles(long.clone()).is_empty());
        long.push(("50000".into(), "0".into()));
        assert_eq!(
            circles(long),
            [(0..=50_000).map(|n| n.to_string()).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()]
        );
    }
}
