//! The signs of which the expressions of [`super::derive_text`] are made.

use super::expression::ExpressionError;

/// What was read, or the first thing that is wrong.
pub(super) type Read<T> = Result<T, ExpressionError>;

/// A sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A field, a ledger, a setting or a word of the language.
    Name(String),
    /// Digits.
    Number(String),
    /// What stands in single quotes.
    Code(String),
    /// A comparison, a bracket, a comma or a dot.
    Sign(&'static str),
}

const SIGNS: [&str; 11] = ["!=", "<=", ">=", "<", ">", "=", "(", ")", ",", ".", "-"];

/// Says what is wrong at a column.
pub(super) fn wrong<T>(column: usize, zh: impl Into<String>, en: impl Into<String>) -> Read<T> {
    Err(ExpressionError {
        column,
        message_zh: zh.into(),
        message_en: en.into(),
    })
}

/// The signs of a text with their columns.
pub(super) fn tokens(text: &str) -> Read<Vec<(usize, Token)>> {
    let mut found = Vec::new();
    let mut rest = text;
    let length = text.chars().count();
    loop {
        rest = rest.trim_start();
        let column = length - rest.chars().count() + 1;
        let Some(first) = rest.chars().next() else {
            return Ok(found);
        };
        let (token, taken) = if first.is_ascii_alphabetic() {
            let name = head(rest, |sign| sign.is_ascii_alphanumeric() || sign == '_');
            (Token::Name(name.to_owned()), name.len())
        } else if first.is_ascii_digit() {
            let number = head(rest, |sign| {
                sign.is_ascii_digit() || matches!(sign, '.' | '_')
            });
            (Token::Number(number.replace('_', "")), number.len())
        } else if let Some(quoted) = rest.strip_prefix('\'') {
            let Some((code, _)) = quoted.split_once('\'') else {
                return wrong(column, "引号没有成对", "the quotation mark is not closed");
            };
            (Token::Code(code.to_owned()), code.len() + 2)
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return wrong(
                column,
                format!("不能使用符号“{first}”（须用半角）"),
                format!("the sign `{first}` has no meaning here"),
            );
        };
        found.push((column, token));
        rest = rest.get(taken..).unwrap_or_default();
    }
}

fn head(text: &str, wanted: impl Fn(char) -> bool) -> &str {
    let end = text.find(|sign| !wanted(sign)).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}
