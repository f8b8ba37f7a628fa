//! Links for owners: a short one to a published wave, or one that holds the whole questionnaire.
//!
//! A personal link bears a fresh invitation id and is good for one household; an open one bears none, because every
//! answer under one id but the first would wait. The link itself is made and read by the domain.

mod made;

use anju_domain::env::Env;
use anju_domain::surveys::link::{Invitation, Payload, Place, Source};
use anju_domain::surveys::model::{Group, Wave};
use anju_domain::surveys::published::PublishedWave;
use anju_domain::surveys::questionnaire::Questionnaire;
use anju_domain::time::parse_date;
use anju_engine::queries::{HouseState, Query, answer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind};
use crate::components::choice::{GroupLook, RadioGroup};
use crate::components::combobox::{Combobox, Source as Matches};
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, InputKind, Select, TextInput};
use crate::components::page::Card;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::platform::env::BrowserEnv;

use made::{Made, MadeLink};

const PUBLISHED: &str = "published";
const WHOLE: &str = "whole";
const OPEN: &str = "open";
const PERSONAL: &str = "personal";

/// The address of the app without what stands behind `#` and `?`.
fn base() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split(['#', '?']).next().unwrap_or_default().to_owned()
}

/// What the form says.
#[derive(Clone, Copy)]
struct Wishes {
    wave: RwSignal<String>,
    form: RwSignal<String>,
    kind: RwSignal<String>,
    group: RwSignal<String>,
    city: RwSignal<String>,
    project: RwSignal<String>,
    house: RwSignal<String>,
    expires: RwSignal<String>,
}

impl Wishes {
    fn track(self) {
        for signal in
            [self.wave, self.form, self.kind, self.group, self.city, self.project, self.house, self.expires]
        {
            signal.track();
        }
    }

    fn make(self, wave: Wave, questionnaire: Questionnaire, organisation: &str, language: &str) -> Made {
        let filled = |signal: RwSignal<String>| Some(signal.get_untracked()).filter(|text| !text.trim().is_empty());
        let is_personal = self.kind.with_untracked(|kind| kind == PERSONAL);
        let mut invitation = Invitation {
            id: if is_personal { BrowserEnv.new_id("i") } else { String::new() },
            group: filled(self.group).map(|code| Group::parse(&code)),
            city: filled(self.city),
            project: filled(self.project),
            house: filled(self.house).filter(|_| is_personal),
            expires: filled(self.expires).and_then(|day| parse_date(&day)),
            ..Invitation::default()
        };
        if self.form.with_untracked(|form| form == WHOLE) {
            invitation.wave = Some(wave.id);
            language.clone_into(&mut invitation.language);
            let source = Source::Whole(Box::new(questionnaire.lean(language)));
            return Made { link: Payload { invitation, source }.link(&base(), Place::Fragment), file: None };
        }
        let organisation = if organisation.is_empty() { wave.title.as_str() } else { organisation };
        let mut published =
            PublishedWave::new(wave.id.clone(), wave.title.clone(), organisation.to_owned(), questionnaire);
        published.opens_on = wave.opens_on;
        published.closes_on = wave.closes_on;
        let source = Source::Published(published.hash());
        // What stands behind `#` may be dropped by a messenger; the query stays.
        Made { link: Payload { invitation, source }.link(&base(), Place::Query), file: Some(published) }
    }
}

async fn questionnaire_of(data: Data, wave: &str) -> Option<Questionnaire> {
    data.ask(Query::Questionnaire { wave: wave.to_owned() }, answer::QUESTIONNAIRE).await.ok().flatten()
}

async fn find_houses(data: Data, text: String) -> Vec<Choice> {
    let query = Query::Households { text, project: None, state: HouseState::All, offset: 0, limit: 8 };
    match data.ask(query, answer::HOUSEHOLDS).await {
        Ok(Some(window)) => window
            .rows
            .into_iter()
            .map(|row| Choice::new(row.number.clone(), row.number).detail(row.project))
            .collect(),
        _ => Vec::new(),
    }
}

/// The form and the link it makes.
#[component]
pub fn Links() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let new = |text: &str| RwSignal::new(text.to_owned());
    let wishes = Wishes {
        wave: new(""),
        form: new(PUBLISHED),
        kind: new(OPEN),
        group: new(""),
        city: new(""),
        project: new(""),
        house: new(""),
        expires: new(""),
    };
    let made = RwSignal::new(None::<Made>);
    let busy = RwSignal::new(false);
    let waves = data.live(|| Query::Waves, answer::WAVES);
    let places = data.live(|| Query::Places, answer::PLACES);
    let rows = Memo::new(move |_| waves.get().flatten().unwrap_or_default());
    let place_rows = Memo::new(move |_| places.get().flatten().unwrap_or_default());
    // Today's wave is chosen until somebody chooses another.
    Effect::new(move |before: Option<Option<String>>| {
        let today = rows.with(|rows| rows.first().map(|row| row.wave.id.clone()));
        let chosen = wishes.wave.get_untracked();
        if (chosen.is_empty() || before.flatten().as_deref() == Some(chosen.as_str()))
            && let Some(today) = &today
            && *today != chosen
        {
            wishes.wave.set(today.clone());
        }
        today
    });
    // A link that no longer says what the form says is taken away.
    Effect::new(move |_| {
        wishes.track();
        made.set(None);
    });
    let make = move |()| {
        let wave = wishes.wave.get_untracked();
        let found = rows.with_untracked(|rows| rows.iter().find(|row| row.wave.id == wave).cloned());
        let Some(row) = found else { return };
        let organisation = data.status().get_untracked().and_then(|status| status.organisation).unwrap_or_default();
        let language = i18n.get_locale_untracked().to_string();
        busy.set(true);
        spawn_local(async move {
            let questionnaire = questionnaire_of(data, &row.wave.id).await;
            busy.try_set(false);
            if let Some(questionnaire) = questionnaire {
                made.try_set(Some(wishes.make(row.wave, questionnaire, &organisation, &language)));
            }
        });
    };
    let wave_choices = Signal::derive(move || {
        rows.get().into_iter().map(|row| Choice::new(row.wave.id, row.wave.title)).collect::<Vec<_>>()
    });
    let cities = Signal::derive(move || {
        let mut cities: Vec<String> = place_rows.get().into_iter().filter_map(|row| row.city).collect();
        cities.sort();
        cities.dedup();
        cities.into_iter().map(|city| Choice::new(city.clone(), city)).collect::<Vec<_>>()
    });
    let projects = Signal::derive(move || {
        let city = wishes.city.get();
        let rows = place_rows.get().into_iter().filter(|row| row.level == "project");
        rows.filter(|row| city.is_empty() || row.city.as_deref() == Some(city.as_str()))
            .map(|row| Choice::new(row.name.clone(), row.name))
            .collect::<Vec<_>>()
    });
    let any = move || t_string!(i18n, surveys.any);
    let is_personal = move || wishes.kind.with(|kind| kind == PERSONAL);
    view! {
        <Card title=move || t_string!(i18n, surveys.links)>
            <p class="surveys-note">{t!(i18n, surveys.links_hint)}</p>
            <div class="surveys-form">
                <Field label=move || t_string!(i18n, surveys.link_wave)>
                    <Select value=wishes.wave choices=wave_choices />
                </Field>
                <RadioGroup
                    value=wishes.kind
                    look=GroupLook::Segmented
                    label=move || t_string!(i18n, surveys.link_kind)
                    choices=vec![
                        Choice::new(OPEN, move || t_string!(i18n, surveys.link_open)),
                        Choice::new(PERSONAL, move || t_string!(i18n, surveys.link_personal)),
                    ]
                />
                <p class="surveys-note">
                    {move || {
                        if is_personal() {
                            t_string!(i18n, surveys.link_personal_hint)
                        } else {
                            t_string!(i18n, surveys.link_open_hint)
                        }
                    }}
                </p>
                <Show when=is_personal>
                    <Field
                        label=move || t_string!(i18n, surveys.link_house)
                        hint=move || t_string!(i18n, surveys.link_house_hint)
                    >
                        <Combobox
                            words=wishes.house
                            source=Matches::new(move |text| find_houses(data, text))
                            on_pick=move |choice: Choice| {
                                if let Some(project) = choice.detail {
                                    wishes.project.set(project);
                                }
                            }
                        />
                    </Field>
                </Show>
                <div class="surveys-pair">
                    <Field label=move || t_string!(i18n, surveys.link_group)>
                        <Select
                            value=wishes.group
                            empty=any
                            choices=vec![
                                Choice::new("new_owner", move || t_string!(i18n, satisfaction.new_owner)),
                                Choice::new("old_owner", move || t_string!(i18n, satisfaction.old_owner)),
                            ]
                        />
                    </Field>
                    <Field label=move || t_string!(i18n, surveys.link_city)>
                        <Select value=wishes.city empty=any choices=cities />
                    </Field>
                    <Field label=move || t_string!(i18n, surveys.link_project)>
                        <Select value=wishes.project empty=any choices=projects />
                    </Field>
                    <Field label=move || t_string!(i18n, surveys.link_expires)>
                        <TextInput value=wishes.expires kind=InputKind::Date />
                    </Field>
                </div>
                <RadioGroup
                    value=wishes.form
                    look=GroupLook::Segmented
                    label=move || t_string!(i18n, surveys.link_form)
                    choices=vec![
                        Choice::new(PUBLISHED, move || t_string!(i18n, surveys.link_published)),
                        Choice::new(WHOLE, move || t_string!(i18n, surveys.link_whole)),
                    ]
                />
                <p class="surveys-note">
                    {move || {
                        if wishes.form.with(|form| form == WHOLE) {
                            t_string!(i18n, surveys.link_whole_hint)
                        } else {
                            t_string!(i18n, surveys.link_published_hint)
                        }
                    }}
                </p>
                <Button kind=ButtonKind::Primary icon=Sign::Share busy=busy on_press=make>
                    {move || {
                        if is_personal() && made.with(Option::is_some) {
                            t_string!(i18n, surveys.make_another)
                        } else {
                            t_string!(i18n, surveys.make_link)
                        }
                    }}
                </Button>
            </div>
            {move || made.get().map(|made| view! { <MadeLink made /> })}
        </Card>
    }
}
