//! Starts the page: puts up the net for panics, then mounts the app over the splash.
//!
//! The pages are named here and not in the library, which the workers are built from too: a way into a chunk is kept by
//! every program that it is compiled into.

mod pages;

use anju::app::{App, Pages};
use anju::platform::fatal;
use anju::words::failures;
use leptos::prelude::*;

fn main() {
    fatal::install();
    let root = fatal::app_root();
    match root {
        Some(root) => {
            let pages = Pages {
                desk: pages::desk_page,
                page: pages::page,
                start: pages::start_page,
                lock: pages::lock_screen,
                who: pages::who_screen,
                help: pages::help_panel,
                fetch_early: pages::fetch_early,
            };
            failures::fetch_by(pages::fetch_sentences);
            mount_to(root, move || view! { <App pages /> }).forget();
            fatal::remove_splash();
        }
        None => fatal::reveal(),
    }
}
