//! What is offered to whoever is at work: ways, pages and buttons that their role does not include are not shown.
//!
//! It protects nothing: the data worker refuses by itself what is asked all the same.

pub use anju_domain::staff::rights::{Act, Module};
use leptos::prelude::*;

use crate::components::button::ButtonLink;
use crate::components::empty::Empty;
use crate::components::icon::Sign;
use crate::components::page::PageHead;
use crate::i18n::{t, t_string, use_i18n};
use crate::platform::data::{Data, use_data};
use crate::routes::Route;

/// What a page is for, where it is not for everybody.
fn need(route: &Route) -> Option<(Module, Act)> {
    Some(match route {
        Route::Archive { .. }
        | Route::House { .. }
        | Route::Party { .. }
        | Route::People { .. }
        | Route::Call
        | Route::HouseSheet { .. }
        | Route::Building { .. } => (Module::Households, Act::See),
        Route::MoveIn { .. } => (Module::Households, Act::Edit),
        Route::Holdings { .. } => (Module::Households, Act::Export),
        Route::Duplicates | Route::Erase { .. } => (Module::Households, Act::Approve),
        Route::Cases { .. }
        | Route::Case { .. }
        | Route::CasePaper { .. }
        | Route::CaseRules { .. }
        | Route::Morning { .. }
        | Route::Posts { .. } => (Module::Cases, Act::See),
        Route::NewCase { .. } => (Module::Cases, Act::Edit),
        Route::Surveys => (Module::Surveys, Act::See),
        Route::SurveyFill { .. } => (Module::Surveys, Act::Edit),
        Route::Satisfaction { .. }
        | Route::Answers { .. }
        | Route::Answer { .. }
        | Route::Report
        | Route::Lessons { .. } => (Module::Figures, Act::See),
        Route::Import => (Module::Import, Act::Edit),
        Route::Data | Route::Findings | Route::Backup => (Module::Exchange, Act::See),
        Route::Restore { .. } => (Module::Exchange, Act::Approve),
        Route::Log | Route::Trust => (Module::Organisation, Act::See),
        Route::Texts | Route::Standards | Route::Fields => (Module::Organisation, Act::See),
        Route::Trees { .. } | Route::Calendar { .. } => (Module::Organisation, Act::Edit),
        Route::Staff => (Module::Staff, Act::See),
        _ => return None,
    })
}

/// Whether a page is for whoever is at work.
pub fn is_offered(data: Data, route: &Route) -> bool {
    need(route).is_none_or(|(module, act)| data.may(module, act))
}

/// Whether whoever is at work may do something, for the `offered` of a button.
pub fn may(module: Module, act: Act) -> Signal<bool> {
    let data = use_data();
    Signal::derive(move || data.may(module, act))
}

/// In place of a page that the role does not include.
#[component]
pub fn Denied() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, staff.denied) />
        <Empty
            icon=Sign::Lock
            title=move || t_string!(i18n, staff.denied)
            hint=move || t_string!(i18n, staff.denied_hint)
        >
            <ButtonLink href=Route::Workbench.to_hash()>{t!(i18n, shell.go_home)}</ButtonLink>
        </Empty>
    }
}
