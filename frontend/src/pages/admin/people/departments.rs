//! 部门: the departments of units with the matters that each holds.

use crate::components::dialog::Dialog;
use crate::components::field::{Select, TextField};
use crate::components::filter::FilterBar;
use crate::components::lookup::Lookup;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::toast::use_toast;
use crate::components::unit_picker::UnitPicker;
use crate::components::{Card, More, PageHeader, alert, empty, loaded};
use crate::draft::{Picked, picked_name, use_draft, use_filters};
use crate::format::{self, NOTHING};
use crate::hooks::{Load, Query, use_load, use_pages, use_session};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::session::Action;
use zhenxing_api_types::unit::Unit;
use zhenxing_api_types::user::{ChangeDepartment, CreateDepartment, Department};
use zhenxing_client::{Client, ClientError};

/// What is opened over the list.
#[derive(Debug, Clone, PartialEq)]
enum Opened {
    New,
    Change(Department),
}

/// The page.
#[function_component]
pub fn Departments() -> Html {
    use_language();
    let filters = use_filters(Route::Departments);
    let rows = use_pages(
        filters.query.clone(),
        |session, query: Query, cursor: String| async move {
            let of = |name: &str| query.get(name).map_or("", String::as_str);
            let wanted = [("q", of("q")), ("unit", of("unit")), ("cursor", &cursor)];
            session.client.departments(&wanted).await
        },
    );
    let may = use_session().is_some_and(|session| session.may(Action::ManageUsers));
    let opened = use_state(|| None::<Opened>);
    let open = {
        let opened = opened.clone();
        Callback::from(move |next| opened.set(Some(next)))
    };
    let close = {
        let opened = opened.clone();
        Callback::from(move |()| opened.set(None))
    };
    let done = {
        let (opened, again) = (opened.clone(), rows.again.clone());
        Callback::from(move |()| {
            opened.set(None);
            again.emit(());
        })
    };
    let add = open.reform(|_: MouseEvent| Opened::New);
    html! {
        <>
            <PageHeader title={t!("departments")} lead={html! { { t!("departments-lead") } }}>
                if may { <button type="button" class="zx-button zx-primary" onclick={add}>{ t!("department-add") }</button> }
            </PageHeader>
            <Card title={t!("departments-list")}>
                <FilterBar>
                    <Lookup label={t!("department")} value={filters.of("q")} change={filters.change("q")} />
                    <UnitPicker id="departments-unit" label={t!("unit-and-below")} inline={true} value={filters.of("unit_name")} chosen={filters.unit()} />
                    if !filters.query.is_empty() { <button type="button" class="zx-button" onclick={filters.none()}>{ t!("no-filters") }</button> }
                </FilterBar>
                { loaded(&rows.load, &rows.again, |all| table(all, may.then_some(&open))) }
                if let Load::Ready(all) = &rows.load {
                    if !all.is_empty() { <More shown={all.len()} has_more={rows.has_more} more={rows.more.clone()} /> }
                }
            </Card>
            { match &*opened {
                None => Html::default(),
                Some(Opened::New) => html! { <Form {close} {done} /> },
                Some(Opened::Change(department)) => html! { <Form department={department.clone()} {close} {done} /> },
            } }
        </>
    }
}

fn table(all: &Rc<Vec<Department>>, open: Option<&Callback<Opened>>) -> Html {
    if all.is_empty() {
        return empty(t!("departments-empty"));
    }
    let rows: Vec<Row> = all.iter().map(|department| row(department, open)).collect();
    let mut columns = vec![
        Column::text(t!("department")).sorts(),
        Column::text(t!("unit")).sorts(),
        Column::text(t!("department-code")).minor(),
        Column::text(t!("department-matters")),
        Column::text(t!("department-valid")),
    ];
    if open.is_some() {
        columns.push(Column::text(t!("act")));
    }
    html! { <Table label={t!("departments-list")} {columns} {rows} /> }
}

fn row(department: &Department, open: Option<&Callback<Opened>>) -> Row {
    let from = department.valid_from.to_string();
    let valid = match department.valid_until {
        Some(until) => t!("from-until", from = from, until = until.to_string()),
        None => t!("from-on", from = from),
    };
    let matters = if department.matters.is_empty() {
        NOTHING.to_owned()
    } else {
        department.matters.join(&t!("list-separator"))
    };
    let mut cells = vec![
        Cell::text(&department.name),
        Cell::whole(&department.unit.name),
        Cell::whole(&department.code),
        Cell::text(matters),
        Cell::whole(&valid),
    ];
    if let Some(open) = open {
        let own = department.clone();
        let click = open.reform(move |_: MouseEvent| Opened::Change(own.clone()));
        cells.push(Cell::html(html! { <button type="button" class="zx-button" onclick={click}>{ t!("change-it") }</button> }));
    }
    Row::of(
        format!("{}-{}", department.unit.code, department.code),
        cells,
    )
}

#[derive(Clone, PartialEq, Properties)]
struct FormProps {
    #[prop_or_default]
    department: Option<Department>,
    close: Callback<()>,
    done: Callback<()>,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Draft {
    unit: Option<Picked>,
    code: String,
    name: String,
    matters: Vec<String>,
    until: String,
}

impl Draft {
    fn of(department: Option<&Department>) -> Draft {
        let Some(department) = department else {
            return Draft::default();
        };
        Draft {
            unit: Some(Picked {
                code: department.unit.code.clone(),
                name: department.unit.name.clone(),
            }),
            code: department.code.clone(),
            name: department.name.clone(),
            matters: department.matters.clone(),
            until: department
                .valid_until
                .map(|day| day.to_string())
                .unwrap_or_default(),
        }
    }
}

#[function_component]
fn Form(props: &FormProps) -> Html {
    use_language();
    let draft = use_draft(|| Draft::of(props.department.as_ref()));
    let (save, said, busy) = use_save(props, draft.taken());
    let new = props.department.is_none();
    let unit = draft.piece(|draft, unit: Option<Unit>| draft.unit = unit.map(Picked::from));
    let acts = html! {
        <>
            <button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
            <button type="button" class="zx-button zx-primary" disabled={busy} onclick={save}>{ t!("save") }</button>
        </>
    };
    html! {
        <Dialog title={if new { t!("department-add") } else { t!("department-change") }} wide={true} close={props.close.clone()} {acts}>
            { alert(&said) }
            <div class="zx-two">
                if new {
                    <UnitPicker id="department-unit" label={t!("unit")} required={true} value={picked_name(draft.unit.as_ref())} chosen={unit} />
                    <TextField id="department-code" label={t!("department-code")} hint={t!("login-hint")} required={true} value={draft.code.clone()} max={32} change={draft.piece(|draft, text| draft.code = text)} />
                }
                <TextField id="department-name" label={t!("department")} required={true} value={draft.name.clone()} max={50} change={draft.piece(|draft, text| draft.name = text)} />
                if !new { <TextField id="department-until" kind="date" label={t!("department-until")} hint={t!("department-until-hint")} value={draft.until.clone()} change={draft.piece(|draft, text| draft.until = text)} /> }
            </div>
            <Matters chosen={draft.matters.clone()} change={draft.piece(|draft, matters| draft.matters = matters)} />
        </Dialog>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct MattersProps {
    chosen: Vec<String>,
    change: Callback<Vec<String>>,
}

/// The matters that it holds.
#[function_component]
fn Matters(props: &MattersProps) -> Html {
    use_language();
    let (known, again) = use_load((), |session, ()| async move {
        session.client.matters("").await.map(|page| page.items)
    });
    let set = |change: fn(&mut Vec<String>, String)| {
        let (chosen, emit) = (props.chosen.clone(), props.change.clone());
        Callback::from(move |code: String| {
            let mut next = chosen.clone();
            change(&mut next, code);
            emit.emit(next);
        })
    };
    let add = set(|chosen, code| {
        if !code.is_empty() && !chosen.contains(&code) {
            chosen.push(code);
        }
    });
    let out = set(|chosen, code| chosen.retain(|own| *own != code));
    loaded(&known, &again, |matters| {
        let mut choices = vec![(String::new(), t!("choose"))];
        choices.extend(matters.iter().map(|matter| {
            let name = named(&matter.name_zh, &matter.name_en);
            (matter.code.clone(), format!("{} {name}", matter.code))
        }));
        let tag = |code: &String| {
            let name = choices
                .iter()
                .find(|(own, _)| own == code)
                .map_or(code, |(_, name)| name)
                .clone();
            let remove = {
                let (out, code) = (out.clone(), code.clone());
                Callback::from(move |_: MouseEvent| out.emit(code.clone()))
            };
            html! { <li class="zx-tag">{ &name }<button type="button" class="zx-plain" aria-label={t!("take-out", name = name.clone())} onclick={remove}>{ "×" }</button></li> }
        };
        html! {
            <>
                <Select class="zx-select-block" label={t!("department-matters")} value="" several={true} choices={choices.clone()} change={add} />
                <ul class="zx-tags">{ for props.chosen.iter().map(tag) }</ul>
            </>
        }
    })
}

#[hook]
fn use_save(props: &FormProps, draft: Draft) -> (Callback<MouseEvent>, String, bool) {
    let session = use_session();
    let toast = use_toast();
    let said = use_state(String::new);
    let busy = use_state(|| false);
    let save = {
        let (said, busy) = (said.clone(), busy.clone());
        let (department, done) = (props.department.clone(), props.done.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(session) = session.clone() else {
                return;
            };
            if draft.unit.is_none() {
                said.set(t!("unit-missing"));
                return;
            }
            busy.set(true);
            let (said, busy, toast) = (said.clone(), busy.clone(), toast.clone());
            let (department, done, draft) = (department.clone(), done.clone(), draft.clone());
            spawn_local(async move {
                match saved(&session.client, department.as_ref(), draft).await {
                    Ok(saved) => {
                        if let Some(toast) = toast {
                            toast.done(t!("user-saved", name = saved.name.clone()));
                        }
                        done.emit(());
                    }
                    Err(error) => said.set(format::error(&error)),
                }
                busy.set(false);
            });
        })
    };
    (save, (*said).clone(), *busy)
}

async fn saved(
    client: &Client,
    department: Option<&Department>,
    draft: Draft,
) -> Result<Department, ClientError> {
    let name = draft.name.trim().to_owned();
    match department {
        Some(own) => {
            let change = ChangeDepartment {
                name,
                matters: draft.matters,
                until: draft.until.parse().ok(),
            };
            let (unit, code) = (&own.unit.code, &own.code);
            client
                .change_department(unit, code, own.revision, &change)
                .await
        }
        None => {
            let new = CreateDepartment {
                unit: draft.unit.map(|unit| unit.code).unwrap_or_default(),
                code: draft.code.trim().to_owned(),
                name,
                from: None,
                matters: draft.matters,
            };
            client.create_department(&new).await
        }
    }
}
