//! The units below with their figures, ranked.

use crate::components::table::{Cell, Column, Row, Sort, Table};
use crate::components::{empty, figure_link, standing};
use crate::format;
use crate::hooks::{Query, with};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::{Figure, FigureTree};

/// The properties of the ranking.
#[derive(Clone, PartialEq, Properties)]
pub struct RankingProps {
    /// The metric at the unit and below it.
    pub tree: FigureTree,
    /// What stands in the link.
    pub query: Query,
    /// Goes to another link.
    pub go: Callback<Query>,
}

/// The ranking.
#[function_component]
pub fn Ranking(props: &RankingProps) -> Html {
    use_language();
    let tree = &props.tree;
    if tree.children.is_empty() {
        return match tree.total.report {
            Some(id) => {
                html! { <p><Link<Route> to={Route::Report { id }}>{ t!("overview-report") }</Link<Route>></p> }
            }
            None => empty(t!("overview-empty")),
        };
    }
    let goal = goal(tree);
    let unit = named(&tree.metric.unit_zh, &tree.metric.unit_en);
    let mut columns = vec![
        Column::text(t!("unit")),
        Column::number(t!("with-unit", name = t!("value"), unit = unit)).sorts(),
    ];
    if goal.is_some() {
        columns.push(Column::number(t!("goal")).sorts().minor());
        columns.push(Column::number(t!("gap")).sorts());
    }
    let moved = match tree.metric.kind.as_str() {
        "ratio" => t!("moved-points"),
        _ => t!("moved"),
    };
    columns.push(Column::number(moved).sorts());
    columns.push(Column::number(t!("coverage")).sorts());
    columns.push(Column::number(t!("waiting-approval")).sorts().minor());
    if tree.children.iter().any(|row| row.standing.is_some()) {
        columns.push(Column::text(t!("light-of")));
    }
    let rows: Vec<Row> = tree
        .children
        .iter()
        .map(|row| line(row, tree, goal, &props.query))
        .collect();
    let sorted = {
        let (go, query) = (props.go.clone(), props.query.clone());
        Callback::from(move |sort: Option<Sort>| go.emit(with(&query, "sort", &written(sort))))
    };
    let sort = props.query.get("sort").and_then(|text| read(text));
    html! { <Table label={t!("overview-table")} {columns} {rows} {sort} {sorted} /> }
}

/// An order as it stands in the link: `1-down`.
fn written(sort: Option<Sort>) -> String {
    sort.map_or_else(String::new, |sort| {
        format!("{}-{}", sort.column, if sort.down { "down" } else { "up" })
    })
}

fn read(text: &str) -> Option<Sort> {
    let (column, way) = text.split_once('-')?;
    Some(Sort {
        column: column.parse().ok()?,
        down: way == "down",
    })
}

/// The target of a share, for the distance to it.
fn goal(tree: &FigureTree) -> Option<i64> {
    let target = tree.metric.targets.first().and_then(|target| target.value);
    target.filter(|_| tree.metric.kind == "ratio")
}

fn line(row: &Figure, tree: &FigureTree, goal: Option<i64>, query: &Query) -> Row {
    let name = match row.report {
        Some(id) => {
            html! { <Link<Route> to={Route::Report { id }}>{ &row.unit.name }</Link<Route>> }
        }
        None => {
            html! { <Link<Route, Query> to={Route::Overview} query={Some(with(query, "unit", &row.unit.code))}>{ &row.unit.name }</Link<Route, Query>> }
        }
    };
    let mut cells = vec![
        Cell::html(name).by_text(&row.unit.name),
        Cell::html(figure_link(
            &tree.metric.code,
            &row.unit.code,
            &tree.period,
            html! { { format::exact(&tree.metric, row.value) } },
        ))
        .by_value(row.value),
    ];
    if let Some(goal) = goal {
        let goal = row.target.unwrap_or(goal);
        cells.push(Cell::number(format::share(goal), Some(goal)));
        let gap = row.value.map(|value| value.saturating_sub(goal));
        let shown = gap.map_or_else(|| format::NOTHING.to_owned(), |gap| format::signed(gap, 2));
        cells.push(Cell::number(shown, gap));
    }
    let moved = row.value.zip(row.previous_value);
    cells.push(match moved {
        Some((now, old)) => {
            let apart = now.saturating_sub(old);
            let shown = match tree.metric.kind.as_str() {
                "ratio" => format::signed(apart, 2),
                _ => format::distance(&tree.metric, now, old),
            };
            Cell::number(shown, Some(apart))
        }
        None => Cell::nothing(),
    });
    // Shares of coverage in basis points sort; what is shown are the counts.
    let covered = row
        .approved_units
        .saturating_mul(10_000)
        .checked_div(row.expected_units);
    cells.push(Cell::number(
        format!("{}/{}", row.approved_units, row.expected_units),
        covered,
    ));
    cells.push(Cell::count(row.pending_units));
    if tree.children.iter().any(|row| row.standing.is_some()) {
        cells.push(
            row.standing
                .map_or_else(Cell::nothing, |found| Cell::html(standing(found))),
        );
    }
    Row::of(row.unit.code.clone(), cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_stands_in_the_link_and_is_read_again() {
        let sort = Some(Sort {
            column: 3,
            down: true,
        });
        assert_eq!(written(sort), "3-down");
        assert_eq!(read("3-down"), sort);
        assert_eq!(read("anything"), None);
        assert_eq!(read(""), None);
    }
}
