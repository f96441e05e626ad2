//! The server that is measured, and who asks it.

use crate::Done;
use crate::child::Process;
use crate::city::TODAY;
use crate::client::{Client, request};
use crate::database::Database;
use std::path::Path;
use std::process::Command;

/// Where the server finds what it needs.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The binary.
    pub binary: &'a Path,
    /// The data folder.
    pub data: &'a Path,
    /// The database.
    pub database: &'a Database,
}

impl Place<'_> {
    /// Starts the server with a package.
    ///
    /// # Errors
    /// When it does not get ready.
    pub fn start(&self, package: &Path) -> Done<Process> {
        let mut command = Command::new(self.binary);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--demo-accounts"])
            .args(["--today", TODAY, "--access-minutes", "1440"])
            .args(["--rate-limit", "4000000000", "--sign-in-limit", "1000000"])
            .arg("--database-url")
            .arg(self.database.url())
            .arg("--package-dir")
            .arg(package)
            .arg("--data-dir")
            .arg(self.data)
            .env("ZHENXING_LOG", "warn");
        Process::start(&mut command, true)
    }
}

/// Accounts of the city beside those of the demonstration, each with one role: the name to sign in with, and the role.
const ACCOUNTS: [(&str, &str); 4] = [
    ("bench-viewer", "viewer"),
    ("bench-coordinator", "coordinator"),
    ("bench-filler", "filler"),
    ("bench-approver", "approver"),
];

/// Adds the accounts unless they are there, with the password of those of the demonstration.
///
/// # Errors
/// What the database says.
pub fn add_accounts(database: &Database) -> Done<()> {
    let there =
        database.number("SELECT count(*) AS number FROM account WHERE login = 'bench-viewer'")?;
    if there > 0 {
        return Ok(());
    }
    for (login, role) in ACCOUNTS {
        database.run(&format!(
            "INSERT INTO account (login, name, unit_id, password_hash, active, demonstration, created_at) \
             SELECT '{login}', name, unit_id, password_hash, TRUE, TRUE, 0 FROM account WHERE login = 'city'; \
             INSERT INTO account_grant (account_id, role, scope, departments, units) \
             SELECT id, '{role}', 'unit_and_below', '[]', '[]' FROM account WHERE login = '{login}'"
        ))?;
    }
    Ok(())
}

/// The header of somebody who is signed in.
///
/// # Errors
/// When the server does not let him in.
pub fn sign_in(server: &Process, login: &str) -> Done<String> {
    let body =
        serde_json::json!({ "login": login, "password": server.password, "transport": "body" });
    let ask = request("POST", "/api/v1/session", "", &body.to_string());
    let answer = Client::connect(server.address)?.expect(200, &ask)?.json()?;
    let token = answer.get("access_token").and_then(|token| token.as_str());
    let token = token.ok_or("no access token")?;
    Ok(format!("authorization: Bearer {token}\r\n"))
}
