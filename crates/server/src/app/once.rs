//! Writes that happen once, however often they are sent.

use super::{App, AppError, AppResult, Code};
use sha2::{Digest, Sha256};
use std::sync::PoisonError;
use zhenxing_storage::Conn;
use zhenxing_storage::idempotency::{self, Kept, Key};

/// The answer of a write, as it is kept and sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The entity tag.
    pub etag: Option<String>,
    /// Where the new thing is.
    pub location: Option<String>,
    /// The body as JSON.
    pub body: String,
}

impl Answer {
    /// An answer with a body.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn new(status: u16, body: &impl serde::Serialize) -> AppResult<Answer> {
        let body =
            serde_json::to_string(body).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(Answer {
            status,
            etag: None,
            location: None,
            body,
        })
    }

    /// With an entity tag.
    pub fn tagged(mut self, revision: i64) -> Answer {
        self.etag = Some(format!("\"{revision}\""));
        self
    }

    /// With the place of the new thing.
    pub fn at(mut self, location: String) -> Answer {
        self.location = Some(location);
        self
    }
}

/// Under which key a request is sent, and the hash of its body.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The key, if the client sent one.
    pub key: Option<Key>,
    /// The body.
    pub body_hash: Vec<u8>,
}

impl Sent {
    /// The hash of a body.
    pub fn hash(body: &[u8]) -> Vec<u8> {
        Sha256::digest(body).to_vec()
    }
}

/// Takes the key out of the running ones when the request ends.
struct Running<'a> {
    app: &'a App,
    key: Key,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut running = self
            .app
            .in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        running.remove(&self.key);
    }
}

impl App {
    /// One write transaction: `admit` asks policy and loads what is needed, `work` changes and answers. With a key the
    /// first answer is kept and given again, after `admit` has said yes again.
    pub(crate) fn write_once<A>(
        &self,
        sent: &Sent,
        admit: impl FnOnce(&mut Conn) -> AppResult<A>,
        work: impl FnOnce(&mut Conn, A) -> AppResult<Answer>,
    ) -> AppResult<Answer> {
        let _running = match &sent.key {
            None => None,
            Some(key) => Some(self.run(key)?),
        };
        self.db.write(|conn| {
            let admitted = admit(conn)?;
            let Some(key) = &sent.key else {
                return work(conn, admitted);
            };
            if !idempotency::try_claim(conn, lock_number(key))? {
                return Err(still_running());
            }
            if let Some(kept) = idempotency::find(conn, key)? {
                return replay(sent, kept);
            }
            let answer = work(conn, admitted)?;
            let headers = serde_json::json!({ "etag": answer.etag, "location": answer.location });
            let kept = Kept {
                body_hash: sent.body_hash.clone(),
                status: i32::from(answer.status),
                headers: headers.to_string(),
                body: answer.body.clone(),
            };
            idempotency::keep(conn, key, &kept, self.clock.now())?;
            Ok(answer)
        })
    }

    fn run(&self, key: &Key) -> AppResult<Running<'_>> {
        let mut running = self
            .in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !running.insert(key.clone()) {
            return Err(still_running());
        }
        Ok(Running {
            app: self,
            key: key.clone(),
        })
    }
}

fn replay(sent: &Sent, kept: Kept) -> AppResult<Answer> {
    if kept.body_hash != sent.body_hash {
        return Err(AppError::refused(
            Code::KeyReused,
            Some("Idempotency-Key"),
            "该幂等键已用于内容不同的请求，请换用新的键",
            "This key was used with another body; send a new key",
        ));
    }
    let headers: serde_json::Value = serde_json::from_str(&kept.headers).unwrap_or_default();
    let text = |name: &str| {
        let value = headers.get(name).and_then(|value| value.as_str());
        value.map(str::to_owned)
    };
    Ok(Answer {
        status: u16::try_from(kept.status).unwrap_or(200),
        etag: text("etag"),
        location: text("location"),
        body: kept.body,
    })
}

fn still_running() -> AppError {
    AppError::refused(
        Code::StillRunning,
        Some("Idempotency-Key"),
        "同一请求正在处理，请稍后再试",
        "The first request with this key is still running; try again shortly",
    )
}

fn lock_number(key: &Key) -> i64 {
    let text = format!("{}\n{}\n{}", key.account.0, key.route, key.key);
    let hash = Sha256::digest(text.as_bytes());
    let mut bytes = [0_u8; 8];
    for (to, from) in bytes.iter_mut().zip(hash.iter()) {
        *to = *from;
    }
    i64::from_le_bytes(bytes)
}
