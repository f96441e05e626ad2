//! The map of a programme.

use super::extract::{Signed, tagged};
use super::{Handled, block};
use crate::app::App;
use actix_web::{HttpRequest, get, web};
use zhenxing_api_types::map::ProgrammeMap;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(get_programme_map);
}

/// The borders of the units under the programme's city.
#[utoipa::path(tag = "programme", context_path = "/api/v1", params(("code" = String, Path, description = "The programme's code")), responses((status = 200, description = "The map", body = ProgrammeMap), (status = 304, description = "As the client has it")))]
#[get("/programmes/{code}/map")]
pub async fn get_programme_map(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    code: web::Path<String>,
) -> Handled {
    let answer = block(app, move |app| app.get_programme_map(&who.0, &code)).await?;
    Ok(tagged(&request, answer))
}
