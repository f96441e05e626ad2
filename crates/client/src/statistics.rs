//! Many figures at once, where one comes from, and both as files.

use crate::{Called, Client};
use zhenxing_api_types::explanation::Explanation;
use zhenxing_api_types::programme::Metric;
use zhenxing_api_types::statistics::Statistics;
use zhenxing_api_types::{LatestChange, Page};

impl Client {
    /// The metrics that have figures.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn active_metrics(&self) -> Called<Page<Metric>> {
        self.get("/metrics", &[("status", "active")]).await
    }

    /// Figures of many metrics. The parameters are `metrics` and `periods`, and `unit` with `level`, or `units`; an empty
    /// one is not sent.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn statistics(&self, query: &[(&str, &str)]) -> Called<Statistics> {
        self.get("/statistics", query).await
    }

    /// The same as a file; `format` is `csv` or `xlsx`.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn statistics_file(&self, query: &[(&str, &str)]) -> Called<Vec<u8>> {
        self.file("/statistics/export", query).await
    }

    /// The latest steps of reports at a unit and below it.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn latest_changes(&self, unit: &str) -> Called<Page<LatestChange>> {
        self.get("/overview/changes", &[("unit", unit)]).await
    }

    /// Where a figure comes from. The parameters are `unit`, `period`, `limit` and `cursor`.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn explanation(&self, metric: &str, query: &[(&str, &str)]) -> Called<Explanation> {
        let path = format!("/metrics/{metric}/explanation");
        self.get(&path, query).await
    }

    /// The same as a file; `format` is `csv` or `xlsx`.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn explanation_file(&self, metric: &str, query: &[(&str, &str)]) -> Called<Vec<u8>> {
        let path = format!("/metrics/{metric}/explanation/export");
        self.file(&path, query).await
    }
}
