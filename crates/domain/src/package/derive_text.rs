//! Reading the expressions of [`super::derive`], and checking them against the ledgers that they name.
//!
//! ```text
//! distinct(person of post_holder where in_force and post in ('secretary', 'member'),
//!          person of posting where in_force)
//! count(party_member where able and count(household_link by member = this where in_force) >= 10)
//! ```

use super::catalogue::LedgerDef;
use super::derive::{Condition, Counted, Derivation, Joined, Link, Moment, Operand, Selection};
use super::derive_sort::{
    Part, Sort, among, compare, find, fitting, in_force, is_number, is_telling, known, number,
    one_or, sort_of, states,
};
use super::derive_token::{Read, Token, tokens, wrong};
use super::form::Operator;
use super::ledger::{RecordField, RecordKind};
use std::collections::{BTreeMap, BTreeSet};

/// How deep parts may stand in each other.
const MAX_DEPTH: usize = 12;

/// Words that have a meaning where a field may stand.
pub(super) const RESERVED: [&str; 16] = [
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
    "month_start",
    "state",
    "count",
    "exists",
    "this",
    "in_force",
];

/// What expressions may name.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    /// The ledgers.
    pub(super) ledgers: &'a [LedgerDef],
    /// The numbers of settings by their codes, scaled, each with its decimals.
    pub(super) settings: &'a BTreeMap<String, (i64, u8)>,
}

/// Reads how a figure is derived.
///
/// # Errors
/// The first thing that is wrong, with its column.
pub(super) fn derivation(text: &str, names: Names<'_>) -> Read<Derivation> {
    let mut parser = Parser::new(text, names)?;
    parser.figure = true;
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

/// The ledger whose records are looked at, and the one of the record that they belong to.
#[derive(Clone, Copy)]
struct Around<'a> {
    ledger: &'a LedgerDef,
    this: Option<&'a LedgerDef>,
}

struct Parser<'a> {
    tokens: Vec<(usize, Token)>,
    at: usize,
    length: usize,
    names: Names<'a>,
    /// Whether a figure is derived, whose ways back from each record must be known.
    figure: bool,
}

impl<'a> Parser<'a> {
    fn new(text: &str, names: Names<'a>) -> Read<Parser<'a>> {
        Ok(Parser {
            tokens: tokens(text)?,
            at: 0,
            length: text.chars().count(),
            names,
            figure: false,
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
                Some((value, _)) => Ok(Derivation::Number(*value)),
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
            "count" => Derivation::Count(Box::new(self.selection(depth)?)),
            "exists" => Derivation::Exists(Box::new(self.selection(depth)?)),
            "sum" => Derivation::Sum(Box::new(self.counted(depth, is_number)?)),
            "least" => Derivation::Least(Box::new(self.counted(depth, is_number)?)),
            "most" => Derivation::Most(Box::new(self.counted(depth, is_number)?)),
            "distinct" => Derivation::Distinct(self.all_counted(depth)?),
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

    /// Fields whose values are told apart: all of them name or choose the same.
    fn all_counted(&mut self, depth: usize) -> Read<Vec<Counted>> {
        let mut all = vec![self.counted(depth, is_telling)?];
        loop {
            let column = self.column();
            if !self.take(",") {
                return Ok(all);
            }
            let next = self.counted(depth, is_telling)?;
            let first = all.first().and_then(|one| self.sort_of_counted(one));
            if first != self.sort_of_counted(&next) {
                return wrong(
                    column,
                    "一起去重的字段不是同一类",
                    "fields that are counted together are of different kinds",
                );
            }
            all.push(next);
        }
    }

    fn sort_of_counted(&self, counted: &Counted) -> Option<Sort> {
        let mut ledgers = self.names.ledgers.iter();
        let ledger = ledgers.find(|one| one.code == counted.of.ledger)?;
        Some(sort_of(&ledger.field(&counted.field)?.kind))
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
            "month_start" => self.month_start(column, around, depth),
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

    /// The first day of the month of a day.
    fn month_start(&mut self, column: usize, around: Around<'a>, depth: usize) -> Read<Part> {
        self.not_too_deep(depth)?;
        self.need("(")?;
        let day = self.part(around, depth + 1)?;
        self.need(")")?;
        match day {
            Part::Known(day, Sort::Day) => {
                Ok(Part::Known(Operand::MonthStart(Box::new(day)), Sort::Day))
            }
            _ => wrong(
                column,
                "month_start( ) 里应为日期",
                "a day should stand in month_start( )",
            ),
        }
    }

    fn own_field(&mut self, name: &str, column: usize, around: Around<'a>) -> Read<Part> {
        if around.ledger.field(name).is_none()
            && let Some((value, decimals)) = self.names.settings.get(name)
        {
            let number = Operand::Number(*value);
            return Ok(Part::Known(number, Sort::Number(*decimals)));
        }
        let field = find(around.ledger, name, column)?;
        if !self.take(".") {
            let sort = sort_of(&field.kind);
            return Ok(Part::Known(Operand::Field(name.to_owned()), sort));
        }
        if self.figure && around.this.is_some() {
            return wrong(
                column,
                "指标算式的 exists( )、count( ) 里只能写该台账自己的字段和 this.",
                "inside exists( ) and count( ) of a figure stand fields of that ledger and of `this.` only",
            );
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
