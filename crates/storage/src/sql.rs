//! Statements: text with bound values in the order in which they appear, the same on both databases.
//!
//! A value is always bound, never written into the text, and lists travel as one bound JSON text. So a statement's
//! text does not depend on its values and the databases keep it prepared.

use crate::db::{AnyConnection, Conn, MultiBackend};
use crate::dialect::Dialect;
use crate::error::StorageError;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LoadQuery;
use diesel::result::QueryResult;
use diesel::sql_types;
use std::marker::PhantomData;
use uuid::Uuid;

#[derive(Debug, Clone)]
enum Piece {
    Text(&'static str),
    Owned(String),
    Big(i64),
    MaybeBig(Option<i64>),
    Int(i32),
    String(String),
    MaybeString(Option<String>),
    Bytes(Vec<u8>),
    Day(chrono::NaiveDate),
    MaybeDay(Option<chrono::NaiveDate>),
    Flag(bool),
}

/// A statement under construction.
#[derive(Debug, Clone, Default)]
pub struct Statement {
    pieces: Vec<Piece>,
    anew: bool,
}

/// Begins a statement with some text.
pub fn sql(text: &'static str) -> Statement {
    Statement::default().then(text)
}

impl Statement {
    /// Appends text.
    pub fn then(mut self, text: &'static str) -> Self {
        self.pieces.push(Piece::Text(text));
        self
    }

    /// Appends text that was put together from constants of this crate.
    pub(crate) fn then_owned(mut self, text: String) -> Self {
        self.pieces.push(Piece::Owned(text));
        self
    }

    /// Has PostgreSQL plan the statement for its values each time. A plan for whatever values is kept after a few runs; it takes
    /// every range for a narrow one and may read a hundred times what the range at hand asks for. SQLite plans without values.
    pub(crate) fn planned_anew(mut self, dialect: Dialect) -> Self {
        self.anew = dialect == Dialect::Postgres;
        self
    }

    /// Binds a whole number.
    pub fn big(mut self, value: i64) -> Self {
        self.pieces.push(Piece::Big(value));
        self
    }

    /// Binds a whole number or nothing.
    pub fn maybe_big(mut self, value: Option<i64>) -> Self {
        self.pieces.push(Piece::MaybeBig(value));
        self
    }

    /// Binds a small number, such as a period.
    pub fn int(mut self, value: i32) -> Self {
        self.pieces.push(Piece::Int(value));
        self
    }

    /// Binds a text.
    pub fn text(mut self, value: impl Into<String>) -> Self {
        self.pieces.push(Piece::String(value.into()));
        self
    }

    /// Binds a text or nothing.
    pub fn maybe_text(mut self, value: Option<String>) -> Self {
        self.pieces.push(Piece::MaybeString(value));
        self
    }

    /// Binds bytes.
    pub fn bytes(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.pieces.push(Piece::Bytes(value.into()));
        self
    }

    /// Binds a day.
    pub fn day(mut self, value: chrono::NaiveDate) -> Self {
        self.pieces.push(Piece::Day(value));
        self
    }

    /// Binds a day or nothing.
    pub fn maybe_day(mut self, value: Option<chrono::NaiveDate>) -> Self {
        self.pieces.push(Piece::MaybeDay(value));
        self
    }

    /// Binds yes or no.
    pub fn flag(mut self, value: bool) -> Self {
        self.pieces.push(Piece::Flag(value));
        self
    }

    /// Appends the condition that a column holds a text anywhere.
    pub(crate) fn holds(self, column: &'static str, text: &str) -> Self {
        let plain = text
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        self.then(column)
            .then(" LIKE ")
            .text(format!("%{plain}%"))
            .then(" ESCAPE '\\'")
    }

    /// Appends the condition that a column holds a public number.
    pub(crate) fn numbered(self, column: &'static str, id: Uuid) -> Self {
        self.then(" AND ")
            .then(column)
            .then(" = ")
            .bytes(id.as_bytes().as_slice())
    }

    /// The text as it is logged, values left out.
    pub fn shape(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Owned(text) => text.as_str(),
                _ => "?",
            })
            .collect()
    }
}

/// A statement that yields rows of the SQL type `ST`.
pub struct Rows<ST> {
    statement: Statement,
    kind: PhantomData<ST>,
}

impl<ST> QueryId for Rows<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Rows<ST> {
    type SqlType = ST;
}

impl<ST> RunQueryDsl<AnyConnection> for Rows<ST> {}

impl<ST> QueryFragment<MultiBackend> for Rows<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        if self.statement.anew {
            out.unsafe_to_cache_prepared();
        }
        for piece in &self.statement.pieces {
            match piece {
                Piece::Text(text) => out.push_sql(text),
                Piece::Owned(text) => out.push_sql(text),
                Piece::Big(value) => out.push_bind_param::<sql_types::BigInt, _>(value)?,
                Piece::MaybeBig(value) => {
                    out.push_bind_param::<sql_types::Nullable<sql_types::BigInt>, _>(value)?;
                }
                Piece::Int(value) => out.push_bind_param::<sql_types::Integer, _>(value)?,
                Piece::String(value) => out.push_bind_param::<sql_types::Text, _>(value)?,
                Piece::MaybeString(value) => {
                    out.push_bind_param::<sql_types::Nullable<sql_types::Text>, _>(value)?;
                }
                Piece::Bytes(value) => out.push_bind_param::<sql_types::Binary, _>(value)?,
                Piece::Day(value) => out.push_bind_param::<sql_types::Date, _>(value)?,
                Piece::MaybeDay(value) => {
                    out.push_bind_param::<sql_types::Nullable<sql_types::Date>, _>(value)?;
                }
                Piece::Flag(value) => out.push_bind_param::<sql_types::Bool, _>(value)?,
            }
        }
        Ok(())
    }
}

impl Conn {
    /// Runs a statement and loads its rows.
    ///
    /// # Errors
    /// What the database says.
    pub fn rows<ST, T>(&mut self, statement: Statement) -> Result<Vec<T>, StorageError>
    where
        Rows<ST>: for<'a> LoadQuery<'a, AnyConnection, T>,
    {
        self.note(&statement)?;
        let query = Rows {
            statement,
            kind: PhantomData,
        };
        Ok(query.load::<T>(self.raw())?)
    }

    /// Runs a statement that yields one row or none.
    ///
    /// # Errors
    /// What the database says.
    pub fn first<ST, T>(&mut self, statement: Statement) -> Result<Option<T>, StorageError>
    where
        Rows<ST>: for<'a> LoadQuery<'a, AnyConnection, T>,
    {
        Ok(self.rows(statement)?.into_iter().next())
    }

    /// How the database would go about a statement.
    pub(crate) fn plan(&mut self, statement: &Statement) -> Result<Vec<String>, StorageError> {
        let begin = match self.dialect() {
            Dialect::Sqlite => "EXPLAIN QUERY PLAN ",
            Dialect::Postgres => "EXPLAIN ",
        };
        let mut statement = statement.clone();
        statement.pieces.insert(0, Piece::Text(begin));
        match self.dialect() {
            Dialect::Sqlite => {
                type Step = (
                    sql_types::Integer,
                    sql_types::Integer,
                    sql_types::Integer,
                    sql_types::Text,
                );
                let query = Rows::<Step> {
                    statement,
                    kind: PhantomData,
                };
                let steps: Vec<(i32, i32, i32, String)> = query.load(self.raw())?;
                Ok(steps.into_iter().map(|step| step.3).collect())
            }
            Dialect::Postgres => {
                let query = Rows::<sql_types::Text> {
                    statement,
                    kind: PhantomData,
                };
                Ok(query.load::<String>(self.raw())?)
            }
        }
    }

    /// Runs a statement and says how many rows it touched.
    ///
    /// # Errors
    /// What the database says.
    pub fn run(&mut self, statement: Statement) -> Result<usize, StorageError> {
        self.note(&statement)?;
        let query = Rows::<()> {
            statement,
            kind: PhantomData,
        };
        Ok(query.execute(self.raw())?)
    }

    /// Runs a text that takes no values, such as the making of a database by a test.
    ///
    /// # Errors
    /// What the database says.
    pub fn run_outside(&mut self, text: &str) -> Result<(), StorageError> {
        use diesel::connection::SimpleConnection;
        Ok(self.raw().batch_execute(text)?)
    }
}
