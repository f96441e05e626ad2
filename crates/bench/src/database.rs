//! The databases below the storage: counting rows, loading at the pace of the database itself.

use crate::Done;
use crate::city::Row;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

diesel::table! {
    observation (period, metric_id, unit_id, home_shard) {
        period -> Integer,
        metric_id -> BigInt,
        unit_id -> BigInt,
        home_shard -> BigInt,
        approved_num -> Nullable<BigInt>,
        approved_den -> Nullable<BigInt>,
        pending_num -> Nullable<BigInt>,
        pending_den -> Nullable<BigInt>,
    }
}

/// A PostgreSQL and what belongs to it.
#[derive(Debug, Clone)]
pub struct Postgres {
    /// The address of the database that is measured.
    pub url: String,
    /// The folder with psql and pgbench.
    pub programs: PathBuf,
    /// The log of the server.
    pub log: PathBuf,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

/// The database that is measured.
#[derive(Debug, Clone)]
pub enum Database {
    /// One file.
    Sqlite(PathBuf),
    /// A server.
    Postgres(Postgres),
}

impl Database {
    /// As the server is told.
    pub fn url(&self) -> String {
        match self {
            Database::Sqlite(file) => format!("sqlite:{}", file.display()),
            Database::Postgres(postgres) => postgres.url.clone(),
        }
    }

    /// The name that is shown.
    pub fn name(&self) -> &'static str {
        match self {
            Database::Sqlite(_) => "SQLite",
            Database::Postgres(_) => "PostgreSQL",
        }
    }

    /// Runs statements.
    ///
    /// # Errors
    /// What the database says.
    pub fn run(&self, statements: &str) -> Done<()> {
        match self {
            Database::Sqlite(file) => sqlite(file)?.batch_execute(statements).map_err(said),
            Database::Postgres(one) => one.connect()?.batch_execute(statements).map_err(said),
        }
    }

    /// Brings PostgreSQL's statistics up to date, as its own daemon does in time. SQLite is used without any.
    ///
    /// # Errors
    /// What the database says.
    pub fn count_values(&self) -> Done<()> {
        match self {
            Database::Sqlite(_) => Ok(()),
            Database::Postgres(_) => self.run("VACUUM (ANALYZE)"),
        }
    }

    /// A number: `SELECT … AS number`.
    ///
    /// # Errors
    /// What the database says.
    pub fn number(&self, query: &str) -> Done<i64> {
        let query = diesel::sql_query(query);
        let found: QueryResult<Number> = match self {
            Database::Sqlite(file) => query.get_result(&mut sqlite(file)?),
            Database::Postgres(one) => query.get_result(&mut one.connect()?),
        };
        Ok(found.map_err(said)?.number)
    }

    /// A text: `SELECT … AS words`.
    ///
    /// # Errors
    /// What the database says.
    pub fn words(&self, query: &str) -> Done<String> {
        let query = diesel::sql_query(query);
        let found: QueryResult<Words> = match self {
            Database::Sqlite(file) => query.get_result(&mut sqlite(file)?),
            Database::Postgres(one) => query.get_result(&mut one.connect()?),
        };
        Ok(found.map_err(said)?.words)
    }

    /// Loads rows as quickly as the database can, by COPY or by prepared inserts in one transaction, and says how long
    /// the database took.
    ///
    /// # Errors
    /// What the database says.
    pub fn load(&self, rows: &[Row]) -> Done<Duration> {
        match self {
            Database::Sqlite(file) => {
                let mut conn = sqlite(file)?;
                let begun = Instant::now();
                insert(&mut conn, rows)?;
                Ok(begun.elapsed())
            }
            Database::Postgres(one) => {
                let text = copied(rows);
                let begun = Instant::now();
                one.copy(&text)?;
                Ok(begun.elapsed())
            }
        }
    }
}

fn said(error: diesel::result::Error) -> String {
    error.to_string()
}

fn sqlite(file: &std::path::Path) -> Done<SqliteConnection> {
    let mut conn = SqliteConnection::establish(&file.display().to_string())
        .map_err(|error| error.to_string())?;
    conn.batch_execute(
        "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
    )
    .map_err(said)?;
    Ok(conn)
}

fn insert(conn: &mut SqliteConnection, rows: &[Row]) -> Done<()> {
    use observation::dsl;
    let done = conn.transaction(|conn| {
        for row in rows {
            let (approved, pending) = row.sides();
            diesel::insert_into(dsl::observation)
                .values((
                    dsl::period.eq(row.period),
                    dsl::metric_id.eq(row.metric),
                    dsl::unit_id.eq(row.unit),
                    dsl::home_shard.eq(row.home_shard),
                    dsl::approved_num.eq(approved),
                    dsl::approved_den.eq(approved.map(|_| 1)),
                    dsl::pending_num.eq(pending),
                    dsl::pending_den.eq(pending.map(|_| 1)),
                ))
                .execute(conn)?;
        }
        Ok(())
    });
    done.map_err(said)
}

/// Rows as COPY reads them.
fn copied(rows: &[Row]) -> String {
    let number = |value: Option<i64>| value.map_or("\\N".to_owned(), |value| value.to_string());
    let mut text = String::with_capacity(rows.len() * 64);
    for row in rows {
        let (approved, pending) = row.sides();
        let one = |side: Option<i64>| if side.is_some() { "1" } else { "\\N" };
        text.push_str(&format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            row.period,
            row.metric,
            row.unit,
            row.home_shard,
            number(approved),
            one(approved),
            number(pending),
            one(pending)
        ));
    }
    text
}

impl Postgres {
    fn connect(&self) -> Done<PgConnection> {
        PgConnection::establish(&self.url).map_err(|error| error.to_string())
    }

    fn copy(&self, text: &str) -> Done<()> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args([
            "--quiet",
            "--no-psqlrc",
            "--command",
            "COPY observation FROM STDIN",
        ]);
        psql.arg(&self.url).stdin(Stdio::piped());
        let failed = |error: std::io::Error| format!("psql: {error}");
        let mut psql = psql.spawn().map_err(failed)?;
        if let Some(mut input) = psql.stdin.take() {
            input.write_all(text.as_bytes()).map_err(failed)?;
        }
        let status = psql.wait().map_err(failed)?;
        status
            .success()
            .then_some(())
            .ok_or_else(|| format!("psql: {status}"))
    }

    /// Lets the server log every statement with its values, or no more.
    ///
    /// # Errors
    /// What the database says.
    pub fn log_statements(&self, on: bool) -> Done<()> {
        let wish = if on { "all" } else { "none" };
        let mut conn = self.connect()?;
        for statement in [
            "ALTER SYSTEM SET log_line_prefix = '%n '",
            &format!("ALTER SYSTEM SET log_statement = '{wish}'"),
            "SELECT pg_reload_conf()",
        ] {
            conn.batch_execute(statement).map_err(said)?;
        }
        std::thread::sleep(Duration::from_millis(300));
        Ok(())
    }
}
