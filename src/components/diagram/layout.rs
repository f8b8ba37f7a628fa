//! Where boxes and lines of a diagram go: rows broken into tiers that fit, lines at right angles between the tiers and
//! beside them, never through a box.
//!
//! Lengths are sixteenths of a rem. Lines that leave one box with the same word share one lane, as in a family tree;
//! whatever passes a whole tier goes around all of them at the side.

use std::collections::BTreeMap;

/// Width of a box.
pub const WIDTH: i32 = 144;
/// Height of a box.
pub const HEIGHT: i32 = 56;
/// Room between boxes of a tier.
pub const GAP: i32 = 16;
/// Room for a word at a line's end.
const WORD: i32 = 22;
/// From one lane to the next.
const LANE: i32 = 12;
/// From a box to the nearest lane where no word stands between.
const NEAR: i32 = 12;
/// Most tiers that a line goes around at one side before the sides are changed.
const HALF: usize = 2;

/// A line to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// Who, by place in the list of boxes.
    pub who: usize,
    /// Of whom.
    pub of: usize,
    /// What `who` is to `of`; may be empty.
    pub word: String,
    /// What `of` is to `who`, where that is certain.
    pub back: Option<String>,
}

/// A straight piece of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins.
    pub from: (i32, i32),
    /// Where it ends.
    pub to: (i32, i32),
}

/// A word at a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its middle, and its foot.
    pub at: (i32, i32),
    /// The word, cut to its room.
    pub text: String,
}

/// The whole drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Width and height.
    pub size: (i32, i32),
    /// The upper left corner of each box.
    pub boxes: Vec<(i32, i32)>,
    /// The lines.
    pub pieces: Vec<Piece>,
    /// The words.
    pub words: Vec<Word>,
}

fn int(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// A text cut to a width, of letters of a size.
pub fn fit(text: &str, width: i32, size: i32) -> String {
    // A Chinese sign is as wide as high, a Latin letter a little more than half.
    let wide = |c: char| if c.is_ascii() { size * 9 / 16 } else { size };
    let whole: i32 = text.chars().map(wide).sum();
    if whole <= width {
        return text.to_owned();
    }
    let mut left = width - size;
    let kept = text.chars().take_while(|c| {
        left -= wide(*c);
        left >= 0
    });
    format!("{}…", kept.collect::<String>())
}

/// A line as it is drawn: from the upper box to the lower, or of one tier from the left to the right.
struct Run {
    upper: usize,
    lower: usize,
    /// The word at the upper box.
    high: String,
    /// The word at the lower box.
    low: String,
    /// The word in the middle of the lane, of two in one tier.
    mid: String,
}

/// The tiers: the boxes of each row in an order with few crossings, as many beside each other as fit.
fn tiers(rows: &[usize], ties: &[Tie], columns: usize) -> Vec<Vec<usize>> {
    let mut of_row: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        of_row.entry(*row).or_default().push(place);
    }
    let mut order: Vec<Vec<usize>> = of_row.into_values().collect();
    // Twice is enough for families; each box goes to the middle of those of other rows to which it is tied.
    for _ in 0..2 {
        let mut at: BTreeMap<usize, (usize, i32)> = BTreeMap::new();
        for (row, boxes) in order.iter().enumerate() {
            for (place, own) in boxes.iter().enumerate() {
                at.insert(*own, (row, int(place) * 100 - int(boxes.len()) * 50));
            }
        }
        for (row, boxes) in order.iter_mut().enumerate() {
            let middle = |own: &usize| {
                let near: Vec<i32> = ties
                    .iter()
                    .filter_map(|tie| match (tie.who == *own, tie.of == *own) {
                        (true, false) => Some(tie.of),
                        (false, true) => Some(tie.who),
                        _ => None,
                    })
                    .filter_map(|other| at.get(&other).filter(|(other_row, _)| *other_row != row))
                    .map(|(_, x)| *x)
                    .collect();
                let own = at.get(own).map_or(0, |(_, x)| *x);
                near.iter().sum::<i32>().checked_div(int(near.len())).unwrap_or(own)
            };
            boxes.sort_by_key(middle);
        }
    }
    order.iter().flat_map(|boxes| boxes.chunks(columns.max(1)).map(<[usize]>::to_vec)).collect()
}

/// Lays a diagram out: the row of each box, the lines, and how many boxes fit beside each other.
pub fn layout(rows: &[usize], ties: &[Tie], columns: usize) -> Layout {
    let tiers = tiers(rows, ties, columns);
    let mut tier_of = vec![(0_usize, 0_usize); rows.len()];
    for (tier, boxes) in tiers.iter().enumerate() {
        for (column, own) in boxes.iter().enumerate() {
            if let Some(at) = tier_of.get_mut(*own) {
                *at = (tier, column);
            }
        }
    }
    let runs = runs(&tier_of, ties);
    let tier = |own: usize| tier_of.get(own).map_or(0, |at| at.0);

    // A lane belongs to the box above and its word there; two of one tier have one of their own.
    let lane_of =
        |run: &Run| (run.upper, run.high.clone(), (tier(run.upper) == tier(run.lower)).then_some(run.lower));
    let mut lanes: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    let mut sides: Vec<_> = Vec::new();
    for run in &runs {
        let key = lane_of(run);
        let is_long = tier(run.lower) > tier(run.upper) + 1;
        let channels = if is_long { vec![tier(run.upper), tier(run.lower) - 1] } else { vec![tier(run.upper)] };
        for channel in channels {
            let known = lanes.entry(channel).or_default();
            if !known.contains(&key) {
                known.push(key.clone());
            }
        }
        if is_long && !sides.contains(&key) {
            sides.push(key);
        }
    }
    // Every other goes around on the right.
    let is_left = |key: &_| sides.iter().position(|side| side == key).is_none_or(|place| place % HALF == 0);
    let lefts = int(sides.iter().filter(|key| is_left(*key)).count());
    let rights = int(sides.len()) - lefts;
    let (margin_left, margin_right) = (margin(lefts), margin(rights));
    let widest = tiers.iter().map(Vec::len).max().unwrap_or(0);
    let inner = int(widest) * (WIDTH + GAP) - GAP;
    let width = inner.max(0) + margin_left + margin_right;

    // Words and lanes say how much room there is between two tiers.
    let has_high = |channel: usize| runs.iter().any(|run| tier(run.upper) == channel && !run.high.is_empty());
    let has_low = |channel: usize| {
        let low = |run: &Run| !run.low.is_empty() && tier(run.lower) != tier(run.upper);
        runs.iter().any(|run| low(run) && tier(run.lower) == channel + 1)
    };
    let has_mid = |channel: usize| runs.iter().any(|run| tier(run.upper) == channel && !run.mid.is_empty());
    let mut out = Layout { boxes: vec![(0, 0); rows.len()], ..Layout::default() };
    let mut y = 0;
    let mut lane_y: BTreeMap<usize, Vec<i32>> = BTreeMap::new();
    for (number, boxes) in tiers.iter().enumerate() {
        let own = int(boxes.len()) * (WIDTH + GAP) - GAP;
        let mut x = margin_left + (inner - own) / 2;
        for place in boxes {
            if let Some(at) = out.boxes.get_mut(*place) {
                *at = (x, y);
            }
            x += WIDTH + GAP;
        }
        y += HEIGHT;
        let of_channel = lanes.get(&number).map_or(0, Vec::len);
        let step = if has_mid(number) { WORD } else { LANE };
        let high = if has_high(number) { WORD } else { NEAR };
        let low = if has_low(number) { WORD + NEAR / 2 } else { NEAR };
        let first = y + high + if has_mid(number) { NEAR } else { 0 };
        lane_y.insert(number, (0..of_channel).map(|lane| first + int(lane) * step).collect());
        y = if of_channel > 0 { first + (int(of_channel) - 1) * step + low } else { y + NEAR * 2 };
        if number + 1 == tiers.len() && of_channel == 0 {
            y -= NEAR * 2;
        }
    }
    out.size = (width, y);

    let ports = ports(&runs, &tier_of);
    let shifts = |channel: usize| if lanes.get(&channel).is_some_and(|lanes| lanes.len() > 1) { NEAR } else { 0 };
    let port = |own: usize, is_top: bool, word: &str, shift: i32| {
        let x = out.boxes.get(own).map_or(0, |at| at.0);
        let words = ports.get(&(own, is_top));
        let count = int(words.map_or(1, Vec::len));
        let place = words.and_then(|words| words.iter().position(|known| known == word)).unwrap_or(0);
        x + WIDTH * (int(place) + 1) / (count + 1) - shift
    };
    let room = |own: usize, is_top: bool| WIDTH / int(ports.get(&(own, is_top)).map_or(1, Vec::len)).max(1);
    let mut pieces = Vec::new();
    let mut words: Vec<Word> = Vec::new();
    let mut draw = |from: (i32, i32), to: (i32, i32)| {
        let piece = Piece { from, to };
        if from != to && !pieces.contains(&piece) {
            pieces.push(piece);
        }
    };
    for run in &runs {
        let key = lane_of(run);
        let lane = |channel: usize| {
            let place = lanes.get(&channel).and_then(|lanes| lanes.iter().position(|lane| *lane == key));
            place.and_then(|place| lane_y.get(&channel)?.get(place).copied()).unwrap_or(0)
        };
        let (above, below) = (tier(run.upper), tier(run.lower));
        let bottom = |own: usize| out.boxes.get(own).map_or(0, |at| at.1) + HEIGHT;
        let start = port(run.upper, false, &run.high, 0);
        let mut say = |at: (i32, i32), text: &str, room: i32| {
            let word = Word { at, text: fit(text, room, 12) };
            if !text.is_empty() && !words.contains(&word) {
                words.push(word);
            }
        };
        say((start, bottom(run.upper) + 16), &run.high, room(run.upper, false));
        let first = lane(above);
        draw((start, bottom(run.upper)), (start, first));
        if above == below {
            let end = port(run.lower, false, &run.low, 0);
            draw((start, first), (end, first));
            draw((end, first), (end, bottom(run.lower)));
            say((end, bottom(run.lower) + 16), &run.low, room(run.lower, false));
            say(((start + end) / 2, first + 4), &run.mid, WIDTH);
            continue;
        }
        let top = bottom(run.lower) - HEIGHT;
        let end = port(run.lower, true, &run.low, shifts(below.saturating_sub(1)));
        let last = lane(below.saturating_sub(1));
        if below == above + 1 {
            draw((start, first), (end, first));
        } else {
            let side = sides.iter().filter(|side| is_left(*side) == is_left(&key)).position(|side| *side == key);
            let side = int(side.unwrap_or(0)) * LANE + NEAR / 2;
            let around = if is_left(&key) { margin_left - NEAR - side } else { width - margin_right + NEAR + side };
            draw((start, first), (around, first));
            draw((around, first), (around, last));
            draw((around, last), (end, last));
        }
        draw((end, last), (end, top));
        say((end, top - 6), &run.low, room(run.lower, true));
    }
    out.pieces = pieces;
    out.words = words;
    out
}

fn margin(lanes: i32) -> i32 {
    if lanes == 0 { 0 } else { NEAR * 2 + lanes * LANE }
}

/// Every line from the upper to the lower box, with its word where it is said of the box beside it.
fn runs(tier_of: &[(usize, usize)], ties: &[Tie]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for tie in ties {
        let (Some(who), Some(of)) = (tier_of.get(tie.who), tier_of.get(tie.of)) else { continue };
        if tie.who == tie.of {
            continue;
        }
        let (upper, lower) = if who < of { (tie.who, tie.of) } else { (tie.of, tie.who) };
        let run = Run { upper, lower, high: String::new(), low: String::new(), mid: String::new() };
        let is_mutual = tie.back.as_deref() == Some(tie.word.as_str());
        runs.push(if who.0 == of.0 && is_mutual {
            Run { mid: tie.word.clone(), ..run }
        } else if lower == tie.who {
            Run { low: tie.word.clone(), ..run }
        } else if let Some(back) = &tie.back {
            Run { low: back.clone(), ..run }
        } else {
            Run { high: tie.word.clone(), ..run }
        });
    }
    runs
}

/// The words at the upper and lower edge of each box; each has a line's end of its own.
fn ports(runs: &[Run], tier_of: &[(usize, usize)]) -> BTreeMap<(usize, bool), Vec<String>> {
    let tier = |own: usize| tier_of.get(own).map_or(0, |at| at.0);
    let mut ports: BTreeMap<(usize, bool), Vec<String>> = BTreeMap::new();
    for run in runs {
        let is_top = tier(run.lower) != tier(run.upper);
        for (own, is_top, word) in [(run.upper, false, &run.high), (run.lower, is_top, &run.low)] {
            let words = ports.entry((own, is_top)).or_default();
            if !words.contains(word) {
                words.push(word.clone());
            }
        }
    }
    ports
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tie(who: usize, of: usize, word: &str, back: Option<&str>) -> Tie {
        Tie { who, of, word: word.to_owned(), back: back.map(str::to_owned) }
    }

    /// Two owners, their parents, nine children and others, tied every way, and a circle.
    fn large() -> (Vec<usize>, Vec<Tie>) {
        let rows = vec![1, 1, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4, 4, 4];
        let mut ties = vec![tie(1, 0, "配偶", Some("配偶")), tie(0, 1, "配偶", Some("配偶"))];
        ties.extend((2..6).map(|parent| tie(parent, parent % 2, "父母", Some("子女"))));
        ties.extend(
            (6..13).flat_map(|child| [tie(child, 0, "子女", Some("父母")), tie(child, 1, "子女", Some("父母"))]),
        );
        ties.extend((6..13).map(|child| tie(child, 2, "孙子女", Some("祖父母"))));
        ties.push(tie(13, 12, "保姆", None));
        ties.push(tie(2, 12, "监护人", None));
        ties.push(tie(14, 13, "很长很长很长很长很长的称呼", None));
        ties.extend([tie(15, 0, "", None), tie(16, 0, "", None), tie(17, 3, "业主", None)]);
        (rows, ties)
    }

    #[test]
    fn eighteen_boxes_do_not_overlap_and_no_line_runs_through_one() {
        let (rows, ties) = large();
        for columns in 1..8 {
            let found = layout(&rows, &ties, columns);
            let (width, height) = found.size;
            for (place, (x, y)) in found.boxes.iter().enumerate() {
                assert!(*x >= 0 && x + WIDTH <= width && *y >= 0 && y + HEIGHT <= height, "{columns}: {place}");
                for (other_x, other_y) in found.boxes.iter().skip(place + 1) {
                    assert!(
                        (x - other_x).abs() >= WIDTH + GAP || (y - other_y).abs() >= HEIGHT,
                        "{columns}: {place}"
                    );
                }
                for piece in &found.pieces {
                    let (low_x, high_x) = (piece.from.0.min(piece.to.0), piece.from.0.max(piece.to.0));
                    let (low_y, high_y) = (piece.from.1.min(piece.to.1), piece.from.1.max(piece.to.1));
                    assert!(low_x == high_x || low_y == high_y, "{columns}: a line is straight");
                    assert!(
                        low_x >= 0 && high_x <= width && low_y >= 0 && high_y <= height,
                        "{columns}: {piece:?}"
                    );
                    let is_through = low_x < x + WIDTH && high_x > *x && low_y < y + HEIGHT && high_y > *y;
                    assert!(!is_through, "{columns}: {piece:?} runs through box {place} at {x},{y}");
                }
            }
        }
    }

    #[test]
    fn a_word_stands_at_the_box_of_which_it_is_said() {
        let ties = [tie(1, 0, "子女", Some("父母")), tie(2, 0, "父母", Some("子女")), tie(3, 1, "保姆", None)];
        let found = layout(&[1, 2, 0, 3], &ties, 4);
        let said: Vec<&str> = found.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(said, ["子女", "子女", "保姆"], "the owner is the child of his mother");
        let guardian = layout(&[0, 1], &[tie(0, 1, "监护人", None)], 4);
        assert!(guardian.words[0].at.1 < guardian.boxes[1].1 - HEIGHT / 4);
    }

    #[test]
    fn lines_of_nobody_and_to_oneself_are_left_out() {
        let found = layout(&[0], &[tie(0, 0, "配偶", None), tie(0, 9, "子女", None)], 0);
        assert_eq!((found.boxes.len(), found.pieces.len()), (1, 0));
        assert_eq!(layout(&[], &[], 3), Layout { size: (0, 0), ..Layout::default() });
    }

    #[test]
    fn a_text_is_cut_to_its_room() {
        assert_eq!(fit("李玉梅", 60, 14), "李玉梅");
        assert_eq!(fit("阿卜杜拉·买买提江", 70, 14), "阿卜杜拉…");
        assert_eq!(fit("Li", 60, 14), "Li");
    }
}
