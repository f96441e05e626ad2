//! 调整: a change of units in steps: what, from when and why, what it does, and the name typed.

use super::draft::Draft;
use super::effect::effect;
use super::what::What;
use super::words_of;
use crate::components::dialog::Dialog;
use crate::components::field::{Field, TextField};
use crate::components::toast::use_toast;
use crate::components::{alert, tree};
use crate::draft::piece_of;
use crate::format;
use crate::hooks::{Load, use_load, use_session};
use crate::i18n::use_language;
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::unit::{Level, Unit};
use zhenxing_api_types::unit_change::{NewUnitChange, UnitChangeDetail, UnitChangeKind};
use zhenxing_client::ClientError;

/// The properties of the sheet.
#[derive(Clone, PartialEq, Properties)]
pub struct SheetProps {
    /// The unit on whose page it was opened.
    pub unit: Unit,
    /// Closes it.
    pub close: Callback<()>,
    /// Is told when a change was made.
    pub made: Callback<()>,
}

/// Where the sheet stands.
#[derive(Debug, Clone, PartialEq, Default)]
struct Stand {
    step: usize,
    preview: Option<UnitChangeDetail>,
    said: String,
    field: String,
    locked: bool,
    busy: bool,
}

impl Stand {
    /// A refusal leads back to the step whose field it names.
    fn refused(&self, error: &ClientError) -> Stand {
        let field = match error {
            ClientError::Problem(problem) => problem.field.clone().unwrap_or_default(),
            ClientError::Network(_) | ClientError::Decode(_) => String::new(),
        };
        let first = matches!(
            field.as_str(),
            "units" | "parent" | "code" | "name" | "pieces" | "unit_kind" | "kind"
        );
        Stand {
            step: if first { 0 } else { 1 },
            preview: None,
            said: format::error(error),
            locked: self.locked || error.code() == Some("period_locked"),
            field,
            busy: false,
        }
    }
}

/// The sheet.
#[function_component]
pub fn Sheet(props: &SheetProps) -> Html {
    use_language();
    let today = use_session()
        .and_then(|session| session.me())
        .map(|me| me.today);
    let unit = props.unit.clone();
    let draft = use_state(|| Draft::of(unit, today.unwrap_or_default()));
    let stand = use_state(Stand::default);
    let typed = use_state(String::new);
    use_below(&draft);
    let preview = use_ask(&draft, &stand, props.made.clone(), true);
    let make = use_ask(&draft, &stand, props.made.clone(), false);
    let change = {
        let draft = draft.clone();
        Callback::from(move |next| draft.set(next))
    };
    let to = |step: usize| {
        let stand = stand.clone();
        Callback::from(move |_: MouseEvent| {
            stand.set(Stand {
                step,
                said: String::new(),
                field: String::new(),
                ..(*stand).clone()
            })
        })
    };
    let name = draft.typed_name();
    let inside = match stand.step {
        0 => html! { <What draft={(*draft).clone()} {change} /> },
        1 => {
            html! { <When draft={(*draft).clone()} {change} locked={stand.locked} field={stand.field.clone()} /> }
        }
        2 => stand
            .preview
            .as_ref()
            .map_or_else(Html::default, |shown| effect(&shown.effect)),
        _ => {
            let change = {
                let typed = typed.clone();
                Callback::from(move |text| typed.set(text))
            };
            html! {
                <><p>{ summary(&draft) }</p>
                <TextField id="change-confirm" label={t!("confirm-type-name", name = name.clone())} value={(*typed).clone()} {change} /></>
            }
        }
    };
    let matches = typed.trim() == name;
    let forward = match stand.step {
        0 => {
            html! { <button type="button" class="zx-button zx-primary" onclick={to(1)}>{ t!("next") }</button> }
        }
        1 => {
            html! { <button type="button" class="zx-button zx-primary" disabled={stand.busy} onclick={preview}>{ t!("preview") }</button> }
        }
        2 => {
            html! { <button type="button" class="zx-button zx-primary" onclick={to(3)}>{ t!("next") }</button> }
        }
        _ => {
            html! { <button type="button" class="zx-button zx-primary" disabled={stand.busy || !matches} onclick={make}>{ words_of::kind(draft.kind) }</button> }
        }
    };
    let acts = html! {
        <>
            if stand.step > 0 { <button type="button" class="zx-button" onclick={to(stand.step - 1)}>{ t!("back") }</button> }
            { forward }
        </>
    };
    html! {
        <Dialog title={t!("change-of", name = props.unit.name.clone())} wide={true} close={props.close.clone()} {acts}>
            { steps(stand.step) }
            { alert(&stand.said) }
            { inside }
        </Dialog>
    }
}

fn steps(current: usize) -> Html {
    let names = [
        t!("step-what"),
        t!("step-when"),
        t!("step-preview"),
        t!("step-confirm"),
    ];
    html! {
        <ol class="zx-steps">{ for names.into_iter().enumerate().map(|(place, name)| html! {
            <li class={classes!((place == current).then_some("zx-current"), (place < current).then_some("zx-done"))} aria-current={(place == current).then_some("step")}>{ name }</li>
        }) }</ol>
    }
}

fn summary(draft: &Draft) -> String {
    let names: Vec<&str> = draft.units.iter().map(|unit| unit.name.as_str()).collect();
    t!(
        "change-summary",
        day = draft.from().map(|day| day.to_string()).unwrap_or_default(),
        kind = words_of::kind(draft.kind),
        names = names.join(&t!("list-separator"))
    )
}

/// Brings the units below as soon as a split asks where they come.
#[hook]
fn use_below(draft: &UseStateHandle<Draft>) {
    let first = draft.units.first();
    let splits = draft.kind == UnitChangeKind::Split
        && first.is_some_and(|unit| unit.level != Level::Village);
    let code = first.map_or_else(String::new, |unit| unit.code.clone());
    let (load, _) = use_load((code, splits), |session, (code, splits)| async move {
        if splits {
            tree::below(&session.client, &code).await
        } else {
            Ok(Vec::new())
        }
    });
    let draft = draft.clone();
    use_effect_with(load, move |load| {
        if let Load::Ready(units) = load
            && draft.below.is_empty()
            && !units.is_empty()
        {
            let mut next = (*draft).clone();
            next.below = units.iter().map(|unit| (unit.clone(), 0)).collect();
            draft.set(next);
        }
    });
}

/// Asks the server what the change would do, or to make it.
#[hook]
fn use_ask(
    draft: &UseStateHandle<Draft>,
    stand: &UseStateHandle<Stand>,
    made: Callback<()>,
    dry: bool,
) -> Callback<MouseEvent> {
    let session = use_session();
    let toast = use_toast();
    let (draft, stand) = (draft.clone(), stand.clone());
    Callback::from(move |_: MouseEvent| {
        let Some(session) = session.clone() else {
            return;
        };
        let Some(new) = draft.request() else {
            stand.set(Stand {
                said: t!("change-no-month"),
                field: "from".to_owned(),
                ..(*stand).clone()
            });
            return;
        };
        stand.set(Stand {
            busy: true,
            said: String::new(),
            ..(*stand).clone()
        });
        let (stand, toast, made) = (stand.clone(), toast.clone(), made.clone());
        spawn_local(async move {
            match asked(&session.client, &new, dry).await {
                Ok(preview) if dry => stand.set(Stand {
                    step: 2,
                    preview: Some(preview),
                    locked: stand.locked,
                    ..Stand::default()
                }),
                Ok(_) => {
                    if let Some(toast) = toast {
                        toast.done(t!("change-made", day = new.from.to_string()));
                    }
                    made.emit(());
                }
                Err(error) => stand.set(stand.refused(&error)),
            }
        });
    })
}

async fn asked(
    client: &zhenxing_client::Client,
    new: &NewUnitChange,
    dry: bool,
) -> Result<UnitChangeDetail, ClientError> {
    if dry {
        client.preview_unit_change(new).await
    } else {
        client.create_unit_change(new).await
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WhenProps {
    draft: Draft,
    change: Callback<Draft>,
    locked: bool,
    field: String,
}

#[function_component]
fn When(props: &WhenProps) -> Html {
    use_language();
    let draft = &props.draft;
    let month = piece_of(draft, &props.change, |draft, event: InputEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            draft.month = input.value();
        }
    });
    let reason = piece_of(draft, &props.change, |draft, text| draft.reason = text);
    let cause = piece_of(draft, &props.change, |draft, text| {
        draft.locked_cause = text
    });
    html! {
        <>
            <Field id="change-month" label={t!("change-month")} hint={t!("change-month-hint")} required={true}>
                <input id="change-month" class="zx-input zx-short" type="month" value={draft.month.clone()} oninput={month} placeholder="2026-12" />
            </Field>
            <TextField id="change-reason" label={t!("change-reason")} hint={t!("change-reason-hint")} value={draft.reason.clone()} lines={3} max={500} required={true} change={reason} />
            if props.locked || !draft.locked_cause.is_empty() {
                <TextField id="change-cause" label={t!("change-cause")} hint={t!("change-cause-hint")} value={draft.locked_cause.clone()} lines={2} max={500} required={true} change={cause} />
            }
        </>
    }
}
