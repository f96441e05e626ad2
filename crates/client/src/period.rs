//! Periods of forms, locked and opened.

use crate::{Called, Client, ClientError};
use reqwest::Method;
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
        let url = self.url(path);
        let once = async || crate::tagged(self.bearer(self.request(Method::GET, &url))).await;
        let (body, revision) = match once().await {
            Err(error) if error.code() == Some("token_expired") => {
                self.resume().await?;
                once().await?
            }
            other => other?,
        };
        let body =
            serde_json::from_str(&body).map_err(|error| ClientError::Decode(error.to_string()))?;
        Ok((body, revision))
    }
}
