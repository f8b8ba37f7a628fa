//! People who work here: the list, what their roles may do, and who is at work on this device.
//!
//! What a role may do is a table of the rules; whether a PIN fits, and what is refused, the data worker says.

pub mod absence;
pub mod device;
pub mod list;
pub mod matrix;
pub mod person_form;
pub mod pin;
pub mod reset;
pub mod who;

use anju_domain::staff::rights::{Act, Module, Role};
use anju_engine::queries::{Query, answer};
use leptos::prelude::*;

use crate::components::page::{Card, PageHead};
use crate::features::answered::{answered, use_answer};
use crate::i18n::{I18n, t_string, use_i18n};

pub use who::WhoScreen;

use device::DeviceLock;
use list::People;
use matrix::Matrix;

/// The page of this feature.
#[component]
pub fn StaffPage() -> impl IntoView {
    let i18n = use_i18n();
    let asked = use_answer(|| Query::Staff, answer::STAFF);
    view! {
        <PageHead title=move || t_string!(i18n, staff.title) lead=move || t_string!(i18n, staff.lead) />
        <div class="settings">
            <div class="two-part">
                {answered(asked, || ().into_any(), |rows| view! { <People rows /> })}
            </div>
            <div class="two-part">
                <DeviceLock />
            </div>
        </div>
        <Card title=move || t_string!(i18n, staff.matrix)>
            <Matrix />
        </Card>
    }
}

/// The name of a role.
pub fn role_words(i18n: I18n, role: Role) -> &'static str {
    match role {
        Role::Officer => t_string!(i18n, staff.roles.officer),
        Role::Desk => t_string!(i18n, staff.roles.desk),
        Role::Inspector => t_string!(i18n, staff.roles.inspector),
        Role::Manager => t_string!(i18n, staff.roles.manager),
        Role::Centre => t_string!(i18n, staff.roles.centre),
        Role::ReadOnly => t_string!(i18n, staff.roles.read_only),
    }
}

/// The name of a part of the work.
pub fn module_words(i18n: I18n, module: Module) -> &'static str {
    match module {
        Module::Households => t_string!(i18n, staff.modules.households),
        Module::Cases => t_string!(i18n, staff.modules.cases),
        Module::Surveys => t_string!(i18n, staff.modules.surveys),
        Module::Figures => t_string!(i18n, staff.modules.figures),
        Module::Import => t_string!(i18n, staff.modules.import),
        Module::Exchange => t_string!(i18n, staff.modules.exchange),
        Module::Organisation => t_string!(i18n, staff.modules.organisation),
        Module::Staff => t_string!(i18n, staff.modules.staff),
    }
}

/// The name of what is done there.
pub fn act_words(i18n: I18n, act: Act) -> &'static str {
    match act {
        Act::See => t_string!(i18n, staff.acts.see),
        Act::Edit => t_string!(i18n, staff.acts.edit),
        Act::Reveal => t_string!(i18n, staff.acts.reveal),
        Act::Export => t_string!(i18n, staff.acts.export),
        Act::Approve => t_string!(i18n, staff.acts.approve),
    }
}
