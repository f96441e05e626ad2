//! Settings: what is wrong is named with what is allowed, and production refuses what a first look has.

use zhenxing_server::settings::{Command, Settings, parse};
use zhenxing_test_support::Fault;

fn serve(words: &[&str]) -> Result<Settings, String> {
    let words: Vec<String> = ["zhenxing", "serve"]
        .iter()
        .chain(words)
        .map(|word| (*word).to_owned())
        .collect();
    match parse(&words).map_err(|error| error.to_string())?.command {
        Command::Serve(settings) => Ok(*settings),
        _ => Err("another command".to_owned()),
    }
}

const SECRET: &str = "9f2c41d07be6583ab1c47e90d2f6a853";
const KEY: &str = "e07b3a59c8146df20b97f5a1c3d8642e";

#[test]
fn a_bad_setting_is_named_with_what_is_allowed() {
    let cases: [(&[&str], &str, &str); 6] = [
        (
            &["--database-url", "mysql://x"],
            "--database-url",
            "sqlite:FILE or postgres://",
        ),
        (&["--listen", "8080"], "--listen", "invalid socket address"),
        (
            &["--database-connections", "0"],
            "--database-connections",
            "1..=200",
        ),
        (
            &["--jwt-secret", "short"],
            "--jwt-secret",
            "at least 32 characters",
        ),
        (
            &["--personal-key", "short"],
            "--personal-key",
            "at least 32 characters",
        ),
        (&["--colour", "red"], "--colour", "unexpected argument"),
    ];
    for (words, name, allowed) in cases {
        let said = serve(words).err().unwrap_or_default();
        assert!(said.contains(name) && said.contains(allowed), "{said}");
    }
}

#[test]
fn production_refuses_default_secrets_and_accounts_for_a_first_look() -> Result<(), Fault> {
    let weak = "change-me-change-me-change-me-0123456789";
    let both = ["--jwt-secret", SECRET, "--personal-key", KEY];
    let cases: [(&[&str], &str); 7] = [
        (&["--personal-key", KEY], "--jwt-secret"),
        (
            &["--personal-key", KEY, "--jwt-secret", weak],
            "--jwt-secret (ZHENXING_JWT_SECRET) is a placeholder",
        ),
        (&["--jwt-secret", SECRET], "--personal-key"),
        (
            &["--jwt-secret", SECRET, "--personal-key", weak],
            "--personal-key (ZHENXING_PERSONAL_KEY) is a placeholder",
        ),
        (
            &[both.as_slice(), &["--demo-accounts"]].concat(),
            "--demo-accounts",
        ),
        (
            &[both.as_slice(), &["--demo"]].concat(),
            "--demo (ZHENXING_DEMO)",
        ),
        (
            &[both.as_slice(), &["--today", "2026-01-01"]].concat(),
            "--today",
        ),
    ];
    for (words, named) in cases {
        let faults = serve(&[&["--production"], words].concat())?.faults();
        assert!(faults.len() == 1 && faults[0].contains(named), "{faults:?}");
    }
    let allowed = serve(&[&["--production"], both.as_slice()].concat())?;
    assert!(allowed.faults().is_empty());
    Ok(())
}

#[test]
fn keys_of_before_are_parted_by_commas_and_long_enough() -> Result<(), Fault> {
    let two = format!("{SECRET},{KEY}");
    assert_eq!(
        serve(&["--personal-old-keys", &two])?.personal_old_keys,
        [SECRET, KEY]
    );
    let said = serve(&["--personal-old-keys", "short"]).err();
    assert!(said.is_some_and(|said| said.contains("at least 32 characters")));
    let words = ["zhenxing", "personal", "rotate", "--personal-key", KEY].map(str::to_owned);
    assert!(matches!(parse(&words)?.command, Command::Personal { .. }));
    Ok(())
}

#[test]
fn a_file_stands_in_where_no_flag_is_given() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("zhenxing.toml");
    std::fs::write(
        &file,
        "listen = \"127.0.0.1:9000\"\nrate-limit = 7\nproduction = true\n",
    )?;
    let name = file.display().to_string();
    let settings = serve(&["--config", &name, "--rate-limit", "9"])?;
    assert_eq!(
        (
            settings.listen.port(),
            settings.rate_limit,
            settings.production
        ),
        (9000, 9, true)
    );
    std::fs::write(&file, "colour = \"red\"\n")?;
    let said = serve(&["--config", &name]).err().unwrap_or_default();
    assert!(said.contains("colour") && said.contains("listen"), "{said}");
    Ok(())
}
