//! Telephone numbers (电话号码) as they are dialled in the country.

/// Whether a text is a telephone number: a mobile one of eleven digits, or a fixed one with or without its area code.
pub fn is_phone(text: &str) -> bool {
    let digits: String = text
        .chars()
        .filter(|sign| !matches!(sign, '-' | ' '))
        .collect();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let mobile = digits.len() == 11 && digits.starts_with('1');
    let fixed = matches!(digits.len(), 10..=12) && digits.starts_with('0');
    let local = matches!(digits.len(), 7 | 8) && !digits.starts_with(['0', '1']);
    plain && (mobile || fixed || local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_others() {
        for good in [
            "13800138000",
            "0317-2012345",
            "0317 2012345",
            "2012345",
            "010-12345678",
        ] {
            assert!(is_phone(good), "{good}");
        }
        for bad in [
            "",
            "1380013800",
            "23800138000",
            "0317",
            "二〇一二三四五",
            "1234567",
        ] {
            assert!(!is_phone(bad), "{bad}");
        }
    }
}
