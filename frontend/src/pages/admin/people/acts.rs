//! What is done with an account: off and on, transfer, leave, return.

use super::deputies::DeputyField;
use crate::components::alert;
use crate::components::confirm::Confirm;
use crate::components::field::TextField;
use crate::components::toast::use_toast;
use crate::components::unit_picker::UnitPicker;
use crate::draft::{Picked, picked_name, use_draft};
use crate::format;
use crate::hooks::use_session;
use crate::i18n::use_language;
use chrono::NaiveDate;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::unit::Unit;
use zhenxing_api_types::user::{ActOnUser, User, UserAction};

/// The word of an act.
pub fn word(action: UserAction) -> String {
    match action {
        UserAction::Deactivate => t!("user-deactivate"),
        UserAction::Reactivate => t!("user-reactivate"),
        UserAction::Transfer => t!("user-transfer"),
        UserAction::Leave => t!("user-leave"),
        UserAction::Return => t!("user-return"),
    }
}

fn meaning(action: UserAction) -> String {
    match action {
        UserAction::Deactivate => t!("user-deactivate-means"),
        UserAction::Reactivate => t!("user-reactivate-means"),
        UserAction::Transfer => t!("user-transfer-means"),
        UserAction::Leave => t!("user-leave-means"),
        UserAction::Return => t!("user-return-means"),
    }
}

/// Asks whether a transfer that has not come shall be taken back.
#[function_component]
pub fn NoTransfer(props: &NoTransferProps) -> Html {
    use_language();
    let act = ActProps {
        user: props.user.clone(),
        action: UserAction::Transfer,
        close: props.close.clone(),
        done: props.done.clone(),
    };
    let draft = Draft {
        unit: Some(Picked {
            code: props.user.unit.code.clone(),
            name: props.user.unit.name.clone(),
        }),
        ..Draft::default()
    };
    let (confirm, said, busy) = use_act(&act, draft);
    html! {
        <Confirm title={t!("transfer-cancel-ask", name = props.user.name.clone())} act={t!("transfer-cancel")} {busy} {confirm} cancel={props.close.clone()}>
            { alert(&said) }
            <p>{ t!("transfer-cancel-means") }</p>
        </Confirm>
    }
}

/// Whose transfer.
#[derive(Clone, PartialEq, Properties)]
pub struct NoTransferProps {
    /// The account.
    pub user: User,
    /// Leaves it.
    pub close: Callback<()>,
    /// Is told when it is done.
    pub done: Callback<()>,
}

/// The properties of an act.
#[derive(Clone, PartialEq, Properties)]
pub struct ActProps {
    /// The account.
    pub user: User,
    /// What is done.
    pub action: UserAction,
    /// Leaves it.
    pub close: Callback<()>,
    /// Is told when it is done.
    pub done: Callback<()>,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Draft {
    unit: Option<Picked>,
    from: String,
    until: String,
    deputy: String,
}

impl Draft {
    fn request(&self, action: UserAction) -> ActOnUser {
        let moves = action == UserAction::Transfer;
        let leaves = action == UserAction::Leave;
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let deputy = Some(self.deputy.trim().to_owned()).filter(|deputy| !deputy.is_empty());
        ActOnUser {
            action,
            unit: self.unit.clone().map(|unit| unit.code).filter(|_| moves),
            from: day(&self.from).filter(|_| moves || leaves),
            until: day(&self.until).filter(|_| leaves),
            deputy: deputy.filter(|_| leaves),
        }
    }
}

/// A question before an act, with what it needs to know.
#[function_component]
pub fn Act(props: &ActProps) -> Html {
    use_language();
    let draft = use_draft(Draft::default);
    let (confirm, said, busy) = use_act(props, draft.taken());
    let unit = draft.piece(|draft, unit: Option<Unit>| draft.unit = unit.map(Picked::from));
    let fields = match props.action {
        UserAction::Transfer => html! {
            <>
                <UnitPicker id="act-unit" label={t!("transfer-unit")} required={true} value={picked_name(draft.unit.as_ref())} chosen={unit} />
                <TextField id="act-from" kind="date" label={t!("transfer-from")} hint={t!("today-without")} value={draft.from.clone()} change={draft.piece(|draft, text| draft.from = text)} />
            </>
        },
        UserAction::Leave => html! {
            <>
                <TextField id="act-from" kind="date" label={t!("leave-from")} hint={t!("today-without")} value={draft.from.clone()} change={draft.piece(|draft, text| draft.from = text)} />
                <TextField id="act-until" kind="date" label={t!("leave-until")} required={true} value={draft.until.clone()} change={draft.piece(|draft, text| draft.until = text)} />
                <DeputyField absent={props.user.clone()} value={draft.deputy.clone()} change={draft.piece(|draft, text| draft.deputy = text)} />
            </>
        },
        UserAction::Deactivate | UserAction::Reactivate | UserAction::Return => Html::default(),
    };
    // What ends an account's work is confirmed by its name.
    let typed =
        (props.action == UserAction::Deactivate).then(|| AttrValue::from(props.user.name.clone()));
    let title = t!(
        "user-act",
        act = word(props.action),
        name = props.user.name.clone()
    );
    html! {
        <Confirm {title} act={word(props.action)} {typed} {busy} {confirm} cancel={props.close.clone()}>
            { alert(&said) }
            <p>{ meaning(props.action) }</p>
            { fields }
        </Confirm>
    }
}

#[hook]
fn use_act(props: &ActProps, draft: Draft) -> (Callback<()>, String, bool) {
    let session = use_session();
    let toast = use_toast();
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let confirm = {
        let (said, busy) = (said.clone(), busy.clone());
        let (user, action, done) = (props.user.clone(), props.action, props.done.clone());
        Callback::from(move |()| {
            let Some(session) = session.clone() else {
                return;
            };
            busy.set(true);
            let (said, busy, done, toast) =
                (said.clone(), busy.clone(), done.clone(), toast.clone());
            let (user, act) = (user.clone(), draft.request(action));
            spawn_local(async move {
                match session
                    .client
                    .act_on_user(&user.login, user.revision, &act)
                    .await
                {
                    Ok(_) => {
                        if let Some(toast) = toast {
                            toast.done(t!(
                                "user-acted",
                                act = word(action),
                                name = user.name.clone()
                            ));
                        }
                        done.emit(());
                    }
                    Err(error) => said.set(format::error(&error)),
                }
                busy.set(false);
            });
        })
    };
    (confirm, (*said).clone(), *busy)
}
