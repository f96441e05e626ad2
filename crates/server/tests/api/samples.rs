//! A valid request for every operation of the API: what the tables of faults, of access and of bodies are made from.

use crate::steps::{begin, own_unit, values};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use zhenxing_domain::policy::Scope;
use zhenxing_server::app::AppError;
use zhenxing_server::app::password::hash_password;
use zhenxing_storage::account::{self, NewAccount};
use zhenxing_storage::unit;
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

/// Everybody who can ask; `nobody` has an account and no grant.
pub const LOGINS: [&str; 8] = [
    "village", "village2", "township", "county", "city", "admin", "auditor", "nobody",
];

/// A server with a few reports.
pub struct Fixture {
    /// The server.
    pub app: TestApp,
    /// An access token of each account.
    pub tokens: BTreeMap<&'static str, String>,
    /// The first village's code.
    pub unit: String,
    /// The second village's code.
    pub foreign_unit: String,
    /// The first village's draft of 2024.
    pub report: String,
    /// The second village's draft of 2024.
    pub foreign_report: String,
    /// The first village's draft of 2023, a period that is locked.
    pub locked_report: String,
    /// A suggestion of the first village.
    pub feedback: String,
    /// A change of the tree that is planned.
    pub change: String,
    /// An extension that the second village asked for.
    pub extension: String,
    /// A phrase that the township keeps.
    pub phrase: String,
    /// Tasks of both villages.
    pub tasks: crate::samples_task::Tasks,
    /// Records of ledgers.
    pub records: crate::samples_ledger::Records,
    /// A view that the township shares with its villages.
    pub view: String,
    /// A refresh token that was not used.
    pub refresh: String,
}

/// A request that is answered with success.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// The operation's name in the description.
    pub operation: &'static str,
    /// The method.
    pub method: &'static str,
    /// The path with parameters filled in, without those behind `?`.
    pub path: String,
    /// The parameters behind `?`.
    pub query: Vec<(&'static str, String)>,
    /// Who asks.
    pub login: &'static str,
    /// The entity tag that a change takes.
    pub tag: Option<&'static str>,
    /// A JSON body.
    pub body: Option<Value>,
    /// Another body.
    pub bytes: Option<Vec<u8>>,
}

impl Sample {
    /// The path with its parameters.
    pub fn address(&self) -> String {
        let pairs: Vec<String> = self
            .query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if pairs.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, pairs.join("&"))
        }
    }

    /// The request without a token.
    pub fn ask(&self) -> Ask {
        let mut ask = Ask::default();
        if let Some(tag) = self.tag {
            ask = ask.header("If-Match", tag);
        }
        if let Some(body) = &self.body {
            ask = ask.json(body);
        }
        if let Some(bytes) = &self.bytes {
            ask = ask.bytes(bytes.clone());
        }
        ask
    }
}

impl Fixture {
    /// Starts a server.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn start() -> Result<Fixture, Fault> {
        Fixture::start_as(Wish::default()).await
    }

    /// Starts a server that differs from the usual one.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn start_as(wish: Wish) -> Result<Fixture, Fault> {
        let app = TestApp::start_as(wish).await?;
        make_nobody(&app)?;
        crate::samples_users::make_clerks(&app)?;
        let mut tokens = BTreeMap::new();
        for login in LOGINS {
            tokens.insert(login, app.sign_in(login).await?);
        }
        let of = |login: &str| tokens.get(login).cloned().unwrap_or_default();
        let unit = own_unit(&app, &of("village")).await?;
        let foreign_unit = own_unit(&app, &of("village2")).await?;
        let mut reports = Vec::new();
        for (login, unit, period) in [
            ("village", &unit, "2024"),
            ("village2", &foreign_unit, "2024"),
            ("village", &unit, "2023"),
        ] {
            let begun = begin(&app, &of(login), unit, period, 6_000_000).await?;
            reports.push(begun.text("/summary/id").to_owned());
        }
        let wish = json!({ "form": "M12", "unit": foreign_unit, "period": "2026", "until": "2026-12-28", "reason": "账目未结" });
        let ask = Ask::by(&of("village2")).json(&wish);
        let asked = app.call("POST", "/extensions", ask).await?;
        let extension = asked.text("/id").to_owned();
        let ask = Ask::by(&of("township")).json(&json!({ "text": "请核对收入来源。" }));
        let kept = app.call("POST", "/phrases", ask).await?;
        let phrase = kept.text("/id").to_owned();
        let view = crate::samples_statistics::shared_view(&app, &of("township")).await?;
        let lock = Ask::by(&of("admin"))
            .header("If-Match", "\"1\"")
            .json(&json!({ "locked": true }));
        for period in ["2023", "2022"] {
            let path = format!("/forms/M12/periods/{period}");
            let locked = app.call("PUT", &path, lock.clone()).await?;
            assert_eq!(locked.status, 200, "{}", locked.body);
        }
        let body = json!({ "login": "village", "password": app.password() });
        let session = app.call("POST", "/session", Ask::default().json(&body));
        let refresh = session.await?.text("/refresh_token").to_owned();
        let admin = Ask::by(&of("admin"));
        let feedback = suggestion(&app, Ask::by(&of("village"))).await?;
        let change = planned_change(&app, admin, &foreign_unit).await?;
        let units = [unit.as_str(), foreign_unit.as_str()];
        let tasks = crate::samples_task::make(&app, &of("city"), &of("village2"), units).await?;
        let clerks = [of("village"), of("village2"), of("township")];
        let clerks = clerks.each_ref().map(String::as_str);
        let records = crate::samples_ledger::make(&app, clerks, &unit).await?;
        let [report, foreign_report, locked_report] = <[String; 3]>::try_from(reports)
            .map_err(|reports| format!("three reports, not {}", reports.len()))?;
        Ok(Fixture {
            app,
            tokens,
            unit,
            foreign_unit,
            report,
            foreign_report,
            locked_report,
            feedback,
            change,
            extension,
            phrase,
            tasks,
            records,
            view,
            refresh,
        })
    }

    /// The token of an account.
    pub fn token(&self, login: &str) -> String {
        self.tokens.get(login).cloned().unwrap_or_default()
    }

    /// Sends a sample as its own account.
    ///
    /// # Errors
    /// When the answer is not as described.
    pub async fn send(&self, sample: &Sample) -> Result<Answer, Fault> {
        let ask = sample.ask().signed(&self.token(sample.login));
        self.app.call(sample.method, &sample.address(), ask).await
    }

    /// A valid request for every operation, reads first; what ends sessions comes last. A noun with many operations has
    /// its samples in a file of its own.
    pub fn samples(&self) -> Vec<Sample> {
        let mut all = self.first_samples();
        let ends = all.iter().position(|sample| sample.operation == "sign_in");
        let mut last = all.split_off(ends.unwrap_or(all.len()));
        all.extend(self.audit_samples());
        all.extend(self.user_samples());
        all.append(&mut self.workflow_samples());
        all.extend(crate::samples_unit_change::samples(self));
        all.extend(crate::samples_feedback::samples(self));
        all.extend(crate::samples_task::samples(self));
        all.extend(crate::samples_statistics::samples(self));
        all.extend(crate::samples_target::samples(self));
        all.extend(crate::samples_ledger::samples(self));
        all.append(&mut last);
        all
    }

    fn first_samples(&self) -> Vec<Sample> {
        let get = |operation, path: &str, login, query: &[(&'static str, &str)]| Sample {
            operation,
            method: "GET",
            path: path.to_owned(),
            query: query
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            login,
            ..Sample::default()
        };
        let write = |operation, method, path: &str, login, tag, body: Value| Sample {
            operation,
            method,
            path: path.to_owned(),
            login,
            tag,
            body: (!body.is_null()).then_some(body),
            ..Sample::default()
        };
        let report = format!("/reports/{}", self.report);
        let unit = self.unit.as_str();
        let one = Some("\"1\"");
        vec![
            get("get_health", "/health", "", &[]),
            get("get_session", "/session", "village", &[]),
            get("get_workbench", "/workbench", "village", &[]),
            get(
                "list_units",
                "/units",
                "city",
                &[("limit", "3"), ("total", "true"), ("level", "village")],
            ),
            get("get_unit", &format!("/units/{unit}"), "village", &[]),
            get("list_programmes", "/programmes", "village", &[]),
            get(
                "list_editions",
                "/programmes/cangzhou-2021/editions",
                "village",
                &[],
            ),
            get(
                "list_changes",
                "/programmes/cangzhou-2021/changes",
                "village",
                &[],
            ),
            get("list_projects", "/projects", "village", &[]),
            get("list_matters", "/matters", "village", &[]),
            get("get_matter", "/matters/M12", "village", &[]),
            get("list_metrics", "/metrics", "village", &[]),
            get("get_metric", "/metrics/M12.reach_50k", "village", &[]),
            get("list_forms", "/forms", "village", &[]),
            get("get_form", "/forms/M12", "village", &[]),
            get(
                "get_programme_map",
                "/programmes/cangzhou-2021/map",
                "village",
                &[],
            ),
            get("list_periods", "/forms/M12/periods", "village", &[]),
            get("get_period", "/forms/M12/periods/2025", "village", &[]),
            get(
                "list_dues",
                "/dues",
                "township",
                &[("form", "M12"), ("period", "2025"), ("limit", "3")],
            ),
            get(
                "list_reports",
                "/reports",
                "village",
                &[("form", "M12"), ("total", "true")],
            ),
            get("get_report", &report, "village", &[]),
            get(
                "list_report_versions",
                &format!("{report}/versions"),
                "village",
                &[],
            ),
            get(
                "get_figures",
                "/metrics/M12.reach_50k/figures",
                "village",
                &[("period", "2024"), ("unit", unit)],
            ),
            get(
                "get_course",
                "/metrics/M12.reach_50k/course",
                "village",
                &[("unit", unit)],
            ),
            get(
                "get_overview",
                "/overview",
                "village",
                &[("period", "2024"), ("unit", unit)],
            ),
            get("list_users", "/users", "admin", &[]),
            get("list_departments", "/departments", "admin", &[]),
            get("list_events", "/events", "admin", &[]),
            write(
                "create_report",
                "POST",
                "/reports",
                "village",
                None,
                json!({ "form": "M12", "unit": unit, "period": "2025", "values": values(7_000_000), "source_document": "年报" }),
            ),
            write(
                "save_report",
                "PUT",
                &report,
                "village",
                one,
                json!({ "values": values(8_000_000), "explanations": {} }),
            ),
            write(
                "act_on_report",
                "POST",
                &format!("{report}/actions"),
                "village",
                Some("\"2\""),
                json!({ "action": "submit" }),
            ),
            write(
                "set_period",
                "PUT",
                "/forms/M12/periods/2021",
                "admin",
                one,
                json!({ "locked": true }),
            ),
            Sample {
                bytes: Some(self.divisions().into_bytes()),
                query: vec![("dry_run", "true".to_owned())],
                ..write(
                    "import_units",
                    "POST",
                    "/units/import",
                    "admin",
                    None,
                    Value::Null,
                )
            },
            write(
                "sign_in",
                "POST",
                "/session",
                "",
                None,
                json!({ "login": "village", "password": self.app.password() }),
            ),
            write(
                "refresh_session",
                "POST",
                "/session/refresh",
                "",
                None,
                json!({ "refresh_token": self.refresh }),
            ),
            write(
                "sign_out",
                "DELETE",
                "/session",
                "village2",
                None,
                Value::Null,
            ),
            write(
                "sign_out_everywhere",
                "DELETE",
                "/session/all",
                "nobody",
                None,
                Value::Null,
            ),
        ]
    }

    /// A division list with one more county.
    pub fn divisions(&self) -> String {
        "code,name,level,parent_code\n130900000000,沧州市,city,\n130999000000,测试区,county,130900000000\n".to_owned()
    }
}

/// A suggestion to the township.
async fn suggestion(app: &TestApp, village: Ask) -> Result<String, Fault> {
    let body = json!({ "kind": "suggestion", "text": "建议增加批量粘贴", "page": "/reports" });
    let made = app.call("POST", "/feedback", village.json(&body)).await?;
    assert_eq!(made.status, 201, "{}", made.body);
    Ok(made.text("/feedback/id").to_owned())
}

/// A village's new name, planned for a day that has not come.
async fn planned_change(app: &TestApp, admin: Ask, unit: &str) -> Result<String, Fault> {
    let body = json!({ "kind": "rename", "from": "2027-02-01", "units": [unit], "name": "新名村", "reason": "沧民政〔2026〕1号" });
    let made = app.call("POST", "/unit-changes", admin.json(&body)).await?;
    assert_eq!(made.status, 201, "{}", made.body);
    Ok(made.text("/change/id").to_owned())
}

fn make_nobody(app: &TestApp) -> Result<(), Fault> {
    let app_ = &app.app;
    let hash = hash_password(app.password())?;
    let system = Scope::bypass_for_system_work();
    let today = app_.clock.today();
    app_.db.write(|conn| -> Result<(), AppError> {
        let city = unit::by_code(conn, &system, "130900000000", today)?
            .ok_or_else(|| AppError::Internal("no city".to_owned()))?;
        let new = NewAccount {
            login: "nobody".to_owned(),
            name: "无授权账户".to_owned(),
            unit: city.id,
            password_hash: hash,
            demonstration: true,
            grants: Vec::new(),
        };
        account::create(conn, &new, 1)?;
        Ok(())
    })?;
    Ok(())
}

/// The API's own description.
pub fn description() -> Result<Value, Fault> {
    let shipped = zhenxing_server::package::load(None)?;
    Ok(serde_json::from_str(
        &zhenxing_server::http::openapi::text(&shipped.package),
    )?)
}

/// Every operation of the description, by its name; what is spelled out for one ledger is part of the general one.
pub fn operations(description: &Value) -> BTreeMap<String, Value> {
    let paths = description["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let all = all.filter(|(_, operation)| operation.get("x-template").is_none());
    all.filter_map(|(_, operation)| {
        Some((
            operation["operationId"].as_str()?.to_owned(),
            operation.clone(),
        ))
    })
    .collect()
}

/// Compares a text with the one that is kept. ZHENXING_UPDATE_SNAPSHOTS=1 keeps the new one.
pub fn snapshot(name: &str, actual: &str) -> Result<(), Fault> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/api/snapshots")
        .join(name);
    if std::env::var_os("ZHENXING_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&file, actual)?;
        return Ok(());
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let difference: Vec<String> = kept
        .lines()
        .filter(|line| !actual.lines().any(|other| other == *line))
        .map(|line| format!("- {line}"))
        .chain(
            actual
                .lines()
                .filter(|line| !kept.lines().any(|other| other == *line))
                .map(|line| format!("+ {line}")),
        )
        .collect();
    assert!(
        kept == actual,
        "{name} is not as kept (ZHENXING_UPDATE_SNAPSHOTS=1 keeps it):\n{}",
        difference.join("\n")
    );
    Ok(())
}

#[actix_web::test]
async fn every_operation_has_a_valid_sample() -> Result<(), Fault> {
    let fixture = Fixture::start().await?;
    let samples = fixture.samples();
    let named: Vec<&str> = samples.iter().map(|sample| sample.operation).collect();
    let description = description()?;
    for operation in operations(&description).keys() {
        assert!(
            named.contains(&operation.as_str()),
            "{operation} has no sample"
        );
    }
    for sample in &samples {
        let answer = fixture.send(sample).await?;
        assert!(
            (200..300).contains(&answer.status),
            "{}: {}",
            sample.operation,
            answer.body
        );
        let tag = answer.etag();
        if !tag.is_empty() && sample.method == "GET" {
            let token = fixture.token(sample.login);
            let again = sample.ask().signed(&token).header("If-None-Match", tag);
            let again = fixture.app.call("GET", &sample.address(), again).await?;
            assert_eq!(again.status, 304, "{}", sample.operation);
        }
    }
    Ok(())
}
