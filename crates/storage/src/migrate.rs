//! Migrations, embedded in the binary.

use crate::db::{AnyConnection, Conn, Db};
use crate::dialect::Dialect;
use crate::error::StorageError;
use crate::sql::sql;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Brings the schema up to date; returns how many migrations ran.
///
/// # Errors
/// [`StorageError::Migration`] with the migration's own words.
pub fn up(db: &Db) -> Result<usize, StorageError> {
    with_writer(db, |conn| {
        let done = match conn.raw() {
            AnyConnection::Sqlite(conn) => conn.run_pending_migrations(SQLITE).map(|v| v.len()),
            AnyConnection::Postgres(conn) => conn.run_pending_migrations(POSTGRES).map(|v| v.len()),
        };
        let done = done.map_err(|error| StorageError::Migration(error.to_string()))?;
        forget_statistics(conn)?;
        Ok(done)
    })
}

/// SQLite plans every statement as its indexes were laid out for. What `ANALYZE` counts would have it plan by the rows of
/// the day, without regard to pages: it then walks small tables first and sorts whole large ones (ADR 18).
fn forget_statistics(conn: &mut Conn) -> Result<(), StorageError> {
    if conn.dialect() == Dialect::Sqlite {
        conn.run(sql("DROP TABLE IF EXISTS sqlite_stat1"))?;
        conn.run(sql("DROP TABLE IF EXISTS sqlite_stat4"))?;
    }
    Ok(())
}

/// Takes every migration back; for tests.
///
/// # Errors
/// [`StorageError::Migration`] with the migration's own words.
pub fn down(db: &Db) -> Result<usize, StorageError> {
    with_writer(db, |conn| {
        let done = match conn.raw() {
            AnyConnection::Sqlite(conn) => conn.revert_all_migrations(SQLITE).map(|v| v.len()),
            AnyConnection::Postgres(conn) => conn.revert_all_migrations(POSTGRES).map(|v| v.len()),
        };
        done.map_err(|error| StorageError::Migration(error.to_string()))
    })
}

/// The names of all tables; for tests.
///
/// # Errors
/// What the database says.
pub fn tables(db: &Db) -> Result<Vec<String>, StorageError> {
    let statement = match db.dialect() {
        Dialect::Sqlite => sql(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        ),
        Dialect::Postgres => sql(
            "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
        ),
    };
    with_writer(db, |conn| conn.rows::<Text, String>(statement))
}

fn with_writer<T>(
    db: &Db,
    work: impl FnOnce(&mut Conn) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    let mut conn = db.writer()?;
    work(&mut conn)
}
