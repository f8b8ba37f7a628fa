//! Every component with its states on one page, in both languages and appearances.
//!
//! Its people and figures are samples that no table holds. It is for those who build and check the app.

mod samples;

use std::sync::Arc;

use leptos::prelude::*;

use crate::components::Tone;
use crate::components::button::{Button, ButtonKind, ButtonLink, IconButton};
use crate::components::chart::{BarChart, Gauge, HeatMap, LineChart, StackedChart};
use crate::components::chip::Chip;
use crate::components::choice::{Checkbox, GroupLook, RadioGroup};
use crate::components::combobox::{Combobox, Source};
use crate::components::diagram::Diagram;
use crate::components::dialog::Confirm;
use crate::components::empty::Empty;
use crate::components::field::Field;
use crate::components::file_drop::FileDrop;
use crate::components::icon::{Icon, Sign};
use crate::components::input::{Choice, InputKind, Select, TextArea, TextInput};
use crate::components::notices::use_notices;
use crate::components::page::{Card, PageHead};
use crate::components::progress::Progress;
use crate::components::stat::{Stat, Stats};
use crate::components::status::{SaveState, StatusBadge};
use crate::components::steps::Steps;
use crate::components::table::{RowLink, Rows, Sort, Table};
use crate::components::tabs::{Tab, Tabs};
use crate::components::timeline::Timeline;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::format;
use crate::platform::navigation::use_guard;
use crate::routes::{Filter, Route};

use samples::SampleRow;

/// The sample page.
#[component]
pub fn KitPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead
            title=move || t_string!(i18n, kit.title)
            lead=move || t_string!(i18n, kit.lead)
        />
        <div class="kit">
            <TileSamples />
            <ButtonSamples />
            <FormSamples />
            <TalkSamples />
            <StatusSamples />
            <TabSamples />
            <JourneySamples />
            <TableSamples />
            <ChartSamples />
            <FileSamples />
            <IconSamples />
        </div>
    }
}

#[component]
fn TileSamples() -> impl IntoView {
    let i18n = use_i18n();
    let cases = Route::Cases { filter: Filter::none() }.to_hash();
    view! {
        <Stats>
            <Stat
                label=move || t_string!(i18n, kit.tile1)
                value="3"
                detail=move || t_string!(i18n, kit.tile1_d)
                tone=Tone::Bad
                href=cases.clone()
            />
            <Stat
                label=move || t_string!(i18n, kit.tile2)
                value="9"
                detail=move || t_string!(i18n, kit.tile2_d)
                tone=Tone::Warn
                href=cases.clone()
            />
            <Stat
                label=move || t_string!(i18n, kit.tile3)
                value="14"
                detail=move || t_string!(i18n, kit.tile3_d)
                href=cases
            />
            <Stat
                label=move || t_string!(i18n, kit.gauge)
                value="56.00"
                unit="%"
                detail=move || t_string!(i18n, kit.tile4_d)
            />
        </Stats>
    }
}

#[component]
fn ButtonSamples() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Card title=move || t_string!(i18n, kit.buttons)>
            <div class="kit-row">
                <Button kind=ButtonKind::Primary icon=Sign::Download>{t!(i18n, kit.primary)}</Button>
                <Button>{t!(i18n, kit.secondary)}</Button>
                <Button kind=ButtonKind::Quiet>{t!(i18n, kit.quiet)}</Button>
                <Button kind=ButtonKind::Danger icon=Sign::Trash>{t!(i18n, kit.danger)}</Button>
                <Button kind=ButtonKind::Primary busy=true>{t!(i18n, kit.busy)}</Button>
                <Button disabled=true>{t!(i18n, kit.disabled)}</Button>
                <ButtonLink icon=Sign::Home href=Route::Workbench.to_hash()>{t!(i18n, shell.workbench)}</ButtonLink>
                <IconButton icon=Sign::More label=move || t_string!(i18n, components.more_menu) on_press=|()| () />
            </div>
        </Card>
    }
}

#[component]
fn FormSamples() -> impl IntoView {
    let i18n = use_i18n();
    let name = RwSignal::new(String::new());
    let phone = RwSignal::new("138".to_owned());
    let notes = RwSignal::new(String::new());
    let day = RwSignal::new("2026-11-21".to_owned());
    let city = RwSignal::new(String::new());
    let owner = RwSignal::new(String::new());
    let agree = RwSignal::new(true);
    let level = RwSignal::new("normal".to_owned());
    let look = RwSignal::new("list".to_owned());
    let answer = RwSignal::new("2".to_owned());
    use_guard().watch(Signal::derive(move || !name.with(String::is_empty)));
    let phone_error = Signal::derive(move || {
        let sound = phone.with(|phone| phone.chars().filter(char::is_ascii_digit).count() == 11);
        (!sound).then(|| t_string!(i18n, kit.phone_error).to_owned())
    });
    view! {
        <Card title=move || t_string!(i18n, kit.forms)>
            <div class="kit-form">
                <Field
                    required=true
                    label=move || t_string!(i18n, kit.name)
                    hint=move || t_string!(i18n, kit.name_hint)
                >
                    <TextInput value=name autocomplete="name" />
                </Field>
                <Field label=move || t_string!(i18n, kit.phone) error=phone_error>
                    <TextInput value=phone kind=InputKind::Phone />
                </Field>
                <Field label=move || t_string!(i18n, kit.owner) hint=move || t_string!(i18n, kit.owner_hint)>
                    <Combobox words=owner source=Source::new(samples::find_owner) on_pick=|_| () />
                </Field>
                <Field label=move || t_string!(i18n, kit.city)>
                    <Select
                        value=city
                        choices=samples::buildings()
                        empty=move || t_string!(i18n, kit.city_pick)
                    />
                </Field>
                <Field label=move || t_string!(i18n, kit.formats)>
                    <TextInput value=day kind=InputKind::Date />
                </Field>
                <Field label=move || t_string!(i18n, kit.notes)>
                    <TextArea value=notes rows=3 />
                </Field>
                <div>
                    <RadioGroup
                        value=level
                        label=move || t_string!(i18n, kit.level)
                        choices=vec![
                            Choice::new("normal", move || t_string!(i18n, kit.level_normal)),
                            Choice::new("serious", move || t_string!(i18n, kit.level_serious)),
                            Choice::new("urgent", move || t_string!(i18n, kit.level_urgent)),
                        ]
                    />
                    <Checkbox checked=agree label=move || t_string!(i18n, kit.agree) />
                </div>
                <RadioGroup
                    value=look
                    look=GroupLook::Segmented
                    label=move || t_string!(i18n, kit.view)
                    choices=vec![
                        Choice::new("list", move || t_string!(i18n, kit.by_list)),
                        Choice::new("map", move || t_string!(i18n, kit.by_map)),
                    ]
                />
                <RadioGroup
                    value=answer
                    look=GroupLook::Cards
                    label=move || t_string!(i18n, kit.satisfied)
                    choices=vec![
                        Choice::new("5", move || t_string!(i18n, kit.s5)),
                        Choice::new("4", move || t_string!(i18n, kit.s4)),
                        Choice::new("3", move || t_string!(i18n, kit.s3)),
                        Choice::new("2", move || t_string!(i18n, kit.s2)),
                        Choice::new("1", move || t_string!(i18n, kit.s1)),
                    ]
                />
            </div>
        </Card>
    }
}

#[component]
fn TalkSamples() -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let open = RwSignal::new(false);
    view! {
        <Card title=move || t_string!(i18n, kit.dialogs)>
            <div class="kit-row">
                <Button on_press=move |()| open.set(true)>{t!(i18n, kit.open_dialog)}</Button>
                <Button on_press=move |()| notices.good(move || t_string!(i18n, kit.text_good))>
                    {t!(i18n, kit.notice_good)}
                </Button>
                <Button on_press=move |()| notices.warn(move || t_string!(i18n, kit.text_warn))>
                    {t!(i18n, kit.notice_warn)}
                </Button>
                <Button on_press=move |()| notices.bad(move || t_string!(i18n, kit.text_bad))>
                    {t!(i18n, kit.notice_bad)}
                </Button>
            </div>
            <Confirm
                open=open
                danger=true
                title=move || t_string!(i18n, kit.dialog_title)
                body=move || t_string!(i18n, kit.dialog_body)
                yes=move || t_string!(i18n, kit.danger)
                on_yes=move |()| notices.good(move || t_string!(i18n, kit.text_good))
            />
        </Card>
    }
}

#[component]
fn StatusSamples() -> impl IntoView {
    let i18n = use_i18n();
    let href = Route::Data.to_hash();
    view! {
        <Card title=move || t_string!(i18n, kit.status)>
            <div class="kit-row">
                <Chip tone=Tone::Bad label=move || t_string!(i18n, kit.chip_bad) />
                <Chip tone=Tone::Warn label=move || t_string!(i18n, kit.chip_warn) />
                <Chip tone=Tone::Good label=move || t_string!(i18n, kit.chip_good) />
                <Chip tone=Tone::Accent label=move || t_string!(i18n, kit.chip_acc) />
                <Chip label=move || t_string!(i18n, kit.chip_plain) />
            </div>
            <div class="kit-row">
                <StatusBadge state=SaveState::Saved unexported=26 offline_ready=true offline=false href=href.clone() />
                <StatusBadge state=SaveState::Saving unexported=0 offline_ready=false offline=false href=href.clone() />
                <StatusBadge state=SaveState::NotSaved unexported=27 offline_ready=false offline=true href=href />
            </div>
            <Progress
                label=move || t_string!(i18n, kit.import_run)
                done=12_400
                total=42_000
                on_cancel=|()| ()
            />
            <Progress label=move || t_string!(i18n, components.loading) done=0 total=0 />
        </Card>
    }
}

#[component]
fn TabSamples() -> impl IntoView {
    let i18n = use_i18n();
    let tab = RwSignal::new("all".to_owned());
    view! {
        <Card title=move || t_string!(i18n, kit.tabs)>
            <Tabs
                value=tab
                label=move || t_string!(i18n, kit.tabs)
                tabs=vec![
                    Tab::new("all", move || t_string!(i18n, kit.tab_all)),
                    Tab::new("family", move || t_string!(i18n, kit.tab_family)),
                    Tab::new("cars", move || t_string!(i18n, kit.tab_cars)),
                ]
            >
                <p>
                    {move || match tab.get().as_str() {
                        "family" => t_string!(i18n, kit.body_family),
                        "cars" => t_string!(i18n, kit.body_cars),
                        _ => t_string!(i18n, kit.body_all),
                    }}
                </p>
            </Tabs>
        </Card>
    }
}

#[component]
fn JourneySamples() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Card title=move || t_string!(i18n, kit.steps)>
            <Steps label=move || t_string!(i18n, kit.steps) steps=samples::steps(i18n) />
        </Card>
        <div class="kit-two">
            <Card title=move || t_string!(i18n, kit.timeline)>
                <Timeline label=move || t_string!(i18n, kit.timeline) events=samples::events(i18n) />
            </Card>
            <Card>
                <Empty
                    icon=Sign::Message
                    title=move || t_string!(i18n, kit.empty)
                    hint=move || t_string!(i18n, kit.empty_hint)
                >
                    <ButtonLink
                        kind=ButtonKind::Primary
                        icon=Sign::Plus
                        href=Route::NewCase { house: None }.to_hash()
                    >
                        {t!(i18n, kit.empty_action)}
                    </ButtonLink>
                </Empty>
            </Card>
        </div>
    }
}

#[component]
fn TableSamples() -> impl IntoView {
    let i18n = use_i18n();
    let sort = RwSignal::new(None::<Sort>);
    let rows = Signal::derive(move || {
        let descending = sort.with(|sort| sort.as_ref().is_some_and(|sort| sort.descending));
        Rows::new(move |offset, len| samples::window(descending, offset, len))
    });
    let link: RowLink<SampleRow> = Arc::new(|row| Route::Case { id: row.number.to_string() }.to_hash());
    view! {
        <Card title=move || t_string!(i18n, kit.table)>
            <Table
                caption=move || t_string!(i18n, kit.table)
                columns=samples::columns(i18n)
                rows=rows
                link=Some(link)
                sort=sort
                on_sort=move |wanted| sort.set(Some(wanted))
            />
        </Card>
    }
}

#[component]
fn ChartSamples() -> impl IntoView {
    let i18n = use_i18n();
    let names: Vec<TextProp> = vec![
        (move || t_string!(i18n, kit.s5)).into(),
        (move || t_string!(i18n, kit.s4)).into(),
        (move || t_string!(i18n, kit.s3)).into(),
        (move || t_string!(i18n, kit.s2)).into(),
        (move || t_string!(i18n, kit.s1)).into(),
    ];
    view! {
        <div class="kit-two">
            <Card title=move || t_string!(i18n, kit.tree)>
                <BarChart
                    label=move || t_string!(i18n, kit.tree)
                    sentence=move || t_string!(i18n, kit.tree_say)
                    bars=samples::bars(i18n)
                />
            </Card>
            <Card title=move || t_string!(i18n, kit.trend)>
                <LineChart
                    label=move || t_string!(i18n, kit.trend)
                    sentence=move || t_string!(i18n, kit.trend_say)
                    places=samples::months(i18n)
                    lines=samples::lines(i18n)
                    unit="%"
                />
            </Card>
            <Card title=move || t_string!(i18n, kit.dist)>
                <StackedChart
                    label=move || t_string!(i18n, kit.dist)
                    sentence=move || t_string!(i18n, kit.dist_say)
                    series=names
                    bars=samples::stacked(i18n)
                />
            </Card>
            <Card title=move || t_string!(i18n, kit.diagram)>
                <Diagram
                    label=move || t_string!(i18n, kit.diagram)
                    shapes=samples::shapes(i18n)
                    ties=samples::ties(i18n)
                    sentences=Signal::derive(move || vec![t_string!(i18n, kit.diagram_say).to_owned()])
                    columns=None
                />
            </Card>
            <Card title=move || t_string!(i18n, kit.gauge)>
                <Gauge
                    label=move || t_string!(i18n, kit.gauge)
                    sentence=move || t_string!(i18n, kit.gauge_say)
                    value=56.0
                    text=format::percent(56.0, 2)
                    target=60.0
                    href=Route::Answers { filter: Filter::none() }.to_hash()
                />
            </Card>
            <Card title=move || t_string!(i18n, kit.heat)>
                <HeatMap
                    label=move || t_string!(i18n, kit.heat)
                    sentence=move || t_string!(i18n, kit.heat_say)
                    columns=samples::months(i18n)
                    rows=samples::heat(i18n)
                />
            </Card>
            <Card title=move || t_string!(i18n, kit.formats)>
                <ul class="kit-list">
                    {move || samples::formats(i18n.get_locale()).map(|text| view! { <li>{text}</li> })}
                </ul>
            </Card>
        </div>
    }
}

#[component]
fn FileSamples() -> impl IntoView {
    let i18n = use_i18n();
    let notices = use_notices();
    let welcome = move |files: Vec<web_sys::File>| {
        let count = files.len();
        notices.good(move || t_string!(i18n, kit.dropped, count = count).to_string());
    };
    view! {
        <Card title=move || t_string!(i18n, kit.drop)>
            <FileDrop
                accept=".xlsx,.csv,.json,.gz"
                hint=move || t_string!(i18n, kit.drop_hint)
                on_files=welcome
            />
        </Card>
    }
}

#[component]
fn IconSamples() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Card title=move || t_string!(i18n, kit.icons)>
            <div class="kit-row">
                {Sign::ALL.into_iter().map(|sign| view! { <Icon sign /> }).collect_view()}
            </div>
        </Card>
    }
}
