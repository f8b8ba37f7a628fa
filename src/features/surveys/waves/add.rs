//! The form for a new wave.

use anju_domain::command::Command;
use anju_domain::surveys::command::SurveyCommand;
use anju_domain::surveys::model::LoyaltyRule;
use leptos::prelude::*;

use super::rule_words;
use crate::components::button::{Button, ButtonKind};
use crate::components::choice::{Checkbox, RadioGroup};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::icon::Sign;
use crate::components::input::{Choice, TextInput};
use crate::components::notices::use_notices;
use crate::features::form::{Asking, AskingActions, Form, FormFailure};
use crate::features::shell::rights::{Act, Module, may};
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;

const TOP1: &str = "loyal_top1";
const TOP2: &str = "loyal_top2";

/// The button and its form.
#[component]
pub fn AddWave(
    /// Whether the form shows.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Button
            offered=may(Module::Surveys, Act::Edit)
            kind=ButtonKind::Primary
            icon=Sign::Plus
            on_press=move |()| open.set(true)
        >
            {t!(i18n, surveys.add_wave)}
        </Button>
        <Dialog open=open title=move || t_string!(i18n, surveys.add_wave)>
            <WaveForm open />
        </Dialog>
    }
}

#[component]
fn WaveForm(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let notices = use_notices();
    let title = RwSignal::new(String::new());
    let rule = RwSignal::new(TOP2.to_owned());
    let is_current = RwSignal::new(true);
    let asking = Asking::new();
    let submit = move || {
        let loyalty_rule =
            if rule.with_untracked(|rule| rule == TOP1) { LoyaltyRule::LoyalTop1 } else { LoyaltyRule::LoyalTop2 };
        let command = SurveyCommand::AddWave {
            title: title.get_untracked(),
            loyalty_rule,
            is_current: is_current.get_untracked(),
        };
        asking.start(data.command(Command::Surveys(command)), move |_receipt| {
            open.try_set(false);
            notices.good(move || t_string!(i18n, surveys.wave_added));
        });
    };
    view! {
        <Form asking class="surveys-form" on_submit=submit>
            <Field
                required=true
                label=move || t_string!(i18n, surveys.wave_title)
                hint=move || t_string!(i18n, surveys.wave_title_hint)
                error=asking.error("title")
            >
                <TextInput value=title />
            </Field>
            <RadioGroup
                value=rule
                label=move || t_string!(i18n, surveys.rule)
                choices=Signal::derive(move || {
                    vec![
                        Choice::new(TOP2, move || rule_words(i18n, LoyaltyRule::LoyalTop2))
                            .detail(t_string!(i18n, surveys.rule_top2_detail)),
                        Choice::new(TOP1, move || rule_words(i18n, LoyaltyRule::LoyalTop1))
                            .detail(t_string!(i18n, surveys.rule_top1_detail)),
                    ]
                })
            />
            <p class="surveys-note">{t!(i18n, surveys.rule_locked)}</p>
            <Checkbox checked=is_current label=move || t_string!(i18n, surveys.make_current) />
            <FormFailure asking fields=&["title"] />
            <AskingActions asking open>
                {t!(i18n, surveys.save_wave)}
            </AskingActions>
        </Form>
    }
}
