//! The database: pools, transactions, and the one connection type over both backends.

use crate::dialect::{self, Dialect};
use crate::error::StorageError;
use crate::failpoint::Failpoint;
use crate::pool::Manager;
use crate::sql::Statement;
use diesel::connection::TransactionManager;
use diesel::prelude::*;
use diesel::r2d2::{Pool, PooledConnection};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// The embedded default.
    Sqlite(diesel::SqliteConnection),
    /// For production.
    Postgres(diesel::PgConnection),
}

/// The statements that were run, while somebody records them.
#[derive(Debug, Default)]
struct StatementLog {
    /// Whether anybody records, so that nobody else waits for the locks.
    on: AtomicBool,
    shapes: Mutex<Option<Vec<String>>>,
    plans: Mutex<Option<Vec<Plan>>>,
}

/// How the database goes about a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The statement, values left out.
    pub statement: String,
    /// The steps in the database's own words.
    pub steps: Vec<String>,
}

impl StatementLog {
    fn plans(&self) -> MutexGuard<'_, Option<Vec<Plan>>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn locked(&self) -> MutexGuard<'_, Option<Vec<String>>> {
        self.shapes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A database with its connections.
#[derive(Clone)]
pub struct Db {
    readers: Pool<Manager>,
    writers: Pool<Manager>,
    dialect: Dialect,
    log: Arc<StatementLog>,
}

/// One connection in use.
pub struct Conn {
    inner: PooledConnection<Manager>,
    dialect: Dialect,
    log: Arc<StatementLog>,
}

impl Db {
    /// Opens the database at `sqlite:FILE` or `postgres://…`.
    ///
    /// # Errors
    /// [`StorageError::Open`] with the true cause.
    pub fn open(url: &str, connections: u32) -> Result<Db, StorageError> {
        let dialect = Dialect::of(url).ok_or_else(|| StorageError::Open {
            url: dialect::without_password(url),
            cause: "the address begins with neither `sqlite:` nor `postgres://`".to_owned(),
        })?;
        dialect::probe(url, dialect)?;
        let address = dialect::address(url, dialect);
        let pool = |size: u32, read_only: bool| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .connection_timeout(Duration::from_secs(10))
                .connection_customizer(Box::new(dialect::Customizer { dialect, read_only }))
                .build(Manager::new(&address))
                .map_err(|error| StorageError::Open {
                    url: dialect::without_password(url),
                    cause: error.to_string(),
                })
        };
        let writers = match dialect {
            Dialect::Sqlite => pool(1, false)?,
            Dialect::Postgres => pool(connections.max(1), false)?,
        };
        let readers = match dialect {
            Dialect::Sqlite => pool(connections.max(1), true)?,
            Dialect::Postgres => writers.clone(),
        };
        Ok(Db {
            readers,
            writers,
            dialect,
            log: Arc::default(),
        })
    }

    /// Which backend it is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// How much work is worth beginning at once. On PostgreSQL each piece needs a connection; on SQLite many wait for the one
    /// writer, and readers must not wait for them.
    pub fn at_once(&self) -> usize {
        let most = usize::try_from(self.readers.max_size()).unwrap_or(1);
        match self.dialect {
            Dialect::Sqlite => most.saturating_mul(16),
            Dialect::Postgres => most,
        }
    }

    fn conn(&self, pool: &Pool<Manager>) -> Result<Conn, StorageError> {
        let inner = pool
            .get()
            .map_err(|error| StorageError::Pool(error.to_string()))?;
        Ok(Conn {
            inner,
            dialect: self.dialect,
            log: Arc::clone(&self.log),
        })
    }

    /// A connection that may write, outside a transaction: migrations bring their own.
    pub(crate) fn writer(&self) -> Result<Conn, StorageError> {
        self.conn(&self.writers)
    }

    /// Runs reads.
    ///
    /// # Errors
    /// What the work returns, or [`StorageError::Pool`].
    pub fn read<T, E: From<StorageError>>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = self.conn(&self.readers)?;
        work(&mut conn)
    }

    /// Runs work in one transaction: all of it or nothing.
    ///
    /// # Errors
    /// What the work returns, or a failure of the transaction itself.
    pub fn write<T, E: From<StorageError>>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = self.conn(&self.writers)?;
        conn.begin()?;
        match work(&mut conn) {
            Ok(value) => {
                crate::reach(Failpoint::BeforeCommit);
                conn.commit()?;
                crate::reach(Failpoint::AfterCommit);
                Ok(value)
            }
            Err(error) => {
                conn.rollback();
                Err(error)
            }
        }
    }

    /// Begins to record the statements that run on this database; for tests.
    pub fn record_statements(&self) {
        *self.log.locked() = Some(Vec::new());
        self.log.on.store(true, Ordering::Release);
    }

    /// Begins to record how the statements that run are gone about; for tests.
    pub fn record_plans(&self) {
        *self.log.plans() = Some(Vec::new());
        self.log.on.store(true, Ordering::Release);
    }

    /// The plans since [`Db::record_plans`]; stops the record.
    pub fn recorded_plans(&self) -> Vec<Plan> {
        self.log.plans().take().unwrap_or_default()
    }

    /// The statements since [`Db::record_statements`], values left out; stops the record.
    pub fn recorded_statements(&self) -> Vec<String> {
        self.log.locked().take().unwrap_or_default()
    }
}

impl Conn {
    /// Which backend it is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(crate) fn raw(&mut self) -> &mut AnyConnection {
        &mut self.inner.conn
    }

    pub(crate) fn note(&mut self, statement: &Statement) -> Result<(), StorageError> {
        if !self.log.on.load(Ordering::Acquire) {
            return Ok(());
        }
        if let Some(shapes) = self.log.locked().as_mut() {
            shapes.push(statement.shape());
        }
        let planned = self.log.plans().is_some();
        if planned {
            let steps = self.plan(statement)?;
            if let Some(plans) = self.log.plans().as_mut() {
                let statement = statement.shape();
                plans.push(Plan { statement, steps });
            }
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), StorageError> {
        type Transactions<C> = <C as Connection>::TransactionManager;
        match self.raw() {
            AnyConnection::Sqlite(conn) => {
                Transactions::<SqliteConnection>::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?;
            }
            AnyConnection::Postgres(conn) => Transactions::<PgConnection>::begin_transaction(conn)?,
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StorageError> {
        type Transactions<C> = <C as Connection>::TransactionManager;
        match self.raw() {
            AnyConnection::Sqlite(conn) => {
                Transactions::<SqliteConnection>::commit_transaction(conn)?
            }
            AnyConnection::Postgres(conn) => {
                Transactions::<PgConnection>::commit_transaction(conn)?
            }
        }
        Ok(())
    }

    fn rollback(&mut self) {
        type Transactions<C> = <C as Connection>::TransactionManager;
        let done = match self.raw() {
            AnyConnection::Sqlite(conn) => {
                Transactions::<SqliteConnection>::rollback_transaction(conn)
            }
            AnyConnection::Postgres(conn) => {
                Transactions::<PgConnection>::rollback_transaction(conn)
            }
        };
        if let Err(error) = done {
            tracing::warn!(%error, "a transaction could not be rolled back");
        }
    }
}
