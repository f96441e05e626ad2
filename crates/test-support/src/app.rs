//! A running server with its accounts.

use crate::contract::Contract;
use crate::{database, tree};
use actix_web::{HttpServer, web};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use zhenxing_domain::package::Package;
use zhenxing_server::app::App;
use zhenxing_server::commands::application;
use zhenxing_server::http::limit::Limiter;
use zhenxing_server::http::openapi;
use zhenxing_server::package;
use zhenxing_server::settings::{Command, Settings, parse};

/// What a test gives back when something is not as it should be.
pub type Fault = Box<dyn std::error::Error>;

/// How a server for tests differs from the usual one.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The whole division list instead of the small one.
    pub whole_tree: bool,
    /// Further flags.
    pub flags: Vec<String>,
    /// The folder of another package than the shipped one.
    pub package: Option<PathBuf>,
}

/// A server on a port of its own. Its jobs do not run by themselves: [`TestApp::settle`] runs them.
pub struct TestApp {
    /// What the server works with.
    pub app: Arc<App>,
    password: String,
    caller: Caller,
    _folder: Option<TempDir>,
}

/// A request under construction.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    token: Option<String>,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Ask {
    /// A request of somebody.
    pub fn by(token: &str) -> Ask {
        Ask {
            token: Some(token.to_owned()),
            ..Ask::default()
        }
    }

    /// As somebody; an empty token is nobody's.
    pub fn signed(mut self, token: &str) -> Ask {
        self.token = (!token.is_empty()).then(|| token.to_owned());
        self
    }

    /// With a header.
    pub fn header(mut self, name: &str, value: &str) -> Ask {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a JSON body.
    pub fn json(mut self, body: &Value) -> Ask {
        self.body = Some(body.to_string().into_bytes());
        self
    }

    /// With any body.
    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Ask {
        self.body = Some(body.into());
        self
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, names in small letters.
    pub headers: BTreeMap<String, String>,
    /// The body; nothing where there is none.
    pub body: Value,
}

impl Answer {
    /// A member of the body by its JSON pointer.
    pub fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The text of a member, or nothing.
    pub fn text(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_default()
    }

    /// The entity tag.
    pub fn etag(&self) -> &str {
        self.headers.get("etag").map_or("", String::as_str)
    }
}

/// Asks a server and checks its answers against the API's description.
pub struct Caller {
    url: String,
    contract: Contract,
    http: reqwest::Client,
}

impl Caller {
    /// For the server at `http://…` that serves the shipped package.
    ///
    /// # Errors
    /// When the API's description is at fault.
    pub fn new(url: &str) -> Result<Caller, Fault> {
        Caller::of(url, &package::load(None)?.package)
    }

    /// For a server and the package that it serves.
    fn of(url: &str, package: &Package) -> Result<Caller, Fault> {
        Ok(Caller {
            url: url.to_owned(),
            contract: Contract::new(&openapi::text(package))?,
            // A connection kept from before may have been closed by the server while the test was busy with its database.
            http: reqwest::Client::builder()
                .pool_max_idle_per_host(0)
                .build()?,
        })
    }

    /// Sends a request, and checks the answer against the API's description.
    ///
    /// # Errors
    /// When the answer is not as described.
    pub async fn call(&self, method: &str, path: &str, ask: Ask) -> Result<Answer, Fault> {
        let method = reqwest::Method::from_bytes(method.as_bytes())?;
        let full = format!("/api/v1{path}");
        let mut request = self
            .http
            .request(method.clone(), format!("{}{full}", self.url));
        if let Some(token) = &ask.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &ask.headers {
            request = request.header(name, value);
        }
        if let Some(body) = ask.body {
            request = request.body(body);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let headers: BTreeMap<String, String> = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (
                    name.to_string(),
                    value.to_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        let bytes = response.bytes().await?;
        let body: Option<Value> = if bytes.is_empty() {
            None
        } else {
            let json = headers
                .get("content-type")
                .is_some_and(|kind: &String| kind.contains("json"));
            Some(if json {
                serde_json::from_slice(&bytes)?
            } else {
                Value::String(String::from_utf8_lossy(&bytes).into_owned())
            })
        };
        self.contract
            .check(method.as_str(), &full, status, body.as_ref())?;
        Ok(Answer {
            status,
            headers,
            body: body.unwrap_or(Value::Null),
        })
    }

    /// Signs in and gives the access token.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn sign_in(&self, login: &str, password: &str) -> Result<String, Fault> {
        let body = serde_json::json!({ "login": login, "password": password });
        let answer = self
            .call("POST", "/session", Ask::default().json(&body))
            .await?;
        if answer.status != 200 {
            return Err(format!("{login} was not signed in: {}", answer.body).into());
        }
        Ok(answer.text("/access_token").to_owned())
    }
}

impl TestApp {
    /// Starts a server on the small tree.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn start() -> Result<TestApp, Fault> {
        TestApp::start_as(Wish::default()).await
    }

    /// Starts a server.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn start_as(wish: Wish) -> Result<TestApp, Fault> {
        let folder = tempfile::tempdir()?;
        let mut settings = settings(&folder, &wish)?;
        settings.package_dir.clone_from(&wish.package);
        TestApp::run(settings, wish.whole_tree, Some(folder))
    }

    /// Starts another server on the database of this one, with settings of its own.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn beside(&self, change: impl FnOnce(&mut Settings)) -> Result<TestApp, Fault> {
        let mut settings = self.app.settings.clone();
        change(&mut settings);
        TestApp::run(settings, false, None)
    }

    fn run(
        settings: Settings,
        whole_tree: bool,
        folder: Option<TempDir>,
    ) -> Result<TestApp, Fault> {
        let mut loaded = package::load(settings.package_dir.as_deref())?;
        if !whole_tree {
            let whole = loaded
                .divisions
                .take()
                .ok_or("the package ships no divisions")?;
            loaded.divisions = Some(tree::small(&whole)?);
        }
        let mut app = App::open(settings, loaded)?;
        let password = app.demonstration_accounts()?;
        app.derive_all()?;
        app.fold_all()?;
        app.number_events()?;
        let app = Arc::new(app);
        let data = web::Data::from(Arc::clone(&app));
        let limiter = web::Data::new(Limiter::default());
        let server = HttpServer::new(move || application(data.clone(), limiter.clone()))
            .workers(1)
            .disable_signals()
            .bind("127.0.0.1:0")?;
        let address = *server.addrs().first().ok_or("no address")?;
        actix_web::rt::spawn(server.run());
        let caller = Caller::of(&format!("http://{address}"), &app.package)?;
        Ok(TestApp {
            app,
            password,
            caller,
            _folder: folder,
        })
    }

    /// The password of the accounts.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// Sends a request, and checks the answer against the API's description.
    ///
    /// # Errors
    /// When the answer is not as described.
    pub async fn call(&self, method: &str, path: &str, ask: Ask) -> Result<Answer, Fault> {
        self.caller.call(method, path, ask).await
    }

    /// The API's description as it is served.
    ///
    /// # Errors
    /// When it is not.
    pub async fn description(&self) -> Result<String, Fault> {
        let url = format!("{}/api/v1/openapi.json", self.caller.url);
        let answer = self.caller.http.get(url).send().await?;
        Ok(answer.error_for_status()?.text().await?)
    }

    /// Signs in and gives the access token.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn sign_in(&self, login: &str) -> Result<String, Fault> {
        self.caller.sign_in(login, &self.password).await
    }

    /// Runs the jobs until nothing waits.
    ///
    /// # Errors
    /// What the database says.
    pub fn settle(&self) -> Result<(), Fault> {
        self.app.number_events()?;
        self.app.derive_all()?;
        self.app.fold_all()?;
        self.app.count_tasks()?;
        self.app.count_records()?;
        self.app.flush_audit()?;
        self.app.seal_audit()?;
        Ok(())
    }
}

fn settings(folder: &TempDir, wish: &Wish) -> Result<Settings, Fault> {
    let url = database::fresh(folder.path())?;
    let data = folder.path().display().to_string();
    let mut arguments: Vec<String> = [
        "zhenxing",
        "serve",
        "--data-dir",
        &data,
        "--database-url",
        &url,
        "--database-connections",
        "2",
        "--today",
        "2026-11-24",
        "--rate-limit",
        "1000000",
        "--sign-in-limit",
        "1000000",
    ]
    .map(str::to_owned)
    .to_vec();
    for flag in wish.flags.chunks(2) {
        // A flag given twice is refused, so a wish replaces the usual value.
        if let Some(at) = flag
            .first()
            .and_then(|name| arguments.iter().position(|word| word == name))
        {
            arguments.drain(at..(at + 2).min(arguments.len()));
        }
        arguments.extend(flag.iter().cloned());
    }
    match parse(&arguments)?.command {
        Command::Serve(settings) => Ok(*settings),
        _ => Err("the settings are those of another command".into()),
    }
}
