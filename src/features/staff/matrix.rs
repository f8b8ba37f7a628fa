//! What each role may do, as a table that people can read.

use anju_domain::staff::rights::{Module, Role, allows};
use leptos::prelude::*;

use super::{act_words, module_words, role_words};
use crate::i18n::{t, t_string, use_i18n};
use crate::words;

/// The table of roles and parts of the work.
#[component]
pub fn Matrix() -> impl IntoView {
    let i18n = use_i18n();
    let cell = move |role: Role, module: Module| {
        let acts = module.acts().iter().filter(|act| allows(role, module, **act));
        let names: Vec<String> = acts.map(|act| act_words(i18n, *act).to_owned()).collect();
        if names.is_empty() { t_string!(i18n, staff.nothing).to_owned() } else { words::list(i18n, &names) }
    };
    view! {
        <p class="soft">{t!(i18n, staff.matrix_hint)}</p>
        <div class="rights" tabindex="0" role="region" aria-label=move || t_string!(i18n, staff.matrix)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, staff.module)}</th>
                        {Role::ALL
                            .into_iter()
                            .map(|role| view! { <th scope="col">{move || role_words(i18n, role)}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {Module::ALL
                        .into_iter()
                        .map(|module| {
                            view! {
                                <tr>
                                    <th scope="row">{move || module_words(i18n, module)}</th>
                                    {Role::ALL
                                        .into_iter()
                                        .map(|role| view! { <td>{move || cell(role, module)}</td> })
                                        .collect_view()}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
