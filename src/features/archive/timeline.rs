//! Everything that happened to a house or with a person, by years, the latest first, a piece at a time.
//!
//! It shows what the data worker tells. What was changed in the record itself is read from the log and joins a moment
//! later, so that the rest does not wait for it.

use anju_domain::archive::contacts::{ContactChannel, ContactPurpose, Mood};
use anju_domain::archive::model::Tenure;
use anju_domain::archive::title::TransferState;
use anju_domain::records::Kind;
use anju_engine::archive::timeline::{TimelineEvent, TimelineKind, TimelinePage, TimelineWhat};
use anju_engine::protocol::{Failure, Request, reply};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::told;
use crate::components::Tone;
use crate::components::button::Button;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::Card;
use crate::components::timeline::{Event, Timeline};
use crate::features::answered::Waiting;
use crate::features::cases::told as case_told;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::routes::Route;
use crate::words;

/// Events that are drawn at first, and how many more at a press.
const WINDOW: usize = 20;
/// Names of fields that one line tells; more are counted.
const FIELDS: usize = 4;

/// The card.
#[component]
pub fn RecordTimeline(
    /// What kind of record: a house or a party.
    kind: Kind,
    /// The record's id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let chosen = RwSignal::new(None::<TimelineKind>);
    let limit = RwSignal::new(WINDOW);
    let read = RwSignal::new(None::<Result<TimelinePage, Failure>>);
    let ticket = StoredValue::new(0_u32);
    let id = StoredValue::new(id);
    Effect::new(move |_| {
        data.revision().track();
        let (kinds, limit) = (chosen.get().into_iter().collect::<Vec<_>>(), limit.get());
        let mine = ticket.get_value().wrapping_add(1);
        ticket.set_value(mine);
        let is_first = read.with_untracked(Option::is_none);
        let request = move |with_edits| Request::Timeline {
            kind,
            id: id.get_value(),
            kinds: kinds.clone(),
            with_edits,
            offset: 0,
            limit,
        };
        spawn_local(async move {
            let steps: &[bool] = if is_first { &[false, true] } else { &[true] };
            for with_edits in steps {
                let told = data.request(request(*with_edits), None).await;
                if ticket.try_get_value() != Some(mine) {
                    return;
                }
                read.try_set(Some(told.and_then(|told| told.read(reply::TIMELINE))));
            }
        });
    });
    let body = move || match read.get() {
        None => view! { <Waiting /> }.into_any(),
        Some(Err(failure)) => view! { <p class="form-failure">{words::failure(i18n, &failure)}</p> }.into_any(),
        Some(Ok(page)) => view! { <Years kind page limit /> }.into_any(),
    };
    view! {
        <Card title=move || t_string!(i18n, onepage.timeline)>
            <Kinds read chosen limit />
            {body}
        </Card>
    }
}

/// Which sort is looked at.
#[component]
fn Kinds(
    /// What was told last.
    read: RwSignal<Option<Result<TimelinePage, Failure>>>,
    /// The sort; nothing means all.
    chosen: RwSignal<Option<TimelineKind>>,
    /// How many events are drawn.
    limit: RwSignal<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let counts = Memo::new(move |_| {
        read.with(|read| match read {
            Some(Ok(page)) => page.counts.clone(),
            _ => Vec::new(),
        })
    });
    let chip = move |kind: Option<TimelineKind>, count: usize| {
        let words = move || {
            let count = told::count(count);
            match kind {
                None => t_string!(i18n, onepage.all, count = count).to_string(),
                Some(TimelineKind::Contact) => t_string!(i18n, onepage.kind_contact, count = count).to_string(),
                Some(TimelineKind::Case) => t_string!(i18n, onepage.kind_case, count = count).to_string(),
                Some(TimelineKind::Answer) => t_string!(i18n, onepage.kind_answer, count = count).to_string(),
                Some(TimelineKind::Title) => t_string!(i18n, onepage.kind_title, count = count).to_string(),
                Some(TimelineKind::Consent) => t_string!(i18n, onepage.kind_consent, count = count).to_string(),
                Some(TimelineKind::File) => t_string!(i18n, onepage.kind_file, count = count).to_string(),
                Some(TimelineKind::Edit) => t_string!(i18n, onepage.kind_edit, count = count).to_string(),
            }
        };
        let press = move |_| {
            limit.set(WINDOW);
            chosen.set(kind);
        };
        view! {
            <button
                type="button"
                class="filter-chip"
                aria-pressed=move || (chosen.get() == kind).to_string()
                on:click=press
            >
                {words}
            </button>
        }
    };
    view! {
        <div class="filter-chips" role="group" aria-label=move || t_string!(i18n, onepage.filter)>
            {move || {
                let counts = counts.get();
                let total = counts.iter().map(|(_, count)| count).sum();
                let held: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
                // One sort alone leaves nothing to choose.
                (held.len() > 1)
                    .then(|| {
                        let all = chip(None, total);
                        let each = held.into_iter().map(|(kind, count)| chip(Some(kind), count)).collect_view();
                        view! {
                            {all}
                            {each}
                        }
                    })
            }}
        </div>
    }
}

/// The events under their years.
#[component]
fn Years(
    /// Whose they are.
    kind: Kind,
    /// The events.
    page: TimelinePage,
    /// How many are drawn.
    limit: RwSignal<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let more = page.total.saturating_sub(page.events.len());
    let is_empty = page.events.is_empty();
    let has_any = page.counts.iter().any(|(_, count)| *count > 0);
    let mut years: Vec<(String, Vec<TimelineEvent>)> = Vec::new();
    for event in page.events {
        match years.last_mut() {
            Some((year, events)) if *year == event.year => events.push(event),
            _ => years.push((event.year.clone(), vec![event])),
        }
    }
    let years = years
        .into_iter()
        .map(|(year, events)| {
            let name = if year.is_empty() {
                t_string!(i18n, onepage.no_day).to_owned()
            } else {
                t_string!(i18n, onepage.year, year = year).to_string()
            };
            let events: Vec<Event> = events.into_iter().map(|event| drawn(i18n, kind, event)).collect();
            view! {
                <h3 class="timeline-year">{name.clone()}</h3>
                <Timeline label=name events=events />
            }
        })
        .collect_view();
    view! {
        {is_empty
            .then(|| {
                if has_any {
                    view! { <p class="soft">{t!(i18n, onepage.none_kind)}</p> }.into_any()
                } else {
                    view! {
                        <Empty
                            icon=Sign::Journey
                            title=move || t_string!(i18n, onepage.none)
                            hint=move || t_string!(i18n, onepage.none_hint)
                        />
                    }
                        .into_any()
                }
            })}
        {years}
        {(more > 0)
            .then(|| {
                view! {
                    <div class="card-foot">
                        <Button on_press=move |()| limit.update(|limit| *limit += WINDOW)>
                            {t_string!(i18n, onepage.more, count = told::count(more.min(WINDOW))).to_string()}
                        </Button>
                    </div>
                }
            })}
    }
}

/// One event in words.
pub fn drawn(i18n: I18n, kind: Kind, event: TimelineEvent) -> Event {
    let day = (!event.when.is_empty()).then(|| told::day_of(i18n.get_locale(), &event.when));
    let role = |tenure: &Tenure| match &tenure.role {
        Some(role) => words::word(i18n, "role", role.word()),
        None => t_string!(i18n, onepage.role_unknown).to_owned(),
    };
    let plain =
        |title: String, body: Option<String>, tone: Tone, href: Option<String>, more: Option<String>| Event {
            meta: told::dotted([day.clone(), more]).into(),
            title: title.into(),
            body: body.filter(|body| !body.is_empty()).map(Into::into),
            tone,
            href,
        };
    match event.what {
        TimelineWhat::Contact(row) => {
            let word = |list: &str, code: Option<&str>| code.map(|code| words::word(i18n, list, code));
            let contact = row.contact;
            let way = if contact.incoming {
                t_string!(i18n, onepage.incoming)
            } else {
                t_string!(i18n, onepage.outgoing)
            };
            let tone = match contact.mood {
                Some(Mood::Upset | Mood::Angry) => Tone::Bad,
                Some(Mood::Pleased) => Tone::Good,
                _ => Tone::Plain,
            };
            let about = told::dotted([
                word("contact_channel", contact.channel.as_ref().map(ContactChannel::word)),
                word("contact_purpose", contact.purpose.as_ref().map(ContactPurpose::word)),
                Some(way.to_owned()),
            ]);
            let body = told::dotted([
                row.name.filter(|_| kind == Kind::House),
                contact.mood.as_ref().map(|mood| words::word(i18n, "mood", mood.word())),
                contact.next_step,
                Some(contact.by),
            ]);
            plain(contact.outcome, Some(body), tone, None, Some(about))
        }
        TimelineWhat::CaseCame(row) => {
            let tone = if row.case.closed_at.is_some() { Tone::Plain } else { case_told::severity_tone(&row.case) };
            let body = told::dotted([
                case_told::severity(i18n, &row.case),
                case_told::leaf(i18n, &row.case),
                case_told::channel(i18n, &row.case),
                Some(row.place).filter(|_| kind == Kind::Party),
            ]);
            let sort = case_told::kind(i18n, &row.case).unwrap_or_default();
            let title = t_string!(i18n, onepage.case_came, kind = sort, words = row.case.description).to_string();
            plain(title, Some(body), tone, Some(Route::Case { id: row.id }.to_hash()), Some(row.case.number))
        }
        TimelineWhat::CaseClosed(row) => {
            let title = t_string!(i18n, onepage.case_closed, words = row.case.description).to_string();
            plain(title, None, Tone::Good, Some(Route::Case { id: row.id }.to_hash()), Some(row.case.number))
        }
        TimelineWhat::Answer(row) => {
            let title = match row.overall {
                Some(score) => t_string!(i18n, archive.ev_answer, score = score).to_string(),
                None => t_string!(i18n, archive.ev_answer_blank).to_owned(),
            };
            plain(title, None, Tone::Accent, Some(Route::Answer { id: row.id }.to_hash()), None)
        }
        TimelineWhat::Delivered => {
            plain(t_string!(i18n, onepage.delivered).to_owned(), None, Tone::Accent, None, None)
        }
        TimelineWhat::Began { who, tenure } => {
            let role = role(&tenure);
            let title = match (kind, who) {
                (Kind::House, Some(who)) => {
                    t_string!(i18n, onepage.began_house, who = who, role = role).to_string()
                }
                (_, Some(who)) => t_string!(i18n, onepage.began_party, who = who, role = role).to_string(),
                (_, None) => t_string!(i18n, onepage.began_nobody, role = role).to_string(),
            };
            let share = tenure.share_bp.map(|share| format!("{}%", told::hundredths(share)));
            let href = linked(kind, &tenure);
            plain(title, share, Tone::Accent, href, None)
        }
        TimelineWhat::Ended { who, tenure } => {
            let role = role(&tenure);
            let title = match (kind, who) {
                (Kind::House, Some(who)) => {
                    t_string!(i18n, onepage.ended_house, who = who, role = role).to_string()
                }
                (_, Some(who)) => t_string!(i18n, onepage.ended_party, who = who, role = role).to_string(),
                (_, None) => t_string!(i18n, onepage.ended_nobody, role = role).to_string(),
            };
            let href = linked(kind, &tenure);
            let why = tenure.end_reason.map(|why| words::word(i18n, "end_reason", &why));
            plain(title, why, Tone::Plain, href, None)
        }
        TimelineWhat::Transfer(transfer) => {
            let state = match transfer.state {
                Some(TransferState::Prepared) => Some(t_string!(i18n, onepage.transfer_prepared).to_owned()),
                Some(TransferState::Approved) => Some(t_string!(i18n, onepage.transfer_done).to_owned()),
                Some(TransferState::Withdrawn) => Some(t_string!(i18n, onepage.transfer_withdrawn).to_owned()),
                _ => None,
            };
            let ground = transfer.ground.as_ref().map(|ground| words::word(i18n, "transfer_ground", ground.word()));
            let body = told::dotted([state, ground]);
            plain(t_string!(i18n, onepage.transfer).to_owned(), Some(body), Tone::Accent, None, None)
        }
        TimelineWhat::Lineage(view) => {
            let title = if view.is_origin {
                t_string!(i18n, onepage.came_from, number = view.number).to_string()
            } else {
                t_string!(i18n, onepage.became, number = view.number).to_string()
            };
            plain(title, None, Tone::Accent, Some(Route::House { id: view.house }.to_hash()), None)
        }
        TimelineWhat::Agreed { name, consent } => {
            let purpose =
                consent.purpose.as_ref().map(|purpose| words::word(i18n, "consent_purpose", purpose.word()));
            let title = t_string!(i18n, onepage.agreed, purpose = purpose.unwrap_or_default()).to_string();
            let version = (!consent.version.is_empty())
                .then(|| t_string!(i18n, onepage.version, version = consent.version.clone()).to_string());
            plain(title, Some(told::dotted([name, version])), Tone::Good, None, None)
        }
        TimelineWhat::Withdrew { name, consent } => {
            let purpose =
                consent.purpose.as_ref().map(|purpose| words::word(i18n, "consent_purpose", purpose.word()));
            let title = t_string!(i18n, onepage.withdrew, purpose = purpose.unwrap_or_default()).to_string();
            plain(title, name, Tone::Warn, None, None)
        }
        TimelineWhat::File(row) => {
            let title = t_string!(i18n, onepage.file, name = row.name).to_string();
            let size = format::bytes(usize::try_from(row.bytes).unwrap_or(usize::MAX));
            plain(title, Some(size), Tone::Plain, None, None)
        }
        TimelineWhat::Edit(row) => {
            let count = row.fields.len();
            let body = if count > FIELDS {
                t_string!(i18n, onepage.edit_many, count = told::count(count)).to_string()
            } else {
                let names: Vec<String> = row.fields.iter().map(|field| words::word(i18n, "field", field)).collect();
                let names = words::list(i18n, &names);
                t_string!(i18n, onepage.edit_fields, fields = names).to_string()
            };
            let why = row.why.map(|why| t_string!(i18n, household.because, why = why).to_string());
            let title = words::word(i18n, "batch", &row.name);
            plain(title, Some(told::dotted([Some(body), why])), Tone::Plain, None, Some(row.by))
        }
    }
}

/// Where a tenure leads: from a house to the person, from a person to the house.
fn linked(kind: Kind, tenure: &Tenure) -> Option<String> {
    if kind == Kind::House {
        return (!tenure.party.is_empty()).then(|| Route::Party { id: tenure.party.clone() }.to_hash());
    }
    Some(Route::House { id: tenure.house.clone() }.to_hash())
}
