//! Many figures at once.

use crate::{Called, Client};
use zhenxing_api_types::statistics::Statistics;

impl Client {
    /// Figures of many metrics. The parameters are `metrics` and `periods`, and `unit` with `level`, or `units`; an empty
    /// one is not sent.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn statistics(&self, query: &[(&str, &str)]) -> Called<Statistics> {
        self.get("/statistics", query).await
    }
}
