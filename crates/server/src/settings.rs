//! Settings: flags, environment, and a file, through one library.

use chrono::NaiveDate;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use zhenxing_domain::file::FileKind;

/// 振兴工作台 — the workspace of a rural revitalisation programme.
#[derive(Debug, Parser)]
#[command(name = "zhenxing", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the server.
    Serve(Box<Settings>),
    /// Work on a programme package.
    Package {
        /// What to do with it.
        #[command(subcommand)]
        command: PackageCommand,
    },
    /// Work on divisions.
    Units {
        /// What to do with them.
        #[command(subcommand)]
        command: UnitsCommand,
    },
    /// Work on the audit trail.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Work on the demonstration that `serve --demo` loads.
    Demo {
        /// What to do with it.
        #[command(subcommand)]
        command: DemoCommand,
    },
    /// Work on personal data.
    Personal {
        /// What to do with it.
        #[command(subcommand)]
        command: PersonalCommand,
    },
    /// Add an account and print its one-time password, which the first sign-in changes.
    AddAccount(Box<AddAccount>),
    /// Print the API's document, with the records of a package's ledgers.
    Openapi {
        /// The package's folder; the shipped one without it.
        #[arg(long)]
        package_dir: Option<PathBuf>,
    },
}

/// Commands on packages.
#[derive(Debug, Subcommand)]
pub enum PackageCommand {
    /// Read a package and print every error with its file and line.
    Check {
        /// The package's folder.
        dir: PathBuf,
    },
    /// Show what a package would change against the published one, and change nothing.
    Diff {
        /// The package's folder.
        dir: PathBuf,
        /// Where and how.
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Publish the package that the settings name; the next start takes it in.
    Publish {
        /// Where and how.
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

/// Commands on the audit trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Walk along the chain of the audit trail and say where it breaks.
    Verify {
        /// A line noted down before, as `NUMBER:HASH`: the chain must still run through it.
        #[arg(long, value_parser = mark)]
        expect: Option<zhenxing_storage::audit::Mark>,
        /// Where and how.
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

/// Commands on the demonstration.
#[derive(Debug, Subcommand)]
pub enum DemoCommand {
    /// Take away everything that the demonstration loaded and its accounts did; the divisions stay. The audit trail keeps
    /// its lines.
    Remove {
        /// Where and how.
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

/// Commands on personal data.
#[derive(Debug, Subcommand)]
pub enum PersonalCommand {
    /// Encrypt anew, under --personal-key, the identity numbers that were encrypted under one of --personal-old-keys. Servers may
    /// run, if they know both. It can be interrupted and run again.
    Rotate {
        /// Where and how.
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

fn mark(text: &str) -> Result<zhenxing_storage::audit::Mark, String> {
    let wanted = || "NUMBER:HASH, as an earlier `zhenxing audit verify` printed it".to_owned();
    let (seq, hash) = text.split_once(':').ok_or_else(wanted)?;
    Ok(zhenxing_storage::audit::Mark {
        seq: seq.parse().map_err(|_| wanted())?,
        hash: hash.to_owned(),
    })
}

/// Commands on divisions.
#[derive(Debug, Subcommand)]
pub enum UnitsCommand {
    /// Import a division list (CSV with code,name,level,parent_code); all of it or nothing.
    Import {
        /// The file.
        file: PathBuf,
        /// Show what would change and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Where and how.
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Move a unit to another parent from the first day of a month.
    Move {
        /// The unit's code.
        code: String,
        /// The new parent's code.
        parent: String,
        /// The first day of the new place.
        from: NaiveDate,
        /// Where and how.
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

/// An account to add.
#[derive(Debug, Args)]
pub struct AddAccount {
    /// The name to sign in with.
    #[arg(long)]
    pub login: String,
    /// The person's or office's name.
    #[arg(long)]
    pub name: String,
    /// The unit's code.
    #[arg(long)]
    pub unit: String,
    /// The role: filler, checker, approver, viewer, administrator or auditor.
    #[arg(long, value_parser = role)]
    pub role: zhenxing_domain::policy::Role,
    /// The data scope: all, unit, unit_and_below or own.
    #[arg(long, value_parser = data_scope)]
    pub scope: zhenxing_domain::policy::DataScope,
    /// The code of a department of the unit or above it: the account covers its matters only. May be given again.
    #[arg(long = "department")]
    pub departments: Vec<String>,
    /// Where and how.
    #[command(flatten)]
    pub settings: Settings,
}

fn role(text: &str) -> Result<zhenxing_domain::policy::Role, String> {
    zhenxing_domain::policy::Role::parse(text).ok_or_else(|| {
        "allowed: filler, checker, approver, viewer, administrator, auditor".to_owned()
    })
}

fn file_kind(text: &str) -> Result<FileKind, String> {
    FileKind::of_suffix(text).ok_or_else(|| {
        let all: Vec<String> = FileKind::ALL.iter().map(FileKind::to_string).collect();
        format!("allowed: {}", all.join(", "))
    })
}

fn data_scope(text: &str) -> Result<zhenxing_domain::policy::DataScope, String> {
    zhenxing_domain::policy::DataScope::parse(text)
        .filter(|scope| *scope != zhenxing_domain::policy::DataScope::Custom)
        .ok_or_else(|| "allowed: all, unit, unit_and_below, own".to_owned())
}

/// How the server runs. Every setting can be a flag, an environment variable or a line of the file named by --config;
/// the flag wins over the variable, the variable over the file.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The database: sqlite:FILE or postgres://user:password@host/name. Default: zhenxing.db in the data folder.
    #[arg(long, env = "ZHENXING_DATABASE_URL", value_parser = database_url, hide_env_values = true)]
    pub database_url: Option<String>,
    /// Connections to the database.
    #[arg(long, env = "ZHENXING_DATABASE_CONNECTIONS", default_value = "8", value_parser = clap::value_parser!(u32).range(1..=200))]
    pub database_connections: u32,
    /// The address to listen on.
    #[arg(long, env = "ZHENXING_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The folder for what the server keeps beside the database.
    #[arg(long, env = "ZHENXING_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// Where files stand: a folder, or s3://BUCKET/PREFIX of an S3-compatible store. Default: files in the data folder.
    #[arg(long, env = "ZHENXING_FILES")]
    pub files: Option<String>,
    /// The address of the S3-compatible store, such as https://minio.example:9000.
    #[arg(long, env = "ZHENXING_FILES_ENDPOINT")]
    pub files_endpoint: Option<String>,
    /// The region of the S3-compatible store.
    #[arg(long, env = "ZHENXING_FILES_REGION", default_value = "us-east-1")]
    pub files_region: String,
    /// The access key of the S3-compatible store.
    #[arg(long, env = "ZHENXING_FILES_ACCESS_KEY", hide_env_values = true)]
    pub files_access_key: Option<String>,
    /// The secret key of the S3-compatible store.
    #[arg(long, env = "ZHENXING_FILES_SECRET_KEY", hide_env_values = true)]
    pub files_secret_key: Option<String>,
    /// Bytes that one file has at most.
    #[arg(long, env = "ZHENXING_FILE_MAX_BYTES", default_value = "16777216", value_parser = clap::value_parser!(u64).range(1024..=33_554_432))]
    pub file_max_bytes: u64,
    /// Which kinds of files are taken, by the ends of their names.
    #[arg(long, env = "ZHENXING_FILE_KINDS", value_delimiter = ',', default_value = "pdf,ofd,jpg,png,webp,heic,doc,docx,xls,xlsx,ppt,pptx,txt,csv", value_parser = file_kind)]
    pub file_kinds: Vec<FileKind>,
    /// The programme package; without it the one inside the binary.
    #[arg(long, env = "ZHENXING_PACKAGE_DIR")]
    pub package_dir: Option<PathBuf>,
    /// Publish a package that differs from the published one. Production refuses to start with a changed package until this is
    /// given or `zhenxing package publish` was run.
    #[arg(long, env = "ZHENXING_PUBLISH_PACKAGE", value_parser = clap::builder::BoolishValueParser::new(), action = clap::ArgAction::SetTrue)]
    pub publish_package: bool,
    /// A folder with the built frontend; without it the one inside the binary.
    #[arg(long, env = "ZHENXING_FRONTEND_DIR")]
    pub frontend_dir: Option<PathBuf>,
    /// The secret that signs access tokens, at least 32 characters. Required in production.
    #[arg(long, env = "ZHENXING_JWT_SECRET", value_parser = secret, hide_env_values = true)]
    pub jwt_secret: Option<String>,
    /// The secret under which identity numbers are encrypted, at least 32 characters, kept apart from the database. Required
    /// in production.
    #[arg(long, env = "ZHENXING_PERSONAL_KEY", value_parser = secret, hide_env_values = true)]
    pub personal_key: Option<String>,
    /// Secrets of before, parted by commas: what was encrypted under them stays readable while a rotation runs.
    #[arg(long, env = "ZHENXING_PERSONAL_OLD_KEYS", value_parser = secret, value_delimiter = ',', hide_env_values = true)]
    pub personal_old_keys: Vec<String>,
    /// Run in production: refuses default secrets and demonstration accounts, and marks cookies as secure.
    #[arg(long, env = "ZHENXING_PRODUCTION", value_parser = clap::builder::BoolishValueParser::new(), action = clap::ArgAction::SetTrue)]
    pub production: bool,
    /// Make accounts for a first look and print their password. Refused in production.
    #[arg(long, env = "ZHENXING_DEMO_ACCOUNTS", value_parser = clap::builder::BoolishValueParser::new(), action = clap::ArgAction::SetTrue)]
    pub demo_accounts: bool,
    /// Load years of made-up reports over the whole tree, once, with the accounts of --demo-accounts. Refused in production.
    #[arg(long, env = "ZHENXING_DEMO", value_parser = clap::builder::BoolishValueParser::new(), action = clap::ArgAction::SetTrue)]
    pub demo: bool,
    /// Requests that one client may send in a minute.
    #[arg(long, env = "ZHENXING_RATE_LIMIT", default_value = "1200", value_parser = clap::value_parser!(u32).range(1..))]
    pub rate_limit: u32,
    /// Sign-ins that one client may try in a minute.
    #[arg(long, env = "ZHENXING_SIGN_IN_LIMIT", default_value = "20", value_parser = clap::value_parser!(u32).range(1..))]
    pub sign_in_limit: u32,
    /// Characters that a password has at least, 10 or more.
    #[arg(long, env = "ZHENXING_PASSWORD_LENGTH", default_value = "10", value_parser = clap::value_parser!(u8).range(10..=64))]
    pub password_length: u8,
    /// Failed sign-ins after which a name is locked for a while.
    #[arg(long, env = "ZHENXING_LOCK_AFTER", default_value = "5", value_parser = clap::value_parser!(i64).range(3..=100))]
    pub lock_after: i64,
    /// Minutes for which it is locked.
    #[arg(long, env = "ZHENXING_LOCK_MINUTES", default_value = "15", value_parser = clap::value_parser!(i64).range(1..=1440))]
    pub lock_minutes: i64,
    /// Months that the audit trail is kept, at least 6.
    #[arg(long, env = "ZHENXING_AUDIT_MONTHS", default_value = "24", value_parser = clap::value_parser!(u16).range(6..=1200))]
    pub audit_months: u16,
    /// Minutes that an access token lasts.
    #[arg(long, env = "ZHENXING_ACCESS_MINUTES", default_value = "15", value_parser = clap::value_parser!(i64).range(1..=1440))]
    pub access_minutes: i64,
    /// The day that the server takes for today; for tests, refused in production.
    #[arg(long, env = "ZHENXING_TODAY", hide = true)]
    pub today: Option<NaiveDate>,
    /// A TOML file with settings, named as the flags without the dashes in front.
    #[arg(long, env = "ZHENXING_CONFIG")]
    pub config: Option<PathBuf>,
}

fn database_url(text: &str) -> Result<String, String> {
    match zhenxing_storage::Dialect::of(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err("allowed: sqlite:FILE or postgres://user:password@host/name".to_owned()),
    }
}

fn secret(text: &str) -> Result<String, String> {
    if text.chars().count() < 32 {
        return Err(
            "at least 32 characters are needed; `openssl rand -hex 32` makes one".to_owned(),
        );
    }
    Ok(text.to_owned())
}

impl Settings {
    /// The database's address.
    pub fn database(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("zhenxing.db").display()))
    }

    /// What production does not allow, in words for the operator.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !self.production {
            return faults;
        }
        if self.jwt_secret.is_none() {
            faults.push("--jwt-secret (ZHENXING_JWT_SECRET) is missing: production has no default secret; set at least 32 random characters".to_owned());
        }
        if self.jwt_secret.as_deref().is_some_and(is_weak) {
            faults.push("--jwt-secret (ZHENXING_JWT_SECRET) is a placeholder or repeats itself; set at least 32 random characters, for example with `openssl rand -hex 32`".to_owned());
        }
        if self.personal_key.is_none() {
            faults.push("--personal-key (ZHENXING_PERSONAL_KEY) is missing: production has no default key for personal data; set at least 32 random characters".to_owned());
        }
        if self.personal_key.as_deref().is_some_and(is_weak) {
            faults.push("--personal-key (ZHENXING_PERSONAL_KEY) is a placeholder or repeats itself; set at least 32 random characters, for example with `openssl rand -hex 32`".to_owned());
        }
        if self.demo_accounts {
            faults.push("--demo-accounts (ZHENXING_DEMO_ACCOUNTS) is refused in production; add accounts with `zhenxing add-account`".to_owned());
        }
        if self.demo {
            faults.push("--demo (ZHENXING_DEMO) is refused in production; `zhenxing demo remove` takes away what it loaded".to_owned());
        }
        if self.today.is_some() {
            faults
                .push("--today (ZHENXING_TODAY) is for tests and refused in production".to_owned());
        }
        faults
    }
}

/// Too few different characters, or a word that examples use.
fn is_weak(secret: &str) -> bool {
    let different: std::collections::BTreeSet<char> = secret.chars().collect();
    let small = secret.to_ascii_lowercase();
    different.len() < 10
        || ["change", "secret", "example", "password"]
            .iter()
            .any(|word| small.contains(word))
}

/// Reads the command line; values of the file named by --config stand in where neither flag nor variable is given.
///
/// # Errors
/// A text for the operator, or clap's own error that prints itself.
pub fn parse(arguments: &[String]) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    if let Some(file) = config_file(arguments) {
        let values = read_config(&file)
            .map_err(|text| Cli::command().error(clap::error::ErrorKind::InvalidValue, text))?;
        command = with_defaults(command, &values)?;
    }
    let matches = command.try_get_matches_from(arguments)?;
    Cli::from_arg_matches(&matches)
}

fn config_file(arguments: &[String]) -> Option<PathBuf> {
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--config" {
            return words.next().map(PathBuf::from);
        }
        if let Some(file) = word.strip_prefix("--config=") {
            return Some(PathBuf::from(file));
        }
    }
    std::env::var_os("ZHENXING_CONFIG").map(PathBuf::from)
}

fn read_config(file: &Path) -> Result<Vec<(String, String)>, String> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("--config {}: {error}", file.display()))?;
    let table: toml::Table =
        toml::from_str(&text).map_err(|error| format!("--config {}: {error}", file.display()))?;
    table
        .into_iter()
        .map(|(name, value)| {
            let text = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Boolean(flag) => flag.to_string(),
                _ => {
                    return Err(format!(
                        "--config {}: `{name}` must be a text, a number, true or false",
                        file.display()
                    ));
                }
            };
            Ok((name.replace('-', "_"), text))
        })
        .collect()
}

fn with_defaults(
    mut command: clap::Command,
    values: &[(String, String)],
) -> Result<clap::Command, clap::Error> {
    let known: Vec<String> = Settings::augment_args(clap::Command::new("settings"))
        .get_arguments()
        .map(|argument| argument.get_id().to_string())
        .collect();
    for (name, _) in values {
        if !known.contains(name) || name == "config" {
            let allowed = known.join(", ");
            return Err(command.error(
                clap::error::ErrorKind::UnknownArgument,
                format!("the file of --config has no setting `{name}`; allowed: {allowed}"),
            ));
        }
    }
    for path in [
        vec!["serve"],
        vec!["add-account"],
        vec!["units", "import"],
        vec!["units", "move"],
        vec!["package", "diff"],
        vec!["package", "publish"],
        vec!["audit", "verify"],
        vec!["demo", "remove"],
        vec!["personal", "rotate"],
    ] {
        command = set_defaults(command, &path, values);
    }
    Ok(command)
}

fn set_defaults(
    command: clap::Command,
    path: &[&str],
    values: &[(String, String)],
) -> clap::Command {
    match path.split_first() {
        Some((first, rest)) => {
            command.mut_subcommand(first, |inner| set_defaults(inner, rest, values))
        }
        None => values.iter().fold(command, |command, (name, value)| {
            command.mut_arg(name, |argument| argument.default_value(value.clone()))
        }),
    }
}
