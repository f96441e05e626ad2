//! The programme: projects, matters, metrics, targets, forms, periods.

use crate::unit::{Level, UnitKind};

wire! {
    /// A programme (方案).
    pub struct Programme {
        /// The code.
        pub code: String,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// The edition of the package.
        pub version: u32,
        /// Who issued it, in Chinese.
        pub issued_by_zh: String,
        /// Who issued it, in English.
        pub issued_by_en: String,
        /// The day of issue.
        pub issued_on: chrono::NaiveDate,
        /// The first day.
        pub valid_from: chrono::NaiveDate,
        /// The last day.
        pub valid_until: chrono::NaiveDate,
        /// Where the content comes from, in Chinese.
        pub source_zh: String,
        /// Where the content comes from, in English.
        pub source_en: String,
        /// What stands beside this system's own numbers, in Chinese.
        pub display_note_zh: String,
        /// What stands beside this system's own numbers, in English.
        pub display_note_en: String,
        /// What follows the plan.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub follow_on: Option<FollowOn>,
    }
}

wire! {
    /// The plan of the years after: the same projects and matters, targets of its own.
    pub struct FollowOn {
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// The first day.
        pub valid_from: chrono::NaiveDate,
        /// The last day; absent while it is to be set (待定).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub valid_until: Option<chrono::NaiveDate>,
        /// What is still open, in Chinese.
        pub note_zh: String,
        /// What is still open, in English.
        pub note_en: String,
    }
}

wire! {
    /// A project (工程).
    pub struct Project {
        /// The code.
        pub code: String,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// Codes of its matters.
        pub matters: Vec<String>,
    }
}

wire! {
    /// One step of who fills, checks, decides.
    pub struct FlowStep {
        /// `fill`, `check` or `decide`.
        pub step: String,
        /// The level.
        pub level: Level,
        /// Who, in Chinese.
        pub by_zh: String,
        /// Who, in English.
        pub by_en: String,
    }
}

wire! {
    /// A matter (实事).
    pub struct Matter {
        /// The code: this system's own number.
        pub code: String,
        /// The project's code.
        pub project: String,
        /// The number in the official document, where the office has filled it in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub official_no: Option<String>,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// What is done, in Chinese.
        pub summary_zh: String,
        /// What is done, in English.
        pub summary_en: String,
        /// Lead departments (牵头单位) in Chinese.
        pub lead_departments: Vec<String>,
        /// Responsible departments (责任单位) in Chinese.
        pub responsible_departments: Vec<String>,
        /// The levels it is handed down to.
        pub levels: Vec<Level>,
        /// `yearly`, `half_yearly`, `quarterly`, `monthly`; absent where it goes on all the time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub cadence: Option<String>,
        /// Who fills, checks, decides.
        pub flow: Vec<FlowStep>,
        /// Ledgers (台账) kept for it, in Chinese.
        pub ledgers: Vec<String>,
        /// Codes of its forms.
        pub forms: Vec<String>,
        /// Its metrics.
        pub metrics: Vec<Metric>,
    }
}

wire! {
    /// A metric (指标) with its targets.
    pub struct Metric {
        /// The code.
        pub code: String,
        /// The matter's code.
        pub matter: String,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// What is counted, in Chinese.
        pub definition_zh: String,
        /// What is counted, in English.
        pub definition_en: String,
        /// The unit in Chinese.
        pub unit_zh: String,
        /// The unit in English.
        pub unit_en: String,
        /// The decimals by which its integers are scaled.
        pub decimals: u8,
        /// `sum` or `ratio`.
        pub kind: String,
        /// `active`, or `pending` while its ledger or form does not exist.
        pub status: String,
        /// `reported`, `computed` or `derived`.
        pub source: String,
        /// The level of the units that are expected to have it.
        pub level: Level,
        /// Their kinds; empty means every kind.
        pub kinds: Vec<UnitKind>,
        /// `higher`, `lower` or `neither` (never ranked).
        pub better: String,
        /// Whether it stands at the top of the overview.
        pub headline: bool,
        /// Its targets.
        pub targets: Vec<Target>,
    }
}

wire! {
    /// A target (目标值).
    pub struct Target {
        /// The level at which it is judged.
        pub level: Level,
        /// The value, scaled; absent where only a direction is asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value: Option<i64>,
        /// `on`, `each_year`, `each_half_year`, `each_quarter`, `each_month`.
        pub deadline: String,
        /// The day of `on`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub by: Option<chrono::NaiveDate>,
        /// `at_least`, `at_most`, `about`, `rising`, `set_per_unit`, `to_be_set` (待定).
        pub comparison: String,
        /// The tolerance of `about`, scaled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tolerance: Option<i64>,
        /// Whether it is an aim (力争).
        pub aim: bool,
        /// Whether it is the unit's own, set from above, in place of what the plan says for the level.
        #[serde(default)]
        pub own: bool,
        /// The plan's own words; absent where the value is a setting of the package (待核).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub exact_text_zh: Option<String>,
        /// The first day on which it holds.
        pub valid_from: chrono::NaiveDate,
        /// The last day on which it holds; absent where it goes on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub valid_until: Option<chrono::NaiveDate>,
    }
}

wire! {
    /// A form (报送表) in a list.
    pub struct FormSummary {
        /// The code.
        pub code: String,
        /// The matter's code.
        pub matter: String,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// `yearly`, `half_yearly`, `quarterly`, `monthly`.
        pub cadence: String,
        /// The level that reports.
        pub level: Level,
        /// The levels that may fill in: the unit's own, and those above in its place (代填).
        pub fill_levels: Vec<Level>,
        /// The level that checks; absent where nobody stands between.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub check_level: Option<Level>,
        /// The level that approves.
        pub approve_level: Level,
        /// The period that is to be filled in now: the latest that has opened.
        pub current_period: String,
        /// From which period on this definition applies; absent for the first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<String>,
    }
}

wire! {
    /// A form whole.
    pub struct Form {
        /// What the list shows.
        pub summary: FormSummary,
        /// The sections with their fields.
        pub sections: Vec<FormSection>,
        /// The form's definition as JSON text, the shape of `zhenxing_domain::package::FormDef`: a client that has
        /// the shared rules evaluates them with it.
        pub definition: String,
    }
}

wire! {
    /// A section of a form.
    pub struct FormSection {
        /// The Chinese heading.
        pub title_zh: String,
        /// The English heading.
        pub title_en: String,
        /// The fields.
        pub fields: Vec<FormField>,
    }
}

wire! {
    /// A field of a form.
    pub struct FormField {
        /// The code.
        pub code: String,
        /// The Chinese name.
        pub name_zh: String,
        /// The English name.
        pub name_en: String,
        /// `money` (fen), `integer`, `decimal`, `text`, `yes_no`, `choice`.
        pub kind: String,
        /// By how many decimals the integer of a number is scaled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub decimals: Option<u8>,
        /// The unit in Chinese.
        pub unit_zh: String,
        /// The unit in English.
        pub unit_en: String,
        /// Whether it must be filled in.
        pub required: bool,
        /// Whether it is computed: shown, never sent.
        pub computed: bool,
        /// Whether it is carried over from an approved report that comes once: shown, never sent.
        pub carried: bool,
        /// What to enter, in Chinese.
        pub hint_zh: String,
        /// What to enter, in English.
        pub hint_en: String,
        /// The smallest number, scaled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub min: Option<i64>,
        /// The largest number, scaled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub max: Option<i64>,
        /// How many characters a text may have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub max_len: Option<u32>,
    }
}

/// Where a period of a form stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PeriodState {
    /// 历史补录: never overdue.
    Historical,
    /// 填报中
    Open,
    /// 已锁定: changes by revision only.
    Locked,
    /// 未开始
    Upcoming,
}

wire! {
    /// A period (期次) of a form.
    pub struct FormPeriod {
        /// The period.
        pub period: String,
        /// Where it stands.
        pub state: PeriodState,
        /// Whether it is locked (已锁定), historical or not.
        pub locked: bool,
        /// From that day it may be filled in; absent for a historical period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub opens: Option<chrono::NaiveDate>,
        /// Filled in by the end of that day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub fill_due: Option<chrono::NaiveDate>,
        /// Checked by the end of that day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub check_due: Option<chrono::NaiveDate>,
        /// Approved by the end of that day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub approve_due: Option<chrono::NaiveDate>,
    }
}

wire! {
    /// Locks or opens a period.
    #[serde(deny_unknown_fields)]
    pub struct SetPeriod {
        /// Whether it shall be locked.
        pub locked: bool,
    }
}
