//! The first floor: a handler that answers from memory, by the same library with as many workers as the server has.

use crate::Done;
use actix_web::{App, HttpResponse, HttpServer, web};

/// Serves a body of that size with that status until it is killed.
///
/// # Errors
/// What the system says.
pub fn serve(bytes: usize, status: u16) -> Done<()> {
    let body = web::Bytes::from(vec![b'x'; bytes]);
    let status =
        actix_web::http::StatusCode::from_u16(status).map_err(|error| error.to_string())?;
    let system = actix_web::rt::System::new();
    let served = system.block_on(async move {
        let server = HttpServer::new(move || {
            let body = body.clone();
            let answer = move |_sent: web::Bytes| {
                let body = body.clone();
                async move {
                    HttpResponse::build(status)
                        .content_type("application/json")
                        .body(body)
                }
            };
            App::new().default_service(web::to(answer))
        })
        .bind("127.0.0.1:0")?;
        for address in server.addrs() {
            println!("open: http://{address}/");
        }
        server.run().await
    });
    served.map_err(|error| error.to_string())
}
