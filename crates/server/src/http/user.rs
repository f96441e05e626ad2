//! `users` and `departments`.

use super::extract::{Signed, json, page_ask};
use super::report::PageQuery;
use super::{Handled, block};
use crate::app::App;
use actix_web::{get, web};
use zhenxing_api_types::Page;
use zhenxing_api_types::user::{Department, User};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(list_users).service(list_departments);
}

/// Accounts that the asker administers, by name.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(PageQuery), responses((status = 200, description = "A page of accounts", body = Page<User>)))]
#[get("/users")]
pub async fn list_users(app: web::Data<App>, who: Signed, query: web::Query<PageQuery>) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    json(&block(app, move |app| app.list_users(&who.0, &page)).await?)
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
