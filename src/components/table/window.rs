//! The arithmetic of the virtual table: which rows are worth drawing.
//!
//! Pure, so that it is tested without a browser.

/// No table draws more rows than this, however tall the screen.
pub const MOST_ROWS: usize = 80;
/// Rows drawn above and below what is seen, so that a small scroll shows no gap.
pub const OVERSCAN: usize = 8;

/// A run of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first row.
    pub first: usize,
    /// How many rows.
    pub len: usize,
}

impl Span {
    /// Whether a row is in the run.
    pub fn contains(self, row: usize) -> bool {
        row >= self.first && row < self.first + self.len
    }
}

/// The rows to draw when `above` whole rows are scrolled away and `seen` fit on the screen, of `total`.
///
/// The start moves in steps of half the overscan, so that a slow scroll asks for new rows only now and then.
pub fn span(above: usize, seen: usize, total: usize) -> Span {
    let step = (OVERSCAN / 2).max(1);
    let seen = seen.min(MOST_ROWS - 2 * OVERSCAN);
    let len = (seen + 2 * OVERSCAN).min(MOST_ROWS).min(total);
    let wanted = above.saturating_sub(OVERSCAN) / step * step;
    Span { first: wanted.min(total - len), len }
}

/// What a key does to the row that has the focus.
pub fn moved(key: &str, row: usize, seen: usize, total: usize) -> Option<usize> {
    let last = total.checked_sub(1)?;
    let page = seen.max(2) - 1;
    match key {
        "ArrowDown" => Some((row + 1).min(last)),
        "ArrowUp" => Some(row.saturating_sub(1)),
        "PageDown" => Some((row + page).min(last)),
        "PageUp" => Some(row.saturating_sub(page)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_ROWS, Span, moved, span};

    #[test]
    fn every_row_on_the_screen_is_drawn_and_never_too_many() {
        for total in [0, 1, 7, 79, 80, 81, 100_000] {
            for seen in [0, 1, 14, 60] {
                for above in [0, 1, 3, 8, 50, 99_000, 200_000] {
                    let drawn = span(above, seen, total);
                    assert!(drawn.len <= MOST_ROWS);
                    assert!(drawn.first + drawn.len <= total);
                    let top = above.min(total.saturating_sub(seen));
                    for row in top..(top + seen).min(total) {
                        assert!(drawn.contains(row), "{row} of {total} at {above}: {drawn:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_short_list_is_drawn_whole() {
        assert_eq!(span(0, 14, 5), Span { first: 0, len: 5 });
    }

    #[test]
    fn keys_stay_inside_the_list() {
        assert_eq!(moved("ArrowDown", 9, 5, 10), Some(9));
        assert_eq!(moved("ArrowUp", 0, 5, 10), Some(0));
        assert_eq!(moved("PageDown", 0, 5, 100), Some(4));
        assert_eq!(moved("End", 3, 5, 100_000), Some(99_999));
        assert_eq!(moved("a", 3, 5, 10), None);
        assert_eq!(moved("Home", 0, 5, 0), None);
    }
}
