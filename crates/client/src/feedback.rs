//! Complaints and suggestions.

use crate::carrier::Method;
use crate::{Called, Client};
use uuid::Uuid;
use zhenxing_api_types::Page;
use zhenxing_api_types::feedback::{
    ActOnFeedback, Feedback, FeedbackCount, FeedbackDetail, NewFeedback,
};

impl Client {
    /// Those that I wrote (`own`) or that my unit answers (`received`); an empty state does not narrow.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn feedback_list(
        &self,
        from: &str,
        state: &str,
        cursor: &str,
    ) -> Called<Page<Feedback>> {
        let query = [("box", from), ("state", state), ("cursor", cursor)];
        self.get("/feedback", &query).await
    }

    /// One with what became of it.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn feedback(&self, id: Uuid) -> Called<FeedbackDetail> {
        self.get(&format!("/feedback/{id}"), &[]).await
    }

    /// Hands one in.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn create_feedback(&self, new: &NewFeedback) -> Called<FeedbackDetail> {
        self.send(Method::POST, "/feedback", None, new).await
    }

    /// Accepts or answers one, or says whether the answer satisfies; the revision is one and the steps taken after the
    /// first.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn act_on_feedback(
        &self,
        id: Uuid,
        revision: i64,
        act: &ActOnFeedback,
    ) -> Called<FeedbackDetail> {
        let path = format!("/feedback/{id}/actions");
        self.send(Method::POST, &path, Some(revision), act).await
    }

    /// How many there are, by the unit that answers, kind and state.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn feedback_summary(&self, cursor: &str) -> Called<Page<FeedbackCount>> {
        self.get("/feedback/summary", &[("cursor", cursor)]).await
    }
}
