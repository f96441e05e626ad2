//! The second floor: pgbench running the statements that the server ran for a request, taken from PostgreSQL's log.

use crate::Done;
use crate::database::Postgres;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A statement as it was run, with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The text with `$1`, `$2` …
    pub text: String,
    /// The values in order; nothing for NULL.
    pub values: Vec<Option<String>>,
}

/// What pgbench runs.
#[derive(Debug, Clone, Default)]
pub struct Script {
    lines: String,
    variables: Vec<(String, String)>,
    /// How many statements a run sends.
    pub statements: usize,
}

/// What must differ from run to run: a text found in the values, and the expression that takes its place.
pub struct Fresh {
    /// The text.
    pub found: String,
    /// SQL that makes another one of `:r`, a random number, or of what an earlier statement gave back.
    pub instead: String,
}

impl Script {
    /// The script of statements. A statement whose text begins as `gives` gives its columns back as `:got_…`.
    pub fn of(statements: &[Ran], fresh: &[Fresh], gives: &str) -> Script {
        let mut script = Script {
            statements: statements.len(),
            ..Script::default()
        };
        if !fresh.is_empty() {
            script
                .lines
                .push_str("\\set r random(1, 9000000000000000000)\n");
        }
        for (index, ran) in statements.iter().enumerate() {
            let mut text = ran.text.clone();
            let locks = ran.text.contains("advisory") && !fresh.is_empty();
            for (at, value) in ran.values.iter().enumerate().rev() {
                let place = format!("${}", at + 1);
                let name = format!("s{index}v{at}");
                let instead = match locks {
                    true => ":r".to_owned(),
                    false => script.value(&name, value.as_deref(), fresh),
                };
                text = text.replace(&place, &instead);
            }
            let end = if !gives.is_empty() && ran.text.starts_with(gives) {
                " \\gset got_"
            } else {
                ";"
            };
            script.lines.push_str(&text);
            script.lines.push_str(end);
            script.lines.push('\n');
        }
        script
    }

    fn value(&mut self, name: &str, value: Option<&str>, fresh: &[Fresh]) -> String {
        let Some(value) = value else {
            return "NULL".to_owned();
        };
        // pgbench takes no empty variable.
        if value.is_empty() {
            return "''".to_owned();
        }
        self.variables.push((name.to_owned(), value.to_owned()));
        let mut made = format!(":{name}");
        let mut changed = false;
        for one in fresh.iter().filter(|one| value.contains(&one.found)) {
            let quoted = one.found.replace('\'', "''");
            made = format!("replace({made}, '{quoted}', {})", one.instead);
            changed = true;
        }
        match changed {
            true if value.starts_with("\\x") => format!("CAST({made} AS bytea)"),
            true if value.parse::<i64>().is_ok() => format!("CAST({made} AS bigint)"),
            _ => made,
        }
    }

    /// Runs it for a while over so many connections; gives transactions in a second, and how many there were.
    ///
    /// # Errors
    /// What pgbench says, also when a transaction failed.
    pub fn run(&self, postgres: &Postgres, connections: usize, span: Duration) -> Done<(f64, i64)> {
        let file = std::env::temp_dir().join(format!("zhenxing-bench-{}.sql", std::process::id()));
        std::fs::write(&file, &self.lines).map_err(|error| error.to_string())?;
        let mut pgbench = Command::new(postgres.programs.join("pgbench"));
        pgbench.args(["-n", "-M", "prepared", "-j", "2"]);
        pgbench.args(["-c", &connections.to_string()]);
        pgbench.args(["-T", &span.as_secs().max(1).to_string()]);
        for (name, value) in &self.variables {
            pgbench.arg("-D").arg(format!("{name}={value}"));
        }
        pgbench.arg("-f").arg(&file).arg(&postgres.url);
        let done = pgbench.output().map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let complaints = String::from_utf8_lossy(&done.stderr).into_owned();
        let removed = std::fs::remove_file(&file);
        removed.map_err(|error| error.to_string())?;
        if !done.status.success()
            || said.contains("failed transactions: ") && !said.contains("failed transactions: 0 ")
        {
            return Err(format!("pgbench: {said}\n{complaints}\n{}", self.lines));
        }
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = "));
        let tps: Option<f64> = tps.and_then(|rest| rest.split(' ').next()?.parse().ok());
        let count = said
            .lines()
            .find_map(|line| line.strip_prefix("number of transactions actually processed: "));
        let count = count.and_then(|rest| rest.split('/').next()?.parse().ok());
        tps.zip(count)
            .ok_or_else(|| format!("pgbench told no rate: {said}\n{complaints}"))
    }
}

/// The statements that one request makes the server run, from several tries: the server's jobs run statements of their
/// own meanwhile, so the shortest count, the latest last.
///
/// # Errors
/// What the request or the database says.
pub fn statements_of(
    postgres: &Postgres,
    mut ask: impl FnMut() -> Done<()>,
) -> Done<Vec<Vec<Ran>>> {
    postgres.log_statements(true)?;
    let mut tries = Vec::new();
    for _turn in 0..9 {
        std::thread::sleep(Duration::from_millis(37));
        let from = now();
        ask()?;
        let until = now();
        std::thread::sleep(Duration::from_millis(20));
        tries.push(read_log(&postgres.log, from, until)?);
    }
    postgres.log_statements(false)?;
    let least = tries.iter().map(Vec::len).filter(|len| *len > 0).min();
    tries.retain(|ran| Some(ran.len()) == least);
    if tries.is_empty() {
        return Err("the request ran no statement".to_owned());
    }
    Ok(tries)
}

/// What differs from try to try and has to be made anew each time: numbers that the client or the server draws, found by
/// their shape. `given` is a number that an earlier statement gave back as `:got_id`.
pub fn fresh_of(tries: &[Vec<Ran>], given: &str) -> Vec<Fresh> {
    let drawn = |ran: &Vec<Ran>| -> BTreeSet<String> {
        let values = ran.iter().flat_map(|ran| ran.values.iter().flatten());
        values.flat_map(|value| numbers_in(value)).collect()
    };
    let mut rest = tries.iter().rev().map(drawn);
    let last = rest.next().unwrap_or_default();
    let before = rest.next().unwrap_or_default();
    let mut fresh = Vec::new();
    for (at, found) in last.difference(&before).enumerate() {
        let plain = found.replace('-', "");
        // The same number stands with and without dashes, and must stay the same.
        let index = last
            .difference(&before)
            .position(|other| other.replace('-', "") == plain)
            .unwrap_or(at);
        fresh.push(Fresh {
            found: found.clone(),
            instead: format!(
                "lpad(to_hex(CAST(:r AS bigint)), 30, '0') || lpad('{index}', 2, '0')"
            ),
        });
    }
    if !given.is_empty() {
        fresh.push(Fresh {
            found: given.to_owned(),
            instead: "CAST(:got_id AS text)".to_owned(),
        });
    }
    fresh
}

/// The number inside that the last row made was given, once its sequence begins at seven hundred millions.
pub fn given(ran: &[Ran]) -> String {
    let values = ran.iter().flat_map(|ran| ran.values.iter().flatten());
    let found = values.filter_map(|value| {
        value
            .split(|letter: char| !letter.is_ascii_digit())
            .find(|word| word.starts_with("70000") && word.len() == 9)
    });
    found.max().unwrap_or_default().to_owned()
}

/// Numbers of 32 hexadecimal digits in a text, dashes between them or not.
fn numbers_in(text: &str) -> Vec<String> {
    let part = |byte: char| byte.is_ascii_hexdigit() || byte == '-';
    text.split(|letter: char| !part(letter))
        .filter(|word| word.chars().filter(char::is_ascii_hexdigit).count() == 32)
        .map(str::to_owned)
        .collect()
}

fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs_f64()
}

/// The statements of the log between two instants.
fn read_log(file: &PathBuf, from: f64, until: f64) -> Done<Vec<Ran>> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut found: Vec<Ran> = Vec::new();
    for line in text.lines() {
        let Some((at, rest)) = line.split_once(' ') else {
            continue;
        };
        let Ok(at) = at.parse::<f64>() else { continue };
        if at < from - 0.001 || at > until + 0.001 {
            continue;
        }
        if let Some(statement) = rest.strip_prefix("LOG:  statement: ") {
            found.push(Ran {
                text: statement.to_owned(),
                values: Vec::new(),
            });
        } else if let Some(statement) = rest.strip_prefix("LOG:  execute ") {
            let text = statement.split_once(": ").map_or("", |(_, text)| text);
            found.push(Ran {
                text: text.to_owned(),
                values: Vec::new(),
            });
        } else if let Some(values) = rest.strip_prefix("DETAIL:  parameters: ")
            && let Some(last) = found.last_mut()
        {
            last.values = read_values(values);
        }
    }
    Ok(found)
}

/// `$1 = 'a''b', $2 = NULL`.
fn read_values(text: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(" = ") {
        let Some(quoted) = after.strip_prefix('\'') else {
            values.push(None);
            rest = after.strip_prefix("NULL").unwrap_or_default();
            continue;
        };
        let mut value = String::new();
        let mut letters = quoted.char_indices().peekable();
        let mut end = quoted.len();
        while let Some((at, letter)) = letters.next() {
            if letter != '\'' {
                value.push(letter);
            } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
                value.push('\'');
            } else {
                end = at + 1;
                break;
            }
        }
        values.push(Some(value));
        rest = quoted.get(end..).unwrap_or_default();
    }
    values
}

/// The rate that both floors allow together: the time of a request is the time of the one and of the other.
pub fn together(memory: f64, pgbench: f64) -> f64 {
    1.0 / (1.0 / memory + 1.0 / pgbench)
}

/// The statements as they are shown.
pub fn listed(statements: &[Ran]) -> String {
    let mut text = String::new();
    for ran in statements {
        // Writing into a text does not fail.
        let _done = writeln!(text, "{}", ran.text);
    }
    text
}
