//! Expressions in words: what people read in place of `at_least(total, 5000000)`.

use super::expression::Expression;
use super::form::FormDef;
use super::number::format_scaled;

/// An expression as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Expression {
    /// The expression in words, its fields named as the form names them.
    pub fn words(&self, form: &FormDef) -> Words {
        Words {
            zh: self.said(form, true),
            en: self.said(form, false),
        }
    }

    /// The codes of the fields that it takes.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Expression::Number(_) => Vec::new(),
            Expression::Field(code) => vec![code],
            Expression::Sum(parts) | Expression::All(parts) => {
                parts.iter().flat_map(Expression::fields).collect()
            }
            Expression::Difference(left, right) | Expression::AtLeast(left, right) => {
                [left.fields(), right.fields()].concat()
            }
        }
    }

    fn said(&self, form: &FormDef, zh: bool) -> String {
        let all = |parts: &[Expression], between: &str| {
            let parts: Vec<String> = parts.iter().map(|part| part.said(form, zh)).collect();
            parts.join(between)
        };
        match self {
            Expression::Number(number) => number.to_string(),
            Expression::Field(code) => match form.field(code) {
                Some(field) if zh => field.name_zh.clone(),
                Some(field) => field.name_en.clone(),
                None => code.clone(),
            },
            Expression::Sum(parts) => all(parts, " + "),
            Expression::Difference(left, right) => {
                let right_said = match right.as_ref() {
                    Expression::Sum(parts) if parts.len() > 1 => {
                        bracketed(right.said(form, zh), zh)
                    }
                    other => other.beside(left, form, zh),
                };
                format!("{} − {right_said}", left.beside(right, form, zh))
            }
            Expression::AtLeast(left, right) => format!(
                "{} ≥ {}",
                left.beside(right, form, zh),
                right.beside(left, form, zh)
            ),
            Expression::All(parts) => all(parts, if zh { "，且 " } else { ", and " }),
        }
    }

    /// A number stands in the measure of what it is held against.
    fn beside(&self, other: &Expression, form: &FormDef, zh: bool) -> String {
        let Expression::Number(number) = self else {
            return self.said(form, zh);
        };
        let fields = other.fields();
        let field = fields.first().and_then(|code| form.field(code));
        let decimals = field.and_then(|field| field.kind.decimals()).unwrap_or(0);
        let unit = match field {
            Some(field) if zh => field.unit_zh.as_str(),
            Some(field) => field.unit_en.as_str(),
            None => "",
        };
        let number = format_scaled(*number, decimals);
        let number = match number.split_once('.') {
            Some((whole, rest)) if rest.bytes().all(|digit| digit == b'0') => whole.to_owned(),
            _ => number,
        };
        format!("{number} {unit}").trim_end().to_owned()
    }
}

fn bracketed(text: String, zh: bool) -> String {
    if zh {
        format!("（{text}）")
    } else {
        format!("({text})")
    }
}
