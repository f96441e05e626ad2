//! Migrations run, are taken back and run again.

use zhenxing_storage::{Db, migrate};
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
