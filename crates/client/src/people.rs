//! Accounts, departments, passwords.

use crate::carrier::Method;
use crate::{Called, Client, ClientError, holding};
use zhenxing_api_types::Page;
use zhenxing_api_types::session::{BeginActing, ChangePassword, Tokens};
use zhenxing_api_types::user::{
    ActOnUser, ChangeDepartment, ChangeUser, CreateDepartment, CreateUser, Department,
    GenerateUsers, IssuePasswords, IssuedPasswords, RevealPhone, RevealedPhone, User, UserDetail,
    UsersMade,
};

impl Client {
    /// Accounts by name. The filters are `q`, `unit`, `active`, `limit` and `cursor`.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn users(&self, filters: &[(&str, &str)]) -> Called<Page<User>> {
        self.get("/users", filters).await
    }

    /// One account.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn user(&self, login: &str) -> Called<UserDetail> {
        self.get(&format!("/users/{login}"), &[]).await
    }

    /// Shows an account's phone in full.
    ///
    /// # Errors
    /// A problem that names `reason`, another one, or what the network says.
    pub async fn reveal_phone(&self, login: &str, reason: &str) -> Called<RevealedPhone> {
        let ask = RevealPhone {
            reason: reason.to_owned(),
        };
        let path = format!("/users/{login}/reveal");
        self.send(Method::POST, &path, None, &ask).await
    }

    /// Makes an account.
    ///
    /// # Errors
    /// `exists` when the name is taken, another problem, or what the network says.
    pub async fn create_user(&self, new: &CreateUser) -> Called<UserDetail> {
        self.send(Method::POST, "/users", None, new).await
    }

    /// Changes an account whose revision was seen.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn change_user(
        &self,
        login: &str,
        revision: i64,
        change: &ChangeUser,
    ) -> Called<UserDetail> {
        let path = format!("/users/{login}");
        self.send(Method::PUT, &path, Some(revision), change).await
    }

    /// Switches an account off or on, transfers it, begins or ends its leave.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn act_on_user(
        &self,
        login: &str,
        revision: i64,
        act: &ActOnUser,
    ) -> Called<UserDetail> {
        let path = format!("/users/{login}/actions");
        self.send(Method::POST, &path, Some(revision), act).await
    }

    /// Gives accounts new one-time passwords.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn issue_passwords(&self, logins: &[String]) -> Called<IssuedPasswords> {
        let ask = IssuePasswords {
            logins: logins.to_vec(),
        };
        self.send(Method::POST, "/users/passwords", None, &ask)
            .await
    }

    /// Changes my password.
    ///
    /// # Errors
    /// `invalid_field` that says what is wrong with it, another problem, or what the network says.
    pub async fn change_password(&self, current: &str, new: &str) -> Called<()> {
        let ask = ChangePassword {
            current: current.to_owned(),
            new: new.to_owned(),
        };
        let request = self.request(Method::PUT, self.url("/session/password"));
        self.ask(holding(request, &ask)?).await.map(drop)
    }

    /// Departments: `q`, `unit`, `serves`, `cursor`.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn departments(&self, filters: &[(&str, &str)]) -> Called<Page<Department>> {
        self.get("/departments", filters).await
    }

    /// Makes a department.
    ///
    /// # Errors
    /// `exists` when the unit has one of that code, another problem, or what the network says.
    pub async fn create_department(&self, new: &CreateDepartment) -> Called<Department> {
        self.send(Method::POST, "/departments", None, new).await
    }

    /// Changes a department whose revision was seen.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn change_department(
        &self,
        unit: &str,
        code: &str,
        revision: i64,
        change: &ChangeDepartment,
    ) -> Called<Department> {
        let path = format!("/units/{unit}/departments/{code}");
        self.send(Method::PUT, &path, Some(revision), change).await
    }

    /// Makes one account for every unit of a level, or counts them.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn generate_users(&self, ask: &GenerateUsers, dry_run: bool) -> Called<UsersMade> {
        let path = format!("/users/generate?dry_run={dry_run}");
        self.send(Method::POST, &path, None, ask).await
    }

    /// Makes accounts from a sheet, or shows what it would do.
    ///
    /// # Errors
    /// `faulty_lines`, another problem, or what the network says.
    pub async fn import_users(&self, csv: &str, dry_run: bool) -> Called<UsersMade> {
        let url = self.url(&format!("/users/import?dry_run={dry_run}"));
        let mut request = self.request(Method::POST, url);
        request.body = Some(csv.as_bytes().to_vec());
        crate::decoded(&self.ask(request).await?.text)
    }

    /// Begins to act for another and holds the token of that session; the end of it brings the own session back, with
    /// [`Client::end_acting`].
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn begin_acting(&self, ask: &BeginActing) -> Called<()> {
        let tokens: Tokens = self
            .send(Method::POST, "/session/acting", None, ask)
            .await?;
        self.hold_access(tokens.access_token);
        Ok(())
    }

    /// Ends to act for another and takes the own session up again.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn end_acting(&self) -> Called<()> {
        let request = self.request(Method::DELETE, self.url("/session"));
        let sent = self.carrier.send(self.bearer(request)).await;
        sent.map_err(ClientError::Network)?;
        self.resume().await
    }
}
