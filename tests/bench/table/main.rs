//! The app's table alone on a page, for the race against a table written by hand (`scripts/bench table`).
//!
//! It holds rows and changes them when `window.dispatchEvent(new CustomEvent("work", { detail }))` says how. It
//! measures nothing and ships nowhere.

#[cfg(target_arch = "wasm32")]
mod wasm {
    use anju::components::table::{Column, Rows, Table, Width, Window};
    use anju::i18n::{I18nSubContextProvider, Locale};
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;

    #[derive(Clone, PartialEq)]
    struct Row {
        id: usize,
        label: String,
    }

    /// Rows `from..from + count`, named like those of the page written by hand.
    fn made(from: usize, count: usize) -> impl Iterator<Item = Row> {
        (from..from + count).map(|id| Row { id, label: format!("row {id}") })
    }

    fn change(rows: &mut Vec<Row>, next: &mut usize, work: &str) {
        match work {
            "create" | "replace" => *rows = made(*next, 1_000).collect(),
            "append" => rows.extend(made(*next, 1_000)),
            "update" => rows.iter_mut().step_by(10).for_each(|row| row.label.push_str(" !!!")),
            "swap" if rows.len() > 998 => rows.swap(1, 998),
            "remove" if rows.len() > 1 => {
                rows.remove(1);
            }
            "clear" => rows.clear(),
            _ => {}
        }
        *next += 1_000;
    }

    #[component]
    fn Page() -> impl IntoView {
        let rows = StoredValue::new(Vec::<Row>::new());
        let next = StoredValue::new(1_usize);
        let version = RwSignal::new(0_u64);
        let source = Rows::new(move |offset, len| async move {
            let window = rows.with_value(|rows| rows.iter().skip(offset).take(len).cloned().collect());
            Ok(Window { total: rows.with_value(Vec::len), offset, rows: window })
        });
        let on_work = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
            let work = js_sys::Reflect::get(&event, &"detail".into()).ok().and_then(|work| work.as_string());
            next.update_value(|next| rows.update_value(|rows| change(rows, next, &work.unwrap_or_default())));
            version.update(|version| *version += 1);
        });
        drop(window().add_event_listener_with_callback("work", on_work.as_ref().unchecked_ref()));
        on_work.forget();
        let columns = vec![
            Column::new("id", "id", |row: &Row| row.id.to_string()).width(Width::Narrow).numeric(),
            Column::new("label", "label", |row: &Row| row.label.clone()).width(Width::Wide),
            Column::new("note", "note", |_: &Row| "·"),
        ];
        view! { <Table caption="rows" columns=columns rows=Signal::stored(source) version=version /> }
    }

    pub(super) fn start() {
        console_error_panic_hook::set_once();
        mount_to_body(|| {
            view! {
                <I18nSubContextProvider initial_locale=Signal::stored(Locale::en)>
                    <Page />
                </I18nSubContextProvider>
            }
        });
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    wasm::start();
}
