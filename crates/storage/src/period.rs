//! Periods of forms: seeded for the roll-up, locked and opened.

use crate::db::Conn;
use crate::error::StorageError;
use crate::sql::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use zhenxing_domain::period::Period;

/// A period of a form as stored.
#[derive(Debug, Clone, Queryable)]
pub struct FormPeriod {
    /// The form's code.
    pub form: String,
    /// The period's key.
    pub period: i32,
    /// Whether it is locked.
    pub locked: bool,
    /// Grows with every change.
    pub revision: i64,
}

const SELECT: &str = "SELECT form, period, locked, revision FROM form_period WHERE form = ";

/// The periods of a form, latest first.
///
/// # Errors
/// What the database says.
pub fn list(conn: &mut Conn, form: &str) -> Result<Vec<FormPeriod>, StorageError> {
    conn.rows::<(Text, Integer, Bool, BigInt), FormPeriod>(
        sql(SELECT).text(form).then(" ORDER BY period DESC"),
    )
}

/// One period of a form.
///
/// # Errors
/// What the database says.
pub fn get(
    conn: &mut Conn,
    form: &str,
    period: Period,
) -> Result<Option<FormPeriod>, StorageError> {
    conn.first::<(Text, Integer, Bool, BigInt), FormPeriod>(
        sql(SELECT)
            .text(form)
            .then(" AND period = ")
            .int(period.key()),
    )
}

/// Every locked period of every form, as keys.
///
/// # Errors
/// What the database says.
pub fn locked(conn: &mut Conn) -> Result<Vec<(String, i32)>, StorageError> {
    conn.rows::<(Text, Integer), (String, i32)>(
        sql("SELECT form, period FROM form_period WHERE locked = ").flag(true),
    )
}

/// Adds a period; false when it is there already.
///
/// # Errors
/// What the database says.
pub fn add(conn: &mut Conn, form: &str, period: Period) -> Result<bool, StorageError> {
    let touched = conn.run(
        sql("INSERT INTO form_period (form, period, locked, revision) VALUES (")
            .text(form)
            .then(", ")
            .int(period.key())
            .then(", ")
            .flag(false)
            .then(", 1) ON CONFLICT (form, period) DO NOTHING"),
    )?;
    Ok(touched == 1)
}

/// Locks or opens a period whose revision is still the one given; false when it is not.
///
/// # Errors
/// What the database says.
pub fn set_locked(
    conn: &mut Conn,
    form: &str,
    period: Period,
    revision: i64,
    locked: bool,
) -> Result<bool, StorageError> {
    let touched = conn.run(
        sql("UPDATE form_period SET locked = ")
            .flag(locked)
            .then(", revision = revision + 1 WHERE form = ")
            .text(form)
            .then(" AND period = ")
            .int(period.key())
            .then(" AND revision = ")
            .big(revision),
    )?;
    Ok(touched == 1)
}

/// Every period that any form has, as keys.
///
/// # Errors
/// What the database says.
pub fn all_keys(conn: &mut Conn) -> Result<Vec<(String, i32)>, StorageError> {
    conn.rows::<(Text, Integer), (String, i32)>(sql(
        "SELECT form, period FROM form_period ORDER BY form, period",
    ))
}
