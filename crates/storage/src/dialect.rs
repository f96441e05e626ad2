//! The one place that knows in what the two databases differ.

use crate::db::{AnyConnection, Conn};
use crate::error::StorageError;
use crate::pool::Pooled;
use crate::sql::{Statement, sql};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{CustomizeConnection, Error as PoolError};
use std::fmt::Write as _;

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, one file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// The dialect of an address.
    pub fn of(url: &str) -> Option<Dialect> {
        if url.starts_with("sqlite:") {
            Some(Dialect::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Some(Dialect::Postgres)
        } else {
            None
        }
    }

    /// The name shown to people.
    pub fn as_str(self) -> &'static str {
        match self {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres => "postgresql",
        }
    }
}

/// What diesel wants as address: SQLite's is the file's name.
pub(crate) fn address(url: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => url.strip_prefix("sqlite:").unwrap_or(url).to_owned(),
        Dialect::Postgres => url.to_owned(),
    }
}

/// The address as it may be shown.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let name = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{name}@{host}")
        }
        None => url.to_owned(),
    }
}

/// Opens the concrete connection once: the multi-backend connection hides why it fails.
pub(crate) fn probe(url: &str, dialect: Dialect) -> Result<(), StorageError> {
    let name = address(url, dialect);
    let cause = match dialect {
        Dialect::Sqlite => SqliteConnection::establish(&name).err(),
        Dialect::Postgres => PgConnection::establish(&name).err(),
    };
    match cause {
        None => Ok(()),
        Some(cause) => Err(StorageError::Open {
            url: without_password(url),
            cause: cause.to_string(),
        }),
    }
}

/// Sets up each new connection of a pool.
#[derive(Debug)]
pub(crate) struct Customizer {
    pub dialect: Dialect,
    pub read_only: bool,
}

impl CustomizeConnection<Pooled, PoolError> for Customizer {
    fn on_acquire(&self, pooled: &mut Pooled) -> Result<(), PoolError> {
        let text = match self.dialect {
            Dialect::Sqlite if self.read_only => {
                "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA query_only = ON;"
            }
            Dialect::Sqlite => {
                // Pages in memory, in KiB: an import or a whole term writes into a dozen indexes in no order.
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536;"
            }
            Dialect::Postgres => "SET TIME ZONE 'UTC'; SET lock_timeout = '10s';",
        };
        let done = match &mut pooled.conn {
            AnyConnection::Sqlite(conn) => conn.batch_execute(text),
            AnyConnection::Postgres(conn) => conn.batch_execute(text),
        };
        done.map_err(PoolError::QueryError)
    }
}

/// Locks that one transaction holds against all others; SQLite has one writer anyway.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lock {
    Fold,
    Sequence,
    Tree,
    Audit,
    Tasks,
    Targets,
    Files,
    Ledgers,
    Derive,
    LedgerTally,
    Personal,
}

impl Lock {
    fn number(self) -> i64 {
        match self {
            Lock::Fold => 71_001,
            Lock::Sequence => 71_002,
            Lock::Tree => 71_003,
            Lock::Audit => 71_004,
            Lock::Tasks => 71_005,
            Lock::Targets => 71_006,
            Lock::Files => 71_007,
            Lock::Ledgers => 71_008,
            Lock::Derive => 71_009,
            Lock::LedgerTally => 71_010,
            Lock::Personal => 71_011,
        }
    }
}

impl Conn {
    /// Takes a lock until the transaction ends.
    pub(crate) fn lock(&mut self, lock: Lock) -> Result<(), StorageError> {
        if self.dialect() == Dialect::Postgres {
            self.run(
                sql("SELECT pg_advisory_xact_lock(")
                    .big(lock.number())
                    .then(")"),
            )?;
        }
        Ok(())
    }

    /// Tries to take a lock of the given number until the transaction ends.
    pub(crate) fn try_lock(&mut self, number: i64) -> Result<bool, StorageError> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(true);
        }
        let got: Option<bool> = self.first::<diesel::sql_types::Bool, bool>(
            sql("SELECT pg_try_advisory_xact_lock(")
                .big(number)
                .then(")"),
        )?;
        Ok(got.unwrap_or(false))
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// PostgreSQL's text of an array: every member quoted, quotes and backslashes escaped.
fn array_of(texts: &[&str]) -> String {
    let mut array = String::from("{");
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            array.push(',');
        }
        quote(&mut array, text);
    }
    array.push('}');
    array
}

impl Statement {
    /// Appends a column to sort by, so that SQLite narrows by the scope first and sorts what is left, instead of
    /// walking through the index of that column; PostgreSQL weighs that by itself.
    pub(crate) fn sorted(self, dialect: Dialect, column: &'static str) -> Self {
        match dialect {
            Dialect::Sqlite => self.then("+").then(column),
            Dialect::Postgres => self.then(column),
        }
    }

    /// Appends ` IN (…)` over whole numbers, bound as one value.
    pub(crate) fn among(self, dialect: Dialect, numbers: &[i64]) -> Self {
        let list: Vec<String> = numbers.iter().map(i64::to_string).collect();
        match dialect {
            Dialect::Sqlite => self
                .then(" IN (SELECT value FROM json_each(")
                .text(format!("[{}]", list.join(",")))
                .then("))"),
            Dialect::Postgres => self
                .then(" = ANY(CAST(")
                .text(format!("{{{}}}", list.join(",")))
                .then(" AS bigint[]))"),
        }
    }

    /// Appends ` AND column IN (…)` for rows that are read anyway: no index is looked up for it, and PostgreSQL works the
    /// list out once, where it would cast the text again for each row.
    pub(crate) fn among_read(
        self,
        column: &'static str,
        dialect: Dialect,
        numbers: &[i64],
    ) -> Self {
        let begun = self.then(" AND ").then(column).then(" + 0");
        match dialect {
            Dialect::Sqlite => begun.among(dialect, numbers),
            Dialect::Postgres => {
                let list: Vec<String> = numbers.iter().map(i64::to_string).collect();
                begun
                    .then(" = ANY(ARRAY(SELECT unnest(CAST(")
                    .text(format!("{{{}}}", list.join(",")))
                    .then(" AS bigint[]))))")
            }
        }
    }

    /// The same for as many as a level of the tree has: PostgreSQL would go through an array again for every row that no
    /// index leads to, so it joins them.
    pub(crate) fn among_many(self, dialect: Dialect, numbers: &[i64]) -> Self {
        match dialect {
            Dialect::Sqlite => self.among(dialect, numbers),
            Dialect::Postgres => {
                let list: Vec<String> = numbers.iter().map(i64::to_string).collect();
                self.then(" IN (SELECT unnest(CAST(")
                    .text(format!("{{{}}}", list.join(",")))
                    .then(" AS bigint[])))")
            }
        }
    }

    /// Appends ` IN (…)` over texts, bound as one value.
    pub(crate) fn among_texts<T: AsRef<str>>(self, dialect: Dialect, texts: &[T]) -> Self {
        let list: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        match dialect {
            Dialect::Sqlite => self
                .then(" IN (SELECT value FROM json_each(")
                .text(serde_json::Value::from(list).to_string())
                .then("))"),
            Dialect::Postgres => self
                .then(" = ANY(CAST(")
                .text(array_of(&list))
                .then(" AS text[]))"),
        }
    }

    /// Appends ` IN (…)` over bytes, bound as one value.
    pub(crate) fn among_bytes<T: AsRef<[u8]>>(self, dialect: Dialect, all: &[T]) -> Self {
        let list: Vec<String> = all.iter().map(|bytes| hex(bytes.as_ref())).collect();
        match dialect {
            Dialect::Sqlite => self
                .then(" IN (SELECT unhex(value) FROM json_each(")
                .text(serde_json::Value::from(list).to_string())
                .then("))"),
            Dialect::Postgres => {
                let list: Vec<String> = list.iter().map(|digits| format!("\\x{digits}")).collect();
                let list: Vec<&str> = list.iter().map(String::as_str).collect();
                self.then(" = ANY(CAST(")
                    .text(array_of(&list))
                    .then(" AS bytea[]))")
            }
        }
    }

    /// Appends a `SELECT` that yields one row for each inner array of the JSON value, its members typed. SQLite reads the
    /// rows as one bound JSON text; PostgreSQL takes each column as one bound array, which it reads several times as fast.
    pub(crate) fn rows_of(
        self,
        dialect: Dialect,
        types: &[Column],
        rows: &serde_json::Value,
    ) -> Self {
        match dialect {
            Dialect::Sqlite => self.rows_of_json(types, rows),
            Dialect::Postgres => self.rows_of_arrays(types, rows),
        }
    }

    fn rows_of_json(self, types: &[Column], rows: &serde_json::Value) -> Self {
        let member = |(index, column): (usize, &Column)| match column {
            Column::Bytes => format!("unhex(json_extract(value, '$[{index}]'))"),
            _ => format!("json_extract(value, '$[{index}]')"),
        };
        let members: Vec<String> = types.iter().enumerate().map(member).collect();
        self.then_owned(format!("SELECT {} FROM json_each(", members.join(", ")))
            .text(rows.to_string())
            // `WHERE true` keeps SQLite from reading a following ON CONFLICT as a join condition.
            .then(") WHERE true")
    }

    fn rows_of_arrays(self, types: &[Column], rows: &serde_json::Value) -> Self {
        let rows: &[serde_json::Value] = rows.as_array().map_or(&[], Vec::as_slice);
        let mut statement = self.then("SELECT * FROM unnest(");
        for (index, column) in types.iter().enumerate() {
            let begin = if index == 0 { "CAST(" } else { ", CAST(" };
            statement = statement
                .then(begin)
                .text(column.array(rows.iter().map(|row| row.get(index))))
                .then(column.postgres_array());
        }
        statement.then(") AS rows")
    }
}

/// The type of a member of a row that comes in as JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    Big,
    Int,
    Text,
    Day,
    Flag,
    /// Written as hexadecimal digits.
    Bytes,
}

impl Column {
    fn postgres_array(self) -> &'static str {
        match self {
            Column::Big => " AS bigint[])",
            Column::Int => " AS integer[])",
            Column::Text => " AS text[])",
            Column::Day => " AS date[])",
            Column::Flag => " AS boolean[])",
            Column::Bytes => " AS bytea[])",
        }
    }

    /// PostgreSQL's text of an array of members.
    fn array<'a>(self, members: impl Iterator<Item = Option<&'a serde_json::Value>>) -> String {
        let mut text = String::from("{");
        for member in members {
            if text.len() > 1 {
                text.push(',');
            }
            match member {
                None | Some(serde_json::Value::Null) => text.push_str("NULL"),
                Some(serde_json::Value::String(digits)) if matches!(self, Column::Bytes) => {
                    text.push_str("\"\\\\x");
                    text.push_str(digits);
                    text.push('"');
                }
                Some(serde_json::Value::String(words)) => quote(&mut text, words),
                // Writing into a text does not fail.
                Some(other) => drop(write!(text, "{other}")),
            }
        }
        text.push('}');
        text
    }
}

/// Appends a member of an array: quoted, quotes and backslashes escaped.
fn quote(text: &mut String, member: &str) {
    text.push('"');
    for letter in member.chars() {
        if matches!(letter, '"' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text.push('"');
}
