//! Changes of the tree, and the placements of a unit.

use crate::carrier::Method;
use crate::{Called, Client};
use uuid::Uuid;
use zhenxing_api_types::Page;
use zhenxing_api_types::unit_change::{
    NewUnitChange, UnitChange, UnitChangeDetail, UnitPlacement, WithdrawUnitChange,
};

impl Client {
    /// Changes of the tree, past and coming; empty texts do not narrow.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn unit_changes(
        &self,
        unit: &str,
        state: &str,
        cursor: &str,
    ) -> Called<Page<UnitChange>> {
        let query = [("unit", unit), ("state", state), ("cursor", cursor)];
        self.get("/unit-changes", &query).await
    }

    /// One change with what it does.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn unit_change(&self, id: Uuid) -> Called<UnitChangeDetail> {
        self.get(&format!("/unit-changes/{id}"), &[]).await
    }

    /// Shows what a change would do.
    ///
    /// # Errors
    /// A problem that says what stands against it, or what the network says.
    pub async fn preview_unit_change(&self, new: &NewUnitChange) -> Called<UnitChangeDetail> {
        self.send(Method::POST, "/unit-changes?dry_run=true", None, new)
            .await
    }

    /// Makes a change.
    ///
    /// # Errors
    /// A problem that says what stands against it, or what the network says.
    pub async fn create_unit_change(&self, new: &NewUnitChange) -> Called<UnitChangeDetail> {
        self.send(Method::POST, "/unit-changes", None, new).await
    }

    /// Takes a planned change back.
    ///
    /// # Errors
    /// `wrong_state` when its day has come, another problem, or what the network says.
    pub async fn withdraw_unit_change(&self, id: Uuid, reason: &str) -> Called<UnitChange> {
        let body = WithdrawUnitChange {
            reason: reason.to_owned(),
        };
        self.send(
            Method::POST,
            &format!("/unit-changes/{id}/withdraw"),
            None,
            &body,
        )
        .await
    }

    /// Where and under which names a unit stood.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn unit_placements(&self, code: &str) -> Called<Page<UnitPlacement>> {
        self.get(&format!("/units/{code}/placements"), &[]).await
    }
}
