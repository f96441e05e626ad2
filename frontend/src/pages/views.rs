//! Saved views (常用视图) of a page: opened, saved, renamed, shared, replaced, removed.

use crate::components::dialog::Dialog;
use crate::components::field::{Select, TextField};
use crate::components::toast::use_toast;
use crate::components::{alert, empty, loaded};
use crate::format;
use crate::hooks::{Query, use_pages, use_session};
use crate::i18n::use_language;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::unit::Level;
use zhenxing_api_types::view::{SaveView, Share, View, ViewPage, query_parts, query_text};

/// What is shown now, and how another view is opened.
#[derive(Clone, PartialEq, Properties)]
pub struct ViewsProps {
    /// The page's link.
    pub query: Query,
    /// Goes to another.
    pub go: Callback<Query>,
    /// The ledger's code, where the page is that of a ledger; that of statistics without it.
    #[prop_or_default]
    pub ledger: Option<String>,
}

/// What is kept of a view.
fn kept(
    ledger: Option<&String>,
    name: impl Into<String>,
    query: impl Into<String>,
    share: Share,
) -> SaveView {
    SaveView {
        page: match ledger {
            Some(_) => ViewPage::Ledger,
            None => ViewPage::Statistics,
        },
        ledger: ledger.cloned(),
        name: name.into(),
        query: query.into(),
        share,
    }
}

/// The button, and the dialog that it opens.
#[function_component]
pub fn Views(props: &ViewsProps) -> Html {
    use_language();
    let open = use_state(|| false);
    let to = |to: bool| {
        let open = open.clone();
        Callback::from(move |()| open.set(to))
    };
    html! {
        <>
            <button type="button" class={classes!("zx-button", props.ledger.is_none().then_some("zx-primary"))} onclick={to(true).reform(|_: MouseEvent| ())}>{ t!("views") }</button>
            if *open { <Open page={props.clone()} close={to(false)} /> }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OpenProps {
    page: ViewsProps,
    close: Callback<()>,
}

/// What is done with a view.
#[derive(Clone)]
enum Deed {
    Save(SaveView),
    Replace(Rc<View>, SaveView),
    Remove(Rc<View>),
}

#[function_component]
fn Open(props: &OpenProps) -> Html {
    use_language();
    let ledger = props.page.ledger.clone();
    let pages = use_pages(
        ledger.clone(),
        |session, ledger: Option<String>, cursor: String| async move {
            session.client.views(ledger.as_deref(), &cursor).await
        },
    );
    let fault = use_state(String::new);
    let name = use_state(String::new);
    let share = use_state(|| "nobody".to_owned());
    let act = use_act(&fault, pages.again.clone());
    let type_name = {
        let name = name.clone();
        Callback::from(move |text| name.set(text))
    };
    let pick = {
        let share = share.clone();
        Callback::from(move |value| share.set(value))
    };
    let query = query_text(&props.page.query);
    let save = {
        let (act, name, share, query) = (act.clone(), name.clone(), share.clone(), query.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let share = share_of(&share);
            act.emit(Deed::Save(kept(ledger.as_ref(), &*name, &query, share)));
            name.set(String::new());
        })
    };
    let row = |view: &View| line(view, &query, props, &act);
    html! {
        <Dialog title={t!("views")} close={props.close.clone()} wide={true}>
            <form class="zx-view-form" onsubmit={save}>
                <TextField id="view-name" label={t!("view-name")} value={(*name).clone()} change={type_name} max={60} />
                <Select label={t!("view-share")} value={(*share).clone()} choices={shares()} change={pick} />
                <button class="zx-button zx-primary" disabled={name.trim().is_empty()}>{ t!("view-save") }</button>
            </form>
            { alert(&fault) }
            { loaded(&pages.load, &pages.again, |all: &Rc<Vec<View>>| if all.is_empty() {
                empty(t!("views-empty"))
            } else {
                html! { <ul class="zx-list zx-views">{ for all.iter().map(row) }</ul> }
            }) }
        </Dialog>
    }
}

#[hook]
fn use_act(fault: &UseStateHandle<String>, again: Callback<()>) -> Callback<Deed> {
    let session = use_session();
    let toast = use_toast();
    let fault = fault.clone();
    Callback::from(move |deed: Deed| {
        let Some(client) = session.clone().map(|session| session.client) else {
            return;
        };
        let (fault, again, toast) = (fault.clone(), again.clone(), toast.clone());
        spawn_local(async move {
            let done = match deed {
                Deed::Save(view) => client.save_view(&view).await.map(|_| t!("view-saved")),
                Deed::Replace(old, view) => client
                    .replace_view(old.id, old.revision, &view)
                    .await
                    .map(|_| t!("view-replaced")),
                Deed::Remove(old) => client
                    .remove_view(old.id)
                    .await
                    .map(|()| t!("view-removed")),
            };
            match done {
                Ok(said) => {
                    fault.set(String::new());
                    if let Some(toast) = toast {
                        toast.done(said);
                    }
                    again.emit(());
                }
                Err(error) => fault.set(format::error(&error)),
            }
        });
    })
}

fn share_of(code: &str) -> Share {
    match code {
        "unit_and_below" => Share::UnitAndBelow,
        "everybody" => Share::Everybody,
        _ => Share::Nobody,
    }
}

fn share_word(share: Share) -> String {
    match share {
        Share::Nobody => t!("share-nobody"),
        Share::UnitAndBelow => t!("share-below"),
        Share::Everybody => t!("share-everybody"),
    }
}

/// With whom one may share: with everybody from the city alone; the server decides.
fn shares() -> Vec<(String, String)> {
    [
        ("nobody", Share::Nobody),
        ("unit_and_below", Share::UnitAndBelow),
        ("everybody", Share::Everybody),
    ]
    .map(|(code, share)| (code.to_owned(), share_word(share)))
    .to_vec()
}

fn line(view: &View, query: &str, props: &OpenProps, act: &Callback<Deed>) -> Html {
    let old = Rc::new(view.clone());
    let open = {
        let (go, close, old) = (props.page.go.clone(), props.close.clone(), old.clone());
        Callback::from(move |_: MouseEvent| {
            close.emit(());
            go.emit(query_parts(&old.query).unwrap_or_default());
        })
    };
    let replace = {
        let (act, old, query) = (act.clone(), old.clone(), query.to_owned());
        Callback::from(move |_: MouseEvent| {
            let next = kept(old.ledger.as_ref(), &old.name, &query, old.share);
            act.emit(Deed::Replace(old.clone(), next));
        })
    };
    let shared = {
        let (act, old) = (act.clone(), old.clone());
        Callback::from(move |share: String| {
            let share = share_of(&share);
            let next = kept(old.ledger.as_ref(), &old.name, &old.query, share);
            act.emit(Deed::Replace(old.clone(), next));
        })
    };
    let remove = act.reform(move |_: MouseEvent| Deed::Remove(old.clone()));
    let code = match view.share {
        Share::Nobody => "nobody",
        Share::UnitAndBelow => "unit_and_below",
        Share::Everybody => "everybody",
    };
    let city = view.unit.level == Level::City;
    let choices: Vec<(String, String)> = shares()
        .into_iter()
        .filter(|(code, _)| city || code != "everybody")
        .collect();
    html! {
        <li><span><button type="button" class="zx-plain zx-link" onclick={open}>{ &view.name }</button>
                <small>{ " " }{ &view.unit.name }{ " · " }{ share_word(view.share) }{ " · " }{ format::instant(view.updated_at) }</small></span>
            if view.own {
                <Select label={t!("view-share")} value={code} {choices} change={shared} />
                <Rename old={view.clone()} act={act.clone()} />
                <button type="button" class="zx-button" onclick={replace}>{ t!("view-replace") }</button>
                <button type="button" class="zx-button" onclick={remove}>{ t!("view-remove") }</button>
            }
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RenameProps {
    old: View,
    act: Callback<Deed>,
}

/// Gives one of one's own views another name.
#[function_component]
fn Rename(props: &RenameProps) -> Html {
    use_language();
    let typed = use_state(|| None::<String>);
    let start = {
        let (typed, name) = (typed.clone(), props.old.name.clone());
        Callback::from(move |_: MouseEvent| typed.set(Some(name.clone())))
    };
    let Some(name) = (*typed).clone() else {
        return html! { <button type="button" class="zx-button" onclick={start}>{ t!("view-rename") }</button> };
    };
    let change = {
        let typed = typed.clone();
        Callback::from(move |text| typed.set(Some(text)))
    };
    let idle = name.trim().is_empty() || name.trim() == props.old.name;
    let save = {
        let (props, typed) = (props.clone(), typed.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let old = &props.old;
            let next = kept(old.ledger.as_ref(), name.trim(), &old.query, old.share);
            props
                .act
                .emit(Deed::Replace(Rc::new(props.old.clone()), next));
            typed.set(None);
        })
    };
    let leave = {
        let typed = typed.clone();
        Callback::from(move |_: MouseEvent| typed.set(None))
    };
    html! {
        <form class="zx-view-form" onsubmit={save}>
            <TextField id={format!("view-name-{}", props.old.id)} label={t!("view-new-name")} value={(*typed).clone().unwrap_or_default()} {change} max={60} />
            <button class="zx-button zx-primary" disabled={idle}>{ t!("view-rename-save") }</button>
            <button type="button" class="zx-button" onclick={leave}>{ t!("cancel") }</button>
        </form>
    }
}
