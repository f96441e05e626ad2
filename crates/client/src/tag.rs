//! Tags of units.

use crate::carrier::Method;
use crate::{Called, Client};
use zhenxing_api_types::Page;
use zhenxing_api_types::tag::{EndUnitTags, TagList, TagUnits, UnitTag, UnitTagResult};

impl Client {
    /// The tags of the programme, with how many units carry each.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn tags(&self) -> Called<TagList> {
        self.get("/tags", &[]).await
    }

    /// Marks of units, the latest first. The parameters are `tag`, `unit`, `limit` and `cursor`.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn unit_tags(&self, query: &[(&str, &str)]) -> Called<Page<UnitTag>> {
        self.get("/unit-tags", query).await
    }

    /// Marks units with a tag, or says what would become of each.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn tag_units(&self, ask: &TagUnits) -> Called<UnitTagResult> {
        self.send(Method::POST, "/unit-tags", None, ask).await
    }

    /// Ends marks, or says what would become of each.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn end_unit_tags(&self, ask: &EndUnitTags) -> Called<UnitTagResult> {
        self.send(Method::POST, "/unit-tags/end", None, ask).await
    }
}
