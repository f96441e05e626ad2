//! How a scope becomes a condition.
//!
//! A plan that PostgreSQL keeps for all values takes an inequality for a third of the rows, and a range for a two-hundredth.
//! What holds for most rows of a list of tasks, a path below the city or a county, is therefore said as `(…) IS NOT TRUE` of
//! its contrary, so that no plan begins with it as if it left a handful.

use crate::dialect::Dialect;
use crate::sql::Statement;
use chrono::NaiveDate;
use zhenxing_domain::policy::{Matters, Scope, ScopePart};

/// Conditions over paths, appended to a statement that has a WHERE already.
pub(crate) trait Seen {
    /// Only rows that the scope covers. `matter` is the matter asked about, `owner` the column with the account.
    fn seen(
        self,
        path: &'static str,
        scope: &Scope,
        matter: Option<&str>,
        owner: Option<&'static str>,
    ) -> Self;

    /// Only rows that the scope covers, of any matter: each row with the matter that a column names.
    fn seen_by_matter(
        self,
        dialect: Dialect,
        path: &'static str,
        matter: &'static str,
        scope: &Scope,
    ) -> Self;

    /// Only rows that the scope covers, where a list is walked in its own order; `owner` is the column with the account.
    fn seen_widely(self, path: &'static str, scope: &Scope, owner: &'static str) -> Self;

    /// Only rows at or below a path, which are most of them.
    fn mostly_under(self, column: &'static str, path: &str) -> Self;

    /// Only rows at or below a path.
    fn under(self, column: &'static str, path: &str) -> Self;

    /// The placement that holds on a day or, where the unit has ended before it, its last one: what a unit reported
    /// stays within reach of those under whom it stood last. Appends a condition without `AND` in front.
    fn last_on(self, placement: &'static str, day: NaiveDate) -> Self;
}

impl Seen for Statement {
    fn seen(
        self,
        path: &'static str,
        scope: &Scope,
        matter: Option<&str>,
        owner: Option<&'static str>,
    ) -> Self {
        let parts: Vec<&ScopePart> = scope
            .parts()
            .iter()
            .filter(|part| part.matters().covers(matter))
            .collect();
        if parts
            .iter()
            .any(|part| part.path().is_none() && part.own().is_none())
        {
            return self;
        }
        if parts.is_empty() {
            return self.then(" AND 1 = 0");
        }
        let mut statement = self.then(" AND (");
        for (index, part) in parts.into_iter().enumerate() {
            statement = statement.then(if index == 0 { "(1 = 1" } else { " OR (1 = 1" });
            statement = match part.path() {
                Some(own) if part.exact() => {
                    statement.then(" AND ").then(path).then(" = ").text(own)
                }
                Some(own) => statement.under(path, own),
                None => statement,
            };
            if let (Some(account), Some(column)) = (part.own(), owner) {
                statement = statement
                    .then(" AND ")
                    .then(column)
                    .then(" = ")
                    .big(account.0);
            }
            statement = statement.then(")");
        }
        statement.then(")")
    }

    fn seen_by_matter(
        self,
        dialect: Dialect,
        path: &'static str,
        matter: &'static str,
        scope: &Scope,
    ) -> Self {
        let mut statement = self.then(" AND (1 = 0");
        for part in scope.parts() {
            statement = statement.then(" OR (1 = 1");
            statement = match part.path() {
                Some(own) if part.exact() => {
                    statement.then(" AND ").then(path).then(" = ").text(own)
                }
                // Most rows lie there: the list is walked in its own order and the others are left out.
                Some(own) if is_wide(own) => statement.mostly_under(path, own),
                Some(own) => statement.under(path, own),
                None => statement,
            };
            if let Matters::These(codes) = part.matters() {
                let codes: Vec<&String> = codes.iter().collect();
                statement = statement
                    .then(" AND ")
                    .then(matter)
                    .among_texts(dialect, &codes);
            }
            statement = statement.then(")");
        }
        statement.then(")")
    }

    fn seen_widely(self, path: &'static str, scope: &Scope, owner: &'static str) -> Self {
        let mut statement = self.then(" AND (1 = 0");
        for part in scope.parts() {
            statement = statement.then(" OR (1 = 1");
            statement = match part.path() {
                Some(own) if part.exact() => {
                    statement.then(" AND ").then(path).then(" = ").text(own)
                }
                Some(own) if is_wide(own) => statement.mostly_under(path, own),
                Some(own) => statement.under(path, own),
                None => statement,
            };
            if let Some(account) = part.own() {
                statement = statement
                    .then(" AND ")
                    .then(owner)
                    .then(" = ")
                    .big(account.0);
            }
            statement = statement.then(")");
        }
        statement.then(")")
    }

    fn mostly_under(self, column: &'static str, path: &str) -> Self {
        self.then(" AND (")
            .then(column)
            .then(" < ")
            .text(path)
            .then(") IS NOT TRUE AND (")
            .then(column)
            .then(" >= ")
            .text(upper_end(path))
            .then(") IS NOT TRUE")
    }

    fn under(self, column: &'static str, path: &str) -> Self {
        self.then(" AND ")
            .then(column)
            .then(" >= ")
            .text(path)
            .then(" AND ")
            .then(column)
            .then(" < ")
            .text(upper_end(path))
    }

    fn last_on(self, placement: &'static str, day: NaiveDate) -> Self {
        self.then(placement)
            .then(".valid_from <= ")
            .day(day)
            .then(" AND (")
            .then(placement)
            .then(".ended OR ")
            .then(placement)
            .then(".valid_to > ")
            .day(day)
            .then(")")
    }
}

/// Whether a path is that of the city or of a county.
fn is_wide(path: &str) -> bool {
    path.split('/').filter(|part| !part.is_empty()).count() < 3
}

/// The first text after everything that begins with the path: its last `/` becomes `0`.
fn upper_end(path: &str) -> String {
    format!("{}0", path.strip_suffix('/').unwrap_or(path))
}
