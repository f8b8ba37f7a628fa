//! The moment at which the first screen is there, and what waits for it: what a person does not need yet is neither
//! loaded nor started before.
//!
//! It does not know what the first screen is; pages and the gate tell.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;

/// The entry in the browser's performance timeline.
const MARK: &str = "anju-first-screen";

/// Time for the browser to paint, in milliseconds.
const PAINT: u32 = 50;

type Task = Box<dyn FnOnce()>;

enum Moment {
    Ahead(Vec<Task>),
    Past,
}

thread_local! {
    static MOMENT: RefCell<Moment> = const { RefCell::new(Moment::Ahead(Vec::new())) };
}

/// Runs something after the first screen is there; soon, when it is there already.
pub fn after(task: impl FnOnce() + 'static) {
    let is_past = MOMENT.with_borrow(|moment| matches!(moment, Moment::Past));
    if is_past {
        run(vec![Box::new(task)]);
        return;
    }
    MOMENT.with_borrow_mut(|moment| {
        if let Moment::Ahead(tasks) = moment {
            tasks.push(Box::new(task));
        }
    });
}

/// A screen that can be used is in the document; only the first call counts.
pub fn shown() {
    if let Moment::Ahead(tasks) = MOMENT.replace(Moment::Past) {
        if let Some(performance) = web_sys::window().and_then(|window| window.performance()) {
            // A timeline that takes no mark is only harder to measure.
            drop(performance.mark(MARK));
        }
        run(tasks);
    }
}

fn run(tasks: Vec<Task>) {
    // A timer and no frame: a page in the background paints no frames.
    Timeout::new(PAINT, move || tasks.into_iter().for_each(|task| task())).forget();
}
