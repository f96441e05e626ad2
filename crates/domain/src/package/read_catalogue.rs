//! Reading `programme.toml`, `departments.toml`, `ledgers.toml` and `tags.toml`.

use super::catalogue::{DepartmentDef, LedgerDef, Programme, Project, TagDef};
use super::edition::FollowOn;
use super::reader::{Table, Words};
use super::sink::{Kind, both};
use crate::unit::Level;

/// The words for levels.
pub(super) const LEVELS: Words<'static, Level> = &[
    ("city", Level::City),
    ("county", Level::County),
    ("township", Level::Township),
    ("village", Level::Village),
];

/// The plan of the years after; its targets stand in the same file.
pub(super) fn read_follow_on(root: &Table<'_>) -> Option<FollowOn> {
    let table = root.needed_table("follow_on")?;
    let follow_on = FollowOn {
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        valid_from: table.date("valid_from"),
        valid_until: table.day_if_written("valid_until"),
        note_zh: table.text("note_zh"),
        note_en: table.text("note_en"),
    };
    table.finish();
    Some(follow_on)
}

/// The plan and its projects.
pub(super) fn read_programme(root: Table<'_>) -> (Programme, Vec<Project>) {
    let programme = match root.needed_table("programme") {
        Some(table) => programme(table),
        None => Programme::default(),
    };
    let projects = root.tables("project").into_iter().map(project).collect();
    root.finish();
    (programme, projects)
}

fn programme(table: Table<'_>) -> Programme {
    let programme = Programme {
        code: table.code("code"),
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        version: table.count("version"),
        issued_by_zh: table.text("issued_by_zh"),
        issued_by_en: table.text("issued_by_en"),
        document_no: table.optional_text("document_no"),
        issued_on: table.date("issued_on"),
        valid_from: table.date("valid_from"),
        valid_until: table.date("valid_until"),
        source_zh: table.text("source_zh"),
        source_en: table.text("source_en"),
        display_note_zh: table.text("display_note_zh"),
        display_note_en: table.text("display_note_en"),
    };
    let written = table.has("valid_from") && table.has("valid_until");
    if written && programme.valid_from > programme.valid_until {
        table.sink().note(
            &table.at_key("valid_until"),
            "date_order",
            both(
                "方案的截止日期早于起始日期",
                "the plan ends before it begins",
            ),
            both(
                "请核对 valid_from 和 valid_until",
                "check `valid_from` and `valid_until`",
            ),
        );
    }
    table.finish();
    programme
}

fn project(table: Table<'_>) -> Project {
    let project = Project {
        code: table.code("code"),
        order: table.count("order"),
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
    };
    table
        .sink()
        .define(Kind::Project, &project.code, &table.at_key("code"));
    table.finish();
    project
}

/// The departments.
pub(super) fn read_departments(root: Table<'_>) -> Vec<DepartmentDef> {
    let tables = root.tables("department").into_iter();
    let departments = tables.map(department).collect();
    root.finish();
    departments
}

fn department(table: Table<'_>) -> DepartmentDef {
    let department = DepartmentDef {
        code: table.name("code"),
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        level: table.word("level", LEVELS, Level::City),
    };
    table
        .sink()
        .define(Kind::Department, &department.code, &table.at_key("code"));
    table.finish();
    department
}

/// The ledgers.
pub(super) fn read_ledgers(root: Table<'_>) -> Vec<LedgerDef> {
    let ledgers = root.tables("ledger").into_iter().map(ledger).collect();
    root.finish();
    ledgers
}

fn ledger(table: Table<'_>) -> LedgerDef {
    let ledger = LedgerDef {
        code: table.name("code"),
        name_zh: table.text("name_zh"),
        name_en: table.text("name_en"),
        restricted: table.flag("restricted", false),
        record: None,
    };
    table
        .sink()
        .define(Kind::Ledger, &ledger.code, &table.at_key("code"));
    table.finish();
    ledger
}

/// The tags of units.
pub(super) fn read_tags(root: Table<'_>) -> Vec<TagDef> {
    let tags = root.tables("tag").into_iter().map(tag).collect();
    root.finish();
    tags
}

fn tag(table: Table<'_>) -> TagDef {
    let tag = TagDef {
        code: table.text("code"),
        name_en: table.text("name_en"),
        levels: table.words("levels", LEVELS),
    };
    if tag.levels.is_empty() {
        table.sink().note(
            &table.at_key("levels"),
            "level_order",
            both(
                "标签没有写明可用的层级",
                "the tag names no level at which it may stand",
            ),
            both(
                "请在 levels 中写明 city、county、township、village 中的一项或几项",
                "name one or more of city, county, township, village in `levels`",
            ),
        );
    }
    table
        .sink()
        .define(Kind::Tag, &tag.code, &table.at_key("code"));
    table.finish();
    tag
}
