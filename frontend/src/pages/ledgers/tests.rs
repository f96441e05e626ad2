//! Forms of records without a browser: what is typed, what it means, and what the checks say.

use super::checks::{of_move, of_record, refused, said};
use super::kept::Kept;
use super::roster_columns::{Fill, Mapping, corrected, doubled, fills, missing, takes_sheets};
use super::sheet::{Sheet, Step};
use super::shown::{brief, whole};
use crate::draft::Picked;
use serde_json::{Value, json};
use std::rc::Rc;
use uuid::Uuid;
use yew::functional::Reducible;
use zhenxing_api_types::ledger::{Ledger, Record};
use zhenxing_api_types::report::Finding;
use zhenxing_api_types::roster::RosterColumn;
use zhenxing_api_types::unit::{Level, UnitRef};

fn field(code: &str, kind: Value, required: bool) -> Value {
    json!({
        "code": code, "name_zh": code, "name_en": code, "unit_zh": "", "unit_en": "", "hint_zh": "", "hint_en": "",
        "kind": kind, "required": required, "restricted": false, "column": true, "filter": true,
        "default": if code == "serious" { Some("true") } else { None }, "min": null, "max": null, "max_len": null,
    })
}

/// A ledger with a field of each kind that is not simply a text.
fn kept() -> Kept {
    let person = json!({ "type": "references", "ledger": "person" });
    let kinds = json!({ "type": "choices", "choices": [
        { "code": "a", "name_zh": "A", "name_en": "A" }, { "code": "b", "name_zh": "B", "name_en": "B" } ] });
    let fields = vec![
        field("name", json!({ "type": "text" }), true),
        field("number", json!({ "type": "id_card" }), true),
        field("fund", json!({ "type": "money" }), false),
        field("serious", json!({ "type": "yes_no" }), false),
        field("kinds", kinds, false),
        field("partner", json!({ "type": "unit" }), true),
        field("people", person, false),
        field("since", json!({ "type": "date" }), false),
        field("until", json!({ "type": "date" }), false),
    ];
    let compared = json!({ "compare": { "left": { "field": "until" }, "operator": "more_than", "right": { "field": "since" } } });
    let record = json!({
        "levels": ["village"], "fill_levels": ["village"], "title": "name", "term": null,
        "sections": [{ "title_zh": "", "title_en": "", "fields": fields }], "unique": [],
        "rules": [{ "code": "order", "field": "until", "holds": compared, "across": false, "severity": "error",
            "message_zh": "order", "message_en": "order" }],
        "states": [], "moves": [{ "code": "close", "name_zh": "", "name_en": "", "from": [], "to": "", "levels": [],
            "needs": ["until"], "reason": true }],
    });
    Kept {
        ledger: Ledger {
            code: "case".to_owned(),
            name_zh: String::new(),
            name_en: String::new(),
            matters: Vec::new(),
            restricted: false,
            definition: String::new(),
            may_keep: true,
            moves: Vec::new(),
        },
        record: serde_json::from_value(record).unwrap(),
    }
}

fn record() -> Record {
    let values = json!({
        "name": "First", "number": "1309**********1014", "fund": 123_456, "serious": false, "kinds": ["b", "a"],
        "partner": "130903", "people": ["p1", "p2", "p3", "p4"], "since": "2024-03-01",
    });
    let names = ["p1", "p2", "p3", "p4", "130903"];
    Record {
        id: Uuid::nil(),
        ledger: "case".to_owned(),
        unit: UnitRef {
            code: "130903100200".to_owned(),
            name: "Here".to_owned(),
            level: Level::Village,
        },
        title: "First".to_owned(),
        state: None,
        revision: 1,
        values: serde_json::from_value(values).unwrap(),
        names: names.map(|key| (key.to_owned(), key.to_uppercase())).into(),
        files: Vec::new(),
        moves: Vec::new(),
        may_keep: true,
        deleted: false,
        updated_at: chrono::DateTime::UNIX_EPOCH,
    }
}

fn after(sheet: Sheet, steps: Vec<Step>) -> Sheet {
    let all = steps.into_iter().fold(Rc::new(sheet), Sheet::reduce);
    (*all).clone()
}

fn typed(field: &str, text: &str) -> Step {
    Step::Text(field.to_owned(), text.to_owned())
}

fn rules(findings: &[Finding]) -> Vec<(&str, &str)> {
    let mut all = Vec::new();
    for finding in findings {
        let field = finding.field.as_deref().unwrap_or_default();
        all.push((finding.rule.as_str(), field));
    }
    all
}

fn checked(kept: &Kept, sheet: &Sheet) -> Vec<Finding> {
    of_record(kept, sheet, "", "2026-11-24".parse().unwrap())
}

#[test]
fn what_is_not_touched_is_sent_as_it_came() {
    let (kept, record) = (kept(), record());
    let sheet = Sheet::of(&kept, &record);
    assert!(!sheet.changed());
    assert_eq!(sheet.wire(kept.record.fields()), record.values);
    assert_eq!(rules(&checked(&kept, &sheet)), []);
}

#[test]
fn a_new_record_begins_with_defaults_and_says_what_is_missing() {
    let kept = kept();
    let sheet = Sheet::begun(&kept, None);
    assert_eq!(sheet.text("serious"), "true");
    let findings = checked(&kept, &sheet);
    let missing = [
        ("required", "name"),
        ("required", "number"),
        ("required", "partner"),
    ];
    assert_eq!(rules(&findings), missing);
    let quiet = said(&kept.record, &sheet, &findings, "name");
    assert_eq!(quiet, "", "nothing is held against what was not left yet");
    let left = after(sheet, vec![Step::Left("name".to_owned())]);
    assert!(!said(&kept.record, &left, &findings, "name").is_empty());
    assert!(said(&kept.record, &left, &findings, "number").is_empty());
}

#[test]
fn what_is_typed_is_scaled_checked_and_compared() {
    let kept = kept();
    let steps = vec![
        typed("fund", "1,234.5"),
        typed("number", "1309**********1015"),
        typed("until", "2024-01-01"),
        Step::Remove("kinds".to_owned(), "b".to_owned()),
        Step::Add(
            "people".to_owned(),
            Picked {
                code: "p1".to_owned(),
                name: String::new(),
            },
        ),
    ];
    let sheet = after(Sheet::of(&kept, &record()), steps);
    let values = sheet.wire(kept.record.fields());
    assert_eq!(values.get("fund"), Some(&json!(123_450)));
    assert_eq!(values.get("kinds"), Some(&json!(["a"])));
    assert_eq!(values.get("people"), Some(&json!(["p1", "p2", "p3", "p4"])));
    let findings = checked(&kept, &sheet);
    assert_eq!(
        rules(&findings),
        [("id_card", "number"), ("order", "until")]
    );
    assert!(!said(&kept.record, &sheet, &findings, "until").is_empty());
    let wrong = after(sheet, vec![typed("fund", "12.345")]);
    let findings = checked(&kept, &wrong);
    assert!(rules(&findings).contains(&("type", "fund")));
}

#[test]
fn a_move_asks_for_what_it_needs_alone() {
    let kept = kept();
    let motion = kept.record.moves.first().unwrap();
    let sheet = Sheet::of(&kept, &record());
    assert_eq!(
        rules(&of_move(&kept, motion, &sheet)),
        [("required", "until")]
    );
    let sheet = after(sheet, vec![typed("until", "2024-05-01")]);
    assert_eq!(rules(&of_move(&kept, motion, &sheet)), []);
}

#[test]
fn what_the_server_found_stands_until_the_field_is_changed() {
    let kept = kept();
    let problem = |field: &str| {
        let text = json!({ "type": "", "status": 409, "code": "exists", "title": "", "detail": "There is one", "field": field });
        serde_json::from_value(text).unwrap()
    };
    assert_eq!(refused(&kept, &problem("If-Match")), []);
    let found = refused(&kept, &problem("values.name"));
    let sheet = after(Sheet::of(&kept, &record()), vec![Step::Served(found)]);
    assert_eq!(said(&kept.record, &sheet, &[], "name"), "There is one");
    let sheet = after(sheet, vec![typed("name", "Second")]);
    assert_eq!(said(&kept.record, &sheet, &[], "name"), "");
}

#[test]
fn values_are_said_in_words() {
    let (kept, record) = (kept(), record());
    let word = |code: &str| brief(kept.record.field(code).unwrap(), &record);
    assert_eq!(word("fund"), "1,234.56");
    assert_eq!(word("partner"), "130903");
    assert_eq!(word("until"), crate::format::NOTHING);
    assert!(word("people").starts_with("P1"));
    assert!(!word("people").contains("P4"));
    let all = whole(kept.record.field("people").unwrap(), &record);
    assert!(all.ends_with("P4"));
}

fn column(heading: &str, field: Option<&str>) -> RosterColumn {
    RosterColumn {
        heading: heading.to_owned(),
        field: field.map(str::to_owned),
        examples: Vec::new(),
    }
}

#[test]
fn what_two_columns_fill_is_told() {
    let found = [column("A", Some("name")), column("B", None)];
    let fills = fills(&kept().record, None);
    assert!(doubled(&fills, &found).is_empty());
    let second = Mapping::from([("B".to_owned(), Some("name".to_owned()))]);
    let both = corrected(&found, Some(&second));
    let headings = vec!["A".to_owned(), "B".to_owned()];
    assert_eq!(doubled(&fills, &both), [("name".to_owned(), headings)]);
    let moved = Mapping::from([
        ("A".to_owned(), None),
        ("B".to_owned(), Some("name".to_owned())),
    ]);
    assert!(doubled(&fills, &corrected(&found, Some(&moved))).is_empty());
}

/// Lets the field `partner` name a record of a ledger.
fn name_by_partner(kept: &mut Kept, ledger: &str) {
    let kind = json!({ "type": "reference", "ledger": ledger });
    let fields = kept.record.sections.iter_mut();
    let mut fields = fields.flat_map(|section| &mut section.fields);
    let partner = fields.find(|field| field.code == "partner").unwrap();
    partner.kind = serde_json::from_value(kind).unwrap();
}

#[test]
fn columns_fill_what_stands_in_cells_and_the_people_who_are_named() {
    let mut kept = kept();
    let codes = |all: &[Fill]| -> Vec<String> { all.iter().map(|one| one.code.clone()).collect() };
    let all = fills(&kept.record, Some(&kept.record));
    assert!(codes(&all).contains(&"fund".to_owned()));
    assert!(
        !codes(&all).contains(&"people".to_owned()),
        "several people"
    );
    assert!(takes_sheets(&kept.record));
    assert_eq!(
        missing(&kept, &all, &[column("A", Some("name"))]),
        ["number", "partner"]
    );
    // A field that names one person is filled by that person's own fields.
    name_by_partner(&mut kept, "person");
    let all = fills(&kept.record, Some(&kept.record));
    assert!(codes(&all).contains(&"partner.name".to_owned()));
    let columns = [
        column("A", Some("name")),
        column("B", Some("number")),
        column("C", Some("partner.number")),
    ];
    assert!(missing(&kept, &all, &columns).is_empty());
    // What is required and stands in no cell keeps a ledger from being filled by a sheet.
    name_by_partner(&mut kept, "grid");
    assert!(!takes_sheets(&kept.record));
}
