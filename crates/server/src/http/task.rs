//! `tasks` and `hand-downs`.

use super::extract::{
    Asker, Body, Signed, answered, json, json_for, page_ask, revision, sent, tagged, work_for,
};
use super::{Handled, block};
use crate::app::App;
use crate::app::task::TaskAsk;
use actix_web::{HttpRequest, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::report::Light;
use zhenxing_api_types::task::{
    ActOnTask, AskAboutTask, BulkActOnTasks, CreateHandDown, CreateNote, CreateTask,
    DecideTaskRequest, HandDown, Task, TaskBulkResult, TaskEntry, TaskProgress, TaskQueue,
    TaskRequest, TaskState, TaskTree,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_tasks)
        .service(create_task)
        .service(bulk_act_on_tasks)
        .service(get_task_tree)
        .service(get_task_progress)
        .service(create_hand_down)
        .service(get_task)
        .service(act_on_task)
        .service(list_task_entries)
        .service(create_task_note)
        .service(list_task_requests)
        .service(ask_about_task)
        .service(decide_task_request);
}

/// What a list of tasks is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// The project's code.
    project: Option<String>,
    /// The matter's code.
    matter: Option<String>,
    /// The period.
    period: Option<String>,
    /// The code of the unit at or below which they stand.
    unit: Option<String>,
    /// Where they stand.
    state: Option<TaskState>,
    /// The light: `soon` or `overdue`; `normal` leaves out nothing.
    light: Option<Light>,
    /// What waits for the one who asks.
    queue: Option<TaskQueue>,
    /// The number of the act that handed them down.
    hand_down: Option<String>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
    /// Whether the total is wanted.
    total: Option<bool>,
}

/// Tasks (任务) that the asker may see, by due day.
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(TaskQuery), responses((status = 200, description = "A page of tasks", body = Page<Task>)))]
#[get("/tasks")]
pub async fn list_tasks(app: web::Data<App>, who: Asker, query: web::Query<TaskQuery>) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, query.total);
    let ask = TaskAsk {
        project: query.project,
        matter: query.matter,
        period: query.period,
        unit: query.unit,
        state: query.state,
        light: query.light,
        queue: query.queue,
        hand_down: query.hand_down,
    };
    json_for(app, who, move |app, who| app.list_tasks(who, &ask, &page)).await
}

/// Hands a matter to one unit (交办).
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = CreateTask, responses((status = 201, description = "The task", body = Task)))]
#[post("/tasks")]
pub async fn create_task(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    body: Body<CreateTask>,
) -> Handled {
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        app.create_task(who, &sent, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// Does the same to many tasks, each on its own: an answer for each row.
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = BulkActOnTasks, responses((status = 200, description = "What became of each", body = TaskBulkResult)))]
#[post("/tasks/bulk-act")]
pub async fn bulk_act_on_tasks(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    body: Body<BulkActOnTasks>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| {
        app.bulk_act_on_tasks(&who.0, &sent, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// Where a tree of tasks is looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TreeQuery {
    /// The matter's code.
    matter: String,
    /// The period; this year without it.
    period: Option<String>,
    /// The unit's code; one's own without it.
    unit: Option<String>,
}

/// A matter in a period at a unit and directly below it, with how all tasks below each stand.
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(TreeQuery), responses((status = 200, description = "The unit and those directly below it", body = TaskTree)))]
#[get("/tasks/tree")]
pub async fn get_task_tree(
    app: web::Data<App>,
    who: Asker,
    query: web::Query<TreeQuery>,
) -> Handled {
    let query = query.into_inner();
    let tree = work_for(app, who, move |app, who| {
        let (period, unit) = (query.period.as_deref(), query.unit.as_deref());
        app.get_task_tree(who, &query.matter, period, unit)
    });
    json(&tree.await?)
}

/// Of which unit the progress is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProgressQuery {
    /// The unit's code; one's own without it.
    unit: Option<String>,
    /// The year; all without it.
    year: Option<u16>,
}

/// How the tasks at and below a unit stand, by matter and period.
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(ProgressQuery), responses((status = 200, description = "By matter and period", body = TaskProgress)))]
#[get("/tasks/progress")]
pub async fn get_task_progress(
    app: web::Data<App>,
    who: Asker,
    query: web::Query<ProgressQuery>,
) -> Handled {
    let query = query.into_inner();
    let progress = work_for(app, who, move |app, who| {
        app.get_task_progress(who, query.unit.as_deref(), query.year)
    });
    json(&progress.await?)
}

/// Hands a matter down (任务分解) to many units, all of it or nothing; `dry_run` shows whom it reaches and what it weighs
/// on villages.
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = CreateHandDown, responses((status = 200, description = "What it would do", body = HandDown), (status = 201, description = "What it did", body = HandDown)))]
#[post("/hand-downs")]
pub async fn create_hand_down(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    body: Body<CreateHandDown>,
) -> Handled {
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        app.create_hand_down(who, &sent, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// One task.
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(("id" = String, Path, description = "The task's number")), responses((status = 200, description = "The task", body = Task), (status = 304, description = "As the client has it")))]
#[get("/tasks/{id}")]
pub async fn get_task(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    id: web::Path<String>,
) -> Handled {
    let answer = work_for(app, who, move |app, who| app.get_task(who, &id)).await?;
    Ok(tagged(&request, answer))
}

/// Signs for a task (签收), works on it, reports it (反馈), checks it, gives it back (退回重办), closes it (销号), suspends
/// it (暂缓), resumes it, or gives it up (终止).
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(("id" = String, Path, description = "The task's number"), ("If-Match" = String, Header, description = "The ETag that was read"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = ActOnTask, responses((status = 200, description = "The task", body = Task)))]
#[post("/tasks/{id}/actions")]
pub async fn act_on_task(
    app: web::Data<App>,
    who: Asker,
    request: HttpRequest,
    id: web::Path<String>,
    body: Body<ActOnTask>,
) -> Handled {
    let revision = revision(&request)?;
    let sent = sent(&request, &who, &body.bytes)?;
    let answer = work_for(app, who, move |app, who| {
        app.act_on_task(who, &sent, &id, revision, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// A page of a history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EntryQuery {
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// The history of a task with its progress notes, latest first.
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(("id" = String, Path, description = "The task's number"), EntryQuery), responses((status = 200, description = "A page of entries", body = Page<TaskEntry>)))]
#[get("/tasks/{id}/entries")]
pub async fn list_task_entries(
    app: web::Data<App>,
    who: Signed,
    id: web::Path<String>,
    query: web::Query<EntryQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    json(&block(app, move |app| app.list_task_entries(&who.0, &id, &page)).await?)
}

/// Writes a progress note (进展) on a task.
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(("id" = String, Path, description = "The task's number"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = CreateNote, responses((status = 201, description = "The entry", body = TaskEntry)))]
#[post("/tasks/{id}/notes")]
pub async fn create_task_note(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
    body: Body<CreateNote>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| {
        app.create_task_note(&who.0, &sent, &id, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// What was asked about a task, the latest first.
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(("id" = String, Path, description = "The task's number")), responses((status = 200, description = "The requests", body = Page<TaskRequest>)))]
#[get("/tasks/{id}/requests")]
pub async fn list_task_requests(
    app: web::Data<App>,
    who: Signed,
    id: web::Path<String>,
) -> Handled {
    json(&block(app, move |app| app.list_task_requests(&who.0, &id)).await?)
}

/// Asks for more time (延期), before the due day, or for the task to be given to another unit (申请改派).
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(("id" = String, Path, description = "The task's number"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = AskAboutTask, responses((status = 201, description = "The request", body = TaskRequest)))]
#[post("/tasks/{id}/requests")]
pub async fn ask_about_task(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    id: web::Path<String>,
    body: Body<AskAboutTask>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| {
        app.ask_about_task(&who.0, &sent, &id, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// Grants (同意), refuses (不同意) or takes back (撤回) what was asked about a task.
#[utoipa::path(tag = "tasks", context_path = "/api/v1", params(("id" = String, Path, description = "The task's number"), ("request" = String, Path, description = "The request's number"), ("If-Match" = String, Header, description = "The request's revision in quotes"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = DecideTaskRequest, responses((status = 200, description = "The request", body = TaskRequest)))]
#[post("/tasks/{id}/requests/{request}/actions")]
pub async fn decide_task_request(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: Body<DecideTaskRequest>,
) -> Handled {
    let revision = revision(&request)?;
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| {
        let numbers = (path.0.as_str(), path.1.as_str());
        app.decide_task_request(&who.0, &sent, numbers, revision, &body.value)
    })
    .await?;
    Ok(answered(answer))
}
