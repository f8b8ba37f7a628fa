//! Photos and files as they are kept: pictures made smaller in the file worker, without what a camera writes beside
//! them (place, time, device), everything else as it is.
//!
//! A picture that the browser cannot draw anew is refused, since nobody could take out what stands beside it; a moving
//! one stands still.
//!
//! What a file is, its bytes say (`anju_domain::attachments::sniff`). No picture is decoded on the main thread.

use anju_domain::attachments::sniff;
use anju_domain::format::MAX_ATTACHMENT;

use super::dom;
use super::file_jobs::{FileJob, FileResult, carry_out_on};
use super::files::{Unread, held, read, start_of};

/// Largest picture that is made smaller, in bytes; a camera's raw picture is larger than any that a browser decodes.
const LARGEST_PICTURE: usize = 80 << 20;
/// How much of a file tells what it is.
const START: i32 = 64;

/// A file that is ready to be kept.
#[derive(Debug)]
pub struct Prepared {
    /// Its name; its ending follows what the bytes have become.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many bytes it had before.
    pub before: usize,
    /// Whether it is a picture that was made anew.
    pub is_remade: bool,
}

/// Why a file is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unkept {
    /// It stays over 16 MB.
    TooLarge,
    /// The browser cannot read it.
    Unreadable,
    /// It is a picture that the browser cannot draw, such as HEIC.
    Picture,
}

impl From<Unread> for Unkept {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge => Self::TooLarge,
            Unread::Unreadable => Self::Unreadable,
        }
    }
}

/// Reads a file that the person gave, and makes it smaller where it is a picture.
///
/// # Errors
/// [`Unkept`].
pub async fn prepare(file: &web_sys::File) -> Result<Prepared, Unkept> {
    let (name, before) = (file.name(), dom::to_count(file.size()));
    let sort = sniff::media_type(&start_of(file, START).await?);
    if sniff::is_picture(sort) || sort == "image/heic" {
        if before > LARGEST_PICTURE {
            return Err(Unkept::TooLarge);
        }
        let made = carry_out_on(FileJob::Shrink, held(file).await?).await;
        let (FileResult::Picture { media_type }, Some(bytes)) = made else { return Err(Unkept::Picture) };
        if bytes.len() > MAX_ATTACHMENT {
            return Err(Unkept::TooLarge);
        }
        return Ok(Prepared { name: renamed(&name, &media_type), bytes, before, is_remade: true });
    }
    Ok(Prepared { name, bytes: read(file, MAX_ATTACHMENT).await?, before, is_remade: false })
}

/// The name with the ending of what it has become.
fn renamed(name: &str, media_type: &str) -> String {
    let ending = if media_type == "image/png" { "png" } else { "jpg" };
    let (stem, old) = name.rsplit_once('.').unwrap_or((name, ""));
    let old = old.to_lowercase();
    if old == ending || (ending == "jpg" && old == "jpeg") { name.to_owned() } else { format!("{stem}.{ending}") }
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn a_picture_is_called_what_it_has_become() {
        for (name, media_type, expected) in [
            ("窗户.jpg", "image/jpeg", "窗户.jpg"),
            ("窗户.JPEG", "image/jpeg", "窗户.JPEG"),
            ("IMG_1.HEIC", "image/jpeg", "IMG_1.jpg"),
            ("截图.png", "image/png", "截图.png"),
            ("image", "image/jpeg", "image.jpg"),
        ] {
            assert_eq!(renamed(name, media_type), expected);
        }
    }
}
