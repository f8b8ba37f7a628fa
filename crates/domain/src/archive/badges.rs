//! What to know at once about a household or a person, each with the rule that says so; its stage, and how complete its
//! data is.
//!
//! Badges are computed anew each time and kept nowhere. Thresholds are named here; words and colours are the page's.

use serde::{Deserialize, Serialize};

use super::contacts::{Consent, Contact, Mood};
use super::model::{House, Party};
use super::people::is_child;
use crate::cases::model::{Case, Severity};
use crate::surveys::model::{Stage, group_at};
use crate::time::{Millis, parse_date};

/// Open cases from which a household is told apart.
pub const MANY_OPEN: usize = 3;
/// Cases about one area within [`RECENT`] from which it counts as repeated.
pub const REPEATED: usize = 3;
/// How long a case or a bad mood counts, in milliseconds: 90 days.
pub const RECENT: Millis = 90 * 24 * 3600 * 1000;

/// Something to know at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Badge {
    /// At least [`MANY_OPEN`] open cases.
    ManyOpen(usize),
    /// An open case of the highest severity.
    MajorOpen,
    /// At least [`REPEATED`] cases about one area, such as `engineering`, within [`RECENT`].
    Repeated(String, usize),
    /// The last contact within [`RECENT`] found somebody upset or angry.
    Upset,
    /// The last answer said 1 or 2 on the whole.
    Unsatisfied(u8),
    /// 免打扰.
    DoNotContact,
    /// Nobody to call: no open tenure has a phone.
    NoPhone,
    /// So many people under 14 without any consent that a guardian gave and that holds.
    ChildWithoutConsent(usize),
    /// 三代同堂: three generations of one family live here.
    ThreeGenerations,
    /// So many children before school.
    BeforeSchool(usize),
}

/// Whether somebody under 14 is here without a guardian's consent: none of theirs that a guardian gave holds.
#[must_use]
pub fn lacks_guardian(party: &Party, consents: &[Consent], today: &str) -> bool {
    is_child(party, today) && !consents.iter().any(|consent| consent.holds() && consent.guardian.is_some())
}

/// The badges of a household as a family: children without a guardian's consent, generations under one roof, and
/// children before school.
#[must_use]
pub fn of_family(without_consent: usize, generations: usize, before_school: usize) -> Vec<Badge> {
    let consent = (without_consent > 0).then_some(Badge::ChildWithoutConsent(without_consent));
    let three = (generations >= 3).then_some(Badge::ThreeGenerations);
    let small = (before_school > 0).then_some(Badge::BeforeSchool(before_school));
    consent.into_iter().chain(three).chain(small).collect()
}

/// The badges of a house from what belongs to it. `cases` are the house's, `contacts` too, newest first.
#[must_use]
pub fn of_house(
    people: &[Party],
    cases: &[&Case],
    contacts: &[Contact],
    last_score: Option<u8>,
    now: Millis,
) -> Vec<Badge> {
    let mut found = of_cases(cases, now);
    found.extend(of_contacts(contacts, now));
    if let Some(score) = last_score.filter(|score| (1..=2).contains(score)) {
        found.push(Badge::Unsatisfied(score));
    }
    if people.iter().any(|party| party.do_not_contact) {
        found.push(Badge::DoNotContact);
    }
    if !people.is_empty() && people.iter().all(|party| party.phone.is_none() && party.second_phone.is_none()) {
        found.push(Badge::NoPhone);
    }
    found
}

/// The badges of a person.
#[must_use]
pub fn of_party(party: &Party, cases: &[&Case], contacts: &[Contact], now: Millis) -> Vec<Badge> {
    let mut found = of_cases(cases, now);
    found.extend(of_contacts(contacts, now));
    if party.do_not_contact {
        found.push(Badge::DoNotContact);
    }
    if party.phone.is_none() && party.second_phone.is_none() {
        found.push(Badge::NoPhone);
    }
    found
}

fn of_cases(cases: &[&Case], now: Millis) -> Vec<Badge> {
    let mut found = Vec::new();
    let open = || cases.iter().filter(|case| case.closed_at.is_none());
    if open().any(|case| case.severity == Some(Severity::Major)) {
        found.push(Badge::MajorOpen);
    }
    if open().count() >= MANY_OPEN {
        found.push(Badge::ManyOpen(open().count()));
    }
    let mut areas: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for case in cases.iter().filter(|case| case.received_at.is_some_and(|at| now.saturating_sub(at) <= RECENT)) {
        if let Some(leaf) = &case.leaf {
            *areas.entry(leaf).or_default() += 1;
        }
    }
    let most = areas.into_iter().filter(|(_, count)| *count >= REPEATED).max_by_key(|(_, count)| *count);
    found.extend(most.map(|(area, count)| Badge::Repeated(area.to_owned(), count)));
    found
}

fn of_contacts(contacts: &[Contact], now: Millis) -> Option<Badge> {
    let last = contacts.iter().find(|contact| contact.mood.is_some())?;
    let is_recent = last.at.is_some_and(|at| now.saturating_sub(at) <= RECENT);
    (is_recent && matches!(last.mood, Some(Mood::Upset | Mood::Angry))).then_some(Badge::Upset)
}

/// How complete a household's data is, in percent: what a desk needs to know of a house and its owners.
#[must_use]
pub fn completeness(house: &House, owners: &[&Party]) -> u8 {
    let all = |has: fn(&Party) -> bool| !owners.is_empty() && owners.iter().all(|owner| has(owner));
    let held = [
        !owners.is_empty(),
        all(|owner| owner.phone.is_some()),
        all(|owner| owner.document_number.is_some()),
        house.layout.is_some(),
        house.area_hundredths.is_some(),
        house.delivered_on.is_some(),
    ];
    let count = held.iter().filter(|held| **held).count();
    // Half away from zero, as every percentage.
    u8::try_from((count * 200 + held.len()) / (held.len() * 2)).unwrap_or(100)
}

/// The stage of a household by the day of its hand-over, by the rule that answers are grouped by: signed and not yet
/// moved in, under one year, one to two, over.
#[must_use]
pub fn stage(house: &House, today: &str) -> &'static str {
    let delivered = house.delivered_on.as_deref().and_then(parse_date);
    let Some(today) = parse_date(today) else { return "to_be" };
    match group_at(delivered, today) {
        Stage::Settling => "settling",
        Stage::Settled => "settled",
        Stage::LongStanding => "long",
        _ => "to_be",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_in_the_stage_that_its_answers_are_grouped_by() {
        for (delivered, today, expected) in [
            (None, "2026-11-26", "to_be"),
            (Some("2027-01-01"), "2026-11-26", "to_be"),
            (Some("2023-03-01"), "2024-02-29", "settling"),
            (Some("2023-03-01"), "2024-03-01", "settled"),
            (Some("2022-11-26"), "2024-11-26", "settled"),
            (Some("2022-11-26"), "2024-11-27", "long"),
        ] {
            let house = House { delivered_on: delivered.map(str::to_owned), ..House::default() };
            assert_eq!(stage(&house, today), expected, "{delivered:?} on {today}");
        }
    }

    #[test]
    fn completeness_is_rounded_half_away_from_zero() {
        let owner = Party { phone: Some("13812345678".into()), ..Party::default() };
        let mut house = House { layout: Some("三房".into()), ..House::default() };
        assert_eq!(completeness(&house, &[&owner]), 50);
        house.area_hundredths = Some(9_000);
        assert_eq!(completeness(&house, &[&owner]), 67);
        assert_eq!(completeness(&House::default(), &[]), 0);
    }
}
