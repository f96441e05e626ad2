//! `workbench`.

use super::Handled;
use super::extract::{Asker, json_for};
use crate::app::App;
use actix_web::{get, web};
use zhenxing_api_types::workbench::Workbench;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(get_workbench);
}

/// What waits for me (工作台), and my unit's figures.
#[utoipa::path(tag = "workbench", context_path = "/api/v1", responses((status = 200, description = "The workbench", body = Workbench)))]
#[get("/workbench")]
pub async fn get_workbench(app: web::Data<App>, who: Asker) -> Handled {
    json_for(app, who, move |app, who| app.get_workbench(who)).await
}
