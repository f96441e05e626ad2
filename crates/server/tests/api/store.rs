//! The file store: a folder, and an S3-compatible store that is a small server of the test's own.

use actix_web::http::Method;
use actix_web::web::Bytes;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use futures_util::TryStreamExt as _;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempDir;
use zhenxing_server::settings::{Command, Settings, parse};
use zhenxing_server::store::FileStore;
use zhenxing_test_support::Fault;

const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// What a bucket holds, and each request with whether it was signed with the key.
#[derive(Default)]
struct Bucket {
    objects: Mutex<BTreeMap<String, Bytes>>,
    asked: Mutex<Vec<(String, bool)>>,
}

impl Bucket {
    fn answer(&self, request: &HttpRequest, body: Bytes) -> HttpResponse {
        let signed = request.headers().get("authorization").is_some_and(|said| {
            said.as_bytes()
                .starts_with(b"AWS4-HMAC-SHA256 Credential=key/")
        });
        let said = format!("{} {}", request.method(), request.uri());
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push((said, signed));
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let place = request.path().to_owned();
        match *request.method() {
            Method::PUT => {
                objects.insert(place, body);
                HttpResponse::Ok().insert_header(("ETag", "\"1\"")).finish()
            }
            Method::DELETE => {
                objects.remove(&place);
                HttpResponse::NoContent().finish()
            }
            _ => match objects.get(&place) {
                None => HttpResponse::NotFound().finish(),
                Some(bytes) => HttpResponse::Ok()
                    .insert_header(("ETag", "\"1\""))
                    .insert_header(("Last-Modified", "Tue, 24 Nov 2026 00:00:00 GMT"))
                    .body(bytes.clone()),
            },
        }
    }

    fn asked(&self) -> Vec<(String, bool)> {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn answer(bucket: web::Data<Bucket>, request: HttpRequest, body: Bytes) -> HttpResponse {
    bucket.answer(&request, body)
}

fn settings(folder: &Path, words: &[&str]) -> Result<Settings, Fault> {
    let folder = folder.display().to_string();
    let words: Vec<String> = ["zhenxing", "serve", "--data-dir", folder.as_str()]
        .iter()
        .chain(words)
        .map(|word| (*word).to_owned())
        .collect();
    match parse(&words)?.command {
        Command::Serve(settings) => Ok(*settings),
        _ => Err("another command".into()),
    }
}

/// Bytes are kept twice, read and removed twice.
async fn kept_and_removed(files: &FileStore) -> Result<(), Fault> {
    for _ in 0..2 {
        let store = files.clone();
        web::block(move || store.keep(DIGEST, Bytes::from_static(b"test"))).await??;
    }
    let parts: Vec<Bytes> = files.read(DIGEST).await?.try_collect().await?;
    assert_eq!(parts.concat(), b"test");
    for _ in 0..2 {
        let store = files.clone();
        web::block(move || store.remove(DIGEST)).await??;
    }
    assert!(files.read(DIGEST).await.is_err());
    Ok(())
}

#[actix_web::test]
async fn a_folder_keeps_what_a_digest_names_once() -> Result<(), Fault> {
    let folder = TempDir::new()?;
    let files = FileStore::open(&settings(folder.path(), &[])?)?;
    kept_and_removed(&files).await?;
    let store = files.clone();
    web::block(move || store.keep(DIGEST, Bytes::from_static(b"test"))).await??;
    let object = folder.path().join("files/9f").join(DIGEST);
    assert_eq!(std::fs::read(object)?, b"test");
    let kept = std::fs::read_dir(folder.path().join("files/9f"))?.count();
    assert_eq!(kept, 1, "nothing half written is left");
    Ok(())
}

#[actix_web::test]
async fn an_s3_compatible_store_is_asked_signed_and_one_by_one() -> Result<(), Fault> {
    let bucket = web::Data::from(Arc::new(Bucket::default()));
    let served = bucket.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(served.clone())
            .default_service(web::to(answer))
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))?;
    let address = server.addrs().first().copied().ok_or("no address")?;
    let running = server.run();
    let handle = running.handle();
    let served = actix_web::rt::spawn(running);

    let folder = TempDir::new()?;
    let endpoint = format!("http://{address}");
    let words = [
        "--files",
        "s3://bucket/files",
        "--files-endpoint",
        endpoint.as_str(),
        "--files-access-key",
        "key",
        "--files-secret-key",
        "secret",
    ];
    let files = FileStore::open(&settings(folder.path(), &words)?)?;
    kept_and_removed(&files).await?;
    handle.stop(false).await;
    served.await??;

    let asked = bucket.asked();
    assert!(asked.iter().all(|(_, signed)| *signed), "{asked:?}");
    let place = format!("/bucket/files/9f/{DIGEST}");
    let count = |method: &str| {
        let said = format!("{method} {place}");
        asked.iter().filter(|(asked, _)| *asked == said).count()
    };
    assert_eq!((count("PUT"), count("DELETE")), (1, 2), "{asked:?}");
    assert!(
        asked.iter().all(|(said, _)| said.ends_with(&place)),
        "{asked:?}"
    );
    Ok(())
}

#[test]
fn a_store_without_its_keys_is_not_opened() -> Result<(), Fault> {
    let folder = TempDir::new()?;
    let bare: &[&str] = &["--files", "s3://bucket"];
    let empty: &[&str] = &["--files", "s3://bucket", "--files-access-key", ""];
    for words in [bare, empty] {
        let opened = FileStore::open(&settings(folder.path(), words)?);
        let said = opened.err().map(|error| error.to_string());
        let named = said.is_some_and(|said| said.contains("--files-access-key"));
        assert!(named, "{words:?}");
    }
    let empty: &[&str] = &["--files", "", "--files-endpoint", ""];
    FileStore::open(&settings(folder.path(), empty)?)?;
    assert!(folder.path().join("files").is_dir());
    Ok(())
}
