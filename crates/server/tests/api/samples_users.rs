//! Valid requests for accounts and departments.

use crate::samples::{Fixture, Sample};
use serde_json::{Value, json};
use zhenxing_domain::policy::{DataScope, Matters, Role, Scope};
use zhenxing_server::app::AppError;
use zhenxing_storage::account::{self, Managed, NewGrant};
use zhenxing_storage::unit;
use zhenxing_test_support::{Fault, TestApp};

/// Accounts of the first village without a password, to be changed.
pub(crate) const CLERKS: [&str; 3] = ["clerk1", "clerk2", "clerk3"];

pub(crate) fn make_clerks(app: &TestApp) -> Result<(), Fault> {
    let app = &app.app;
    let system = Scope::bypass_for_system_work();
    let today = app.clock.today();
    app.db.write(|conn| -> Result<(), AppError> {
        let village = account::by_logins(conn, &system, &["village"], today)?;
        let village = village.first().map(|village| village.unit);
        let units: Vec<_> = village.into_iter().collect();
        for unit in unit::by_ids(conn, &system, &units, today)? {
            let clerk = |login: &&str| Managed {
                login: (*login).to_owned(),
                name: "村文书".to_owned(),
                phone: Some("13812345678".to_owned()),
                unit: unit.id,
                grants: vec![NewGrant {
                    role: Role::Filler,
                    scope: DataScope::Unit,
                    units: Vec::new(),
                    departments: Vec::new(),
                    matters: Matters::All,
                }],
            };
            let clerks: Vec<Managed> = CLERKS.iter().map(clerk).collect();
            account::create_many(conn, &clerks, 1)?;
        }
        Ok(())
    })?;
    Ok(())
}

impl Fixture {
    /// A sheet with one account.
    pub(crate) fn people(&self) -> String {
        format!(
            "单位编码,用户名,姓名,角色,数据范围,电话,实事\n{},zhang.san,张三,填报员,本单位,13912345678,M12\n",
            self.unit
        )
    }

    pub(crate) fn user_samples(&self) -> Vec<Sample> {
        let admin = |operation, method, path: &str, tag, body: Value| Sample {
            operation,
            method,
            path: path.to_owned(),
            login: "admin",
            tag,
            body: (!body.is_null()).then_some(body),
            ..Sample::default()
        };
        let one = Some("\"1\"");
        let filler = json!([{ "role": "filler", "scope": "unit", "matters": ["M12"] }]);
        let password = json!({ "current": self.app.password(), "new": "lamp-river-stone-9" });
        vec![
            admin("get_user", "GET", "/users/clerk1", None, Value::Null),
            admin(
                "create_user",
                "POST",
                "/users",
                None,
                json!({ "login": "new.clerk", "name": "新文书", "unit": self.unit, "grants": filler }),
            ),
            admin(
                "change_user",
                "PUT",
                "/users/clerk1",
                one,
                json!({ "login": "clerk1", "name": "王文书", "phone": "0317-2012345", "grants": filler }),
            ),
            admin(
                "act_on_user",
                "POST",
                "/users/clerk2/actions",
                one,
                json!({ "action": "leave", "until": "2026-12-31", "deputy": "clerk3" }),
            ),
            admin(
                "reveal_phone",
                "POST",
                "/users/clerk1/reveal",
                None,
                json!({ "reason": "核实报送数据" }),
            ),
            admin(
                "issue_passwords",
                "POST",
                "/users/passwords",
                None,
                json!({ "logins": ["clerk3"] }),
            ),
            admin(
                "create_department",
                "POST",
                "/departments",
                None,
                json!({ "unit": "130900000000", "code": "archive", "name": "档案馆", "matters": ["M12"] }),
            ),
            admin(
                "change_department",
                "PUT",
                "/units/130900000000/departments/organisation",
                one,
                json!({ "name": "市委组织部", "matters": ["M12"], "until": "2027-12-31" }),
            ),
            admin(
                "generate_users",
                "POST",
                "/users/generate",
                None,
                json!({
                    "unit": "130900000000", "level": "village", "role": "filler", "scope": "unit",
                    "login": "v{code}", "name": "{unit}填报员",
                }),
            ),
            Sample {
                bytes: Some(self.people().into_bytes()),
                query: vec![("dry_run", "true".to_owned())],
                ..admin("import_users", "POST", "/users/import", None, Value::Null)
            },
            admin(
                "begin_acting",
                "POST",
                "/session/acting",
                None,
                json!({ "login": "village", "mode": "view", "reason": "电话求助" }),
            ),
            Sample {
                operation: "change_password",
                method: "PUT",
                path: "/session/password".to_owned(),
                login: "nobody",
                body: Some(password),
                ..Sample::default()
            },
        ]
    }
}
