//! Records listed and counted: the rarest thing that is asked for is found first, so that no list walks through a ledger.

use crate::db::Conn;
use crate::dialect::Dialect;
use crate::error::StorageError;
use crate::record::{Held, Order, RecordFilter, Stored, load, placed};
use crate::scope::Seen;
use crate::sql::{Statement, sql};
use chrono::NaiveDate;
use diesel::sql_types::BigInt;
use std::collections::BTreeSet;
use zhenxing_domain::policy::{Scope, level_of};
use zhenxing_domain::unit::Level;

/// So many records are few enough to be looked up one by one.
const FEW: usize = 3_000;
/// Records are counted up to this number where something narrows them; a count of one more means that there are more.
pub const MOST_COUNTED: i64 = 10_000;

/// How the records of a list are come by.
enum Way {
    /// By their units, which are few.
    Units(Vec<i64>),
    /// By the shards of a county's units, each in the order of numbers.
    Shards(Vec<i64>),
    /// By their numbers, of which those that fulfil what is rarest are few.
    Few(Vec<i64>),
    /// In the order of the list, until enough are found.
    Walk,
}

impl Way {
    fn leads_nowhere(&self) -> bool {
        match self {
            Way::Units(units) => units.is_empty(),
            Way::Shards(shards) => shards.is_empty(),
            Way::Few(few) => few.is_empty(),
            Way::Walk => false,
        }
    }

    /// The shards that are gone through one after another, where it goes by them.
    fn shards(&self) -> Vec<Option<i64>> {
        match self {
            Way::Shards(shards) => shards.iter().copied().map(Some).collect(),
            Way::Units(_) | Way::Few(_) | Way::Walk => vec![None],
        }
    }
}

/// Records of a ledger within the scope.
///
/// # Errors
/// What the database says.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &RecordFilter<'_>,
    today: NaiveDate,
) -> Result<Vec<Stored>, StorageError> {
    let way = way(conn, scope, filter, today, filter.order)?;
    if way.leads_nowhere() {
        return Ok(Vec::new());
    }
    let dialect = conn.dialect();
    let shards = way.shards();
    let mut found = Vec::new();
    for shard in &shards {
        let begun = placed(today).then(" WHERE ");
        let statement = narrowed(begun, dialect, scope, filter, &way, *shard);
        let statement = ordered(statement, dialect, filter, &way);
        found.extend(load(conn, fitted(statement, dialect, filter))?);
    }
    if shards.len() == 1 {
        return Ok(found);
    }
    found.sort_by_key(|record| std::cmp::Reverse(record.id));
    found.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// How many records the filter leaves: all of them where it narrows nothing, as they were counted last; otherwise up to one more than
/// [`MOST_COUNTED`].
///
/// # Errors
/// What the database says.
pub fn count(
    conn: &mut Conn,
    scope: &Scope,
    filter: &RecordFilter<'_>,
    today: NaiveDate,
) -> Result<i64, StorageError> {
    let most = MOST_COUNTED + 1;
    // Counted in whatever order, so that a county is counted by its shards.
    let way = way(conn, scope, filter, today, Order::Latest)?;
    if way.leads_nowhere() {
        return Ok(0);
    }
    if let (Way::Shards(_) | Way::Walk, true) = (&way, is_whole(filter)) {
        let all = tallied(conn, scope, filter)?;
        if all >= most {
            return Ok(all);
        }
    }
    let mut all = 0;
    for shard in way.shards() {
        let begun = sql("SELECT count(*) FROM (SELECT 1 FROM ledger_record r JOIN unit_placement p ON p.unit_id = r.unit_id AND ")
            .last_on("p", today)
            .then(" WHERE ");
        let statement = narrowed(begun, conn.dialect(), scope, filter, &way, shard);
        let statement = statement.then(" LIMIT ").big(most).then(") x");
        let statement = fitted(statement, conn.dialect(), filter);
        all += conn.first::<BigInt, i64>(statement)?.unwrap_or(0);
    }
    Ok(all.min(most))
}

/// How far a condition narrows is told by its value alone, so the statement is planned for it.
fn fitted(statement: Statement, dialect: Dialect, filter: &RecordFilter<'_>) -> Statement {
    match is_whole(filter) {
        true => statement,
        false => statement.planned_anew(dialect),
    }
}

/// Whether nothing but the place narrows the list.
fn is_whole(filter: &RecordFilter<'_>) -> bool {
    filter.state.is_none() && filter.held.is_empty() && filter.begins.is_none() && !filter.deleted
}

/// What was counted of a ledger at the tops of what is looked at.
fn tallied(conn: &mut Conn, scope: &Scope, filter: &RecordFilter<'_>) -> Result<i64, StorageError> {
    let parts = scope.parts().iter();
    if parts
        .clone()
        .any(|part| part.exact() || part.own().is_some())
    {
        return Ok(0);
    }
    let tops: Option<BTreeSet<i64>> = match filter.below {
        Some(path) => Some(
            crate::unit::lineage(path)
                .last()
                .map(|unit| unit.0)
                .into_iter()
                .collect(),
        ),
        None => parts
            .map(|part| Some(crate::unit::lineage(part.path()?).last()?.0))
            .collect(),
    };
    let tops: Vec<i64> = tops.unwrap_or_default().into_iter().collect();
    let dialect = conn.dialect();
    let statement = sql("SELECT CAST(sum(records) AS BIGINT) FROM ledger_tally WHERE ledger = ")
        .text(filter.ledger)
        .then(" AND unit_id")
        .among(dialect, &tops);
    let found = conn.first::<diesel::sql_types::Nullable<BigInt>, Option<i64>>(statement)?;
    Ok(found.flatten().unwrap_or(0))
}

fn way(
    conn: &mut Conn,
    scope: &Scope,
    filter: &RecordFilter<'_>,
    today: NaiveDate,
    order: Order,
) -> Result<Way, StorageError> {
    if is_narrow(scope, filter) {
        return Ok(Way::Units(units(conn, scope, filter, today)?));
    }
    if filter.deleted {
        return Ok(Way::Walk);
    }
    if let Some(few) = few(conn, filter)? {
        return Ok(Way::Few(few));
    }
    let path = match scope.parts() {
        _ if filter.below.is_some() => filter.below,
        [part] => part.path(),
        _ => None,
    };
    match path.filter(|path| level_of(path) == Some(Level::County)) {
        Some(path) if order == Order::Latest => Ok(Way::Shards(shards(conn, path, today)?)),
        _ => Ok(Way::Walk),
    }
}

/// Whether so few units are looked at that their records are found first and sorted then.
fn is_narrow(scope: &Scope, filter: &RecordFilter<'_>) -> bool {
    let deep = |path: &str| level_of(path).is_some_and(|level| level >= Level::Township);
    filter.below.is_some_and(deep)
        || scope
            .parts()
            .iter()
            .all(|part| part.exact() || part.path().is_some_and(deep))
}

/// The numbers of the records that fulfil every condition that few fulfil, where there is one.
fn few(conn: &mut Conn, filter: &RecordFilter<'_>) -> Result<Option<Vec<i64>>, StorageError> {
    let dialect = conn.dialect();
    let begun = || sql("SELECT r.id FROM ledger_record r WHERE r.ledger = ").text(filter.ledger);
    let mut asked = Vec::new();
    if let Some(state) = filter.state {
        asked.push(
            begun()
                .then(" AND r.state <> '' AND r.state = ")
                .text(state),
        );
    }
    for (slot, held) in filter.held {
        asked.push(holding(begun(), dialect, (slot.column(), true), held));
    }
    if let Some(begins) = filter.begins {
        asked.push(beginning(begun(), dialect, true, begins));
    }
    let mut few: Option<BTreeSet<i64>> = None;
    for statement in asked {
        let limit = i64::try_from(FEW + 1).unwrap_or(i64::MAX);
        let statement = statement.then(" LIMIT ").big(limit);
        let found = conn.rows::<BigInt, i64>(statement.planned_anew(dialect))?;
        if found.len() > FEW {
            continue;
        }
        let found: BTreeSet<i64> = found.into_iter().collect();
        few = Some(match few {
            Some(before) => before.intersection(&found).copied().collect(),
            None => found,
        });
    }
    Ok(few.map(|few| few.into_iter().collect()))
}

/// The units that are looked at.
fn units(
    conn: &mut Conn,
    scope: &Scope,
    filter: &RecordFilter<'_>,
    today: NaiveDate,
) -> Result<Vec<i64>, StorageError> {
    let statement = sql("SELECT p.unit_id FROM unit_placement p WHERE ").last_on("p", today);
    let statement = match filter.below {
        Some(path) => statement.under("p.path", path),
        None => statement,
    };
    conn.rows::<BigInt, i64>(statement.seen("p.path", scope, None, None))
}

/// The shards in which units at or below a path are: one, unless some came from another county.
fn shards(conn: &mut Conn, path: &str, today: NaiveDate) -> Result<Vec<i64>, StorageError> {
    let begun = sql(
        "SELECT DISTINCT u.home_shard FROM unit_placement p JOIN unit u ON u.id = p.unit_id WHERE ",
    );
    conn.rows::<BigInt, i64>(begun.last_on("p", today).under("p.path", path))
}

/// That a column holds something; by its index where that leads to the records of the list in their order or to few, and as a
/// look at what is found in another way otherwise.
fn holding(
    statement: Statement,
    dialect: Dialect,
    (column, led): (&'static str, bool),
    held: &Held,
) -> Statement {
    let about = |statement: Statement| match led {
        true => statement.then(" AND ").then(column),
        false => statement.then(" AND ").sorted(dialect, column),
    };
    match held {
        Held::Text(text) => about(statement).then(" = ").text(text),
        Held::Among(texts) => about(statement).among_texts(dialect, texts),
        Held::Between(first, last) => {
            let statement = about(statement).then(" >= ").big(*first);
            about(statement).then(" <= ").big(*last)
        }
    }
}

fn beginning(statement: Statement, dialect: Dialect, led: bool, begins: &str) -> Statement {
    let about = |statement: Statement| match led {
        true => statement.then(" AND r.spelling"),
        false => statement.then(" AND ").sorted(dialect, "r.spelling"),
    };
    let statement = about(statement).then(" >= ").text(begins);
    about(statement)
        .then(" < ")
        .text(format!("{begins}\u{10ffff}"))
}

/// What a record must fulfil; the way there is told by what an index can answer and what it cannot.
fn narrowed(
    begun: Statement,
    dialect: Dialect,
    scope: &Scope,
    filter: &RecordFilter<'_>,
    way: &Way,
    shard: Option<i64>,
) -> Statement {
    let mut statement = begun;
    statement = match (way, shard) {
        (Way::Shards(_), Some(shard)) => statement
            .then("r.ledger = ")
            .text(filter.ledger)
            .then(" AND NOT r.deleted AND r.home_shard = ")
            .big(shard),
        (Way::Few(ids), _) => statement
            .sorted(dialect, "r.ledger")
            .then(" = ")
            .text(filter.ledger)
            .then(" AND NOT r.deleted AND r.id")
            .among_many(dialect, ids),
        (Way::Units(units), _) => statement
            .then("r.ledger = ")
            .text(filter.ledger)
            .then(" AND ")
            .sorted(dialect, "r.deleted")
            .then(" = ")
            .flag(filter.deleted)
            .then(" AND r.unit_id")
            .among_many(dialect, units),
        _ => statement
            .then("r.ledger = ")
            .text(filter.ledger)
            .then(" AND r.deleted = ")
            .flag(filter.deleted),
    };
    let walked = matches!(way, Way::Walk);
    if let Some(state) = filter.state {
        statement = match walked {
            true => statement.then(" AND r.state = ").text(state),
            false => statement
                .then(" AND ")
                .sorted(dialect, "r.state")
                .then(" = ")
                .text(state),
        };
    }
    for (slot, held) in filter.held {
        let led = walked && matches!(held, Held::Text(_));
        statement = holding(statement, dialect, (slot.column(), led), held);
    }
    if let Some(begins) = filter.begins {
        let led = walked && filter.order == Order::Title;
        statement = beginning(statement, dialect, led, begins);
    }
    if let Some(path) = filter.below {
        statement = statement.mostly_under("p.path", path);
    }
    statement.seen_widely("p.path", scope, "r.created_by")
}

/// The list from its last record on, in its order.
fn ordered(
    statement: Statement,
    dialect: Dialect,
    filter: &RecordFilter<'_>,
    way: &Way,
) -> Statement {
    let sorted = |statement: Statement, column: &'static str| match way {
        Way::Units(_) | Way::Few(_) => statement.sorted(dialect, column),
        Way::Shards(_) | Way::Walk => statement.then(column),
    };
    let statement = match filter.order {
        Order::Latest => {
            let last = filter.after.as_ref().map_or(i64::MAX, |after| after.0);
            let statement = sorted(statement.then(" AND "), "r.id");
            let statement = statement.then(" < ").big(last).then(" ORDER BY ");
            sorted(statement, "r.id").then(" DESC LIMIT ")
        }
        Order::Title => {
            // A first page begins where the names that are looked for begin, not at the ledger's first name.
            let first = (0, filter.begins.unwrap_or_default());
            let last = filter.after.as_ref();
            let (id, spelling) = last.map_or(first, |(id, spelling)| (*id, spelling.as_str()));
            let statement = sorted(statement.then(" AND ("), "r.spelling")
                .then(", r.id) > (")
                .text(spelling)
                .then(", ")
                .big(id)
                .then(") ORDER BY ");
            sorted(statement, "r.spelling").then(", r.id LIMIT ")
        }
    };
    statement.big(filter.limit)
}
