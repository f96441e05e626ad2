//! Saved views.

use crate::carrier::Method;
use crate::{Called, Client};
use uuid::Uuid;
use zhenxing_api_types::Page;
use zhenxing_api_types::view::{SaveView, View};

impl Client {
    /// One's own views of a ledger, or of statistics without one, and those shared with one, the latest first.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn views(&self, ledger: Option<&str>, cursor: &str) -> Called<Page<View>> {
        let page = ledger.map_or("statistics", |_| "ledger");
        let ledger = ledger.unwrap_or_default();
        let asked = [("page", page), ("ledger", ledger), ("cursor", cursor)];
        self.get("/views", &asked).await
    }

    /// Saves a view.
    ///
    /// # Errors
    /// `exists`, another problem, or what the network says.
    pub async fn save_view(&self, view: &SaveView) -> Called<View> {
        self.send(Method::POST, "/views", None, view).await
    }

    /// Changes one of one's own views.
    ///
    /// # Errors
    /// `stale` when it was changed since it was read, another problem, or what the network says.
    pub async fn replace_view(&self, id: Uuid, revision: i64, view: &SaveView) -> Called<View> {
        let path = format!("/views/{id}");
        self.send(Method::PUT, &path, Some(revision), view).await
    }

    /// Removes one of one's own views.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn remove_view(&self, id: Uuid) -> Called<()> {
        self.remove(&format!("/views/{id}")).await
    }
}
