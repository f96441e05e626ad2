//! The values of records between the wire and the store: other records by their numbers, units by their codes, identity
//! numbers sealed where they are kept and masked where they are shown.

use super::file::file_view;
use super::ledger::InUse;
use super::record_files::files_of;
use super::reveal::masked_phone;
use super::session::Who;
use super::{App, AppError, AppResult};
use crate::personal::masked_id;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhenxing_api_types::file::File as FileView;
use zhenxing_api_types::ledger::RecordValues;
use zhenxing_domain::identity::normalised;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{Finding, RecordDef, RecordField, RecordKind, Severity};
use zhenxing_domain::policy::Action;
use zhenxing_domain::record::{RecordValue, Values, canonical, day};
use zhenxing_storage::file::{self, File};
use zhenxing_storage::record::{self, Slot, SlotValue, Stored};
use zhenxing_storage::{Conn, placement};

/// What records and units are called that others name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    records: BTreeMap<i64, (Uuid, String)>,
    units: BTreeMap<i64, (String, String)>,
    files: BTreeMap<String, File>,
}

impl Names {
    /// The files that values name, as they are told of.
    pub(crate) fn files(&self, def: &RecordDef, shown: &RecordValues) -> Vec<FileView> {
        let fields = def.fields().filter(|field| field.kind == RecordKind::File);
        let named = fields.filter_map(|field| shown.get(&field.code)?.as_str());
        let named = named.filter_map(|id| self.files.get(id));
        named.map(file_view).collect()
    }
}

impl App {
    /// The names of everything that records name.
    pub(crate) fn names(
        &self,
        conn: &mut Conn,
        who: &Who,
        def: &RecordDef,
        all: &[&Values],
    ) -> AppResult<Names> {
        let (mut records, mut units) = (BTreeSet::new(), BTreeSet::new());
        let files = all.iter().flat_map(|values| files_of(def, values));
        let files: BTreeSet<Uuid> = files.map(|(_, id)| id).collect();
        for values in all {
            for field in def.fields() {
                let Some(value) = values.get(&field.code) else {
                    continue;
                };
                match field.kind {
                    RecordKind::Unit => units.extend(value.named().into_iter().map(UnitId)),
                    RecordKind::Reference { .. } | RecordKind::References { .. } => {
                        records.extend(value.named());
                    }
                    _ => {}
                }
            }
        }
        let mut names = Names::default();
        let ids: Vec<i64> = records.into_iter().collect();
        if !ids.is_empty() {
            for one in record::called(conn, &ids)? {
                let id = Uuid::from_slice(&one.public_id)
                    .map_err(|error| AppError::Internal(error.to_string()))?;
                names.records.insert(one.id, (id, one.title));
            }
        }
        let ids: Vec<UnitId> = units.into_iter().collect();
        if !ids.is_empty() {
            let scope = who.scope(Action::ReadUnits)?;
            for unit in placement::last_by_ids(conn, &scope, &ids, self.clock.today())? {
                names.units.insert(unit.id.0, (unit.code, unit.name));
            }
        }
        if !files.is_empty() {
            let files: Vec<Uuid> = files.into_iter().collect();
            let found = file::by_numbers(conn, &files)?.into_iter();
            names.files = found
                .map(|file| (file.public_id.to_string(), file))
                .collect();
        }
        Ok(names)
    }

    /// The values as they are shown, and what is called what in them.
    pub(crate) fn shown(
        &self,
        used: InUse<'_>,
        who: &Who,
        values: &Values,
        names: &Names,
    ) -> AppResult<(RecordValues, BTreeMap<String, String>)> {
        let mut shown = RecordValues::new();
        let mut called = BTreeMap::new();
        let line = who.signed_in.actor.is_of_a_department();
        for field in used.record.fields() {
            let hidden = field.restricted && !line;
            let Some(value) = values.get(&field.code).filter(|_| !hidden) else {
                continue;
            };
            let value = self.shown_value(field, value, names, &mut called)?;
            shown.insert(field.code.clone(), value);
        }
        Ok((shown, called))
    }

    fn shown_value(
        &self,
        field: &RecordField,
        value: &RecordValue,
        names: &Names,
        called: &mut BTreeMap<String, String>,
    ) -> AppResult<Value> {
        let mut record = |id: i64| {
            names.records.get(&id).map(|(id, title)| {
                called.insert(id.to_string(), title.clone());
                Value::from(id.to_string())
            })
        };
        Ok(match (&field.kind, value) {
            (RecordKind::IdCard, RecordValue::Text(sealed)) => {
                Value::from(masked_id(&self.personal.open(sealed)?))
            }
            (RecordKind::Phone, RecordValue::Text(phone)) => Value::from(masked_phone(phone)),
            (RecordKind::Reference { .. }, RecordValue::Number(id)) => {
                record(*id).unwrap_or(Value::Null)
            }
            (RecordKind::References { .. }, value) => {
                let all = value.named().into_iter().filter_map(record);
                Value::from(all.collect::<Vec<Value>>())
            }
            (RecordKind::Unit, RecordValue::Number(id)) => match names.units.get(id) {
                Some((code, name)) => {
                    called.insert(code.clone(), name.clone());
                    Value::from(code.clone())
                }
                None => Value::Null,
            },
            (RecordKind::File, RecordValue::Text(id)) => {
                let file = names.files.get(id);
                called.extend(file.map(|file| (id.clone(), file.name.clone())));
                Value::from(id.clone())
            }
            (_, RecordValue::Flag(flag)) => Value::from(*flag),
            (_, RecordValue::Number(number)) => Value::from(*number),
            (_, RecordValue::Text(text)) => Value::from(text.clone()),
            (_, RecordValue::Numbers(all)) => Value::from(all.clone()),
            (_, RecordValue::Texts(all)) => Value::from(all.clone()),
        })
    }

    /// The values of a record with identity numbers opened, as the checks take them.
    pub(crate) fn opened(&self, def: &RecordDef, values: &Values) -> AppResult<Values> {
        let mut opened = values.clone();
        for field in def
            .fields()
            .filter(|field| field.kind == RecordKind::IdCard)
        {
            if let Some(RecordValue::Text(sealed)) = values.get(&field.code) {
                let plain = RecordValue::Text(self.personal.open(sealed)?);
                opened.insert(field.code.clone(), plain);
            }
        }
        Ok(opened)
    }

    /// The values as they are kept: identity numbers sealed, those that did not change as they were, unless that was under an old
    /// key: a rotation that went past leaves nothing behind it.
    pub(crate) fn sealed(
        &self,
        def: &RecordDef,
        plain: Values,
        before: Option<&Values>,
    ) -> AppResult<Values> {
        let known = before.map(|before| self.opened(def, before)).transpose()?;
        let mut sealed = plain;
        for field in def
            .fields()
            .filter(|field| field.kind == RecordKind::IdCard)
        {
            let code = &field.code;
            let Some(RecordValue::Text(number)) = sealed.get(code).cloned() else {
                continue;
            };
            let same = known
                .as_ref()
                .is_some_and(|known| known.get(code) == Some(&RecordValue::Text(number.clone())));
            let kept = before.and_then(|before| before.get(code)).cloned();
            let value = match kept.filter(|kept| same && self.is_present(kept)) {
                Some(kept) => kept,
                None => RecordValue::Text(self.personal.seal(&number)?),
            };
            sealed.insert(code.clone(), value);
        }
        Ok(sealed)
    }

    fn is_present(&self, sealed: &RecordValue) -> bool {
        matches!(sealed, RecordValue::Text(sealed) if self.personal.is_present(sealed))
    }

    /// Reads values as they came. What is shown masked and came back as it was shown stays; what names nothing that the asker
    /// may see is a finding.
    pub(crate) fn taken(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        sent: &RecordValues,
        before: Option<&Stored>,
    ) -> AppResult<(Values, Vec<Finding>)> {
        let known = match before {
            Some(before) => self.opened(used.record, &before.values)?,
            None => Values::new(),
        };
        let refers = self.references(conn, who, used.record, &[sent], &known)?;
        Ok(self.read_values(who, used, sent, &known, &refers))
    }

    /// Reads the values of many new records as they came.
    pub(crate) fn taken_many(
        &self,
        conn: &mut Conn,
        who: &Who,
        used: InUse<'_>,
        all: &[&RecordValues],
    ) -> AppResult<Vec<(Values, Vec<Finding>)>> {
        let known = Values::new();
        let refers = self.references(conn, who, used.record, all, &known)?;
        let read = all
            .iter()
            .map(|sent| self.read_values(who, used, sent, &known, &refers));
        Ok(read.collect())
    }

    fn read_values(
        &self,
        who: &Who,
        used: InUse<'_>,
        sent: &RecordValues,
        known: &Values,
        refers: &Refers,
    ) -> (Values, Vec<Finding>) {
        let mut values = Values::new();
        let mut findings = Vec::new();
        let line = who.signed_in.actor.is_of_a_department();
        for (code, value) in sent.iter().filter(|(_, value)| !value.is_null()) {
            let Some(field) = used.record.field(code) else {
                values.insert(code.clone(), RecordValue::Flag(true));
                continue;
            };
            match self.taken_value(field, value, known, refers) {
                Some(value) => drop(values.insert(code.clone(), value)),
                None => findings.push(strange(field)),
            }
        }
        // What the asker is not shown stays.
        for field in used
            .record
            .fields()
            .filter(|field| field.restricted && !line)
        {
            values.remove(&field.code);
            if let Some(value) = known.get(&field.code) {
                values.insert(field.code.clone(), value.clone());
            }
        }
        (canonical(values), findings)
    }

    fn taken_value(
        &self,
        field: &RecordField,
        value: &Value,
        known: &Values,
        refers: &Refers,
    ) -> Option<RecordValue> {
        let before = known.get(&field.code);
        match &field.kind {
            RecordKind::Reference { .. } => {
                let id = refers.records.get(value.as_str()?)?;
                Some(RecordValue::Number(*id))
            }
            RecordKind::References { .. } => {
                let all = value.as_array()?.iter();
                let ids = all.map(|one| refers.records.get(one.as_str()?).copied());
                ids.collect::<Option<Vec<i64>>>().map(RecordValue::Numbers)
            }
            RecordKind::Unit => {
                let id = refers.units.get(value.as_str()?)?;
                Some(RecordValue::Number(*id))
            }
            RecordKind::File => {
                let id = Uuid::parse_str(value.as_str()?).ok()?;
                Some(RecordValue::Text(id.to_string()))
            }
            RecordKind::IdCard | RecordKind::Phone => {
                let text = value.as_str()?;
                let shown = match before {
                    Some(RecordValue::Text(plain)) if field.kind == RecordKind::IdCard => {
                        Some(masked_id(plain))
                    }
                    Some(RecordValue::Text(plain)) => Some(masked_phone(plain)),
                    _ => None,
                };
                match shown {
                    Some(shown) if shown == text => before.cloned(),
                    _ if field.kind == RecordKind::Phone => {
                        Some(RecordValue::Text(text.to_owned()))
                    }
                    _ => {
                        let number = normalised(text).unwrap_or_else(|| text.to_owned());
                        Some(RecordValue::Text(number))
                    }
                }
            }
            _ => serde_json::from_value(value.clone()).ok(),
        }
    }

    fn references(
        &self,
        conn: &mut Conn,
        who: &Who,
        def: &RecordDef,
        all: &[&RecordValues],
        known: &Values,
    ) -> AppResult<Refers> {
        let mut wanted: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
        let mut codes = Vec::new();
        let mut held = Vec::new();
        for field in def.fields() {
            let texts = all.iter().filter_map(|sent| sent.get(&field.code));
            let texts = texts.flat_map(texts_of);
            match &field.kind {
                RecordKind::Unit => codes.extend(texts),
                kind => {
                    if let Some(ledger) = kind.ledger() {
                        let ids = texts.filter_map(|text| Uuid::parse_str(&text).ok());
                        wanted.entry(ledger).or_default().extend(ids);
                        let own = known.get(&field.code);
                        held.extend(own.map(RecordValue::named).unwrap_or_default());
                    }
                }
            }
        }
        let mut refers = Refers::default();
        for (ledger, ids) in wanted.into_iter().filter(|(_, ids)| !ids.is_empty()) {
            let (other, scope) = match self.ledger_in_use(who, ledger) {
                Ok(found) => found,
                Err(_) => continue,
            };
            let found =
                record::by_numbers(conn, &scope, &other.ledger.code, &ids, self.clock.today())?;
            let found = found.into_iter().filter(|one| !one.deleted);
            refers
                .records
                .extend(found.map(|one| (one.public_id.to_string(), one.id)));
        }
        // What stood there may stay, though others keep it.
        if !held.is_empty() {
            for one in record::called(conn, &held)? {
                if let Ok(id) = Uuid::from_slice(&one.public_id) {
                    refers.records.insert(id.to_string(), one.id);
                }
            }
        }
        if !codes.is_empty() {
            let scope = who.scope(Action::ReadUnits)?;
            let today = self.clock.today();
            let units = placement::bearers(conn, &scope, &codes, today, today)?;
            refers
                .units
                .extend(units.into_iter().map(|(code, unit)| (code, unit.id.0)));
        }
        Ok(refers)
    }

    /// What stands in the slots of a record, by the values that the checks take.
    pub(crate) fn slots_of(
        &self,
        used: InUse<'_>,
        plain: &Values,
    ) -> AppResult<BTreeMap<Slot, SlotValue>> {
        let mut found = BTreeMap::new();
        for field in used.record.fields() {
            let key = (used.ledger.code.clone(), field.code.clone());
            let value = plain.get(&field.code).filter(|value| !value.is_blank());
            if let (Some(slot), Some(value)) = (self.slots.get(&key), value)
                && let Some(value) = self.slot_value(field, value)?
            {
                found.insert(*slot, value);
            }
        }
        Ok(found)
    }

    pub(crate) fn slot_value(
        &self,
        field: &RecordField,
        value: &RecordValue,
    ) -> AppResult<Option<SlotValue>> {
        Ok(match (&field.kind, value) {
            (RecordKind::IdCard, RecordValue::Text(number)) => {
                Some(SlotValue::Text(self.personal.token(number)?))
            }
            (RecordKind::Choice { .. }, RecordValue::Text(code)) => {
                Some(SlotValue::Text(code.clone()))
            }
            (RecordKind::Date, RecordValue::Text(text)) => {
                day(text).map(|day| SlotValue::Number(day_number(day)))
            }
            (RecordKind::YesNo, RecordValue::Flag(flag)) => Some(SlotValue::Text(flag.to_string())),
            (_, RecordValue::Number(number)) => Some(SlotValue::Number(*number)),
            _ => None,
        })
    }
}

/// What texts on the wire name.
#[derive(Debug, Default)]
struct Refers {
    records: BTreeMap<String, i64>,
    units: BTreeMap<String, i64>,
}

fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all
            .iter()
            .filter_map(|one| one.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

/// A day as the number that its slot holds.
pub(crate) fn day_number(day: chrono::NaiveDate) -> i64 {
    i64::from(chrono::Datelike::num_days_from_ce(&day))
}

fn strange(field: &RecordField) -> Finding {
    let named = matches!(
        field.kind,
        RecordKind::Reference { .. } | RecordKind::References { .. } | RecordKind::Unit
    );
    let (rule, zh, en) = match named {
        true => (
            "reference",
            format!(
                "“{}”所选的内容不存在、已删除或不在您的权限范围内，请重新选择",
                field.name_zh
            ),
            format!(
                "What `{}` names does not exist, is deleted or is outside what you may see; choose again",
                field.name_en
            ),
        ),
        false => (
            "type",
            format!("“{}”的填写格式不对", field.name_zh),
            format!("The value of `{}` is not of the right kind", field.name_en),
        ),
    };
    Finding {
        rule: rule.to_owned(),
        field: Some(field.code.clone()),
        severity: Severity::Error,
        explained: false,
        message_zh: zh,
        message_en: en,
    }
}
