//! The deputy of somebody absent: typed, or taken from the colleagues of the unit.

use crate::components::field::TextField;
use crate::hooks::{Load, use_load};
use crate::i18n::use_language;
use yew::prelude::*;
use zhenxing_api_types::user::User;

/// Who is absent, and the deputy as he stands.
#[derive(Clone, PartialEq, Properties)]
pub struct DeputyFieldProps {
    /// The account that will be absent.
    pub absent: User,
    /// The name with which the deputy signs in.
    pub value: String,
    /// Takes it.
    pub change: Callback<String>,
}

/// The field.
#[function_component]
pub fn DeputyField(props: &DeputyFieldProps) -> Html {
    use_language();
    let unit = props.absent.unit.code.clone();
    let (load, _) = use_load(unit, |session, unit| async move {
        let wanted = [
            ("unit", unit.as_str()),
            ("below", "false"),
            ("active", "true"),
            ("limit", "20"),
        ];
        session.client.users(&wanted).await.map(|page| page.items)
    });
    let colleagues: Vec<User> = match load {
        Load::Ready(users) => users
            .into_iter()
            .filter(|user| user.login != props.absent.login)
            .collect(),
        Load::Waiting | Load::Failed(_) => Vec::new(),
    };
    let offer = |user: &User| {
        let login = user.login.clone();
        let take = props.change.reform(move |_: MouseEvent| login.clone());
        let chosen = props.value == user.login;
        html! { <li><button type="button" class={classes!("zx-button", chosen.then_some("zx-chosen"))} aria-pressed={chosen.to_string()} onclick={take}>{ &user.name }</button></li> }
    };
    html! {
        <>
            <TextField id="act-deputy" label={t!("leave-deputy")} hint={t!("leave-deputy-hint")} required={true} value={props.value.clone()} max={32} change={props.change.clone()} />
            if !colleagues.is_empty() {
                <p class="zx-field-name">{ t!("leave-colleagues", unit = props.absent.unit.name.clone()) }</p>
                <ul class="zx-offers">{ for colleagues.iter().map(offer) }</ul>
            }
        </>
    }
}
