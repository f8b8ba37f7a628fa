//! The waves, the form for a new one, and surveys that were begun on this device.

mod add;
mod drafts;

use anju_domain::surveys::model::LoyaltyRule;
use anju_domain::surveys::questionnaire::Questionnaire;
use anju_engine::queries::{Query, WaveRow, answer};
use leptos::prelude::*;

use crate::components::Tone;
use crate::components::chip::Chip;
use crate::components::page::Card;
use crate::components::progress::Progress;
use crate::i18n::{I18n, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::format;
use crate::routes::{Filter, Route};

pub(super) use add::AddWave;
pub(super) use drafts::Drafts;

/// What a loyalty rule is called.
pub(super) fn rule_words(i18n: I18n, rule: LoyaltyRule) -> &'static str {
    match rule {
        LoyaltyRule::LoyalTop2 => t_string!(i18n, surveys.rule_top2),
        LoyaltyRule::LoyalTop1 => t_string!(i18n, surveys.rule_top1),
    }
}

/// The name of a questionnaire by its hash; one of another source keeps its hash.
fn questionnaire_words(i18n: I18n, hash: &str) -> String {
    let standard = Questionnaire::owner_survey();
    if standard.hash() == hash {
        standard.title.in_language(i18n.get_locale().as_ref()).to_owned()
    } else {
        hash.to_owned()
    }
}

/// The list of waves.
#[component]
pub fn Waves() -> impl IntoView {
    let i18n = use_i18n();
    let waves = use_data().live(|| Query::Waves, answer::WAVES);
    let draw = move |row: WaveRow| {
        let href = Route::Satisfaction { wave: Some(row.wave.id.clone()), filter: Filter::none() }.to_hash();
        let answers = i64::try_from(row.answers).unwrap_or(i64::MAX);
        let (hash, rule) = (row.wave.questionnaire, row.wave.loyalty_rule);
        view! {
            <li class="wave">
                <a class="wave-link" href=href>
                    <span class="wave-title">{row.wave.title}</span>
                    {row
                        .is_current
                        .then(|| view! { <Chip tone=Tone::Accent label=move || t_string!(i18n, surveys.current) /> })}
                    <span class="wave-count">
                        {move || t_string!(i18n, surveys.answers, count = format::integer(answers)).to_string()}
                    </span>
                    <span class="wave-more">
                        {move || format!("{} · {}", questionnaire_words(i18n, &hash), rule_words(i18n, rule))}
                    </span>
                </a>
            </li>
        }
    };
    view! {
        <Card title=move || t_string!(i18n, surveys.waves)>
            {move || match waves.get() {
                None => view! { <Progress label=move || t_string!(i18n, components.loading) done=0 total=0 /> }.into_any(),
                Some(Some(rows)) => {
                    view! { <ul class="waves">{rows.into_iter().map(draw).collect_view()}</ul> }.into_any()
                }
                Some(None) => {
                    view! { <p class="surveys-note" role="alert">{move || t_string!(i18n, surveys.not_read)}</p> }.into_any()
                }
            }}
        </Card>
    }
}
