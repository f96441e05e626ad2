//! The time: instants in UTC, days in Asia/Shanghai.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

/// The clock of a server; for tests its day can stand still.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    fixed: Option<NaiveDate>,
}

impl Clock {
    /// A clock whose day is always that one, or the true clock.
    pub fn new(fixed: Option<NaiveDate>) -> Clock {
        Clock { fixed }
    }

    /// Microseconds since 1970 in UTC.
    pub fn now(self) -> i64 {
        Utc::now().timestamp_micros()
    }

    /// The day in Asia/Shanghai.
    pub fn today(self) -> NaiveDate {
        let east = FixedOffset::east_opt(8 * 3600);
        let now = Utc::now();
        self.fixed.unwrap_or_else(|| {
            east.map_or_else(
                || now.date_naive(),
                |east| now.with_timezone(&east).date_naive(),
            )
        })
    }
}

/// The instant of a stored number.
pub fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}
