//! The figures that the page opens with: each group's satisfaction rate and loyalty, then the whole.

use anju_domain::surveys::decimal::Decimal;
use anju_domain::surveys::model::{Group, LoyaltyRule};
use anju_engine::queries::HeadlineView;
use leptos::prelude::*;

use super::{FEW, answers_of, group_words};
use crate::components::stat::{Stat, Stats};
use crate::i18n::{I18n, t_string, use_i18n};
use crate::platform::format;

/// A figure with its zeros at the end, which JSON leaves out, or a dash where it has no base.
fn filled(figure: Option<Decimal>, places: usize) -> String {
    let Some(figure) = figure else { return "–".to_owned() };
    let text = figure.fixed();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    format!("{whole}.{rest:0<places$}")
}

/// A rate in per cent or a score, with two places.
pub fn rate(figure: Option<Decimal>) -> String {
    filled(figure, 2)
}

/// A mean, with four places.
pub fn mean(figure: Option<Decimal>) -> String {
    filled(figure, 4)
}

fn who(i18n: I18n, group: Option<&String>) -> String {
    match group {
        Some(group) => group_words(i18n, group),
        None => t_string!(i18n, satisfaction.whole).to_owned(),
    }
}

fn base(i18n: I18n, n: u64) -> String {
    let count = format::integer(i64::try_from(n).unwrap_or(i64::MAX));
    if n < FEW {
        t_string!(i18n, satisfaction.few, count = count).to_string()
    } else {
        t_string!(i18n, satisfaction.count, count = count).to_string()
    }
}

/// The tiles.
#[component]
pub fn Tiles(
    /// The wave.
    wave: String,
    /// Its rule of loyalty.
    rule: LoyaltyRule,
    /// The whole first, then each group.
    headlines: Vec<HeadlineView>,
) -> impl IntoView {
    let i18n = use_i18n();
    let loyal_words = move || match rule {
        LoyaltyRule::LoyalTop2 => t_string!(i18n, satisfaction.loyal_top2),
        LoyaltyRule::LoyalTop1 => t_string!(i18n, satisfaction.loyal_top1),
    };
    // The groups come first, as the board reads them; long-standing owners before new ones.
    let mut ordered = headlines;
    ordered.sort_by_key(|one| match one.group.as_deref().map(Group::parse) {
        Some(Group::OldOwner) => 0,
        Some(Group::NewOwner) => 1,
        Some(Group::Other(_)) => 2,
        None => 3,
    });
    let tiles = ordered
        .into_iter()
        .map(|one| {
            let HeadlineView { group, n, satisfaction_pct, loyalty_pct, score } = one;
            let group_filter = group.clone().unwrap_or_default();
            let satisfied =
                answers_of(&wave, &[("group", &group_filter), ("question", "overall"), ("from", "4"), ("to", "5")]);
            let loyal = answers_of(&wave, &[("group", &group_filter), ("loyal", "1")]);
            let all = answers_of(&wave, &[("group", &group_filter)]);
            let (g1, g2, g3) = (group.clone(), group.clone(), group.clone());
            let score_tile = group.is_none().then(|| {
                view! {
                    <Stat
                        label=move || t_string!(i18n, satisfaction.score, who = who(i18n, g3.as_ref())).to_string()
                        value=rate(score)
                        detail=move || t_string!(i18n, satisfaction.score_hint)
                        href=all
                    />
                }
            });
            view! {
                <Stat
                    label=move || t_string!(i18n, satisfaction.rate, who = who(i18n, g1.as_ref())).to_string()
                    value=rate(satisfaction_pct)
                    unit="%"
                    detail=move || base(i18n, n)
                    href=satisfied
                />
                <Stat
                    label=move || t_string!(i18n, satisfaction.loyalty, who = who(i18n, g2.as_ref())).to_string()
                    value=rate(loyalty_pct)
                    unit="%"
                    detail=loyal_words
                    href=loyal
                />
                {score_tile}
            }
        })
        .collect_view();
    view! { <Stats>{tiles}</Stats> }
}
