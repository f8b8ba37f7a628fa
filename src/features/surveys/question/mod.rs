//! One question a screen: what homeowners and staff see while a questionnaire is filled in.
//!
//! The state is the domain's `Answering` in a [`Sheet`]; whoever shows the view keeps the sheet (in the database or in
//! local storage) whenever the signal changes. Here nothing is stored and nothing is sent.

mod options;
mod review;
mod step;
mod text;
mod words;

use anju_domain::surveys::questionnaire::{Answering, Audience, Questionnaire};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::say;
use crate::i18n::{I18n, t, t_string, use_i18n};
use crate::platform::{dom, preferences};

pub use words::{answer_words, rating_words};

use review::Review;
use step::Step;

/// The preference that keeps large type.
const LARGE: &str = "large_type";
/// The heading that takes the focus when another question shows.
const HEADING: &str = "sheet-title";

/// A questionnaire being filled in; it serialises, so it is also the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Questions, answers and where one is.
    pub answering: Answering,
    /// The list of answers shows instead of a question.
    #[serde(default)]
    pub reviewing: bool,
    /// The question was opened from that list, and Next leads back to it.
    #[serde(default)]
    pub mending: bool,
}

impl Sheet {
    /// Begins at the first question.
    pub fn start(questionnaire: &Questionnaire, audience: &Audience) -> Self {
        Self { answering: Answering::start(questionnaire, audience), reviewing: false, mending: false }
    }

    /// Takes a sheet up again, or begins anew where the wording is another one.
    pub fn resume(questionnaire: &Questionnaire, audience: &Audience, kept: Option<Self>) -> Self {
        kept.and_then(|kept| {
            Some(Self { answering: Answering::resume(questionnaire, kept.answering).ok()?, ..kept })
        })
        .unwrap_or_else(|| Self::start(questionnaire, audience))
    }

    fn screen(&self) -> Screen {
        match self.answering.current() {
            Some(id) if !self.reviewing => Screen::Question(id.to_owned()),
            _ => Screen::Review,
        }
    }

    /// One question on; after the last one, and after a mended one, the list.
    fn forward(&mut self) {
        if self.mending || !self.answering.advance() {
            self.reviewing = true;
            self.mending = false;
        }
    }

    /// One question back; from the list, the last question.
    fn backward(&mut self) {
        if self.reviewing {
            self.reviewing = false;
        } else if self.mending {
            self.mending = false;
            self.reviewing = true;
        } else {
            self.answering.back();
        }
    }

    /// Opens a question from the list.
    fn mend(&mut self, id: &str) {
        if self.answering.go_to(id) {
            self.reviewing = false;
            self.mending = true;
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Screen {
    Question(String),
    Review,
}

/// What became of the last change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// It is on the device.
    #[default]
    Saved,
    /// It is being written.
    Saving,
    /// It could not be written.
    NotSaved,
    /// This browser keeps nothing: it lasts while the page is open.
    InMemory,
}

impl Kept {
    fn words(self, i18n: I18n) -> &'static str {
        match self {
            Self::Saved => t_string!(i18n, answering.kept_saved),
            Self::Saving => t_string!(i18n, answering.kept_saving),
            Self::NotSaved => t_string!(i18n, answering.kept_not_saved),
            Self::InMemory => t_string!(i18n, answering.kept_in_memory),
        }
    }
}

/// What every part of the view shares.
#[derive(Clone, Copy)]
struct Flow {
    questionnaire: StoredValue<Questionnaire>,
    sheet: RwSignal<Sheet>,
    /// The question that shows must say that it needs an answer.
    missing: RwSignal<bool>,
}

/// The view of a questionnaire that is being filled in.
#[component]
pub fn Questions(
    /// What is asked.
    questionnaire: StoredValue<Questionnaire>,
    /// The answers; keep them whenever this changes.
    sheet: RwSignal<Sheet>,
    /// For whom and about what, in one line.
    #[prop(into)]
    about: TextProp,
    /// What became of the last change.
    #[prop(into)]
    kept: Signal<Kept>,
    /// The answers are on their way.
    #[prop(optional, into)]
    finishing: Signal<bool>,
    /// Why finishing failed.
    #[prop(optional, into)]
    failed: Signal<Option<String>>,
    /// Told when every required question has an answer and the person is done.
    #[prop(into)]
    on_finish: Callback<()>,
    /// What else can be done from here, such as handing the tablet back.
    #[prop(optional, into)]
    tools: Option<ViewFn>,
) -> impl IntoView {
    let i18n = use_i18n();
    let flow = Flow { questionnaire, sheet, missing: RwSignal::new(false) };
    let large = RwSignal::new(preferences::read(LARGE).unwrap_or(false));
    let screen = Memo::new(move |_| sheet.with(Sheet::screen));
    Effect::new(move |before: Option<()>| {
        screen.track();
        if before.is_some() {
            dom::next_frame(|| {
                window().scroll_to_with_x_and_y(0.0, 0.0);
                dom::focus_id(HEADING);
            });
        }
    });
    let title = about.clone();
    Effect::new(move |_| document().set_title(&title.get()));
    let progress = move || sheet.with(|sheet| sheet.answering.progress());
    let reviewing = move || screen.with(|screen| *screen == Screen::Review);
    let count = move || {
        let progress = progress();
        if reviewing() {
            t_string!(i18n, answering.answered_of, done = progress.answered, total = progress.total).to_string()
        } else {
            t_string!(i18n, answering.count, position = progress.position, total = progress.total).to_string()
        }
    };
    view! {
        <div class="sheet" class:sheet-large=move || large.get()>
            <header class="sheet-head">
                <p class="sheet-about">{say(&about)}</p>
                <div class="sheet-tools">
                    {tools.map(|tools| tools.run())}
                    <button
                        type="button"
                        class="sheet-tool"
                        aria-pressed=move || large.get().to_string()
                        on:click=move |_| {
                            large.update(|on| *on = !*on);
                            preferences::write(LARGE, &large.get_untracked());
                        }
                    >
                        {t!(i18n, answering.large)}
                    </button>
                </div>
                <progress
                    class="sheet-progress"
                    aria-label=move || t_string!(i18n, answering.progress)
                    value=move || {
                        let progress = progress();
                        if reviewing() { progress.total } else { progress.position }.to_string()
                    }
                    max=move || progress().total.max(1).to_string()
                ></progress>
                <p class="sheet-count">
                    {count} <span class="sheet-kept" class:sheet-kept-bad=move || kept.get() == Kept::NotSaved role="status">
                        {move || kept.get().words(i18n)}
                    </span>
                </p>
            </header>
            {move || match screen.get() {
                Screen::Question(id) => {
                    let question = questionnaire.with_value(|all| all.question(&id).cloned());
                    match question {
                        Some(question) => view! { <Step flow question /> }.into_any(),
                        None => ().into_any(),
                    }
                }
                Screen::Review => view! { <Review flow finishing failed on_finish /> }.into_any(),
            }}
        </div>
    }
}
