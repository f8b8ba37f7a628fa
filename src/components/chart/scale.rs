//! The arithmetic of charts: round ticks and shares of a whole.
//!
//! Pure, so that it is tested without a browser. It computes no statistics; figures arrive finished.

/// Round numbers that cover `low..=high` in at most `most` steps.
pub fn ticks(low: f64, high: f64, most: u8) -> Vec<f64> {
    let (low, high) = if low.is_finite() && high.is_finite() && low < high {
        (low, high)
    } else if low.is_finite() {
        (low, low + 1.0)
    } else {
        (0.0, 1.0)
    };
    let rough = (high - low) / f64::from(most.max(1));
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough * 0.999_999)
        .unwrap_or(10.0 * power);
    let first = (low / step).floor();
    let last = (high / step).ceil();
    // Multiplying keeps the ticks exact where adding up would drift.
    let mut out = Vec::new();
    let mut at = first;
    while at <= last + 0.5 {
        out.push(at * step);
        at += 1.0;
    }
    out
}

/// Where a value stands between two ends, from 0 to 1.
pub fn share(value: f64, low: f64, high: f64) -> f64 {
    if high > low && value.is_finite() { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 }
}

/// A share as a percentage for SVG and CSS.
pub fn percent(share: f64) -> String {
    format!("{:.3}%", share * 100.0)
}

/// One of five steps of a heat map, the darkest for the greatest.
pub fn heat(share: f64) -> u8 {
    [0.2, 0.4, 0.6, 0.8].into_iter().fold(1, |step, bound| if share > bound { step + 1 } else { step })
}

#[cfg(test)]
mod tests {
    use super::{heat, percent, share, ticks};

    #[test]
    fn ticks_are_round_and_cover_the_range() {
        assert_eq!(ticks(0.0, 100.0, 4), vec![0.0, 25.0, 50.0, 75.0, 100.0]);
        for (low, high) in [(0.0, 1.0), (71.3, 78.9), (-3.0, 12.0), (0.0, 42_000.0), (5.0, 5.0)] {
            let all = ticks(low, high, 5);
            assert!(all.len() >= 2 && all.len() <= 8, "{all:?}");
            assert!(all.first().is_some_and(|first| *first <= low), "{all:?}");
            assert!(all.last().is_some_and(|last| *last >= high), "{all:?}");
        }
        assert!(!ticks(f64::NAN, 1.0, 5).is_empty());
    }

    #[test]
    fn shares_stay_between_nothing_and_all() {
        assert_eq!(percent(share(25.0, 0.0, 100.0)), "25.000%");
        assert_eq!(percent(share(-5.0, 0.0, 100.0)), "0.000%");
        assert_eq!(percent(share(500.0, 0.0, 100.0)), "100.000%");
        assert_eq!(percent(share(1.0, 1.0, 1.0)), "0.000%");
    }

    #[test]
    fn heat_has_five_steps() {
        let steps: Vec<u8> = [0.0, 0.3, 0.5, 0.7, 1.0].into_iter().map(heat).collect();
        assert_eq!(steps, vec![1, 2, 3, 4, 5]);
    }
}
