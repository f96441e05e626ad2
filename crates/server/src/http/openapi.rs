//! The API's own description, and a page to read and try it, served from here.

use super::Handled;
use super::openapi_records::describe;
use crate::app::App;
use actix_web::{HttpResponse, get, web};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};
use utoipa_swagger_ui::{Config, SwaggerUi};
use zhenxing_api_types::Problem;
use zhenxing_domain::package::Package;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Zhenxing API",
        description = "振兴工作台接口。The workspace of a rural revitalisation programme. Errors are RFC 9457 problems with a stable `code`; their texts follow Accept-Language (Chinese unless English comes first). Figures are integers scaled by the metric's decimals: money in fen, shares in basis points.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        super::session::sign_in,
        super::session::refresh_session,
        super::session::sign_out,
        super::session::sign_out_everywhere,
        super::session::get_session,
        super::session::change_password,
        super::session::begin_acting,
        super::unit::list_units,
        super::unit::get_unit,
        super::unit::import_units,
        super::unit_change::list_unit_changes,
        super::unit_change::create_unit_change,
        super::unit_change::get_unit_change,
        super::unit_change::withdraw_unit_change,
        super::unit_change::list_unit_placements,
        super::programme::list_programmes,
        super::map::get_programme_map,
        super::programme::list_projects,
        super::programme::list_matters,
        super::programme::get_matter,
        super::programme::list_metrics,
        super::programme::get_metric,
        super::programme::list_editions,
        super::programme::list_changes,
        super::programme::list_forms,
        super::programme::get_form,
        super::programme::list_periods,
        super::programme::get_period,
        super::programme::set_period,
        super::report::list_dues,
        super::report::list_reports,
        super::report::create_report,
        super::report::get_report,
        super::report::save_report,
        super::report::act_on_report,
        super::report::list_report_versions,
        super::report_bulk::get_grid,
        super::report_bulk::bulk_save_reports,
        super::report_bulk::bulk_act_on_reports,
        super::feedback::list_feedback,
        super::feedback::create_feedback,
        super::feedback::get_feedback_summary,
        super::feedback::get_feedback,
        super::feedback::act_on_feedback,
        super::report_bulk::get_comparison,
        super::extension::list_extensions,
        super::extension::ask_extension,
        super::extension::get_extension,
        super::extension::act_on_extension,
        super::task::list_tasks,
        super::task::create_task,
        super::task::bulk_act_on_tasks,
        super::task::get_task_tree,
        super::task::get_task_progress,
        super::task::create_hand_down,
        super::task::get_task,
        super::task::act_on_task,
        super::task::list_task_entries,
        super::task::create_task_note,
        super::task::list_task_requests,
        super::task::ask_about_task,
        super::task::decide_task_request,
        super::phrase::list_phrases,
        super::phrase::keep_phrase,
        super::phrase::remove_phrase,
        super::figure::get_figures,
        super::figure::get_course,
        super::figure::get_overview,
        super::figure::list_latest_changes,
        super::statistics::get_statistics,
        super::statistics::export_statistics,
        super::explanation::get_explanation,
        super::explanation::export_explanation,
        super::view::list_views,
        super::view::save_view,
        super::view::get_view,
        super::view::replace_view,
        super::view::remove_view,
        super::target::list_targets,
        super::target::get_target_table,
        super::target::set_targets,
        super::target::withdraw_targets,
        super::target::read_target_sheet,
        super::ledger::list_ledgers,
        super::ledger::get_ledger,
        super::ledger::list_records,
        super::ledger::create_record,
        super::ledger::get_record,
        super::ledger::edit_record,
        super::ledger::move_record,
        super::ledger::delete_record,
        super::ledger::restore_record,
        super::ledger::list_record_versions,
        super::ledger::reveal_record_field,
        super::ledger::list_figure_records,
        super::roster::import_roster,
        super::roster::replace_term,
        super::roster::merge_records,
        super::tag::list_tags,
        super::tag::list_unit_tags,
        super::tag::tag_units,
        super::tag::end_unit_tags,
        super::file::add_file,
        super::file::get_file,
        super::file::get_file_content,
        super::target::list_target_versions,
        super::workbench::get_workbench,
        super::user::list_users,
        super::user::get_user,
        super::user::create_user,
        super::user::change_user,
        super::user::act_on_user,
        super::user::reveal_phone,
        super::user::issue_passwords,
        super::user::generate_users,
        super::user::import_users,
        super::department::list_departments,
        super::department::create_department,
        super::department::change_department,
        super::event::list_events,
        super::audit::list_audit,
        super::audit::export_audit,
        super::health::get_health,
    ),
    components(schemas(Problem, crate::app::sheet::FileFormat)),
    security(("access_token" = [])),
    modifiers(&Problems)
)]
struct Document;

/// The statuses with which each operation refuses.
const REFUSALS: &[(&str, &[u16])] = &[
    ("sign_in", &[400, 401, 413, 422, 429]),
    ("refresh_session", &[400, 401, 413, 429]),
    ("sign_out", &[401, 429]),
    ("sign_out_everywhere", &[401, 429]),
    ("get_session", &[401, 403, 429]),
    ("begin_acting", &[400, 401, 403, 404, 413, 422, 429]),
    ("change_password", &[400, 401, 403, 413, 422, 429]),
    ("list_units", &[400, 401, 403, 404, 429]),
    ("get_unit", &[400, 401, 403, 404, 429]),
    ("import_units", &[400, 401, 403, 413, 422, 429]),
    ("list_unit_changes", &[400, 401, 403, 404, 429]),
    (
        "create_unit_change",
        &[400, 401, 403, 404, 409, 413, 422, 429],
    ),
    ("get_unit_change", &[401, 403, 404, 429]),
    (
        "withdraw_unit_change",
        &[400, 401, 403, 404, 409, 413, 422, 429],
    ),
    ("list_unit_placements", &[401, 403, 404, 429]),
    ("list_programmes", &[401, 403, 429]),
    ("get_programme_map", &[401, 403, 404, 429]),
    ("list_projects", &[401, 403, 429]),
    ("list_matters", &[400, 401, 403, 404, 429]),
    ("get_matter", &[401, 403, 404, 429]),
    ("list_metrics", &[400, 401, 403, 404, 429]),
    ("get_metric", &[401, 403, 404, 429]),
    ("list_editions", &[401, 403, 404, 429]),
    ("list_changes", &[401, 403, 404, 429]),
    ("list_forms", &[400, 401, 403, 429]),
    ("get_form", &[400, 401, 403, 404, 429]),
    ("list_periods", &[401, 403, 404, 429]),
    ("get_period", &[400, 401, 403, 404, 429]),
    ("set_period", &[400, 401, 403, 404, 412, 413, 428, 429]),
    ("list_dues", &[400, 401, 403, 404, 429]),
    ("list_reports", &[400, 401, 403, 404, 429]),
    ("create_report", &[400, 401, 403, 404, 409, 413, 422, 429]),
    ("get_report", &[401, 403, 404, 429]),
    (
        "save_report",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    (
        "act_on_report",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    ("list_report_versions", &[400, 401, 403, 404, 429]),
    ("get_comparison", &[401, 403, 404, 429]),
    ("list_extensions", &[400, 401, 403, 404, 429]),
    ("ask_extension", &[400, 401, 403, 404, 409, 413, 422, 429]),
    ("get_extension", &[401, 403, 404, 429]),
    (
        "act_on_extension",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    ("list_tasks", &[400, 401, 403, 404, 429]),
    ("create_task", &[400, 401, 403, 404, 409, 413, 422, 429]),
    ("bulk_act_on_tasks", &[400, 401, 403, 413, 422, 429]),
    ("get_task_tree", &[400, 401, 403, 404, 429]),
    ("get_task_progress", &[400, 401, 403, 404, 429]),
    (
        "create_hand_down",
        &[400, 401, 403, 404, 409, 413, 422, 429],
    ),
    ("get_task", &[401, 403, 404, 429]),
    (
        "act_on_task",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    ("list_task_entries", &[400, 401, 403, 404, 429]),
    ("create_task_note", &[400, 401, 403, 404, 413, 422, 429]),
    ("list_task_requests", &[401, 403, 404, 429]),
    ("ask_about_task", &[400, 401, 403, 404, 409, 413, 422, 429]),
    (
        "decide_task_request",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    ("list_phrases", &[401, 403, 429]),
    ("keep_phrase", &[400, 401, 403, 409, 413, 422, 429]),
    ("remove_phrase", &[401, 403, 404, 429]),
    ("get_grid", &[400, 401, 403, 404, 429]),
    (
        "bulk_save_reports",
        &[400, 401, 403, 404, 409, 413, 422, 429],
    ),
    (
        "bulk_act_on_reports",
        &[400, 401, 403, 404, 409, 413, 422, 429],
    ),
    ("list_feedback", &[400, 401, 403, 429]),
    ("create_feedback", &[400, 401, 403, 413, 422, 429]),
    ("get_feedback_summary", &[400, 401, 403, 429]),
    ("get_feedback", &[401, 403, 404, 429]),
    (
        "act_on_feedback",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    ("get_figures", &[400, 401, 403, 404, 429]),
    ("get_course", &[400, 401, 403, 404, 429]),
    ("get_overview", &[400, 401, 403, 404, 429]),
    ("list_latest_changes", &[400, 401, 403, 404, 429]),
    ("get_statistics", &[400, 401, 403, 404, 429]),
    ("export_statistics", &[400, 401, 403, 404, 429]),
    ("get_explanation", &[400, 401, 403, 404, 429]),
    ("export_explanation", &[400, 401, 403, 404, 429]),
    ("list_ledgers", &[401, 403, 429]),
    ("get_ledger", &[401, 403, 404, 429]),
    ("list_records", &[400, 401, 403, 404, 429]),
    ("create_record", &[400, 401, 403, 404, 409, 413, 422, 429]),
    ("get_record", &[401, 403, 404, 429]),
    (
        "edit_record",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    (
        "move_record",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    (
        "delete_record",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    (
        "restore_record",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    ("list_record_versions", &[400, 401, 403, 404, 429]),
    ("reveal_record_field", &[400, 401, 403, 404, 413, 422, 429]),
    ("list_figure_records", &[400, 401, 403, 404, 422, 429]),
    ("import_roster", &[400, 401, 403, 404, 413, 422, 429]),
    ("replace_term", &[400, 401, 403, 404, 413, 422, 429]),
    (
        "merge_records",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    ("list_tags", &[401, 403, 429]),
    ("list_unit_tags", &[400, 401, 403, 404, 429]),
    ("tag_units", &[400, 401, 403, 404, 413, 422, 429]),
    ("end_unit_tags", &[400, 401, 403, 404, 413, 422, 429]),
    ("add_file", &[400, 401, 403, 413, 422, 429]),
    ("get_file", &[401, 403, 404, 429]),
    ("get_file_content", &[401, 403, 404, 429]),
    ("list_views", &[400, 401, 403, 404, 429]),
    ("save_view", &[400, 401, 403, 404, 409, 413, 422, 429]),
    ("get_view", &[401, 403, 404, 429]),
    (
        "replace_view",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    ("remove_view", &[401, 403, 404, 429]),
    ("list_targets", &[400, 401, 403, 404, 429]),
    ("get_target_table", &[400, 401, 403, 404, 429]),
    ("set_targets", &[400, 401, 403, 404, 413, 422, 429]),
    ("withdraw_targets", &[400, 401, 403, 404, 413, 422, 429]),
    ("read_target_sheet", &[400, 401, 403, 404, 413, 422, 429]),
    ("list_target_versions", &[400, 401, 403, 404, 429]),
    ("get_workbench", &[401, 403, 429]),
    ("list_users", &[400, 401, 403, 404, 429]),
    ("get_user", &[401, 403, 404, 429]),
    ("create_user", &[400, 401, 403, 404, 409, 413, 422, 429]),
    (
        "change_user",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    (
        "act_on_user",
        &[400, 401, 403, 404, 409, 412, 413, 422, 428, 429],
    ),
    ("reveal_phone", &[400, 401, 403, 404, 413, 422, 429]),
    ("generate_users", &[400, 401, 403, 404, 413, 422, 429]),
    ("import_users", &[400, 401, 403, 413, 422, 429]),
    ("issue_passwords", &[400, 401, 403, 404, 413, 422, 429]),
    ("list_departments", &[400, 401, 403, 404, 429]),
    (
        "create_department",
        &[400, 401, 403, 404, 409, 413, 422, 429],
    ),
    (
        "change_department",
        &[400, 401, 403, 404, 412, 413, 422, 428, 429],
    ),
    ("list_events", &[400, 401, 403, 429]),
    ("list_audit", &[400, 401, 403, 404, 429]),
    ("export_audit", &[400, 401, 403, 404, 429]),
    ("get_health", &[429]),
];

struct Problems;

impl Modify for Problems {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        if let Some(components) = document.components.as_mut() {
            let scheme = HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .bearer_format("JWT")
                .build();
            components.add_security_scheme("access_token", SecurityScheme::Http(scheme));
        }
        for item in document.paths.paths.values_mut() {
            let operations = [
                &mut item.get,
                &mut item.put,
                &mut item.post,
                &mut item.delete,
            ];
            for operation in operations.into_iter().flatten() {
                let name = operation.operation_id.clone().unwrap_or_default();
                let found = REFUSALS.iter().find(|(operation, _)| *operation == name);
                for status in found.map_or(&[][..], |(_, statuses)| statuses) {
                    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
                    let response = ResponseBuilder::new()
                        .description(meaning(*status))
                        .content("application/problem+json", content)
                        .build();
                    operation
                        .responses
                        .responses
                        .insert(status.to_string(), RefOr::T(response));
                }
            }
        }
    }
}

fn meaning(status: u16) -> &'static str {
    match status {
        400 => "The request is malformed; `field` names what is at fault",
        401 => "Nobody is signed in, or the session or token has ended",
        403 => "No grant allows it",
        404 => "It does not exist, or may not be seen",
        409 => "The state of things does not allow it",
        412 => "Somebody else changed it since it was read",
        413 => "The body is too large",
        422 => "A field, a rule of the form, a line of the file or a reused key stands against it",
        428 => "If-Match is missing",
        _ => "Too many requests; Retry-After says when to try again",
    }
}

/// The document as text: what every package has, and the records of this one's ledgers.
pub fn text(package: &Package) -> String {
    let mut document = serde_json::to_value(Document::openapi()).unwrap_or_default();
    describe(&mut document, package);
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(get_document)
        .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/api/v1/openapi.json")));
}

#[get("/openapi.json")]
async fn get_document(app: web::Data<App>) -> Handled {
    let text = app.description.get_or_init(|| text(&app.package));
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .body(text.clone()))
}
