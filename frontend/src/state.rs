//! Who is signed in, and what is fetched once for all pages.

use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::programme::FormSummary;
use zhenxing_api_types::session::{Action, Me, Transport};
use zhenxing_client::{Client, ClientError};

/// Where the session stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Not known yet.
    Starting,
    /// Nobody is signed in.
    Out,
    /// Somebody is, and has to change his one-time password before anything else.
    Change,
    /// Somebody is.
    In(Rc<Me>),
}

/// The forms of the programme, asked for once in a session.
#[derive(Debug, Clone, Default)]
pub struct Forms(Rc<RefCell<Option<Rc<Vec<FormSummary>>>>>);

impl Forms {
    /// Asks again next time: another account may see other forms.
    pub fn forget(&self) {
        self.0.replace(None);
    }
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
    /// What is known of the forms.
    pub forms: Forms,
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
            Phase::Starting | Phase::Out | Phase::Change => None,
        }
    }

    /// Whether something is allowed to who is signed in, somewhere.
    pub fn may(&self, action: Action) -> bool {
        self.me().is_some_and(|me| me.actions.contains(&action))
    }

    /// The forms of the programme.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn forms(&self) -> Result<Rc<Vec<FormSummary>>, ClientError> {
        if let Some(known) = &*self.forms.0.borrow() {
            return Ok(Rc::clone(known));
        }
        let fetched = Rc::new(self.client.forms().await?.items);
        self.forms.0.replace(Some(Rc::clone(&fetched)));
        Ok(fetched)
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
        Err(error) if error.code() == Some("password_change_required") => Phase::Change,
        Err(_) => Phase::Out,
    }
}
