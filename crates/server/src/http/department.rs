//! `departments`.

use super::extract::{Body, Signed, answered, json, page_ask, revision, sent};
use super::report::PageQuery;
use super::{Handled, block};
use crate::app::App;
use actix_web::{HttpRequest, get, post, put, web};
use zhenxing_api_types::Page;
use zhenxing_api_types::user::{ChangeDepartment, CreateDepartment, Department};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_departments)
        .service(create_department)
        .service(change_department);
}

/// Departments (部门) that the asker administers.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(PageQuery), responses((status = 200, description = "A page of departments", body = Page<Department>)))]
#[get("/departments")]
pub async fn list_departments(
    app: web::Data<App>,
    who: Signed,
    query: web::Query<PageQuery>,
) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    json(&block(app, move |app| app.list_departments(&who.0, &page)).await?)
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
