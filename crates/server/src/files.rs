//! The workspace in the browser: files from the binary, or from a folder.

use crate::app::App;
use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::path::Path;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../frontend/dist"]
struct Embedded;

const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

fn read(app: &App, name: &str) -> Option<Cow<'static, [u8]>> {
    match &app.settings.frontend_dir {
        None => Embedded::get(name).map(|file| file.data),
        Some(dir) => {
            let safe = !name.split('/').any(|part| part == ".." || part.is_empty());
            let path = dir.join(Path::new(name));
            safe.then(|| std::fs::read(path).ok())
                .flatten()
                .map(Cow::Owned)
        }
    }
}

/// A file of the frontend; any other address is the workspace itself, which knows its pages.
pub async fn serve(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    let name = file_of(request.path());
    let accepts_brotli = request
        .headers()
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| text.split(',').any(|part| part.trim().starts_with("br")));
    let small = if accepts_brotli {
        read(&app, &format!("{name}.br"))
    } else {
        None
    };
    let brotli = small.is_some();
    let Some(bytes) = small.or_else(|| read(&app, name)) else {
        return missing(name);
    };
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let mut response = HttpResponse::Ok();
    response.content_type(kind.to_string());
    if kind.type_() == "text" || kind.subtype() == "javascript" {
        response.content_type(format!("{kind}; charset=utf-8"));
    }
    if brotli {
        response.insert_header((CONTENT_ENCODING, "br"));
    }
    let lasting = name.starts_with("assets/");
    let cache = if lasting {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response
        .insert_header((CACHE_CONTROL, cache))
        .insert_header(("Vary", "Accept-Encoding"))
        .insert_header(("Content-Security-Policy", POLICY))
        .body(bytes.into_owned())
}

/// The file that an address means. Files stand in the root or under `assets/`; the address of a page may end in
/// anything, also in a name with a dot.
fn file_of(path: &str) -> &str {
    let name = path.trim_start_matches('/');
    let in_root = !name.contains('/') && name.contains('.');
    if in_root || name.starts_with("assets/") {
        name
    } else {
        "index.html"
    }
}

fn missing(name: &str) -> HttpResponse {
    if name == "index.html" {
        return HttpResponse::Ok().content_type("text/html; charset=utf-8").body(
            "<!doctype html><meta charset=utf-8><title>振兴工作台</title><p>前端尚未构建：请运行 cargo xtask frontend。The frontend is not built: run cargo xtask frontend.",
        );
    }
    HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body("没有这个文件 No such file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_end_in_a_name_with_a_dot() {
        for (path, file) in [
            ("/", "index.html"),
            ("/favicon.svg", "favicon.svg"),
            ("/assets/zhenxing-1.wasm", "assets/zhenxing-1.wasm"),
            ("/admin/users/li.ming", "index.html"),
            ("/reports/1", "index.html"),
        ] {
            assert_eq!(file_of(path), file, "{path}");
        }
    }
}
