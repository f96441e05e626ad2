//! The targets that go with a matter: the same for all, a total shared out, or each its own from a sheet.

use super::hand_down::Draft;
use crate::components::field::{Select, TextField};
use crate::components::sheet::{SheetField, SheetRead};
use crate::i18n::{named, use_language};
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::programme::{Matter, Metric};
use zhenxing_api_types::target::{TargetComparison, UnitWeight};
use zhenxing_api_types::task::{HandDownShare, HandDownTarget, OwnDue, UnitValue};
use zhenxing_domain::package::number::parse_scaled;

/// A target as it is typed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TargetInput {
    metric: String,
    /// `same`, `equal`, `proportional`, `weights`, `each`.
    share: String,
    value: String,
    by: String,
    read: Option<SheetRead>,
}

impl TargetInput {
    /// The target as it is sent; nothing while something is missing.
    pub fn wire(&self, matter: &Matter) -> Option<HandDownTarget> {
        let metric = matter
            .metrics
            .iter()
            .find(|metric| metric.code == self.metric)?;
        let rows = self
            .read
            .as_ref()
            .map(|read| read.rows.as_slice())
            .unwrap_or_default();
        let share = match self.share.as_str() {
            "equal" => HandDownShare::Equal,
            "proportional" | "weights" => HandDownShare::Proportional,
            "each" => HandDownShare::Each,
            _ => HandDownShare::Same,
        };
        let value = typed(metric, &self.value);
        if share != HandDownShare::Each && value.is_none() {
            return None;
        }
        let values = rows.iter().filter_map(|row| {
            Some(UnitValue {
                unit: row.unit.code.clone(),
                value: row.value?,
            })
        });
        let weights = rows.iter().filter_map(|row| {
            Some(UnitWeight {
                unit: row.unit.code.clone(),
                weight: row.weight?,
            })
        });
        let by_weights = self.share == "weights";
        Some(HandDownTarget {
            metric: self.metric.clone(),
            by: self.by.parse().ok()?,
            comparison: if metric.better == "lower" {
                TargetComparison::AtMost
            } else {
                TargetComparison::AtLeast
            },
            tolerance: None,
            share,
            value: value.filter(|_| share != HandDownShare::Each),
            values: if share == HandDownShare::Each {
                values.collect()
            } else {
                Vec::new()
            },
            weight_metric: (self.share == "proportional").then(|| self.metric.clone()),
            weight_period: None,
            weights: if by_weights {
                weights.collect()
            } else {
                Vec::new()
            },
        })
    }
}

/// A value as people write it: 70 or 70% of a share, yuan of a sum.
pub fn typed(metric: &Metric, text: &str) -> Option<i64> {
    let plain = text.trim().replace([',', '\u{FF0C}'], "");
    parse_scaled(plain.trim_end_matches(['%', '\u{FF05}']), metric.decimals)
}

/// The properties of the part.
#[derive(Clone, PartialEq, Properties)]
pub struct TargetsProps {
    /// The matter.
    pub matter: Rc<Matter>,
    /// The unit below which it is handed down.
    pub unit: String,
    /// The day by which tasks are due.
    pub due: String,
    /// What was entered.
    pub entered: Draft,
    /// Takes what is entered.
    pub set: Callback<Draft>,
}

/// The targets, one after the other.
#[function_component]
pub fn Targets(props: &TargetsProps) -> Html {
    use_language();
    let put = |targets: Vec<TargetInput>| {
        let mut next = props.entered.clone();
        next.targets = targets;
        props.set.reform(move |_: MouseEvent| next.clone())
    };
    let mut more = props.entered.targets.clone();
    more.push(TargetInput {
        metric: props
            .matter
            .metrics
            .first()
            .map(|metric| metric.code.clone())
            .unwrap_or_default(),
        share: "same".to_owned(),
        by: props.due.clone(),
        ..TargetInput::default()
    });
    let each = props.entered.targets.iter().enumerate().map(|(place, input)| {
        let mut less = props.entered.targets.clone();
        less.remove(place);
        html! { <div class="zx-hand-target">{ one(props, place, input) }<button type="button" class="zx-plain" onclick={put(less)}>{ t!("hand-down-remove-target") }</button></div> }
    });
    html! {
        <fieldset><legend>{ t!("task-targets") }</legend>
            if props.entered.targets.is_empty() { <p>{ t!("hand-down-no-targets") }</p> }
            { for each }
            <button type="button" class="zx-button" onclick={put(more)}>{ t!("hand-down-add-target") }</button>
        </fieldset>
    }
}

fn one(props: &TargetsProps, place: usize, input: &TargetInput) -> Html {
    let change = |change: fn(&mut TargetInput, String)| {
        let (entered, set) = (props.entered.clone(), props.set.clone());
        Callback::from(move |text: String| {
            let mut next = entered.clone();
            if let Some(input) = next.targets.get_mut(place) {
                change(input, text);
            }
            set.emit(next);
        })
    };
    let metrics = props.matter.metrics.iter();
    let metrics: Vec<(String, String)> = metrics
        .map(|metric| {
            (
                metric.code.clone(),
                named(&metric.name_zh, &metric.name_en).to_owned(),
            )
        })
        .collect();
    let metric = props
        .matter
        .metrics
        .iter()
        .find(|metric| metric.code == input.metric);
    let ratio = metric.is_some_and(|metric| metric.kind == "ratio");
    let mut shares = vec![("same".to_owned(), t!("share-same"))];
    if !ratio {
        shares.push(("equal".to_owned(), t!("share-equal")));
        shares.push(("proportional".to_owned(), t!("share-proportional")));
        shares.push(("weights".to_owned(), t!("share-weights")));
    }
    shares.push(("each".to_owned(), t!("share-each")));
    let total = matches!(input.share.as_str(), "equal" | "proportional" | "weights");
    let label = if total {
        t!("hand-down-total")
    } else {
        t!("hand-down-value")
    };
    let unit = metric.map(|metric| named(&metric.unit_zh, &metric.unit_en).to_owned());
    let label = t!("with-unit", name = label, unit = unit.unwrap_or_default());
    let sheet = matches!(input.share.as_str(), "weights" | "each");
    let read = {
        let (entered, set) = (props.entered.clone(), props.set.clone());
        Callback::from(move |read: SheetRead| {
            let mut next = entered.clone();
            let dues = read.rows.iter().filter_map(|row| {
                Some(OwnDue {
                    unit: row.unit.code.clone(),
                    due: row.by?,
                })
            });
            next.own_dues = dues.collect();
            if let Some(input) = next.targets.get_mut(place) {
                input.read = Some(read);
            }
            set.emit(next);
        })
    };
    html! {
        <>
            <div class="zx-row">
                <Select label={t!("metric")} value={input.metric.clone()} choices={metrics} change={change(|input, text| input.metric = text)} />
                <Select label={t!("hand-down-share")} value={input.share.clone()} choices={shares} change={change(|input, text| input.share = text)} />
            </div>
            if input.share != "each" { <TextField id={format!("target-value-{place}")} {label} value={input.value.clone()} change={change(|input, text| input.value = text)} /> }
            <TextField id={format!("target-by-{place}")} label={t!("target-day")} kind="date" value={input.by.clone()} change={change(|input, text| input.by = text)} />
            if sheet { <SheetField id={format!("target-sheet-{place}")} metric={input.metric.clone()} unit={props.unit.clone()} {read} /> }
        </>
    }
}
