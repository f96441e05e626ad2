//! A database for one test, on the backend that the environment names.

use zhenxing_storage::Db;

/// The address of a fresh database.
///
/// # Errors
/// When the environment asks for PostgreSQL and names none, or it cannot make a database.
pub fn fresh(folder: &std::path::Path) -> Result<String, String> {
    match std::env::var("ZHENXING_TEST_DATABASE").as_deref() {
        Ok("postgres") => postgres(),
        Ok("sqlite") | Err(_) => Ok(format!("sqlite:{}", folder.join("test.db").display())),
        Ok(other) => Err(format!(
            "ZHENXING_TEST_DATABASE is {other}: allowed are sqlite and postgres"
        )),
    }
}

fn postgres() -> Result<String, String> {
    let url = std::env::var("ZHENXING_TEST_POSTGRES_URL").map_err(|_| {
        "ZHENXING_TEST_POSTGRES_URL is missing; `cargo xtask postgres` sets it".to_owned()
    })?;
    let name = format!("test_{}", uuid::Uuid::now_v7().simple());
    let db = Db::open(&url, 1).map_err(|error| error.to_string())?;
    db.read(|conn| conn.run_outside(&format!("CREATE DATABASE {name}")))
        .map_err(|error| error.to_string())?;
    let (server, _) = url.rsplit_once('/').ok_or("the address has no database")?;
    Ok(format!("{server}/{name}"))
}
