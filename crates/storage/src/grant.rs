//! Grants: what accounts may do, where, for which departments and matters.

use crate::db::Conn;
use crate::dialect::Column;
use crate::error::StorageError;
use crate::sql::sql;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::{AccountId, DepartmentId, UnitId};
use zhenxing_domain::policy::{DataScope, Grant, Matters, Role};

pub(crate) type GrantSql = (BigInt, Text, Text, Text, Text, Nullable<Text>);

/// A grant as it stands in its table.
#[derive(Queryable)]
pub(crate) struct GrantRow {
    account: i64,
    role: String,
    scope: String,
    departments: String,
    units: String,
    matters: Option<String>,
}

pub(crate) fn list<T: serde_read::Member>(
    what: &'static str,
    text: &str,
) -> Result<Vec<T>, StorageError> {
    serde_read::list(text).ok_or_else(|| StorageError::corrupt(what, text))
}

/// Reading the small JSON lists of a grant.
mod serde_read {
    use serde_json::Value;

    pub trait Member: Sized {
        fn of(value: &Value) -> Option<Self>;
    }

    impl Member for i64 {
        fn of(value: &Value) -> Option<Self> {
            value.as_i64()
        }
    }

    impl Member for String {
        fn of(value: &Value) -> Option<Self> {
            value.as_str().map(str::to_owned)
        }
    }

    pub fn list<T: Member>(text: &str) -> Option<Vec<T>> {
        let value: Value = serde_json::from_str(text).ok()?;
        value.as_array()?.iter().map(T::of).collect()
    }
}

impl GrantRow {
    fn units(&self) -> Result<Vec<i64>, StorageError> {
        list("units of a grant", &self.units)
    }

    fn departments(&self) -> Result<Vec<i64>, StorageError> {
        list("departments of a grant", &self.departments)
    }

    fn read(
        &self,
        paths: &BTreeMap<i64, String>,
        held: &BTreeMap<i64, BTreeSet<String>>,
    ) -> Result<Grant, StorageError> {
        let departments = self.departments()?.into_iter().map(|id| {
            // A department that has ended holds nothing, and its grant covers nothing.
            (DepartmentId(id), held.get(&id).cloned().unwrap_or_default())
        });
        let matters = match &self.matters {
            None => Matters::All,
            Some(text) => {
                let codes: Vec<String> = list("matters of a grant", text)?;
                Matters::These(codes.into_iter().collect())
            }
        };
        let units = self.units()?;
        Ok(Grant {
            role: Role::parse(&self.role)
                .ok_or_else(|| StorageError::corrupt("role", &self.role))?,
            scope: DataScope::parse(&self.scope)
                .ok_or_else(|| StorageError::corrupt("data scope", &self.scope))?,
            custom_paths: units
                .iter()
                .filter_map(|unit| paths.get(unit).cloned())
                .collect(),
            departments: departments.collect(),
            matters,
        })
    }
}

pub(crate) type GrantsByAccount = BTreeMap<i64, Vec<(Grant, Vec<i64>)>>;

/// The grants of accounts, each with the numbers of its custom units.
pub(crate) fn grants_of(
    conn: &mut Conn,
    accounts: &[i64],
    today: NaiveDate,
) -> Result<GrantsByAccount, StorageError> {
    let dialect = conn.dialect();
    let rows = conn.rows::<GrantSql, GrantRow>(
        sql("SELECT account_id, role, scope, departments, units, matters FROM account_grant WHERE account_id")
            .among(dialect, accounts)
            .then(" ORDER BY id"),
    )?;
    read_all(conn, &rows, today)
}

/// Rows with what they name: the paths of their units, the matters of their departments, as of today.
pub(crate) fn read_all(
    conn: &mut Conn,
    rows: &[GrantRow],
    today: NaiveDate,
) -> Result<GrantsByAccount, StorageError> {
    let dialect = conn.dialect();
    let mut wanted = BTreeSet::new();
    for row in rows {
        wanted.extend(row.units()?);
    }
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let mut paths = BTreeMap::new();
    if !wanted.is_empty() {
        let found = conn.rows::<(BigInt, Text), (i64, String)>(
            sql("SELECT unit_id, path FROM unit_placement WHERE valid_from <= ")
                .day(today)
                .then(" AND valid_to > ")
                .day(today)
                .then(" AND unit_id")
                .among(dialect, &wanted),
        )?;
        paths.extend(found);
    }
    let mut bound = BTreeSet::new();
    for row in rows {
        bound.extend(row.departments()?);
    }
    let bound: Vec<i64> = bound.into_iter().collect();
    let mut held = BTreeMap::new();
    if !bound.is_empty() {
        let found = conn.rows::<(BigInt, Text), (i64, String)>(
            sql("SELECT id, matters FROM department WHERE valid_from <= ")
                .day(today)
                .then(" AND valid_to > ")
                .day(today)
                .then(" AND id")
                .among(dialect, &bound),
        )?;
        for (id, matters) in found {
            let matters: Vec<String> = list("matters of a department", &matters)?;
            held.insert(id, matters.into_iter().collect());
        }
    }
    let mut grants = GrantsByAccount::new();
    for row in rows {
        let grant = row.read(&paths, &held)?;
        grants
            .entry(row.account)
            .or_default()
            .push((grant, row.units()?));
    }
    Ok(grants)
}

/// A grant that is to be made.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// The role.
    pub role: Role,
    /// The data scope.
    pub scope: DataScope,
    /// The units of a custom scope.
    pub units: Vec<UnitId>,
    /// The departments to which it is bound.
    pub departments: Vec<DepartmentId>,
    /// The matters.
    pub matters: Matters,
}

/// Gives accounts grants.
pub(crate) fn add(conn: &mut Conn, given: &[(AccountId, &NewGrant)]) -> Result<(), StorageError> {
    if given.is_empty() {
        return Ok(());
    }
    let row = |(account, grant): &(AccountId, &NewGrant)| {
        let units: Vec<i64> = grant.units.iter().map(|unit| unit.0).collect();
        let departments: Vec<i64> = grant.departments.iter().map(|one| one.0).collect();
        let matters = match &grant.matters {
            Matters::All => None,
            Matters::These(codes) => Some(json!(codes).to_string()),
        };
        json!([
            account.0,
            grant.role.as_str(),
            grant.scope.as_str(),
            json!(departments).to_string(),
            json!(units).to_string(),
            matters,
        ])
    };
    let rows: Vec<Value> = given.iter().map(row).collect();
    let dialect = conn.dialect();
    use Column::{Big, Text as Words};
    conn.run(
        sql("INSERT INTO account_grant (account_id, role, scope, departments, units, matters) ")
            .rows_of(
                dialect,
                &[Big, Words, Words, Words, Words, Words],
                &Value::from(rows),
            ),
    )?;
    Ok(())
}

/// Takes every grant of an account away and gives it others.
///
/// # Errors
/// What the database says.
pub fn replace(
    conn: &mut Conn,
    account: AccountId,
    grants: &[NewGrant],
) -> Result<(), StorageError> {
    conn.run(sql("DELETE FROM account_grant WHERE account_id = ").big(account.0))?;
    let given: Vec<(AccountId, &NewGrant)> = grants.iter().map(|one| (account, one)).collect();
    add(conn, &given)
}
