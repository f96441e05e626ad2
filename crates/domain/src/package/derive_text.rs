//! Reading the expressions of [`super::derive`], and checking them against the ledgers that they name.
//!
//! ```text
//! distinct(person of post_holder where in_force and post in ('secretary', 'member'),
//!          person of posting where in_force)
//! count(party_member where able and count(household_link by member = this where in_force) >= 10)
//! ```

use super::catalogue::LedgerDef;
use super::derive::{Condition, Counted, Derivation, Joined, Link, Moment, Operand, Selection};
use super::expression::ExpressionError;
use super::form::Operator;
use super::ledger::{RecordField, RecordKind};
use super::number::parse_scaled;
use std::collections::{BTreeMap, BTreeSet};

/// How deep parts may stand in each other.
const MAX_DEPTH: usize = 12;

/// Words that have a meaning where a field may stand.
pub(super) const RESERVED: [&str; 15] = [
    "and",
    "or",
    "not",
    "yes",
    "no",
    "start",
    "end",
    "today",
    "year_start",
    "year_before",
    "state",
    "count",
    "exists",
    "this",
    "in_force",
];

type Read<T> = Result<T, ExpressionError>;

/// What expressions may name.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    /// The ledgers.
    pub(super) ledgers: &'a [LedgerDef],
    /// The settings, by their codes.
    pub(super) settings: &'a BTreeMap<String, i64>,
}

/// Reads how a figure is derived.
///
/// # Errors
/// The first thing that is wrong, with its column.
pub(super) fn derivation(text: &str, names: Names<'_>) -> Read<Derivation> {
    let mut parser = Parser::new(text, names)?;
    let found = parser.derivation(0)?;
    parser.at_end()?;
    Ok(found)
}

/// Reads what must be true of a record of a ledger.
///
/// # Errors
/// The first thing that is wrong, with its column.
pub(super) fn condition(text: &str, ledger: &LedgerDef, names: Names<'_>) -> Read<Condition> {
    let mut parser = Parser::new(text, names)?;
    let around = Around { ledger, this: None };
    let found = parser.condition(around, 0)?;
    parser.at_end()?;
    Ok(found)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Name(String),
    Number(String),
    Code(String),
    Sign(&'static str),
}

const SIGNS: [&str; 11] = ["!=", "<=", ">=", "<", ">", "=", "(", ")", ",", ".", "-"];

/// The ledger whose records are looked at, and the one of the record that they belong to.
#[derive(Clone, Copy)]
struct Around<'a> {
    ledger: &'a LedgerDef,
    this: Option<&'a LedgerDef>,
}

/// What an operand is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sort {
    Number(u8),
    Day,
    Flag,
    Codes(BTreeSet<String>),
    Named(String),
    Text,
}

/// An operand; a number waits to learn how it is scaled, a code among which it stands.
enum Part {
    Known(Operand, Sort),
    Number(String),
    Code(String),
}

struct Parser<'a> {
    tokens: Vec<(usize, Token)>,
    at: usize,
    length: usize,
    names: Names<'a>,
}

fn wrong<T>(column: usize, zh: impl Into<String>, en: impl Into<String>) -> Read<T> {
    Err(ExpressionError {
        column,
        message_zh: zh.into(),
        message_en: en.into(),
    })
}

fn tokens(text: &str) -> Read<Vec<(usize, Token)>> {
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

impl<'a> Parser<'a> {
    fn new(text: &str, names: Names<'a>) -> Read<Parser<'a>> {
        Ok(Parser {
            tokens: tokens(text)?,
            at: 0,
            length: text.chars().count(),
            names,
        })
    }

    fn column(&self) -> usize {
        self.tokens
            .get(self.at)
            .map_or(self.length + 1, |(column, _)| *column)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.at += 1;
        token
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Name(name)) if name == word)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let taken = self.is_word(word);
        self.at += usize::from(taken);
        taken
    }

    fn take(&mut self, sign: &'static str) -> bool {
        let taken = self.peek() == Some(&Token::Sign(sign));
        self.at += usize::from(taken);
        taken
    }

    fn need(&mut self, sign: &'static str) -> Read<()> {
        if self.take(sign) {
            return Ok(());
        }
        wrong(
            self.column(),
            format!("这里应为“{sign}”（半角）"),
            format!("`{sign}` should stand here"),
        )
    }

    fn need_word(&mut self, word: &'static str) -> Read<()> {
        if self.take_word(word) {
            return Ok(());
        }
        wrong(
            self.column(),
            format!("这里应为“{word}”"),
            format!("`{word}` should stand here"),
        )
    }

    fn name(&mut self) -> Read<String> {
        let column = self.column();
        match self.next() {
            Some(Token::Name(name)) => Ok(name),
            _ => wrong(column, "这里应为名称", "a name should stand here"),
        }
    }

    fn at_end(&self) -> Read<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => wrong(
                self.column(),
                "表达式到此应结束",
                "the expression should end here",
            ),
        }
    }

    fn not_too_deep(&self, depth: usize) -> Read<()> {
        if depth <= MAX_DEPTH {
            return Ok(());
        }
        wrong(
            self.column(),
            "嵌套太深",
            "parts stand too deep in each other",
        )
    }

    fn ledger(&mut self) -> Read<&'a LedgerDef> {
        let column = self.column();
        let name = self.name()?;
        let mut defined = self.names.ledgers.iter();
        match defined.find(|ledger| ledger.code == name && ledger.record.is_some()) {
            Some(ledger) => Ok(ledger),
            None => wrong(
                column,
                format!("没有已定义的台账“{name}”"),
                format!("no ledger with records is called `{name}`"),
            ),
        }
    }

    fn derivation(&mut self, depth: usize) -> Read<Derivation> {
        self.not_too_deep(depth)?;
        let column = self.column();
        match self.next() {
            Some(Token::Number(digits)) => Ok(Derivation::Number(number(column, &digits, 0)?)),
            Some(Token::Name(name)) if self.take("(") => {
                let found = self.call(column, &name, depth)?;
                self.need(")")?;
                Ok(found)
            }
            Some(Token::Name(name)) => match self.names.settings.get(&name) {
                Some(value) => Ok(Derivation::Number(*value)),
                None => wrong(
                    column,
                    format!("没有设置项“{name}”"),
                    format!("no setting is called `{name}`"),
                ),
            },
            _ => wrong(
                column,
                "这里应为函数、整数或设置项",
                "a function, a whole number or a setting should stand here",
            ),
        }
    }

    fn call(&mut self, column: usize, name: &str, depth: usize) -> Read<Derivation> {
        Ok(match name {
            "count" => Derivation::Count(self.selection(depth)?),
            "exists" => Derivation::Exists(self.selection(depth)?),
            "sum" => Derivation::Sum(self.counted(depth, is_number)?),
            "least" => Derivation::Least(self.counted(depth, is_number)?),
            "most" => Derivation::Most(self.counted(depth, is_number)?),
            "distinct" => {
                let mut all = vec![self.counted(depth, is_telling)?];
                while self.take(",") {
                    all.push(self.counted(depth, is_telling)?);
                }
                Derivation::Distinct(all)
            }
            "total" => {
                let mut parts = vec![self.derivation(depth + 1)?];
                while self.take(",") {
                    parts.push(self.derivation(depth + 1)?);
                }
                Derivation::Total(parts)
            }
            "difference" | "at_least" => {
                let left = Box::new(self.derivation(depth + 1)?);
                self.need(",")?;
                let right = Box::new(self.derivation(depth + 1)?);
                if name == "difference" {
                    Derivation::Difference(left, right)
                } else {
                    Derivation::AtLeast(left, right)
                }
            }
            _ => {
                return wrong(
                    column,
                    format!(
                        "没有函数“{name}”；可用：count, exists, sum, least, most, distinct, total, difference, at_least"
                    ),
                    format!(
                        "no function `{name}`; there are count, exists, sum, least, most, distinct, total, difference and at_least"
                    ),
                );
            }
        })
    }

    fn counted(&mut self, depth: usize, fits: fn(&RecordKind) -> bool) -> Read<Counted> {
        let column = self.column();
        let name = self.name()?;
        self.need_word("of")?;
        let of = self.selection(depth)?;
        let ledger = self.names.ledgers.iter().find(|one| one.code == of.ledger);
        let kind = ledger.and_then(|ledger| ledger.field(&name));
        if kind.is_some_and(|field| fits(&field.kind)) {
            return Ok(Counted { field: name, of });
        }
        wrong(
            column,
            format!("台账“{}”没有可这样计算的字段“{name}”", of.ledger),
            format!(
                "`{}` has no field `{name}` that can be counted so",
                of.ledger
            ),
        )
    }

    fn selection(&mut self, depth: usize) -> Read<Selection> {
        let ledger = self.ledger()?;
        let around = Around { ledger, this: None };
        Ok(Selection {
            ledger: ledger.code.clone(),
            condition: self.where_if_any(around, depth)?,
        })
    }

    fn where_if_any(&mut self, around: Around<'a>, depth: usize) -> Read<Condition> {
        if self.take_word("where") {
            self.condition(around, depth + 1)
        } else {
            Ok(Condition::always())
        }
    }

    fn condition(&mut self, around: Around<'a>, depth: usize) -> Read<Condition> {
        self.not_too_deep(depth)?;
        let mut parts = vec![self.all_of(around, depth)?];
        while self.take_word("or") {
            parts.push(self.all_of(around, depth)?);
        }
        Ok(one_or(parts, Condition::Any))
    }

    fn all_of(&mut self, around: Around<'a>, depth: usize) -> Read<Condition> {
        let mut parts = vec![self.single(around, depth)?];
        while self.take_word("and") {
            parts.push(self.single(around, depth)?);
        }
        Ok(one_or(parts, Condition::All))
    }

    fn single(&mut self, around: Around<'a>, depth: usize) -> Read<Condition> {
        self.not_too_deep(depth)?;
        if self.take_word("not") {
            return Ok(Condition::Not(Box::new(self.single(around, depth + 1)?)));
        }
        if self.take("(") {
            let inner = self.condition(around, depth + 1)?;
            self.need(")")?;
            return Ok(inner);
        }
        let column = self.column();
        if self.take_word("in_force") {
            return in_force(around.ledger, column);
        }
        if self.take_word("exists") {
            self.need("(")?;
            let joined = self.joined(around, depth)?;
            self.need(")")?;
            return Ok(Condition::Exists(Box::new(joined)));
        }
        self.comparison(around, depth)
    }

    fn comparison(&mut self, around: Around<'a>, depth: usize) -> Read<Condition> {
        let column = self.column();
        let left = self.part(around, depth)?;
        if self.take_word("is") {
            let value = known(left, column)?;
            if self.take_word("missing") {
                return Ok(Condition::Missing(value.0));
            }
            self.need_word("present")?;
            return Ok(Condition::Not(Box::new(Condition::Missing(value.0))));
        }
        if self.take_word("in") {
            let (value, sort) = known(left, column)?;
            let codes = self.codes(&sort)?;
            return Ok(Condition::OneOf { value, codes });
        }
        let operator = match self.peek() {
            Some(Token::Sign("=" | "!=")) => Operator::Equal,
            Some(Token::Sign("<")) => Operator::LessThan,
            Some(Token::Sign("<=")) => Operator::AtMost,
            Some(Token::Sign(">")) => Operator::MoreThan,
            Some(Token::Sign(">=")) => Operator::AtLeast,
            _ => {
                return match known(left, column)? {
                    (value, Sort::Flag) => Ok(compare(value, Operator::Equal, Operand::Flag(true))),
                    _ => wrong(
                        self.column(),
                        "这里应为比较符号",
                        "a comparison should stand here",
                    ),
                };
            }
        };
        let differs = self.peek() == Some(&Token::Sign("!="));
        self.at += 1;
        let right = self.part(around, depth)?;
        let found = fitting(left, operator, right, column)?;
        Ok(if differs {
            Condition::Not(Box::new(found))
        } else {
            found
        })
    }

    fn codes(&mut self, sort: &Sort) -> Read<BTreeSet<String>> {
        self.need("(")?;
        let mut codes = BTreeSet::new();
        loop {
            let column = self.column();
            match self.next() {
                Some(Token::Code(code)) => {
                    among(sort, &code, column)?;
                    codes.insert(code);
                }
                _ => {
                    return wrong(
                        column,
                        "这里应为带单引号的代码",
                        "a code in single quotes should stand here",
                    );
                }
            }
            if self.take(")") {
                return Ok(codes);
            }
            self.need(",")?;
        }
    }

    fn part(&mut self, around: Around<'a>, depth: usize) -> Read<Part> {
        let column = self.column();
        match self.next() {
            Some(Token::Number(digits)) => Ok(Part::Number(digits)),
            Some(Token::Code(code)) => Ok(Part::Code(code)),
            Some(Token::Name(name)) => self.named(&name, column, around, depth),
            _ => wrong(
                column,
                "这里应为字段、数字或代码",
                "a field, a number or a code should stand here",
            ),
        }
    }

    fn named(&mut self, name: &str, column: usize, around: Around<'a>, depth: usize) -> Read<Part> {
        let moment = |moment| Ok(Part::Known(Operand::Moment(moment), Sort::Day));
        match name {
            "yes" | "no" => Ok(Part::Known(Operand::Flag(name == "yes"), Sort::Flag)),
            "start" => moment(Moment::Start),
            "end" | "today" => moment(Moment::End),
            "year_start" => moment(Moment::YearStart),
            "year_before" => moment(Moment::YearBefore),
            "state" => Ok(Part::Known(
                Operand::State,
                Sort::Codes(states(around.ledger)),
            )),
            "count" => {
                self.need("(")?;
                let joined = self.joined(around, depth)?;
                self.need(")")?;
                Ok(Part::Known(
                    Operand::Count(Box::new(joined)),
                    Sort::Number(0),
                ))
            }
            "this" => {
                self.need(".")?;
                let Some(this) = around.this else {
                    return wrong(
                        column,
                        "只有在 exists( )、count( ) 里才能写 this.",
                        "`this.` stands only inside exists( ) and count( )",
                    );
                };
                let (field, sort) = self.field(this)?;
                Ok(Part::Known(Operand::This(field.code.clone()), sort))
            }
            _ => self.own_field(name, column, around),
        }
    }

    fn own_field(&mut self, name: &str, column: usize, around: Around<'a>) -> Read<Part> {
        if around.ledger.field(name).is_none()
            && let Some(value) = self.names.settings.get(name)
        {
            return Ok(Part::Known(Operand::Number(*value), Sort::Number(0)));
        }
        let field = find(around.ledger, name, column)?;
        if !self.take(".") {
            let sort = sort_of(&field.kind);
            return Ok(Part::Known(Operand::Field(name.to_owned()), sort));
        }
        let RecordKind::Reference { ledger } = &field.kind else {
            return wrong(
                column,
                format!("“{name}”不是对另一条记录的引用"),
                format!("`{name}` names no other record"),
            );
        };
        let mut defined = self.names.ledgers.iter();
        let Some(other) = defined.find(|one| one.code == *ledger) else {
            return wrong(
                column,
                format!("没有台账“{ledger}”"),
                format!("there is no ledger `{ledger}`"),
            );
        };
        let (field, sort) = self.field(other)?;
        let operand = Operand::Hop {
            through: name.to_owned(),
            ledger: ledger.clone(),
            field: field.code.clone(),
        };
        Ok(Part::Known(operand, sort))
    }

    fn field(&mut self, ledger: &'a LedgerDef) -> Read<(&'a RecordField, Sort)> {
        let column = self.column();
        let name = self.name()?;
        let field = find(ledger, &name, column)?;
        Ok((field, sort_of(&field.kind)))
    }

    fn joined(&mut self, around: Around<'a>, depth: usize) -> Read<Joined> {
        self.not_too_deep(depth)?;
        if around.this.is_some() {
            return wrong(
                self.column(),
                "exists( )、count( ) 里不能再套一层",
                "exists( ) and count( ) do not stand inside each other",
            );
        }
        let other = self.take_word("other");
        let ledger = self.ledger()?;
        let by = if self.take_word("here") {
            Link::Here
        } else {
            self.need_word("by")?;
            self.link(ledger, around.ledger)?
        };
        let within = Around {
            ledger,
            this: Some(around.ledger),
        };
        Ok(Joined {
            ledger: ledger.code.clone(),
            by,
            other,
            condition: self.where_if_any(within, depth)?,
        })
    }

    fn link(&mut self, ledger: &'a LedgerDef, own: &'a LedgerDef) -> Read<Link> {
        let column = self.column();
        let (field, _) = self.field(ledger)?;
        let named = field.kind.ledger();
        self.need("=")?;
        let field = field.code.clone();
        let (link, wanted) = if self.take_word("this") {
            (Link::ToThis { field }, Some(own.code.as_str()))
        } else {
            let (through, _) = self.field(own)?;
            let wanted = match &through.kind {
                RecordKind::Reference { ledger } => Some(ledger.as_str()),
                _ => None,
            };
            let own = through.code.clone();
            (Link::ToField { field, own }, wanted)
        };
        if wanted.is_some() && named == wanted {
            return Ok(link);
        }
        wrong(
            column,
            "等号两边引用的不是同一台账的记录",
            "the two sides name records of different ledgers",
        )
    }
}

fn one_or(mut parts: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => Condition::always(),
    }
}

fn is_number(kind: &RecordKind) -> bool {
    kind.decimals().is_some()
}

/// Whether values tell things apart: records, units, codes.
fn is_telling(kind: &RecordKind) -> bool {
    !matches!(
        kind,
        RecordKind::IdCard | RecordKind::Phone | RecordKind::File
    )
}

fn sort_of(kind: &RecordKind) -> Sort {
    match kind {
        RecordKind::Integer | RecordKind::Decimal { .. } | RecordKind::Money => {
            Sort::Number(kind.decimals().unwrap_or_default())
        }
        RecordKind::Date => Sort::Day,
        RecordKind::YesNo => Sort::Flag,
        RecordKind::Choice { choices } | RecordKind::Choices { choices } => {
            Sort::Codes(choices.iter().map(|choice| choice.code.clone()).collect())
        }
        RecordKind::Reference { ledger } | RecordKind::References { ledger } => {
            Sort::Named(ledger.clone())
        }
        RecordKind::Unit => Sort::Named(String::new()),
        RecordKind::Text
        | RecordKind::IdCard
        | RecordKind::Phone
        | RecordKind::File
        | RecordKind::Place => Sort::Text,
    }
}

fn states(ledger: &LedgerDef) -> BTreeSet<String> {
    let states = ledger.record.iter().flat_map(|record| record.states.iter());
    states.map(|state| state.code.clone()).collect()
}

fn find<'a>(ledger: &'a LedgerDef, name: &str, column: usize) -> Read<&'a RecordField> {
    match ledger.field(name) {
        Some(field) => Ok(field),
        None => {
            let known: Vec<&str> = ledger.fields().map(|field| field.code.as_str()).collect();
            let known = known.join(", ");
            wrong(
                column,
                format!("台账“{}”没有字段“{name}”；可用：{known}", ledger.code),
                format!(
                    "`{}` has no field `{name}`; there are: {known}",
                    ledger.code
                ),
            )
        }
    }
}

fn number(column: usize, digits: &str, decimals: u8) -> Read<i64> {
    match parse_scaled(digits, decimals) {
        Some(number) => Ok(number),
        None => wrong(
            column,
            format!("数字“{digits}”的小数位太多或数值太大"),
            format!("the number {digits} has too many decimals or is too large"),
        ),
    }
}

fn among(sort: &Sort, code: &str, column: usize) -> Read<()> {
    match sort {
        Sort::Codes(codes) if codes.contains(code) => Ok(()),
        Sort::Codes(codes) => {
            let known: Vec<&str> = codes.iter().map(String::as_str).collect();
            let known = known.join(", ");
            wrong(
                column,
                format!("没有选项“{code}”；可用：{known}"),
                format!("no choice is called `{code}`; there are: {known}"),
            )
        }
        _ => wrong(
            column,
            "只有选项和状态才能与代码比较",
            "only choices and states compare with codes",
        ),
    }
}

fn known(part: Part, column: usize) -> Read<(Operand, Sort)> {
    match part {
        Part::Known(operand, sort) => Ok((operand, sort)),
        Part::Number(_) | Part::Code(_) => wrong(
            column,
            "左边应为字段",
            "a field should stand on the left side",
        ),
    }
}

fn compare(left: Operand, operator: Operator, right: Operand) -> Condition {
    Condition::Compare {
        left,
        operator,
        right,
    }
}

/// Both sides are of one kind, and only numbers and days are more or less than others.
fn fitting(left: Part, operator: Operator, right: Part, column: usize) -> Read<Condition> {
    let (left, sort) = known(left, column)?;
    let (right, ordered) = match (right, &sort) {
        (Part::Number(digits), Sort::Number(decimals)) => {
            let number = number(column, &digits, *decimals)?;
            (Operand::Number(number), true)
        }
        (Part::Code(code), sort) => {
            among(sort, &code, column)?;
            (Operand::Code(code), false)
        }
        (Part::Known(operand, other), sort) if other == *sort && *sort != Sort::Text => {
            (operand, matches!(sort, Sort::Number(_) | Sort::Day))
        }
        _ => {
            return wrong(
                column,
                "比较的两边不是同一类",
                "the two sides of the comparison are of different kinds",
            );
        }
    };
    if ordered || operator == Operator::Equal {
        return Ok(compare(left, operator, right));
    }
    wrong(
        column,
        "只有数字和日期能比大小",
        "only numbers and days are more or less than others",
    )
}

/// The record is in force on the last day of the period.
fn in_force(ledger: &LedgerDef, column: usize) -> Read<Condition> {
    let term = ledger
        .record
        .as_ref()
        .and_then(|record| record.term.as_ref());
    let Some(term) = term else {
        return wrong(
            column,
            format!("台账“{}”没有起止日期（term）", ledger.code),
            format!("`{}` has no term", ledger.code),
        );
    };
    let end = || Operand::Moment(Moment::End);
    let mut parts = vec![compare(
        Operand::Field(term.since.clone()),
        Operator::AtMost,
        end(),
    )];
    if let Some(until) = &term.until {
        parts.push(Condition::Any(vec![
            Condition::Missing(Operand::Field(until.clone())),
            compare(Operand::Field(until.clone()), Operator::MoreThan, end()),
        ]));
    }
    Ok(Condition::All(parts))
}
