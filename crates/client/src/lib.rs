//! A typed client of the Zhenxing API, native and in the browser.
//!
//! It holds the access token in memory, refreshes it once when it has ended, and sends what writes need: the revision
//! that was seen and a key that makes a repeat have one effect.
#![deny(missing_docs)]

mod carrier;
mod feedback;
mod file;
mod ledger;
mod people;
mod period;
mod roster;
mod statistics;
mod tag;
mod target;
mod task;
mod unit;
mod unit_change;
mod view;

use carrier::{Carrier, Method, Request, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, PoisonError};
use thiserror::Error;
use uuid::Uuid;
use zhenxing_api_types::audit::AuditEntry;
use zhenxing_api_types::course::Course;
use zhenxing_api_types::edition::{PackageChange, PackageEdition};
use zhenxing_api_types::extension::{ActOnExtension, AskExtension, Extension};
use zhenxing_api_types::map::ProgrammeMap;
use zhenxing_api_types::phrase::{KeepPhrase, Phrase};
use zhenxing_api_types::programme::{Form, FormPeriod, FormSummary, Matter, Programme, Project};
use zhenxing_api_types::report::{
    ActOnReport, CreateReport, Due, Report, ReportSummary, ReportVersion, SaveReport,
};
use zhenxing_api_types::report_bulk::{BulkAct, BulkResult, BulkSave, Comparison, GridRow};
use zhenxing_api_types::session::{Me, Refresh, SignIn, Tokens, Transport};
use zhenxing_api_types::unit::{Unit, UnitDetail};
use zhenxing_api_types::workbench::Workbench;
use zhenxing_api_types::{FigureTree, Overview, Page, Problem};

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ClientError {
    /// The server refused, and says why.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// The server was not reached.
    #[error("the server was not reached: {0}")]
    Network(String),
    /// The answer is not what this client knows.
    #[error("the answer was not understood: {0}")]
    Decode(String),
}

impl ClientError {
    /// The stable code of a problem.
    pub fn code(&self) -> Option<&str> {
        match self {
            ClientError::Problem(problem) => Some(&problem.code),
            ClientError::Network(_) | ClientError::Decode(_) => None,
        }
    }
}

/// What a call gives back.
pub type Called<T> = Result<T, ClientError>;

/// A client. Clones share the session.
#[derive(Debug, Clone)]
pub struct Client {
    base: String,
    carrier: Carrier,
    access: Arc<Mutex<Option<String>>>,
    refresh: Arc<Mutex<Option<String>>>,
    language: Arc<Mutex<Option<&'static str>>>,
    transport: Transport,
}

impl Client {
    /// A client of the server at that address, such as `https://zhenxing.example`.
    pub fn new(origin: &str, transport: Transport) -> Client {
        Client {
            base: format!("{}/api/v1", origin.trim_end_matches('/')),
            carrier: Carrier::default(),
            access: Arc::default(),
            refresh: Arc::default(),
            language: Arc::default(),
            transport,
        }
    }

    /// Asks for texts in that language from now on: `zh-CN` or `en`. In a browser the page's choice counts, not the
    /// browser's.
    pub fn set_language(&self, tag: &'static str) {
        *self.language.lock().unwrap_or_else(PoisonError::into_inner) = Some(tag);
    }

    fn request(&self, method: Method, url: String) -> Request {
        let language = *self.language.lock().unwrap_or_else(PoisonError::into_inner);
        let language = language.map(|tag| ("Accept-Language", tag.to_owned()));
        Request {
            method,
            url,
            headers: language.into_iter().collect(),
            body: None,
            file: false,
        }
    }

    /// Signs in.
    ///
    /// # Errors
    /// `wrong_credentials`, `too_many_requests`, or what the network says.
    pub async fn sign_in(&self, login: &str, password: &str) -> Called<()> {
        let ask = SignIn {
            login: login.to_owned(),
            password: password.to_owned(),
            transport: self.transport,
        };
        let request = self.request(Method::POST, self.url("/session"));
        let tokens: Tokens = decoded(&self.answer(holding(request, &ask)?).await?.text)?;
        self.hold(tokens);
        Ok(())
    }

    /// Takes up a session that the cookie or the refresh token still holds.
    ///
    /// # Errors
    /// `invalid_refresh`, or what the network says.
    pub async fn resume(&self) -> Called<()> {
        let refresh_token = self
            .refresh
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let request = self.request(Method::POST, self.url("/session/refresh"));
        let request = holding(request, &Refresh { refresh_token })?;
        let tokens: Tokens = decoded(&self.answer(request).await?.text)?;
        self.hold(tokens);
        Ok(())
    }

    /// Ends this session, or every session of the account.
    ///
    /// # Errors
    /// What the network says.
    pub async fn sign_out(&self, everywhere: bool) -> Called<()> {
        let path = if everywhere {
            "/session/all"
        } else {
            "/session"
        };
        let request = self.bearer(self.request(Method::DELETE, self.url(path)));
        let sent = self.carrier.send(request).await;
        *self.access.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.refresh.lock().unwrap_or_else(PoisonError::into_inner) = None;
        sent.map(drop).map_err(ClientError::Network)
    }

    /// Who I am and what I may do.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn me(&self) -> Called<Me> {
        self.get("/session", &[]).await
    }

    /// What waits for me.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn workbench(&self) -> Called<Workbench> {
        self.get("/workbench", &[]).await
    }

    /// The overview of a unit for a period; empty texts ask for the usual ones.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn overview(&self, period: &str, unit: &str) -> Called<Overview> {
        self.get("/overview", &[("period", period), ("unit", unit)])
            .await
    }

    /// A metric at a unit and directly below it.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn figures(&self, metric: &str, period: &str, unit: &str) -> Called<FigureTree> {
        self.get(
            &format!("/metrics/{metric}/figures"),
            &[("period", period), ("unit", unit)],
        )
        .await
    }

    /// A metric of a unit over time.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn course(&self, metric: &str, unit: &str) -> Called<Course> {
        self.get(&format!("/metrics/{metric}/course"), &[("unit", unit)])
            .await
    }

    /// Units by name, initials or code.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn units(&self, search: &str, cursor: &str) -> Called<Page<Unit>> {
        self.get("/units", &[("q", search), ("cursor", cursor)])
            .await
    }

    /// One unit.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn unit(&self, code: &str) -> Called<UnitDetail> {
        self.get(&format!("/units/{code}"), &[]).await
    }

    /// The programmes.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn programmes(&self) -> Called<Page<Programme>> {
        self.get("/programmes", &[]).await
    }

    /// The map of a programme.
    ///
    /// # Errors
    /// `not_found` where it has none, another problem, or what the network says.
    pub async fn map(&self, programme: &str) -> Called<ProgrammeMap> {
        self.get(&format!("/programmes/{programme}/map"), &[]).await
    }

    /// The publications of a programme's package, latest first.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn editions(&self, programme: &str) -> Called<Page<PackageEdition>> {
        self.get(&format!("/programmes/{programme}/editions"), &[])
            .await
    }

    /// What the package in use changed against the publication before it.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn package_changes(&self, programme: &str) -> Called<Page<PackageChange>> {
        self.get(&format!("/programmes/{programme}/changes"), &[])
            .await
    }

    /// The projects.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn projects(&self) -> Called<Page<Project>> {
        self.get("/projects", &[]).await
    }

    /// The matters of a project, or all.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn matters(&self, project: &str) -> Called<Page<Matter>> {
        self.get("/matters", &[("project", project)]).await
    }

    /// The forms.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn forms(&self) -> Called<Page<FormSummary>> {
        self.get("/forms", &[]).await
    }

    /// The forms that the asker may fill in.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn forms_to_fill(&self) -> Called<Page<FormSummary>> {
        self.get("/forms", &[("fill", "true")]).await
    }

    /// One form with the definition that applies to a period; an empty text asks for the newest.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn form(&self, code: &str, period: &str) -> Called<Form> {
        self.get(&format!("/forms/{code}"), &[("period", period)])
            .await
    }

    /// The periods of a form, latest first.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn periods(&self, form: &str) -> Called<Page<FormPeriod>> {
        self.get(&format!("/forms/{form}/periods"), &[]).await
    }

    /// Units for which I may fill in a form; empty texts ask for the current period and for every state.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn dues(
        &self,
        form: &str,
        period: &str,
        state: &str,
        cursor: &str,
    ) -> Called<Page<Due>> {
        self.get(
            "/dues",
            &[
                ("form", form),
                ("period", period),
                ("state", state),
                ("cursor", cursor),
                ("limit", "100"),
            ],
        )
        .await
    }

    /// Reports of a form in a state.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn reports(
        &self,
        form: &str,
        period: &str,
        state: &str,
        cursor: &str,
    ) -> Called<Page<ReportSummary>> {
        self.get(
            "/reports",
            &[
                ("form", form),
                ("period", period),
                ("state", state),
                ("cursor", cursor),
            ],
        )
        .await
    }

    /// One report.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn report(&self, id: Uuid) -> Called<Report> {
        self.get(&format!("/reports/{id}"), &[]).await
    }

    /// The versions of a report, latest first.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn versions(&self, id: Uuid) -> Called<Page<ReportVersion>> {
        self.get(&format!("/reports/{id}/versions"), &[]).await
    }

    /// Begins a report.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn create_report(&self, new: &CreateReport) -> Called<Report> {
        self.send(Method::POST, "/reports", None, new).await
    }

    /// Saves a report whose revision was seen.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn save_report(&self, id: Uuid, revision: i64, save: &SaveReport) -> Called<Report> {
        self.send(Method::PUT, &format!("/reports/{id}"), Some(revision), save)
            .await
    }

    /// Submits, checks, approves, returns or opens a report again.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn act_on_report(
        &self,
        id: Uuid,
        revision: i64,
        act: &ActOnReport,
    ) -> Called<Report> {
        self.send(
            Method::POST,
            &format!("/reports/{id}/actions"),
            Some(revision),
            act,
        )
        .await
    }

    /// The audit trail, latest first. The filters are `from`, `to`, `kind`, `account`, `unit`, `outcome`, `limit` and
    /// `cursor`.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn audit(&self, filters: &[(&str, &str)]) -> Called<Page<AuditEntry>> {
        self.get("/audit", filters).await
    }

    /// The audit trail as CSV, with the filters of [`Client::audit`] but `limit` and `cursor`.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn audit_export(&self, filters: &[(&str, &str)]) -> Called<String> {
        let url = self.address("/audit/export", filters);
        let answer = self.ask(self.request(Method::GET, url)).await?;
        Ok(answer.text)
    }

    /// The grid of a unit's subordinate units for a form and a period; empty texts ask for the usual ones.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn grid(
        &self,
        form: &str,
        period: &str,
        unit: &str,
        cursor: &str,
    ) -> Called<Page<GridRow>> {
        let query = [
            ("form", form),
            ("period", period),
            ("unit", unit),
            ("cursor", cursor),
            ("limit", "200"),
        ];
        self.get("/reports/grid", &query).await
    }

    /// Saves many units' values, and submits them if the request says so.
    ///
    /// # Errors
    /// A problem, or what the network says; what is refused row by row stands in the answer.
    pub async fn bulk_save(&self, save: &BulkSave, dry_run: bool) -> Called<BulkResult> {
        let path = format!("/reports/bulk-save?dry_run={dry_run}");
        self.send(Method::POST, &path, None, save).await
    }

    /// Checks, approves or returns many reports.
    ///
    /// # Errors
    /// `count_changed`, another problem, or what the network says; what is refused row by row stands in the answer.
    pub async fn bulk_act(&self, act: &BulkAct, dry_run: bool) -> Called<BulkResult> {
        let path = format!("/reports/bulk-act?dry_run={dry_run}");
        self.send(Method::POST, &path, None, act).await
    }

    /// A report beside last period, last year and its neighbours.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn comparison(&self, id: Uuid) -> Called<Comparison> {
        self.get(&format!("/reports/{id}/comparison"), &[]).await
    }

    /// Extensions of a form's period at or below a unit in a state; empty texts ask for the usual ones.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn extensions(
        &self,
        form: &str,
        period: &str,
        unit: &str,
        state: &str,
        cursor: &str,
    ) -> Called<Page<Extension>> {
        let query = [
            ("form", form),
            ("period", period),
            ("unit", unit),
            ("state", state),
            ("cursor", cursor),
        ];
        self.get("/extensions", &query).await
    }

    /// Asks for an extension.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn ask_extension(&self, ask: &AskExtension) -> Called<Extension> {
        self.send(Method::POST, "/extensions", None, ask).await
    }

    /// Grants, refuses or takes back an extension.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn act_on_extension(
        &self,
        id: Uuid,
        revision: i64,
        act: &ActOnExtension,
    ) -> Called<Extension> {
        let path = format!("/extensions/{id}/actions");
        self.send(Method::POST, &path, Some(revision), act).await
    }

    /// My phrases for returning reports, and the package's after them.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn phrases(&self) -> Called<Page<Phrase>> {
        self.get("/phrases", &[]).await
    }

    /// Removes one of my phrases.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn remove_phrase(&self, id: Uuid) -> Called<()> {
        self.remove(&format!("/phrases/{id}")).await
    }

    async fn remove(&self, path: &str) -> Called<()> {
        let gone = self.ask(self.request(Method::DELETE, self.url(path)));
        gone.await.map(drop)
    }

    /// Keeps a phrase.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn keep_phrase(&self, text: &str) -> Called<Phrase> {
        let keep = KeepPhrase {
            text: text.to_owned(),
        };
        self.send(Method::POST, "/phrases", None, &keep).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn hold(&self, tokens: Tokens) {
        *self.access.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.access_token);
        *self.refresh.lock().unwrap_or_else(PoisonError::into_inner) = tokens.refresh_token;
    }

    /// The access token at hand, for [`Client::take_over`].
    pub fn access(&self) -> Option<String> {
        self.access
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Goes on with the session of another client of this page.
    pub fn take_over(&self, token: String) {
        self.hold_access(token);
    }

    /// Holds another access token; the refresh token stays.
    fn hold_access(&self, token: String) {
        *self.access.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
    }

    fn bearer(&self, mut request: Request) -> Request {
        let token = self.access.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = &*token {
            let bearer = format!("Bearer {token}");
            request.headers.push(("Authorization", bearer));
        }
        request
    }

    fn address(&self, path: &str, query: &[(&str, &str)]) -> String {
        let given: Vec<String> = query
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        let mark = if given.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", self.url(path), given.join("&"))
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Called<T> {
        let url = self.address(path, query);
        decoded(&self.ask(self.request(Method::GET, url)).await?.text)
    }

    /// A file, whole.
    async fn file(&self, path: &str, query: &[(&str, &str)]) -> Called<Vec<u8>> {
        let mut request = self.request(Method::GET, self.address(path, query));
        request.file = true;
        Ok(self.ask(request).await?.bytes)
    }

    async fn send<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        revision: Option<i64>,
        body: &B,
    ) -> Called<T> {
        let request = holding(self.writing(method, path, revision), body)?;
        decoded(&self.ask(request).await?.text)
    }

    /// A request that changes something: with a key of its own, and the revision that was seen.
    fn writing(&self, method: Method, path: &str, revision: Option<i64>) -> Request {
        let mut request = self.request(method, self.url(path));
        let key = Uuid::now_v7().to_string();
        request.headers.push(("Idempotency-Key", key));
        if let Some(revision) = revision {
            request
                .headers
                .push(("If-Match", format!("\"{revision}\"")));
        }
        request
    }

    /// Asks, and once more with a fresh token when the one at hand has ended.
    async fn ask(&self, request: Request) -> Called<Response> {
        match self.answer(self.bearer(request.clone())).await {
            Err(error) if error.code() == Some("token_expired") => {
                self.resume().await?;
                self.answer(self.bearer(request)).await
            }
            other => other,
        }
    }

    /// The answer of a success.
    async fn answer(&self, request: Request) -> Called<Response> {
        let sent = self.carrier.send(request).await;
        let answer = sent.map_err(ClientError::Network)?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        match read::<Problem>(&answer.text) {
            Ok(problem) => Err(ClientError::Problem(Box::new(problem))),
            Err(_) => Err(ClientError::Decode(format!("status {}", answer.status))),
        }
    }
}

/// The request with a body as JSON.
fn holding<B: Serialize>(mut request: Request, body: &B) -> Called<Request> {
    let text = serde_json::to_vec(body);
    request.body = Some(text.map_err(|error| ClientError::Decode(error.to_string()))?);
    let kind = "application/json".to_owned();
    request.headers.push(("Content-Type", kind));
    Ok(request)
}

fn decoded<T: DeserializeOwned>(text: &str) -> Called<T> {
    read(text).map_err(|error| ClientError::Decode(error.to_string()))
}

/// A value of a type from JSON. It is read into a tree first: a type read from a tree takes less code than one read from
/// the text, and a browser loads all of them.
///
/// # Errors
/// What the text is not.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    let tree: serde_json::Value = serde_json::from_str(text)?;
    serde_json::from_value(tree)
}

/// A value of a query, percent-encoded.
fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn values_of_a_query_are_escaped() {
        assert_eq!(super::escaped("沧 a&b"), "%E6%B2%A7%20a%26b");
    }
}
