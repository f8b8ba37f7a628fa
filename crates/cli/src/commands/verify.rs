//! `anju verify`: is a bundle what it claims to be, and what would people have to decide after merging it?

use std::path::{Path, PathBuf};

use anju_domain::archive::findings::ArchiveFinding;
use anju_domain::bundle::{self, Organisation};
use anju_domain::ids::unhex;
use anju_domain::privacy::model::RestrictionGround;
use anju_domain::records::{Kind, Records};
use anju_domain::trust::command::organisation_key;
use anju_domain::trust::model::Device;
use anju_domain::trust::{Checked, Signature, Verdict, fingerprint, judge};
use anju_engine::queries::{Answer, MAX_WINDOW, Query};
use anju_engine::union::{Intake, Taken, Union, UnionError};

use super::{Done, fold, list, list_attachments};
use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::files;
use crate::output::{Bar, note, print};
use crate::words::Words;

/// Checks every file; a file that cannot be used does not keep the others from being looked at.
pub(crate) fn run(args: &VerifyArgs, words: &Words) -> Result<Done, Failure> {
    if args.organisation_key.as_deref().is_some_and(|key| unhex::<32>(key).is_none()) {
        return Err(Failure::new("key_unreadable", ""));
    }
    let bar = Bar::new();
    let mut intake = Intake::new();
    let mut taken: Vec<Option<Taken>> = Vec::new();
    let mut sound: Vec<(PathBuf, Signature)> = Vec::new();
    let mut failures = Vec::new();
    let mut are_problems = false;
    for (number, path) in (0..).zip(&args.bundles) {
        bar.at(path.display());
        let file = path.display().to_string();
        let ours = taken.iter().flatten().find_map(Taken::organisation);
        match look(path, number, &mut intake, ours) {
            Ok((one, signature)) => {
                let summary = one.summary();
                taken.push(Some(one));
                let actions = summary.added.to_string();
                let device = &*summary.device;
                let values = [("file", &*file), ("n", &actions), ("device", device), ("author", &summary.author)];
                print(&format!("{}\n", words.say("envelope_sound", &values)));
                are_problems |= list_attachments(&file, &summary, words);
                sound.push((path.clone(), signature));
            }
            Err(failure) => {
                taken.push(None);
                failures.push(failure);
            }
        }
    }
    let union = Union::new(intake.finish(), taken, None).map_err(|e| match e {
        UnionError::OtherOrganisation { name, .. } => Failure::new("bundle_other_organisation", name),
        UnionError::Scratch(e) => e.into(),
    })?;
    are_problems |= list(&union.findings(), union.faults(), words);
    drop(union);
    are_problems |= below(&sound, args.organisation_key.as_deref(), words, &bar)?;
    drop(bar);
    let Some(last) = failures.pop() else {
        print(&format!("{}\n", words.get(if are_problems { "verify_problems" } else { "verify_clean" })));
        return Ok(Done::with_problems(are_problems));
    };
    for failure in &failures {
        note(&failure.sentence(words));
    }
    Err(last)
}

/// Reads a file and who signed it.
fn look(
    path: &Path,
    number: u32,
    intake: &mut Intake<'_>,
    ours: Option<&Organisation>,
) -> Result<(Taken, Signature), Failure> {
    let of = |failure: Failure| failure.of(path.display());
    let bytes = files::read_bundle(path)?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let taken = intake.take(number, bytes.as_slice(), size).map_err(|e| of(e.into()))?;
    if let (Some(ours), Some(theirs)) = (ours, taken.organisation())
        && ours.id != theirs.id
    {
        return Err(of(Failure::new("bundle_other_organisation", &theirs.name)));
    }
    let inflated = bundle::inflate(&bytes).map_err(|e| of(e.into()))?;
    Ok((taken, anju_trust::check(&inflated)))
}

/// Says per file what its signature is worth; tells whether any is in doubt.
fn signatures(
    sound: &[(PathBuf, Signature)],
    records: &Records,
    organisation: Option<String>,
    words: &Words,
) -> bool {
    let certified = organisation.as_deref().map(|key| certified(records, key)).unwrap_or_default();
    let mut are_doubts = false;
    for (path, signature) in sound {
        let file = path.display().to_string();
        let checked = Checked {
            signature: signature.clone(),
            organisation: organisation.clone(),
            certified: certified.clone(),
        };
        let key = match signature {
            Signature::By(key) => fingerprint(key),
            Signature::Unsigned | Signature::Wrong => String::new(),
        };
        let verdict = judge(records, &checked);
        are_doubts |= verdict.needs_decision();
        let sentence = match &verdict {
            Verdict::Unverified if key.is_empty() => words.say("signature_absent", &[("file", &file)]),
            Verdict::Enrolled { device, name } => {
                words.say("signature_enrolled", &[("file", &file), ("device", device), ("name", name)])
            }
            Verdict::Revoked { device, name, why, .. } => {
                words.say("signature_revoked", &[("file", &file), ("device", device), ("name", name), ("why", why)])
            }
            other => words.say(&format!("signature_{}", other.code()), &[("file", &file), ("fingerprint", &key)]),
        };
        if verdict.needs_decision() { note(&sentence) } else { print(&format!("{sentence}\n")) }
    }
    are_doubts
}

/// The devices whose certificates an organisation's key has made.
fn certified(records: &Records, organisation: &str) -> Vec<String> {
    records
        .live(Kind::Device)
        .filter_map(|record| {
            let device: Device = records.read(Kind::Device, record).ok()?;
            let (key, certificate) = (device.public_key?, device.certificate?);
            anju_trust::is_certified(organisation, &record.id, &key, &certificate).then(|| record.id.to_string())
        })
        .collect()
}

/// Lists doubtful signatures, conflicts and broken rules of what the sound files say together.
fn below(
    sound: &[(PathBuf, Signature)],
    organisation: Option<&str>,
    words: &Words,
    bar: &Bar,
) -> Result<bool, Failure> {
    let paths: Vec<PathBuf> = sound.iter().map(|(path, _)| path.clone()).collect();
    let (mut engine, _) = fold(&paths, bar)?;
    let named = organisation.map(str::to_owned).or_else(|| organisation_key(engine.records()));
    let mut are_problems = signatures(sound, engine.records(), named, words);
    let mut offset = 0;
    while let Answer::Conflicts(window) = engine.query(Query::Conflicts { offset, limit: MAX_WINDOW }) {
        for row in &window.rows {
            let values: Vec<String> =
                row.values.iter().map(|rival| format!("{} ({})", rival.value, rival.device)).collect();
            let values = values.join(" | ");
            let places =
                [("kind", row.kind.name()), ("title", &*row.title), ("field", &row.field), ("values", &values)];
            note(&words.say("finding_conflict", &places));
            are_problems = true;
        }
        offset += window.rows.len();
        if window.rows.is_empty() || offset >= window.total {
            break;
        }
    }
    if let Answer::Findings(found) = engine.query(Query::Findings) {
        for rule in &found.archive {
            are_problems = true;
            note(&broken_rule(words, &rule.finding));
        }
        if !found.missing.is_empty() {
            note(&words.say("attachments_missing", &[("n", &found.missing.len().to_string())]));
        }
        for clock in &found.clocks {
            are_problems = true;
            let minutes = (clock.ahead / 60_000).to_string();
            note(&words.say("finding_clock", &[("device", &clock.device), ("minutes", &minutes)]));
        }
    }
    Ok(are_problems)
}

/// A broken rule of the archive in words.
fn broken_rule(words: &Words, finding: &ArchiveFinding) -> String {
    use ArchiveFinding as Rule;
    let percent = |share_bp: &i64| format!("{}.{:02}", share_bp / 100, share_bp % 100);
    match finding {
        Rule::SharesOverWhole { house, share_bp } => {
            words.say("finding_shares_over_whole", &[("house", house), ("percent", &percent(share_bp))])
        }
        Rule::PastSharesOverWhole { house, on, share_bp, .. } => words.say(
            "finding_past_shares_over_whole",
            &[("house", house), ("on", on), ("percent", &percent(share_bp))],
        ),
        Rule::HeldTwice { house, party } => words.say("finding_held_twice", &[("house", house), ("party", party)]),
        Rule::PrimariesMany { house, count } => {
            words.say("finding_primaries_many", &[("house", house), ("n", &count.to_string())])
        }
        Rule::TransfersMany { house, count } => {
            words.say("finding_transfers_many", &[("house", house), ("n", &count.to_string())])
        }
        Rule::TransferBySamePerson { house, by, .. } => {
            words.say("finding_transfer_by_same_person", &[("house", house), ("by", by)])
        }
        Rule::OwnerLost { house } => words.say("finding_owner_lost", &[("house", house)]),
        Rule::OwnAncestor { parties } => words.say("finding_own_ancestor", &[("ids", &parties.join(", "))]),
        Rule::HouseCircle { houses } => words.say("finding_house_circle", &[("ids", &houses.join(", "))]),
        Rule::ReshapedTwice { house, into } => {
            words.say("finding_reshaped_twice", &[("house", house), ("ids", &into.join(", "))])
        }
        Rule::HeldAfterReshape { house, count } => {
            words.say("finding_held_after_reshape", &[("house", house), ("n", &count.to_string())])
        }
        Rule::MergedAway { party, count, .. } => {
            words.say("finding_merged_away", &[("party", party), ("n", &count.to_string())])
        }
        Rule::MergedInCircle { party } => words.say("finding_merged_in_circle", &[("party", party)]),
        Rule::RestrictedErased { party, ground, device } => {
            let ground = ground.as_ref().map_or("-", RestrictionGround::word);
            words.say("finding_restricted_erased", &[("party", party), ("ground", ground), ("device", device)])
        }
        Rule::ToldOfErased { party, count, devices } => {
            let (n, ids) = (count.to_string(), devices.join(", "));
            words.say("finding_told_of_erased", &[("party", party), ("n", &n), ("ids", &ids)])
        }
        Rule::TenureAstray { tenure, house, party } => {
            words.say("finding_tenure_astray", &[("id", tenure), ("house", house), ("party", party)])
        }
        Rule::Namesakes { list, name, codes } => {
            words.say("finding_namesakes", &[("list", list), ("name", name), ("ids", &codes.join(", "))])
        }
        Rule::CalendarNeverWorks { project } => {
            words.say("finding_calendar_never_works", &[("id", project.as_deref().unwrap_or("*"))])
        }
        Rule::Unreadable { kind, id, fields } => {
            words.say("finding_unreadable", &[("kind", kind), ("id", id), ("fields", &fields.join(", "))])
        }
    }
}
