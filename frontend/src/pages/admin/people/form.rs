//! The form of an account, to be made or changed.

use super::grants::{Grants, usual};
use crate::components::alert;
use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::components::toast::use_toast;
use crate::components::unit_picker::UnitPicker;
use crate::draft::{Picked, picked_name, use_draft};
use crate::format;
use crate::hooks::use_session;
use crate::i18n::use_language;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::session::Grant;
use zhenxing_api_types::unit::Unit;
use zhenxing_api_types::user::{ChangeUser, CreateUser, User};
use zhenxing_client::{Client, ClientError};

/// The properties of the form.
#[derive(Clone, PartialEq, Properties)]
pub struct UserFormProps {
    /// The account that is changed; a new one where there is none.
    #[prop_or_default]
    pub user: Option<User>,
    /// Leaves it.
    pub close: Callback<()>,
    /// Takes the account as it is now.
    pub done: Callback<User>,
}

#[derive(Debug, Clone, PartialEq)]
struct Draft {
    login: String,
    name: String,
    phone: String,
    unit: Option<Picked>,
    grants: Vec<Grant>,
}

impl Draft {
    fn of(user: Option<&User>) -> Draft {
        Draft {
            login: user.map_or_else(String::new, |user| user.login.clone()),
            name: user.map_or_else(String::new, |user| user.name.clone()),
            phone: String::new(),
            unit: user.map(|user| Picked {
                code: user.unit.code.clone(),
                name: user.unit.name.clone(),
            }),
            grants: user.map_or_else(|| vec![usual()], |user| user.grants.clone()),
        }
    }
}

/// The form.
#[function_component]
pub fn UserForm(props: &UserFormProps) -> Html {
    use_language();
    let draft = use_draft(|| Draft::of(props.user.as_ref()));
    let (save, fault, busy) = use_save(props, draft.taken());
    let said = |field: &str| match &fault {
        Some((own, said)) if own == field => said.clone(),
        _ => String::new(),
    };
    let elsewhere = match &fault {
        Some((field, said)) if !["login", "name", "phone", "unit"].contains(&field.as_str()) => {
            said.clone()
        }
        _ => String::new(),
    };
    let unit = draft.piece(|draft, unit: Option<Unit>| draft.unit = unit.map(Picked::from));
    let grants = draft.piece(|draft, grants| draft.grants = grants);
    let new = props.user.is_none();
    let (title, act) = if new {
        (t!("user-add"), t!("user-make"))
    } else {
        (t!("user-change"), t!("save"))
    };
    let phone_hint = props.user.as_ref().and_then(|user| user.phone.clone());
    let phone_hint = phone_hint.map_or_else(String::new, |phone| t!("phone-stays", phone = phone));
    let acts = html! {
        <>
            <button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
            <button type="button" class="zx-button zx-primary" disabled={busy} onclick={save}>{ act }</button>
        </>
    };
    html! {
        <Dialog {title} wide={true} close={props.close.clone()} {acts}>
            { alert(&elsewhere) }
            <div class="zx-two">
                <TextField id="user-name" label={t!("mine-name")} value={draft.name.clone()} max={50} required={true} error={said("name")} change={draft.piece(|draft, text| draft.name = text)} />
                <TextField id="user-login" label={t!("login")} hint={t!("login-hint")} value={draft.login.clone()} max={32} required={true} error={said("login")} change={draft.piece(|draft, text| draft.login = text)} />
                if new {
                    <div><UnitPicker id="user-unit" label={t!("unit")} required={true} value={picked_name(draft.unit.as_ref())} chosen={unit} />
                    if !said("unit").is_empty() { <p class="zx-finding">{ said("unit") }</p> }</div>
                }
                <TextField id="user-phone" label={t!("phone")} kind="tel" hint={phone_hint} value={draft.phone.clone()} max={20} error={said("phone")} change={draft.piece(|draft, text| draft.phone = text)} />
            </div>
            <h3>{ t!("grants") }</h3>
            <Grants unit={draft.unit.as_ref().map(|unit| unit.code.clone()).unwrap_or_default()} grants={draft.grants.clone()} change={grants} />
        </Dialog>
    }
}

/// What saves the form, what was said against it with the field, and whether it is under way.
#[hook]
fn use_save(
    props: &UserFormProps,
    draft: Draft,
) -> (Callback<MouseEvent>, Option<(String, String)>, bool) {
    let session = use_session();
    let toast = use_toast();
    let fault = use_state(|| None::<(String, String)>);
    let busy = use_state(|| false);
    let save = {
        let (fault, busy) = (fault.clone(), busy.clone());
        let (user, done) = (props.user.clone(), props.done.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(session) = session.clone() else {
                return;
            };
            if draft.unit.is_none() {
                fault.set(Some(("unit".to_owned(), t!("unit-missing"))));
                return;
            }
            busy.set(true);
            let (fault, busy, toast) = (fault.clone(), busy.clone(), toast.clone());
            let (user, done, draft) = (user.clone(), done.clone(), draft.clone());
            spawn_local(async move {
                match saved(&session.client, user.as_ref(), draft).await {
                    Ok(saved) => {
                        if let Some(toast) = toast {
                            toast.done(t!("user-saved", name = saved.name.clone()));
                        }
                        done.emit(saved);
                    }
                    Err(error) => fault.set(Some(named_fault(&error))),
                }
                busy.set(false);
            });
        })
    };
    (save, (*fault).clone(), *busy)
}

fn named_fault(error: &ClientError) -> (String, String) {
    let field = match error {
        ClientError::Problem(problem) => problem.field.clone().unwrap_or_default(),
        ClientError::Network(_) | ClientError::Decode(_) => String::new(),
    };
    (field, format::error(error))
}

async fn saved(client: &Client, user: Option<&User>, draft: Draft) -> Result<User, ClientError> {
    let phone = Some(draft.phone.trim().to_owned()).filter(|phone| !phone.is_empty());
    let detail = match user {
        Some(user) => {
            let change = ChangeUser {
                login: draft.login.trim().to_owned(),
                name: draft.name.trim().to_owned(),
                phone,
                grants: draft.grants,
            };
            client
                .change_user(&user.login, user.revision, &change)
                .await?
        }
        None => {
            let new = CreateUser {
                login: draft.login.trim().to_owned(),
                name: draft.name.trim().to_owned(),
                unit: draft.unit.map(|unit| unit.code).unwrap_or_default(),
                phone,
                grants: draft.grants,
            };
            client.create_user(&new).await?
        }
    };
    Ok(detail.user)
}
