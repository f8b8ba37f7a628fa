//! A case in the words of people: kind, channel, severity, how long it has been open.
//!
//! Codes become words in [`crate::words`]; what is late is not decided here.

use anju_domain::cases::clocks::Clock;
use anju_domain::cases::flow::Status;
use anju_domain::cases::model::{Case, CaseStep, Severity};
use anju_domain::time::{Millis, date_at};
use anju_engine::cases::{CaseFlow, Due};

use crate::components::Tone;
use crate::i18n::{I18n, t_string};
use crate::platform::{env, format};
use crate::words;

/// Follows the language, for words that do not by themselves.
fn follow(i18n: I18n) {
    let _now = i18n.get_locale();
}

/// The kind, such as 投诉.
pub fn kind(i18n: I18n, case: &Case) -> Option<String> {
    follow(i18n);
    case.kind.as_ref().map(|kind| words::word(i18n, "case_kind", kind.word()))
}

/// Where it came in.
pub fn channel(i18n: I18n, case: &Case) -> Option<String> {
    follow(i18n);
    case.channel.as_ref().map(|channel| words::word(i18n, "channel", channel.word()))
}

/// How much it weighs.
pub fn severity(i18n: I18n, case: &Case) -> Option<String> {
    follow(i18n);
    case.severity.as_ref().map(|severity| words::word(i18n, "severity", severity.word()))
}

/// Who must act.
pub fn responsible(i18n: I18n, case: &Case) -> Option<String> {
    follow(i18n);
    case.responsible.as_ref().map(|party| words::word(i18n, "responsible", party.word()))
}

/// What it is about, such as 工程 / 防水防渗.
pub fn leaf(i18n: I18n, case: &Case) -> Option<String> {
    case.leaf.as_deref().map(|leaf| leaf_name(i18n, leaf))
}

/// A leaf with its area.
pub fn leaf_name(i18n: I18n, leaf: &str) -> String {
    follow(i18n);
    let area = leaf.split_once('.').map_or(leaf, |(area, _)| area);
    if area == leaf {
        return words::indicator(i18n, leaf);
    }
    format!("{} / {}", words::indicator(i18n, area), words::indicator(i18n, leaf))
}

/// How a severity is meant.
pub fn severity_tone(case: &Case) -> Tone {
    match case.severity {
        Some(Severity::Major) => Tone::Bad,
        Some(Severity::Important) => Tone::Warn,
        _ => Tone::Plain,
    }
}

/// The order of severities, the heaviest last.
pub fn weight(case: &Case) -> u8 {
    match case.severity {
        Some(Severity::Major) => 2,
        Some(Severity::Important) => 1,
        _ => 0,
    }
}

/// How many days a case has been open by the calendar in China.
pub fn days_open(case: &Case) -> Option<i64> {
    let from = date_at(case.received_at?)?;
    let until = date_at(case.closed_at.unwrap_or_else(env::now))?;
    Some((until - from).num_days().max(0))
}

/// `已打开 3 天`, or `今天登记`.
pub fn age(i18n: I18n, case: &Case) -> Option<String> {
    let days = days_open(case)?;
    Some(match days {
        0 => t_string!(i18n, cases.today).to_owned(),
        _ => t_string!(i18n, cases.days, days = format::integer(days)).to_string(),
    })
}

/// Where a case stands, such as 处理中.
pub fn status(i18n: I18n, status: Status) -> String {
    follow(i18n);
    words::word(i18n, "case_status", status.code())
}

/// How it is meant that a case stands there.
pub fn status_tone(status: Status) -> Tone {
    match status {
        Status::Closed => Tone::Good,
        Status::Reopened => Tone::Warn,
        Status::Confirmed | Status::Handling | Status::Answered | Status::ReturnVisit => Tone::Accent,
        _ => Tone::Plain,
    }
}

/// What happens to a case, such as 答复业主.
pub fn step(i18n: I18n, step: &CaseStep) -> String {
    follow(i18n);
    words::word(i18n, "case_step", step.word())
}

/// What is measured, such as 首次响应.
pub fn clock(i18n: I18n, clock: Clock) -> String {
    follow(i18n);
    words::word(i18n, "case_clock", clock.code())
}

/// What is due next of a case, and how that is meant.
pub fn due(i18n: I18n, flow: &CaseFlow) -> Option<(String, Tone)> {
    flow.due.as_ref().map(|due| due_told(i18n, due))
}

/// What is due, as `首次响应 11月23日 11:00 前`, and how that is meant.
pub fn due_told(i18n: I18n, due: &Due) -> (String, Tone) {
    let (name, at, now) = (clock(i18n, due.clock), near_moment(i18n, due.at), env::now());
    if due.is_late(now) {
        (t_string!(i18n, cases.due_late, clock = name, at = at).to_string(), Tone::Bad)
    } else if due.is_soon(now) {
        (t_string!(i18n, cases.due_soon, clock = name, at = at).to_string(), Tone::Warn)
    } else {
        (t_string!(i18n, cases.due_by, clock = name, at = at).to_string(), Tone::Plain)
    }
}

/// Working minutes as hours and minutes.
pub fn minutes(i18n: I18n, minutes: i64) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    let [hours, rest] = [(hours, hours > 0), (rest, rest > 0 || hours == 0)]
        .map(|(count, is_said)| is_said.then(|| format::integer(count)));
    match (hours, rest) {
        (Some(hours), Some(minutes)) => {
            t_string!(i18n, cases.hours_minutes, hours = hours, minutes = minutes).to_string()
        }
        (Some(hours), None) => t_string!(i18n, cases.hours, hours = hours).to_string(),
        (None, minutes) => t_string!(i18n, cases.minutes, minutes = minutes.unwrap_or_default()).to_string(),
    }
}

/// A moment as a day and minute.
pub fn moment(i18n: I18n, at: Millis) -> String {
    format::date_time_ms(i18n.get_locale(), milliseconds(at))
}

/// A moment as a day and minute, without its year where it is not half a year away.
pub fn near_moment(i18n: I18n, at: Millis) -> String {
    const HALF_A_YEAR: Millis = 182 * 24 * 60 * 60 * 1_000;
    if at.abs_diff(env::now()) > HALF_A_YEAR.unsigned_abs() {
        return moment(i18n, at);
    }
    let (locale, at) = (i18n.get_locale(), milliseconds(at));
    format!("{} {}", format::month_day_ms(locale, at), format::time_ms(locale, at))
}

/// A moment as a day.
pub fn day(i18n: I18n, at: Millis) -> String {
    format::date_ms(i18n.get_locale(), milliseconds(at))
}

/// Milliseconds for the browser's clock, exact for every date that it knows.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "no From exists from i64, and dates are far below 2^53"
)]
pub fn milliseconds(at: Millis) -> f64 {
    at as f64
}
