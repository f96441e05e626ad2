//! `session`: signing in, staying signed in, signing out.

use super::extract::{Body, Signed, SignedAnyhow, json};
use super::problem::Failure;
use super::{Handled, block};
use crate::app::App;
use crate::app::error::{AppError, Code};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use zhenxing_api_types::session::{
    BeginActing, ChangePassword, Me, Refresh, SignIn, Tokens, Transport,
};

const COOKIE: &str = "zhenxing_refresh";
const PATH: &str = "/api/v1/session";

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(sign_in)
        .service(refresh_session)
        .service(sign_out_everywhere)
        .service(sign_out)
        .service(begin_acting)
        .service(change_password)
        .service(get_session);
}

fn cookie(app: &App, token: String) -> Cookie<'static> {
    Cookie::build(COOKIE, token)
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.settings.production)
        .max_age(Duration::days(14))
        .finish()
}

fn gone(app: &App) -> Cookie<'static> {
    let mut cookie = cookie(app, String::new());
    cookie.make_removal();
    cookie
}

fn hand_out(app: &App, mut tokens: Tokens, transport: Transport) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header(("Cache-Control", "no-store"));
    if transport == Transport::Cookie
        && let Some(token) = tokens.refresh_token.take()
    {
        response.cookie(cookie(app, token));
    }
    response.json(tokens)
}

/// Signs in. Browsers ask for the cookie, apps and other systems get the refresh token in the body.
#[utoipa::path(tag = "session", context_path = "/api/v1", security(()), request_body = SignIn, responses((status = 200, description = "Signed in", body = Tokens)))]
#[post("/session")]
pub async fn sign_in(app: web::Data<App>, body: Body<SignIn>) -> Handled {
    let ask = body.value;
    if ask.login.chars().count() > 200 || ask.password.chars().count() > 200 {
        let (zh, en) = (
            "用户名和密码均不能超过200字",
            "Name and password have at most 200 characters each",
        );
        return Err(AppError::refused(Code::InvalidField, Some("login"), zh, en).into());
    }
    let transport = ask.transport;
    let tokens = block(app.clone(), move |app| app.sign_in(&ask)).await?;
    Ok(hand_out(&app, tokens, transport))
}

/// Gives a new access token and a new refresh token. A refresh token works once, and within 20 seconds once more where the answer
/// did not arrive; used again later it ends the session.
#[utoipa::path(tag = "session", context_path = "/api/v1", security(()), request_body = Refresh, responses((status = 200, description = "New tokens", body = Tokens)))]
#[post("/session/refresh")]
pub async fn refresh_session(
    app: web::Data<App>,
    request: HttpRequest,
    body: Body<Refresh>,
) -> Handled {
    let held = request
        .cookie(COOKIE)
        .map(|cookie| cookie.value().to_owned());
    let (token, transport) = match (body.value.refresh_token, held) {
        (Some(token), _) => (token, Transport::Body),
        (None, Some(token)) => (token, Transport::Cookie),
        (None, None) => {
            let (zh, en) = ("请先登录", "Sign in first");
            return Err(
                AppError::refused(Code::InvalidRefresh, Some("refresh_token"), zh, en).into(),
            );
        }
    };
    let tokens = block(app.clone(), move |app| app.refresh(&token)).await?;
    Ok(hand_out(&app, tokens, transport))
}

/// Ends this session.
#[utoipa::path(tag = "session", context_path = "/api/v1", responses((status = 204, description = "Signed out")))]
#[delete("/session")]
pub async fn sign_out(app: web::Data<App>, who: SignedAnyhow) -> Handled {
    end(app, who, false).await
}

/// Ends every session of the account.
#[utoipa::path(tag = "session", context_path = "/api/v1", responses((status = 204, description = "Signed out everywhere")))]
#[delete("/session/all")]
pub async fn sign_out_everywhere(app: web::Data<App>, who: SignedAnyhow) -> Handled {
    end(app, who, true).await
}

async fn end(
    app: web::Data<App>,
    who: SignedAnyhow,
    everywhere: bool,
) -> Result<HttpResponse, Failure> {
    // The cookie is the session of who acts: it outlives the one for another.
    let acts = who.0.signed_in.acting.is_some();
    block(app.clone(), move |app| app.sign_out(&who.0, everywhere)).await?;
    if acts {
        return Ok(HttpResponse::NoContent().finish());
    }
    Ok(HttpResponse::NoContent().cookie(gone(&app)).finish())
}

/// Begins a session in which the asker acts for another: as deputy (代理) of somebody absent, or to look as another
/// person and help (协助查看, read-only, fifteen minutes, with a reason). `DELETE /session` with its token ends it; the
/// asker's own session goes on.
#[utoipa::path(tag = "session", context_path = "/api/v1", request_body = BeginActing, responses((status = 200, description = "The token of the session for another", body = Tokens)))]
#[post("/session/acting")]
pub async fn begin_acting(app: web::Data<App>, who: Signed, body: Body<BeginActing>) -> Handled {
    json(&block(app, move |app| app.begin_acting(&who.0, &body.value)).await?)
}

/// Changes the password: the first thing to do with a one-time password, which allows nothing else. The account's other
/// sessions end.
#[utoipa::path(tag = "session", context_path = "/api/v1", request_body = ChangePassword, responses((status = 204, description = "The password is changed")))]
#[put("/session/password")]
pub async fn change_password(
    app: web::Data<App>,
    who: SignedAnyhow,
    body: Body<ChangePassword>,
) -> Handled {
    block(app, move |app| app.change_password(&who.0, &body.value)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who I am and what I may do.
#[utoipa::path(tag = "session", context_path = "/api/v1", responses((status = 200, description = "The account in its session", body = Me)))]
#[get("/session")]
pub async fn get_session(app: web::Data<App>, who: Signed) -> Handled {
    json(&block(app, move |app| app.me(&who.0)).await?)
}
