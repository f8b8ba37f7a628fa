//! A rule that a merge broke, in words, with the way to whatever it is about and what puts it right.
//!
//! Nothing is repaired by itself; every button is an ordinary command that the log keeps and that can be taken back,
//! but for the rest of an erasure, which is asked about first.

#![expect(unreachable_pub, reason = "the component macro writes its props as pub")]

use anju_domain::archive::command::ArchiveCommand;
use anju_domain::archive::findings::ArchiveFinding as Rule;
use anju_domain::command::Command;
use anju_domain::privacy::command::PrivacyCommand;
use anju_domain::records::Kind;
use anju_engine::queries::BrokenRule;
use leptos::prelude::*;

use super::conflicts::hundredths;
use super::devices::device_words;
use crate::components::button::Button;
use crate::components::dialog::Confirm;
use crate::components::notices::use_notices;
use crate::features::archive::edit::EditDialog;
use crate::features::archive::told;
use crate::features::shell::rights::{Act, Module, may};
use crate::features::undo::use_undo;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::routes::{Filter, Route};
use crate::words;

/// What puts a broken rule right.
#[derive(Clone)]
enum Remedy {
    /// What still names a merged party is moved along, to the one of this name.
    Follow { party: String, into: String },
    /// The party comes back.
    BringBack { party: String },
    /// The tenure goes.
    Drop { tenure: String },
    /// What is left of somebody who was erased goes for good.
    EraseRest { party: String },
    /// The periods of these tenures are put right.
    Mend { tenures: Vec<String> },
}

/// The sentence of a broken rule.
fn sentence(i18n: I18n, rule: &BrokenRule) -> String {
    let locale = i18n.get_locale();
    let place = rule.places.first().cloned().unwrap_or_default();
    let name = rule.names.first().cloned().unwrap_or_default();
    let percent = |share_bp: &i64| format!("{}%", hundredths(*share_bp));
    match &rule.finding {
        Rule::SharesOverWhole { share_bp, .. } => {
            t_string!(i18n, findings.shares, place = place, share = percent(share_bp)).to_string()
        }
        Rule::PastSharesOverWhole { on, share_bp, .. } => {
            let day = format::date_iso(locale, on);
            t_string!(i18n, findings.past_shares, place = place, day = day, share = percent(share_bp)).to_string()
        }
        Rule::HeldTwice { .. } => t_string!(i18n, findings.held_twice, place = place, name = name).to_string(),
        Rule::PrimariesMany { count, .. } => {
            t_string!(i18n, findings.primaries_many, place = place, count = told::count(*count)).to_string()
        }
        Rule::TransfersMany { count, .. } => {
            t_string!(i18n, findings.transfers_many, place = place, count = told::count(*count)).to_string()
        }
        Rule::TransferBySamePerson { by, .. } => {
            t_string!(i18n, findings.transfer_by_same, place = place, by = by.clone()).to_string()
        }
        Rule::OwnerLost { .. } => t_string!(i18n, findings.owner_lost, place = place).to_string(),
        Rule::OwnAncestor { .. } => {
            t_string!(i18n, findings.own_ancestor, names = words::list(i18n, &rule.names)).to_string()
        }
        Rule::HouseCircle { .. } => {
            t_string!(i18n, findings.house_circle, places = words::list(i18n, &rule.places)).to_string()
        }
        Rule::ReshapedTwice { .. } => {
            let into: Vec<String> = rule.places.iter().skip(1).cloned().collect();
            let into = words::list(i18n, &into);
            t_string!(i18n, findings.reshaped_twice, place = place, into = into).to_string()
        }
        Rule::HeldAfterReshape { count, .. } => {
            t_string!(i18n, findings.held_after_reshape, place = place, count = told::count(*count)).to_string()
        }
        Rule::MergedAway { count, .. } => {
            let count = told::count(*count);
            match rule.names.get(1).cloned() {
                Some(into) => {
                    t_string!(i18n, findings.merged_away, name = name, into = into, count = count).to_string()
                }
                None => t_string!(i18n, findings.merged_nowhere, name = name, count = count).to_string(),
            }
        }
        Rule::MergedInCircle { .. } => t_string!(i18n, findings.merged_in_circle, name = name).to_string(),
        Rule::RestrictedErased { ground, .. } => {
            let ground = match ground {
                Some(ground) => words::word(i18n, "restriction_ground", ground.word()),
                None => t_string!(i18n, findings.ground_unknown).to_owned(),
            };
            let device = devices(i18n, rule);
            t_string!(i18n, findings.restricted_erased, id = name, ground = ground, device = device).to_string()
        }
        Rule::ToldOfErased { count, .. } => {
            let (devices, count) = (devices(i18n, rule), told::count(*count));
            t_string!(i18n, findings.told_of_erased, id = name, devices = devices, count = count).to_string()
        }
        Rule::TenureAstray { .. } => {
            t_string!(i18n, findings.tenure_astray, place = place, name = name).to_string()
        }
        Rule::Namesakes { list, name, .. } => {
            let list = words::word(i18n, "term_list", list);
            t_string!(i18n, findings.namesakes, list = list, name = name.clone()).to_string()
        }
        Rule::CalendarNeverWorks { project } => {
            let name = match project {
                Some(_) => rule.places.first().cloned().unwrap_or_default(),
                None => t_string!(i18n, findings.whole_organisation).to_owned(),
            };
            t_string!(i18n, findings.calendar_never_works, name = name).to_string()
        }
        Rule::Unreadable { kind, id, fields } => {
            let kind = words::word(i18n, "record_kind", kind);
            let fields: Vec<String> = fields.iter().map(|field| words::word(i18n, "field", field)).collect();
            let fields = words::list(i18n, &fields);
            t_string!(i18n, data.unreadable, kind = kind, fields = fields, id = id.clone()).to_string()
        }
    }
}

/// The devices of a rule, as people call them.
fn devices(i18n: I18n, rule: &BrokenRule) -> String {
    let devices: Vec<String> = rule.devices.iter().map(|device| device_words(i18n, device)).collect();
    words::list(i18n, &devices)
}

/// Where to go: names and addresses.
fn links(rule: &BrokenRule) -> Vec<(String, String)> {
    // The record of a party that went into another has no page of its own any more, and neither a stray tenure nor
    // somebody who was erased leads anywhere.
    let skipped = match rule.finding {
        Rule::TenureAstray { .. }
        | Rule::MergedInCircle { .. }
        | Rule::RestrictedErased { .. }
        | Rule::ToldOfErased { .. } => return Vec::new(),
        Rule::MergedAway { .. } => 1,
        _ => 0,
    };
    let (houses, parties) = rule.finding.about();
    let houses = houses.into_iter().map(|house| Route::House { id: house.to_owned() }).zip(&rule.places);
    let parties = parties.into_iter().map(|party| Route::Party { id: party.to_owned() }).zip(&rule.names);
    houses.chain(parties.skip(skipped)).map(|(route, name)| (name.clone(), route.to_hash())).collect()
}

/// Whether an entry of the log is to be taken back.
fn is_for_the_log(rule: &Rule) -> bool {
    matches!(
        rule,
        Rule::TransferBySamePerson { .. }
            | Rule::OwnerLost { .. }
            | Rule::HouseCircle { .. }
            | Rule::ReshapedTwice { .. }
            | Rule::MergedInCircle { .. }
    )
}

/// The list of words that is to be put right.
fn list_link(rule: &Rule) -> Option<String> {
    let Rule::Namesakes { list, name, .. } = rule else { return None };
    let filter = Filter::none().with("list", list).with("q", name);
    Some(Route::Trees { filter }.to_hash())
}

fn remedy(rule: &BrokenRule) -> Option<Remedy> {
    match &rule.finding {
        Rule::MergedAway { party, into: Some(_), .. } => {
            Some(Remedy::Follow { party: party.clone(), into: rule.names.get(1).cloned().unwrap_or_default() })
        }
        Rule::MergedAway { party, .. } => Some(Remedy::BringBack { party: party.clone() }),
        Rule::RestrictedErased { party, .. } | Rule::ToldOfErased { party, .. } => {
            Some(Remedy::EraseRest { party: party.clone() })
        }
        Rule::TenureAstray { tenure, .. } => Some(Remedy::Drop { tenure: tenure.clone() }),
        Rule::PastSharesOverWhole { tenures, .. } => Some(Remedy::Mend { tenures: tenures.clone() }),
        _ => None,
    }
}

/// One broken rule.
#[component]
pub(super) fn Broken(
    /// The rule.
    rule: BrokenRule,
) -> impl IntoView {
    let i18n = use_i18n();
    let ways = links(&rule)
        .into_iter()
        .map(|(name, href)| {
            view! {
                <a class="file-link" href=href>
                    {move || t_string!(i18n, findings.open, name = name.clone()).to_string()}
                </a>
            }
        })
        .collect_view();
    let log = is_for_the_log(&rule.finding).then(|| {
        view! {
            <a class="file-link" href=Route::Log.to_hash()>
                {t!(i18n, findings.open_log)}
            </a>
        }
    });
    let list = list_link(&rule.finding).map(|href| {
        view! {
            <a class="file-link" href=href>
                {t!(i18n, findings.open_list)}
            </a>
        }
    });
    let calendar = match &rule.finding {
        Rule::CalendarNeverWorks { project } => {
            let query = Filter::none().with("project", project.as_deref().unwrap_or_default());
            let href = Route::Calendar { query }.to_hash();
            Some(view! {
                <a class="file-link" href=href>
                    {t!(i18n, findings.open_calendar)}
                </a>
            })
        }
        _ => None,
    };
    let remedy = remedy(&rule).map(|remedy| view! { <PutRight remedy /> });
    view! {
        <li class="finding">
            <p>{move || sentence(i18n, &rule)}</p>
            <div class="finding-ways">{ways} {log} {list} {calendar} {remedy}</div>
        </li>
    }
}

/// The button that puts it right.
#[component]
fn PutRight(
    /// What is done.
    remedy: Remedy,
) -> impl IntoView {
    let i18n = use_i18n();
    let (data, undo, notices) = (use_data(), use_undo(), use_notices());
    let send = move |command: ArchiveCommand, done: fn(I18n) -> &'static str| {
        leptos::task::spawn_local(async move {
            match data.command(Command::Archive(command)).await {
                Ok(receipt) => undo.said(receipt, move || done(i18n)),
                Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
            }
        });
    };
    match remedy {
        Remedy::Follow { party, into } => view! {
            <Button on_press=move |()| {
                let command = ArchiveCommand::FollowMerge { party: party.clone() };
                send(command, |i18n| t_string!(i18n, findings.followed));
            }>{move || t_string!(i18n, findings.follow, name = into.clone()).to_string()}</Button>
        }
        .into_any(),
        Remedy::BringBack { party } => view! {
            <Button on_press=move |()| {
                let command = ArchiveCommand::FollowMerge { party: party.clone() };
                send(command, |i18n| t_string!(i18n, findings.brought_back));
            }>{t!(i18n, findings.bring_back)}</Button>
        }
        .into_any(),
        Remedy::Drop { tenure } => view! {
            <Button on_press=move |()| {
                let command = ArchiveCommand::DropTenure { tenure: tenure.clone() };
                send(command, |i18n| t_string!(i18n, findings.dropped));
            }>{t!(i18n, findings.drop_tenure)}</Button>
        }
        .into_any(),
        Remedy::EraseRest { party } => {
            let asked = RwSignal::new(false);
            let party = StoredValue::new(party);
            let yes = move |()| {
                let command = PrivacyCommand::FollowErasure { party: party.get_value() };
                leptos::task::spawn_local(async move {
                    match data.command(Command::Privacy(command)).await {
                        // An erasure has no way back, so none is offered.
                        Ok(_receipt) => notices.good(move || t_string!(i18n, findings.rest_erased)),
                        Err(failure) => notices.bad(move || words::failure(i18n, &failure)),
                    }
                });
            };
            view! {
                <Button offered=may(Module::Households, Act::Approve) on_press=move |()| asked.set(true)>
                    {t!(i18n, findings.erase_rest)}
                </Button>
                <Confirm
                    open=asked
                    danger=true
                    title=move || t_string!(i18n, findings.erase_rest_title)
                    body=move || t_string!(i18n, findings.erase_rest_body)
                    yes=move || t_string!(i18n, privacy.erase_yes)
                    on_yes=yes
                />
            }
            .into_any()
        }
        Remedy::Mend { tenures } => (1_usize..)
            .zip(tenures)
            .map(|(number, tenure)| {
                let open = RwSignal::new(false);
                view! {
                    <Button on_press=move |()| open.set(true)>
                        {move || t_string!(i18n, findings.mend_period, number = number).to_string()}
                    </Button>
                    <EditDialog open kind=Kind::Tenure id=tenure />
                }
            })
            .collect_view()
            .into_any(),
    }
}
