//! Changes of the division tree (区划调整), past and coming, and where a unit stood.

use crate::unit::{UnitKind, UnitRef};
use chrono::NaiveDate;
use uuid::Uuid;

mirror! {
    /// What kind of change it is.
    UnitChangeKind from zhenxing_domain::unit_change::ChangeKind {
        /// 更名
        Rename,
        /// 改隶
        Move,
        /// 合并
        Merge,
        /// 拆分
        Split,
        /// 撤销
        End,
        /// 类别更正
        Reclassify,
    }
}

mirror! {
    /// Where a change stands.
    UnitChangeState from zhenxing_domain::unit_change::ChangeState {
        /// 待生效: it can be withdrawn.
        Planned,
        /// 已生效
        Effective,
        /// 已撤回
        Withdrawn,
    }
}

wire! {
    /// One of the units that a unit is split into.
    #[serde(deny_unknown_fields)]
    pub struct UnitPiece {
        /// The code; the split unit's own code lets it go on as this piece.
        pub code: String,
        /// The name.
        pub name: String,
        /// Codes of the units below that come to this piece; every one comes to exactly one.
        #[serde(default)]
        pub children: Vec<String>,
    }
}

wire! {
    /// A change to make. `rename` takes one unit with `name` or `code` or both; `move` takes units and `parent`; `merge`
    /// takes units and the `code` of the unit that remains or is new, with `name` where it is new or renamed and `parent`
    /// where it is not the first unit's; `split` takes one unit and `pieces`; `end` takes units; `reclassify` takes units
    /// and `unit_kind`.
    #[serde(deny_unknown_fields)]
    pub struct NewUnitChange {
        /// What kind of change.
        pub kind: UnitChangeKind,
        /// From which day on: the first of a month.
        pub from: NaiveDate,
        /// Codes of the units, as they are on that day.
        pub units: Vec<String>,
        /// The new name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// The new code, or the code of the unit that takes over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub code: Option<String>,
        /// The code of the unit above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent: Option<String>,
        /// The right kind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit_kind: Option<UnitKind>,
        /// What a unit is split into.
        #[serde(default)]
        pub pieces: Vec<UnitPiece>,
        /// Why, with the document's number (文号).
        pub reason: String,
        /// The cause, where the figures of locked periods change; without it such a change is refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub locked_cause: Option<String>,
    }
}

wire! {
    /// A unit before and after a change.
    pub struct UnitShift {
        /// As it stands after the change.
        pub unit: UnitRef,
        /// The kind after the change.
        pub unit_kind: UnitKind,
        /// The unit above after the change.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent: Option<UnitRef>,
        /// As it stood before; absent where it is new.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub before: Option<UnitRef>,
        /// The kind before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub kind_before: Option<UnitKind>,
        /// The unit above before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent_before: Option<UnitRef>,
    }
}

wire! {
    /// A report that is under way at a unit that is placed anew or ends.
    pub struct OpenReport {
        /// The report's number.
        pub id: Uuid,
        /// The form.
        pub form: String,
        /// The period.
        pub period: String,
        /// The unit.
        pub unit: UnitRef,
        /// Where it stands.
        pub state: crate::report::ReportState,
    }
}

wire! {
    /// An account at a unit that ends; it can sign in no longer from that day on.
    pub struct StrandedAccount {
        /// The account's name.
        pub login: String,
        /// The person's or office's name.
        pub name: String,
        /// The unit.
        pub unit: UnitRef,
    }
}

wire! {
    /// A period whose figures are computed again.
    pub struct TouchedPeriod {
        /// The form.
        pub form: String,
        /// The period.
        pub period: String,
        /// Whether it is locked.
        pub locked: bool,
    }
}

wire! {
    /// How many units of a unit are expected to report a form, before and after.
    pub struct ExpectedShift {
        /// The form.
        pub form: String,
        /// The form's Chinese name.
        pub form_name_zh: String,
        /// The form's English name.
        pub form_name_en: String,
        /// The unit, as it stood before; where it is new, as it will stand.
        pub unit: UnitRef,
        /// Before.
        pub before: i64,
        /// After.
        pub after: i64,
    }
}

wire! {
    /// The units by which the target of a metric is measured, over the whole city, before and after.
    pub struct TargetShift {
        /// The metric.
        pub metric: String,
        /// Its Chinese name.
        pub metric_name_zh: String,
        /// Its English name.
        pub metric_name_en: String,
        /// Before.
        pub before: i64,
        /// After.
        pub after: i64,
    }
}

wire! {
    /// What a change does. Lists show their first entries, the numbers count all.
    pub struct UnitChangeEffect {
        /// Units placed anew, those below moved units and new ones among them.
        pub placed_count: i64,
        /// The first of them, from the top down.
        pub placed: Vec<UnitShift>,
        /// New units.
        pub created: Vec<UnitRef>,
        /// Units that end.
        pub ended: Vec<UnitRef>,
        /// Reports under way at units that are placed anew or end.
        pub open_reports_count: i64,
        /// The first of them.
        pub open_reports: Vec<OpenReport>,
        /// Accounts at units that end.
        pub accounts_count: i64,
        /// The first of them.
        pub accounts: Vec<StrandedAccount>,
        /// Periods whose figures are computed again.
        pub periods: Vec<TouchedPeriod>,
        /// How many units are expected to report, where it differs, and for the whole city.
        pub expected: Vec<ExpectedShift>,
        /// Metrics with targets whose units are others.
        pub targets: Vec<TargetShift>,
    }
}

wire! {
    /// A change in a list.
    pub struct UnitChange {
        /// Its number; absent in a dry run.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<Uuid>,
        /// What kind of change.
        pub kind: UnitChangeKind,
        /// From which day on.
        pub from: NaiveDate,
        /// Where it stands.
        pub state: UnitChangeState,
        /// The units that it names, as they stood.
        pub units: Vec<UnitRef>,
        /// The units that stand instead, as they stand after it.
        pub result: Vec<UnitRef>,
        /// Why.
        pub reason: String,
        /// The cause given for locked periods.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub locked_cause: Option<String>,
        /// Who made it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub by: Option<String>,
        /// When it was made.
        pub at: chrono::DateTime<chrono::Utc>,
        /// When it was taken back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub withdrawn_at: Option<chrono::DateTime<chrono::Utc>>,
        /// Why it was taken back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub withdrawn_reason: Option<String>,
    }
}

wire! {
    /// A change with what it does.
    pub struct UnitChangeDetail {
        /// Whether this is a dry run and nothing was changed.
        pub dry_run: bool,
        /// The change.
        pub change: UnitChange,
        /// What it does, as worked out when it was made.
        pub effect: UnitChangeEffect,
    }
}

wire! {
    /// Takes a planned change back.
    #[serde(deny_unknown_fields)]
    pub struct WithdrawUnitChange {
        /// Why.
        pub reason: String,
    }
}

wire! {
    /// Where and under which name a unit stood, from one day to another.
    pub struct UnitPlacement {
        /// The first day.
        pub from: NaiveDate,
        /// The last day, where it ended or will end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<NaiveDate>,
        /// The code.
        pub code: String,
        /// The name.
        pub name: String,
        /// The kind.
        pub kind: UnitKind,
        /// The code of the unit above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent: Option<String>,
        /// The name of the unit above.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent_name: Option<String>,
        /// The change that began it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub change: Option<Uuid>,
    }
}
