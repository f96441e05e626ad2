//! When a period of a form opens and when each step is due.

use crate::period::Period;
use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// A day named relative to a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// That day of the year in which the period ends, written `11-01`.
    InYear {
        /// The month, from one.
        month: u32,
        /// The day, from one.
        day: u32,
    },
    /// So many days after the period's last day (before it when negative), written `+10d` or `-5d`.
    AfterEnd {
        /// The days.
        days: i32,
    },
}

impl Moment {
    /// Reads `11-01`, `+10d` or `-5d`. The 29th of February is no day of every year and is refused.
    pub fn parse(text: &str) -> Option<Moment> {
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if plain {
                digits.parse::<u32>().ok()
            } else {
                None
            }
        };
        if let Some(days) = text.strip_suffix('d') {
            let negative = days.starts_with('-');
            let digits = days.strip_prefix(['+', '-'])?;
            let count = i32::try_from(number(digits)?)
                .ok()
                .filter(|count| *count <= 3660)?;
            return Some(Moment::AfterEnd {
                days: if negative { -count } else { count },
            });
        }
        let (month, day) = text.split_once('-')?;
        let (month, day) = (number(month)?, number(day)?);
        NaiveDate::from_ymd_opt(2023, month, day)?;
        Some(Moment::InYear { month, day })
    }

    /// The day for a period.
    pub fn date(self, period: Period) -> Option<NaiveDate> {
        let end = period.last_day();
        match self {
            Moment::InYear { month, day } => NaiveDate::from_ymd_opt(end.year(), month, day),
            Moment::AfterEnd { days } => {
                let distance = Days::new(u64::from(days.unsigned_abs()));
                if days < 0 {
                    end.checked_sub_days(distance)
                } else {
                    end.checked_add_days(distance)
                }
            }
        }
    }
}

/// When a period opens and when each step is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// From that day it may be filled in.
    pub opens: Moment,
    /// Filled in and submitted by then.
    pub fill_due: Moment,
    /// Checked by then; nothing where nobody checks.
    pub check_due: Option<Moment>,
    /// Approved by then.
    pub approve_due: Moment,
}

/// The days of a schedule for one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleDates {
    /// From that day it may be filled in.
    pub opens: NaiveDate,
    /// Filled in and submitted by the end of that day.
    pub fill_due: NaiveDate,
    /// Checked by the end of that day.
    pub check_due: Option<NaiveDate>,
    /// Approved by the end of that day.
    pub approve_due: NaiveDate,
}

impl Schedule {
    /// The days for a period.
    pub fn dates(&self, period: Period) -> Option<ScheduleDates> {
        Some(ScheduleDates {
            opens: self.opens.date(period)?,
            fill_due: self.fill_due.date(period)?,
            check_due: match self.check_due {
                Some(moment) => Some(moment.date(period)?),
                None => None,
            },
            approve_due: self.approve_due.date(period)?,
        })
    }
}

impl ScheduleDates {
    /// Whether the days stand in the order opening, filling, checking, approving.
    pub fn in_order(&self) -> bool {
        let check = self.check_due.unwrap_or(self.fill_due);
        self.opens < self.fill_due && self.fill_due <= check && check <= self.approve_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_name_days_of_a_period() {
        for (text, period, day) in [
            ("11-01", "2026", "2026-11-01"),
            ("+10d", "2026Q1", "2026-04-10"),
            ("-5d", "2026-02", "2026-02-23"),
            ("+0d", "2024-02", "2024-02-29"),
        ] {
            let moment = Moment::parse(text).unwrap();
            let date = moment.date(Period::parse(period).unwrap()).unwrap();
            assert_eq!(date.to_string(), day);
        }
        for text in [
            "", "d", "+d", "02-29", "13-01", "10d", "+99999d", "11/01", "+1-1d",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
