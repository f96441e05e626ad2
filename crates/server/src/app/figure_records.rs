//! From a derived figure to the records behind it: those that count, those that do not, and why not.

use super::figure::figures_scope;
use super::ledger::InUse;
use super::page::{self, PageAsk};
use super::session::{Who, unit_ref};
use super::{App, AppError, AppResult, Code};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;
use zhenxing_api_types::ledger::{FigureRecord, FigureRecords, FigureSelection, Record as View};
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::package::{Derivation, MetricDef, MetricSource, Selection};
use zhenxing_domain::policy::Scope;
use zhenxing_domain::record::{
    Days, Look, condition_words, derive, looks_at_restricted, needs, selected, unmet,
};
use zhenxing_storage::Conn;
use zhenxing_storage::record;
use zhenxing_storage::record_look::{OnDay, Records};

/// Which records of which figure.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FigureRecordsAsk {
    /// The metric's code.
    pub metric: String,
    /// The period; the latest that is over without it.
    pub period: Option<String>,
    /// The unit's code; the asker's own without it.
    pub unit: Option<String>,
    /// `numerator` or `denominator`; the numerator without it.
    pub side: Option<String>,
}

/// Where a record stands in the list: by selection, those that count first.
type Place = (usize, bool, i64);

/// A record of a selection.
struct Row {
    place: Place,
    why_not: Option<(String, String)>,
}

/// Where records are looked for.
struct Ground<'a> {
    unit: UnitId,
    days: Days,
    records: OnDay<'a>,
}

impl App {
    /// The records of the selections of a derived figure, with why those do not count that do not.
    ///
    /// # Errors
    /// `not_found`, or a refusal that names the parameter; `invalid_field` for a unit above the metric's level, whose figure is
    /// the sum of those below it.
    pub fn list_figure_records(
        &self,
        who: &Who,
        ask: &FigureRecordsAsk,
        paged: &PageAsk,
    ) -> AppResult<FigureRecords> {
        let limit = paged.limit()?;
        let after = paged.after::<Place>(ask)?;
        let (metric, form, _) = self.active_metric(&ask.metric)?;
        let (name, side) = side_of(metric, ask.side.as_deref())?;
        let scope = figures_scope(who, metric)?;
        let period = self.chosen_period(form, ask.period.as_deref())?;
        self.db.read(|conn| {
            let day = period.last_day();
            let unit = self.chosen_unit(conn, who, &scope, ask.unit.as_deref(), day)?;
            if unit.level != metric.applies_to.level {
                return Err(elsewhere());
            }
            let mut records = Records::over_time(conn)?;
            let needed = needs(side);
            for need in &needed {
                records.read_held(conn, need, &[unit.id])?;
            }
            let records = records.on(day);
            let ground = Ground {
                unit: unit.id,
                days: Days::of(period),
                records,
            };
            let (selections, rows) = self.selected_rows(who, side, &ground);
            let most = usize::try_from(limit)
                .unwrap_or(usize::MAX)
                .saturating_add(1);
            let rest = rows
                .into_iter()
                .filter(|row| after.is_none_or(|after| row.place > after));
            let rows = page::page(rest.take(most).collect(), limit, ask, |row: &Row| row.place);
            let held = needed
                .iter()
                .any(|need| !records.held(&need.ledger, unit.id).is_empty());
            let number = derive(side, unit.id, &ground.days, &records);
            Ok(FigureRecords {
                metric: metric.code.clone(),
                side: name.to_owned(),
                period: period.to_string(),
                unit: unit_ref(&unit),
                number: number.filter(|_| held),
                items: self.seen_rows(conn, who, side, &rows.items)?,
                selections,
                next_cursor: rows.next_cursor,
            })
        })
    }

    /// The selections of a side, and their records that the asker may be shown.
    fn selected_rows(
        &self,
        who: &Who,
        side: &Derivation,
        ground: &Ground<'_>,
    ) -> (Vec<FigureSelection>, Vec<Row>) {
        let (mut selections, mut rows) = (Vec::new(), Vec::new());
        for (at, selection) in side.selections().into_iter().enumerate() {
            let Some(ledger) = self.package.ledger(&selection.ledger) else {
                continue;
            };
            let (count, rest) = selected(selection, ground.unit, &ground.days, &ground.records);
            let readable = self.may_show(who, selection);
            let told = condition_words(&selection.condition, ledger, &self.package.ledgers);
            selections.push(FigureSelection {
                ledger: ledger.code.clone(),
                name_zh: ledger.name_zh.clone(),
                name_en: ledger.name_en.clone(),
                condition_zh: told.zh,
                condition_en: told.en,
                counted: counted(count.len()),
                left_out: counted(rest.len()),
                readable,
            });
            if !readable {
                continue;
            }
            rows.extend(count.iter().map(|record| Row {
                place: (at, false, record.id),
                why_not: None,
            }));
            rows.extend(rest.iter().map(|record| Row {
                place: (at, true, record.id),
                why_not: self.why_not(selection, record, ground),
            }));
        }
        rows.sort_by_key(|row| row.place);
        (selections, rows)
    }

    /// Whether the asker may see which records meet a condition: every ledger into which it looks, and every field.
    fn may_show(&self, who: &Who, selection: &Selection) -> bool {
        let looked = Derivation::Count(Box::new(selection.clone())).ledgers();
        let read = looked
            .iter()
            .all(|ledger| self.ledger_in_use(who, ledger).is_ok());
        let line = who.signed_in.actor.is_of_a_department();
        read && (line || !looks_at_restricted(selection, &self.package.ledgers))
    }

    /// The first part of the condition that does not hold.
    fn why_not(
        &self,
        selection: &Selection,
        record: &zhenxing_domain::record::Record,
        ground: &Ground<'_>,
    ) -> Option<(String, String)> {
        let ledger = self.package.ledger(&selection.ledger)?;
        let (part, told) = unmet(&selection.condition, record, &ground.days, &ground.records)?;
        let part = condition_words(part, ledger, &self.package.ledgers);
        Some(match told {
            true => (
                format!("“{}”不成立", part.zh),
                format!("It is not so that {}", part.en),
            ),
            false => (
                format!("“{}”无法判断，所需的内容未填", part.zh),
                format!(
                    "Something is not filled in, so it cannot be told whether {}",
                    part.en
                ),
            ),
        })
    }

    /// The records of rows as the asker may see them; those outside the scope on their ledger are left out.
    fn seen_rows(
        &self,
        conn: &mut Conn,
        who: &Who,
        side: &Derivation,
        rows: &[Row],
    ) -> AppResult<Vec<FigureRecord>> {
        let ids: Vec<i64> = rows.iter().map(|row| row.place.2).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut public: BTreeMap<i64, Uuid> = BTreeMap::new();
        for one in record::called(conn, &ids)? {
            let id = Uuid::from_slice(&one.public_id)
                .map_err(|error| AppError::Internal(error.to_string()))?;
            public.insert(one.id, id);
        }
        let mut views: BTreeMap<i64, View> = BTreeMap::new();
        for (at, selection) in side.selections().into_iter().enumerate() {
            let own = rows.iter().filter(|row| row.place.0 == at);
            let own: Vec<Uuid> = own
                .filter_map(|row| public.get(&row.place.2).copied())
                .collect();
            if !own.is_empty() {
                let (used, scope) = self.ledger_in_use(who, &selection.ledger)?;
                self.views_into(conn, who, (used, &scope), &own, &mut views)?;
            }
        }
        let items = rows.iter().filter_map(|row| {
            let (why_zh, why_en) = row.why_not.clone().unzip();
            Some(FigureRecord {
                selection: counted(row.place.0),
                counts: !row.place.1,
                why_zh,
                why_en,
                record: views.get(&row.place.2)?.clone(),
            })
        });
        Ok(items.collect())
    }

    fn views_into(
        &self,
        conn: &mut Conn,
        who: &Who,
        (used, scope): (InUse<'_>, &Scope),
        ids: &[Uuid],
        views: &mut BTreeMap<i64, View>,
    ) -> AppResult<()> {
        let code = &used.ledger.code;
        let found = record::by_numbers(conn, scope, code, ids, self.clock.today())?;
        let seen = self.record_views(conn, who, used, &found)?;
        views.extend(found.iter().map(|one| one.id).zip(seen));
        Ok(())
    }
}

fn counted(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The side of a derived metric, with its name.
fn side_of<'a>(
    metric: &'a MetricDef,
    side: Option<&str>,
) -> AppResult<(&'static str, &'a Derivation)> {
    let MetricSource::Derived {
        numerator: Some(numerator),
        denominator,
        ..
    } = &metric.source
    else {
        return Err(AppError::refused(
            Code::NotFound,
            Some("code"),
            "该指标来自报送表，没有台账记录；请查看数据由来",
            "A form feeds this metric, no ledger; see its explanation",
        ));
    };
    match (side, denominator) {
        (None | Some("numerator"), _) => Ok(("numerator", numerator)),
        (Some("denominator"), Some(denominator)) => Ok(("denominator", denominator)),
        (Some("denominator"), None) => Err(AppError::refused(
            Code::InvalidParameter,
            Some("side"),
            "该指标是合计，没有分母",
            "This metric is a sum and has no denominator",
        )),
        (Some(_), _) => Err(AppError::refused(
            Code::InvalidParameter,
            Some("side"),
            "side应为numerator（分子）或denominator（分母）",
            "`side` is `numerator` or `denominator`",
        )),
    }
}

/// A figure above is the sum of those below it.
fn elsewhere() -> AppError {
    AppError::invalid(
        "unit",
        "该单位的数由下级单位的数汇总而成，没有自己的台账记录；请从数据由来逐级选到有记录的单位",
        "The figure of this unit is the sum of those below it; its explanation leads down to the units that hold records",
    )
}
