//! Setting targets of the units below: typed one by one, by rule, or from a sheet; tried first, with the reason.

use super::{said, settable, typed};
use crate::components::dialog::Dialog;
use crate::components::field::{Select, TextField};
use crate::components::sheet::{SheetField, SheetRead};
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::toast::use_toast;
use crate::format;
use crate::hooks::use_session;
use crate::i18n::{named, use_language};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::target::{
    SetTarget, SetTargets, TargetComparison, TargetLine, TargetOutcome, TargetResult, TargetRow,
    TargetRule, TargetRuleKind, TargetTable, UnitWeight,
};
use zhenxing_domain::package::number::format_scaled;

/// The properties of the sheet.
#[derive(Clone, PartialEq, Properties)]
pub struct SetSheetProps {
    /// What holds now.
    pub table: Rc<TargetTable>,
    /// Closes it; true when something was set.
    pub close: Callback<bool>,
}

/// What was entered.
#[derive(Debug, Clone, PartialEq)]
struct Entered {
    /// `each`, `same`, `equal`, `proportional`, `weights`, `sheet`.
    way: String,
    by: String,
    comparison: String,
    tolerance: String,
    values: BTreeMap<String, String>,
    value: String,
    reason: String,
    read: Option<SheetRead>,
}

impl Entered {
    fn new(table: &TargetTable) -> Entered {
        let by = table.sums.last().map(|sum| sum.by.to_string());
        let own = table.own.targets.last().map(|target| target.by.to_string());
        let lower = table.metric.better == "lower";
        Entered {
            way: "each".to_owned(),
            by: by.or(own).unwrap_or_default(),
            comparison: if lower { "at_most" } else { "at_least" }.to_owned(),
            tolerance: String::new(),
            values: BTreeMap::new(),
            value: String::new(),
            reason: String::new(),
            read: None,
        }
    }

    fn comparison(&self) -> TargetComparison {
        match self.comparison.as_str() {
            "at_most" => TargetComparison::AtMost,
            "about" => TargetComparison::About,
            _ => TargetComparison::AtLeast,
        }
    }

    /// What is sent; nothing while something is missing.
    fn ask(&self, table: &TargetTable) -> Option<SetTargets> {
        let metric = &table.metric;
        let comparison = self.comparison();
        let tolerance =
            typed(metric, &self.tolerance).filter(|_| comparison == TargetComparison::About);
        let by = self.by.parse();
        let item = |unit: &str, by, value| SetTarget {
            unit: unit.to_owned(),
            by,
            value,
            comparison,
            tolerance,
            version: None,
        };
        let rows = self
            .read
            .as_ref()
            .map(|read| read.rows.as_slice())
            .unwrap_or_default();
        let mut ask = SetTargets {
            metric: metric.code.clone(),
            reason: self.reason.trim().to_owned(),
            items: Vec::new(),
            rule: None,
        };
        match self.way.as_str() {
            "each" => {
                let by = by.ok()?;
                for (unit, text) in &self.values {
                    if !text.trim().is_empty() {
                        ask.items.push(item(unit, by, typed(metric, text)?));
                    }
                }
            }
            "sheet" => {
                for row in rows {
                    let day = row.by.or(by.ok());
                    if let (Some(day), Some(value)) = (day, row.value) {
                        ask.items.push(item(&row.unit.code, day, value));
                    }
                }
            }
            way => ask.rule = Some(self.rule(way, table, by.ok()?, tolerance)?),
        }
        (ask.rule.is_some() || !ask.items.is_empty()).then_some(ask)
    }

    fn rule(
        &self,
        way: &str,
        table: &TargetTable,
        by: chrono::NaiveDate,
        tolerance: Option<i64>,
    ) -> Option<TargetRule> {
        let rows = self
            .read
            .as_ref()
            .map(|read| read.rows.as_slice())
            .unwrap_or_default();
        let weights = rows.iter().filter_map(|row| {
            Some(UnitWeight {
                unit: row.unit.code.clone(),
                weight: row.weight?,
            })
        });
        Some(TargetRule {
            kind: match way {
                "equal" => TargetRuleKind::Equal,
                "proportional" | "weights" => TargetRuleKind::Proportional,
                _ => TargetRuleKind::Same,
            },
            unit: table.own.unit.code.clone(),
            value: typed(&table.metric, &self.value)?,
            by,
            comparison: self.comparison(),
            tolerance,
            weight_metric: (way == "proportional").then(|| table.metric.code.clone()),
            weight_period: None,
            weights: if way == "weights" {
                weights.collect()
            } else {
                Vec::new()
            },
        })
    }
}

/// The sheet.
#[function_component]
pub fn SetSheet(props: &SetSheetProps) -> Html {
    use_language();
    let entered = use_state(|| Entered::new(&props.table));
    let tried = use_state(|| None::<TargetResult>);
    let text = use_state(String::new);
    let busy = use_state(|| false);
    let session = use_session();
    let toast = use_toast();
    let set = {
        let (entered, tried) = (entered.clone(), tried.clone());
        Callback::from(move |next: Entered| {
            tried.set(None);
            entered.set(next);
        })
    };
    let send = |dry_run: bool| {
        let (entered, tried, text, busy) =
            (entered.clone(), tried.clone(), text.clone(), busy.clone());
        let (session, toast, props) = (session.clone(), toast.clone(), props.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(session) = session.clone() else {
                return;
            };
            if entered.reason.trim().is_empty() {
                text.set(t!("targets-needs-reason"));
                return;
            }
            let Some(ask) = entered.ask(&props.table) else {
                text.set(t!("targets-needs-values"));
                return;
            };
            busy.set(true);
            let (tried, text, busy) = (tried.clone(), text.clone(), busy.clone());
            let (toast, close) = (toast.clone(), props.close.clone());
            spawn_local(async move {
                match session.client.set_targets(&ask, dry_run).await {
                    Ok(done) if !dry_run => {
                        if let Some(toast) = toast {
                            toast.done(t!("targets-done", count = done.done));
                        }
                        close.emit(true);
                        return;
                    }
                    Ok(result) => {
                        text.set(String::new());
                        tried.set(Some(result));
                    }
                    Err(error) => text.set(format::error(&error)),
                }
                busy.set(false);
            });
        })
    };
    let changes = tried.as_ref().map_or(0, |result| result.done);
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| false)}>{ t!("cancel") }</button>
        <button type="button" class={classes!("zx-button", tried.is_none().then_some("zx-primary"))} disabled={*busy} onclick={send(true)}>{ t!("targets-try") }</button>
        if tried.is_some() { <button type="button" class="zx-button zx-primary" disabled={*busy || changes == 0} onclick={send(false)}>{ t!("targets-set-count", count = changes) }</button> }</>
    };
    html! {
        <Dialog title={t!("targets-set-title", name = named(&props.table.metric.name_zh, &props.table.metric.name_en))} wide={true} close={props.close.reform(|()| false)} {acts}>
            { fields(&props.table, &entered, &set) }
            { said(&text) }
            if let Some(result) = &*tried { { trial(&props.table, result) } }
        </Dialog>
    }
}

fn fields(table: &TargetTable, entered: &Entered, set: &Callback<Entered>) -> Html {
    let take = |change: fn(&mut Entered, String)| {
        let (entered, set) = (entered.clone(), set.clone());
        Callback::from(move |text: String| {
            let mut next = entered.clone();
            change(&mut next, text);
            set.emit(next);
        })
    };
    let mut ways = vec![("each".to_owned(), t!("share-each-typed"))];
    if !table.children.is_empty() {
        ways.push(("same".to_owned(), t!("share-same")));
        if table.metric.kind != "ratio" {
            ways.push(("equal".to_owned(), t!("share-equal")));
            ways.push(("proportional".to_owned(), t!("share-proportional")));
            ways.push(("weights".to_owned(), t!("share-weights")));
        }
        ways.push(("sheet".to_owned(), t!("share-sheet")));
    }
    let way = entered.way.as_str();
    let unit = named(&table.metric.unit_zh, &table.metric.unit_en).to_owned();
    let label = if way == "same" {
        t!("targets-each")
    } else {
        t!("targets-total")
    };
    let read = {
        let (entered, set) = (entered.clone(), set.clone());
        Callback::from(move |read: SheetRead| {
            set.emit(Entered {
                read: Some(read),
                ..entered.clone()
            })
        })
    };
    html! {
        <>
            <div class="zx-row">
                <Select label={t!("targets-share")} value={entered.way.clone()} choices={ways} change={take(|next, text| next.way = text)} />
                <Select label={t!("targets-comparison")} value={entered.comparison.clone()} choices={comparisons()} change={take(|next, text| next.comparison = text)} />
            </div>
            <TextField id="targets-by" label={t!("target-day")} kind="date" required=true value={entered.by.clone()} change={take(|next, text| next.by = text)} />
            if entered.comparison == "about" { <TextField id="targets-tolerance" label={t!("with-unit", name = t!("targets-tolerance"), unit = unit.clone())} required=true value={entered.tolerance.clone()} change={take(|next, text| next.tolerance = text)} /> }
            if matches!(way, "same" | "equal" | "proportional" | "weights") { <TextField id="targets-value" label={t!("with-unit", name = label, unit = unit.clone())} required=true value={entered.value.clone()} change={take(|next, text| next.value = text)} /> }
            if matches!(way, "sheet" | "weights") { <SheetField id="targets-sheet" metric={table.metric.code.clone()} unit={table.own.unit.code.clone()} {read} /> }
            if way == "each" { <div class="zx-target-inputs">{ for settable(table).map(|line| input(table, line, entered, set, &unit)) }</div> }
            <TextField id="targets-reason" label={t!("targets-reason")} hint={t!("targets-reason-hint")} lines={2} max={Some(500)} required=true value={entered.reason.clone()} change={take(|next, text| next.reason = text)} />
        </>
    }
}

/// The input of one unit, with what holds for the day now as its hint.
fn input(
    table: &TargetTable,
    line: &TargetLine,
    entered: &Entered,
    set: &Callback<Entered>,
    unit: &str,
) -> Html {
    let held = line
        .targets
        .iter()
        .find(|target| target.by.to_string() == entered.by);
    let hint = held.map_or_else(String::new, |held| {
        t!(
            "targets-now-is",
            value = format_scaled(held.value, table.metric.decimals)
        )
    });
    let code = line.unit.code.clone();
    let change = {
        let (entered, set, code) = (entered.clone(), set.clone(), code.clone());
        Callback::from(move |text: String| {
            let mut next = entered.clone();
            next.values.insert(code.clone(), text);
            set.emit(next);
        })
    };
    let value = entered.values.get(&code).cloned().unwrap_or_default();
    html! { <TextField id={format!("target-{code}")} label={t!("with-unit", name = line.unit.name.clone(), unit = unit)} {hint} {value} {change} /> }
}

/// What would become of each row.
fn trial(table: &TargetTable, result: &TargetResult) -> Html {
    let metric = &table.metric;
    let columns = vec![
        Column::text(t!("unit")),
        Column::text(t!("target-day")),
        Column::number(t!("targets-before")),
        Column::number(t!("targets-after")),
        Column::text(t!("state")),
    ];
    let line = |row: &TargetRow| {
        let outcome = match row.outcome {
            TargetOutcome::Set => t!("targets-will-set"),
            TargetOutcome::Withdrawn => t!("targets-withdrawn"),
            TargetOutcome::Unchanged => t!("targets-unchanged"),
            TargetOutcome::Refused => row.refusal.as_ref().map_or_else(String::new, |refusal| {
                named(&refusal.message_zh, &refusal.message_en).to_owned()
            }),
        };
        let name = row.unit_name.clone().unwrap_or_else(|| row.unit.clone());
        let cells = vec![
            Cell::text(name),
            Cell::whole(&row.by.to_string()),
            Cell::number(format::short(metric, row.before), row.before),
            Cell::number(format::short(metric, row.value), row.value),
            Cell::text(outcome),
        ];
        Row::of(format!("{}-{}", row.row, row.unit), cells)
    };
    let rows: Vec<Row> = result.rows.iter().map(line).collect();
    html! {
        <>
            <p role="status"><strong>{ t!("targets-trial", done = result.done, unchanged = result.unchanged, refused = result.refused) }</strong></p>
            <Table label={t!("targets-trial-table")} {columns} {rows} />
        </>
    }
}

/// How a figure may compare with a target, by code and name.
pub fn comparisons() -> Vec<(String, String)> {
    vec![
        ("at_least".to_owned(), t!("comparison-at-least")),
        ("at_most".to_owned(), t!("comparison-at-most")),
        ("about".to_owned(), t!("comparison-about")),
    ]
}
