//! The small language of computed figures: `sum(operating, contract)`, `at_least(income, threshold)`.
//!
//! An expression is a number, a name, or one of the functions `sum`, `difference`, `at_least` and `all`. Names are
//! fields of the form, its settings, or metrics that stand above; all are resolved when the package is loaded,
//! so that evaluation needs nothing but the values of one report. It is total: it ends, it does not divide, and
//! what is missing or does not fit is `None`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How deep functions may stand in each other.
const MAX_DEPTH: usize = 16;

/// An expression whose names are resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// A number, scaled.
    Number(i64),
    /// The value of a field.
    Field(String),
    /// The sum.
    Sum(Vec<Expression>),
    /// The first less the second.
    Difference(Box<Expression>, Box<Expression>),
    /// One when the first is at least the second, else zero.
    AtLeast(Box<Expression>, Box<Expression>),
    /// One when all parts, each a yes or no, are one, else zero.
    All(Vec<Expression>),
}

impl Expression {
    /// The value. Nothing when a field is missing or the result does not fit.
    pub fn evaluate(&self, values: &BTreeMap<String, i64>) -> Option<i64> {
        match self {
            Expression::Number(number) => Some(*number),
            Expression::Field(code) => values.get(code).copied(),
            Expression::Sum(parts) => parts.iter().try_fold(0_i64, |total, part| {
                total.checked_add(part.evaluate(values)?)
            }),
            Expression::Difference(left, right) => {
                left.evaluate(values)?.checked_sub(right.evaluate(values)?)
            }
            Expression::AtLeast(left, right) => {
                Some(i64::from(left.evaluate(values)? >= right.evaluate(values)?))
            }
            Expression::All(parts) => parts.iter().try_fold(1_i64, |all, part| {
                Some(i64::from(all == 1 && part.evaluate(values)? == 1))
            }),
        }
    }

    /// Whether the value is always zero or one.
    pub fn is_truth(&self) -> bool {
        matches!(self, Expression::AtLeast(..) | Expression::All(_))
    }

    /// The field, where the expression is nothing else.
    pub fn single_field(&self) -> Option<&str> {
        match self {
            Expression::Field(code) => Some(code),
            _ => None,
        }
    }

    fn holds_truth(&self) -> bool {
        match self {
            Expression::Number(_) | Expression::Field(_) => false,
            Expression::Sum(parts) => parts.iter().any(Expression::holds_truth),
            Expression::Difference(left, right) => left.holds_truth() || right.holds_truth(),
            Expression::AtLeast(..) | Expression::All(_) => true,
        }
    }
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// One expression.
    One(Expression),
    /// Several, which only `sum` takes.
    Many(Vec<Expression>),
}

/// What is wrong with an expression, and at which character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    /// The character, counted from one.
    pub column: usize,
    /// What is wrong, in Chinese.
    pub message_zh: String,
    /// What is wrong, in English.
    pub message_en: String,
}

/// Reads an expression with the meanings of the names that it may use.
///
/// # Errors
/// The first thing that is wrong, with its column.
pub fn parse(text: &str, names: &BTreeMap<String, Meaning>) -> Result<Expression, ExpressionError> {
    let mut parser = Parser {
        rest: text,
        length: text.chars().count(),
        names,
    };
    let (column, meaning) = parser.argument(0)?;
    let expression = one(column, meaning)?;
    parser.skip_blanks();
    match parser.peek() {
        None => Ok(expression),
        Some(_) => Err(wrong(
            parser.column(),
            "表达式到此应结束",
            "the expression should end here",
        )),
    }
}

fn wrong(column: usize, zh: &str, en: &str) -> ExpressionError {
    ExpressionError {
        column,
        message_zh: zh.to_owned(),
        message_en: en.to_owned(),
    }
}

fn one(column: usize, meaning: Meaning) -> Result<Expression, ExpressionError> {
    match meaning {
        Meaning::One(expression) => Ok(expression),
        Meaning::Many(_) => Err(wrong(
            column,
            "这里的名称代表多项，只能放在 sum( ) 里",
            "this name stands for several figures and is taken by sum( ) only",
        )),
    }
}

struct Parser<'a> {
    rest: &'a str,
    length: usize,
    names: &'a BTreeMap<String, Meaning>,
}

impl<'a> Parser<'a> {
    fn column(&self) -> usize {
        self.length - self.rest.chars().count() + 1
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, sign: char) -> bool {
        self.skip_blanks();
        let taken = self.rest.strip_prefix(sign);
        if let Some(rest) = taken {
            self.rest = rest;
        }
        taken.is_some()
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self
            .rest
            .find(|sign| !wanted(sign))
            .unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn argument(&mut self, depth: usize) -> Result<(usize, Meaning), ExpressionError> {
        self.skip_blanks();
        let column = self.column();
        if depth > MAX_DEPTH {
            return Err(wrong(
                column,
                "函数嵌套太深",
                "functions stand too deep in each other",
            ));
        }
        match self.peek() {
            Some(sign) if sign.is_ascii_digit() => {
                let digits = self.take_while(|sign| sign.is_ascii_digit() || sign == '_');
                let number = digits
                    .replace('_', "")
                    .parse()
                    .map_err(|_| wrong(column, "数字太大", "the number is too large"))?;
                Ok((column, Meaning::One(Expression::Number(number))))
            }
            Some(sign) if sign.is_ascii_alphabetic() => self.name_or_call(column, depth),
            _ => Err(wrong(
                column,
                "这里应为名称、整数或函数",
                "a name, a whole number or a function should stand here",
            )),
        }
    }

    fn name_or_call(
        &mut self,
        column: usize,
        depth: usize,
    ) -> Result<(usize, Meaning), ExpressionError> {
        let name = self.take_while(|sign| sign.is_ascii_alphanumeric() || sign == '_');
        if self.take('(') {
            let arguments = self.arguments(depth)?;
            return Ok((column, Meaning::One(call(column, name, arguments)?)));
        }
        match self.names.get(name) {
            Some(meaning) => Ok((column, meaning.clone())),
            None => {
                let known = self
                    .names
                    .keys()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(", ");
                Err(ExpressionError {
                    column,
                    message_zh: format!(
                        "没有名为“{name}”的字段、设置或排在前面的指标；可用：{known}"
                    ),
                    message_en: format!(
                        "no field, setting or metric above is called `{name}`; there are: {known}"
                    ),
                })
            }
        }
    }

    fn arguments(&mut self, depth: usize) -> Result<Vec<(usize, Meaning)>, ExpressionError> {
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.argument(depth + 1)?);
            if self.take(')') {
                return Ok(arguments);
            }
            if !self.take(',') {
                return Err(wrong(
                    self.column(),
                    "这里应为逗号“,”或右括号“)”（均用半角）",
                    "a comma or a closing bracket should stand here",
                ));
            }
        }
    }
}

fn call(
    column: usize,
    name: &str,
    arguments: Vec<(usize, Meaning)>,
) -> Result<Expression, ExpressionError> {
    match name {
        "sum" => {
            let mut parts = Vec::new();
            for (column, argument) in arguments {
                match argument {
                    Meaning::One(expression) => parts.push(amount(column, expression)?),
                    Meaning::Many(expressions) => parts.extend(expressions),
                }
            }
            Ok(Expression::Sum(parts))
        }
        "difference" => {
            let (left, right) = pair(column, arguments)?;
            Ok(Expression::Difference(left, right))
        }
        "at_least" => {
            let (left, right) = pair(column, arguments)?;
            Ok(Expression::AtLeast(left, right))
        }
        "all" => {
            let parts = arguments.into_iter();
            let parts = parts.map(|(column, argument)| truth(column, one(column, argument)?));
            Ok(Expression::All(parts.collect::<Result<_, _>>()?))
        }
        _ => Err(ExpressionError {
            column,
            message_zh: format!("没有函数“{name}”；可用：sum, difference, at_least, all"),
            message_en: format!(
                "no function `{name}`; there are sum, difference, at_least and all"
            ),
        }),
    }
}

fn amount(column: usize, expression: Expression) -> Result<Expression, ExpressionError> {
    if expression.holds_truth() {
        return Err(wrong(
            column,
            "at_least( ) 的结果是“是/否”，不能再参与计算",
            "at_least( ) says yes or no and cannot be reckoned with",
        ));
    }
    Ok(expression)
}

fn truth(column: usize, expression: Expression) -> Result<Expression, ExpressionError> {
    if expression.is_truth() {
        return Ok(expression);
    }
    Err(wrong(
        column,
        "all( ) 里只能放“是/否”，如 at_least( )",
        "all( ) takes what says yes or no, such as at_least( )",
    ))
}

type Pair = (Box<Expression>, Box<Expression>);

fn pair(column: usize, arguments: Vec<(usize, Meaning)>) -> Result<Pair, ExpressionError> {
    let mut arguments = arguments.into_iter();
    match (arguments.next(), arguments.next(), arguments.next()) {
        (Some((left_at, left)), Some((right_at, right)), None) => Ok((
            Box::new(amount(left_at, one(left_at, left)?)?),
            Box::new(amount(right_at, one(right_at, right)?)?),
        )),
        _ => Err(wrong(
            column,
            "这个函数要两个参数",
            "this function takes two arguments",
        )),
    }
}
