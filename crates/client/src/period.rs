//! Periods of forms, locked and opened.

use crate::carrier::Method;
use crate::{Called, Client, ClientError};
use zhenxing_api_types::programme::{FormPeriod, SetPeriod};

impl Client {
    /// One period of a form with the revision that a change of it needs.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn period(&self, form: &str, period: &str) -> Called<(FormPeriod, i64)> {
        self.get_tagged(&format!("/forms/{form}/periods/{period}"))
            .await
    }

    /// Locks or opens a period whose revision was seen.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn set_period(
        &self,
        form: &str,
        period: &str,
        revision: i64,
        locked: bool,
    ) -> Called<FormPeriod> {
        let path = format!("/forms/{form}/periods/{period}");
        self.send(Method::PUT, &path, Some(revision), &SetPeriod { locked })
            .await
    }

    /// A single thing with the revision that its ETag names.
    pub(crate) async fn get_tagged<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
    ) -> Called<(T, i64)> {
        let answer = self.ask(self.request(Method::GET, self.url(path))).await?;
        let tag = answer.tag.as_deref();
        let revision = tag.and_then(|tag| tag.trim_matches('"').parse().ok());
        let revision = revision.ok_or_else(|| ClientError::Decode("no ETag".to_owned()))?;
        Ok((crate::decoded(&answer.text)?, revision))
    }
}
