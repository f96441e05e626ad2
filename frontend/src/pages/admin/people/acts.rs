//! What is done with an account: off and on, transfer, leave, return.

use crate::components::alert;
use crate::components::confirm::Confirm;
use crate::components::field::TextField;
use crate::components::toast::use_toast;
use crate::components::unit_picker::UnitPicker;
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
    unit: Option<(String, String)>,
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
            unit: self.unit.clone().map(|(code, _)| code).filter(|_| moves),
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
    let draft = use_state(Draft::default);
    let (confirm, said, busy) = use_act(props, (*draft).clone());
    let text = |set: fn(&mut Draft, String)| {
        let draft = draft.clone();
        Callback::from(move |text| {
            let mut next = (*draft).clone();
            set(&mut next, text);
            draft.set(next);
        })
    };
    let unit = {
        let draft = draft.clone();
        Callback::from(move |unit: Option<Unit>| {
            let mut next = (*draft).clone();
            next.unit = unit.map(|unit| (unit.code, unit.name));
            draft.set(next);
        })
    };
    let unit_name = draft
        .unit
        .as_ref()
        .map_or_else(String::new, |(_, name)| name.clone());
    let fields = match props.action {
        UserAction::Transfer => html! {
            <>
                <UnitPicker id="act-unit" label={t!("transfer-unit")} value={unit_name} chosen={unit} />
                <TextField id="act-from" kind="date" label={t!("transfer-from")} hint={t!("today-without")} value={draft.from.clone()} change={text(|draft, text| draft.from = text)} />
            </>
        },
        UserAction::Leave => html! {
            <>
                <TextField id="act-from" kind="date" label={t!("leave-from")} hint={t!("today-without")} value={draft.from.clone()} change={text(|draft, text| draft.from = text)} />
                <TextField id="act-until" kind="date" label={t!("leave-until")} required={true} value={draft.until.clone()} change={text(|draft, text| draft.until = text)} />
                <TextField id="act-deputy" label={t!("leave-deputy")} hint={t!("leave-deputy-hint")} required={true} value={draft.deputy.clone()} max={32} change={text(|draft, text| draft.deputy = text)} />
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
