//! Ledgers and their records.

use crate::carrier::Method;
use crate::{Called, Client};
use uuid::Uuid;
use zhenxing_api_types::Page;
use zhenxing_api_types::ledger::{
    EditRecord, FigureRecords, Ledger, LedgerList, MoveRecord, NewRecord, Record, RecordReason,
    RecordVersion, RevealField, RevealedField, SavedRecord,
};

impl Client {
    /// The ledgers of the programme, with how many records the asker's units have.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn ledgers(&self) -> Called<LedgerList> {
        self.get("/ledgers", &[]).await
    }

    /// A ledger with its definition.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn ledger(&self, code: &str) -> Called<Ledger> {
        self.get(&format!("/ledgers/{code}"), &[]).await
    }

    /// Records of a ledger. The parameters are `unit`, `q`, `state`, `filter` (`field:value`, several parted by commas),
    /// `sort` (`latest` or `title`), `deleted`, `limit`, `cursor` and `total`; empty ones do not narrow.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn records(&self, ledger: &str, query: &[(&str, &str)]) -> Called<Page<Record>> {
        self.get(&format!("/ledgers/{ledger}/records"), query).await
    }

    /// One record.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn record(&self, ledger: &str, id: Uuid) -> Called<Record> {
        self.get(&format!("/ledgers/{ledger}/records/{id}"), &[])
            .await
    }

    /// Enters a record, or says what stands against it.
    ///
    /// # Errors
    /// `rules_broken` with the findings, `exists` where another record has the same, another problem, or what the network
    /// says.
    pub async fn create_record(&self, ledger: &str, new: &NewRecord) -> Called<SavedRecord> {
        let path = format!("/ledgers/{ledger}/records");
        self.send(Method::POST, &path, None, new).await
    }

    /// Changes a record whose revision was seen, or says what stands against it.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn edit_record(
        &self,
        ledger: &str,
        id: Uuid,
        revision: i64,
        edit: &EditRecord,
    ) -> Called<SavedRecord> {
        let path = format!("/ledgers/{ledger}/records/{id}");
        self.send(Method::PUT, &path, Some(revision), edit).await
    }

    /// Moves a record whose revision was seen into another state.
    ///
    /// # Errors
    /// `stale`, `wrong_state`, `rules_broken`, another problem, or what the network says.
    pub async fn move_record(
        &self,
        ledger: &str,
        id: Uuid,
        revision: i64,
        act: &MoveRecord,
    ) -> Called<SavedRecord> {
        let path = format!("/ledgers/{ledger}/records/{id}/moves");
        self.send(Method::POST, &path, Some(revision), act).await
    }

    /// Deletes a record whose revision was seen; it can be restored.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn delete_record(
        &self,
        ledger: &str,
        id: Uuid,
        revision: i64,
        why: &RecordReason,
    ) -> Called<Record> {
        let path = format!("/ledgers/{ledger}/records/{id}/delete");
        self.send(Method::POST, &path, Some(revision), why).await
    }

    /// Restores a deleted record whose revision was seen.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn restore_record(
        &self,
        ledger: &str,
        id: Uuid,
        revision: i64,
        why: &RecordReason,
    ) -> Called<Record> {
        let path = format!("/ledgers/{ledger}/records/{id}/restore");
        self.send(Method::POST, &path, Some(revision), why).await
    }

    /// The versions of a record, the latest first.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn record_versions(
        &self,
        ledger: &str,
        id: Uuid,
        cursor: &str,
    ) -> Called<Page<RecordVersion>> {
        let path = format!("/ledgers/{ledger}/records/{id}/versions");
        self.get(&path, &[("cursor", cursor)]).await
    }

    /// A personal value of a record in full, with a reason that is kept.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn reveal_record_field(
        &self,
        ledger: &str,
        id: Uuid,
        ask: &RevealField,
    ) -> Called<RevealedField> {
        let path = format!("/ledgers/{ledger}/records/{id}/reveal");
        self.send(Method::POST, &path, None, ask).await
    }

    /// The records behind a derived figure. The parameters are `unit`, `period`, `side` (`numerator` or `denominator`),
    /// `limit` and `cursor`.
    ///
    /// # Errors
    /// `invalid_field` for a unit above those that hold the records, another problem, or what the network says.
    pub async fn figure_records(
        &self,
        metric: &str,
        query: &[(&str, &str)],
    ) -> Called<FigureRecords> {
        self.get(&format!("/metrics/{metric}/records"), query).await
    }
}
