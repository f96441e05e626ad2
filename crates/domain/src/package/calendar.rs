//! Working days, and how the office sets deadlines: a due day that falls on a day off may move to the next working day.

use super::schedule::ScheduleDates;
use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How deadlines are set and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadlines {
    /// From so many days before it is due, a thing is shown as 临期.
    pub soon_days: u32,
    /// Whether a due day that falls on a day off moves to the next working day.
    pub move_to_working_day: bool,
    /// By how many days beyond the due day an extension (延期) may be asked.
    pub extension_max_days: u32,
}

impl Default for Deadlines {
    fn default() -> Self {
        Deadlines {
            soon_days: 7,
            move_to_working_day: false,
            extension_max_days: 30,
        }
    }
}

/// Public holidays and the weekends on which people work instead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Days off beside Saturdays and Sundays.
    pub holidays: BTreeSet<NaiveDate>,
    /// Saturdays and Sundays that are working days (调休上班).
    pub workdays: BTreeSet<NaiveDate>,
}

impl Calendar {
    /// Whether people work on that day.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        if self.holidays.contains(&day) {
            return false;
        }
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        !weekend || self.workdays.contains(&day)
    }

    /// The day itself where people work on it, or the next one on which they do.
    pub fn working_from(&self, day: NaiveDate) -> NaiveDate {
        // No stretch of days off is longer than a month.
        let days = day.iter_days().take(31);
        days.into_iter()
            .find(|day| self.is_working(*day))
            .unwrap_or(day)
    }
}

impl ScheduleDates {
    /// The dates with every due day moved to a working day.
    pub fn on_working_days(self, calendar: &Calendar) -> ScheduleDates {
        ScheduleDates {
            opens: self.opens,
            fill_due: calendar.working_from(self.fill_due),
            check_due: self.check_due.map(|day| calendar.working_from(day)),
            approve_due: calendar.working_from(self.approve_due),
        }
    }

    /// The dates of a unit to which an extension until that day was granted: nothing is due before it is filled in.
    pub fn extended(self, until: Option<NaiveDate>) -> ScheduleDates {
        let Some(until) = until else {
            return self;
        };
        ScheduleDates {
            opens: self.opens,
            fill_due: self.fill_due.max(until),
            check_due: self.check_due.map(|day| day.max(until)),
            approve_due: self.approve_due.max(until),
        }
    }
}

/// The light of a thing that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// 正常
    Normal,
    /// 临期
    Soon,
    /// 逾期
    Overdue,
}

impl Light {
    /// The light on a day of what is due by the end of another; what has no due day is never late.
    pub fn of(due: Option<NaiveDate>, today: NaiveDate, soon_days: u32) -> Light {
        match due.map(|due| (due - today).num_days()) {
            Some(left) if left < 0 => Light::Overdue,
            Some(left) if left <= i64::from(soon_days) => Light::Soon,
            _ => Light::Normal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar() -> Calendar {
        let days = |all: &[&str]| all.iter().map(|text| day(text)).collect();
        Calendar {
            holidays: days(&[
                "2026-10-01",
                "2026-10-02",
                "2026-10-05",
                "2026-10-06",
                "2026-10-07",
            ]),
            workdays: days(&["2026-09-20", "2026-10-10"]),
        }
    }

    #[test]
    fn due_days_move_to_working_days() {
        for (due, moved) in [
            ("2026-09-18", "2026-09-18"),
            ("2026-09-19", "2026-09-20"),
            ("2026-09-20", "2026-09-20"),
            ("2026-09-26", "2026-09-28"),
            ("2026-10-01", "2026-10-08"),
            ("2026-10-03", "2026-10-08"),
            ("2026-10-10", "2026-10-10"),
            ("2026-10-11", "2026-10-12"),
        ] {
            assert_eq!(calendar().working_from(day(due)), day(moved), "{due}");
        }
    }

    #[test]
    fn the_lights() {
        let cases = [
            (None, Light::Normal),
            (Some("2026-12-20"), Light::Normal),
            (Some("2026-12-02"), Light::Normal),
            (Some("2026-12-01"), Light::Soon),
            (Some("2026-11-25"), Light::Soon),
            (Some("2026-11-24"), Light::Soon),
            (Some("2026-11-23"), Light::Overdue),
            (Some("2021-12-20"), Light::Overdue),
        ];
        for (due, light) in cases {
            assert_eq!(
                Light::of(due.map(day), day("2026-11-24"), 7),
                light,
                "{due:?}"
            );
        }
        assert_eq!(
            Light::of(Some(day("2026-11-25")), day("2026-11-24"), 0),
            Light::Normal
        );
        assert_eq!(
            Light::of(Some(day("2026-11-24")), day("2026-11-24"), 0),
            Light::Soon
        );
    }

    #[test]
    fn an_extension_moves_every_step_that_would_come_before_it() {
        let dates = ScheduleDates {
            opens: day("2026-11-01"),
            fill_due: day("2026-12-20"),
            check_due: Some(day("2026-12-25")),
            approve_due: day("2026-12-31"),
        };
        for (until, fill, check, approve) in [
            (None, "2026-12-20", "2026-12-25", "2026-12-31"),
            (Some("2026-12-22"), "2026-12-22", "2026-12-25", "2026-12-31"),
            (Some("2026-12-28"), "2026-12-28", "2026-12-28", "2026-12-31"),
            (Some("2027-01-05"), "2027-01-05", "2027-01-05", "2027-01-05"),
            (Some("2026-12-01"), "2026-12-20", "2026-12-25", "2026-12-31"),
        ] {
            let moved = dates.extended(until.map(day));
            let expected = (day(fill), Some(day(check)), day(approve));
            assert_eq!(
                (moved.fill_due, moved.check_due, moved.approve_due),
                expected,
                "{until:?}"
            );
        }
    }
}
