//! Targets shared out among the units below, and what their sum says against the target above.

/// Why a total cannot be shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApportionError {
    /// The weights add up to nothing, or there is nobody.
    #[error("the weights add up to nothing")]
    NoWeight,
    /// A weight is below nought.
    #[error("a weight is below nought")]
    NegativeWeight,
    /// The total is below nought.
    #[error("the total is below nought")]
    NegativeTotal,
}

/// Shares a total out in proportion to weights, in whole numbers that add up to it exactly.
///
/// Everybody gets the whole part of his share; what is left goes, one each, to the largest remainders (Hamilton's method),
/// and among equal ones to who stands first.
///
/// # Errors
/// When nobody has a weight, or a weight or the total is below nought.
pub fn apportion(total: i64, weights: &[i64]) -> Result<Vec<i64>, ApportionError> {
    if total < 0 {
        return Err(ApportionError::NegativeTotal);
    }
    if weights.iter().any(|weight| *weight < 0) {
        return Err(ApportionError::NegativeWeight);
    }
    let sum: i128 = weights.iter().copied().map(i128::from).sum();
    if sum == 0 {
        return Err(ApportionError::NoWeight);
    }
    let exact = |weight: &i64| i128::from(total) * i128::from(*weight);
    let whole = |weight: &i64| i64::try_from(exact(weight) / sum).unwrap_or(total);
    let mut parts: Vec<i64> = weights.iter().map(whole).collect();
    let mut order: Vec<(usize, i128)> = weights
        .iter()
        .map(|weight| exact(weight) % sum)
        .enumerate()
        .collect();
    order.sort_by_key(|(place, rest)| (std::cmp::Reverse(*rest), *place));
    let given: i128 = parts.iter().copied().map(i128::from).sum();
    let left = usize::try_from(i128::from(total) - given).unwrap_or(0);
    for (place, _) in order.into_iter().take(left) {
        if let Some(part) = parts.get_mut(place) {
            *part += 1;
        }
    }
    Ok(parts)
}

/// Shares a total out evenly: parts differ by one at most, the first ones have it.
///
/// # Errors
/// When there is nobody, or the total is below nought.
pub fn equal_shares(total: i64, count: usize) -> Result<Vec<i64>, ApportionError> {
    apportion(total, &vec![1; count])
}

/// What the targets of the units below make together: a sum, or for shares their mean weighted by what each share is of.
/// Nothing where no weight is known, or it does not fit.
pub fn together(parts: &[Part]) -> Option<i64> {
    let weights: i128 = parts.iter().map(|part| i128::from(part.weight)).sum();
    if weights <= 0 {
        return None;
    }
    let weighed = parts
        .iter()
        .map(|part| i128::from(part.value) * i128::from(part.weight));
    let doubled = weighed.sum::<i128>() * 2 + weights;
    i64::try_from(doubled.div_euclid(weights * 2)).ok()
}

/// The target of one of the units below, and how much it weighs among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The target's value, a share.
    pub value: i64,
    /// Of how many it is a share: the denominator, or the units that are expected.
    pub weight: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use ApportionError as E;

    #[test]
    fn a_total_is_shared_out_and_adds_up_exactly() {
        type Case = (i64, &'static [i64], Result<Vec<i64>, E>);
        let cases: [Case; 12] = [
            (10, &[1, 1, 1], Ok(vec![4, 3, 3])),
            (10, &[1, 1, 1, 1], Ok(vec![3, 3, 2, 2])),
            (100, &[5, 3, 2], Ok(vec![50, 30, 20])),
            // Hamilton's own kind of case: 7 seats for 50, 30 and 20.
            (7, &[50, 30, 20], Ok(vec![4, 2, 1])),
            (7, &[53, 27, 20], Ok(vec![4, 2, 1])),
            (21, &[7270, 1230, 2220], Ok(vec![14, 3, 4])),
            (0, &[3, 4], Ok(vec![0, 0])),
            (5, &[0, 9, 0], Ok(vec![0, 5, 0])),
            (
                i64::MAX,
                &[i64::MAX, i64::MAX],
                Ok(vec![i64::MAX / 2 + 1, i64::MAX / 2]),
            ),
            (5, &[], Err(E::NoWeight)),
            (5, &[1, -1], Err(E::NegativeWeight)),
            (-5, &[1], Err(E::NegativeTotal)),
        ];
        for (total, weights, expected) in cases {
            let got = apportion(total, weights);
            assert_eq!(got, expected, "{total} by {weights:?}");
            if let Ok(parts) = got {
                assert_eq!(parts.iter().sum::<i64>(), total);
            }
        }
        assert_eq!(apportion(1, &[0, 0]), Err(E::NoWeight));
    }

    #[test]
    fn no_part_is_further_than_one_from_its_exact_share() {
        for total in [0, 1, 2, 17, 100, 999] {
            let weights = [1, 2, 3, 5, 8, 13, 21];
            let sum: i64 = weights.iter().sum();
            let parts = apportion(total, &weights).unwrap();
            for (part, weight) in parts.iter().zip(weights) {
                assert!(
                    (part * sum - total * weight).abs() < sum,
                    "{total} {weight}"
                );
            }
        }
    }

    #[test]
    fn even_shares_differ_by_one_at_most() {
        for (total, count, expected) in [
            (7, 3, Ok(vec![3, 2, 2])),
            (6, 3, Ok(vec![2, 2, 2])),
            (2, 3, Ok(vec![1, 1, 0])),
            (2, 0, Err(E::NoWeight)),
        ] {
            assert_eq!(equal_shares(total, count), expected);
        }
    }

    #[test]
    fn shares_are_weighed_by_what_they_are_of() {
        let of = |parts: &[(i64, i64)]| {
            let parts = parts.iter();
            let parts: Vec<Part> = parts
                .map(|(value, weight)| Part {
                    value: *value,
                    weight: *weight,
                })
                .collect();
            together(&parts)
        };
        // 90 % of 30 villages and 60 % of 10 make 82.5 % of 40, not 75 %.
        assert_eq!(of(&[(9_000, 30), (6_000, 10)]), Some(8_250));
        assert_eq!(of(&[(10_000, 3), (10_000, 5)]), Some(10_000));
        assert_eq!(of(&[(1, 2), (2, 1)]), Some(1), "4/3 is nearer to one");
        assert_eq!(of(&[(1, 1), (2, 1)]), Some(2), "a half goes up");
        assert_eq!(of(&[(7_000, 0)]), None);
        assert_eq!(of(&[]), None);
    }
}
