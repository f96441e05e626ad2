//! Who is signed in.

use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::session::{Me, Transport};
use zhenxing_client::Client;

/// Where the session stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Not known yet.
    Starting,
    /// Nobody is signed in.
    Out,
    /// Somebody is.
    In(Rc<Me>),
}

/// The session as pages see it.
#[derive(Debug, Clone)]
pub struct Session {
    /// Speaks to the server.
    pub client: Client,
    /// Where it stands.
    pub phase: Phase,
    /// Changes where it stands.
    pub change: Callback<Phase>,
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        self.phase == other.phase
    }
}

impl Session {
    /// Who is signed in.
    pub fn me(&self) -> Option<Rc<Me>> {
        match &self.phase {
            Phase::In(me) => Some(Rc::clone(me)),
            Phase::Starting | Phase::Out => None,
        }
    }
}

/// A client of the server that this page came from.
pub fn client() -> Client {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    Client::new(&origin.unwrap_or_default(), Transport::Cookie)
}

/// What follows a sign-in.
pub async fn enter(client: &Client) -> Phase {
    match client.me().await {
        Ok(me) => Phase::In(Rc::new(me)),
        Err(_) => Phase::Out,
    }
}
