//! The citizen identity number (公民身份号码, GB 11643): telling one in a text, so that free texts stay without it.

use chrono::{Datelike, NaiveDate};

const LENGTH: usize = 18;
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// Whether a text holds an identity number: eighteen signs with a day of birth and the right check digit, also in
/// full-width digits or with spaces and hyphens between them.
pub fn holds_id_number(text: &str) -> bool {
    let plain: Vec<char> = text.chars().map(plain).collect();
    let close: Vec<char> = plain
        .iter()
        .copied()
        .filter(|sign| !sign.is_whitespace() && *sign != '-')
        .collect();
    stands_in(&plain) || stands_in(&close)
}

/// An identity number as it is kept: without spaces, a small `x` made large. Nothing where the text is none.
pub fn normalised(text: &str) -> Option<String> {
    let signs: Vec<char> = text
        .chars()
        .map(plain)
        .filter(|sign| !sign.is_whitespace() && *sign != '-')
        .collect();
    (signs.len() == LENGTH && is_id_number(&signs)).then(|| signs.into_iter().collect())
}

/// Whether a text is an identity number and nothing else.
pub fn is_id_card(text: &str) -> bool {
    normalised(text).is_some()
}

/// The day of birth that an identity number tells.
pub fn birth_of(text: &str) -> Option<NaiveDate> {
    let signs: Vec<char> = normalised(text)?.chars().collect();
    born(&digits_of(&signs)?)
}

/// Whether an identity number is that of a man.
pub fn is_male(text: &str) -> Option<bool> {
    let signs: Vec<char> = normalised(text)?.chars().collect();
    let digits = digits_of(&signs)?;
    digits.last().map(|digit| digit % 2 == 1)
}

fn stands_in(signs: &[char]) -> bool {
    signs
        .windows(LENGTH)
        .enumerate()
        .any(|(at, window)| is_id_number(window) && stands_alone(signs, at))
}

/// A longer row of digits, such as an account number, is none.
fn stands_alone(signs: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| signs.get(before));
    let after = signs.get(at + LENGTH);
    let digit = |sign: Option<&char>| sign.is_some_and(char::is_ascii_digit);
    !digit(before) && !digit(after)
}

fn is_id_number(signs: &[char]) -> bool {
    let (Some(last), Some(digits)) = (signs.last(), digits_of(signs)) else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, by)| digit * by)
        .sum();
    let check = usize::try_from(sum % 11)
        .ok()
        .and_then(|place| CHECKS.get(place));
    check == Some(last) && born(&digits).is_some()
}

fn digits_of(signs: &[char]) -> Option<Vec<u32>> {
    signs
        .iter()
        .take(LENGTH - 1)
        .map(|sign| sign.to_digit(10))
        .collect()
}

fn born(digits: &[u32]) -> Option<NaiveDate> {
    let number = |from: usize, to: usize| {
        let part = digits.get(from..to)?;
        Some(part.iter().fold(0, |sum, digit| sum * 10 + digit))
    };
    let year = i32::try_from(number(6, 10)?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, number(10, 12)?, number(12, 14)?)?;
    (1850..2200).contains(&day.year()).then_some(day)
}

fn plain(sign: char) -> char {
    match sign {
        '０'..='９' => char::from_digit(u32::from(sign) - u32::from('０'), 10).unwrap_or(sign),
        'x' | 'ｘ' | 'Ｘ' => 'X',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_other_digits() {
        let held = [
            "11010519491231002X",
            "身份证11010519491231002x，电话另告",
            "１１０１０５１９４９１２３１００２Ｘ",
            "110105 19491231 002X",
            "110105-19491231-002X",
            "12 11010519491231002X",
        ];
        for text in held {
            assert!(holds_id_number(text), "{text}");
        }
        let free = [
            "",
            "5万元",
            "110105194912310020",
            "11010519491331002X",
            "111010519491231002X",
            "6222020200112233445",
            "130900000000",
        ];
        for text in free {
            assert!(!holds_id_number(text), "{text}");
        }
    }
}
