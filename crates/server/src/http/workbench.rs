//! `workbench`.

use super::extract::{Signed, json};
use super::{Handled, block};
use crate::app::App;
use actix_web::{get, web};
use zhenxing_api_types::workbench::Workbench;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(get_workbench);
}

/// What waits for me (工作台), and my unit's figures.
#[utoipa::path(tag = "workbench", context_path = "/api/v1", responses((status = 200, description = "The workbench", body = Workbench)))]
#[get("/workbench")]
pub async fn get_workbench(app: web::Data<App>, who: Signed) -> Handled {
    json(&block(app, move |app| app.get_workbench(&who.0)).await?)
}
