//! 通过其余全部: every report of the queue that has nothing to be looked at, in one act, after its number was confirmed.

use crate::components::confirm::Confirm;
use crate::components::toast::use_toast;
use crate::format;
use crate::hooks::use_session;
use crate::i18n::{named, use_language};
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::report::ReportState;
use zhenxing_api_types::report_bulk::{BulkAct, BulkAction, BulkResult, SeenReport};
use zhenxing_api_types::workbench::Waiting;
use zhenxing_client::{Client, ClientError};

/// How many reports one act may hold.
const MOST: usize = 500;

/// The properties of the button.
#[derive(Clone, PartialEq, Properties)]
pub struct RestProps {
    /// The queue.
    pub row: Waiting,
    /// Is told when reports left the queue.
    pub done: Callback<()>,
}

/// What is about to be passed.
#[derive(Debug, Clone, Default, PartialEq)]
struct Found {
    plain: Vec<SeenReport>,
    explained: usize,
}

/// The button with its question.
#[function_component]
pub fn Rest(props: &RestProps) -> Html {
    use_language();
    let session = use_session();
    let toast = use_toast();
    let found = use_state(|| None::<Found>);
    let busy = use_state(|| false);
    let ask = {
        let (session, toast, found, busy, row) = (
            session.clone(),
            toast.clone(),
            found.clone(),
            busy.clone(),
            props.row.clone(),
        );
        Callback::from(move |_: MouseEvent| {
            let Some(session) = session.clone().filter(|_| !*busy) else {
                return;
            };
            busy.set(true);
            let (toast, found, busy, row) =
                (toast.clone(), found.clone(), busy.clone(), row.clone());
            spawn_local(async move {
                match (look(&session.client, &row).await, toast) {
                    (Ok(all), Some(toast)) if all.plain.is_empty() => toast.done(t!("rest-none")),
                    (Ok(all), _) => found.set(Some(all)),
                    (Err(error), Some(toast)) => toast.failed(format::error(&error)),
                    (Err(_), None) => {}
                }
                busy.set(false);
            });
        })
    };
    let pass = {
        let (found, busy, done) = (found.clone(), busy.clone(), props.done.clone());
        let action = if props.row.state == ReportState::Submitted {
            BulkAction::Check
        } else {
            BulkAction::Approve
        };
        Callback::from(move |()| {
            let (Some(session), Some(all)) = (session.clone(), (*found).clone()) else {
                return;
            };
            busy.set(true);
            let act = BulkAct {
                action,
                reason: None,
                reports: all.plain,
                filter: None,
                expected_count: None,
            };
            let (found, busy, done, toast) =
                (found.clone(), busy.clone(), done.clone(), toast.clone());
            spawn_local(async move {
                match (session.client.bulk_act(&act, false).await, toast) {
                    (Ok(result), Some(toast)) => say(&toast, &result),
                    (Err(error), Some(toast)) => toast.failed(format::error(&error)),
                    (_, None) => {}
                }
                found.set(None);
                busy.set(false);
                done.emit(());
            });
        })
    };
    let cancel = {
        let found = found.clone();
        Callback::from(move |()| found.set(None))
    };
    html! {
        <>
            <button type="button" class="zx-button" onclick={ask} disabled={*busy}>{ t!("rest") }</button>
            if let Some(all) = &*found {
                <Confirm title={t!("rest-title", count = all.plain.len())} act={t!("rest-act", count = all.plain.len())} busy={*busy} confirm={pass} {cancel}>
                    <p>{ t!("rest-text", count = all.plain.len()) }</p>
                    if all.explained > 0 { <p>{ t!("rest-explained", count = all.explained) }</p> }
                </Confirm>
            }
        </>
    }
}

/// Walks through the whole queue: what has nothing to be looked at, and how many have.
async fn look(client: &Client, row: &Waiting) -> Result<Found, ClientError> {
    let state = if row.state == ReportState::Submitted {
        "submitted"
    } else {
        "checked"
    };
    let mut all = Found::default();
    let mut cursor = String::new();
    loop {
        let page = client
            .reports(&row.form, &row.period, state, &cursor)
            .await?;
        for report in page.items {
            if report.exceptions > 0 {
                all.explained += 1;
            } else if all.plain.len() < MOST {
                all.plain.push(SeenReport {
                    id: report.id,
                    revision: report.revision,
                });
            }
        }
        match page.next_cursor.filter(|_| all.plain.len() < MOST) {
            Some(next) => cursor = next,
            None => return Ok(all),
        }
    }
}

/// Says what became of them; the first refusal with its reason.
fn say(toast: &crate::components::toast::Toast, result: &BulkResult) {
    let refusal = result.rows.iter().find_map(|row| row.refusal.as_ref());
    match refusal {
        None => toast.done(t!("rest-done", count = result.done)),
        Some(refusal) => toast.failed(t!(
            "rest-refused",
            count = result.done,
            refused = result.refused,
            reason = named(&refusal.message_zh, &refusal.message_en),
        )),
    }
}
