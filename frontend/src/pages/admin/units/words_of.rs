//! Words of changes of units.

use zhenxing_api_types::report::ReportState;
use zhenxing_api_types::unit_change::{UnitChangeKind, UnitChangeState};

/// What kind of change it is.
pub fn kind(kind: UnitChangeKind) -> String {
    match kind {
        UnitChangeKind::Rename => t!("change-rename"),
        UnitChangeKind::Move => t!("change-move"),
        UnitChangeKind::Merge => t!("change-merge"),
        UnitChangeKind::Split => t!("change-split"),
        UnitChangeKind::End => t!("change-end"),
        UnitChangeKind::Reclassify => t!("change-reclassify"),
    }
}

/// When it is the right one.
pub fn kind_hint(kind: UnitChangeKind) -> String {
    match kind {
        UnitChangeKind::Rename => t!("change-rename-hint"),
        UnitChangeKind::Move => t!("change-move-hint"),
        UnitChangeKind::Merge => t!("change-merge-hint"),
        UnitChangeKind::Split => t!("change-split-hint"),
        UnitChangeKind::End => t!("change-end-hint"),
        UnitChangeKind::Reclassify => t!("change-reclassify-hint"),
    }
}

/// Where it stands.
pub fn state(state: UnitChangeState) -> String {
    match state {
        UnitChangeState::Planned => t!("change-planned"),
        UnitChangeState::Effective => t!("change-effective"),
        UnitChangeState::Withdrawn => t!("change-withdrawn"),
    }
}

/// The class of the label that says where it stands.
pub fn state_class(state: UnitChangeState) -> &'static str {
    match state {
        UnitChangeState::Planned => "zx-label-blue",
        UnitChangeState::Effective => "zx-label-green",
        UnitChangeState::Withdrawn => "zx-label-plain",
    }
}

/// Where a report stands, whoever checks and approves it.
pub fn report_state(state: ReportState) -> String {
    match state {
        ReportState::Draft => t!("state-draft"),
        ReportState::Submitted => t!("effect-waits-check"),
        ReportState::Checked => t!("effect-waits-approve"),
        ReportState::Approved => t!("state-approved"),
        ReportState::Returned => t!("state-returned"),
    }
}
