//! Reading matters, their flows, their settings and their lists.

use super::catalogue::{
    Flow, FlowStep, ListItem, ListStatus, Matter, NamedList, Setting, SettingValue,
};
use super::read_catalogue::LEVELS;
use super::reader::{Table, Words};
use super::sink::{Kind, both};
use crate::period::Cadence;
use crate::unit::Level;

/// The words for cadences.
pub(super) const CADENCES: Words<'static, Cadence> = &[
    ("yearly", Cadence::Yearly),
    ("half_yearly", Cadence::HalfYearly),
    ("quarterly", Cadence::Quarterly),
    ("monthly", Cadence::Monthly),
];

const STATUSES: Words<'static, ListStatus> = &[
    ("to_verify", ListStatus::ToVerify),
    ("settled", ListStatus::Settled),
];

/// A matter.
pub(super) fn read_matter(table: Table<'_>) -> Matter {
    let sink = table.sink();
    let code = table.code("code");
    sink.define(Kind::Matter, &code, &table.at_key("code"));
    let project = table.code("project");
    sink.want(Kind::Project, &project, &table.at_key("project"));
    let departments = |key| sink.want_all(Kind::Department, table.texts(key));
    let matter = Matter {
        project,
        official_no: table.optional_text("official_no"),
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        summary_zh: table.text("summary_zh"),
        summary_en: table.text("summary_en"),
        lead_departments: departments("lead_departments"),
        responsible_departments: departments("responsible_departments"),
        levels: levels(&table),
        cadence: table.optional_word("cadence", CADENCES),
        flow: flow(&table),
        kept: sink.want_all(Kind::Ledger, table.texts("kept")),
        settings: settings(&table, &code, None),
        lists: lists(&table, &code),
        code,
    };
    table.finish();
    matter
}

/// The levels to which a matter is handed down: at least one, from the top down, none twice.
fn levels(table: &Table<'_>) -> Vec<Level> {
    let levels = table.words("levels", LEVELS);
    let descends = levels
        .windows(2)
        .all(|pair| matches!(pair, [above, below] if above < below));
    if levels.is_empty() || !descends {
        table.sink().note(
            &table.at_key("levels"),
            "level_order",
            both(
                "层级缺失、重复或没有按从上到下排列",
                "the levels are missing, repeated or not in order",
            ),
            both(
                "请按 city、county、township、village 的顺序列出任务分解到的层级",
                "list those to which the matter is handed down in the order city, county, township, village",
            ),
        );
    }
    levels
}

fn flow(table: &Table<'_>) -> Flow {
    let Some(flow) = table.needed_table("flow") else {
        return Flow {
            fill: nobody(),
            check: None,
            decide: nobody(),
        };
    };
    let read = Flow {
        fill: flow.needed_table("fill").map_or_else(nobody, step),
        check: flow.table("check").map(step),
        decide: flow.needed_table("decide").map_or_else(nobody, step),
    };
    let check = read
        .check
        .as_ref()
        .map_or(read.fill.level, |step| step.level);
    if flow.has("decide") && (check > read.fill.level || read.decide.level > check) {
        flow.sink().note(
            &flow.at(),
            "level_order",
            both(
                "填报、审核、审定的层级应当由下往上",
                "filling, checking and deciding do not go upwards",
            ),
            both(
                "审核不低于填报层级，审定不低于审核层级，请调整",
                "check no lower than filled, decide no lower than checked",
            ),
        );
    }
    flow.finish();
    read
}

fn nobody() -> FlowStep {
    FlowStep {
        level: Level::City,
        department: None,
        by_zh: String::new(),
        by_en: String::new(),
    }
}

fn step(table: Table<'_>) -> FlowStep {
    let step = FlowStep {
        level: table.word("level", LEVELS, Level::City),
        department: table.optional_text("department"),
        by_zh: table.text("by_zh"),
        by_en: table.text("by_en"),
    };
    if let Some(department) = &step.department {
        let at = table.at_key("department");
        table.sink().want(Kind::Department, department, &at);
    }
    table.finish();
    step
}

#[derive(Clone, Copy)]
enum SettingKind {
    Integer,
    Money,
    Percent,
    Codes,
}

const SETTING_KINDS: Words<'static, SettingKind> = &[
    ("integer", SettingKind::Integer),
    ("money", SettingKind::Money),
    ("percent", SettingKind::Percent),
    ("codes", SettingKind::Codes),
];

/// The settings of a matter or a form. Where `names` is given, settings that hold codes name such things of the
/// owner, and no setting may be called as one of them.
pub(super) fn settings(table: &Table<'_>, owner: &str, names: Option<Kind>) -> Vec<Setting> {
    let tables = table.tables("setting").into_iter();
    tables.map(|table| setting(table, owner, names)).collect()
}

fn setting(table: Table<'_>, owner: &str, names: Option<Kind>) -> Setting {
    let sink = table.sink();
    let code = table.name("code");
    let owned = format!("{owner}/{code}");
    sink.define(Kind::Setting, &owned, &table.at_key("code"));
    if let Some(kind) = names {
        sink.differ(kind, &owned, &table.at_key("code"));
    }
    let setting = Setting {
        value: match table.word("kind", SETTING_KINDS, SettingKind::Codes) {
            SettingKind::Integer => SettingValue::Integer(table.needed_scaled("value", 0)),
            SettingKind::Money => SettingValue::Money(table.needed_scaled("value", 2)),
            SettingKind::Percent => SettingValue::Percent(table.needed_scaled("value", 2)),
            SettingKind::Codes => {
                let codes = table.texts("value").into_iter().map(|(code, at)| {
                    if let Some(kind) = names {
                        sink.want(kind, &format!("{owner}/{code}"), &at);
                    }
                    code
                });
                SettingValue::Codes(codes.collect())
            }
        },
        note_zh: table.text("note_zh"),
        note_en: table.text("note_en"),
        from_plan: table.flag("from_plan", false),
        code,
    };
    table.finish();
    setting
}

fn lists(table: &Table<'_>, owner: &str) -> Vec<NamedList> {
    let tables = table.tables("list").into_iter();
    tables.map(|table| list(table, owner)).collect()
}

fn list(table: Table<'_>, owner: &str) -> NamedList {
    let code = table.name("code");
    let owned = format!("{owner}/{code}");
    table
        .sink()
        .define(Kind::List, &owned, &table.at_key("code"));
    let list = NamedList {
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        expected: table.optional_count("expected"),
        status: table.word("status", STATUSES, ListStatus::ToVerify),
        items: items(&table, "item", &owned),
        code,
    };
    let known = u32::try_from(list.items.len()).ok();
    let short = list.expected.is_some() && known != list.expected;
    let more = list.expected.is_some_and(|expected| known > Some(expected));
    if more || (short && list.status == ListStatus::Settled) {
        table.sink().note(
            &table.at(),
            "list_length",
            both(
                format!("清单“{}”的条目数与应有数不符", list.name_zh),
                format!(
                    "the list `{}` has another number of items than expected",
                    list.name_en
                ),
            ),
            both(
                "请补齐条目；暂不齐全的，status 写 to_verify（待核）",
                "complete it, or set its status to to_verify while it is not complete",
            ),
        );
    }
    table.finish();
    list
}

/// The items of a list or the choices of a field.
pub(super) fn items(table: &Table<'_>, key: &'static str, owner: &str) -> Vec<ListItem> {
    let tables = table.tables(key).into_iter();
    let read = tables.map(|table| {
        let item = ListItem {
            code: table.name("code"),
            name_zh: table.text("name_zh"),
            name_en: table.text("name_en"),
        };
        let owned = format!("{owner}/{}", item.code);
        table
            .sink()
            .define(Kind::Item, &owned, &table.at_key("code"));
        table.finish();
        item
    });
    read.collect()
}
