//! What is shown: metrics, units and periods.

use super::ask::choices;
use super::{Catalogue, PageProps};
use crate::components::Card;
use crate::components::dialog::Dialog;
use crate::components::field::Select;
use crate::components::filter::Search;
use crate::components::unit_picker::UnitPicker;
use crate::format;
use crate::hooks::with;
use crate::i18n::{named, use_language};
use crate::words;
use std::collections::BTreeSet;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use zhenxing_api_types::programme::Metric;
use zhenxing_api_types::unit::{Level, Unit};
use zhenxing_domain::period::{Cadence, Period};

/// How many metrics one request takes.
const MOST: usize = 40;

/// What is chosen, and the name of the unit where it is known.
#[derive(Clone, PartialEq, Properties)]
pub struct ChooseProps {
    /// What is chosen.
    pub page: PageProps,
    /// The unit's name.
    pub named: String,
}

/// The card in which one chooses.
#[function_component]
pub fn Choose(props: &ChooseProps) -> Html {
    use_language();
    let open = use_state(|| false);
    let page = &props.page;
    let toggle = |to: bool| {
        let open = open.clone();
        Callback::from(move |()| open.set(to))
    };
    let show = toggle(true).reform(|_: MouseEvent| ());
    let take = {
        let (open, query, go) = (open.clone(), page.asked.query(), page.go.clone());
        Callback::from(move |codes: String| {
            open.set(false);
            go.emit(with(&query, "metrics", &codes));
        })
    };
    let chip = |code: &String| {
        let metric = page.catalogue.metric(code);
        let name = metric.map_or(code.as_str(), |metric| {
            named(&metric.name_zh, &metric.name_en)
        });
        html! { <li class="zx-chip">{ name }</li> }
    };
    html! {
        <Card title={t!("statistics-choose")}>
            <div class="zx-filters zx-choose">
                <span>{ t!("statistics-metrics") }</span>
                <ul class="zx-chips">{ for page.asked.metrics.iter().map(chip) }</ul>
                <button type="button" class="zx-button" onclick={show}>{ t!("statistics-choose-metrics") }</button>
            </div>
            <div class="zx-filters">{ units(props) }{ periods(page) }</div>
            if *open { <Metrics catalogue={page.catalogue.clone()} chosen={page.asked.metrics.clone()} {take} close={toggle(false)} /> }
        </Card>
    }
}

fn units(props: &ChooseProps) -> Html {
    let page = &props.page;
    let pick = {
        let (query, go) = (page.asked.query(), page.go.clone());
        Callback::from(move |unit: Option<Unit>| {
            let code = unit.map(|unit| unit.code).unwrap_or_default();
            go.emit(with(&with(&query, "unit", &code), "level", ""));
        })
    };
    let levels = [
        (String::new(), t!("statistics-level-next")),
        ("county".to_owned(), words::level(Level::County)),
        ("township".to_owned(), words::level(Level::Township)),
        ("village".to_owned(), words::level(Level::Village)),
    ];
    html! {
        <>
            <UnitPicker id="statistics-unit" label={t!("statistics-unit")} value={props.named.clone()} chosen={pick} inline={true} />
            <Select label={t!("statistics-level")} value={page.asked.level.clone()} choices={levels.to_vec()} change={page.change("level")} />
        </>
    }
}

fn cadence_code(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Yearly => "year",
        Cadence::HalfYearly => "half",
        Cadence::Quarterly => "quarter",
        Cadence::Monthly => "month",
    }
}

fn periods(page: &PageProps) -> Html {
    let asked = &page.asked;
    let cadence = asked.from.cadence();
    let all = choices(cadence, page.catalogue.begin, page.today);
    let words: Vec<(String, String)> = all
        .iter()
        .rev()
        .map(|period| (period.to_string(), format::period(&period.to_string())))
        .collect();
    let kinds = [
        ("year".to_owned(), t!("cadence-year")),
        ("half".to_owned(), t!("cadence-half")),
        ("quarter".to_owned(), t!("cadence-quarter")),
        ("month".to_owned(), t!("cadence-month")),
    ];
    let change = page.change("periods");
    let begin = {
        let to = asked.to;
        change.reform(move |value: String| between(&value, &to.to_string(), true))
    };
    let end = {
        let from = asked.from;
        change.reform(move |value: String| between(&from.to_string(), &value, false))
    };
    let kind = {
        let (first, today) = (page.catalogue.begin, page.today);
        change.reform(move |value: String| {
            let all = [
                Cadence::Yearly,
                Cadence::HalfYearly,
                Cadence::Quarterly,
                Cadence::Monthly,
            ];
            let wanted = all
                .into_iter()
                .find(|cadence| cadence_code(*cadence) == value);
            let wanted = wanted.unwrap_or(Cadence::Yearly);
            let all = choices(wanted, first, today);
            let last: Vec<&Period> = all.iter().rev().take(12).collect();
            match (last.last(), last.first()) {
                (Some(from), Some(to)) => format!("{from}..{to}"),
                _ => String::new(),
            }
        })
    };
    html! {
        <>
            <Select label={t!("statistics-cadence")} value={cadence_code(cadence)} choices={kinds.to_vec()} change={kind} />
            <Select label={t!("statistics-from")} value={asked.from.to_string()} choices={words.clone()} change={begin} />
            <Select label={t!("statistics-to")} value={asked.to.to_string()} choices={words} change={end} />
        </>
    }
}

/// A range whose ends stand in order: the one that was chosen last counts.
fn between(from: &str, to: &str, first: bool) -> String {
    let read = |text: &str| Period::parse(text).ok();
    if read(from) <= read(to) {
        return format!("{from}..{to}");
    }
    let one = if first { from } else { to };
    format!("{one}..{one}")
}

#[derive(Clone, PartialEq, Properties)]
struct MetricsProps {
    catalogue: std::rc::Rc<Catalogue>,
    chosen: Vec<String>,
    take: Callback<String>,
    close: Callback<()>,
}

/// The metrics, by project, with a search.
#[function_component]
fn Metrics(props: &MetricsProps) -> Html {
    use_language();
    let chosen = use_state(|| props.chosen.clone());
    let search = use_state(String::new);
    let typed = {
        let search = search.clone();
        Callback::from(move |text| search.set(text))
    };
    let take = {
        let (chosen, take) = (chosen.clone(), props.take.clone());
        Callback::from(move |_: MouseEvent| take.emit(chosen.join(",")))
    };
    let full = chosen.len() > MOST;
    let acts = html! {
        <>
            <button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
            <button type="button" class="zx-button zx-primary" disabled={chosen.is_empty() || full} onclick={take}>{ t!("statistics-take", count = chosen.len()) }</button>
        </>
    };
    let catalogue = &props.catalogue;
    let groups = catalogue.projects.iter().filter_map(|project| {
        let of = |matter: &str| catalogue.matters.iter().any(|one| one.code == matter && one.project == project.code);
        let meant = |metric: &&Metric| of(&metric.matter) && holds(metric, &search);
        let found: Vec<&Metric> = catalogue.metrics.iter().filter(meant).collect();
        (!found.is_empty()).then(|| html! {
            <fieldset class="zx-units"><legend>{ named(&project.name_zh, &project.name_en) }</legend>
                <div class="zx-units-list">{ for found.into_iter().map(|metric| check(metric, &chosen)) }</div></fieldset>
        })
    });
    html! {
        <Dialog title={t!("statistics-choose-metrics")} close={props.close.clone()} wide={true} {acts}>
            <Search label={t!("statistics-search")} value={(*search).clone()} change={typed} />
            if full { <p class="zx-finding" role="alert">{ t!("statistics-too-many", most = MOST) }</p> }
            { for groups }
        </Dialog>
    }
}

fn holds(metric: &Metric, search: &str) -> bool {
    let search = search.trim().to_lowercase();
    [&metric.code, &metric.name_zh, &metric.name_en]
        .iter()
        .any(|text| text.to_lowercase().contains(&search))
}

fn check(metric: &Metric, chosen: &UseStateHandle<Vec<String>>) -> Html {
    let code = metric.code.clone();
    let change = {
        let (chosen, code) = (chosen.clone(), code.clone());
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            let mut next: Vec<String> = (*chosen).clone();
            next.retain(|one| *one != code);
            if input.checked() {
                next.push(code.clone());
            }
            chosen.set(next);
        })
    };
    let taken: BTreeSet<&String> = chosen.iter().collect();
    html! {
        <label class="zx-check"><input type="checkbox" checked={taken.contains(&code)} onchange={change} />
            <span>{ named(&metric.name_zh, &metric.name_en) }</span></label>
    }
}
