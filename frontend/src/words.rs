//! Words of the system's administration: levels, kinds of units, what the audit trail tells.

use zhenxing_api_types::audit::AuditKind;
use zhenxing_api_types::programme::PeriodState;
use zhenxing_api_types::unit::{Level, UnitKind};

/// The level of a unit.
pub fn level(level: Level) -> String {
    match level {
        Level::City => t!("level-city"),
        Level::County => t!("level-county"),
        Level::Township => t!("level-township"),
        Level::Village => t!("level-village"),
    }
}

/// The kind of a unit.
pub fn unit_kind(kind: UnitKind) -> String {
    match kind {
        UnitKind::City => t!("level-city"),
        UnitKind::County => t!("level-county"),
        UnitKind::Street => t!("kind-street"),
        UnitKind::Town => t!("kind-town"),
        UnitKind::Rural => t!("kind-rural"),
        UnitKind::QuasiTownship => t!("kind-quasi-township"),
        UnitKind::Community => t!("kind-community"),
        UnitKind::AdministrativeVillage => t!("kind-village"),
        UnitKind::QuasiVillage => t!("kind-quasi-village"),
    }
}

/// Where a period stands.
pub fn period_state(state: PeriodState) -> String {
    match state {
        PeriodState::Historical => t!("period-historical"),
        PeriodState::Open => t!("period-open"),
        PeriodState::Locked => t!("period-locked"),
        PeriodState::Upcoming => t!("period-upcoming"),
    }
}

/// What a line of the audit trail tells of.
pub fn audit_kind(kind: AuditKind) -> String {
    match kind {
        AuditKind::SignIn => t!("audit-sign-in"),
        AuditKind::Refusal => t!("audit-refusal"),
        AuditKind::Read => t!("audit-read"),
        AuditKind::Export => t!("audit-export-kind"),
        AuditKind::Change => t!("audit-change"),
        AuditKind::View => t!("audit-view"),
    }
}

/// What was done. What has no word of its own stands as the trail has it, as requests do.
pub fn deed(what: &str) -> String {
    match what {
        "session.begin" => t!("deed-session-begin"),
        "session.refresh" => t!("deed-session-refresh"),
        "session.end" => t!("deed-session-end"),
        "account.locked" => t!("deed-account-locked"),
        "account.created" => t!("deed-account-created"),
        "account.changed" => t!("deed-account-changed"),
        "account.deactivated" => t!("deed-account-deactivated"),
        "account.reactivated" => t!("deed-account-reactivated"),
        "account.transferred" => t!("deed-account-transferred"),
        "account.transfer_cancelled" => t!("deed-transfer-cancelled"),
        "account.leave_begun" => t!("deed-leave-begun"),
        "account.leave_ended" => t!("deed-leave-ended"),
        "account.password_changed" => t!("deed-password-changed"),
        "account.password_issued" => t!("deed-password-issued"),
        "department.created" => t!("deed-department-created"),
        "department.changed" => t!("deed-department-changed"),
        "units.imported" => t!("deed-units-imported"),
        "units.changed" => t!("deed-units-changed"),
        "units.change_withdrawn" => t!("deed-units-withdrawn"),
        "unit.moved" => t!("deed-unit-moved"),
        "period.locked" => t!("deed-period-locked"),
        "period.opened" => t!("deed-period-opened"),
        "audit.exported" => t!("deed-audit-exported"),
        "audit.purged" => t!("deed-audit-purged"),
        "session.view_begun" => t!("deed-view-begun"),
        "session.deputy_begun" => t!("deed-deputy-begun"),
        "account.phone_revealed" => t!("deed-phone-revealed"),
        "accounts.created" => t!("deed-accounts-created"),
        _ => deed_on_report(what)
            .or_else(|| deed_of_correspondence(what))
            .or_else(|| deed_on_record(what))
            .unwrap_or_else(|| what.to_owned()),
    }
}

fn deed_of_correspondence(what: &str) -> Option<String> {
    Some(match what {
        "extension.asked" => t!("deed-extension-asked"),
        "extension.granted" => t!("deed-extension-granted"),
        "extension.refused" => t!("deed-extension-refused"),
        "extension.withdrawn" => t!("deed-extension-withdrawn"),
        "feedback.submitted" => t!("deed-feedback-submitted"),
        "feedback.accepted" => t!("deed-feedback-accepted"),
        "feedback.answered" => t!("deed-feedback-answered"),
        "feedback.rated" => t!("deed-feedback-rated"),
        "target.set" => t!("deed-target-set"),
        "target.withdrawn" => t!("deed-target-withdrawn"),
        "phrase.kept" => t!("deed-phrase-kept"),
        "phrase.removed" => t!("deed-phrase-removed"),
        "unit.tagged" => t!("deed-unit-tagged"),
        "unit.untagged" => t!("deed-unit-untagged"),
        "task.created" => t!("deed-task-created"),
        "task.handed_down" => t!("deed-task-handed-down"),
        "task.note" => t!("deed-task-noted"),
        "file.added" => t!("deed-file-added"),
        "task.extension.asked" | "task.reassignment.asked" => t!("deed-task-asked"),
        other
            if other.starts_with("task.extension.") || other.starts_with("task.reassignment.") =>
        {
            t!("deed-task-decided")
        }
        other if other.starts_with("task.") => t!("deed-task-acted"),
        "view.saved" => t!("deed-view-saved"),
        "view.changed" => t!("deed-view-changed"),
        "view.removed" => t!("deed-view-removed"),
        _ => return None,
    })
}

fn deed_on_record(what: &str) -> Option<String> {
    Some(match what {
        "record.made" => t!("deed-record-made"),
        "record.edited" => t!("deed-record-edited"),
        "record.moved" => t!("deed-record-moved"),
        "record.deleted" => t!("deed-record-deleted"),
        "record.restored" => t!("deed-record-restored"),
        "record.merged" => t!("deed-record-merged"),
        "records.replaced" => t!("deed-records-replaced"),
        "records.imported" => t!("deed-records-imported"),
        "record.revealed" => t!("deed-record-revealed"),
        "personal.rotated" => t!("deed-personal-rotated"),
        _ => return None,
    })
}

fn deed_on_report(what: &str) -> Option<String> {
    Some(match what {
        "report.created" => t!("deed-report-created"),
        "report.saved" => t!("deed-report-saved"),
        "report.submitted" => t!("deed-report-submitted"),
        "report.checked" => t!("deed-report-checked"),
        "report.approved" => t!("deed-report-approved"),
        "report.returned" => t!("deed-report-returned"),
        "report.reopened" => t!("deed-report-reopened"),
        _ => return None,
    })
}

/// How it ended.
pub fn outcome(outcome: &str) -> String {
    match outcome {
        "ok" => t!("outcome-ok"),
        "forbidden" => t!("outcome-forbidden"),
        "not_found" => t!("outcome-not-found"),
        "wrong_credentials" => t!("outcome-credentials"),
        "unauthenticated" => t!("outcome-unauthenticated"),
        "too_many_requests" => t!("outcome-too-many"),
        "account_locked" => t!("deed-account-locked"),
        "token_expired" | "invalid_refresh" => t!("outcome-expired"),
        "password_change_required" => t!("outcome-password"),
        other => other.to_owned(),
    }
}
