//! A form that asks for something to be done: whether that goes on, what was refused, and where it is said.
//!
//! It checks nothing itself: the rules name the field to mend, and [`Asking::error`] puts their sentence there.

use anju_engine::protocol::Failure;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::DialogActions;
use crate::i18n::{t, use_i18n};
use crate::words;

/// The state of one form. What comes back after the form has gone touches nothing.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    busy: RwSignal<bool>,
    failed: RwSignal<Option<Failure>>,
}

impl Asking {
    /// A form that nobody has sent yet.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), failed: RwSignal::new(None) }
    }

    /// Whether what was asked for goes on.
    pub fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    /// Shows why it was refused.
    pub fn refuse(self, failure: Failure) {
        self.failed.try_set(Some(failure));
    }

    /// Refuses because of one field.
    pub fn refuse_field(self, field: &str, code: &str) {
        self.refuse(Failure { field: Some(field.to_owned()), ..Failure::new(code, "") });
    }

    /// Shows no refusal any more.
    pub fn clear(self) {
        self.failed.set(None);
    }

    /// Whether the form is there no more.
    pub fn is_gone(self) -> bool {
        self.failed.is_disposed()
    }

    /// Does the work unless one goes on already, hands over what came of it, and shows a refusal.
    pub fn start<T: 'static>(
        self,
        work: impl Future<Output = Result<T, Failure>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        self.start_or(work, then, move |failure| self.refuse(failure));
    }

    /// Like [`Asking::start`], with a refusal of another kind.
    pub fn start_or<T: 'static>(
        self,
        work: impl Future<Output = Result<T, Failure>> + 'static,
        then: impl FnOnce(T) + 'static,
        refused: impl FnOnce(Failure) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failed.set(None);
        spawn_local(async move {
            let outcome = work.await;
            self.busy.try_set(false);
            match outcome {
                Ok(done) => then(done),
                Err(failure) => refused(failure),
            }
        });
    }

    /// The sentence for a field, when the refusal is about it.
    pub fn error(self, field: &'static str) -> Signal<Option<String>> {
        self.error_of(field.to_owned())
    }

    /// Like [`Asking::error`] for one of many of a sort, such as `members.0.name`.
    pub fn error_of(self, field: String) -> Signal<Option<String>> {
        let i18n = use_i18n();
        Signal::derive(move || {
            self.failed.with(|failed| {
                let failure = failed.as_ref().filter(|failure| failure.field.as_deref() == Some(&field))?;
                Some(words::failure(i18n, failure))
            })
        })
    }
}

impl Default for Asking {
    fn default() -> Self {
        Self::new()
    }
}

/// Makes the signals of one more line as long-lived as the form: a handler runs under the part of the view that its
/// button stands in, which may go before the line does.
pub fn made_by<T>(owner: Option<&Owner>, make: impl FnOnce() -> T) -> T {
    match owner {
        Some(owner) => owner.with(make),
        None => make(),
    }
}

/// The frame of a form.
#[component]
pub fn Form(
    /// Its state.
    asking: Asking,
    /// A class beside `form`.
    #[prop(default = "")]
    class: &'static str,
    /// Called when it is sent, unless what was sent before goes on.
    on_submit: impl Fn() + 'static,
    /// Fields, [`FormFailure`] and buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <form
            class=format!("form {class}")
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                if !asking.busy.get_untracked() {
                    on_submit();
                }
            }
        >
            {children()}
        </form>
    }
}

/// The refusal in red above the buttons, when it is about none of the form's fields.
#[component]
pub fn FormFailure(
    /// The form's state.
    asking: Asking,
    /// The fields that say it themselves.
    #[prop(default = &[])]
    fields: &'static [&'static str],
) -> impl IntoView {
    let i18n = use_i18n();
    let said = move || {
        asking.failed.with(|failed| {
            let failure = failed.as_ref()?;
            // A field of one of many is named with its path, and says it itself where its last word is listed.
            let elsewhere = failure.field.as_deref().is_some_and(|field| {
                let last = field.rsplit('.').next().unwrap_or(field);
                fields.contains(&field) || (field.contains('.') && fields.contains(&last))
            });
            (!elsewhere).then(|| words::failure(i18n, failure))
        })
    };
    view! {
        <p class="form-failure" role="alert" hidden=move || said().is_none()>
            {said}
        </p>
    }
}

/// The buttons of a form in a dialog: cancel, and the one that sends it.
#[component]
pub fn AskingActions(
    /// The form's state.
    asking: Asking,
    /// The dialog; cancel closes it.
    open: RwSignal<bool>,
    /// What kind of button sends it.
    #[prop(default = ButtonKind::Primary)]
    kind: ButtonKind,
    /// Whether it cannot be sent yet.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The words of the button that sends it; a verb.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <DialogActions>
            <Button on_press=move |()| open.set(false)>{t!(i18n, components.cancel)}</Button>
            <Button kind submit=true busy=asking.busy disabled>
                {children()}
            </Button>
        </DialogActions>
    }
}
