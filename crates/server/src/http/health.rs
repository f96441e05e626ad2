//! `health`.

use super::extract::json;
use super::{Handled, block};
use crate::app::App;
use actix_web::{get, web};
use zhenxing_api_types::health::Health;
use zhenxing_storage::figure;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(get_health);
}

/// Whether the server can work; asks the database.
#[utoipa::path(tag = "health", context_path = "/api/v1", security(()), responses((status = 200, description = "It works", body = Health)))]
#[get("/health")]
pub async fn get_health(app: web::Data<App>) -> Handled {
    let database = app.db.dialect().as_str().to_owned();
    block(app, |app| {
        app.db.read(figure::oldest_queued)?;
        Ok(())
    })
    .await?;
    json(&Health {
        status: "ok".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        database,
    })
}
