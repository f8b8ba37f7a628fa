//! Who is at work: names to choose from and the pad for the PIN. It stands in place of the shell, so that nothing of
//! what somebody was doing is left in the document.

use anju_engine::protocol::Failure;
use anju_engine::staff::{Colleague, SessionOrder};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::reset::ResetHelp;
use super::role_words;
use crate::components::icon::{Icon, Sign};
use crate::components::page::PageHead;
use crate::features::shell::lock::use_lock;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::use_data;
use crate::platform::{dom, format, preferences};
use crate::words;

/// The preference that remembers who was here last.
const LAST: &str = "at_work";
/// The keys of the pad.
const KEYS: [&str; 10] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];
/// The id of the field for the PIN.
const FIELD: &str = "who-pin";

/// The screen.
#[component]
pub fn WhoScreen() -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let last: Option<String> = preferences::read(LAST);
    let people = Memo::new(move |_| {
        let session = data.session().get().unwrap_or_default();
        session.people.into_iter().filter(Colleague::has_pin).collect::<Vec<_>>()
    });
    let known = |id: &Option<String>| {
        people.with_untracked(|people| people.iter().any(|person| Some(&person.id) == id.as_ref()))
    };
    let chosen = RwSignal::new(if known(&last) {
        last
    } else {
        people.with_untracked(|people| (people.len() == 1).then(|| people.first().map(|p| p.id.clone())).flatten())
    });
    let person = Memo::new(move |_| {
        let chosen = chosen.get()?;
        people.with(|people| people.iter().find(|person| person.id == chosen).cloned())
    });
    // The pad stays, with what it says, while no other person is chosen: how long to wait is news about the same one.
    let whose = Memo::new(move |_| {
        person.with(|person| person.as_ref().map(|person| (person.id.clone(), person.name.clone(), person.digits)))
    });
    let names = move || {
        let line = move |person: Colleague| {
            let id = person.id.clone();
            let is_chosen = {
                let id = id.clone();
                move || (chosen.with(|chosen| chosen.as_ref() == Some(&id))).to_string()
            };
            let initial: String = person.name.chars().next().into_iter().collect();
            let role = person.role;
            view! {
                <li>
                    <button
                        type="button"
                        class="who-person"
                        aria-pressed=is_chosen
                        on:click=move |_| {
                            chosen.set(Some(id.clone()));
                            dom::next_frame(|| {
                                dom::scroll_to_id("who-pad");
                                dom::focus_id(FIELD);
                            });
                        }
                    >
                        <span class="who-face" aria-hidden="true">
                            {initial}
                        </span>
                        <span class="who-name">{person.name}</span>
                        <span class="soft small">{move || role_words(i18n, role)}</span>
                    </button>
                </li>
            }
        };
        people.get().into_iter().map(line).collect_view()
    };
    view! {
        <PageHead title=move || t_string!(i18n, staff.who_title) lead=move || t_string!(i18n, staff.who_lead) />
        <div class="who-screen">
            <Show when=move || people.with(Vec::is_empty)>
                <p role="status">{t!(i18n, staff.nobody_here)}</p>
            </Show>
            <ul class="who-people">{names}</ul>
            {move || {
                whose
                    .get()
                    .map(|(id, name, digits)| view! { <Pad id name digits=digits.unwrap_or(4) person /> })
            }}
            <div class="who-help">
                <p class="soft">{t!(i18n, staff.pin_short_about)}</p>
                <details class="lock-forgot">
                    <summary>{t!(i18n, staff.not_listed)}</summary>
                    <p>{t!(i18n, staff.not_listed_hint)}</p>
                </details>
                <ResetHelp />
            </div>
        </div>
    }
}

/// The field and the keys. It is sent with the last digit; a keyboard works as well.
#[component]
fn Pad(
    /// Staff id.
    id: String,
    /// Name.
    name: String,
    /// How many digits the PIN has.
    digits: usize,
    /// How it stands with this person.
    person: Memo<Option<Colleague>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let data = use_data();
    let lock = use_lock();
    let pin = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let field = NodeRef::<html::Input>::new();
    let id = StoredValue::new(id);
    let enter = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let staff = id.get_value();
            let order = SessionOrder::Enter { staff: staff.clone(), pin: pin.get_untracked() };
            // Once somebody is in, this screen is gone with everything on it.
            match data.session_order(order).await {
                Ok(()) => {
                    preferences::write(LAST, &staff);
                    lock.opened(&staff);
                }
                Err(failure) => {
                    pin.try_set(String::new());
                    failed.try_set(Some(failure));
                    // Until when nothing is tried.
                    let _as_before = data.session_order(SessionOrder::Look).await;
                }
            }
            busy.try_set(false);
        });
    };
    let typed = move |text: String| {
        let text: String = text.chars().filter(char::is_ascii_digit).take(digits).collect();
        let is_whole = text.chars().count() == digits;
        pin.set(text);
        failed.set(None);
        if is_whole {
            enter();
        }
    };
    let press = move |key: &str| {
        if !busy.get_untracked() {
            let so_far = pin.get_untracked();
            typed(format!("{so_far}{key}"));
        }
    };
    let back = move || {
        pin.update(|pin| {
            pin.pop();
        });
    };
    let pad = KEYS
        .into_iter()
        .map(|key| {
            let class = if key == "0" { "who-key who-zero" } else { "who-key" };
            view! {
                <button type="button" class=class on:click=move |_| press(key)>
                    {key}
                </button>
            }
        })
        .collect_view();
    let said = move || {
        let failure = failed.get()?;
        let until = person.with(|person| person.as_ref().and_then(|person| person.waits_until));
        Some(match until.filter(|_| failure.code == "pin_wait") {
            Some(until) => {
                let at = format::clock_ms(i18n.get_locale(), format::browser_ms(until));
                t_string!(i18n, staff.wait_until, at = at).to_string()
            }
            None => words::failure(i18n, &failure),
        })
    };
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            dom::focus(&field);
        }
    });
    view! {
        <form
            class="who-pad"
            id="who-pad"
            autocomplete="off"
            on:submit=move |event| {
                event.prevent_default();
                enter();
            }
        >
            <label for=FIELD>
                <h2>{move || t_string!(i18n, staff.pin_enter, name = name.clone()).to_string()}</h2>
            </label>
            <input
                class="input who-pin"
                id=FIELD
                node_ref=field
                type="password"
                // The keys below are its keyboard on a tablet.
                inputmode="none"
                autocomplete="off"
                maxlength=digits.to_string()
                aria-invalid=move || failed.with(Option::is_some).then_some("true")
                aria-describedby="who-said"
                prop:value=move || pin.get()
                on:input=move |event| typed(event_target_value(&event))
            />
            <p class="soft small" id="who-count">
                {move || {
                    t_string!(i18n, staff.entered_digits, count = pin.with(|pin| pin.chars().count()), of = digits)
                        .to_string()
                }}
            </p>
            <div class="who-keys">
                {pad}
                <button
                    type="button"
                    class="who-key"
                    aria-label=move || t_string!(i18n, staff.digit_back)
                    on:click=move |_| back()
                >
                    <Icon sign=Sign::ChevronLeft />
                </button>
            </div>
            <p class="form-failure" id="who-said" role="alert" hidden=move || failed.with(Option::is_none)>
                {said}
            </p>
        </form>
    }
}
