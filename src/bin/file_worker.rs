//! The file worker: ledgers into tables, pictures into the texts of their QR codes or into smaller ones, lists into
//! files, keys and sealed files.
//!
//! Loaded on first use, because its readers weigh more than the rest of the app. It keeps nothing and knows no
//! database; a message in is a job and the file's bytes, a message out is the result as text.

#[cfg(target_arch = "wasm32")]
#[path = "file_worker/pictures.rs"]
mod pictures;
#[cfg(target_arch = "wasm32")]
#[path = "file_worker/trust.rs"]
mod trust;

#[cfg(target_arch = "wasm32")]
mod wasm {
    use anju::platform::file_jobs::{FileJob, FileResult, Job, SheetFormat};
    use anju::platform::files::{message, read_message};
    use anju_domain::import::csv::write_csv;
    use anju_spreadsheet::{read_table, write_workbook};
    use wasm_bindgen::prelude::{Closure, JsCast};
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    pub(super) fn start() {
        console_error_panic_hook::set_once();
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let answering = scope.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let Some((text, bytes)) = read_message(&event.data()) else { return };
            let Ok(Job { id, job }) = serde_json::from_str::<Job>(&text) else { return };
            let bytes = bytes.unwrap_or_default();
            if matches!(job, FileJob::Shrink) {
                let scope = answering.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    let (result, made) = match super::pictures::shrink(&scope, &bytes).await {
                        Ok((media_type, made)) => (FileResult::Picture { media_type }, Some(made)),
                        Err(fault) => {
                            let (code, detail) = ("picture_unreadable".to_owned(), format!("{fault:?}"));
                            (FileResult::Failed { code, detail }, None)
                        }
                    };
                    post(&scope, &(id, result), made.as_deref());
                });
                return;
            }
            let (result, made) = carry_out(job, &bytes);
            post(&answering, &(id, result), made.as_deref());
        });
        scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        post(&scope, &(0, FileResult::Ready), None);
    }

    fn carry_out(job: FileJob, bytes: &[u8]) -> (FileResult, Option<Vec<u8>>) {
        let result = match job {
            FileJob::Trust(job) => {
                return match super::trust::carry_out(*job, bytes) {
                    Ok((result, made)) => (FileResult::Trust(Box::new(result)), made),
                    Err((code, detail)) => (FileResult::Failed { code, detail }, None),
                };
            }
            FileJob::Table { name } => match read_table(bytes, &name) {
                Ok(table) => FileResult::Table { table: serde_json::to_string(&table).unwrap_or_default() },
                Err(e) => FileResult::Failed { code: e.code().to_owned(), detail: e.detail() },
            },
            FileJob::Sheet { format } => {
                let rows: Vec<Vec<String>> = serde_json::from_slice(bytes).unwrap_or_default();
                let made = match format {
                    SheetFormat::Csv => {
                        Ok(write_csv(rows.iter().map(|row| row.iter().map(String::as_str).collect())))
                    }
                    SheetFormat::Xlsx => write_workbook("Sheet1", &rows),
                };
                return match made {
                    Ok(bytes) => (FileResult::Written, Some(bytes)),
                    Err(e) => (FileResult::Failed { code: e.code().to_owned(), detail: e.to_string() }, None),
                };
            }
            // It takes several turns, and whoever dispatches sees to it.
            FileJob::Shrink => {
                FileResult::Failed { code: "file_worker".to_owned(), detail: "not dispatched".to_owned() }
            }
            FileJob::QrCodes { width, height } => FileResult::Texts { texts: qr_texts(width, height, bytes) },
        };
        (result, None)
    }

    /// The texts of every QR code in a picture of one grey byte per pixel.
    fn qr_texts(width: usize, height: usize, grey: &[u8]) -> Vec<String> {
        if width == 0 || grey.len() < width.saturating_mul(height) {
            return Vec::new();
        }
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            grey.get(y * width + x).copied().unwrap_or(u8::MAX)
        });
        image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
    }

    fn post(scope: &DedicatedWorkerGlobalScope, result: &(u32, FileResult), bytes: Option<&[u8]>) {
        let text = serde_json::to_string(result).unwrap_or_default();
        let (message, transfer) = message(&text, bytes);
        // The page that does not listen any more is gone.
        let _gone = scope.post_message_with_transfer(&message, &transfer);
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    wasm::start();
}
