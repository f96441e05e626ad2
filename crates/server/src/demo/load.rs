//! Loading the reports of the demonstration in bulk, and taking everything away.

use super::figures::{Fate, M05, M05_BASELINE, M08, M12, M15, Maker, draw, fate};
use crate::app::report_carry::CarriedOver;
use crate::app::report_write::{put, text_of};
use crate::app::setup::inner_units;
use crate::app::{App, AppError, AppResult};
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::package::{FieldValue, FormDef, ScheduleDates};
use zhenxing_domain::period::Period;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::report::{ReportAction, ReportState};
use zhenxing_domain::unit::Level;
use zhenxing_storage::account::{self, NewAccount};
use zhenxing_storage::figure::Observation;
use zhenxing_storage::report::Report;
use zhenxing_storage::report_write::{self, NewVersion};
use zhenxing_storage::unit::{self, Placed, UnitFilter};
use zhenxing_storage::{Conn, demo, event, figure, period, placement, session};

/// Where the figures of past years are said to come from.
const SOURCE: &str = "年度收益分配表（演示）";
/// The forms that the demonstration fills, each with how many of its latest periods.
const FORMS: [(Maker, usize); 5] = [
    (M12, usize::MAX),
    (M08, 4),
    (M05_BASELINE, usize::MAX),
    (M05, 26),
    (M15, usize::MAX),
];
const BATCH: usize = 500;
const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Who signs for what in the demonstration; nobody can sign in as they.
pub(super) struct Authors {
    pub filler: AccountId,
    pub checker: AccountId,
    pub approver: AccountId,
}

const AUTHORS: [(&str, &str); 3] = [
    ("demo.filler", "演示填报员"),
    ("demo.checker", "演示审核员"),
    ("demo.approver", "演示审定员"),
];

type Values = BTreeMap<String, FieldValue>;

/// A period of a form that is loaded.
struct Load<'a> {
    form: &'a FormDef,
    maker: Maker,
    period: Period,
    /// When it opens and is due; nothing where it is entered as history.
    dates: Option<ScheduleDates>,
    /// Whether its time has not run out yet.
    present: bool,
    /// What was approved for the period before.
    before: BTreeMap<UnitId, Values>,
}

struct Row {
    report: Report,
    unit: Placed,
    steps: Vec<(ReportAction, ReportState)>,
}

impl App {
    /// Whether the demonstration is in the database.
    ///
    /// # Errors
    /// What the database says.
    pub fn has_demonstration_data(&self) -> AppResult<bool> {
        let [(login, _), ..] = AUTHORS;
        let found = self.db.read(|conn| session::credentials(conn, login))?;
        Ok(found.is_some())
    }

    /// Loads the demonstration, all of it or nothing; false when it is there already.
    ///
    /// # Errors
    /// What the database says, or that the tree or the programme does not fit.
    pub fn load_demonstration(&mut self) -> AppResult<bool> {
        self.demonstration_accounts()?;
        if self.has_demonstration_data()? {
            return Ok(false);
        }
        self.db.write(|conn| -> AppResult<()> {
            let authors = self.authors(conn)?;
            self.merge_villages(conn, authors.approver)?;
            for (maker, most) in FORMS {
                self.load_form(conn, maker, most, &authors)?;
            }
            self.load_ledgers(conn, &authors)?;
            self.load_feedback(conn, &authors)
        })?;
        self.demonstration_data = true;
        self.derive_all()?;
        self.count_records()?;
        self.fold_all()?;
        self.number_events()?;
        Ok(true)
    }

    /// Takes away everything that the demonstration made; the divisions stay. Nothing follows the stream of events
    /// backwards: the event that says so has the highest number there ever was.
    ///
    /// # Errors
    /// What the database says.
    pub fn remove_demonstration(&mut self) -> AppResult<()> {
        self.number_events()?;
        self.db.write(|conn| -> AppResult<()> {
            let now = self.clock.now();
            event::append(conn, "demonstration.removed", "demonstration", None, now)?;
            while event::number(conn, 1_000)? > 0 {}
            unit::lock_tree(conn)?;
            for form in &self.package.forms {
                let metrics = self.metrics_of_form(&form.code);
                demo::remove_observations(conn, &form.code, &metrics)?;
            }
            for change in demo::changes(conn)? {
                if !placement::built_upon(conn, change)? {
                    placement::undo(conn, change)?;
                }
            }
            demo::remove(conn)?;
            for (form, key) in period::all_keys(conn)? {
                let period =
                    Period::from_key(key).map_err(|error| AppError::Internal(error.to_string()))?;
                let inner = inner_units(conn, period.last_day())?;
                figure::queue(conn, &[period], &self.metrics_of_form(&form), &inner, now)?;
            }
            let inner = inner_units(conn, self.clock.today())?;
            self.fold_derived_since(conn, self.package.programme.valid_from, &inner)?;
            Ok(())
        })?;
        self.demonstration = false;
        self.demonstration_data = false;
        self.derive_all()?;
        let derived = self.derivations.ids();
        self.db.write(|conn| demo::remove_empty(conn, &derived))?;
        self.fold_all()?;
        self.count_records()?;
        Ok(())
    }

    fn authors(&self, conn: &mut Conn) -> AppResult<Authors> {
        let system = Scope::bypass_for_system_work();
        let filter = UnitFilter {
            level: Some(Level::City),
            limit: 1,
            ..UnitFilter::default()
        };
        let city = unit::list(conn, &system, &filter, self.clock.today())?;
        let city = city.first().ok_or_else(nowhere)?;
        let mut made = Vec::new();
        for (login, name) in AUTHORS {
            let new = NewAccount {
                login: login.to_owned(),
                name: name.to_owned(),
                unit: city.id,
                password_hash: String::new(),
                demonstration: true,
                grants: Vec::new(),
            };
            made.push(account::create(conn, &new, self.clock.now())?);
        }
        demo::retire(conn, &made)?;
        match made.as_slice() {
            [filler, checker, approver] => Ok(Authors {
                filler: *filler,
                checker: *checker,
                approver: *approver,
            }),
            _ => Err(nowhere()),
        }
    }

    /// The latest periods of a form, from the earliest on, so that each can be compared with the one before. A programme
    /// without the form goes without it.
    fn load_form(
        &self,
        conn: &mut Conn,
        maker: Maker,
        most: usize,
        authors: &Authors,
    ) -> AppResult<()> {
        let Some(form) = self.package.form(maker.form) else {
            return Ok(());
        };
        let mut periods = self.periods(form);
        periods.truncate(most);
        let mut before = BTreeMap::new();
        for period in periods.into_iter().rev() {
            let dates = self.dates(form, period, None);
            let load = Load {
                form,
                maker,
                period,
                dates,
                present: dates.is_some_and(|dates| dates.approve_due >= self.clock.today()),
                before,
            };
            before = self.load_period(conn, &load, authors)?;
        }
        Ok(())
    }

    /// Reports of one period, on the tree of its last day; gives what was approved.
    fn load_period(
        &self,
        conn: &mut Conn,
        load: &Load<'_>,
        authors: &Authors,
    ) -> AppResult<BTreeMap<UnitId, Values>> {
        let system = Scope::bypass_for_system_work();
        let day = load.period.last_day();
        let mut approved = BTreeMap::new();
        let mut rows = Vec::new();
        let mut units = unit::all(conn, &system, day)?;
        units.retain(|unit| load.form.applies_to.includes(unit.kind));
        let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
        let carried = self.carried(conn, load.form, &ids)?;
        for unit in units {
            let township = unit.code.get(..9).unwrap_or_default();
            let text = load.period.to_string();
            let fate = fate(township, &unit.code, &text, load.present);
            if fate == Fate::NotBegun {
                continue;
            }
            let values = (load.maker.values)(&unit.code, load.period);
            let row = self.row(load, unit, fate, &values, (authors, &carried))?;
            if row.report.state == ReportState::Approved {
                approved.insert(row.unit.id, values);
            }
            rows.push(row);
        }
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(BATCH));
            self.write_part(conn, load.form, rows, authors)?;
            rows = rest;
        }
        let inner = inner_units(conn, day)?;
        let metrics = self.metrics_of_form(&load.form.code);
        figure::queue(conn, &[load.period], &metrics, &inner, self.clock.now())?;
        Ok(approved)
    }

    fn row(
        &self,
        load: &Load<'_>,
        unit: Placed,
        fate: Fate,
        values: &Values,
        (authors, carried): (&Authors, &CarriedOver),
    ) -> AppResult<Row> {
        let (form, period) = (load.form, load.period);
        let steps = steps(form, fate);
        let mut report = self.blank(authors.filler, form, period, &unit, None);
        report.state = steps.last().map_or(report.state, |step| step.1);
        report.revision = count(steps.len());
        put(form, &mut report, values)?;
        carried.put(form, &mut report)?;
        report.source_document = form.is_historical(period).then(|| SOURCE.to_owned());
        let mut explanations: BTreeMap<String, String> = BTreeMap::new();
        for finding in form.check(values, load.before.get(&unit.id), &BTreeMap::new()) {
            let because = (load.maker.explanation)(&unit.code, period);
            explanations.insert(finding.rule.clone(), because.to_owned());
        }
        report.explanations = text_of(&explanations)?;
        let day = self.day(load, &unit.code);
        let begun = self.clock.now() - (self.clock.today() - day).num_days() * DAY;
        report.updated_at = begun + (report.revision - 1) * 7 * HOUR;
        if report.state != ReportState::Draft {
            report.submitted_at = Some(begun);
            report.late = load.dates.is_some_and(|dates| day > dates.fill_due);
            let explained = i32::try_from(explanations.len()).unwrap_or(0);
            report.exceptions = explained + i32::from(report.late);
        }
        match report.state {
            ReportState::Approved => report.approved_values = Some(report.values.clone()),
            ReportState::Returned => {
                report.reason = Some((load.maker.returned)(&unit.code).to_owned())
            }
            _ => {}
        }
        Ok(Row {
            report,
            unit,
            steps,
        })
    }

    /// The day on which a report was handed in: from the opening until a few days after the due day, of history in the
    /// last months; yesterday at the latest.
    fn day(&self, load: &Load<'_>, code: &str) -> NaiveDate {
        let yesterday = self.clock.today() - Days::new(1);
        let (first, last) = match load.dates {
            Some(dates) => (dates.opens, yesterday.min(dates.fill_due + Days::new(2))),
            None => (yesterday - Days::new(160), yesterday),
        };
        let span = u64::try_from((last - first).num_days()).unwrap_or(0);
        last - Days::new(draw(code, &format!("{} day", load.period), span + 1))
    }

    /// At most [`BATCH`] reports with versions, observations and events: a statement for each kind. A report that
    /// somebody began already stays as it is.
    fn write_part(
        &self,
        conn: &mut Conn,
        form: &FormDef,
        mut part: Vec<Row>,
        authors: &Authors,
    ) -> AppResult<()> {
        let fresh: Vec<(&Report, i64)> = part
            .iter()
            .map(|row| (&row.report, row.unit.home_shard))
            .collect();
        let begun = report_write::insert(conn, &fresh)?;
        part.retain_mut(|row| match begun.get(&row.unit.id) {
            None => false,
            Some(id) => {
                row.report.id = *id;
                true
            }
        });
        self.write_steps(conn, &part, authors)?;
        let observed = part.into_iter();
        let observed = observed.filter(|row| row.report.state != ReportState::Draft);
        let observations = observed
            .map(|row| {
                Ok(Observation {
                    period: row.report.period,
                    observed: self.observed(form, &row.report)?,
                    unit: row.unit,
                })
            })
            .collect::<AppResult<Vec<_>>>()?;
        Ok(figure::record(conn, &observations)?)
    }

    fn write_steps(&self, conn: &mut Conn, part: &[Row], authors: &Authors) -> AppResult<()> {
        let longest = part.iter().map(|row| row.steps.len()).max();
        for at in 0..longest.unwrap_or(0) {
            let mut by_action: BTreeMap<&'static str, (ReportAction, Vec<Report>)> =
                BTreeMap::new();
            for row in part {
                if let Some((action, state)) = row.steps.get(at) {
                    let mut report = row.report.clone();
                    report.state = *state;
                    report.updated_at -= (report.revision - count(at + 1)) * 7 * HOUR;
                    report.revision = count(at + 1);
                    let entry = by_action.entry(action.as_str());
                    entry.or_insert((*action, Vec::new())).1.push(report);
                }
            }
            for (action, reports) in by_action.into_values() {
                self.write_step(conn, action, &reports, authors)?;
            }
        }
        Ok(())
    }

    fn write_step(
        &self,
        conn: &mut Conn,
        action: ReportAction,
        reports: &[Report],
        authors: &Authors,
    ) -> AppResult<()> {
        let (by, kind) = match action {
            ReportAction::Submit => (authors.filler, "report.submitted"),
            ReportAction::Check => (authors.checker, "report.checked"),
            ReportAction::Return => (authors.checker, "report.returned"),
            ReportAction::Approve => (authors.approver, "report.approved"),
            ReportAction::Save | ReportAction::Revise => (authors.filler, "report.created"),
        };
        let returned = action == ReportAction::Return;
        let versions: Vec<NewVersion<'_>> = reports
            .iter()
            .map(|report| NewVersion {
                report,
                action: action.as_str(),
                reason: report.reason.as_deref().filter(|_| returned),
            })
            .collect();
        report_write::add_versions(conn, &versions, by)?;
        let events: Vec<_> = reports
            .iter()
            .map(|report| (kind, report.public_id.to_string(), Some(report.unit)))
            .collect();
        Ok(event::append_all(conn, &events, self.clock.now())?)
    }
}

/// What was done to a report until it came so far; a form without a check goes from one hand to the next without it.
fn steps(form: &FormDef, fate: Fate) -> Vec<(ReportAction, ReportState)> {
    let submit = (ReportAction::Submit, ReportState::Submitted);
    let check = (ReportAction::Check, ReportState::Checked);
    let approve = (ReportAction::Approve, ReportState::Approved);
    let mut steps = match fate {
        Fate::NotBegun | Fate::Draft => vec![(ReportAction::Save, ReportState::Draft)],
        Fate::Submitted => vec![submit],
        Fate::Returned => vec![submit, (ReportAction::Return, ReportState::Returned)],
        Fate::Checked => vec![submit, check],
        Fate::Approved => vec![submit, check, approve],
    };
    if form.check_level.is_none() {
        steps.retain(|step| *step != check);
    }
    steps
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(0)
}

pub(super) fn nowhere() -> AppError {
    AppError::Internal("the tree has no place for the demonstration".to_owned())
}
