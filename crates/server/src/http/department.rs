//! `departments`.

use super::extract::{Body, Signed, answered, json, page_ask, revision, sent};
use super::{Handled, block};
use crate::app::App;
use crate::app::department::DepartmentAsk;
use actix_web::{HttpRequest, get, post, put, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::user::{ChangeDepartment, CreateDepartment, Department};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_departments)
        .service(create_department)
        .service(change_department);
}

/// What a list of departments is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DepartmentQuery {
    /// Part of the name.
    q: Option<String>,
    /// The code of the unit at or below which they stand.
    unit: Option<String>,
    /// The code of a unit: those to which grants of its accounts can be bound, its own and those of the units above it;
    /// where several have one code, the nearest.
    serves: Option<String>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// Departments (部门) that the asker administers.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(DepartmentQuery), responses((status = 200, description = "A page of departments", body = Page<Department>)))]
#[get("/departments")]
pub async fn list_departments(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<DepartmentQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    let ask = DepartmentAsk {
        q: query.q,
        unit: query.unit,
        serves: query.serves,
    };
    json(&block(app, move |app| app.list_departments(&who.0, &ask, &page)).await?)
}

/// Makes a department of a unit.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = CreateDepartment, responses((status = 201, description = "The department", body = Department)))]
#[post("/departments")]
pub async fn create_department(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    body: Body<CreateDepartment>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| {
        app.create_department(&who.0, &sent, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// Changes a department's name and matters, or sets its last day.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(("code" = String, Path, description = "The unit's division code"), ("department" = String, Path, description = "The department's code"), ("If-Match" = String, Header, description = "The revision that was read, as an ETag")), request_body = ChangeDepartment, responses((status = 200, description = "The department", body = Department)))]
#[put("/units/{code}/departments/{department}")]
pub async fn change_department(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: Body<ChangeDepartment>,
) -> Handled {
    let revision = revision(&request)?;
    let (unit, code) = path.into_inner();
    let answer = block(app, move |app| {
        app.change_department(&who.0, (&unit, &code), revision, &body.value)
    })
    .await?;
    Ok(answered(answer))
}
