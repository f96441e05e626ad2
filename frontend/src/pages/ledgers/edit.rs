//! The pages on which a record is entered and changed.

use super::form::{Form, Saved};
use super::kept::{Kept, kept};
use crate::components::{Card, PageHeader, alert, loaded};
use crate::hooks::{use_go, use_load, use_query};
use crate::i18n::use_language;
use crate::routes::Route;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

/// Which ledger.
#[derive(Clone, PartialEq, Properties)]
pub struct NewRecordProps {
    /// The ledger's code.
    pub code: String,
}

/// 新增
#[function_component]
pub fn NewRecord(props: &NewRecordProps) -> Html {
    use_language();
    let go = use_go::<Route>();
    let query = use_query();
    // Another record after one that was kept begins with an empty form.
    let round = use_state(|| 0_u32);
    let (load, again) = use_load(props.code.clone(), |session, code: String| async move {
        kept(&session, &code).await
    });
    let saved = {
        let (go, round, query) = (go.clone(), round.clone(), query.clone());
        Callback::from(move |saved: Saved| {
            if saved.again {
                round.set(round.wrapping_add(1));
                return;
            }
            let (code, id) = (saved.record.ledger, saved.record.id);
            go.emit((Route::Record { code, id }, query.clone()));
        })
    };
    let cancel = {
        let code = props.code.clone();
        go.reform(move |()| (Route::Ledger { code: code.clone() }, query.clone()))
    };
    loaded(&load, &again, |found| match found {
        Some(kept) => html! {
            <>
                <PageHeader title={t!("record-new-of", ledger = kept.name())} crumbs={crumbs(kept)} />
                if kept.ledger.may_keep {
                    <Form key={*round} kept={Rc::clone(kept)} {saved} {cancel} />
                } else {
                    { alert(&t!("record-may-not")) }
                }
            </>
        },
        None => not_in_use(),
    })
}

/// Which record.
#[derive(Clone, PartialEq, Properties)]
pub struct EditRecordProps {
    /// The ledger's code.
    pub code: String,
    /// The record's number.
    pub id: Uuid,
}

/// 修改
#[function_component]
pub fn EditRecord(props: &EditRecordProps) -> Html {
    use_language();
    let go = use_go::<Route>();
    let query = use_query();
    let asked = (props.code.clone(), props.id);
    let (load, again) = use_load(asked, |session, (code, id): (String, Uuid)| async move {
        let Some(kept) = kept(&session, &code).await? else {
            return Ok(None);
        };
        let record = session.client.record(&code, id).await?;
        Ok(Some((kept, Rc::new(record))))
    });
    let back = {
        let (code, id) = (props.code.clone(), props.id);
        go.reform(move |()| {
            let code = code.clone();
            (Route::Record { code, id }, query.clone())
        })
    };
    let saved = back.reform(|_: Saved| ());
    loaded(&load, &again, |found| match found {
        Some((kept, record)) => html! {
            <>
                <PageHeader title={t!("record-edit-of", title = super::shown::title(kept, record))} crumbs={crumbs(kept)} />
                if record.may_keep {
                    <Form kept={Rc::clone(kept)} record={Rc::clone(record)} {saved} cancel={back} />
                } else {
                    { alert(&t!("record-may-not")) }
                }
            </>
        },
        None => not_in_use(),
    })
}

/// The way back up.
pub fn crumbs(kept: &Kept) -> Html {
    let code = kept.ledger.code.clone();
    html! {
        <nav aria-label={t!("crumbs")}><ol class="zx-crumbs">
            <li><Link<Route> to={Route::Ledgers}>{ t!("ledgers") }</Link<Route>></li>
            <li><Link<Route> to={Route::Ledger { code }}>{ kept.name() }</Link<Route>></li>
        </ol></nav>
    }
}

/// A ledger that is only named yet.
pub fn not_in_use() -> Html {
    html! {
        <>
            <PageHeader title={t!("ledgers")} />
            <Card title={t!("ledger-unused")}><p>{ t!("ledger-not-in-use") }</p>
                <p><Link<Route> to={Route::Ledgers}>{ t!("ledger-all") }</Link<Route>></p></Card>
        </>
    }
}
