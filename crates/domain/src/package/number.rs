//! Numbers with decimals, held as scaled integers and written as people write them.

/// Reads `50000.00` as an integer scaled by that many decimals. Fewer decimals are filled up, more are refused.
pub fn parse_scaled(text: &str, decimals: u8) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let ascii = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let dangling = digits.contains('.') && fraction.is_empty();
    if whole.is_empty() || dangling || !ascii(whole) || !ascii(fraction) {
        return None;
    }
    let missing = usize::from(decimals).checked_sub(fraction.len())?;
    let magnitude = format!("{whole}{fraction}{}", "0".repeat(missing));
    let signed = if negative {
        format!("-{magnitude}")
    } else {
        magnitude
    };
    signed.parse().ok()
}

/// Writes a scaled integer: `5000000` with two decimals is `50000.00`.
pub fn format_scaled(value: i64, decimals: u8) -> String {
    if decimals == 0 {
        return value.to_string();
    }
    let width = usize::from(decimals);
    let digits = format!("{:0>1$}", value.unsigned_abs(), width + 1);
    let (whole, fraction) = digits.split_at(digits.len() - width);
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_and_write_alike() {
        for (text, decimals, value) in [
            ("50000.00", 2, 5_000_000),
            ("-0.05", 2, -5),
            ("0.00", 2, 0),
            ("7", 0, 7),
            ("92233720368547758.07", 2, i64::MAX),
            ("-92233720368547758.08", 2, i64::MIN),
        ] {
            assert_eq!(parse_scaled(text, decimals), Some(value), "{text}");
            assert_eq!(format_scaled(value, decimals), text);
        }
        assert_eq!(parse_scaled("35", 2), Some(3500));
        assert_eq!(parse_scaled("35.5", 2), Some(3550));
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1.234",
            "1,000",
            "1e3",
            "+1",
            "１",
            "92233720368547758.08",
        ] {
            assert_eq!(parse_scaled(text, 2), None, "{text}");
        }
    }
}
