//! A line of the sheet: name, last approved value, input, change, where the value comes from, hint, what a rule says.

use crate::format;
use crate::i18n::named;
use crate::pages::typed::{Texts, text_of};
use std::collections::BTreeMap;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;
use zhenxing_api_types::report::Report;
use zhenxing_domain::package::{FieldDef, FieldKind, Finding};

/// What the lines of a sheet share.
pub struct Around<'a> {
    /// The report.
    pub report: &'a Report,
    /// What stands in the inputs.
    pub texts: &'a UseStateHandle<Texts>,
    /// The numbers now.
    pub numbers: &'a BTreeMap<String, i64>,
    /// The numbers of the period before.
    pub old: &'a BTreeMap<String, i64>,
    /// What the rules say.
    pub findings: &'a [Finding],
    /// Whether it can be filled in.
    pub open: bool,
    /// Whether a submission was tried: then what is missing is said too.
    pub tried: bool,
}

/// The heads above the lines.
pub fn heads(report: &Report) -> Html {
    let before = report.previous_period.as_deref().map_or_else(
        || t!("last-approved"),
        |period| t!("last-approved-of", period = format::period(period)),
    );
    html! {
        <div class="zx-line zx-line-heads" aria-hidden="true"><span>{ t!("item") }</span><span class="zx-right">{ before }</span>
            <span class="zx-right">{ t!("this-period") }</span><span class="zx-right">{ t!("change") }</span><span>{ t!("source-and-hint") }</span></div>
    }
}

/// One line.
pub struct Line<'a> {
    /// Its field.
    pub field: &'a FieldDef,
    /// The sheet around it.
    pub around: &'a Around<'a>,
}

impl Line<'_> {
    /// Draws it.
    pub fn draw(&self) -> Html {
        let (field, around) = (self.field, self.around);
        let id = format!("field-{}", field.code);
        let own: Vec<&Finding> = around
            .findings
            .iter()
            .filter(|finding| self.speaks(finding))
            .collect();
        let reason = around.report.field_reasons.get(&field.code);
        let described = format!("{id}-hint {id}-said");
        let old = around.report.previous.as_ref();
        let before = match around.old.get(&field.code) {
            Some(number) => format::computed(field, Some(number)),
            None => format::value(field, old.and_then(|values| values.get(&field.code))),
        };
        let change = around
            .numbers
            .get(&field.code)
            .zip(around.old.get(&field.code))
            .and_then(|(now, old)| format::change(*now, *old));
        let class = classes!(
            "zx-line",
            reason.map(|_| "zx-line-returned"),
            field.kind.decimals().is_none().then_some("zx-line-text")
        );
        html! {
            <div {class}>
                <label for={id.clone()}>{ format::field_name(field) }if field.required && field.is_asked() && around.open { <span class="zx-required" aria-hidden="true">{ "*" }</span> }</label>
                <span class="zx-before zx-right"><span class="zx-phone-label">{ t!("last-approved") }{ " " }</span>{ before }</span>
                { self.input(id.clone(), &described, !own.is_empty() || reason.is_some()) }
                <span class={classes!("zx-change", "zx-right", large(around, field).then_some("zx-change-large"))}>{ change.unwrap_or_default() }</span>
                <small id={format!("{id}-hint")}><span class="zx-source">{ self.source() }</span>{ named(&field.hint_zh, &field.hint_en) }</small>
                <div class="zx-said" id={format!("{id}-said")}>
                    if let Some(reason) = reason { <p class="zx-returned">{ t!("returned-figure", reason = reason.clone()) }</p> }
                    { for own.iter().map(|finding| html! { <p class="zx-finding">{ format::finding(finding) }</p> }) }
                </div>
            </div>
        }
    }

    /// Whether a finding is said under this line: what is missing, only after a submission was tried.
    fn speaks(&self, finding: &Finding) -> bool {
        finding.field.as_deref() == Some(self.field.code.as_str())
            && (finding.rule != "required" || self.around.tried)
    }

    fn text(&self) -> String {
        self.around
            .texts
            .get(&self.field.code)
            .cloned()
            .unwrap_or_default()
    }

    /// Where the value comes from.
    fn source(&self) -> String {
        let text = self.text();
        let old = self
            .around
            .report
            .previous
            .as_ref()
            .and_then(|values| values.get(&self.field.code));
        if self.field.computed.is_some() {
            t!("source-computed")
        } else if self.field.carried.is_some() {
            t!("source-carried")
        } else if !text.is_empty() && text == text_of(self.field, old) {
            t!("source-last")
        } else if text.is_empty() {
            String::new()
        } else {
            t!("source-typed")
        }
    }

    fn set(&self) -> Callback<String> {
        let (texts, code) = (self.around.texts.clone(), self.field.code.clone());
        Callback::from(move |text: String| {
            let mut next = (*texts).clone();
            next.insert(code.clone(), text);
            texts.set(next);
        })
    }

    fn input(&self, id: String, described: &str, wrong: bool) -> Html {
        let (field, around) = (self.field, self.around);
        if !around.open || !field.is_asked() {
            let value = match around.numbers.get(&field.code) {
                Some(number) => format::computed(field, Some(number)),
                None => format::value(field, around.report.values.get(&field.code)),
            };
            return html! { <output {id} class={classes!("zx-now", field.kind.decimals().map(|_| "zx-right"))}>{ value }</output> };
        }
        let described = described.to_owned();
        let invalid = wrong.then_some("true");
        match &field.kind {
            FieldKind::YesNo => self.choices(
                id,
                described,
                vec![
                    ("true".to_owned(), t!("yes")),
                    ("false".to_owned(), t!("no")),
                ],
            ),
            FieldKind::Choice { choices } => {
                let word = |item: &zhenxing_domain::package::ListItem| {
                    (
                        item.code.clone(),
                        named(&item.name_zh, &item.name_en).to_owned(),
                    )
                };
                self.choices(id, described, choices.iter().map(word).collect())
            }
            kind => {
                let set = self.set();
                let typed = Callback::from(move |event: InputEvent| {
                    if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                        set.emit(input.value());
                    }
                });
                let number = kind.decimals();
                let mode = match number {
                    Some(0) => "numeric",
                    Some(_) => "decimal",
                    None => "text",
                };
                html! { <input {id} class={classes!("zx-input", number.map(|_| "zx-right"))} inputmode={mode} autocomplete="off" value={self.text()} oninput={typed} onkeydown={next_on_enter()} maxlength={field.max_len.map(|max| max.to_string())} aria-invalid={invalid} aria-describedby={described} /> }
            }
        }
    }

    fn choices(&self, id: String, described: String, choices: Vec<(String, String)>) -> Html {
        let (set, text) = (self.set(), self.text());
        let chosen = Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                set.emit(select.value());
            }
        });
        html! {
            <select {id} class="zx-input" onchange={chosen} aria-describedby={described}>
                <option value="" selected={text.is_empty()}>{ t!("choose") }</option>
                { for choices.into_iter().map(|(value, word)| {
                    let selected = value == text;
                    html! { <option {selected} {value}>{ word }</option> }
                }) }
            </select>
        }
    }
}

/// Whether a figure moved by half or more.
fn large(around: &Around<'_>, field: &FieldDef) -> bool {
    let pair = around
        .numbers
        .get(&field.code)
        .zip(around.old.get(&field.code));
    pair.is_some_and(|(now, old)| now.abs_diff(*old).saturating_mul(2) > old.unsigned_abs())
}

/// Enter goes to the next input, as on a sheet.
fn next_on_enter() -> Callback<KeyboardEvent> {
    Callback::from(|event: KeyboardEvent| {
        if event.key() != "Enter" {
            return;
        }
        event.prevent_default();
        let Some(own) = event.target_dyn_into::<HtmlInputElement>() else {
            return;
        };
        let inputs = own
            .closest(".zx-entry")
            .ok()
            .flatten()
            .and_then(|sheet| sheet.query_selector_all(".zx-line input").ok());
        let Some(inputs) = inputs else { return };
        let nodes = (0..inputs.length()).filter_map(|place| inputs.get(place));
        let mut after = nodes.skip_while(|node| !node.is_same_node(Some(own.as_ref())));
        let next = after.nth(1).and_then(|node| {
            use web_sys::wasm_bindgen::JsCast;
            node.dyn_into::<HtmlInputElement>().ok()
        });
        if let Some(next) = next {
            // An input that cannot be focused is reached by Tab.
            let _focused = next.focus();
            next.select();
        }
    })
}
