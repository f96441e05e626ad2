//! Units: lists, search, one unit.

use super::page::{self, PageAsk};
use super::session::{Who, line_of, unit_ref};
use super::{App, AppError, AppResult, Code};
use chrono::NaiveDate;
use serde::Serialize;
use zhenxing_api_types::Page;
use zhenxing_api_types::unit::{Level, Unit, UnitDetail};
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_storage::unit::{self, Placed, UnitFilter};
use zhenxing_storage::{Conn, placement};

/// What a list of units is narrowed to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UnitAsk {
    /// Part of the name, first letters of its pinyin, or the beginning of the code.
    pub q: Option<String>,
    /// The code of the unit directly above.
    pub parent: Option<String>,
    /// The level.
    pub level: Option<Level>,
    /// The day of the tree; today without it.
    pub on: Option<NaiveDate>,
}

impl App {
    /// Units that the asker may see, by code.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_units(&self, who: &Who, ask: &UnitAsk, page: &PageAsk) -> AppResult<Page<Unit>> {
        let scope = who.scope(Action::ReadUnits)?;
        let limit = page.limit()?;
        let day = ask.on.unwrap_or_else(|| self.clock.today());
        if ask
            .q
            .as_deref()
            .is_some_and(|text| text.chars().count() > 50)
        {
            return Err(AppError::refused(
                Code::InvalidParameter,
                Some("q"),
                "查询内容不能超过50字",
                "`q` has at most 50 characters",
            ));
        }
        self.db.read(|conn| {
            let parent = match &ask.parent {
                None => None,
                Some(code) => Some(find_unit(conn, &scope, code, day, "parent")?.id),
            };
            let filter = UnitFilter {
                level: ask.level.map(Into::into),
                parent,
                below: None,
                search: ask.q.as_deref().map(|text| text.trim().to_owned()),
                after: page.after::<String>(ask)?,
                limit: limit + 1,
            };
            let rows = unit::list(conn, &scope, &filter, day)?;
            let rows: Vec<Unit> = rows.iter().map(unit_view).collect();
            let mut answer = page::page(rows, limit, ask, |row| row.code.clone());
            if page.total {
                answer.total = Some(unit::count(conn, &scope, &filter, day)?);
            }
            Ok(answer)
        })
    }

    /// One unit with its place in the tree.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_unit(&self, who: &Who, code: &str, on: Option<NaiveDate>) -> AppResult<UnitDetail> {
        let scope = who.scope_or_absent(Action::ReadUnits, "code", "单位", "unit")?;
        let day = on.unwrap_or_else(|| self.clock.today());
        self.db.read(|conn| {
            let found = find_unit(conn, &scope, code, day, "code")?;
            let children = unit::count_children(conn, &scope, found.id, day)?;
            let (own, ancestors) = line_of(conn, &found.path, day)?;
            Ok(UnitDetail {
                unit: unit_view(&own),
                ancestors: ancestors.iter().map(unit_ref).collect(),
                children,
                valid_from: own.valid_from,
                valid_until: (own.valid_to < unit::open_end())
                    .then(|| own.valid_to.pred_opt())
                    .flatten(),
            })
        })
    }

    /// The path under which a list is asked for; nothing where no unit is named.
    pub(crate) fn path_below(
        &self,
        conn: &mut Conn,
        scope: &Scope,
        code: Option<&str>,
        day: NaiveDate,
    ) -> AppResult<Option<String>> {
        let days = (day, self.clock.today());
        code.map(|code| Ok(find_bearer(conn, scope, code, days, "unit")?.path))
            .transpose()
    }
}

/// The unit of that code, or the refusal that names the parameter.
pub(crate) fn find_unit(
    conn: &mut Conn,
    scope: &Scope,
    code: &str,
    day: NaiveDate,
    field: &str,
) -> AppResult<Placed> {
    unit::by_code(conn, scope, code, day)?.ok_or_else(|| AppError::not_found(field, "单位", "unit"))
}

/// The unit of that code on a day, or the one that had it latest, by where it stands today or stood last; or the
/// refusal that names the parameter.
pub(crate) fn find_bearer(
    conn: &mut Conn,
    scope: &Scope,
    code: &str,
    days: (NaiveDate, NaiveDate),
    field: &str,
) -> AppResult<Placed> {
    let (day, today) = days;
    placement::bearers(conn, scope, &[code], day, today)?
        .into_values()
        .next()
        .ok_or_else(|| AppError::not_found(field, "单位", "unit"))
}

fn unit_view(unit: &Placed) -> Unit {
    let (parent, parent_name) = unit.above.clone().unzip();
    Unit {
        code: unit.code.clone(),
        name: unit.name.clone(),
        level: unit.level.into(),
        kind: unit.kind.into(),
        parent,
        parent_name,
    }
}
