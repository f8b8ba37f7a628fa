//! One long picture of a sheet, drawn by the browser with the fonts that the system has, for messengers whose own
//! browser cannot print.
//!
//! It draws headings, figures, lines and tables below each other, as wide as a telephone shows a picture, at twice the
//! size. It knows nothing of what they say; whoever hands blocks over has made sure that they may leave.

use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use super::{dom, files};

/// A cell of a table or a figure: words, where they lead, and whether they are bad news.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What it says; several lines are parted by `\n`.
    pub text: String,
    /// Where it leads on a screen.
    pub href: Option<String>,
    /// Whether it says that something is late or broken.
    pub is_bad: bool,
}

impl Cell {
    /// Plain words.
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The same words with a place where they lead.
    #[must_use]
    pub fn to(self, href: String) -> Self {
        Self { href: Some(href), ..self }
    }

    /// The same words, as bad news where it is so.
    #[must_use]
    pub fn bad(self, is_bad: bool) -> Self {
        Self { is_bad, ..self }
    }
}

/// A part of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// The name of the sheet, and what it is as of.
    Title(String, String),
    /// The name of a part.
    Heading(Cell),
    /// Words on their own.
    Line(String),
    /// Numbers beside each other, each with its name.
    Figures(Vec<(String, Cell)>),
    /// A table: per column its name and how much of the width it takes, and the rows.
    Table(Vec<(String, u32)>, Vec<Vec<Cell>>),
}

/// The width, in the pixels of a page.
const WIDTH: f64 = 750.0;
const EDGE: f64 = 36.0;
const SCALE: f64 = 2.0;
/// Most pixels from top to bottom that every browser draws.
const TALLEST: f64 = 16_000.0;
const LINE: f64 = 1.5;
const GAP: f64 = 12.0;
const FAMILY: &str = "\"PingFang SC\", \"HarmonyOS Sans SC\", \"MiSans\", \"Noto Sans CJK SC\", \"Microsoft YaHei\", system-ui, sans-serif";
// A picture is read on white whatever the appearance of the app.
const GROUND: &str = "white";
const INK: &str = "black";
const SOFT: &str = "dimgray";
const RULE: &str = "gainsboro";
const BAD: &str = "firebrick";

/// How words are written.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Hand {
    size: f64,
    is_strong: bool,
    colour: &'static str,
}

impl Hand {
    fn font(self) -> String {
        format!("{} {}px {FAMILY}", if self.is_strong { 600 } else { 400 }, self.size)
    }

    fn height(self) -> f64 {
        self.size * LINE
    }
}

const TITLE: Hand = Hand { size: 34.0, is_strong: true, colour: INK };
const HEADING: Hand = Hand { size: 25.0, is_strong: true, colour: INK };
const FIGURE: Hand = Hand { size: 34.0, is_strong: true, colour: INK };
const BODY: Hand = Hand { size: 20.0, is_strong: false, colour: INK };
const SMALL: Hand = Hand { size: 18.0, is_strong: false, colour: SOFT };

fn meant(hand: Hand, is_bad: bool) -> Hand {
    if is_bad { Hand { colour: BAD, ..hand } } else { hand }
}

/// What is drawn where.
#[derive(Clone, Debug, PartialEq)]
enum Stroke {
    Words { left: f64, top: f64, hand: Hand, text: String },
    Rule { top: f64 },
}

/// Words that stay together on a line: a run of letters that have their own width, or one sign of a script that breaks
/// anywhere.
fn pieces(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut is_open = false;
    for letter in text.chars() {
        let joins = letter.is_ascii() && letter != ' ';
        match found.last_mut() {
            Some(last) if joins && is_open => last.push(letter),
            // What closes something does not begin a line.
            Some(last) if !joins && !letter.is_alphanumeric() && letter != ' ' => last.push(letter),
            _ => found.push(letter.to_string()),
        }
        is_open = joins;
    }
    found
}

/// The lines of a text within a width. A piece that is wider than a line is cut.
fn wrapped(text: &str, width: f64, measure: &dyn Fn(&str) -> f64) -> Vec<String> {
    let mut lines = Vec::new();
    for part in text.split('\n') {
        let mut line = String::new();
        for piece in pieces(part) {
            if measure(&format!("{line}{piece}")) <= width {
                line.push_str(&piece);
                continue;
            }
            if !line.trim().is_empty() {
                lines.push(line.trim_end().to_owned());
            }
            line = String::new();
            for letter in piece.trim_start().chars() {
                if !line.is_empty() && measure(&format!("{line}{letter}")) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(letter);
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Where everything stands, and how tall that is.
struct Layout<'a> {
    strokes: Vec<Stroke>,
    top: f64,
    measure: &'a dyn Fn(Hand, &str) -> f64,
}

impl Layout<'_> {
    /// Writes words from a place on; the height that they take.
    fn words(&mut self, text: &str, left: f64, width: f64, hand: Hand) -> f64 {
        let measure = self.measure;
        let mut top = self.top;
        for line in wrapped(text, width, &|text| measure(hand, text)) {
            self.strokes.push(Stroke::Words { left, top, hand, text: line });
            top += hand.height();
        }
        top - self.top
    }

    fn block(&mut self, block: &Block) {
        let whole = WIDTH - 2.0 * EDGE;
        match block {
            Block::Title(title, detail) => {
                self.top += self.words(title, EDGE, whole, TITLE);
                self.top += self.words(detail, EDGE, whole, SMALL) + GAP;
            }
            Block::Heading(cell) => {
                self.top += 2.0 * GAP;
                self.top += self.words(&cell.text, EDGE, whole, meant(HEADING, cell.is_bad)) + GAP / 2.0;
            }
            Block::Line(text) => self.top += self.words(text, EDGE, whole, SMALL) + GAP / 2.0,
            Block::Figures(figures) => {
                // Three beside each other keep their names on a line or two.
                for row in figures.chunks(3) {
                    let width = whole / 3.0;
                    let (mut left, mut tallest) = (EDGE, 0.0_f64);
                    let top = self.top;
                    for (name, value) in row {
                        let mut height = self.words(&value.text, left, width - GAP, meant(FIGURE, value.is_bad));
                        self.top += height;
                        height += self.words(name, left, width - GAP, SMALL);
                        self.top = top;
                        tallest = tallest.max(height);
                        left += width;
                    }
                    self.top += tallest + GAP;
                }
            }
            Block::Table(columns, rows) => {
                let shares: u32 = columns.iter().map(|(_, share)| *share).sum();
                let widths: Vec<f64> =
                    columns.iter().map(|(_, share)| whole * f64::from(*share) / f64::from(shares.max(1))).collect();
                let heads: Vec<(&str, Hand)> = columns.iter().map(|(name, _)| (name.as_str(), SMALL)).collect();
                self.row(&widths, &heads);
                for row in rows {
                    let cells: Vec<(&str, Hand)> =
                        row.iter().map(|cell| (cell.text.as_str(), meant(BODY, cell.is_bad))).collect();
                    self.row(&widths, &cells);
                }
            }
        }
    }

    fn row(&mut self, widths: &[f64], cells: &[(&str, Hand)]) {
        self.top += GAP / 2.0;
        let (mut left, mut tallest) = (EDGE, 0.0_f64);
        for (width, (text, hand)) in widths.iter().zip(cells) {
            tallest = tallest.max(self.words(text, left, width - GAP, *hand));
            left += width;
        }
        self.top += tallest + GAP / 2.0;
        self.strokes.push(Stroke::Rule { top: self.top });
    }
}

/// Where the blocks stand, and how tall the picture is.
fn laid_out(blocks: &[Block], measure: &dyn Fn(Hand, &str) -> f64) -> (Vec<Stroke>, f64) {
    let mut layout = Layout { strokes: Vec::new(), top: EDGE, measure };
    for block in blocks {
        layout.block(block);
    }
    (layout.strokes, layout.top + EDGE)
}

fn pen_of(canvas: &OffscreenCanvas) -> Result<OffscreenCanvasRenderingContext2d, JsValue> {
    canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into().map_err(JsValue::from)
}

/// How wide words are. The browser's answer is read by its name alone, since nothing else of it is asked.
fn width_of(pen: &OffscreenCanvasRenderingContext2d, hand: Hand, text: &str) -> Option<f64> {
    pen.set_font(&hand.font());
    let measure: Function = Reflect::get(pen, &"measureText".into()).ok()?.dyn_into().ok()?;
    Reflect::get(&measure.call1(pen, &text.into()).ok()?, &"width".into()).ok()?.as_f64()
}

async fn drawn(blocks: &[Block]) -> Result<Vec<u8>, JsValue> {
    let side = |length: f64| u32::try_from(dom::to_count(length.ceil())).unwrap_or(1);
    let first = pen_of(&OffscreenCanvas::new(1, 1)?)?;
    // A browser that does not say how wide words are lets every sign be as wide as a Chinese one.
    let measure = |hand: Hand, text: &str| {
        width_of(&first, hand, text).unwrap_or_else(|| hand.size * dom::to_f64(text.chars().count()))
    };
    let (strokes, height) = laid_out(blocks, &measure);
    let scale = SCALE.min(TALLEST / height);
    let canvas = OffscreenCanvas::new(side(WIDTH * scale), side(height * scale))?;
    let pen = pen_of(&canvas)?;
    pen.scale(scale, scale)?;
    pen.set_fill_style_str(GROUND);
    pen.fill_rect(0.0, 0.0, WIDTH, height);
    pen.set_text_baseline("top");
    for stroke in strokes {
        match stroke {
            Stroke::Words { left, top, hand, text } => {
                pen.set_font(&hand.font());
                pen.set_fill_style_str(hand.colour);
                pen.fill_text(&text, left, top)?;
            }
            Stroke::Rule { top } => {
                pen.set_fill_style_str(RULE);
                pen.fill_rect(EDGE, top, WIDTH - 2.0 * EDGE, 1.0);
            }
        }
    }
    // Without a type a browser writes PNG.
    let made: Blob = JsFuture::from(canvas.convert_to_blob()?).await?.dyn_into()?;
    Ok(Uint8Array::new(&JsFuture::from(made.array_buffer()).await?).to_vec())
}

/// Draws blocks as one long picture and offers it as a download; says whether the browser could.
pub async fn download(name: &str, blocks: &[Block]) -> bool {
    match drawn(blocks).await {
        Ok(bytes) => files::download(&format!("{name}.png"), "image/png", &bytes),
        Err(_undrawn) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every sign ten wide, so that tests count on their fingers.
    fn tens(text: &str) -> f64 {
        dom::to_f64(text.chars().count()) * 10.0
    }

    #[test]
    fn words_stay_whole_and_other_signs_break_anywhere() {
        assert_eq!(wrapped("abc defg hi", 80.0, &tens), ["abc defg", "hi"]);
        assert_eq!(
            wrapped("\u{6f0f}\u{6c34}\u{6f0f}\u{6c34}", 30.0, &tens),
            ["\u{6f0f}\u{6c34}\u{6f0f}", "\u{6c34}"]
        );
        // A word without end is cut, and nothing of it is lost.
        assert_eq!(wrapped("abcdefgh", 30.0, &tens).concat(), "abcdefgh");
        assert_eq!(wrapped("a\nb", 30.0, &tens), ["a", "b"]);
        // A stop does not begin a line, even where it stands out by one sign.
        assert_eq!(wrapped("\u{6f0f}\u{6c34}\u{3002}", 20.0, &tens), ["\u{6f0f}", "\u{6c34}\u{3002}"]);
    }

    #[test]
    fn a_row_is_as_tall_as_its_tallest_cell_and_nothing_leaves_the_picture() {
        let measure = |hand: Hand, text: &str| hand.size * dom::to_f64(text.chars().count());
        let row = |long: &str| vec![Cell::of("1"), Cell::of(long)];
        let table =
            |long: &str| vec![Block::Table(vec![("a".to_owned(), 1), ("b".to_owned(), 1)], vec![row(long)])];
        let (_, low) = laid_out(&table("short"), &measure);
        let (strokes, tall) = laid_out(&table(&"word ".repeat(40)), &measure);
        assert!(tall > low);
        for stroke in strokes {
            if let Stroke::Words { left, top, hand, text } = stroke {
                assert!(
                    left + measure(hand, &text) <= WIDTH - EDGE && top + hand.height() <= tall - EDGE,
                    "{text}"
                );
            }
        }
    }
}
