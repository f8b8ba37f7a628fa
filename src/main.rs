//! The page.
use leptos::prelude::ElementChild;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(|| leptos::view! { <main><h1 id="app">"Anju"</h1></main> });
    anju::platform::service_worker::register(|_state| {});
}
