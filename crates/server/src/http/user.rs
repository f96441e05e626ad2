//! `users`: accounts administered by the level above.

use super::extract::{Body, Raw, Signed, answered, json, page_ask, revision, sent, tagged};
use super::unit::ImportQuery;
use super::{Handled, block};
use crate::app::App;
use crate::app::user::UserAsk;
use actix_web::{HttpRequest, get, post, put, web};
use serde::Deserialize;
use utoipa::IntoParams;
use zhenxing_api_types::Page;
use zhenxing_api_types::user::{
    ActOnUser, ChangeUser, CreateUser, GenerateUsers, IssuePasswords, IssuedPasswords, RevealPhone,
    RevealedPhone, User, UserDetail, UsersMade,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(list_users)
        .service(create_user)
        .service(issue_passwords)
        .service(generate_users)
        .service(
            web::resource("/users/import")
                .app_data(web::PayloadConfig::new(16 << 20))
                .route(web::post().to(import_users)),
        )
        .service(get_user)
        .service(change_user)
        .service(act_on_user)
        .service(reveal_phone);
}

/// What a list of accounts is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserQuery {
    /// Part of the name or of the name to sign in with.
    q: Option<String>,
    /// The code of the unit at or below which they stand.
    unit: Option<String>,
    /// Whether those of the units below are listed too; they are without it.
    below: Option<bool>,
    /// Whether they may sign in.
    active: Option<bool>,
    /// How many rows, 1 to 200; 50 without it.
    limit: Option<i64>,
    /// Where to go on.
    cursor: Option<String>,
}

/// Accounts that the asker administers, by name.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(UserQuery), responses((status = 200, description = "A page of accounts", body = Page<User>)))]
#[get("/users")]
pub async fn list_users(app: web::Data<App>, who: Signed, query: web::Query<UserQuery>) -> Handled {
    let query = query.into_inner();
    let page = page_ask(query.limit, query.cursor, None);
    let ask = UserAsk {
        q: query.q,
        unit: query.unit,
        below: query.below,
        active: query.active,
    };
    json(&block(app, move |app| app.list_users(&who.0, &ask, &page)).await?)
}

/// One account with its leave and transfer, and what the asker may do with it.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(("login" = String, Path, description = "The name to sign in with")), responses((status = 200, description = "The account", body = UserDetail), (status = 304, description = "As the client has it")))]
#[get("/users/{login}")]
pub async fn get_user(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    login: web::Path<String>,
) -> Handled {
    let answer = block(app, move |app| app.get_user(&who.0, &login)).await?;
    Ok(tagged(&request, answer))
}

/// Makes an account without a password: `POST /users/passwords` gives it a one-time password. Nobody gives what he does
/// not administer: units and matters of the grants lie within the asker's own grant as administrator.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = CreateUser, responses((status = 201, description = "The account", body = UserDetail)))]
#[post("/users")]
pub async fn create_user(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    body: Body<CreateUser>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| app.create_user(&who.0, &sent, &body.value)).await?;
    Ok(answered(answer))
}

/// Changes an account's names, phone and grants.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(("login" = String, Path, description = "The name to sign in with"), ("If-Match" = String, Header, description = "The ETag that was read")), request_body = ChangeUser, responses((status = 200, description = "The account", body = UserDetail)))]
#[put("/users/{login}")]
pub async fn change_user(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    login: web::Path<String>,
    body: Body<ChangeUser>,
) -> Handled {
    let revision = revision(&request)?;
    let answer = block(app, move |app| {
        app.change_user(&who.0, &login, revision, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// Switches an account off (停用) or on (启用), transfers it (调动), begins (离岗) or ends (返岗) its leave.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(("login" = String, Path, description = "The name to sign in with"), ("If-Match" = String, Header, description = "The ETag that was read"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = ActOnUser, responses((status = 200, description = "The account", body = UserDetail)))]
#[post("/users/{login}/actions")]
pub async fn act_on_user(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    login: web::Path<String>,
    body: Body<ActOnUser>,
) -> Handled {
    let revision = revision(&request)?;
    let sent = sent(&request, &who.0, &body.bytes)?;
    let answer = block(app, move |app| {
        app.act_on_user(&who.0, &sent, &login, revision, &body.value)
    })
    .await?;
    Ok(answered(answer))
}

/// Shows an account's phone in full, for a minute; elsewhere its middle four digits are hidden. Why it was wanted stands
/// in the audit trail.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(("login" = String, Path, description = "The name to sign in with")), request_body = RevealPhone, responses((status = 200, description = "The phone", body = RevealedPhone)))]
#[post("/users/{login}/reveal")]
pub async fn reveal_phone(
    app: web::Data<App>,
    who: Signed,
    login: web::Path<String>,
    body: Body<RevealPhone>,
) -> Handled {
    json(
        &block(app, move |app| {
            app.reveal_phone(&who.0, &login, &body.value)
        })
        .await?,
    )
}

/// Gives accounts new one-time passwords (一次性密码) and ends their sessions and locks. The passwords are in this answer
/// and nowhere else, so it is not kept for a repeat: asked again, others are given and these end.
#[utoipa::path(tag = "users", context_path = "/api/v1", request_body = IssuePasswords, responses((status = 200, description = "The passwords", body = IssuedPasswords)))]
#[post("/users/passwords")]
pub async fn issue_passwords(
    app: web::Data<App>,
    who: Signed,
    body: Body<IssuePasswords>,
) -> Handled {
    json(&block(app, move |app| app.issue_passwords(&who.0, &body.value)).await?)
}

/// Makes one account for every unit of a level at or below a unit; units that have one under that name are left as they
/// are.
#[utoipa::path(tag = "users", context_path = "/api/v1", params(ImportQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat have one effect")), request_body = GenerateUsers, responses((status = 200, description = "What was done", body = UsersMade)))]
#[post("/users/generate")]
pub async fn generate_users(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    query: web::Query<ImportQuery>,
    body: Body<GenerateUsers>,
) -> Handled {
    let sent = sent(&request, &who.0, &body.bytes)?;
    let dry_run = query.dry_run();
    let answer = block(app, move |app| {
        app.generate_users(&who.0, &sent, &body.value, dry_run)
    })
    .await?;
    Ok(answered(answer))
}

/// Makes accounts from a sheet (CSV in UTF-8 with 单位编码,用户名,姓名,角色,数据范围,电话,实事): all of them or none.
#[utoipa::path(post, path = "/users/import", tag = "users", context_path = "/api/v1", params(ImportQuery), request_body(content = String, content_type = "text/csv"), responses((status = 200, description = "What was done", body = UsersMade)))]
pub async fn import_users(
    app: web::Data<App>,
    who: Signed,
    request: HttpRequest,
    query: web::Query<ImportQuery>,
    body: Raw,
) -> Handled {
    let sent = sent(&request, &who.0, &body.0)?;
    let dry_run = query.dry_run();
    let answer = block(app, move |app| {
        app.import_users(&who.0, &sent, &body.0, dry_run)
    })
    .await?;
    Ok(answered(answer))
}
