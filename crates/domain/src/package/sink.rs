//! Where the readers of a package note faults, codes that are defined, and codes that are referred to.

use super::error::{PackageError, SourceFile};
use super::reader::{Words, exact};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    file: String,
    line: usize,
}

/// A file and where its lines begin.
pub(super) struct Lines {
    name: String,
    starts: Vec<usize>,
}

impl Lines {
    /// The lines of a file.
    pub(super) fn of(file: &SourceFile) -> Lines {
        let breaks = file.text.match_indices('\n');
        Lines {
            name: file.name.clone(),
            starts: breaks.map(|(byte, _)| byte + 1).collect(),
        }
    }
}

impl At {
    /// The line of a byte of the file.
    pub(super) fn new(file: &Lines, byte: usize) -> At {
        At {
            file: file.name.clone(),
            line: file.starts.partition_point(|start| *start <= byte) + 1,
        }
    }

    /// The first line of a file that is not there.
    pub(super) fn absent(name: &str) -> At {
        At {
            file: name.to_owned(),
            line: 1,
        }
    }
}

/// The same in Chinese and in English.
pub(super) struct Both {
    /// Chinese.
    pub(super) zh: String,
    /// English.
    pub(super) en: String,
}

/// A text in both languages.
pub(super) fn both(zh: impl Into<String>, en: impl Into<String>) -> Both {
    Both {
        zh: zh.into(),
        en: en.into(),
    }
}

/// What a code names. Codes of one kind differ from each other; those that belong to something carry its code
/// before them: `M12/operating`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A project.
    Project,
    /// A matter.
    Matter,
    /// A department.
    Department,
    /// A ledger.
    Ledger,
    /// A tag of units.
    Tag,
    /// A metric.
    Metric,
    /// A form.
    Form,
    /// A field of a form.
    Field,
    /// A rule of a form.
    Rule,
    /// A setting of a matter or a form.
    Setting,
    /// A list of a matter.
    List,
    /// An item of a list or a choice of a field.
    Item,
    /// A state of a ledger's records.
    State,
    /// A move between states of a ledger's records.
    Move,
}

impl Kind {
    fn shown(self) -> Both {
        match self {
            Kind::Project => both("工程", "project"),
            Kind::Matter => both("实事", "matter"),
            Kind::Department => both("部门", "department"),
            Kind::Ledger => both("台账", "ledger"),
            Kind::Tag => both("单位标签", "tag"),
            Kind::Metric => both("指标", "metric"),
            Kind::Form => both("报送表", "form"),
            Kind::Field => both("填报项", "field"),
            Kind::Rule => both("校验规则", "rule"),
            Kind::Setting => both("设置项", "setting"),
            Kind::List => both("清单", "list"),
            Kind::Item => both("清单条目", "list item"),
            Kind::State => both("状态", "state"),
            Kind::Move => both("流转", "move"),
        }
    }
}

/// What the readers note.
#[derive(Default)]
pub(super) struct Sink {
    faults: RefCell<Vec<PackageError>>,
    defined: RefCell<BTreeMap<(Kind, String), At>>,
    wanted: RefCell<Vec<(Kind, String, At)>>,
    again: RefCell<BTreeSet<(Kind, String)>>,
    unread: RefCell<BTreeSet<Kind>>,
    quiet: Cell<bool>,
}

impl Sink {
    /// Notes a fault: its code, what is wrong, what to do.
    pub(super) fn note(&self, at: &At, code: &'static str, message: Both, advice: Both) {
        if self.quiet.get() {
            return;
        }
        self.faults.borrow_mut().push(PackageError {
            file: at.file.clone(),
            line: at.line,
            code,
            message_zh: message.zh,
            message_en: message.en,
            advice_zh: advice.zh,
            advice_en: advice.en,
        });
    }

    /// While a file is read that is not whole, its codes count as defined, but what it lacks is no further fault.
    /// References to the kinds of codes that it may have lost are not judged.
    pub(super) fn read_quietly(&self, lost: &[Kind], read: impl FnOnce()) {
        self.unread.borrow_mut().extend(lost);
        self.quiet.set(true);
        read();
        self.quiet.set(false);
    }

    /// Notes that a code is defined, and the fault where it was before.
    pub(super) fn define(&self, kind: Kind, code: &str, at: &At) {
        if code.is_empty() {
            return;
        }
        self.differ(kind, code, at);
        let key = (kind, code.to_owned());
        self.defined
            .borrow_mut()
            .entry(key)
            .or_insert_with(|| at.clone());
    }

    /// Notes that a code is defined in a later edition too.
    pub(super) fn define_again(&self, kind: Kind, code: &str, edition: &str, at: &At) {
        if !code.is_empty() {
            self.define(kind, &format!("{code}@{edition}"), at);
            self.again.borrow_mut().insert((kind, code.to_owned()));
        }
    }

    /// Notes a fault where the code is defined as one of that kind.
    pub(super) fn differ(&self, kind: Kind, code: &str, at: &At) {
        let key = (kind, code.to_owned());
        let first = self.defined.borrow().get(&key).cloned();
        let Some(first) = first else {
            return;
        };
        let name = kind.shown();
        self.note(
            at,
            "duplicate_code",
            both(
                format!("已有代码为“{code}”的{}", name.zh),
                format!("a {} has the code `{code}` already", name.en),
            ),
            both(
                format!("见{}第{}行；请改用其他代码", first.file, first.line),
                format!(
                    "it stands at {}:{}; use another code",
                    first.file, first.line
                ),
            ),
        );
    }

    /// Notes that a code is referred to.
    pub(super) fn want(&self, kind: Kind, code: &str, at: &At) {
        if !code.is_empty() && !self.quiet.get() {
            let wanted = (kind, code.to_owned(), at.clone());
            self.wanted.borrow_mut().push(wanted);
        }
    }

    /// Notes codes that are referred to, and gives them back.
    pub(super) fn want_all(&self, kind: Kind, codes: Vec<(String, At)>) -> Vec<String> {
        let wanted = codes.into_iter().map(|(code, at)| {
            self.want(kind, &code, &at);
            code
        });
        wanted.collect()
    }

    /// Notes a fault where a code has the wrong shape.
    pub(super) fn shape(&self, at: &At, code: &str, right: bool) {
        if !right && !code.is_empty() {
            self.note(
                at,
                "bad_code",
                both(
                    format!("代码“{code}”含有不允许的字符"),
                    format!("the code `{code}` holds signs that it may not"),
                ),
                both(
                    "代码以英文字母开头，只用字母、数字和下划线；填报项、设置项和指标用小写",
                    "begin with a letter; use letters, digits and `_`, small ones for fields, settings and metrics",
                ),
            );
        }
    }

    /// A number with at most so many decimals.
    pub(super) fn scaled(&self, at: &At, digits: &str, decimals: u8) -> Option<i64> {
        let number = exact(digits, decimals);
        if number.is_none() {
            self.note(
                at,
                "bad_number",
                both(
                    format!("数字“{digits}”的小数位太多或数值太大"),
                    format!("the number {digits} has too many decimals or is too large"),
                ),
                both(
                    format!("请写成最多{decimals}位小数的普通数字"),
                    format!("write it in plain digits with at most {decimals} decimals"),
                ),
            );
        }
        number
    }

    /// The meaning of a word.
    pub(super) fn word<T: Copy>(
        &self,
        at: &At,
        key: &str,
        text: &str,
        words: Words<'_, T>,
    ) -> Option<T> {
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let known = words.iter().map(|(word, _)| *word).collect::<Vec<_>>();
            let known = known.join(", ");
            self.note(
                at,
                "unknown_word",
                both(
                    format!("“{key}”不能是“{text}”"),
                    format!("`{key}` cannot be `{text}`"),
                ),
                both(format!("可用：{known}"), format!("use one of: {known}")),
            );
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// All faults, in the order of files and lines, references to codes that nothing defines among them.
    pub(super) fn settle(self) -> Vec<PackageError> {
        let unread = self.unread.borrow();
        for (kind, code, at) in self.wanted.borrow().iter() {
            let key = (*kind, code.clone());
            let known =
                self.defined.borrow().contains_key(&key) || self.again.borrow().contains(&key);
            if known || unread.contains(kind) {
                continue;
            }
            let name = kind.shown();
            self.note(
                at,
                "unknown_reference",
                both(
                    format!("没有代码为“{code}”的{}", name.zh),
                    format!("no {} has the code `{code}`", name.en),
                ),
                both(
                    format!("请检查拼写，或先定义该{}", name.zh),
                    format!("check the spelling or define the {} first", name.en),
                ),
            );
        }
        let mut faults = self.faults.take();
        faults.sort_by(|a, b| (&a.file, a.line, a.code).cmp(&(&b.file, b.line, b.code)));
        faults
    }
}
