//! Starts the page: puts up the net for panics, then mounts the app over the splash.

use anju::app::App;
use anju::platform::fatal;
use leptos::prelude::*;

fn main() {
    fatal::install();
    let root = fatal::app_root();
    match root {
        Some(root) => {
            mount_to(root, App).forget();
            fatal::remove_splash();
        }
        None => fatal::reveal(),
    }
}
