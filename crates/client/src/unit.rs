//! Units, narrowed.

use crate::{Called, Client};
use zhenxing_api_types::Page;
use zhenxing_api_types::unit::Unit;

impl Client {
    /// Units by code. The filters are `q`, `parent`, `level`, `on`, `limit`, `cursor` and `total`.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn units_where(&self, filters: &[(&str, &str)]) -> Called<Page<Unit>> {
        self.get("/units", filters).await
    }
}
