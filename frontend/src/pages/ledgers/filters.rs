//! The filters of a ledger, made from its definition; all of them stand in the link.

use super::kept::{Kept, field_label, state_name};
use super::reference::RecordPicker;
use crate::components::field::Select;
use crate::components::filter::FilterBar;
use crate::components::lookup::Lookup;
use crate::components::unit_picker::UnitPicker;
use crate::draft::{Filters, Picked};
use crate::hooks::{Load, Query, use_load};
use crate::i18n::{named, use_language};
use crate::pages::typed::scaled;
use uuid::Uuid;
use yew::prelude::*;
use zhenxing_domain::package::{RecordField, RecordKind};

/// What stands between the first and the last of a range; either may be left out.
const RANGE: &str = "..";

/// Under which name a field's filter stands in the link.
fn key(field: &RecordField) -> String {
    format!("f.{}", field.code)
}

/// Whether a field has a filter. Identity numbers and telephones have none: they would stand in links.
fn is_offered(field: &RecordField) -> bool {
    field.filter && !field.is_personal() && field.kind != RecordKind::File
}

/// Whether a filter is a range.
fn is_range(kind: &RecordKind) -> bool {
    *kind == RecordKind::Date || kind.decimals().is_some()
}

fn ends(text: &str) -> (&str, &str) {
    text.split_once(RANGE).unwrap_or((text, ""))
}

fn range(from: &str, to: &str) -> String {
    if from.is_empty() && to.is_empty() {
        return String::new();
    }
    format!("{from}{RANGE}{to}")
}

/// What a filter asks of the server; nothing where it does not narrow. Numbers are asked for as records hold them.
fn asked_of(field: &RecordField, text: &str) -> Option<String> {
    let Some(decimals) = field.kind.decimals() else {
        // A comma parts one filter from the next.
        let text = text.replace(',', " ");
        return Some(text).filter(|text| !text.trim().is_empty());
    };
    let (from, to) = ends(text);
    let whole = |end: &str| scaled(end, decimals).map_or_else(String::new, |end| end.to_string());
    Some(range(&whole(from), &whole(to))).filter(|text| !text.is_empty())
}

/// What the link asks of the server, but for the part of the list.
pub fn asked(kept: &Kept, query: &Query) -> Vec<(&'static str, String)> {
    let of = |name: &str| query.get(name).cloned().unwrap_or_default();
    let fields = kept.record.fields().filter(|field| is_offered(field));
    let parts = fields.filter_map(|field| {
        let asked = asked_of(field, query.get(&key(field))?)?;
        Some(format!("{}:{asked}", field.code))
    });
    let filter = parts.collect::<Vec<_>>().join(",");
    vec![
        ("unit", of("unit")),
        ("q", of("q")),
        ("state", of("state")),
        ("filter", filter),
        ("sort", of("sort")),
        ("deleted", of("deleted")),
    ]
}

/// The bar of filters.
pub fn bar(kept: &Kept, filters: &Filters, below: bool) -> Html {
    let fields = kept.record.fields().filter(|field| is_offered(field));
    let fields: Vec<&RecordField> = fields.collect();
    let narrowed = fields
        .iter()
        .any(|field| !filters.of(&key(field)).is_empty());
    let kinds = vec![
        (String::new(), t!("ledger-kept")),
        ("true".to_owned(), t!("ledger-deleted")),
    ];
    let orders = vec![
        (String::new(), t!("ledger-by-latest")),
        ("title".to_owned(), t!("ledger-by-title")),
    ];
    let states = kept
        .record
        .states
        .iter()
        .map(|state| (state.code.clone(), state_name(state)));
    html! {
        <FilterBar>
            <Lookup label={t!("ledger-find")} value={filters.of("q")} change={filters.change("q")} />
            if below { <UnitPicker id="ledger-unit" label={t!("unit-and-below")} inline=true value={filters.of("unit_name")} chosen={filters.unit()} /> }
            if !kept.record.states.is_empty() { <Select label={t!("state")} value={filters.of("state")} choices={any(states)} change={filters.change("state")} /> }
            <Further active={narrowed}>{ for fields.iter().map(|field| filter(field, filters)) }</Further>
            <Select label={t!("sort")} value={filters.of("sort")} choices={orders} change={filters.change("sort")} />
            <Select label={t!("ledger-show")} value={filters.of("deleted")} choices={kinds} change={filters.change("deleted")} />
            if !filters.query.is_empty() { <button type="button" class="zx-button" onclick={filters.none()}>{ t!("no-filters") }</button> }
        </FilterBar>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FurtherProps {
    /// Whether one of them narrows the list.
    active: bool,
    children: Html,
}

/// The filters of the fields; a phone shows them when they are asked for.
#[function_component]
fn Further(props: &FurtherProps) -> Html {
    use_language();
    let open = use_state(|| props.active);
    let turn = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <>
            <button type="button" class="zx-button zx-further-turn" aria-expanded={open.to_string()} onclick={turn}>{ t!("ledger-further") }</button>
            <div class={classes!("zx-further", open.then_some("zx-further-open"))}>{ props.children.clone() }</div>
        </>
    }
}

fn any(rest: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), t!("all")))
        .chain(rest)
        .collect()
}

/// The filter of one field.
fn filter(field: &RecordField, filters: &Filters) -> Html {
    let key = key(field);
    let (label, value) = (field_label(field), filters.of(&key));
    let choices = field.kind.choices().iter();
    let choices = choices.map(|one| {
        let name = named(&one.name_zh, &one.name_en);
        (one.code.clone(), name.to_owned())
    });
    match &field.kind {
        RecordKind::Choice { .. } | RecordKind::Choices { .. } => {
            html! { <Select {label} {value} choices={any(choices)} change={filters.change(&key)} /> }
        }
        RecordKind::YesNo => {
            let both = [("true", t!("yes")), ("false", t!("no"))];
            let both = both.map(|(code, word)| (code.to_owned(), word));
            html! { <Select {label} {value} choices={any(both.into_iter())} change={filters.change(&key)} /> }
        }
        RecordKind::Reference { ledger } | RecordKind::References { ledger } => {
            html! { <ReferenceFilter id={key.clone()} {label} ledger={ledger.clone()} {value} change={filters.change(&key)} /> }
        }
        RecordKind::Unit => {
            let chosen =
                filters
                    .change(&key)
                    .reform(|unit: Option<zhenxing_api_types::unit::Unit>| {
                        unit.map(|unit| unit.code).unwrap_or_default()
                    });
            html! { <UnitPicker id={key} {label} {value} inline=true {chosen} /> }
        }
        kind if is_range(kind) => both_ends(field, &key, filters),
        _ => html! { <Lookup {label} {value} change={filters.change(&key)} /> },
    }
}

/// From and to.
fn both_ends(field: &RecordField, key: &str, filters: &Filters) -> Html {
    let value = filters.of(key);
    let (from, to) = ends(&value);
    let (first, last) = (from.to_owned(), to.to_owned());
    let set_from = filters
        .change(key)
        .reform(move |from: String| range(&from, &last));
    let set_to = filters
        .change(key)
        .reform(move |to: String| range(&first, &to));
    let kind = if field.kind == RecordKind::Date {
        "date"
    } else {
        "text"
    };
    let name = field_label(field);
    html! {
        <>
            <Lookup label={t!("ledger-from", field = name.clone())} {kind} value={from.to_owned()} change={set_from} />
            <Lookup label={t!("ledger-to", field = name)} {kind} value={to.to_owned()} change={set_to} />
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ReferenceFilterProps {
    id: AttrValue,
    label: AttrValue,
    ledger: String,
    /// The number of the record; its name does not stand in the link.
    value: String,
    change: Callback<String>,
}

/// A filter by a record that is named.
#[function_component]
fn ReferenceFilter(props: &ReferenceFilterProps) -> Html {
    use_language();
    let asked = (props.ledger.clone(), props.value.clone());
    let (load, _) = use_load(
        asked,
        |session, (ledger, id): (String, String)| async move {
            let Ok(id) = Uuid::parse_str(&id) else {
                return Ok(String::new());
            };
            Ok(session.client.record(&ledger, id).await?.title)
        },
    );
    let value = match load {
        Load::Ready(title) => title,
        // What cannot be read is still what is filtered by.
        Load::Waiting | Load::Failed(_) => props.value.clone(),
    };
    let chosen = props
        .change
        .reform(|picked: Option<Picked>| picked.map(|one| one.code).unwrap_or_default());
    html! { <RecordPicker id={props.id.clone()} label={props.label.clone()} ledger={props.ledger.clone()} {value} {chosen} inline=true /> }
}

#[cfg(test)]
mod tests {
    use super::{ends, range};

    #[test]
    fn ranges_are_written_and_read_alike() {
        for (from, to, text) in [
            ("", "", ""),
            ("2024-01-01", "", "2024-01-01.."),
            ("", "2024-12-31", "..2024-12-31"),
            ("1", "2", "1..2"),
        ] {
            assert_eq!(range(from, to), text);
            assert_eq!(ends(text), (from, to));
        }
    }
}
