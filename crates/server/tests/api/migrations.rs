//! Migrations run, are taken back and run again.

use zhenxing_storage::{Db, Dialect, migrate};
use zhenxing_test_support::{Fault, database};

#[test]
fn migrations_run_down_and_up_again() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let db = Db::open(&database::fresh(folder.path())?, 1)?;
    let up = migrate::up(&db)?;
    assert!(up >= 5);
    assert_eq!(migrate::up(&db)?, 0, "a second run has nothing to do");
    assert_eq!(migrate::down(&db)?, up);
    assert_eq!(migrate::tables(&db)?, ["__diesel_schema_migrations"]);
    assert_eq!(migrate::up(&db)?, up);
    assert!(migrate::tables(&db)?.iter().any(|name| name == "report"));
    Ok(())
}

#[test]
fn statistics_of_the_embedded_database_are_forgotten() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let db = Db::open(&database::fresh(folder.path())?, 1)?;
    migrate::up(&db)?;
    if db.dialect() == Dialect::Postgres {
        return Ok(());
    }
    let counted = "SELECT count(*) FROM sqlite_stat1";
    db.write(|conn| conn.run_outside("ANALYZE"))?;
    db.write(|conn| conn.run_outside(counted))?;
    migrate::up(&db)?;
    let left = db.write(|conn| conn.run_outside(counted));
    assert!(left.is_err(), "there is a table of statistics still");
    Ok(())
}
