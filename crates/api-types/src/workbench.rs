//! The workbench (工作台): what waits for me.

use crate::figure::MetricFigure;
use crate::report::{Due, Light, ReportState};
use crate::unit::UnitRef;

wire! {
    /// Reports of one form and period that wait for the one who asks.
    pub struct Waiting {
        /// The form's code.
        pub form: String,
        /// The form's Chinese name.
        pub form_name_zh: String,
        /// The form's English name.
        pub form_name_en: String,
        /// The period.
        pub period: String,
        /// The state in which they wait: `submitted` for a check, `checked` for an approval.
        pub state: ReportState,
        /// How many.
        pub count: i64,
        /// To be done by the end of that day; absent for a historical period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due: Option<chrono::NaiveDate>,
        /// The light.
        pub light: Light,
    }
}

wire! {
    /// Extensions (延期) of one form and period that wait for the decision of the one who asks.
    pub struct WaitingExtensions {
        /// The form's code.
        pub form: String,
        /// The form's Chinese name.
        pub form_name_zh: String,
        /// The form's English name.
        pub form_name_en: String,
        /// The period.
        pub period: String,
        /// How many.
        pub count: i64,
        /// The first due day that they are to move: by then the decision is needed.
        pub due: chrono::NaiveDate,
        /// The light of that day.
        pub light: Light,
    }
}

wire! {
    /// How far one form's period has come under the asker's unit.
    pub struct Progress {
        /// The form's code.
        pub form: String,
        /// The form's Chinese name.
        pub form_name_zh: String,
        /// The form's English name.
        pub form_name_en: String,
        /// The period.
        pub period: String,
        /// Units that are expected to report.
        pub expected: i64,
        /// Reports submitted and waiting for the check.
        pub submitted: i64,
        /// Reports checked and waiting for approval.
        pub checked: i64,
        /// Reports approved.
        pub approved: i64,
        /// Reports returned.
        pub returned: i64,
        /// Whether I may fill in for the units below me that have not reported (代填).
        pub can_fill: bool,
        /// Filled in by the end of that day; absent for a historical period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub fill_due: Option<chrono::NaiveDate>,
        /// The light of what is still to be filled in below me.
        pub light: Light,
    }
}

wire! {
    /// Periods of a form that enter as 历史补录 and that my unit has not begun; they are never overdue.
    pub struct Backlog {
        /// The form's code.
        pub form: String,
        /// The form's Chinese name.
        pub form_name_zh: String,
        /// The form's English name.
        pub form_name_en: String,
        /// The periods, latest first.
        pub periods: Vec<String>,
    }
}

wire! {
    /// What waits for me, and my unit's figures.
    pub struct Workbench {
        /// My unit.
        pub unit: UnitRef,
        /// The day, in Asia/Shanghai.
        pub today: chrono::NaiveDate,
        /// The next day by which something of mine is due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next_deadline: Option<chrono::NaiveDate>,
        /// What my unit has to fill in: not begun, drafts, and what came back; of 历史补录 the latest that is not begun.
        pub to_fill: Vec<Due>,
        /// What my unit handed in of the current period of each form, with where it stands.
        pub handed_in: Vec<Due>,
        /// What else my unit may still enter as 历史补录.
        pub backlog: Vec<Backlog>,
        /// What waits for my check or approval.
        pub to_review: Vec<Waiting>,
        /// Extensions that wait for my decision.
        pub to_extend: Vec<WaitingExtensions>,
        /// How far the current periods have come below me.
        pub progress: Vec<Progress>,
        /// My unit's headline figures.
        pub figures: Vec<MetricFigure>,
    }
}
