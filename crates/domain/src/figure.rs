//! Figures: what a unit reports, and how figures add up along the tree.
//!
//! Only sums roll up. A ratio is its numerator and its denominator until the moment it is shown.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A numerator and a denominator, integers scaled by the metric's decimals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// The numerator, or the sum itself.
    pub numerator: i64,
    /// The denominator; for a sum the number of units that reported.
    pub denominator: i64,
}

/// A sum that no longer fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the sum is larger than a figure can hold")]
pub struct Overflow;

impl Measure {
    /// The sum of two measures.
    ///
    /// # Errors
    /// [`Overflow`] when it does not fit.
    pub fn checked_add(self, other: Measure) -> Result<Measure, Overflow> {
        Ok(Measure {
            numerator: self
                .numerator
                .checked_add(other.numerator)
                .ok_or(Overflow)?,
            denominator: self
                .denominator
                .checked_add(other.denominator)
                .ok_or(Overflow)?,
        })
    }
}

/// What stands at one unit for one metric and one period: the approved, the waiting, and how many are expected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The sum of what is approved (已审定): what counts.
    pub approved: Measure,
    /// The sum of what waits for checking or approval (待审定): shown beside.
    pub pending: Measure,
    /// Units whose figure is approved.
    pub approved_units: i64,
    /// Units whose figure waits.
    pub pending_units: i64,
    /// Units that are expected to report.
    pub expected_units: i64,
}

impl Tally {
    /// The sum of two tallies.
    ///
    /// # Errors
    /// [`Overflow`] when it does not fit.
    pub fn checked_add(self, other: Tally) -> Result<Tally, Overflow> {
        let add = |a: i64, b: i64| a.checked_add(b).ok_or(Overflow);
        Ok(Tally {
            approved: self.approved.checked_add(other.approved)?,
            pending: self.pending.checked_add(other.pending)?,
            approved_units: add(self.approved_units, other.approved_units)?,
            pending_units: add(self.pending_units, other.pending_units)?,
            expected_units: add(self.expected_units, other.expected_units)?,
        })
    }

    /// Whether nothing stands here at all.
    pub fn is_empty(self) -> bool {
        self == Tally::default()
    }
}

/// A share in basis points (1 % = 100), rounded half away from zero; nothing where the denominator is zero.
pub fn basis_points(numerator: i64, denominator: i64) -> Option<i64> {
    if denominator <= 0 {
        return None;
    }
    let scaled = i128::from(numerator) * 10_000;
    let half = i128::from(denominator) / 2;
    let rounded = (scaled + if scaled < 0 { -half } else { half }) / i128::from(denominator);
    i64::try_from(rounded).ok()
}

/// The number in the middle; between two the mean, rounded down. Nothing where there are none.
pub fn median(mut numbers: Vec<i64>) -> Option<i64> {
    numbers.sort_unstable();
    let upper = *numbers.get(numbers.len() / 2)?;
    if !numbers.len().is_multiple_of(2) {
        return Some(upper);
    }
    let lower = *numbers.get(numbers.len() / 2 - 1)?;
    let mean = (i128::from(lower) + i128::from(upper)).div_euclid(2);
    i64::try_from(mean).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_once() {
        assert_eq!(basis_points(1, 3), Some(3333));
        assert_eq!(basis_points(2, 3), Some(6667));
        assert_eq!(basis_points(5646, 5646), Some(10_000));
        assert_eq!(basis_points(0, 5), Some(0));
        assert_eq!(basis_points(1, 0), None);
        assert_eq!(basis_points(i64::MAX, 1), None);
    }

    #[test]
    fn sums_do_not_wrap() {
        let big = Measure {
            numerator: i64::MAX,
            denominator: 1,
        };
        assert_eq!(big.checked_add(big), Err(Overflow));
        let one = Measure {
            numerator: 1,
            denominator: 1,
        };
        assert_eq!(
            one.checked_add(one),
            Ok(Measure {
                numerator: 2,
                denominator: 2
            })
        );
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        let cases: [(&[i64], Option<i64>); 6] = [
            (&[], None),
            (&[7], Some(7)),
            (&[9, 1], Some(5)),
            (&[3, 1, 2], Some(2)),
            (&[-4, -1], Some(-3)),
            (&[i64::MAX, i64::MAX], Some(i64::MAX)),
        ];
        for (numbers, middle) in cases {
            assert_eq!(median(numbers.to_vec()), middle, "{numbers:?}");
        }
    }
}
