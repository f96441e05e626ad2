//! A ledger with its definition read.

use crate::i18n::named;
use crate::state::Session;
use std::rc::Rc;
use zhenxing_api_types::ledger::Ledger;
use zhenxing_api_types::session::Me;
use zhenxing_api_types::unit::Level;
use zhenxing_client::ClientError;
use zhenxing_domain::package::{LedgerDef, RecordDef, RecordField, StateDef};

/// A ledger in which records are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// What the server says of it.
    pub ledger: Ledger,
    /// What its records are.
    pub record: RecordDef,
}

impl Kept {
    /// Its name in the language that is shown.
    pub fn name(&self) -> String {
        named(&self.ledger.name_zh, &self.ledger.name_en).to_owned()
    }

    /// The name of a state, or its code where it is not known.
    pub fn state_name(&self, code: &str) -> String {
        self.record
            .state(code)
            .map_or_else(|| code.to_owned(), state_name)
    }

    /// Whether units of that level hold records.
    pub fn held_at(&self, level: Level) -> bool {
        self.record
            .levels
            .iter()
            .any(|held| Level::from(*held) == level)
    }

    /// The levels below that one whose units hold records.
    pub fn held_below(&self, level: Level) -> Vec<Level> {
        let all = self.record.levels.iter().map(|held| Level::from(*held));
        all.filter(|held| *held > level).collect()
    }
}

/// The name of a state.
pub fn state_name(state: &StateDef) -> String {
    named(&state.name_zh, &state.name_en).to_owned()
}

/// The name of a field.
pub fn field_name(field: &RecordField) -> String {
    named(&field.name_zh, &field.name_en).to_owned()
}

/// The name of a field with its unit behind.
pub fn field_label(field: &RecordField) -> String {
    let unit = named(&field.unit_zh, &field.unit_en);
    let name = field_name(field);
    if unit.is_empty() {
        name
    } else {
        t!("with-unit", name = name, unit = unit)
    }
}

/// Whether a grant is bound to a department.
fn is_of_the_line(me: &Me) -> bool {
    me.grants.iter().any(|grant| !grant.departments.is_empty())
}

/// A ledger; nothing while it is only named and no records are kept in it. Fields that the organisation line alone sees are
/// left out for everybody else, as the server leaves them out.
///
/// # Errors
/// A problem, or what the network says.
pub async fn kept(session: &Session, code: &str) -> Result<Option<Rc<Kept>>, ClientError> {
    let ledger = session.client.ledger(code).await?;
    let def: LedgerDef = zhenxing_client::read(&ledger.definition)
        .map_err(|error| ClientError::Decode(error.to_string()))?;
    let line = session.me().is_some_and(|me| is_of_the_line(&me));
    Ok(def.record.map(|mut record| {
        for section in &mut record.sections {
            section.fields.retain(|field| line || !field.restricted);
        }
        record.sections.retain(|section| !section.fields.is_empty());
        Rc::new(Kept { ledger, record })
    }))
}
