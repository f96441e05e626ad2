//! Sending something, and saying what came of it: done in the corner, refused beside the form.

use crate::components::toast::{Toast, use_toast};
use crate::format;
use crate::hooks::use_session;
use crate::state::Session;
use std::future::Future;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_client::{Client, ClientError};

/// Sends for one form.
#[derive(Clone)]
pub struct Sending {
    session: Option<Session>,
    toast: Option<Toast>,
    busy: UseStateHandle<bool>,
    said: UseStateHandle<String>,
}

/// What sends for a form.
#[hook]
pub fn use_sending() -> Sending {
    Sending {
        session: use_session(),
        toast: use_toast(),
        busy: use_state(|| false),
        said: use_state(String::new),
    }
}

impl Sending {
    /// Whether something is on its way.
    pub fn busy(&self) -> bool {
        *self.busy
    }

    /// Why it was refused; empty while it was not.
    pub fn said(&self) -> &str {
        &self.said
    }

    /// Says what is missing before anything is sent.
    pub fn say(&self, text: String) {
        self.said.set(text);
    }

    /// Sends; `then` takes what came and says what was done, where there is something to say.
    pub fn send<T: 'static, F>(
        &self,
        call: impl FnOnce(Client) -> F,
        then: impl FnOnce(T) -> Option<String> + 'static,
    ) where
        F: Future<Output = Result<T, ClientError>> + 'static,
    {
        let Some(session) = &self.session else {
            return;
        };
        self.busy.set(true);
        self.said.set(String::new());
        let fetch = call(session.client.clone());
        let (busy, said, toast) = (self.busy.clone(), self.said.clone(), self.toast.clone());
        spawn_local(async move {
            match fetch.await {
                Ok(value) => {
                    if let (Some(text), Some(toast)) = (then(value), toast) {
                        toast.done(text);
                    }
                }
                Err(error) => said.set(format::error(&error)),
            }
            busy.set(false);
        });
    }
}
