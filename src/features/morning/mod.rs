//! 晨会一页: what a meeting of today talks about, on one sheet that is printed or forwarded as one long picture.
//!
//! Every number opens its list. The sheet tells of a case its number, house and subject, and neither what was said nor
//! by whom; what belongs on it is decided by the domain.

use anju_domain::cases::lessons::NONE;
use anju_domain::cases::morning::{Matter, RedWhy};
use anju_engine::morning::{LateLine, MorningCase, MorningList, MorningSheet};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonKind, ButtonLink};
use crate::components::icon::Sign;
use crate::components::input::Select;
use crate::components::page::PageHead;
use crate::features::answered::{answered, use_answer};
use crate::features::archive::told::{count, dotted};
use crate::features::calendar::project_choices;
use crate::features::cases::list::bound;
use crate::features::cases::told;
use crate::features::sheet::{PictureButton, Sheet};
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::long_picture::{Block, Cell};
use crate::platform::navigation::{use_navigation, use_route};
use crate::platform::{dom, format};
use crate::routes::{Filter, Route};
use crate::words;

/// The page of this feature.
#[component]
pub fn MorningPage() -> impl IntoView {
    let i18n = use_i18n();
    let navigation = use_navigation();
    let route = use_route();
    let filter = Memo::new(move |before: Option<&Filter>| {
        route.with(|route| match route {
            Route::Morning { filter } => filter.clone(),
            // On the way to another page this one stays as it is.
            _ => before.cloned().unwrap_or_default(),
        })
    });
    let set = Callback::new(move |(name, value): (&'static str, String)| {
        let filter = filter.get_untracked().with(name, &value);
        navigation.replace(&Route::Morning { filter });
    });
    let project = Memo::new(move |_| filter.with(|filter| filter.get("project").map(str::to_owned)));
    let asked = use_answer(move || Query::Morning { project: project.get() }, answer::MORNING);
    let blocks = Signal::derive(move || {
        let project = project.get();
        asked.with(|asked| asked.here().map(|sheet| blocks(i18n, sheet, project.as_deref())).unwrap_or_default())
    });
    let name = Signal::derive(move || format!("{}-{}", t_string!(i18n, morning.title), format::today_iso()));
    let places = use_answer(|| Query::Places, answer::PLACES);
    view! {
        <div class="onepage-head">
            <PageHead title=move || t_string!(i18n, morning.title) lead=move || t_string!(i18n, morning.lead)>
                <ButtonLink href=Route::Cases { filter: Filter::none() }.to_hash()>
                    {t!(i18n, morning.to_cases)}
                </ButtonLink>
                <PictureButton name blocks />
                <Button kind=ButtonKind::Primary icon=Sign::Print on_press=move |()| dom::print()>
                    {t!(i18n, onepage.sheet_print)}
                </Button>
            </PageHead>
            <div class="list-filters">
                <label class="list-select">
                    <span class="visually-hidden">{t!(i18n, archive.project)}</span>
                    <Select
                        value=bound(filter, "project", set)
                        choices=project_choices(places)
                        empty=move || t_string!(i18n, lessons.all_projects)
                    />
                </label>
            </div>
        </div>
        {answered(
            asked,
            || ().into_any(),
            move |_| view! { <Sheet label=move || t_string!(i18n, morning.title) blocks /> },
        )}
    }
}

/// The address of the cases behind a number.
fn cases_of(matter: Matter, project: Option<&str>, responsible: Option<&str>) -> String {
    let filter = Filter::none()
        .with("morning", matter.code())
        .with("project", project.unwrap_or_default())
        .with("responsible", responsible.unwrap_or_default());
    Route::Cases { filter }.to_hash()
}

/// Everything on the sheet, in its order.
fn blocks(i18n: I18n, sheet: &MorningSheet, project: Option<&str>) -> Vec<Block> {
    let link = |matter, number: usize, is_bad: bool| {
        Cell::of(count(number)).to(cases_of(matter, project, None)).bad(is_bad && number > 0)
    };
    let whole = sheet.project_name.clone().unwrap_or_else(|| t_string!(i18n, lessons.all_projects).to_owned());
    let open = Filter::none().with("open", "1").with("project", project.unwrap_or_default());
    let open = Route::Cases { filter: open }.to_hash();
    let name = |text: &str| text.to_owned();
    let mut found = vec![
        Block::Title(
            name(t_string!(i18n, morning.title)),
            dotted([Some(whole), Some(told::moment(i18n, sheet.at))]),
        ),
        Block::Figures(vec![
            (name(t_string!(i18n, morning.due_today)), link(Matter::DueToday, sheet.due_today.count, false)),
            (name(t_string!(i18n, morning.late)), link(Matter::Late, sheet.late_count, true)),
            (name(t_string!(i18n, morning.red)), link(Matter::Red, sheet.red.count, true)),
            (name(t_string!(i18n, morning.reopened)), link(Matter::Reopened, sheet.reopened.count, false)),
            (name(t_string!(i18n, morning.visits)), link(Matter::Visit, sheet.visits.count, false)),
            (name(t_string!(i18n, morning.open)), Cell::of(count(sheet.open)).to(open)),
        ]),
    ];
    let part =
        |found: &mut Vec<Block>, matter, list: &MorningList, last: &str, say: &dyn Fn(&MorningCase) -> Cell| {
            let href = cases_of(matter, project, None);
            let title = heading(i18n, matter, list.count);
            found.push(Block::Heading(Cell::of(title).to(href)));
            if matter == Matter::Red {
                found.push(Block::Line(t_string!(i18n, morning.red_rule).to_owned()));
            }
            if list.rows.is_empty() {
                found.push(Block::Line(t_string!(i18n, morning.nothing).to_owned()));
                return;
            }
            let columns =
                [(t_string!(i18n, morning.col_case), 4), (t_string!(i18n, morning.col_about), 5), (last, 4)];
            let columns = columns.map(|(name, share)| (name.to_owned(), share)).to_vec();
            let rows = list.rows.iter().map(|row| vec![number(row), about(i18n, row), say(row)]).collect();
            found.push(Block::Table(columns, rows));
            let rest = list.count.saturating_sub(list.rows.len());
            if rest > 0 {
                found.push(Block::Line(t_string!(i18n, morning.more, count = count(rest)).to_string()));
            }
        };
    part(&mut found, Matter::DueToday, &sheet.due_today, t_string!(i18n, morning.col_due), &|row| due(i18n, row));
    late(i18n, &mut found, sheet, project);
    part(&mut found, Matter::Red, &sheet.red, t_string!(i18n, morning.col_why), &|row| red(i18n, row));
    part(&mut found, Matter::Reopened, &sheet.reopened, t_string!(i18n, morning.col_state), &|row| {
        let times = i64::from(row.flow.reopened);
        let times = t_string!(i18n, cases.reopened_times, times = format::integer(times)).to_string();
        Cell::of(format!("{}\n{times}", told::status(i18n, row.flow.status)))
    });
    part(&mut found, Matter::Visit, &sheet.visits, t_string!(i18n, morning.col_visit), &|row| {
        Cell::of(match &row.flow.visit_on {
            Some(day) => format::date_iso(i18n.get_locale(), day),
            None => told::status(i18n, row.flow.status),
        })
    });
    found.push(Block::Line(t_string!(i18n, morning.foot).to_owned()));
    found
}

/// Why a meeting talks about a case, as a name.
pub fn matter_name(i18n: I18n, matter: Matter) -> &'static str {
    match matter {
        Matter::DueToday => t_string!(i18n, morning.due_today),
        Matter::Late => t_string!(i18n, morning.late),
        Matter::Reopened => t_string!(i18n, morning.reopened),
        Matter::Red => t_string!(i18n, morning.red),
        Matter::Visit => t_string!(i18n, morning.visits),
    }
}

/// The name of a part with how many there are.
fn heading(i18n: I18n, matter: Matter, number: usize) -> String {
    let name = matter_name(i18n, matter);
    t_string!(i18n, morning.part, name = name, count = count(number)).to_string()
}

/// What is late, by whoever has to act.
fn late(i18n: I18n, found: &mut Vec<Block>, sheet: &MorningSheet, project: Option<&str>) {
    let title = heading(i18n, Matter::Late, sheet.late_count);
    found.push(Block::Heading(Cell::of(title).to(cases_of(Matter::Late, project, None))));
    if sheet.late.is_empty() {
        found.push(Block::Line(t_string!(i18n, morning.nothing).to_owned()));
        return;
    }
    let columns = [
        (t_string!(i18n, morning.col_party), 4),
        (t_string!(i18n, morning.col_count), 2),
        (t_string!(i18n, morning.col_oldest), 7),
    ];
    let row = |line: &LateLine| {
        let code = line.responsible.as_ref().map_or(NONE, |party| party.word());
        let party = match &line.responsible {
            Some(party) => words::word(i18n, "responsible", party.word()),
            None => t_string!(i18n, lessons.not_said).to_owned(),
        };
        let since = t_string!(i18n, morning.since, at = told::near_moment(i18n, line.since)).to_string();
        let oldest = line.oldest.as_ref().map_or_else(
            || Cell::of(since.clone()),
            |case| {
                let text = format!("{}\n{}\n{since}", case.case.number, about(i18n, case).text);
                Cell::of(text).to(Route::Case { id: case.id.clone() }.to_hash())
            },
        );
        let number = Cell::of(count(line.count)).to(cases_of(Matter::Late, project, Some(code))).bad(true);
        vec![Cell::of(party), number, oldest]
    };
    let columns = columns.map(|(name, share)| (name.to_owned(), share)).to_vec();
    found.push(Block::Table(columns, sheet.late.iter().map(row).collect()));
}

/// The number of a case and how much it weighs.
fn number(row: &MorningCase) -> Cell {
    Cell::of(row.case.number.clone()).to(Route::Case { id: row.id.clone() }.to_hash())
}

/// The house and the subject.
fn about(i18n: I18n, row: &MorningCase) -> Cell {
    let subject = dotted([told::kind(i18n, &row.case), told::leaf(i18n, &row.case)]);
    let party = told::responsible(i18n, &row.case);
    let lines = [Some(row.place.clone()), Some(subject), party];
    let lines: Vec<String> = lines.into_iter().flatten().filter(|line| !line.is_empty()).collect();
    Cell::of(lines.join("\n"))
}

/// Which clock is due today, and when.
fn due(i18n: I18n, row: &MorningCase) -> Cell {
    let words = row.due_today.as_ref().map(|due| {
        let (clock, at) =
            (told::clock(i18n, due.clock), format::time_ms(i18n.get_locale(), told::milliseconds(due.at)));
        t_string!(i18n, morning.due_at, clock = clock, at = at).to_string()
    });
    let since = late_since(i18n, row);
    let is_bad = since.is_some();
    Cell::of([words, since].into_iter().flatten().collect::<Vec<_>>().join("\n")).bad(is_bad)
}

fn late_since(i18n: I18n, row: &MorningCase) -> Option<String> {
    let since = row.late_since?;
    Some(t_string!(i18n, morning.late_since, at = told::near_moment(i18n, since)).to_string())
}

/// Why a case is on the red list.
fn red(i18n: I18n, row: &MorningCase) -> Cell {
    let why = |why: &RedWhy| match why {
        RedWhy::Major => t_string!(i18n, morning.red_major).to_owned(),
        RedWhy::Breached => t_string!(i18n, morning.red_breached).to_owned(),
        RedWhy::Escalated => t_string!(i18n, morning.red_escalated).to_owned(),
    };
    let reasons: Vec<String> = row.red.iter().map(why).chain(late_since(i18n, row)).collect();
    Cell::of(reasons.join("\n")).bad(true)
}
