//! Accounts, departments, passwords.

use crate::{Called, Client, ClientError};
use reqwest::{Method, StatusCode};
use zhenxing_api_types::session::ChangePassword;
use zhenxing_api_types::user::{
    ActOnUser, ChangeDepartment, ChangeUser, CreateDepartment, CreateUser, Department,
    IssuePasswords, IssuedPasswords, User, UserDetail,
};
use zhenxing_api_types::{Page, Problem};

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
        match self.put_password(&ask).await {
            Err(error) if error.code() == Some("token_expired") => {
                self.resume().await?;
                self.put_password(&ask).await
            }
            other => other,
        }
    }

    async fn put_password(&self, ask: &ChangePassword) -> Called<()> {
        let url = self.url("/session/password");
        let request = self.http.request(Method::PUT, url).json(ask);
        let sent = self.bearer(request).send().await;
        let response = sent.map_err(|error| ClientError::Network(error.to_string()))?;
        if response.status() == StatusCode::NO_CONTENT {
            return Ok(());
        }
        let problem = response.json::<Problem>().await;
        let problem = problem.map_err(|error| ClientError::Decode(error.to_string()))?;
        Err(ClientError::Problem(Box::new(problem)))
    }

    /// Departments.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn departments(&self, cursor: &str) -> Called<Page<Department>> {
        self.get("/departments", &[("cursor", cursor)]).await
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
}
