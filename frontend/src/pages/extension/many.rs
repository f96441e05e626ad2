//! An extension for several units of a table at once, asked by who fills in for them.

use super::ask::{Ask, Refusal, Wish};
use crate::components::toast::use_toast;
use crate::hooks::use_session;
use crate::i18n::use_language;
use std::collections::BTreeSet;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::extension::AskExtension;
use zhenxing_api_types::report::{Due, DueState, Light};
use zhenxing_api_types::report_bulk::GridRow;
use zhenxing_client::{Client, ClientError};

/// The table's form, period and rows.
#[derive(Clone, PartialEq, Properties)]
pub struct AskForManyProps {
    /// The form's code.
    pub form: AttrValue,
    /// The period.
    pub period: AttrValue,
    /// The rows.
    pub rows: Rc<Vec<GridRow>>,
}

/// Whether an extension can be asked for what is due.
fn movable(due: &Due) -> bool {
    let waits = matches!(
        due.state,
        DueState::NotStarted | DueState::Draft | DueState::Returned
    );
    waits && due.fill_due.is_some() && due.light != Light::Overdue
}

/// The button with its dialog; nothing where no due day can be moved.
#[function_component]
pub fn AskForMany(props: &AskForManyProps) -> Html {
    use_language();
    let session = use_session();
    let toast = use_toast();
    let asking = use_state(|| false);
    let picked = use_state(BTreeSet::<String>::new);
    let refusal = use_state(Refusal::default);
    let busy = use_state(|| false);
    let dues: Vec<&Due> = props.rows.iter().map(|row| &row.due).collect();
    let dues: Vec<&Due> = dues.into_iter().filter(|due| movable(due)).collect();
    let Some(first) = dues.iter().filter_map(|due| due.fill_due).min() else {
        return Html::default();
    };
    let send = {
        let (asking, picked) = (asking.clone(), picked.clone());
        let (refusal, busy) = (refusal.clone(), busy.clone());
        let (form, period) = (props.form.to_string(), props.period.to_string());
        Callback::from(move |wish: Wish| {
            let (Some(session), Some(toast)) = (session.clone(), toast.clone()) else {
                return;
            };
            let asks: Vec<AskExtension> = picked
                .iter()
                .map(|unit| AskExtension {
                    form: form.clone(),
                    unit: unit.clone(),
                    period: period.clone(),
                    until: wish.until,
                    reason: wish.reason.clone(),
                })
                .collect();
            if asks.is_empty() {
                refusal.set(Refusal {
                    field: None,
                    text: t!("extension-needs-unit"),
                });
                return;
            }
            busy.set(true);
            let (asking, picked) = (asking.clone(), picked.clone());
            let (refusal, busy) = (refusal.clone(), busy.clone());
            spawn_local(async move {
                let (left, why) = ask_all(&session.client, &asks).await;
                let sent = asks.len() - left.len();
                if sent > 0 {
                    toast.done(t!("extensions-sent", count = sent));
                }
                match why {
                    None => asking.set(false),
                    Some(error) => refusal.set(Refusal::from(&error)),
                }
                // Those that were not taken stay chosen.
                picked.set(left);
                busy.set(false);
            });
        })
    };
    let open = |to: bool| {
        let (asking, refusal) = (asking.clone(), refusal.clone());
        Callback::from(move |()| {
            refusal.set(Refusal::default());
            asking.set(to);
        })
    };
    html! {
        <>
            <button type="button" class="zx-button" onclick={open(true).reform(|_: MouseEvent| ())}>{ t!("extension-ask") }</button>
            if *asking {
                <Ask due={first} busy={*busy} refusal={(*refusal).clone()} {send} close={open(false)}>
                    <p>{ t!("extension-many-text") }</p>
                    { units(&dues, &picked) }
                </Ask>
            }
        </>
    }
}

/// The units to choose from.
fn units(dues: &[&Due], picked: &UseStateHandle<BTreeSet<String>>) -> Html {
    let all = picked.len() == dues.len();
    let turn = {
        let picked = picked.clone();
        let codes: BTreeSet<String> = dues.iter().map(|due| due.unit.code.clone()).collect();
        Callback::from(move |_: Event| {
            picked.set(if all { BTreeSet::new() } else { codes.clone() });
        })
    };
    let line = |due: &&Due| {
        let code = due.unit.code.clone();
        let turn = {
            let (picked, code) = (picked.clone(), code.clone());
            Callback::from(move |_: Event| {
                let mut next = (*picked).clone();
                if !next.remove(&code) {
                    next.insert(code.clone());
                }
                picked.set(next);
            })
        };
        html! {
            <label class="zx-check"><input type="checkbox" class="zx-pick-box" checked={picked.contains(&code)} onchange={turn} />{ &due.unit.name }
                if due.extended { <small>{ t!("extended") }</small> }</label>
        }
    };
    html! {
        <fieldset class="zx-units"><legend>{ t!("extension-units", count = picked.len()) }</legend>
            <label class="zx-check zx-all"><input type="checkbox" class="zx-pick-box" checked={all} onchange={turn} />{ t!("extensions-all", count = dues.len()) }</label>
            <div class="zx-units-list">{ for dues.iter().map(line) }</div>
        </fieldset>
    }
}

/// Asks for one after another: the units for which it was not taken, and why for the first of them.
async fn ask_all(
    client: &Client,
    asks: &[AskExtension],
) -> (BTreeSet<String>, Option<ClientError>) {
    let mut left = BTreeSet::new();
    let mut why = None;
    for ask in asks {
        if let Err(error) = client.ask_extension(ask).await {
            left.insert(ask.unit.clone());
            why.get_or_insert(error);
        }
    }
    (left, why)
}
