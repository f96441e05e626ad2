//! Targets of units.

use crate::carrier::Method;
use crate::{Called, Client};
use zhenxing_api_types::Page;
use zhenxing_api_types::target::{
    SetTargets, TargetResult, TargetSheet, TargetTable, TargetVersion, UnitTargets, WithdrawTargets,
};

impl Client {
    /// The targets of a unit; empty texts ask for the own unit's, of every matter.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn targets(&self, unit: &str, matter: &str) -> Called<UnitTargets> {
        self.get("/targets", &[("unit", unit), ("matter", matter)])
            .await
    }

    /// The targets of a metric at a unit and directly below it.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn target_table(&self, metric: &str, unit: &str) -> Called<TargetTable> {
        self.get(&format!("/metrics/{metric}/targets"), &[("unit", unit)])
            .await
    }

    /// The versions of a unit's targets in a metric; an empty day asks for all.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn target_versions(
        &self,
        metric: &str,
        unit: &str,
        by: &str,
    ) -> Called<Page<TargetVersion>> {
        let asked = [("metric", metric), ("unit", unit), ("by", by)];
        self.get("/targets/versions", &asked).await
    }

    /// Sets targets, or says what would become of them.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn set_targets(&self, set: &SetTargets, dry_run: bool) -> Called<TargetResult> {
        let path = format!("/targets?dry_run={dry_run}");
        self.send(Method::POST, &path, None, set).await
    }

    /// Reads targets or weights of units below one from a sheet, CSV or Excel; nothing is set.
    ///
    /// # Errors
    /// `faulty_lines` when the file cannot be read, another problem, or what the network says.
    pub async fn read_target_sheet(
        &self,
        metric: &str,
        unit: &str,
        bytes: Vec<u8>,
    ) -> Called<TargetSheet> {
        let asked = [("metric", metric), ("unit", unit)];
        let mut request = self.request(Method::POST, self.address("/targets/sheet", &asked));
        request.body = Some(bytes);
        crate::decoded(&self.ask(request).await?.text)
    }

    /// Withdraws targets, or says what would become of them.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn withdraw_targets(
        &self,
        gone: &WithdrawTargets,
        dry_run: bool,
    ) -> Called<TargetResult> {
        let path = format!("/targets/withdraw?dry_run={dry_run}");
        self.send(Method::POST, &path, None, gone).await
    }
}
