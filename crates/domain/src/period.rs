//! Periods: a year, a half-year, a quarter or a month, with their first and last days.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// How often something comes round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// Once a year.
    Yearly,
    /// Twice a year.
    HalfYearly,
    /// Four times a year.
    Quarterly,
    /// Every month.
    Monthly,
}

impl Cadence {
    /// The months that a period of this cadence lasts.
    pub fn months(self) -> u32 {
        match self {
            Cadence::Yearly => 12,
            Cadence::HalfYearly => 6,
            Cadence::Quarterly => 3,
            Cadence::Monthly => 1,
        }
    }
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no period: write 2024, 2024H1, 2024Q3 or 2024-07")]
pub struct PeriodError(pub String);

/// A period of one cadence. Shown as `2024`, `2024H1`, `2024Q3` or `2024-07`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    year: u16,
    cadence: Cadence,
    index: u8,
}

impl Period {
    /// The period of that cadence with that number in the year, counted from one.
    ///
    /// # Errors
    /// When the year is outside 1900–2999 or the number outside the year.
    pub fn new(year: u16, cadence: Cadence, index: u8) -> Result<Period, PeriodError> {
        let most = 12 / cadence.months();
        if !(1900..=2999).contains(&year) || index == 0 || u32::from(index) > most {
            return Err(PeriodError(format!("{year}/{index}")));
        }
        Ok(Period {
            year,
            cadence,
            index,
        })
    }

    /// Reads `2024`, `2024H1`, `2024Q3` or `2024-07`.
    ///
    /// # Errors
    /// [`PeriodError`] with the text.
    pub fn parse(text: &str) -> Result<Period, PeriodError> {
        let wrong = || PeriodError(text.chars().take(20).collect());
        let year_text = text.get(..4).ok_or_else(wrong)?;
        let rest = text.get(4..).ok_or_else(wrong)?;
        if !text.is_ascii() || !year_text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let (cadence, digits, width) = match rest.get(..1) {
            None => (Cadence::Yearly, "1", 1),
            Some("H") => (Cadence::HalfYearly, rest.get(1..).unwrap_or(""), 1),
            Some("Q") => (Cadence::Quarterly, rest.get(1..).unwrap_or(""), 1),
            Some("-") => (Cadence::Monthly, rest.get(1..).unwrap_or(""), 2),
            Some(_) => return Err(wrong()),
        };
        if digits.len() != width || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let year = year_text.parse().map_err(|_| wrong())?;
        let index = digits.parse().map_err(|_| wrong())?;
        Period::new(year, cadence, index).map_err(|_| wrong())
    }

    /// The period of that cadence in which the day falls.
    ///
    /// # Errors
    /// When the day's year is outside 1900–2999.
    pub fn containing(day: NaiveDate, cadence: Cadence) -> Result<Period, PeriodError> {
        let year = u16::try_from(day.year()).map_err(|_| PeriodError(day.to_string()))?;
        let index = u8::try_from(day.month0() / cadence.months() + 1)
            .map_err(|_| PeriodError(day.to_string()))?;
        Period::new(year, cadence, index)
    }

    /// The year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The cadence.
    pub fn cadence(self) -> Cadence {
        self.cadence
    }

    /// The first day.
    pub fn first_day(self) -> NaiveDate {
        let month = (u32::from(self.index) - 1) * self.cadence.months() + 1;
        NaiveDate::from_ymd_opt(i32::from(self.year), month, 1).unwrap_or_default()
    }

    /// The last day: the tree of this day is the period's tree.
    pub fn last_day(self) -> NaiveDate {
        let next = self
            .first_day()
            .checked_add_months(Months::new(self.cadence.months()));
        next.and_then(|day| day.checked_sub_days(Days::new(1)))
            .unwrap_or_default()
    }

    /// The next period of the same cadence.
    pub fn next(self) -> Option<Period> {
        let day = self.last_day().checked_add_days(Days::new(1))?;
        Period::containing(day, self.cadence).ok()
    }

    /// The period before, of the same cadence.
    pub fn previous(self) -> Option<Period> {
        let day = self.first_day().checked_sub_days(Days::new(1))?;
        Period::containing(day, self.cadence).ok()
    }

    /// The same period of the year before.
    pub fn last_year(self) -> Option<Period> {
        let year = self.year.checked_sub(1)?;
        Period::new(year, self.cadence, self.index).ok()
    }

    /// A number that sorts as the periods do, for the database: year, cadence, index.
    pub fn key(self) -> i32 {
        let cadence = match self.cadence {
            Cadence::Yearly => 0,
            Cadence::HalfYearly => 1,
            Cadence::Quarterly => 2,
            Cadence::Monthly => 3,
        };
        i32::from(self.year) * 1000 + cadence * 100 + i32::from(self.index)
    }

    /// The period with that [`Period::key`].
    ///
    /// # Errors
    /// When no period has it.
    pub fn from_key(key: i32) -> Result<Period, PeriodError> {
        let wrong = || PeriodError(key.to_string());
        let cadence = match key / 100 % 10 {
            0 => Cadence::Yearly,
            1 => Cadence::HalfYearly,
            2 => Cadence::Quarterly,
            3 => Cadence::Monthly,
            _ => return Err(wrong()),
        };
        let year = u16::try_from(key / 1000).map_err(|_| wrong())?;
        let index = u8::try_from(key % 100).map_err(|_| wrong())?;
        Period::new(year, cadence, index)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cadence {
            Cadence::Yearly => write!(formatter, "{}", self.year),
            Cadence::HalfYearly => write!(formatter, "{}H{}", self.year, self.index),
            Cadence::Quarterly => write!(formatter, "{}Q{}", self.year, self.index),
            Cadence::Monthly => write!(formatter, "{}-{:02}", self.year, self.index),
        }
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, PeriodError> {
        Period::parse(&text)
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_and_write_alike() {
        for (text, first, last) in [
            ("2024", "2024-01-01", "2024-12-31"),
            ("2024H2", "2024-07-01", "2024-12-31"),
            ("2024Q1", "2024-01-01", "2024-03-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
        ] {
            let period = Period::parse(text).unwrap();
            assert_eq!(period.to_string(), text);
            assert_eq!(period.first_day().to_string(), first);
            assert_eq!(period.last_day().to_string(), last);
            assert_eq!(Period::from_key(period.key()).unwrap(), period);
            assert_eq!(period.next().unwrap().previous().unwrap(), period);
        }
    }

    #[test]
    fn other_texts_are_no_periods() {
        for text in [
            "", "24", "2024Q5", "2024Q0", "2024-13", "2024-7", "2024H", "2024年", "20244", "0024",
        ] {
            assert!(Period::parse(text).is_err(), "{text}");
        }
        assert!(Period::from_key(2024900).is_err());
    }
}
