//! One ledger: its filters and its records, and beside them the record that is open.

use super::edit::not_in_use;
use super::filters::{asked, bar};
use super::kept::{Kept, kept};
use super::panel::Panel;
use super::replace::{ReplaceTerm, replaces};
use super::{roster_columns, rows};
use crate::components::{Card, More, PageHeader, empty, loaded};
use crate::draft::use_filters;
use crate::hooks::{Load, Pages, Query, use_go, use_load, use_pages, use_session};
use crate::i18n::use_language;
use crate::pages::views::Views;
use crate::routes::Route;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::Page;
use zhenxing_api_types::ledger::Record;
use zhenxing_api_types::unit::Level;
use zhenxing_client::{Client, ClientError};

/// Which ledger.
#[derive(Clone, PartialEq, Properties)]
pub struct LedgerPageProps {
    /// The ledger's code.
    pub code: String,
    /// The record that is open.
    #[prop_or_default]
    pub id: Option<Uuid>,
}

/// The page of a ledger.
#[function_component]
pub fn LedgerPage(props: &LedgerPageProps) -> Html {
    use_language();
    let (load, again) = use_load(props.code.clone(), |session, code: String| async move {
        kept(&session, &code).await
    });
    loaded(&load, &again, |found| match found {
        Some(kept) => html! { <Shown kept={Rc::clone(kept)} id={props.id} /> },
        None => not_in_use(),
    })
}

#[derive(Clone, PartialEq, Properties)]
struct ShownProps {
    kept: Rc<Kept>,
    id: Option<Uuid>,
}

/// Beyond this number a list that is narrowed is not counted.
const MOST_COUNTED: i64 = 10_000;

/// What is asked of a ledger's list, with more of it.
async fn page(
    client: &Client,
    kept: &Kept,
    query: &Query,
    more: &[(&'static str, &str)],
) -> Result<Page<Record>, ClientError> {
    let asked = asked(kept, query);
    let mut asked: Vec<(&str, &str)> = asked
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    asked.extend_from_slice(more);
    client.records(&kept.ledger.code, &asked).await
}

#[function_component]
fn Shown(props: &ShownProps) -> Html {
    use_language();
    let kept = &props.kept;
    let code = kept.ledger.code.clone();
    let here = match props.id {
        Some(id) => Route::Record {
            code: code.clone(),
            id,
        },
        None => Route::Ledger { code: code.clone() },
    };
    let filters = use_filters(here);
    let round = use_state(|| 0_u32);
    let fetched = Rc::clone(kept);
    let pages = use_pages(
        (filters.query.clone(), *round),
        |session, (query, _): (Query, u32), cursor| async move {
            let page = page(&session.client, &fetched, &query, &[("cursor", &cursor)]).await?;
            Ok(Page {
                items: page.items.into_iter().map(Rc::new).collect(),
                next_cursor: page.next_cursor,
                total: None,
            })
        },
    );
    // Counting takes longer than the list, which does not wait for it.
    let counted = Rc::clone(kept);
    let (total, _) = use_load(
        (filters.query.clone(), *round),
        |session, (query, _): (Query, u32)| async move {
            let more = [("limit", "1"), ("total", "true")];
            let page = page(&session.client, &counted, &query, &more).await?;
            Ok(page.total)
        },
    );
    let changed = {
        let round = round.clone();
        Callback::from(move |()| round.set(round.wrapping_add(1)))
    };
    let replacing = use_state(|| false);
    let open_replace = {
        let replacing = replacing.clone();
        Callback::from(move |_: MouseEvent| replacing.set(true))
    };
    let close_replace = {
        let replacing = replacing.clone();
        Callback::from(move |()| replacing.set(false))
    };
    let level = use_session().and_then(|session| session.me());
    let below = level.is_some_and(|me| me.unit.level != Level::Village);
    let query = (!filters.query.is_empty()).then(|| filters.query.clone());
    let go = {
        let code = code.clone();
        use_go::<Route>().reform(move |query: Query| (Route::Ledger { code: code.clone() }, query))
    };
    let crumbs = html! { <nav aria-label={t!("crumbs")} class="zx-back"><Link<Route> to={Route::Ledgers}>{ "‹ " }{ t!("ledgers") }</Link<Route>></nav> };
    html! {
        <>
            <PageHeader title={kept.name()} lead={lead(kept, &total)} {crumbs}>
                if kept.ledger.may_keep && replaces(kept).is_some() {
                    <button type="button" class="zx-button" onclick={open_replace}>{ t!("replace-term") }</button>
                }
                <Views query={filters.query.clone()} {go} ledger={code.clone()} />
                if kept.ledger.may_keep {
                    if roster_columns::takes_sheets(&kept.record) {
                        <Link<Route> to={Route::ImportRecords { code: code.clone() }} classes="zx-button">{ t!("roster") }</Link<Route>>
                    }
                    <Link<Route, Query> to={Route::NewRecord { code: code.clone() }} {query} classes="zx-button zx-primary">{ t!("record-add") }</Link<Route, Query>>
                }
            </PageHeader>
            <div class={classes!("zx-beside", props.id.map(|_| "zx-beside-open"))}>
                <Card title={t!("records")} class="zx-beside-list">
                    { bar(kept, &filters, below) }
                    { list(props, &pages, &filters.query, below) }
                </Card>
                if let Some(id) = props.id {
                    <Panel key={id.to_string()} kept={Rc::clone(kept)} {id} query={filters.query.clone()} changed={changed.clone()} />
                }
            </div>
            if *replacing {
                <ReplaceTerm kept={Rc::clone(kept)} close={close_replace} changed={changed} />
            }
        </>
    }
}

/// How many records there are, and who sees them.
fn lead(kept: &Kept, total: &Load<Option<i64>>) -> Html {
    let total = match total {
        Load::Ready(total) => *total,
        Load::Waiting | Load::Failed(_) => None,
    };
    let restricted = kept.ledger.restricted;
    let count = |total: i64| {
        if total == MOST_COUNTED + 1 {
            t!("records-many", count = MOST_COUNTED)
        } else {
            t!("records-count", count = total)
        }
    };
    html! {
        <>
            if let Some(total) = total { { count(total) } }
            if restricted { { " " }<span class="zx-label zx-label-amber">{ t!("ledger-restricted") }</span> }
        </>
    }
}

fn list(props: &ShownProps, pages: &Pages<Rc<Record>>, query: &Query, below: bool) -> Html {
    let kept = &props.kept;
    loaded(&pages.load, &pages.again, |rows| {
        if rows.is_empty() {
            return empty(nothing(kept, query));
        }
        html! {
            <>
                { rows::table(kept, rows, props.id, query, below) }
                <More shown={rows.len()} has_more={pages.has_more} more={pages.more.clone()} />
            </>
        }
    })
}

/// What an empty list says: nothing matches, or what will be here and who makes it.
fn nothing(kept: &Kept, query: &Query) -> String {
    if !query.is_empty() {
        return t!("records-none");
    }
    let levels = kept.record.fill_levels.iter();
    let levels: Vec<String> = levels
        .map(|level| crate::format::level(Some((*level).into())))
        .collect();
    let who = levels.join(&t!("list-separator"));
    if kept.ledger.may_keep {
        t!("records-empty-own", who = who)
    } else {
        t!("records-empty", who = who)
    }
}
