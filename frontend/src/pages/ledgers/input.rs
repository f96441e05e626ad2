//! The inputs of a record's form, one for each kind of field.

use super::checks::said;
use super::file::FileInput;
use super::kept::{Kept, field_label};
use super::reference::Referenced;
use super::sheet::{Sheet, Step};
use crate::components::field::{Field, TextField, described};
use crate::components::unit_picker::UnitPicker;
use crate::draft::{Picked, picked_name};
use crate::i18n::named;
use web_sys::HtmlSelectElement;
use yew::prelude::*;
use zhenxing_api_types::report::Finding;
use zhenxing_api_types::unit::Unit;
use zhenxing_domain::package::{ListItem, RecordField, RecordKind};

/// How many characters a text may have where its field does not say; the checks have the same.
const TEXT_MAX: u32 = 200;

/// From how many characters on a text has several lines.
const LONG: u32 = 100;

/// What the inputs of a form share.
pub struct Around<'a> {
    /// What their ids begin with: two forms may stand on one page.
    pub prefix: &'a str,
    /// The ledger.
    pub kept: &'a Kept,
    /// The form.
    pub sheet: &'a UseReducerHandle<Sheet>,
    /// What the checks find.
    pub findings: &'a [Finding],
    /// Whether the form stands in a dialog of another one.
    pub inside: bool,
    /// Whether every field must be filled in, as a move asks it of some.
    pub all_required: bool,
}

/// A field as it is drawn.
struct Drawn<'a> {
    around: &'a Around<'a>,
    field: &'a RecordField,
    id: String,
    label: String,
    hint: String,
    error: String,
    required: bool,
}

/// Draws a field.
pub fn input(field: &RecordField, around: &Around<'_>) -> Html {
    let sheet = around.sheet;
    let hint = if sheet.is_masked(field) {
        t!("record-masked-hint")
    } else {
        named(&field.hint_zh, &field.hint_en).to_owned()
    };
    let drawn = Drawn {
        around,
        field,
        id: format!("{}-{}", around.prefix, field.code),
        label: field_label(field),
        hint,
        error: said(&around.kept.record, sheet, around.findings, &field.code),
        required: field.required || around.all_required,
    };
    let left = {
        let (sheet, code) = (sheet.dispatcher(), field.code.clone());
        Callback::from(move |_: FocusEvent| sheet.dispatch(Step::Left(code.clone())))
    };
    let wide =
        field.kind.is_list() || matches!(field.kind, RecordKind::Text if longest(field) > LONG);
    html! { <div class={classes!(wide.then_some("zx-field-wide"))} onfocusout={left}>{ drawn.draw() }</div> }
}

fn longest(field: &RecordField) -> u32 {
    field.max_len.unwrap_or(TEXT_MAX)
}

impl Drawn<'_> {
    fn draw(&self) -> Html {
        match &self.field.kind {
            RecordKind::Choice { choices } => self.select(choices.iter().map(choice).collect()),
            RecordKind::Choices { choices } => self.boxes(choices),
            RecordKind::YesNo => self.select(vec![
                ("true".to_owned(), t!("yes")),
                ("false".to_owned(), t!("no")),
            ]),
            RecordKind::Reference { ledger } => self.referenced(ledger, false),
            RecordKind::References { ledger } => self.referenced(ledger, true),
            RecordKind::Unit => self.unit(),
            RecordKind::File => self.file(),
            _ => self.text(),
        }
    }

    /// Takes what happens to this field.
    fn step<T: 'static>(&self, make: impl Fn(String, T) -> Step + 'static) -> Callback<T> {
        let (sheet, code) = (self.around.sheet.dispatcher(), self.field.code.clone());
        Callback::from(move |value: T| sheet.dispatch(make(code.clone(), value)))
    }

    fn text(&self) -> Html {
        let kind = match self.field.kind {
            RecordKind::Date => "date",
            RecordKind::Phone => "tel",
            _ => "text",
        };
        let mode = self.field.kind.decimals().map(|decimals| match decimals {
            0 => "numeric",
            _ => "decimal",
        });
        let plain = matches!(self.field.kind, RecordKind::Text | RecordKind::Place);
        let lines = if self.field.kind == RecordKind::Text && longest(self.field) > LONG {
            3
        } else {
            1
        };
        html! {
            <TextField id={self.id.clone()} label={self.label.clone()} {kind} mode={mode.map(AttrValue::from)} {lines}
                max={plain.then(|| longest(self.field))} value={self.around.sheet.text(&self.field.code)} change={self.step(Step::Text)}
                hint={self.hint.clone()} error={self.error.clone()} required={self.required} />
        }
    }

    fn around_input(&self, input: Html) -> Html {
        html! {
            <Field id={self.id.clone()} label={self.label.clone()} hint={self.hint.clone()} error={self.error.clone()} required={self.required}>{ input }</Field>
        }
    }

    fn invalid(&self) -> Option<&'static str> {
        (!self.error.is_empty()).then_some("true")
    }

    fn select(&self, choices: Vec<(String, String)>) -> Html {
        let text = self.around.sheet.text(&self.field.code);
        let set = self.step(Step::Text);
        let chosen = Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                set.emit(select.value());
            }
        });
        self.around_input(html! {
            <select id={self.id.clone()} class="zx-input" onchange={chosen} aria-invalid={self.invalid()} aria-describedby={described(&self.id)}>
                <option value="" selected={text.is_empty()}>{ t!("choose") }</option>
                { for choices.into_iter().map(|(value, word)| {
                    let selected = value == text;
                    html! { <option {selected} {value}>{ word }</option> }
                }) }
            </select>
        })
    }

    /// Several of a list, as boxes.
    fn boxes(&self, choices: &[ListItem]) -> Html {
        let chosen = self.around.sheet.list(&self.field.code);
        let line = |item: &ListItem| {
            let (code, name) = choice(item);
            let on = chosen.iter().any(|one| one.code == code);
            let called = name.clone();
            let turn = self.step(move |field, _: Event| {
                if on {
                    Step::Remove(field, code.clone())
                } else {
                    let (code, name) = (code.clone(), called.clone());
                    Step::Add(field, Picked { code, name })
                }
            });
            html! { <label class="zx-check"><input type="checkbox" checked={on} onchange={turn} />{ name }</label> }
        };
        html! {
            <fieldset class="zx-boxes" id={self.id.clone()} aria-describedby={described(&self.id)}>
                <legend>{ &self.label }if self.required { <span class="zx-required">{ t!("required") }</span> }</legend>
                { for choices.iter().map(line) }
                if !self.hint.is_empty() { <small id={format!("{}-hint", self.id)}>{ &self.hint }</small> }
                if !self.error.is_empty() { <p class="zx-finding" id={format!("{}-error", self.id)}>{ &self.error }</p> }
            </fieldset>
        }
    }

    fn referenced(&self, ledger: &str, several: bool) -> Html {
        let add = self.step(move |field, picked: Option<Picked>| match picked {
            Some(picked) if several => Step::Add(field, picked),
            // An emptied field of several takes nothing out.
            None if several => Step::Left(field),
            picked => Step::One(field, picked),
        });
        html! {
            <Referenced id={self.id.clone()} label={self.label.clone()} ledger={ledger.to_owned()} picked={self.around.sheet.list(&self.field.code).to_vec()}
                {several} {add} remove={self.step(Step::Remove)} required={self.required} inside={self.around.inside} hint={self.hint.clone()} error={self.error.clone()} />
        }
    }

    fn unit(&self) -> Html {
        let picked = self.around.sheet.list(&self.field.code).first();
        let chosen =
            self.step(|field, unit: Option<Unit>| Step::One(field, unit.map(Picked::from)));
        html! {
            <UnitPicker id={self.id.clone()} label={self.label.clone()} value={picked_name(picked)} {chosen} required={self.required} hint={self.hint.clone()} error={self.error.clone()} />
        }
    }

    fn file(&self) -> Html {
        let picked = self.around.sheet.list(&self.field.code).first().cloned();
        html! {
            <FileInput id={self.id.clone()} label={self.label.clone()} {picked} change={self.step(Step::One)} required={self.required} hint={self.hint.clone()} error={self.error.clone()} />
        }
    }
}

fn choice(item: &ListItem) -> (String, String) {
    let name = named(&item.name_zh, &item.name_en);
    (item.code.clone(), name.to_owned())
}
