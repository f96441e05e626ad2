//! Medians and ranges.

use std::time::Duration;

/// A count as a number to divide by.
pub fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

/// What so many of a hundred sorted spans do not exceed.
pub fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

/// One figure over the rounds.
#[derive(Debug, Clone, Default)]
pub struct Rounds(pub Vec<f64>);

impl Rounds {
    /// The middle one.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = sorted.len().saturating_sub(1) / 2;
        sorted.get(at).copied().unwrap_or(f64::NAN)
    }

    /// The median with the least and the most, with so many decimals.
    pub fn shown(&self, decimals: usize) -> String {
        let least = self.0.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let middle = self.median();
        if self.0.len() < 2 {
            return format!("{middle:.decimals$}");
        }
        format!("{middle:.decimals$} ({least:.decimals$}–{most:.decimals$})")
    }
}
