//! Asks the file worker: workbooks into tables, pictures into the texts of their QR codes or into smaller ones.
//!
//! The worker is started at the first job and kept. Readers are in the worker; this module only carries.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use anju_engine::protocol::Failure;
use futures_channel::oneshot;
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::{Closure, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker};

use super::files::{message_with, read_message};
use super::trust_jobs::{TrustJob, TrustResult};
use super::workers;

/// Longest side of a picture that is searched for codes, in pixels; phones photograph larger than any code needs.
const LONGEST_SIDE: f64 = 1_600.0;

/// A numbered job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// The number that its result carries.
    pub id: u32,
    /// The job.
    pub job: FileJob,
}

/// What the file worker can do with the bytes beside the job.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileJob {
    /// Read a workbook's or text file's first table; its content tells which it is.
    Table {
        /// The file's name.
        name: String,
    },
    /// Find QR codes in a picture of one grey byte per pixel.
    QrCodes {
        /// Pixels per row.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// Make a picture smaller and take out whatever it says beside its pixels.
    Shrink,
    /// Write a file of the rows beside the job, which are JSON.
    Sheet {
        /// Which sort of file.
        format: SheetFormat,
    },
    /// Do something with keys; see [`super::trust_jobs`].
    Trust(Box<TrustJob>),
}

/// Sorts of files that a list can leave as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetFormat {
    /// A workbook.
    Xlsx,
    /// Comma-separated values.
    Csv,
}

impl SheetFormat {
    /// How the file's name ends.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// What the browser calls it.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv",
        }
    }
}

/// Has the file worker write a file of rows, the first of which is the heading.
///
/// # Errors
/// When it cannot be written.
pub async fn sheet(format: SheetFormat, rows: &[Vec<String>]) -> Result<Vec<u8>, Failure> {
    let bytes = serde_json::to_vec(rows).unwrap_or_default();
    match carry_out_with(FileJob::Sheet { format }, bytes).await {
        (FileResult::Written, Some(bytes)) => Ok(bytes),
        (FileResult::Failed { code, detail }, _) => Err(Failure::new(&code, detail)),
        _ => Err(Failure::new("file_worker", "")),
    }
}

/// What the file worker answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileResult {
    /// It listens now.
    Ready,
    /// A table as JSON.
    Table {
        /// The table.
        table: String,
    },
    /// The texts of codes.
    Texts {
        /// The texts.
        texts: Vec<String>,
    },
    /// A file was written; its bytes come beside.
    Written,
    /// A picture was made; its bytes come beside.
    Picture {
        /// What its bytes are.
        media_type: String,
    },
    /// Something was done with keys.
    Trust(Box<TrustResult>),
    /// The file is not what it should be.
    Failed {
        /// The key of the sentence for people.
        code: String,
        /// For the log.
        detail: String,
    },
}

type Outcome = (FileResult, Option<Vec<u8>>);

struct Running {
    worker: Worker,
    next: u32,
    waiting: HashMap<u32, oneshot::Sender<Outcome>>,
    /// Jobs that came before the worker listened.
    early: Option<Vec<(Job, Uint8Array)>>,
}

thread_local! {
    static RUNNING: RefCell<Option<Rc<RefCell<Running>>>> = const { RefCell::new(None) };
}

/// Has the file worker do a job whose result is no file.
pub async fn carry_out(job: FileJob, bytes: Vec<u8>) -> FileResult {
    carry_out_with(job, bytes).await.0
}

/// Has the file worker do a job; a file that it makes comes beside the result.
pub async fn carry_out_with(job: FileJob, bytes: Vec<u8>) -> (FileResult, Option<Vec<u8>>) {
    carry_out_on(job, Uint8Array::from(bytes.as_slice())).await
}

/// Like [`carry_out_with`] for bytes that the browser holds: they are handed over and never copied here.
pub async fn carry_out_on(job: FileJob, bytes: Uint8Array) -> (FileResult, Option<Vec<u8>>) {
    let failed =
        |detail: &str| (FileResult::Failed { code: "file_worker".to_owned(), detail: detail.to_owned() }, None);
    let Some(running) = running() else { return failed("no worker") };
    let (answer, answered) = oneshot::channel();
    {
        let mut running = running.borrow_mut();
        running.next += 1;
        let id = running.next;
        running.waiting.insert(id, answer);
        let job = Job { id, job };
        match &mut running.early {
            Some(early) => early.push((job, bytes)),
            None => send(&running.worker, &job, &bytes),
        }
    }
    answered.await.unwrap_or_else(|_gone| failed("the worker is gone"))
}

fn running() -> Option<Rc<RefCell<Running>>> {
    if let Some(running) = RUNNING.with_borrow(Clone::clone) {
        return Some(running);
    }
    let worker = workers::start(workers::FILE)?;
    let running = Rc::new(RefCell::new(Running {
        worker: worker.clone(),
        next: 0,
        waiting: HashMap::new(),
        early: Some(Vec::new()),
    }));
    let heard = Rc::clone(&running);
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let Some((text, bytes)) = read_message(&event.data()) else { return };
        let Ok((id, result)) = serde_json::from_str::<(u32, FileResult)>(&text) else { return };
        let mut running = heard.borrow_mut();
        if matches!(result, FileResult::Ready) {
            for (job, bytes) in running.early.take().unwrap_or_default() {
                send(&running.worker, &job, &bytes);
            }
        } else if let Some(answer) = running.waiting.remove(&id) {
            // Whoever asked may have left.
            let _gone = answer.send((result, bytes));
        }
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let failing = Rc::clone(&running);
    let on_error = Closure::<dyn Fn()>::new(move || {
        // A crashed worker answers nobody: forget it, so that the next job starts a new one.
        failing.borrow_mut().waiting.clear();
        RUNNING.with_borrow_mut(|running| *running = None);
    });
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    on_error.forget();
    RUNNING.with_borrow_mut(|slot| *slot = Some(Rc::clone(&running)));
    Some(running)
}

fn send(worker: &Worker, job: &Job, bytes: &Uint8Array) {
    let text = serde_json::to_string(job).unwrap_or_default();
    let (message, transfer) = message_with(&text, bytes);
    // A worker that cannot be told anything will answer through its error event.
    let _untold = worker.post_message_with_transfer(&message, &transfer);
}

/// The texts of every QR code in a picture file, found by the file worker.
pub async fn qr_texts(file: &web_sys::File) -> Vec<String> {
    let Ok((width, height, grey)) = grey_pixels(file).await else { return Vec::new() };
    match carry_out(FileJob::QrCodes { width, height }, grey).await {
        FileResult::Texts { texts } => texts,
        _ => Vec::new(),
    }
}

/// Decodes a picture at a size that suits a code reader.
async fn grey_pixels(file: &web_sys::File) -> Result<(usize, usize, Vec<u8>), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let picture = JsFuture::from(window.create_image_bitmap_with_blob(file)?).await?;
    let picture: web_sys::ImageBitmap = picture.dyn_into()?;
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let shrink = (LONGEST_SIDE / width.max(height)).min(1.0);
    let (width, height) = ((width * shrink).floor().max(1.0), (height * shrink).floor().max(1.0));
    let (across, down) = (super::dom::to_count(width), super::dom::to_count(height));
    let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let canvas = web_sys::OffscreenCanvas::new(size(across), size(down))?;
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: web_sys::OffscreenCanvasRenderingContext2d = context.dyn_into()?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(&picture, 0.0, 0.0, width, height)?;
    let pixels = context.get_image_data(0.0, 0.0, width, height)?.data().0;
    let grey = pixels
        .chunks_exact(4)
        .map(|pixel| match pixel {
            [red, green, blue, ..] => {
                let sum = u32::from(*red) * 299 + u32::from(*green) * 587 + u32::from(*blue) * 114;
                u8::try_from(sum / 1_000).unwrap_or(u8::MAX)
            }
            _ => 0,
        })
        .collect();
    Ok((across, down, grey))
}
