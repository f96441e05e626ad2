//! What stands against a record while it is filled in: the same checks as the server's, rules across records aside.

use super::kept::Kept;
use super::sheet::Sheet;
use crate::i18n::named;
use chrono::NaiveDate;
use zhenxing_api_types::Problem;
use zhenxing_api_types::report::{Finding, Severity};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{MoveDef, RecordDef, RecordKind};
use zhenxing_domain::record::{
    Days, Look, Record, RecordValue, Values, check_draft, check_move, check_rules, check_whole,
};

/// The browser knows no other records.
struct Unknown;

impl Look for Unknown {
    fn held(&self, _: &str, _: UnitId) -> Vec<&Record> {
        Vec::new()
    }

    fn naming(&self, _: &str, _: &str, _: i64) -> Vec<&Record> {
        Vec::new()
    }

    fn record(&self, _: &str, _: i64) -> Option<&Record> {
        None
    }
}

/// The values as the checks take them: they know units by their numbers, and here it only counts that one is chosen.
fn values(def: &RecordDef, sheet: &Sheet) -> Values {
    let value = |field| {
        let value = sheet.value(field)?;
        Some(match field.kind {
            RecordKind::Unit => RecordValue::Number(0),
            _ => value,
        })
    };
    def.fields()
        .filter_map(|field| Some((field.code.clone(), value(field)?)))
        .collect()
}

/// Whether a finding is about a value that came with its middle hidden and stays what it is.
fn about_masked(def: &RecordDef, sheet: &Sheet, field: Option<&str>) -> bool {
    let field = field.and_then(|code| def.field(code));
    field.is_some_and(|field| sheet.is_masked(field))
}

/// What stands against keeping the record, and what its own rules say.
pub fn of_record(kept: &Kept, sheet: &Sheet, state: &str, today: NaiveDate) -> Vec<Finding> {
    let def = &kept.record;
    let record = Record {
        id: 0,
        unit: UnitId(0),
        state: state.to_owned(),
        values: values(def, sheet),
    };
    let mut all = check_whole(def, &record.values);
    all.extend(check_rules(
        def,
        &record,
        &Days::today(today),
        &Unknown,
        false,
    ));
    let apart = all
        .into_iter()
        .filter(|finding| !about_masked(def, sheet, finding.field.as_deref()));
    apart.map(Finding::from).collect()
}

/// What stands against a move.
pub fn of_move(kept: &Kept, motion: &MoveDef, sheet: &Sheet) -> Vec<Finding> {
    let values = values(&kept.record, sheet);
    let asked = values
        .iter()
        .filter(|(field, _)| motion.needs.contains(field));
    let asked: Values = asked
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect();
    let mut all = check_draft(&kept.record, &asked);
    all.extend(check_move(&kept.record, motion, &values));
    let apart = all
        .into_iter()
        .filter(|finding| !about_masked(&kept.record, sheet, finding.field.as_deref()));
    apart.map(Finding::from).collect()
}

/// Whether a record with that finding cannot be kept.
pub fn blocks(finding: &Finding) -> bool {
    finding.severity == Severity::Error
}

/// What a finding says, a warning as such.
pub fn words(finding: &Finding) -> String {
    let text = named(&finding.message_zh, &finding.message_en).to_owned();
    if blocks(finding) {
        text
    } else {
        t!("record-warning", text = text)
    }
}

/// What is said under a field: of what was left or tried to be saved what the checks find, and what the server found.
pub fn said(def: &RecordDef, sheet: &Sheet, findings: &[Finding], field: &str) -> String {
    let own = findings
        .iter()
        .filter(|finding| finding.field.as_deref() == Some(field))
        .filter(|finding| {
            let rule = def.rules.iter().any(|rule| rule.code == finding.rule);
            sheet.tried || sheet.left.contains(field) || (rule && sheet.changed())
        });
    let served = sheet
        .served
        .iter()
        .filter(|finding| finding.field.as_deref() == Some(field));
    let mut texts: Vec<String> = Vec::new();
    for text in own.chain(served).map(words) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join(&t!("phrase-separator"))
}

/// What is said about no field that the form has.
pub fn aside(def: &RecordDef, sheet: &Sheet, findings: &[Finding]) -> Vec<String> {
    let homeless = |finding: &&Finding| {
        let field = finding.field.as_deref();
        field.is_none_or(|code| def.field(code).is_none())
    };
    let own = findings.iter().filter(|_| sheet.changed() || sheet.tried);
    let all = own.chain(&sheet.served).filter(homeless);
    all.map(words).collect()
}

/// The refusal of a problem as findings: those it carries, or itself at the field of the ledger that it names.
pub fn refused(kept: &Kept, problem: &Problem) -> Vec<Finding> {
    if !problem.findings.is_empty() {
        return problem.findings.clone();
    }
    let named = problem.field.as_deref();
    let own = named.map(|field| field.strip_prefix("values.").unwrap_or(field));
    let own = own.and_then(|field| kept.record.field(field));
    let of_field = own.map(|field| Finding {
        rule: problem.code.clone(),
        field: Some(field.code.clone()),
        severity: Severity::Error,
        explained: false,
        message_zh: problem.detail.clone(),
        message_en: problem.detail.clone(),
    });
    of_field.into_iter().collect()
}
