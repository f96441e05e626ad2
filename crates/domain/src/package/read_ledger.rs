//! Reading `ledgers/*.toml`: one ledger a file, with its fields, rules, states and moves. Expressions are kept as written
//! until every ledger is known.

use super::catalogue::{LedgerDef, ListItem, Matter, Setting, SettingValue, TagDef};
use super::check::Severity;
use super::derive::Condition;
use super::derive_text::{Names, RESERVED, condition};
use super::ledger::{
    FILTERS, MoveDef, RecordDef, RecordField, RecordKind, RecordRule, RecordSection, Replace,
    StateDef, Term,
};
use super::read_catalogue::LEVELS;
use super::read_matter::items;
use super::read_metric::note_expression;
use super::read_rule::SEVERITIES;
use super::reader::{Table, Words};
use super::sink::{At, Kind, Sink, both};
use crate::file::FILES;
use crate::unit::Level;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy)]
enum Word {
    Text,
    Integer,
    Decimal,
    Money,
    Date,
    Choice,
    Choices,
    YesNo,
    IdCard,
    Phone,
    Unit,
    Reference,
    References,
    Person,
    File,
    Place,
}

const KINDS: Words<'static, Word> = &[
    ("text", Word::Text),
    ("integer", Word::Integer),
    ("decimal", Word::Decimal),
    ("money", Word::Money),
    ("date", Word::Date),
    ("choice", Word::Choice),
    ("choices", Word::Choices),
    ("yes_no", Word::YesNo),
    ("id_card", Word::IdCard),
    ("phone", Word::Phone),
    ("unit", Word::Unit),
    ("reference", Word::Reference),
    ("references", Word::References),
    ("person", Word::Person),
    ("file", Word::File),
    ("place", Word::Place),
];

/// The ledger whose records are people.
pub(super) const PEOPLE: &str = "person";

/// A rule as written.
pub(super) struct WrittenRule {
    ledger: String,
    rule: RecordRule,
    text: String,
    at: At,
}

/// A ledger as written, with its rules.
pub(super) fn read_ledger(root: Table<'_>, rules: &mut Vec<WrittenRule>) -> Option<LedgerDef> {
    let head = root.needed_table("ledger");
    let code = head.as_ref().map(|head| head.name("code"));
    let code = code.unwrap_or_default();
    if let Some(head) = &head {
        head.sink()
            .define(Kind::Ledger, &code, &head.at_key("code"));
    }
    let sections: Vec<RecordSection> = root
        .tables("section")
        .into_iter()
        .map(|table| section(table, &code))
        .collect();
    let (states, moves) = states(&root, &code);
    for table in root.tables("rule") {
        rules.push(rule(table, &code));
    }
    let unique = root
        .tables("unique")
        .into_iter()
        .map(|table| {
            let fields = wanted_fields(&table, "fields", &code);
            table.finish();
            fields
        })
        .collect();
    let read = head.map(|head| {
        let (held, filled) = (levels(&head, "levels"), levels(&head, "fill_levels"));
        check_fill(&head, &held, &filled);
        check_filters(&head, &sections);
        let term = head
            .table("term")
            .map(|table| term(table, &code, &sections));
        check_files(&head, &sections);
        let ledger = LedgerDef {
            name_zh: head.text("name_zh"),
            name_en: head.text("name_en"),
            restricted: head.flag("restricted", false),
            record: Some(RecordDef {
                levels: held,
                fill_levels: filled,
                title: title(&head, &code, &sections),
                marks: head
                    .has("marks")
                    .then(|| marks(&head, &code, term.as_ref(), &sections)),
                term,
                sections,
                unique,
                rules: Vec::new(),
                states,
                moves,
            }),
            code,
        };
        head.finish();
        ledger
    });
    root.finish();
    read
}

/// Lists are filtered by so many fields and no more; what only one record may have is found by such fields.
fn check_filters(head: &Table<'_>, sections: &[RecordSection]) {
    let filters = sections.iter().flat_map(|section| &section.fields);
    let filters: Vec<&RecordField> = filters.filter(|field| field.filter).collect();
    let texts = filters.iter().filter(|field| field.kind.filters_as_text());
    let texts = texts.count();
    if texts > FILTERS || filters.len() - texts > FILTERS {
        head.sink().note(
            &head.at(),
            "too_many_filters",
            both(
                format!("筛选项太多：选项、是否、身份证号最多{FILTERS}项，日期、数字、引用最多{FILTERS}项"),
                format!("too many filters: at most {FILTERS} of choices, yes or no and identity numbers, and {FILTERS} of days, numbers and references"),
            ),
            both("请去掉不常用的 filter = true", "remove `filter = true` where it is seldom used"),
        );
    }
}

/// A record holds as many files as other things.
fn check_files(head: &Table<'_>, sections: &[RecordSection]) {
    let fields = sections.iter().flat_map(|section| &section.fields);
    let files = fields
        .filter(|field| field.kind == RecordKind::File)
        .count();
    if files > FILES {
        head.sink().note(
            &head.at(),
            "too_many_files",
            both(
                format!("附件字段太多：一条记录最多{FILES}个附件"),
                format!("too many fields for files: a record holds at most {FILES}"),
            ),
            both(
                "请合并或删去不需要的附件字段",
                "put files together or remove fields",
            ),
        );
    }
}

fn kind_of<'s>(sections: &'s [RecordSection], code: &str) -> Option<&'s RecordKind> {
    let mut fields = sections.iter().flat_map(|section| &section.fields);
    let found = fields.find(|field| field.code == code);
    found.map(|field| &field.kind)
}

/// The field by which a record is called: it has words, or names one record that has.
fn title(head: &Table<'_>, ledger: &str, sections: &[RecordSection]) -> String {
    let code = field_name(head, "title", ledger);
    let fits = kind_of(sections, &code).is_none_or(|kind| {
        matches!(
            kind,
            RecordKind::Text
                | RecordKind::Place
                | RecordKind::Date
                | RecordKind::Choice { .. }
                | RecordKind::Reference { .. }
        ) || kind.decimals().is_some()
    });
    if !fits {
        head.sink().note(
            &head.at_key("title"),
            "wrong_kind",
            both(
                format!("记录不能用“{code}”来称呼"),
                format!("a record cannot be called by `{code}`"),
            ),
            both(
                "请改用文字、选项、日期、数字字段，或指向一条记录的字段",
                "name a text, a choice, a day, a number, or a reference to one record",
            ),
        );
    }
    code
}

/// The field with the tag of a unit: a choice that is asked for, with no choices of its own. Units are found by it, and by the days
/// from and until which it holds, so all three are filters.
fn marks(
    head: &Table<'_>,
    ledger: &str,
    term: Option<&Term>,
    sections: &[RecordSection],
) -> String {
    let code = field_name(head, "marks", ledger);
    let filter = |code: &str| {
        let mut fields = sections.iter().flat_map(|section| &section.fields);
        fields.find(|field| field.code == code && field.filter)
    };
    let fits = filter(&code).is_some_and(|field| {
        let open = matches!(&field.kind, RecordKind::Choice { choices } if choices.is_empty());
        open && field.required
    });
    let bounded = term.is_some_and(|term| {
        let until = term.until.as_deref().and_then(filter);
        filter(&term.since).is_some() && until.is_some()
    });
    if !(fits && bounded) {
        head.sink().note(
            &head.at_key("marks"),
            "wrong_kind",
            both(
                format!("“{code}”不能给单位打标签"),
                format!("`{code}` cannot mark units"),
            ),
            both(
                "marks 写一个必填、可筛选、不列选项的 choice 字段；[ledger.term] 写明 since 和 until，这两个字段也要可筛选",
                "name a required choice with filter and without choices; give [ledger.term] both `since` and `until`, fields with filter",
            ),
        );
    }
    code
}

/// The tags of a package are the choices of the field that marks units. One ledger marks them.
pub(super) fn settle_marks(ledgers: &mut [LedgerDef], tags: &[TagDef], sink: &Sink) {
    let mut marking: Option<String> = None;
    for ledger in ledgers {
        let Some(record) = &mut ledger.record else {
            continue;
        };
        if record.marks.is_none() {
            continue;
        }
        if let Some(first) = marking.replace(ledger.code.clone()) {
            sink.note(
                &At::absent(&format!("ledgers/{}.toml", ledger.code)),
                "marked_twice",
                both(
                    format!("“{first}”已经用来给单位打标签"),
                    format!("`{first}` marks units already"),
                ),
                both(
                    "标签只登记在一个台账里，请去掉其余台账的 marks",
                    "keep tags in one ledger and remove the other `marks`",
                ),
            );
        }
        let fields = record
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.fields);
        for field in fields.filter(|field| record.marks.as_ref() == Some(&field.code)) {
            let item = |tag: &TagDef| ListItem {
                code: tag.code.clone(),
                name_zh: tag.code.clone(),
                name_en: tag.name_en.clone(),
            };
            field.kind = RecordKind::Choice {
                choices: tags.iter().map(item).collect(),
            };
        }
    }
}

/// Records are entered by the units that hold them or above them, never below.
fn check_fill(head: &Table<'_>, held: &[Level], filled: &[Level]) {
    let (lowest, filled) = (held.iter().max(), filled.iter().max());
    if lowest.is_some() && filled > lowest {
        head.sink().note(
            &head.at_key("fill_levels"),
            "level_order",
            both(
                "填报层级低于记录所在的层级",
                "records are entered below the units that hold them",
            ),
            both(
                "fill_levels 只写 levels 中的层级或更高的层级",
                "name levels of `levels` or above them in `fill_levels`",
            ),
        );
    }
}

fn levels(head: &Table<'_>, key: &'static str) -> Vec<Level> {
    let found = head.words(key, LEVELS);
    if found.is_empty() {
        head.sink().note(
            &head.at_key(key),
            "level_order",
            both(
                format!("“{key}”没有写明层级"),
                format!("`{key}` names no level"),
            ),
            both(
                "请写明 city、county、township、village 中的一项或几项",
                "name one or more of city, county, township, village",
            ),
        );
    }
    found
}

fn field_name(table: &Table<'_>, key: &'static str, ledger: &str) -> String {
    let code = table.name(key);
    want_field(table.sink(), ledger, &code, &table.at_key(key));
    code
}

fn want_field(sink: &Sink, ledger: &str, code: &str, at: &At) {
    if !code.is_empty() {
        sink.want(Kind::Field, &format!("{ledger}/{code}"), at);
    }
}

fn wanted_fields(table: &Table<'_>, key: &'static str, ledger: &str) -> Vec<String> {
    let read = table.texts(key).into_iter().map(|(code, at)| {
        want_field(table.sink(), ledger, &code, &at);
        code
    });
    read.collect()
}

/// A term: what it names are days.
fn term(table: Table<'_>, ledger: &str, sections: &[RecordSection]) -> Term {
    let day = |key| {
        let code = field_name(&table, key, ledger);
        let fits = kind_of(sections, &code).is_none_or(|kind| *kind == RecordKind::Date);
        if !fits {
            table.sink().note(
                &table.at_key(key),
                "wrong_kind",
                both(
                    format!("“{code}”不是日期，不能作为起止日期"),
                    format!("`{code}` is no date and cannot bound a term"),
                ),
                both("请改用日期字段", "name a field of kind date"),
            );
        }
        code
    };
    let until = table.has("until").then(|| day("until"));
    let replace = table.table("replace");
    if replace.is_some() && until.is_none() {
        table.sink().note(
            &table.at_key("replace"),
            "wrong_kind",
            both(
                "没有写明离任日期字段，不能整届替换",
                "nobody can be replaced without a last day",
            ),
            both(
                "请在 [ledger.term] 写明 until",
                "name `until` in [ledger.term]",
            ),
        );
    }
    let term = Term {
        since: day("since"),
        replace: replace.map(|table| self::replace(table, ledger, sections)),
        until,
    };
    table.finish();
    term
}

/// Whether a field of some kind will do.
type Fits = fn(&RecordKind) -> bool;

/// How a term is replaced: by a field that names who is in office.
fn replace(table: Table<'_>, ledger: &str, sections: &[RecordSection]) -> Replace {
    let kinds: [(&'static str, Fits); 2] = [
        ("holder", |kind| {
            matches!(kind, RecordKind::Reference { .. })
        }),
        ("reason", |kind| {
            matches!(kind, RecordKind::Text | RecordKind::Choice { .. })
        }),
    ];
    let replace = Replace {
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        holder: field_name(&table, "holder", ledger),
        reason: table
            .has("reason")
            .then(|| field_name(&table, "reason", ledger)),
        common: wanted_fields(&table, "common", ledger),
    };
    let named = [Some(&replace.holder), replace.reason.as_ref()];
    for ((key, fits), code) in kinds.into_iter().zip(named) {
        let kind = code.and_then(|code| kind_of(sections, code));
        if kind.is_some_and(|kind| !fits(kind)) {
            table.sink().note(
                &table.at_key(key),
                "wrong_kind",
                both(
                    format!("“{key}”所写的字段类型不对"),
                    format!("the field of `{key}` is of the wrong kind"),
                ),
                both(
                    "holder 写人员或引用字段，reason 写文字或选项字段",
                    "`holder` names a person or a reference, `reason` a text or a choice",
                ),
            );
        }
    }
    table.finish();
    replace
}

fn section(table: Table<'_>, ledger: &str) -> RecordSection {
    let section = RecordSection {
        title_zh: table.text("title_zh"),
        title_en: table.text("title_en"),
        fields: table
            .tables("field")
            .into_iter()
            .map(|table| field(table, ledger))
            .collect(),
    };
    table.finish();
    section
}

fn field(table: Table<'_>, ledger: &str) -> RecordField {
    let code = table.name("code");
    let owned = format!("{ledger}/{code}");
    if !code.is_empty() {
        table
            .sink()
            .define(Kind::Field, &owned, &table.at_key("code"));
    }
    check_reserved(&table, &code);
    let kind = kind(&table, &owned);
    let measured = table.has("unit_zh") || table.has("unit_en");
    let unit = |key| {
        if measured {
            table.text(key)
        } else {
            String::new()
        }
    };
    let bound = |key| {
        let decimals = kind.decimals()?;
        table.scaled(key, decimals)
    };
    let field = RecordField {
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        unit_zh: unit("unit_zh"),
        unit_en: unit("unit_en"),
        hint_zh: table.optional_text("hint_zh").unwrap_or_default(),
        hint_en: table.optional_text("hint_en").unwrap_or_default(),
        required: table.flag("required", false),
        restricted: table.flag("restricted", false),
        column: table.flag("column", false),
        filter: table.flag("filter", false),
        default: table.optional_text("default"),
        min: bound("min"),
        max: bound("max"),
        max_len: table.optional_count("max_len"),
        kind,
        code,
    };
    check_field(&table, &field);
    table.finish();
    field
}

/// Words of the language name no field.
fn check_reserved(table: &Table<'_>, code: &str) {
    if RESERVED.contains(&code) {
        table.sink().note(
            &table.at_key("code"),
            "bad_code",
            both(
                format!("“{code}”在算式里另有含义，不能作字段代码"),
                format!("`{code}` means something else in expressions and names no field"),
            ),
            both("请换一个代码", "use another code"),
        );
    }
}

fn check_field(table: &Table<'_>, field: &RecordField) {
    if field.filter && !can_filter(&field.kind) {
        table.sink().note(
            &table.at_key("filter"),
            "wrong_kind",
            both(
                format!("“{}”这类字段不能用来筛选", field.code),
                format!(
                    "lists cannot be filtered by a field such as `{}`",
                    field.code
                ),
            ),
            both(
                "可筛选：选项、是否、日期、数字、引用、身份证号",
                "choices, yes or no, days, numbers, references and identity numbers can",
            ),
        );
    }
    if matches!((field.min, field.max), (Some(min), Some(max)) if min > max) {
        table.sink().note(
            &table.at_key("max"),
            "range_order",
            both("最大值小于最小值", "the largest is less than the smallest"),
            both("请核对 min 和 max", "check `min` and `max`"),
        );
    }
}

/// Whether lists are filtered by such fields.
fn can_filter(kind: &RecordKind) -> bool {
    !matches!(
        kind,
        RecordKind::Text
            | RecordKind::Choices { .. }
            | RecordKind::References { .. }
            | RecordKind::Phone
            | RecordKind::File
            | RecordKind::Place
    )
}

fn kind(table: &Table<'_>, owned: &str) -> RecordKind {
    let choices = || items(table, "choice", owned);
    let ledger = || {
        let code = table.name("to");
        table.sink().want(Kind::Ledger, &code, &table.at_key("to"));
        code
    };
    match table.word("kind", KINDS, Word::Text) {
        Word::Text => RecordKind::Text,
        Word::Integer => RecordKind::Integer,
        Word::Decimal => RecordKind::Decimal {
            decimals: u8::try_from(table.count("decimals").min(6)).unwrap_or_default(),
        },
        Word::Money => RecordKind::Money,
        Word::Date => RecordKind::Date,
        Word::Choice => RecordKind::Choice { choices: choices() },
        Word::Choices => RecordKind::Choices { choices: choices() },
        Word::YesNo => RecordKind::YesNo,
        Word::IdCard => RecordKind::IdCard,
        Word::Phone => RecordKind::Phone,
        Word::Unit => RecordKind::Unit,
        Word::Reference => RecordKind::Reference { ledger: ledger() },
        Word::References => RecordKind::References { ledger: ledger() },
        Word::Person => {
            table
                .sink()
                .want(Kind::Ledger, PEOPLE, &table.at_key("kind"));
            RecordKind::Reference {
                ledger: PEOPLE.to_owned(),
            }
        }
        Word::File => RecordKind::File,
        Word::Place => RecordKind::Place,
    }
}

/// The states and the moves between them. Every state is reached from the first.
fn states(root: &Table<'_>, ledger: &str) -> (Vec<StateDef>, Vec<MoveDef>) {
    let tables = root.tables("state").into_iter();
    let read = tables.map(|table| {
        let at = table.at_key("code");
        (state(table, ledger), at)
    });
    let placed: Vec<(StateDef, At)> = read.collect();
    let tables = root.tables("move").into_iter();
    let moves: Vec<MoveDef> = tables.map(|table| motion(table, ledger)).collect();
    let reached = reached(placed.first().map(|(state, _)| state.code.as_str()), &moves);
    for (state, at) in &placed {
        if !reached.contains(state.code.as_str()) {
            root.sink().note(
                at,
                "unreached_state",
                both(
                    format!("没有任何流转能到达状态“{}”", state.name_zh),
                    format!("no move leads to the state `{}`", state.code),
                ),
                both(
                    "请补上流转（[[move]]），或删去该状态",
                    "add a [[move]] or remove the state",
                ),
            );
        }
    }
    (placed.into_iter().map(|(state, _)| state).collect(), moves)
}

/// The states to which moves lead from the first, and the first.
fn reached<'m>(first: Option<&'m str>, moves: &'m [MoveDef]) -> BTreeSet<&'m str> {
    let mut reached: BTreeSet<&str> = first.into_iter().collect();
    loop {
        let next: Vec<&str> = moves
            .iter()
            .filter(|one| one.from.iter().any(|from| reached.contains(from.as_str())))
            .map(|one| one.to.as_str())
            .filter(|to| !reached.contains(to))
            .collect();
        if next.is_empty() {
            return reached;
        }
        reached.extend(next);
    }
}

fn state(table: Table<'_>, ledger: &str) -> StateDef {
    let state = StateDef {
        code: table.name("code"),
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        last: table.flag("last", false),
    };
    let owned = format!("{ledger}/{}", state.code);
    table
        .sink()
        .define(Kind::State, &owned, &table.at_key("code"));
    table.finish();
    state
}

fn motion(table: Table<'_>, ledger: &str) -> MoveDef {
    let want = |code: &str, at: &At| {
        if !code.is_empty() {
            table
                .sink()
                .want(Kind::State, &format!("{ledger}/{code}"), at);
        }
    };
    let code = table.name("code");
    let owned = format!("{ledger}/{code}");
    table
        .sink()
        .define(Kind::Move, &owned, &table.at_key("code"));
    let from = table.texts("from").into_iter().map(|(code, at)| {
        want(&code, &at);
        code
    });
    let from = from.collect();
    let to = table.name("to");
    want(&to, &table.at_key("to"));
    let motion = MoveDef {
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        from,
        to,
        levels: levels(&table, "levels"),
        needs: wanted_fields(&table, "needs", ledger),
        reason: table.flag("reason", false),
        code,
    };
    table.finish();
    motion
}

fn rule(table: Table<'_>, ledger: &str) -> WrittenRule {
    let code = table.name("code");
    let owned = format!("{ledger}/{code}");
    table
        .sink()
        .define(Kind::Rule, &owned, &table.at_key("code"));
    let rule = WrittenRule {
        ledger: ledger.to_owned(),
        text: table.text("holds"),
        at: table.at_key("holds"),
        rule: RecordRule {
            field: table
                .has("field")
                .then(|| field_name(&table, "field", ledger)),
            holds: Condition::always(),
            across: false,
            severity: table
                .optional_word("severity", SEVERITIES)
                .unwrap_or(Severity::Error),
            message_zh: table.text("message_zh"),
            message_en: table.text("message_en"),
            code,
        },
    };
    table.finish();
    rule
}

/// Reads the rules now that every ledger is known.
pub(super) fn settle_rules(
    ledgers: &mut [LedgerDef],
    written: Vec<WrittenRule>,
    matters: &[Matter],
    sink: &Sink,
) {
    let known = ledgers.to_vec();
    for mut written in written {
        let settings = numbers_of_ledger(matters, &written.ledger);
        let names = Names {
            ledgers: &known,
            settings: &settings,
        };
        let Some(own) = known.iter().find(|ledger| ledger.code == written.ledger) else {
            continue;
        };
        if written.text.is_empty() {
            continue;
        }
        match condition(&written.text, own, names) {
            Ok(holds) => {
                written.rule.across = holds.looks_across();
                written.rule.holds = holds;
                let ledger = ledgers.iter_mut().find(|one| one.code == written.ledger);
                if let Some(record) = ledger.and_then(|ledger| ledger.record.as_mut()) {
                    record.rules.push(written.rule);
                }
            }
            Err(error) => note_expression(sink, &written.at, &error),
        }
    }
}

/// The numbers of the settings of the matters that keep a ledger, which its rules may name. A code to which two matters
/// give different numbers names none.
fn numbers_of_ledger(matters: &[Matter], ledger: &str) -> BTreeMap<String, (i64, u8)> {
    let keeping = matters
        .iter()
        .filter(|matter| matter.kept.iter().any(|kept| kept == ledger));
    let mut found = BTreeMap::new();
    let mut unclear = BTreeSet::new();
    for (code, number) in keeping.flat_map(|matter| numbers(&matter.settings)) {
        if found
            .insert(code.clone(), number)
            .is_some_and(|other| other != number)
        {
            unclear.insert(code);
        }
    }
    found.retain(|code, _| !unclear.contains(code));
    found
}

/// The numbers of a matter's settings, scaled, each with its decimals; expressions may name them.
pub(super) fn numbers(settings: &[Setting]) -> BTreeMap<String, (i64, u8)> {
    let numbers = settings.iter().filter_map(|setting| {
        let decimals = match setting.value {
            SettingValue::Integer(_) => 0,
            SettingValue::Money(_) | SettingValue::Percent(_) => 2,
            SettingValue::Codes(_) => return None,
        };
        let number = setting.value.as_number()?;
        Some((setting.code.clone(), (number, decimals)))
    });
    numbers.collect()
}
