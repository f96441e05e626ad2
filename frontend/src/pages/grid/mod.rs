//! 成批填报: the units of a form and period in one table, units down, figures across; saved and submitted at once.

mod cells;
mod foot;
mod line;
mod walk;

use crate::components::{More, PageHeader, empty, loaded};
use crate::format;
use crate::hooks::{Load, definition, use_load, use_pages, use_query, use_session};
use crate::i18n::{named, use_language};
use crate::pages::extension::AskForMany;
use crate::pages::leave::use_leave_warning;
use crate::routes::Route;
use cells::{Cells, Step};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::report_bulk::GridRow;
use zhenxing_domain::package::{FieldDef, FormDef};

/// The page: form and period stand in the link.
#[function_component]
pub fn Grid() -> Html {
    use_language();
    let level = use_session()
        .and_then(|session| session.me())
        .map(|me| me.unit.level);
    let query = use_query();
    let of = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (code, period) = (of("form"), of("period"));
    let (form, form_again) = use_load(
        (code.clone(), period.clone()),
        |session, (code, period)| async move { definition(&session.client, &code, &period).await },
    );
    let rows = use_pages(
        (code, period.clone()),
        |session, (form, period): (String, String), cursor| async move {
            session.client.grid(&form, &period, "", &cursor).await
        },
    );
    loaded(&form, &form_again, |form| {
        let title = t!(
            "form-of-period",
            period = format::period(&period),
            form = named(&form.name_zh, &form.name_en)
        );
        let crumbs = html! { <nav aria-label={t!("crumbs")} class="zx-back"><Link<Route> to={Route::Reports}>{ "‹ " }{ t!("reports") }</Link<Route>></nav> };
        html! {
            <>
                <PageHeader {title} {crumbs} lead={html! { <><span class="zx-label zx-label-blue">{ t!("grid-on-behalf", level = format::level(level)) }</span>{ " " }{ t!("grid-lead") }</> }}>
                    if let Load::Ready(list) = &rows.load { <AskForMany form={form.code.clone()} period={period.clone()} rows={list.clone()} /> }
                </PageHeader>
                { loaded(&rows.load, &rows.again, |list| {
                    if list.is_empty() {
                        return empty(t!("reports-empty"));
                    }
                    let key = list.iter().map(|row| row.revision.unwrap_or(0)).sum::<i64>() + i64::try_from(list.len()).unwrap_or(0);
                    html! { <Sheet {key} form={form.clone()} period={period.clone()} rows={list.clone()} again={rows.again.clone()} /> }
                }) }
                if let Load::Ready(list) = &rows.load { <More shown={list.len()} has_more={rows.has_more} more={rows.more.clone()} /> }
            </>
        }
    })
}

/// The table.
#[derive(Clone, PartialEq, Properties)]
struct SheetProps {
    form: Rc<FormDef>,
    period: String,
    rows: Rc<Vec<GridRow>>,
    again: Callback<()>,
}

#[function_component]
fn Sheet(props: &SheetProps) -> Html {
    use_language();
    let (form, rows) = (&props.form, &props.rows);
    let cells = {
        let (form, rows) = (form.clone(), rows.clone());
        use_reducer(move || Cells::of(&form, &rows))
    };
    let refused = use_state(BTreeMap::<String, String>::new);
    let changed = cells.changed();
    let leaving = use_leave_warning(!changed.is_empty());
    let table = use_node_ref();
    let inputs: Rc<Vec<String>> = Rc::new(
        form.fields()
            .filter(|field| field.is_asked())
            .map(|field| field.code.clone())
            .collect(),
    );
    let paste = {
        let (cells, inputs) = (cells.dispatcher(), inputs.clone());
        Callback::from(move |event: Event| {
            if let Some((row, column, block)) = walk::pasted(&event) {
                event.prevent_default();
                let columns = inputs.iter().skip(column).cloned().collect();
                cells.dispatch(Step::Paste {
                    row,
                    columns,
                    block,
                });
            }
        })
    };
    let head = |field: &FieldDef| html! { <th scope="col" class={classes!(field.kind.decimals().map(|_| "zx-right"))} title={named(&field.hint_zh, &field.hint_en).to_owned()}>{ format::field_name(field) }</th> };
    let lines = rows.iter().zip(&cells.rows).enumerate().map(|(place, (row, own))| {
        let refusal = refused.get(&row.due.unit.code).cloned();
        html! { <line::Line key={row.due.unit.code.clone()} {place} row={Rc::new(row.clone())} own={own.clone()} form={form.clone()} {refusal} cells={cells.dispatcher()} /> }
    });
    html! {
        <div class="zx-card zx-grid">
            <p class="zx-keys">{ t!("grid-keys") }</p>
            <div class="zx-scroll" ref={table.clone()} onkeydown={Callback::from(walk::keys)} onpaste={paste}>
                <table class="zx-table">
                    <thead><tr><th scope="col">{ t!("unit") }</th><th scope="col">{ t!("state") }</th>{ for form.fields().map(head) }<th scope="col">{ t!("grid-hints") }</th></tr></thead>
                    <tbody>{ for lines }</tbody>
                </table>
            </div>
            <foot::Foot form={form.clone()} period={props.period.clone()} rows={rows.clone()} cells={(*cells).clone()} {changed} {table} again={props.again.clone()}
                refused={let refused = refused.clone(); Callback::from(move |all| refused.set(all))} />
            { leaving }
        </div>
    }
}
