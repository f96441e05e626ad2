//! Tables: compact on a desk, cards on a phone, sorted by a click on a head.

use crate::components::field::Select;
use crate::format::NOTHING;
use crate::i18n::use_language;
use std::cmp::Ordering;
use yew::prelude::*;

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    name: String,
    hint: Option<String>,
    number: bool,
    sorts: bool,
    minor: bool,
}

impl Column {
    /// A column of texts.
    pub fn text(name: String) -> Column {
        Column {
            name,
            hint: None,
            number: false,
            sorts: false,
            minor: false,
        }
    }

    /// A column of figures, at the right.
    pub fn number(name: String) -> Column {
        Column {
            number: true,
            ..Column::text(name)
        }
    }

    /// The rows can be sorted by it.
    pub fn sorts(mut self) -> Column {
        self.sorts = true;
        self
    }

    /// Says what it means, at its head.
    pub fn hint(mut self, hint: String) -> Column {
        self.hint = Some(hint);
        self
    }

    /// A phone leaves it out.
    pub fn minor(mut self) -> Column {
        self.minor = true;
        self
    }
}

/// By what a cell is sorted; what has nothing stands last either way.
#[derive(Debug, Clone, PartialEq)]
enum By {
    Nothing,
    Number(i64),
    Text(String),
}

/// A cell.
#[derive(Clone, PartialEq)]
pub struct Cell {
    html: Html,
    by: By,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        Cell {
            html: html! { { text.clone() } },
            by: By::Text(text),
        }
    }

    /// A short text that stands on one line: a day, a code.
    pub fn whole(text: &str) -> Cell {
        Cell::html(html! { <span class="zx-nowrap">{ text }</span> }).by_text(text)
    }

    /// A figure as it is shown, and as it is sorted.
    pub fn number(shown: String, by: Option<i64>) -> Cell {
        Cell {
            html: html! { { shown } },
            by: by.map_or(By::Nothing, By::Number),
        }
    }

    /// A count.
    pub fn count(count: i64) -> Cell {
        Cell::number(crate::format::number(count, 0), Some(count))
    }

    /// Nothing.
    pub fn nothing() -> Cell {
        Cell::number(NOTHING.to_owned(), None)
    }

    /// Anything: a link, a light, buttons.
    pub fn html(html: Html) -> Cell {
        Cell {
            html,
            by: By::Nothing,
        }
    }

    /// The same, sorted by a text.
    pub fn by_text(mut self, text: &str) -> Cell {
        self.by = By::Text(text.to_owned());
        self
    }

    /// The same, sorted by a number where there is one.
    pub fn by_value(mut self, value: Option<i64>) -> Cell {
        self.by = value.map_or(By::Nothing, By::Number);
        self
    }

    /// The same, sorted by a number.
    pub fn by_number(mut self, number: i64) -> Cell {
        self.by = By::Number(number);
        self
    }
}

/// A row; its first cell is its head.
#[derive(Clone, PartialEq)]
pub struct Row {
    /// Unique among the rows.
    pub key: String,
    /// A cell for each column.
    pub cells: Vec<Cell>,
    /// Whether it is marked.
    pub marked: bool,
}

impl Row {
    /// A row of these cells.
    pub fn of(key: impl Into<String>, cells: Vec<Cell>) -> Row {
        Row {
            key: key.into(),
            cells,
            marked: false,
        }
    }
}

/// Which column sorts, and whether the largest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column's place.
    pub column: usize,
    /// The largest first.
    pub down: bool,
}

/// The properties of a table.
#[derive(Clone, PartialEq, Properties)]
pub struct TableProps {
    /// What it shows, for a reader of the screen.
    pub label: AttrValue,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// How the rows stand first; as they come where nothing is said.
    #[prop_or_default]
    pub sort: Option<Sort>,
    /// Is told when the reader sorts anew, for pages that keep it in the link.
    #[prop_or_default]
    pub sorted: Callback<Option<Sort>>,
}

/// A table.
#[function_component]
pub fn Table(props: &TableProps) -> Html {
    use_language();
    let sort = use_state(|| props.sort);
    let choose = {
        let (sort, sorted) = (sort.clone(), props.sorted.clone());
        Callback::from(move |next: Option<Sort>| {
            sort.set(next);
            sorted.emit(next);
        })
    };
    let mut rows: Vec<&Row> = props.rows.iter().collect();
    if let Some(sort) = *sort {
        rows.sort_by(|a, b| compare(a, b, sort));
    }
    html! {
        <>
            { phone_order(&props.columns, *sort, &choose) }
            <div class="zx-scroll" tabindex="0" role="region" aria-label={props.label.clone()}>
            <table class="zx-table">
                <thead><tr>{ for props.columns.iter().enumerate().map(|(place, column)| head(place, column, *sort, &choose)) }</tr></thead>
                <tbody>{ for rows.into_iter().map(|row| line(row, &props.columns)) }</tbody>
            </table></div>
        </>
    }
}

fn compare(a: &Row, b: &Row, sort: Sort) -> Ordering {
    let of = |row: &'_ Row| {
        row.cells
            .get(sort.column)
            .map_or(By::Nothing, |cell| cell.by.clone())
    };
    let turned = |order: Ordering| if sort.down { order.reverse() } else { order };
    match (of(a), of(b)) {
        (By::Nothing, By::Nothing) => Ordering::Equal,
        (By::Nothing, _) => Ordering::Greater,
        (_, By::Nothing) => Ordering::Less,
        (By::Number(a), By::Number(b)) => turned(a.cmp(&b)),
        (By::Text(a), By::Text(b)) => turned(a.cmp(&b)),
        (By::Number(_), By::Text(_)) => Ordering::Less,
        (By::Text(_), By::Number(_)) => Ordering::Greater,
    }
}

fn head(
    place: usize,
    column: &Column,
    sort: Option<Sort>,
    choose: &Callback<Option<Sort>>,
) -> Html {
    let class = classes!(
        column.number.then_some("zx-right"),
        column.minor.then_some("zx-minor")
    );
    if !column.sorts {
        return html! { <th scope="col" {class} title={column.hint.clone()}>{ &column.name }</th> };
    }
    let own = sort.filter(|sort| sort.column == place);
    let (said, sign) = match own {
        None => (None, "↕"),
        Some(Sort { down: true, .. }) => (Some("descending"), "▼"),
        Some(_) => (Some("ascending"), "▲"),
    };
    // Figures show the largest first, texts the first of the alphabet; the next click turns round.
    let down = own.map_or(column.number, |own| !own.down);
    let turn = {
        let choose = choose.clone();
        Callback::from(move |_: MouseEvent| {
            choose.emit(Some(Sort {
                column: place,
                down,
            }))
        })
    };
    html! {
        <th scope="col" {class} aria-sort={said}><button type="button" class="zx-plain zx-sort" onclick={turn}>{ &column.name }<span aria-hidden="true">{ " " }{ sign }</span></button></th>
    }
}

fn line(row: &Row, columns: &[Column]) -> Html {
    let cells = row.cells.iter().zip(columns).enumerate();
    html! {
        <tr key={row.key.clone()} class={classes!(row.marked.then_some("zx-marked"))}>{ for cells.map(|(place, (cell, column))| {
            let class = classes!(column.number.then_some("zx-right"), column.minor.then_some("zx-minor"));
            if place == 0 {
                html! { <th scope="row" {class}>{ cell.html.clone() }</th> }
            } else {
                html! { <td {class} data-label={column.name.clone()}>{ cell.html.clone() }</td> }
            }
        }) }</tr>
    }
}

/// The order, where the table has no heads to click: on a phone.
fn phone_order(columns: &[Column], sort: Option<Sort>, choose: &Callback<Option<Sort>>) -> Html {
    let mut choices = vec![(String::new(), t!("sort-as-is"))];
    for (place, column) in columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.sorts)
    {
        choices.push((
            format!("{place}-down"),
            t!("sort-down", name = column.name.clone()),
        ));
        choices.push((
            format!("{place}-up"),
            t!("sort-up", name = column.name.clone()),
        ));
    }
    if choices.len() == 1 {
        return Html::default();
    }
    let value = sort.map_or_else(String::new, |sort| {
        format!("{}-{}", sort.column, if sort.down { "down" } else { "up" })
    });
    let change = choose.reform(|value: String| {
        let (place, way) = value.split_once('-')?;
        Some(Sort {
            column: place.parse().ok()?,
            down: way == "down",
        })
    });
    html! { <Select class="zx-order" label={t!("sort")} {value} {choices} {change} /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(values: [Option<i64>; 4], down: bool) -> Vec<String> {
        let row = |value: &Option<i64>| {
            Row::of(
                format!("{value:?}"),
                vec![Cell {
                    html: Html::default(),
                    by: value.map_or(By::Nothing, By::Number),
                }],
            )
        };
        let mut rows: Vec<Row> = values.iter().map(row).collect();
        rows.sort_by(|a, b| compare(a, b, Sort { column: 0, down }));
        rows.into_iter().map(|row| row.key).collect()
    }

    #[test]
    fn what_has_no_figure_stands_last_either_way() {
        let values = [Some(2), None, Some(10), Some(1)];
        assert_eq!(
            order(values, false),
            ["Some(1)", "Some(2)", "Some(10)", "None"]
        );
        assert_eq!(
            order(values, true),
            ["Some(10)", "Some(2)", "Some(1)", "None"]
        );
    }
}
