//! What a file is, told by its bytes: what its name or another device says about it is not believed.
//!
//! Only pictures that a browser draws without running anything count as pictures. SVG and HTML are text here, since
//! both may hold scripts. It decodes nothing.

/// What cannot be told.
pub const UNKNOWN: &str = "application/octet-stream";
/// Text of any sort.
pub const TEXT: &str = "text/plain";
/// The start of a text that is looked at, in bytes.
const LOOKED_AT: usize = 4_096;

/// The media type of bytes.
#[must_use]
pub fn media_type(bytes: &[u8]) -> &'static str {
    let starts = |with: &[u8]| bytes.starts_with(with);
    let at = |from: usize, with: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(with));
    if starts(&[0xff, 0xd8, 0xff]) {
        "image/jpeg"
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        "image/png"
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        "image/gif"
    } else if starts(b"RIFF") && at(8, b"WEBP") {
        "image/webp"
    } else if at(4, b"ftyp") {
        match bytes.get(8..12) {
            Some(b"avif" | b"avis") => "image/avif",
            Some(b"heic" | b"heix" | b"mif1" | b"msf1") => "image/heic",
            Some(b"M4A ") => "audio/mp4",
            _ => "video/mp4",
        }
    } else if starts(b"%PDF-") {
        "application/pdf"
    } else if starts(b"PK\x03\x04") {
        office(bytes)
    } else if starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        "application/msword"
    } else if starts(b"ID3") || starts(&[0xff, 0xfb]) {
        "audio/mpeg"
    } else if is_text(bytes) {
        TEXT
    } else {
        UNKNOWN
    }
}

/// Whether a browser draws bytes of this type as a picture and runs nothing.
#[must_use]
pub fn is_picture(media_type: &str) -> bool {
    matches!(media_type, "image/jpeg" | "image/png" | "image/gif" | "image/webp" | "image/avif")
}

/// A ZIP file by the name of its first members.
fn office(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..bytes.len().min(LOOKED_AT)).unwrap_or_default();
    let names = |part: &[u8]| head.windows(part.len()).any(|window| window == part);
    if names(b"word/") {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    } else if names(b"xl/") {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    } else if names(b"ppt/") {
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    } else {
        "application/zip"
    }
}

fn is_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(LOOKED_AT)).unwrap_or_default();
    let is_cut = head.len() < bytes.len();
    let is_utf8 = match str::from_utf8(head) {
        Ok(_) => true,
        // The last character may have been cut in two.
        Err(fault) => is_cut && fault.error_len().is_none(),
    };
    !head.is_empty()
        && is_utf8
        && !head.iter().any(|byte| *byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        let long = format!("{}中", "甲".repeat(1_365));
        for (bytes, expected) in [
            (&[0xff, 0xd8, 0xff, 0xe0][..], "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n....", "image/png"),
            (b"GIF89a..", "image/gif"),
            (b"RIFF....WEBPVP8 ", "image/webp"),
            (b"....ftypheic....", "image/heic"),
            (b"....ftypmp42....", "video/mp4"),
            (b"%PDF-1.7", "application/pdf"),
            (
                b"PK\x03\x04......word/document.xml",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            (b"PK\x03\x04......a.txt", "application/zip"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", TEXT),
            (b"<!doctype html><script>alert(1)</script>", TEXT),
            ("收房确认单".as_bytes(), TEXT),
            (long.as_bytes(), TEXT),
            (b"\x00\x01\x02", UNKNOWN),
            (b"", UNKNOWN),
        ] {
            assert_eq!(media_type(bytes), expected, "{:?}", bytes.get(..bytes.len().min(12)));
        }
    }

    #[test]
    fn nothing_that_may_run_counts_as_a_picture() {
        for media_type in ["image/svg+xml", "text/html", "text/plain", "application/pdf", "image/heic", ""] {
            assert!(!is_picture(media_type), "{media_type}");
        }
        assert!(is_picture("image/jpeg"));
    }
}
