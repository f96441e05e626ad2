//! 数据报送: the units for which I fill in, by form, period and state.

use crate::components::field::Select;
use crate::components::filter::{FilterBar, Search};
use crate::components::light::state as state_label;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::toast::use_toast;
use crate::components::{Card, More, PageHeader, empty, light, loaded};
use crate::format::{self, Steps};
use crate::hooks::{Load, Query, use_go, use_load, use_pages, use_query, use_session, with};
use crate::i18n::{named, use_language};
use crate::pages::my_forms::MyForms;
use crate::routes::Route;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::programme::{FormPeriod, FormSummary};
use zhenxing_api_types::report::{CreateReport, Due, DueState};

/// What can be chosen: the forms that concern the asker, the form that is chosen, its periods, and the one that is
/// chosen.
#[derive(Debug, Clone, PartialEq)]
struct Choice {
    forms: Rc<Vec<FormSummary>>,
    form: String,
    periods: Vec<FormPeriod>,
    period: String,
}

/// The page.
#[function_component]
pub fn Reports() -> Html {
    use_language();
    let query = use_query();
    let of = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (load, again) = use_load(
        (of("form"), of("period")),
        |session, (form, period)| async move {
            let forms = session.client.forms_to_fill().await?.items;
            let form = Some(form)
                .filter(|form| !form.is_empty())
                .or_else(|| forms.first().map(|form| form.code.clone()))
                .unwrap_or_default();
            let periods = session.client.periods(&form).await?.items;
            let current = forms
                .iter()
                .find(|one| one.code == form)
                .map(|one| one.current_period.clone());
            let period = Some(period)
                .filter(|period| !period.is_empty())
                .or(current)
                .unwrap_or_default();
            Ok(Choice {
                forms: Rc::new(forms),
                form,
                periods,
                period,
            })
        },
    );
    html! {
        <><PageHeader title={t!("reports")} lead={html! { { t!("reports-lead") } }} />
        { loaded(&load, &again, |choice| html! {
            <MyForms form={choice.form.clone()} period={choice.period.clone()} begins=true><List choice={choice.clone()} /></MyForms>
        }) }</>
    }
}

/// Which report shall begin.
#[derive(Debug, Clone, PartialEq)]
pub struct Begin {
    /// The form's code.
    pub form: String,
    /// The unit's code.
    pub unit: String,
    /// The period.
    pub period: String,
}

impl From<&Due> for Begin {
    fn from(due: &Due) -> Begin {
        Begin {
            form: due.form.clone(),
            unit: due.unit.code.clone(),
            period: due.period.clone(),
        }
    }
}

/// Begins a report and opens it.
#[hook]
pub fn use_begin() -> Callback<Begin> {
    let go = use_go::<Route>();
    let session = use_session();
    let toast = use_toast();
    Callback::from(move |due: Begin| {
        let Some(session) = session.clone() else {
            return;
        };
        let (toast, go) = (toast.clone(), go.clone());
        spawn_local(async move {
            let new = CreateReport {
                source_document: None,
                id: None,
                form: due.form,
                unit: due.unit,
                period: due.period,
                values: BTreeMap::new(),
                explanations: BTreeMap::new(),
            };
            match session.client.create_report(&new).await {
                Ok(report) => go.emit((
                    Route::Report {
                        id: report.summary.id,
                    },
                    Query::new(),
                )),
                Err(error) => {
                    if let Some(toast) = toast {
                        toast.failed(format::error(&error));
                    }
                }
            }
        });
    })
}

#[derive(Clone, PartialEq, Properties)]
struct ListProps {
    choice: Choice,
}

#[function_component]
fn List(props: &ListProps) -> Html {
    use_language();
    let choice = &props.choice;
    let query = use_query();
    let go = use_go::<Route>();
    let search = use_state(String::new);
    let state = query.get("state").cloned().unwrap_or_default();
    let dues = use_pages(
        (choice.form.clone(), choice.period.clone(), state.clone()),
        |session, (form, period, state): (String, String, String), cursor| async move {
            session.client.dues(&form, &period, &state, &cursor).await
        },
    );
    let begin = use_begin();
    let steps = Steps::of(&choice.forms, &choice.form);
    let change = |name: &'static str, drop: &'static str| {
        let (go, query) = (go.clone(), query.clone());
        Callback::from(move |value: String| {
            let next = with(&with(&query, drop, ""), name, &value);
            go.emit((Route::Reports, next));
        })
    };
    let look = {
        let search = search.clone();
        Callback::from(move |text| search.set(text))
    };
    let form = choice.forms.iter().find(|form| form.code == choice.form);
    // Several units in one table: for who fills in for those below.
    let many = matches!(&dues.load, Load::Ready(rows) if rows.len() > 1);
    let to = Query::from([
        ("form".to_owned(), choice.form.clone()),
        ("period".to_owned(), choice.period.clone()),
    ]);
    let aside = html! { if many { <Link<Route, Query> to={Route::Grid} query={Some(to)} classes="zx-button">{ t!("grid-open") }</Link<Route, Query>> } };
    let title = form.map_or_else(String::new, |form| {
        named(&form.name_zh, &form.name_en).to_owned()
    });
    html! {
        <Card title={t!("form-of-period", period = format::period(&choice.period), form = title)} {aside}>
            <FilterBar>
                if choice.forms.len() > 1 { <Select label={t!("form")} value={choice.form.clone()} choices={forms(choice)} change={change("form", "period")} /> }
                <Select label={t!("period")} value={choice.period.clone()} choices={periods(choice)} change={change("period", "")} />
                <Select label={t!("state")} value={state} choices={states(steps)} change={change("state", "")} />
                <Search label={t!("search-unit")} value={(*search).clone()} change={look} />
            </FilterBar>
            { loaded(&dues.load, &dues.again, |rows| table(rows, search.trim(), steps, &begin)) }
            if let Load::Ready(rows) = &dues.load {
                if !rows.is_empty() { <More shown={rows.len()} has_more={dues.has_more} more={dues.more.clone()} /> }
            }
        </Card>
    }
}

fn forms(choice: &Choice) -> Vec<(String, String)> {
    let word = |form: &FormSummary| {
        (
            form.code.clone(),
            named(&form.name_zh, &form.name_en).to_owned(),
        )
    };
    choice.forms.iter().map(word).collect()
}

fn periods(choice: &Choice) -> Vec<(String, String)> {
    let word = |row: &FormPeriod| (row.period.clone(), format::period(&row.period));
    choice.periods.iter().map(word).collect()
}

fn states(steps: Steps) -> Vec<(String, String)> {
    let all = [
        ("not_started", DueState::NotStarted),
        ("draft", DueState::Draft),
        ("submitted", DueState::Submitted),
        ("checked", DueState::Checked),
        ("approved", DueState::Approved),
        ("returned", DueState::Returned),
    ];
    let mut choices = vec![(String::new(), t!("all"))];
    choices.extend(all.map(|(code, state)| (code.to_owned(), format::due_state(state, steps))));
    choices
}

fn table(rows: &[Due], search: &str, steps: Steps, begin: &Callback<Begin>) -> Html {
    if rows.is_empty() {
        return empty(t!("reports-empty"));
    }
    let columns = vec![
        Column::text(t!("unit")).sorts(),
        Column::text(t!("unit-above")).sorts().minor(),
        Column::text(t!("state")).sorts(),
        Column::text(t!("due-day")).sorts(),
        Column::text(t!("light")),
        Column::text(t!("act")),
    ];
    let shown = rows.iter().filter(|due| due.unit.name.contains(search));
    let rows: Vec<Row> = shown.map(|due| row(due, steps, begin)).collect();
    html! { <Table label={t!("reports-table")} {columns} {rows} /> }
}

fn row(due: &Due, steps: Steps, begin: &Callback<Begin>) -> Row {
    let act = match due.report {
        Some(id) => {
            html! { <Link<Route> to={Route::Report { id }} classes="zx-button">{ t!("open") }</Link<Route>> }
        }
        None => {
            let (due, begin) = (Begin::from(due), begin.clone());
            html! { <button type="button" class="zx-button" onclick={Callback::from(move |_: MouseEvent| begin.emit(due.clone()))}>{ t!("fill-in") }</button> }
        }
    };
    let day = match due.fill_due {
        None => t!("historical"),
        Some(day) if due.extended => format!("{day} {}", t!("extended")),
        Some(day) => day.to_string(),
    };
    Row::of(
        format!("{}-{}", due.unit.code, due.period),
        vec![
            Cell::text(&due.unit.name),
            Cell::text(due.parent_name.clone().unwrap_or_default()),
            Cell::html(state_label(due.state, steps)).by_text(&format::due_state(due.state, steps)),
            Cell::text(day),
            Cell::html(light(due.light)),
            Cell::html(act),
        ],
    )
}
