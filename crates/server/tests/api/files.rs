//! Files: taken in by their kind and size, kept once, attached to notes, read by whoever sees the task, in a folder or in an
//! S3-compatible store.

use crate::samples_task::{PDF, hand_in};
use crate::steps::{get, on, own_unit, post};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use zhenxing_test_support::app::Wish;
use zhenxing_test_support::{Answer, Ask, Fault, TestApp};

/// A task of the first village, and the path of its notes.
async fn task(app: &TestApp) -> Result<String, Fault> {
    let token = app.sign_in("village").await?;
    let unit = own_unit(app, &token).await?;
    let body = json!({ "matter": "M12", "period": "2026", "unit": unit, "due": "2026-12-20" });
    let made = post(app, "city", "/tasks", "", body).await?;
    assert_eq!(made.status, 201, "{}", made.body);
    Ok(format!("/tasks/{}", made.text("/id")))
}

async fn note(app: &TestApp, login: &str, task: &str, files: &[&str]) -> Result<Answer, Fault> {
    let body = json!({ "words": "合同已签", "files": files });
    post(app, login, &format!("{task}/notes"), "", body).await
}

async fn swept(app: &TestApp) -> Result<usize, Fault> {
    let working = Arc::clone(&app.app);
    let after = app.app.clock.now() + 1;
    Ok(web::block(move || working.sweep_files(after)).await??)
}

#[actix_web::test]
async fn a_file_goes_with_a_note_to_whoever_sees_the_task() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let task = task(&app).await?;
    let village = app.sign_in("village").await?;
    let file = hand_in(&app, &village, "流转合同.pdf", PDF).await?;
    assert_eq!(file.status, 201, "{}", file.body);
    assert_eq!(file.text("/media_type"), "application/pdf");
    assert_eq!(file.at("/size"), PDF.len());
    let id = file.text("/id");
    let path = format!("/files/{id}");
    assert_eq!(
        file.headers.get("location"),
        Some(&format!("/api/v1{path}"))
    );

    assert_eq!(get(&app, "village", &path).await?.status, 200);
    for login in ["village2", "township", "city", "admin"] {
        let refused = get(&app, login, &path).await?;
        assert_eq!(
            refused.status, 404,
            "{login} sees what is attached to nothing"
        );
    }
    let stolen = note(&app, "township", &task, &[id]).await?;
    assert_eq!((stolen.status, stolen.text("/field")), (422, "files"));

    let noted = note(&app, "village", &task, &[id]).await?;
    assert_eq!(noted.status, 201, "{}", noted.body);
    assert_eq!(noted.text("/files/0/name"), "流转合同.pdf");
    let twice = note(&app, "village", &task, &[id]).await?;
    assert_eq!((twice.status, twice.text("/field")), (422, "files"));
    let history = get(&app, "township", &format!("{task}/entries")).await?;
    assert_eq!(history.text("/items/0/files/0/id"), id);

    for (login, status) in [
        ("village", 200),
        ("township", 200),
        ("county", 200),
        ("city", 200),
        ("village2", 404),
    ] {
        let content = get(&app, login, &format!("{path}/content")).await?;
        assert_eq!(content.status, status, "{login}");
        if status == 200 {
            let shown = content.body.as_str().unwrap_or_default();
            assert_eq!(shown.as_bytes(), PDF);
            let header = |name: &str| content.headers.get(name).map(String::as_str);
            assert_eq!(header("x-content-type-options"), Some("nosniff"));
            let disposition = header("content-disposition").unwrap_or_default();
            assert!(disposition.starts_with("attachment;"), "{disposition}");
            assert!(disposition.contains("%E6%B5%81%E8%BD%AC"), "{disposition}");
        }
    }
    for path in [path.clone(), format!("{path}/content")] {
        let first = get(&app, "village", &path).await?;
        let tag = first.headers.get("etag").ok_or("no tag")?;
        let ask = Ask::by(&village).header("If-None-Match", tag);
        assert_eq!(app.call("GET", &path, ask).await?.status, 304);
    }
    Ok(())
}

#[actix_web::test]
async fn what_is_not_taken_is_refused_with_what_to_do() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let village = app.sign_in("village").await?;
    let long = format!("{}.pdf", "名".repeat(120));
    let large = vec![b' '; (16 << 20) + 1];
    for (name, bytes, status, code) in [
        ("a.exe", PDF, 422, "file_kind"),
        ("a", PDF, 422, "file_kind"),
        ("a.png", PDF, 422, "file_kind"),
        ("a.docx", PDF, 422, "file_kind"),
        ("a.pdf", b"".as_slice(), 422, "invalid_field"),
        ("a.txt", large.as_slice(), 413, "too_large"),
        ("../a.pdf", PDF, 422, "invalid_field"),
        (long.as_str(), PDF, 422, "invalid_field"),
        ("张三11010519491231002X.pdf", PDF, 422, "invalid_field"),
        ("", PDF, 422, "invalid_field"),
    ] {
        let refused = hand_in(&app, &village, name, bytes).await?;
        let found = (refused.status, refused.text("/code"));
        assert_eq!(found, (status, code), "{name}: {}", refused.body);
    }
    let viewer = app.sign_in("auditor").await?;
    let refused = hand_in(&app, &viewer, "a.pdf", PDF).await?;
    assert_eq!(refused.status, 403);

    let task = task(&app).await?;
    let mut many = Vec::new();
    for number in 0..10 {
        let file = hand_in(&app, &village, &format!("{number}.pdf"), PDF).await?;
        many.push(file.text("/id").to_owned());
    }
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let refused = note(&app, "village", &task, &many).await?;
    assert_eq!((refused.status, refused.text("/field")), (422, "files"));
    let nine = many.get(..9).ok_or("nine")?;
    assert_eq!(note(&app, "village", &task, nine).await?.status, 201);
    Ok(())
}

/// The bytes that a folder holds, by their names.
fn kept(app: &TestApp) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    let files = app.app.settings.data_dir.join("files");
    for folder in std::fs::read_dir(files)? {
        for file in std::fs::read_dir(folder?.path())? {
            found.push(file?.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(found)
}

#[actix_web::test]
async fn the_same_bytes_are_kept_once_and_swept_when_nothing_needs_them() -> Result<(), Fault> {
    let app = on("2026-11-24").await?;
    let task = task(&app).await?;
    let village = app.sign_in("village").await?;
    let key = Ask::by(&village).header("Idempotency-Key", "once");
    let mut numbers = Vec::new();
    for _turn in 0..2 {
        let ask = key.clone().bytes(PDF);
        let file = app.call("POST", "/files?name=a.pdf", ask).await?;
        assert_eq!(file.status, 201, "{}", file.body);
        numbers.push(file.text("/id").to_owned());
    }
    assert_eq!(numbers.first(), numbers.last(), "a repeat has one effect");
    let again = hand_in(&app, &village, "b.pdf", PDF).await?;
    let other = hand_in(&app, &village, "c.txt", "说明".as_bytes()).await?;
    let digest = again.text("/sha256").to_owned();
    let mut stand = kept(&app)?;
    stand.sort();
    let mut wanted = vec![digest.clone(), other.text("/sha256").to_owned()];
    wanted.sort();
    assert_eq!(stand, wanted);

    let noted = note(&app, "village", &task, &[again.text("/id")]).await?;
    assert_eq!(noted.status, 201, "{}", noted.body);
    assert_eq!(
        swept(&app).await?,
        2,
        "the first and the other belong to nothing"
    );
    assert_eq!(kept(&app)?, [digest]);
    assert_eq!(swept(&app).await?, 0);
    let path = format!("/files/{}", again.text("/id"));
    let content = get(&app, "township", &format!("{path}/content")).await?;
    assert_eq!(content.status, 200);
    let gone = format!("/files/{}", other.text("/id"));
    assert_eq!(get(&app, "village", &gone).await?.status, 404);
    Ok(())
}

/// What an S3-compatible store holds, by key.
type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// As much of S3 as the file store asks for. Whoever does not sign is refused.
async fn bucket(
    objects: web::Data<Objects>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let signed = request.headers().get("authorization");
    let signed = signed.and_then(|value| value.to_str().ok());
    if !signed.is_some_and(|value| value.starts_with("AWS4-HMAC-SHA256 Credential=key/")) {
        return HttpResponse::Forbidden().finish();
    }
    let mut objects = objects.lock().unwrap_or_else(PoisonError::into_inner);
    let key = request.path().to_owned();
    match request.method().as_str() {
        "PUT" => {
            objects.insert(key, body.to_vec());
            HttpResponse::Ok().insert_header(("etag", "\"1\"")).finish()
        }
        "POST" => {
            let text = String::from_utf8_lossy(&body).into_owned();
            for part in text.split("<Key>").skip(1) {
                let name = part.split('<').next().unwrap_or_default();
                objects.remove(&format!("/files/{name}"));
            }
            HttpResponse::Ok().body("<DeleteResult></DeleteResult>")
        }
        "DELETE" => {
            objects.remove(&key);
            HttpResponse::NoContent().finish()
        }
        _ => match objects.get(&key) {
            None => HttpResponse::NotFound().finish(),
            Some(bytes) => HttpResponse::Ok()
                .insert_header(("etag", "\"1\""))
                .insert_header(("last-modified", "Tue, 24 Nov 2026 00:00:00 GMT"))
                .body(bytes.clone()),
        },
    }
}

#[actix_web::test]
async fn files_stand_in_an_s3_compatible_store() -> Result<(), Fault> {
    let objects = Objects::default();
    let held = web::Data::new(Arc::clone(&objects));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(held.clone())
            .default_service(web::to(bucket))
    });
    let server = server.workers(1).bind(("127.0.0.1", 0))?;
    let address = *server.addrs().first().ok_or("no address")?;
    let running = server.run();
    let handle = running.handle();
    actix_web::rt::spawn(running);
    let endpoint = format!("http://{address}");
    let flags = [
        ("--files", "s3://files/zhenxing"),
        ("--files-endpoint", &endpoint),
        ("--files-access-key", "key"),
        ("--files-secret-key", "secret"),
    ];
    let flags = flags
        .iter()
        .flat_map(|(name, value)| [(*name).to_owned(), (*value).to_owned()]);
    let app = TestApp::start_as(Wish {
        flags: flags.collect(),
        ..Wish::default()
    })
    .await?;
    let village = app.sign_in("village").await?;
    let file = hand_in(&app, &village, "a.pdf", PDF).await?;
    assert_eq!(file.status, 201, "{}", file.body);
    let digest = file.text("/sha256");
    let place = format!(
        "/files/zhenxing/{}/{digest}",
        digest.get(..2).unwrap_or_default()
    );
    let held = || -> Vec<String> {
        let objects = objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.keys().cloned().collect()
    };
    assert_eq!(held(), [place]);
    let path = format!("/files/{}/content", file.text("/id"));
    let content = get(&app, "village", &path).await?;
    assert_eq!(content.body, Value::from(String::from_utf8_lossy(PDF)));
    assert_eq!(swept(&app).await?, 1);
    assert!(held().is_empty(), "{:?}", held());
    handle.stop(false).await;
    Ok(())
}
