//! The commands of the binary.

use crate::app::edition::{self, Standing};
use crate::app::rotate::{BATCH, Rotated};
use crate::app::{App, AppError};
use crate::http;
use crate::package::{self, LoadError};
use crate::settings::{
    self, AddAccount, AuditCommand, Cli, Command, DemoCommand, PackageCommand, PersonalCommand,
    Settings, UnitsCommand,
};
use crate::{files, jobs};
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::{HttpServer, web};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use zhenxing_storage::Db;
use zhenxing_storage::edition::latest;

/// How long an idle connection is kept: longer than proxies keep theirs, so that none is closed under a request.
const KEEP_ALIVE: std::time::Duration = std::time::Duration::from_secs(75);

/// What an operator reads when a command fails.
type Failed = String;

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let cli = match settings::parse(&arguments) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("zhenxing: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Failed> {
    match cli.command {
        Command::Serve(settings) => serve(*settings),
        Command::Package { command } => match command {
            PackageCommand::Check { dir } => check_package(&dir),
            PackageCommand::Diff { dir, settings } => diff_package(&dir, &settings),
            PackageCommand::Publish { settings } => publish_package(*settings),
        },
        Command::Units { command } => units(command),
        Command::Audit { command } => audit(command),
        Command::Demo {
            command: DemoCommand::Remove { settings },
        } => remove_demonstration(*settings),
        Command::Personal {
            command: PersonalCommand::Rotate { settings },
        } => rotate_personal(*settings),
        Command::AddAccount(ask) => add_account(*ask),
        Command::Openapi { package_dir } => {
            let loaded = package::load(package_dir.as_deref()).map_err(explain)?;
            print!("{}", http::openapi::text(&loaded.package));
            Ok(())
        }
    }
}

fn explain(error: LoadError) -> Failed {
    match error {
        LoadError::File(message) => message,
        LoadError::Content(errors) => {
            let lines: Vec<String> = errors
                .iter()
                .map(|error| format!("{error}\n    {}", error.english()))
                .collect();
            format!(
                "方案数据包有{}处错误 (the package has {} errors)\n{}",
                errors.len(),
                errors.len(),
                lines.join("\n")
            )
        }
    }
}

fn check_package(dir: &Path) -> Result<(), Failed> {
    let loaded = package::load(Some(dir)).map_err(explain)?;
    let package = loaded.package;
    println!(
        "{} v{}: {} projects, {} matters, {} metrics, {} targets, {} forms — 检查通过 (no errors)",
        package.programme.name_zh,
        package.programme.version,
        package.projects.len(),
        package.matters.len(),
        package.metrics.len(),
        package.targets.len(),
        package.forms.len()
    );
    Ok(())
}

fn diff_package(dir: &Path, settings: &Settings) -> Result<(), Failed> {
    let loaded = package::load(Some(dir)).map_err(explain)?;
    let db = Db::open(&settings.database(), 1).map_err(|error| error.to_string())?;
    match edition::standing(&db, &loaded).map_err(|error| said(&error))? {
        Standing::First => println!("尚未发布过 (nothing was published yet)"),
        Standing::Same => println!("与已发布的相同 (the same as the published package)"),
        Standing::Changed(changes) => println!("{}", edition::listed(&changes)),
    }
    Ok(())
}

fn publish_package(settings: Settings) -> Result<(), Failed> {
    let publishing = Settings {
        publish_package: true,
        ..settings
    };
    let app = open(publishing)?;
    let found = app
        .db
        .read(|conn| Ok(latest(conn, &app.package.programme.code)?));
    match found.map_err(|error: AppError| said(&error))? {
        Some(row) => println!(
            "{} 第{}次发布 (edition {}, {})",
            app.package.programme.name_zh, row.edition, row.edition, row.digest
        ),
        None => return Err("nothing was published".to_owned()),
    }
    Ok(())
}

fn open(settings: Settings) -> Result<App, Failed> {
    let faults = settings.faults();
    if !faults.is_empty() {
        return Err(format!(
            "the settings do not allow a start:\n  {}",
            faults.join("\n  ")
        ));
    }
    let loaded = package::load(settings.package_dir.as_deref()).map_err(explain)?;
    App::open(settings, loaded).map_err(|error| said(&error))
}

/// An error with what the asker would be told, for a terminal.
fn said(error: &AppError) -> Failed {
    match error {
        AppError::Refused(refusal) => {
            let lines: Vec<String> = refusal
                .lines
                .iter()
                .map(|line| format!("\n  line {}: {} ({})", line.line, line.message, line.code))
                .collect();
            format!("{} ({}){}", refusal.zh, refusal.en, lines.concat())
        }
        other => other.to_string(),
    }
}

fn units(command: UnitsCommand) -> Result<(), Failed> {
    match command {
        UnitsCommand::Import {
            file,
            dry_run,
            settings,
        } => {
            let bytes =
                std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let app = open(*settings)?;
            let done = app
                .import_as_system(&bytes, dry_run)
                .map_err(|error| said(&error))?;
            app.fold_all().map_err(|error| said(&error))?;
            println!(
                "{}: {} read, {} new, {} changed, {} as they were{}",
                file.display(),
                done.read,
                done.created,
                done.changed,
                done.unchanged,
                if dry_run {
                    " — dry run, nothing was changed"
                } else {
                    ""
                }
            );
            Ok(())
        }
        UnitsCommand::Move {
            code,
            parent,
            from,
            settings,
        } => {
            let app = open(*settings)?;
            app.move_unit(&code, &parent, from)
                .map_err(|error| said(&error))?;
            app.fold_all().map_err(|error| said(&error))?;
            println!("{code} stands under {parent} from {from} on");
            Ok(())
        }
    }
}

fn audit(command: AuditCommand) -> Result<(), Failed> {
    let AuditCommand::Verify { expect, settings } = command;
    let app = open(*settings)?;
    let verdict = app
        .verify_audit(expect.as_ref())
        .map_err(|error| said(&error))?;
    let (begin, lines, head) = (verdict.begins_after, verdict.lines, verdict.head);
    match verdict.broken {
        None => {
            println!(
                "审计链完整 (the audit trail is whole): {lines} lines after {begin}, head {}:{}",
                head.seq, head.hash
            );
            Ok(())
        }
        Some(why) => Err(format!(
            "审计链断裂 (the audit trail is broken): {why}; {lines} lines after {begin} are as they were written, the last is {}:{}",
            head.seq, head.hash
        )),
    }
}

fn remove_demonstration(settings: Settings) -> Result<(), Failed> {
    let mut app = open(settings)?;
    app.remove_demonstration().map_err(|error| said(&error))?;
    println!("演示数据和演示账户已清除 (the demonstration and its accounts are taken away)");
    Ok(())
}

fn rotate_personal(settings: Settings) -> Result<(), Failed> {
    let app = open(settings)?;
    let mut known = Rotated::default();
    let told = |done: Rotated| {
        if done != known {
            let Rotated { records, versions } = done;
            eprintln!("{records} records, {versions} versions");
            known = done;
        }
        true
    };
    let done = app.rotate_personal(BATCH, told);
    let Rotated { records, versions } = done.map_err(|error| said(&error))?.unwrap_or_default();
    println!(
        "身份证号已改用现用密钥加密 (identity numbers are encrypted under the present key): {records} records and {versions} versions changed"
    );
    Ok(())
}

fn add_account(ask: AddAccount) -> Result<(), Failed> {
    let app = open(ask.settings.clone())?;
    let password = app.add_account(&ask).map_err(|error| said(&error))?;
    println!("{} may sign in as {}", ask.name, ask.login);
    println!("one-time password: {password}");
    println!("It is shown here once; the first sign-in changes it.");
    Ok(())
}

fn serve(settings: Settings) -> Result<(), Failed> {
    log();
    let listen = settings.listen;
    let demo = settings.demo;
    let accounts = demo || settings.demo_accounts;
    let production = settings.production;
    let mut app = open(settings)?;
    if production && (app.demonstration || app.demonstration_data) {
        return Err("the database holds active demonstration accounts or demonstration data, which production refuses; use a database of its own, or take them away with `zhenxing demo remove`".to_owned());
    }
    let password = if accounts {
        Some(app.demonstration_accounts().map_err(|error| said(&error))?)
    } else {
        None
    };
    if demo {
        let loaded = app.load_demonstration().map_err(|error| said(&error))?;
        if loaded {
            println!("演示数据已载入 (the demonstration is loaded)");
        }
    }
    app.fold_all().map_err(|error| said(&error))?;
    app.number_events().map_err(|error| said(&error))?;
    let app = Arc::new(app);
    let system = actix_web::rt::System::new();
    system.block_on(async move {
        let limiter = web::Data::new(http::limit::Limiter::default());
        let data = web::Data::from(Arc::clone(&app));
        let server = HttpServer::new(move || application(data.clone(), limiter.clone()))
            .keep_alive(KEEP_ALIVE)
            .bind(listen)
            .map_err(|error| format!("--listen {listen}: {error}"))?;
        let addresses = server.addrs();
        #[cfg(feature = "failpoints")]
        stop_at()?;
        actix_web::rt::spawn(jobs::run(Arc::clone(&app)));
        welcome(&addresses, password.as_deref());
        let ended = server.run().await.map_err(|error| error.to_string());
        app.flush_audit().map_err(|error| said(&error))?;
        ended
    })
}

/// Lets a test stop this process where ZHENXING_STOP_AT says (`before_commit:3` is the third time), to kill it there.
#[cfg(feature = "failpoints")]
fn stop_at() -> Result<(), Failed> {
    use std::sync::atomic::{AtomicU32, Ordering};
    let Ok(wish) = std::env::var("ZHENXING_STOP_AT") else {
        return Ok(());
    };
    let (name, count) = wish.split_once(':').unwrap_or((&wish, "1"));
    let left = AtomicU32::new(
        count
            .parse()
            .map_err(|_| format!("ZHENXING_STOP_AT={wish}"))?,
    );
    let said = format!("stopped at {name}");
    fail::cfg_callback(name, move || {
        if left.fetch_sub(1, Ordering::SeqCst) == 1 {
            println!("{said}");
            loop {
                std::thread::park();
            }
        }
    })
}

fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("ZHENXING_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,actix_server=warn"));
    let done = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
    if let Err(error) = done {
        eprintln!("zhenxing: no log: {error}");
    }
}

fn welcome(addresses: &[std::net::SocketAddr], password: Option<&str>) {
    println!("振兴工作台已启动 (the workspace is ready)");
    for address in addresses {
        println!("open: http://{address}/");
        println!("API:  http://{address}/api/v1/docs/");
    }
    if let Some(password) = password {
        println!(
            "演示账户 (accounts for a first look): village, village2, township, county, city, admin, auditor"
        );
        println!("password: {password}");
    }
}

/// The application with its middleware, as the server and the tests run it.
pub fn application(
    app: web::Data<App>,
    limiter: web::Data<http::limit::Limiter>,
) -> actix_web::App<
    impl actix_web::dev::ServiceFactory<
        actix_web::dev::ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse<impl actix_web::body::MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    actix_web::App::new()
        .app_data(app)
        .app_data(limiter)
        .wrap(from_fn(http::limit::limit))
        .wrap(from_fn(http::trace::trace))
        .wrap(from_fn(http::problem::localise))
        .wrap(
            DefaultHeaders::new()
                .add(("X-Content-Type-Options", "nosniff"))
                .add(("Referrer-Policy", "same-origin")),
        )
        .configure(http::routes)
        .default_service(web::get().to(files::serve))
}
