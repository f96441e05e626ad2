//! Rosters of ledgers, and records of one person that become one.

use crate::carrier::Method;
use crate::{Called, Client};
use uuid::Uuid;
use zhenxing_api_types::ledger::Record;
use zhenxing_api_types::roster::{MergeRecords, NewReplacement, RosterImport};

impl Client {
    /// Takes records of a ledger from a sheet, CSV or Excel, or says what would become of them. The parameters are `dry_run`,
    /// `skip_faulty`, `unit` and `mapping` (JSON text), and `replace_from`, `reason` and `common` (JSON text) where the sheet
    /// replaces those in office; empty ones ask for nothing.
    ///
    /// # Errors
    /// `faulty_lines` when the file cannot be read or rows are faulty, another problem, or what the network says.
    pub async fn import_roster(
        &self,
        ledger: &str,
        query: &[(&str, &str)],
        bytes: Vec<u8>,
    ) -> Called<RosterImport> {
        let path = self.address(&format!("/ledgers/{ledger}/imports"), query);
        let mut request = self.writing(Method::POST, "", None);
        request.url = path;
        request.body = Some(bytes);
        crate::decoded(&self.ask(request).await?.text)
    }

    /// Replaces those in office in units by the next, or says what would become of them.
    ///
    /// # Errors
    /// `faulty_lines` when something stands against one of them, another problem, or what the network says.
    pub async fn replace_term(
        &self,
        ledger: &str,
        replacement: &NewReplacement,
    ) -> Called<RosterImport> {
        let path = format!("/ledgers/{ledger}/replacements");
        self.send(Method::POST, &path, None, replacement).await
    }

    /// Makes one record of two that are of one person; the revision is that of the one that goes.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, `wrong_state`, another problem, or what the network says.
    pub async fn merge_records(
        &self,
        id: Uuid,
        revision: i64,
        merge: &MergeRecords,
    ) -> Called<Record> {
        let path = format!("/ledgers/person/records/{id}/merge");
        self.send(Method::POST, &path, Some(revision), merge).await
    }
}
