//! At real size no request walks through a whole large table: the databases say how they go about each statement.

use crate::steps::{codes_below, own_unit, values};
use serde_json::json;
use std::collections::BTreeMap;
use zhenxing_domain::policy::Scope;
use zhenxing_storage::record::RecordFilter;
use zhenxing_storage::{Conn, Db, Dialect, Plan, StorageError, record_list};
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Ask, Fault, TestApp};

/// Tables that grow with what is reported or done.
const LARGE: [&str; 24] = [
    "ledger_record",
    "ledger_link",
    "ledger_version",
    "file",
    "file_link",
    "audit",
    "report",
    "report_version",
    "observation",
    "rollup",
    "event",
    "idempotency",
    "session",
    "refresh_token",
    "unit_placement",
    "extension",
    "feedback",
    "feedback_step",
    "unit_change",
    "task",
    "task_entry",
    "task_request",
    "task_tally",
    "unit_target",
];

/// A year's work of every village in a few periods: reports, versions, observations, events, kept answers.
fn fill(db: &Db) -> Result<(), Fault> {
    let id = match db.dialect() {
        Dialect::Sqlite => "randomblob(16)",
        Dialect::Postgres => "uuid_send(gen_random_uuid())",
    };
    let day = match db.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => "DATE ",
    };
    let villages = "FROM unit u, (SELECT period FROM form_period WHERE form = 'M12') f WHERE u.level = 'village'";
    let account = "(SELECT min(id) FROM account)";
    let statements = [
        format!(
            "INSERT INTO report (public_id, form, matter, unit_id, home_shard, period, state, revision, revising, filled_by, \
             field_values, explanations, field_reasons, exceptions, headline, updated_at) \
             SELECT {id}, 'M12', 'M12', u.id, u.home_shard, f.period, \
             CASE WHEN f.period < (SELECT max(period) FROM form_period WHERE form = 'M12') THEN 'approved' ELSE CASE u.id % 5 WHEN 0 THEN 'draft' WHEN 1 THEN 'submitted' WHEN 2 THEN 'checked' ELSE 'approved' END END, \
             1, false, {account}, '{{}}', '{{}}', '{{}}', CASE WHEN u.id % 20 = 0 THEN 1 ELSE 0 END, u.id, 1 {villages}"
        ),
        format!(
            "INSERT INTO report_version (report_id, revision, action, state, account_id, at, field_values, explanations) \
             SELECT id, 1, 'save', 'draft', {account}, 1, '{{}}', '{{}}' FROM report"
        ),
        format!(
            "INSERT INTO observation (period, metric_id, unit_id, home_shard, approved_num, approved_den) \
             SELECT f.period, m.id, u.id, u.home_shard, 1, 1 {}",
            villages.replace("FROM unit u,", "FROM metric m, unit u,")
        ),
        format!(
            "INSERT INTO extension (public_id, form, matter, unit_id, home_shard, period, state, revision, due, until, reason, asked_by, asked_at) \
             SELECT {id}, 'M12', 'M12', u.id, u.home_shard, f.period, \
             CASE u.id % 3 WHEN 0 THEN 'granted' WHEN 1 THEN 'asked' ELSE 'refused' END, 1, '2026-12-21', '2026-12-28', 'x', {account}, 1 \
             FROM unit u, (SELECT period FROM form_period WHERE form = 'M12') f WHERE u.level = 'village'"
        ),
        format!(
            "INSERT INTO feedback (public_id, kind, state, revision, reopened, unit_id, to_unit, account_id, page, contact_consent, created_on, created_at, answer_days) \
             SELECT {id}, 'suggestion', CASE u.id % 3 WHEN 0 THEN 'submitted' WHEN 1 THEN 'accepted' ELSE 'answered' END, 1, false, u.id, p.parent_id, \
             1 + u.id % 5, '/reports', false, '2026-11-01', 1, NULL FROM unit u JOIN unit_placement p ON p.unit_id = u.id, \
             (SELECT period FROM form_period WHERE form = 'M12') f WHERE u.level = 'village'"
        ),
        format!(
            "INSERT INTO feedback_step (feedback_id, revision, action, body, account_id, at) \
             SELECT id, 1, 'submit', '请简化', {account}, 1 FROM feedback WHERE id NOT IN (SELECT feedback_id FROM feedback_step)"
        ),
        format!(
            "INSERT INTO unit_change (public_id, kind, valid_from, unit_id, asked, effect, account_id, created_at) \
             SELECT {id}, c.kind, c.valid_from, u.id, c.asked, c.effect, {account}, 1 FROM unit u, (SELECT * FROM unit_change) c WHERE u.level = 'village'"
        ),
        format!(
            "INSERT INTO unit_target (public_id, unit_id, metric_id, due, version, home_shard, is_current, withdrawn, value, comparison, tolerance, reason, set_by, set_at) \
             SELECT {id}, u.id, m.id, d.due, 1, u.home_shard, true, false, 1, 'at_least', 0, 'x', {account}, 1 FROM unit u, \
             (SELECT id FROM metric WHERE code IN ('M12.reach_50k', 'M12.income_total', 'M12.operating')) m, \
             (SELECT {day}'2026-12-31' AS due UNION ALL SELECT {day}'2027-12-31') d"
        ),
        "INSERT INTO event (seq, kind, subject, unit_id, at) SELECT 1000 + r.id, 'report.saved', 'x', r.unit_id, 1 FROM report r".to_owned(),
        "INSERT INTO audit (seq, hash, at, kind, what, subject, account_id, unit_id, outcome) \
         SELECT 100000 + r.id, 'x', 1, 'change', 'report.saved', 'x', r.id % 1000, r.unit_id, 'ok' FROM report r".to_owned(),
        format!(
            "INSERT INTO idempotency (account_id, route, idempotency_key, body_hash, status, headers, body, created_at) \
             SELECT {account}, 'POST /x', CAST(r.id AS TEXT), {id}, 200, '', '', r.id FROM report r"
        ),
        format!("INSERT INTO session (account_id, created_at) SELECT {account}, 1 FROM report r"),
        format!("INSERT INTO refresh_token (hash, session_id, expires_at) SELECT {id}, s.id, s.id FROM session s"),
        format!(
            "INSERT INTO hand_down (public_id, matter, period, unit_id, tasks, issued_by, issued_at) \
             SELECT {id}, 'M12', f.period, 1, 1, {account}, 1 FROM form_period f WHERE f.form = 'M12' AND f.period / 1000 <> 2026"
        ),
        format!(
            "INSERT INTO task (public_id, project, matter, period, unit_id, level, home_shard, state, revision, due, responsible_departments, hand_down_id, waiting, updated_at) \
             SELECT {id}, 'P3', 'M12', h.period, u.id, u.level, u.home_shard, CASE u.id % 3 WHEN 0 THEN 'issued' WHEN 1 THEN 'reported' ELSE 'closed' END, \
             1, '2026-12-20', '[]', h.id, CASE u.id % 50 WHEN 0 THEN 'extension' ELSE NULL END, 1 FROM unit u, hand_down h WHERE u.level <> 'city' AND h.period / 1000 <> 2026"
        ),
        format!(
            "INSERT INTO task_entry (public_id, task_id, kind, state, account_id, at) SELECT {id}, t.id, 'accept', 'accepted', {account}, 1 FROM task t"
        ),
        format!(
            "INSERT INTO task_request (public_id, task_id, kind, state, revision, due, reason, asked_by, asked_at) \
             SELECT {id}, t.id, 'reassignment', 'refused', 2, '2026-12-20', 'x', {account}, 1 FROM task t"
        ),
        format!(
            "INSERT INTO file (public_id, hash, name, content_type, size, uploaded_by, uploaded_at, attached) \
             SELECT {id}, {id}, 'a.pdf', 'application/pdf', 1, {account}, 1, r.id > 0 FROM report r"
        ),
        "INSERT INTO file_link (file_id, subject_kind, subject_id) SELECT f.id, 'task_entry', f.id FROM file f".to_owned(),
        format!(
            "INSERT INTO ledger_record (public_id, ledger, unit_id, home_shard, state, revision, title, spelling, content, t1, n1, n2,              deleted, created_by, created_at, updated_at) SELECT {id}, l.ledger, u.id, u.home_shard, '', 1, 'x' || u.id, 'x' || u.id, '{{}}',              CASE u.id % 2 WHEN 0 THEN 'male' ELSE 'female' END, u.id, u.id, u.id % 50 = 0, {account}, 1, 1 \
             FROM unit u, (SELECT 'person' AS ledger UNION ALL SELECT 'post_holder' UNION ALL SELECT 'training') l, \
             (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) t WHERE u.level = 'village'"
        ),
        "INSERT INTO ledger_link (target_id, ledger, field, record_id) SELECT min(p.id), 'post_holder', 'person', r.id FROM ledger_record r \
         JOIN ledger_record p ON p.unit_id = r.unit_id AND p.ledger = 'person' WHERE r.ledger = 'post_holder' GROUP BY r.id".to_owned(),
        format!(
            "INSERT INTO ledger_version (record_id, revision, action, state, unit_id, content, account_id, at) \
             SELECT r.id, 0, 'edit', '', r.unit_id, '{{}}', {account}, 1 FROM ledger_record r"
        ),
        "INSERT INTO ledger_tally (ledger, unit_id, own, records, changed_at) SELECT r.ledger, r.unit_id, count(*), count(*), 1 FROM ledger_record r \
         WHERE true GROUP BY r.ledger, r.unit_id ON CONFLICT (unit_id, ledger) DO NOTHING".to_owned(),
        "INSERT INTO task_queue (unit_id, matter, period) SELECT u.id, 'M12', h.period FROM unit u, hand_down h WHERE u.level <> 'village'".to_owned(),
        "ANALYZE".to_owned(),
    ];
    db.write(|conn| {
        for statement in &statements {
            if statement != "ANALYZE" || db.dialect() == Dialect::Postgres {
                conn.run_outside(statement)?;
            }
        }
        Ok::<(), zhenxing_storage::StorageError>(())
    })?;
    Ok(())
}

/// The steps of a plan that walk through a whole large table.
fn walks(dialect: Dialect, plan: &Plan) -> Vec<String> {
    match dialect {
        Dialect::Sqlite => sqlite_walks(plan),
        Dialect::Postgres => postgres_walks(plan),
    }
}

fn sqlite_walks(plan: &Plan) -> Vec<String> {
    let words: Vec<&str> = plan.statement.split_whitespace().collect();
    // A table that the statement does not name is one that refers to what is written: it is only walked through when a
    // reference is broken already.
    let named = LARGE.iter().filter(|table| words.contains(table));
    let mut names: BTreeMap<&str, &str> = named.map(|table| (*table, *table)).collect();
    for three in words.windows(3) {
        let [before, table, alias] = three else {
            continue;
        };
        if matches!(*before, "FROM" | "JOIN") && LARGE.contains(table) {
            names.insert(alias.trim_end_matches(','), table);
        }
    }
    let scan = |step: &&String| {
        let rest = step.strip_prefix("SCAN ")?;
        let name = rest.split(' ').next()?;
        // A partial index holds only what it is for.
        let partial = rest.contains("event_unnumbered") || rest.contains("audit_unsealed");
        (names.contains_key(name) && !partial).then(|| (*step).clone())
    };
    // An index that is told the ledger alone leads through all of it.
    let whole = |step: &&String| {
        let limited = plan.statement.contains("LIMIT");
        let told =
            step.contains("(ledger=?)") || (step.contains("(ledger=? AND deleted=?)") && !limited);
        (step.contains("ledger_record_") && told).then(|| (*step).clone())
    };
    let steps = plan.steps.iter();
    steps
        .filter_map(|step| scan(&step).or_else(|| whole(&step)))
        .collect()
}

fn postgres_walks(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    let mut steps = plan.steps.iter().peekable();
    while let Some(step) = steps.next() {
        let node = step.trim().trim_start_matches("->").trim();
        let table = node
            .split(" on ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        let large = table.is_some_and(|table| LARGE.contains(&table));
        if !large || node.contains("event_unnumbered") || node.contains("audit_unsealed") {
            continue;
        }
        let details: Vec<&String> = steps
            .clone()
            // A condition may hold `->>`, so only its costs tell the next node.
            .take_while(|line| !line.contains("(cost="))
            .collect();
        let bounded = details.iter().any(|line| line.contains("Index Cond:"));
        if node.starts_with("Seq Scan") || (node.starts_with("Index") && !bounded) {
            found.push(node.to_owned());
        }
    }
    found
}

#[actix_web::test]
async fn no_request_walks_through_a_large_table() -> Result<(), Fault> {
    let wish = Wish {
        whole_tree: true,
        ..Wish::default()
    };
    let app = TestApp::start_as(wish).await?;
    let village = app.sign_in("village").await?;
    let unit = own_unit(&app, &village).await?;
    let rename = |from: &str| {
        Ask::default().json(&json!({ "kind": "rename", "from": from, "units": [unit],
            "name": format!("新村{from}"), "reason": "沧民政〔2026〕2号" }))
    };
    let admin = app.sign_in("admin").await?;
    let planned = rename("2027-03-01").signed(&admin);
    let planned = app.call("POST", "/unit-changes?dry_run=false", planned);
    let change = planned.await?.text("/change/id").to_owned();
    let suggest = json!({ "kind": "suggestion", "text": "请简化", "page": "/reports", "to": "above", "contact_consent": false });
    let suggested = Ask::by(&village).json(&suggest);
    let suggested = app.call("POST", "/feedback", suggested).await?;
    let suggestion = format!("/feedback/{}", suggested.text("/feedback/id"));
    let task = json!({ "matter": "M12", "period": "2026", "unit": unit, "due": "2026-12-20" });
    let county = app.sign_in("county").await?;
    let task = app
        .call("POST", "/tasks", Ask::by(&county).json(&task))
        .await?;
    let task = format!("/tasks/{}", task.text("/id"));
    let person = Ask::by(&village).json(&json!({ "values": { "name": "张三" } }));
    let person = app.call("POST", "/ledgers/person/records", person).await?;
    let person = person.text("/record/id").to_owned();
    fill(&app.app.db)?;
    app.app.count_tasks()?;
    let dialect = app.app.db.dialect();
    let mut found = Vec::new();
    let mut count = 0;
    let list = app
        .call(
            "GET",
            "/reports?form=M12&period=2024&limit=1",
            Ask::by(&village),
        )
        .await?;
    let id = list.text("/items/0/id").to_owned();
    let figures = "/metrics/M12.reach_50k/figures?period=2024";
    let read = |login: &'static str, path: &str| (login, "GET", path.to_owned(), Ask::default());
    let township = app.sign_in("township").await?;
    let detail = app
        .call("GET", &format!("/units/{unit}"), Ask::by(&township))
        .await?;
    let parent = detail.text("/unit/parent").to_owned();
    let waiting = format!("/reports?form=M12&unit={parent}&state=submitted&limit=1");
    let waiting = app.call("GET", &waiting, Ask::by(&township)).await?;
    let waiting = waiting.text("/items/0/id").to_owned();
    let requests = vec![
        read("city", "/session"),
        read("city", "/workbench"),
        read("county", "/workbench"),
        read("township", "/workbench"),
        read("village", "/workbench"),
        read("city", "/units?limit=50"),
        read("city", "/units?level=village&limit=50"),
        read("city", "/units?q=王&limit=50"),
        read("city", "/units?q=wj&limit=50"),
        read("city", "/units?q=1309&limit=50"),
        read("city", "/units?total=true"),
        read("city", &format!("/units?parent={parent}")),
        read("county", &format!("/units/{unit}")),
        read("city", "/forms/M12/periods"),
        read("township", "/dues?form=M12&period=2024"),
        read("township", "/dues?form=M12&period=2024&state=submitted"),
        read("village", "/dues?form=M12&period=2024"),
        read("township", "/reports/grid?form=M12&period=2024&limit=200"),
        read(
            "county",
            &format!("/reports/grid?form=M12&period=2024&unit={parent}"),
        ),
        read("township", "/dues?form=M12&period=2026&light=soon"),
        read("county", "/reports?form=M12&period=2024&late=true"),
        read("county", "/extensions?form=M12"),
        read("village", "/extensions?form=M12&state=asked"),
        read("township", &format!("/reports/{waiting}/comparison")),
        read("township", "/phrases"),
        read("city", "/reports?form=M12"),
        read("city", "/reports?form=M12&limit=200&total=true"),
        read("city", "/reports?form=M12&period=2024"),
        read("city", "/reports?form=M12&period=2024&state=checked"),
        read("county", "/reports?form=M12&period=2024&state=checked"),
        read("county", "/reports?form=M12"),
        read("township", "/reports?form=M12&period=2024&state=submitted"),
        read(
            "county",
            &format!("/reports?form=M12&unit={parent}&total=true"),
        ),
        read("village", &format!("/reports/{id}")),
        read("village", &format!("/reports/{id}/versions")),
        read("city", figures),
        read("city", "/metrics/M12.reach_50k/course"),
        read("village", "/metrics/M12.reach_50k/course"),
        read("county", figures),
        read("township", figures),
        read("village", figures),
        read("city", "/metrics/M12.reach_50k/targets"),
        read("county", "/metrics/M12.income_total/targets"),
        read("village", "/targets"),
        read(
            "county",
            &format!("/targets/versions?metric=M12.reach_50k&unit={parent}"),
        ),
        (
            "county",
            "POST",
            "/targets".to_owned(),
            Ask::default().json(&json!({ "metric": "M12.income_total", "reason": "分解",
                "rule": { "kind": "equal", "unit": parent, "value": 9, "by": "2026-12-31" } })),
        ),
        read("city", "/overview?period=2024"),
        read("county", "/overview?period=2024"),
        read(
            "city",
            "/statistics?metrics=M12.reach_50k,M08.land_transferred&periods=2021..2025",
        ),
        read(
            "county",
            "/statistics?metrics=M12.reach_50k&periods=2025&level=village",
        ),
        read("city", "/tasks"),
        read("city", "/tasks?project=P3&limit=50"),
        read("city", "/tasks?matter=M12&period=2026&state=closed"),
        read("city", "/tasks?light=overdue"),
        read("county", "/tasks?project=P3"),
        read(
            "county",
            &format!("/tasks?unit={parent}&light=soon&total=true"),
        ),
        read("township", "/tasks?queue=to_review"),
        read("township", "/tasks?queue=to_decide"),
        read("village", "/tasks?queue=to_do"),
        read("village", &task),
        read("village", &format!("{task}/entries")),
        read("village", &format!("{task}/requests")),
        read("city", "/tasks/tree?matter=M12&period=2024"),
        read("township", "/tasks/tree?matter=M12&period=2024"),
        read("city", "/tasks/progress?year=2024"),
        read("village", "/tasks/progress"),
        (
            "village",
            "POST",
            format!("{task}/actions"),
            Ask::default()
                .header("If-Match", "\"1\"")
                .header("Idempotency-Key", "accept")
                .json(&json!({ "action": "accept" })),
        ),
        read("admin", "/users"),
        read("admin", "/users?q=admin"),
        read("admin", "/users/village"),
        read("admin", &format!("/users?unit={parent}")),
        read("admin", &format!("/users?unit={unit}&below=false")),
        read("admin", "/departments"),
        read("admin", &format!("/departments?serves={unit}&q=委")),
        read("village", "/views?page=statistics"),
        read("village", "/views?page=ledger&ledger=person"),
        read("city", "/ledgers"),
        read("village", "/ledgers"),
        read("city", "/ledgers/person/records"),
        read("city", "/ledgers/person/records?sort=title&deleted=true"),
        read("city", "/ledgers/person/records?q=x1&sort=title"),
        read("city", "/ledgers/post_holder/records?filter=post:director"),
        read("county", "/ledgers/person/records?sort=title"),
        read("county", "/ledgers/person/records?total=true"),
        read("county", "/ledgers/person/records?filter=sex:male&total=true"),
        read("city", "/ledgers/person/records?filter=sex:male&total=true"),
        read("city", "/ledgers/person/records?q=x1&total=true"),
        read("county", "/ledgers/training/records?filter=begins:2026-01-01..&total=true"),
        read("township", "/ledgers/person/records?filter=sex:male"),
        read("village", "/ledgers/person/records?total=true"),
        read(
            "township",
            &format!("/ledgers/person/records?unit={unit}&sort=title"),
        ),
        read(
            "village",
            &format!("/ledgers/post_holder/records?filter=person:{person}"),
        ),
        read("village", &format!("/ledgers/person/records/{person}")),
        read(
            "village",
            &format!("/ledgers/person/records/{person}/versions"),
        ),
        (
            "village",
            "POST",
            "/ledgers/post_holder/records".to_owned(),
            Ask::default().json(&json!({ "values": { "person": person, "post": "secretary", "since": "2024-01-01" } })),
        ),
        (
            "village",
            "PUT",
            format!("/ledgers/person/records/{person}"),
            Ask::default()
                .header("If-Match", "\"1\"")
                .json(&json!({ "values": { "name": "张三丰", "id_number": "11010519491231002X" } })),
        ),
        read("city", "/unit-tags?tag=重点村"),
        read("city", "/tags"),
        read("city", "/overview/changes"),
        read("township", "/overview/changes"),
        read("village", "/metrics/M02.trained/records?period=2024"),
        read(
            "county",
            &format!("/metrics/M02.trained/records?period=2024&side=denominator&unit={unit}"),
        ),
        read("city", "/metrics/M12.reach_50k/explanation?period=2024"),
        read("village", "/metrics/M12.reach_50k/explanation?period=2024"),
        read("village", "/feedback"),
        read("township", "/feedback?box=received"),
        read("township", "/feedback/summary"),
        read("county", "/feedback/summary"),
        read("admin", &format!("/unit-changes?unit={unit}")),
        read("admin", &format!("/unit-changes/{change}")),
        read("village", &format!("/units/{unit}/placements")),
        read("admin", "/events?after=5000"),
        read("auditor", "/audit"),
        read(
            "auditor",
            "/audit?kind=change&account=village&from=1970-01-01T00:00:00Z",
        ),
        read("auditor", "/audit?outcome=forbidden&limit=200"),
        read("auditor", &format!("/audit?unit={parent}")),
        read("auditor", "/audit/export?account=village"),
        read("village", &suggestion),
        (
            "village",
            "POST",
            "/feedback".to_owned(),
            Ask::default().json(&suggest),
        ),
        (
            "township",
            "POST",
            format!("{suggestion}/actions"),
            Ask::default()
                .header("If-Match", "\"1\"")
                .json(&json!({ "action": "accept", "text": "已转办" })),
        ),
        (
            "admin",
            "POST",
            format!("/unit-changes/{change}/withdraw"),
            Ask::default().json(&json!({ "reason": "另行报批" })),
        ),
        (
            "admin",
            "POST",
            "/unit-changes?dry_run=true".to_owned(),
            rename("2027-04-01"),
        ),
        (
            "admin",
            "POST",
            "/unit-changes?dry_run=false".to_owned(),
            rename("2027-05-01"),
        ),
        (
            "admin",
            "POST",
            "/users/generate".to_owned(),
            Ask::default().json(
                &json!({ "unit": parent, "level": "village", "role": "filler", "scope": "unit",
                "login": "v{code}", "name": "{unit}填报员" }),
            ),
        ),
        (
            "admin",
            "POST",
            "/users/passwords".to_owned(),
            Ask::default().json(&json!({ "logins": ["village2"] })),
        ),
        (
            "township",
            "POST",
            format!("/reports/{waiting}/actions"),
            Ask::default()
                .header("If-Match", "\"1\"")
                .header("Idempotency-Key", "plan")
                .json(&json!({ "action": "check" })),
        ),
        (
            "township",
            "POST",
            "/reports/bulk-save".to_owned(),
            Ask::default().json(
                &json!({ "form": "M12", "period": "2026", "submit": true, "rows": [
                { "unit": unit, "revision": 1, "values": values(1) }
            ] }),
            ),
        ),
        (
            "township",
            "POST",
            "/reports/bulk-act".to_owned(),
            Ask::default().json(
                &json!({ "action": "return", "reason": "请核对", "reports": [
                { "id": waiting, "revision": 2 }
            ] }),
            ),
        ),
    ];
    for (login, method, path, ask) in requests {
        let token = app.sign_in(login).await?;
        app.app.db.record_plans();
        let answer = app.call(method, &path, ask.signed(&token)).await?;
        let plans = app.app.db.recorded_plans();
        assert!(answer.status < 300, "{path}: {}", answer.body);
        assert!(!plans.is_empty(), "{path} runs no statement");
        count += plans.len();
        for plan in plans {
            for step in walks(dialect, &plan) {
                // Who sees the whole tree, or counts what a county has, may read the whole tree; it grows with the country, not
                // with time.
                let whole = matches!(login, "city" | "admin")
                    || login == "county" && plan.statement.starts_with("SELECT count(*)");
                if whole && (step.contains("unit_placement") || step.starts_with("SCAN p ")) {
                    continue;
                }
                found.push(format!("{login} {path}: {step}\n    {}", plan.statement));
            }
        }
    }
    app.app.db.record_plans();
    app.settle()?;
    for plan in app.app.db.recorded_plans() {
        count += 1;
        for step in walks(dialect, &plan) {
            // Records are counted along the whole tree where the tree has changed: it grows with the country, not with time.
            if plan.statement.contains("ledger_tally") && step.contains("unit_placement") {
                continue;
            }
            found.push(format!("jobs: {step}\n    {}", plan.statement));
        }
    }
    println!("{count} plans read");
    assert!(found.is_empty(), "{}", found.join("\n"));
    every_way_finds_the_same(&app).await
}

/// Whatever way a list goes, it finds the same: a county's records by its shard, by what is rare and along the whole ledger are
/// as many as those of its townships by their units, and the city's list of the county is the county's own.
async fn every_way_finds_the_same(app: &TestApp) -> Result<(), Fault> {
    let (county, city) = (app.sign_in("county").await?, app.sign_in("city").await?);
    let unit = own_unit(app, &county).await?;
    let townships = codes_below(app, &county, &unit).await?;
    for asked in [
        "",
        "filter=sex:male",
        "filter=birth:0001-01-01..0003-01-01",
        "filter=sex:male,birth:0001-01-01..0030-01-01&sort=title",
        "q=x&sort=title",
        "q=x12",
    ] {
        let (own, total) = pages(app, &county, asked).await?;
        let (above, same) = pages(app, &city, &format!("unit={unit}&{asked}")).await?;
        assert_eq!(own, above, "{asked}: the same in the same order");
        assert_eq!((total, total), (same, i64::try_from(own.len())?), "{asked}");
        let mut by_units = 0;
        for township in &townships {
            let path =
                format!("/ledgers/person/records?limit=1&total=true&unit={township}&{asked}");
            let part = app.call("GET", &path, Ask::by(&county)).await?;
            by_units += part.at("/total").as_i64().ok_or("no total")?;
        }
        assert_eq!(total, by_units, "{asked}");
    }
    Ok(())
}

/// A list of people to its end, with the total that it says first.
async fn pages(app: &TestApp, token: &str, asked: &str) -> Result<(Vec<String>, i64), Fault> {
    let (mut seen, mut total, mut cursor) = (Vec::new(), None, String::new());
    loop {
        let path = format!("/ledgers/person/records?limit=200&total=true&{asked}{cursor}");
        let page = app.call("GET", &path, Ask::by(token)).await?;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        total = total.or(page.at("/total").as_i64());
        let items = page.at("/items").as_array().into_iter().flatten();
        seen.extend(items.filter_map(|item| Some(item.get("id")?.as_str()?.to_owned())));
        match page.at("/next_cursor").as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok((seen, total.ok_or("no total")?)),
        }
    }
}

/// PostgreSQL keeps the plan of a whole list, and none of a list that something narrows: kept for whatever values, it would take
/// every range for a narrow one.
#[actix_web::test]
async fn a_narrowed_list_is_planned_for_its_values() -> Result<(), Fault> {
    let app = TestApp::start().await?;
    if app.app.db.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let system = Scope::bypass_for_system_work();
    let mut filter = RecordFilter::latest("person", 50);
    // Nothing can be divided by nought: so the database says whether it keeps none.
    let kept = |conn: &mut Conn, like: &str| {
        conn.run_outside(&format!(
            "SELECT 1 / count(*) FROM pg_prepared_statements WHERE statement LIKE '{like}'"
        ))
        .is_ok()
    };
    app.app.db.read(|conn| {
        record_list::list(conn, &system, &filter, app.app.clock.today())?;
        assert!(kept(conn, "%FROM ledger_record r JOIN%"), "the whole list");
        filter.begins = Some("x");
        record_list::list(conn, &system, &filter, app.app.clock.today())?;
        record_list::count(conn, &system, &filter, app.app.clock.today())?;
        assert!(!kept(conn, "%r.spelling >=%"), "a narrowed list");
        Ok::<(), StorageError>(())
    })?;
    Ok(())
}

#[test]
fn a_walk_is_recognised() {
    let plan = |statement: &str, steps: &[&str]| Plan {
        statement: statement.to_owned(),
        steps: steps.iter().map(|step| (*step).to_owned()).collect(),
    };
    let bad = plan("SELECT x FROM report r WHERE r.headline = ?", &["SCAN r"]);
    assert_eq!(sqlite_walks(&bad), ["SCAN r"]);
    let good = plan(
        "SELECT x FROM report r WHERE r.id = ?",
        &["SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"],
    );
    assert!(sqlite_walks(&good).is_empty());
    let bad = plan(
        "",
        &[
            "Limit  (cost=0..1)",
            "  ->  Seq Scan on report r  (cost=0..1)",
        ],
    );
    assert_eq!(postgres_walks(&bad).len(), 1);
    let bad = plan(
        "",
        &[
            "Index Scan using report_pkey on report r  (cost=0..1)",
            "  Filter: (a = 1)",
        ],
    );
    assert_eq!(postgres_walks(&bad).len(), 1);
    let good = plan(
        "",
        &[
            "Index Scan using report_pkey on report r  (cost=0..1)",
            "  Index Cond: (a = 1)",
        ],
    );
    assert!(postgres_walks(&good).is_empty());
}
