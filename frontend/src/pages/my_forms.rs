//! The forms that I fill in, with where each stands and by when it is due, beside the one that is open.

use crate::components::light::state as state_label;
use crate::components::{light, loaded};
use crate::format::{self, Steps};
use crate::hooks::{Query, use_load, use_session};
use crate::i18n::{named, use_language};
use crate::pages::reports::{Begin, use_begin};
use crate::routes::Route;
use chrono::NaiveDate;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::programme::FormSummary;
use zhenxing_api_types::report::{Due, DueState, Light};
use zhenxing_api_types::unit::Level;
use zhenxing_api_types::workbench::{Progress, Workbench};

/// The properties of the list.
#[derive(Clone, PartialEq, Properties)]
pub struct MyFormsProps {
    /// The code of the form that is open.
    pub form: AttrValue,
    /// Its period.
    pub period: AttrValue,
    /// Fetches again when it changes.
    #[prop_or_default]
    pub version: i64,
    /// Whether a click begins what is not begun; else it leads to where it can be begun, so that nothing typed is lost.
    #[prop_or_default]
    pub begins: bool,
    /// What is open.
    pub children: Html,
}

/// The list at the left of what is open; on a phone above it.
#[function_component]
pub fn MyForms(props: &MyFormsProps) -> Html {
    use_language();
    let begin = use_begin();
    let me = use_session().and_then(|session| session.me());
    let (load, again) = use_load(props.version, |session, _| async move {
        let content = session.client.workbench().await?;
        Ok((content, session.forms().await?))
    });
    let level = me.map(|me| me.unit.level);
    html! {
        <div class="zx-with-forms">
            <nav class="zx-my-forms" aria-label={t!("my-forms")}>
                <h2>{ t!("my-forms") }</h2>
                { loaded(&load, &again, |(content, forms)| {
                    let items = items(content, forms, level);
                    if items.is_empty() {
                        return html! { <p class="zx-lead">{ t!("my-forms-empty") }</p> };
                    }
                    html! { <ul>{ for items.into_iter().map(|item| item.draw(props, &begin)) }</ul> }
                }) }
            </nav>
            <div class="zx-opened">{ props.children.clone() }</div>
        </div>
    }
}

/// Where a click leads.
enum To {
    Report(uuid::Uuid),
    Begin(Begin),
    List,
}

/// One form of a period.
struct Item {
    form: String,
    period: String,
    name: String,
    stands: Html,
    due: Option<NaiveDate>,
    light: Option<Light>,
    to: To,
}

/// What my unit fills in itself, then what those below it fill in and I may fill in for them; what is due first comes
/// first.
fn items(content: &Workbench, forms: &[FormSummary], level: Option<Level>) -> Vec<Item> {
    let own = content.to_fill.iter().chain(&content.handed_in);
    let mut items: Vec<Item> = own.map(|due| of_own(due, forms)).collect();
    let below = content.progress.iter().filter(|row| {
        let form = forms.iter().find(|form| form.code == row.form);
        form.zip(level).is_some_and(|(form, level)| {
            form.fill_levels.contains(&level) && form.level != level && row.expected > 0
        })
    });
    items.extend(below.map(of_below));
    items.sort_by_key(|item| (item.light.is_none(), item.due.is_none(), item.due));
    items
}

fn of_own(due: &Due, forms: &[FormSummary]) -> Item {
    let open = matches!(
        due.state,
        DueState::NotStarted | DueState::Draft | DueState::Returned
    );
    Item {
        form: due.form.clone(),
        period: due.period.clone(),
        name: format::form_name(forms, &due.form),
        stands: state_label(due.state, Steps::of(forms, &due.form)),
        due: due.fill_due,
        light: Some(due.light).filter(|_| open),
        to: match due.report {
            Some(id) => To::Report(id),
            None => To::Begin(Begin::from(due)),
        },
    }
}

fn of_below(row: &Progress) -> Item {
    let done = row.submitted + row.checked + row.approved;
    Item {
        form: row.form.clone(),
        period: row.period.clone(),
        name: named(&row.form_name_zh, &row.form_name_en).to_owned(),
        stands: html! { <span>{ t!("my-forms-below", done = done, expected = row.expected) }</span> },
        due: row.fill_due,
        light: Some(row.light).filter(|_| done < row.expected),
        to: To::List,
    }
}

impl Item {
    fn draw(self, props: &MyFormsProps, begin: &Callback<Begin>) -> Html {
        let current = self.form == *props.form && self.period == *props.period;
        let due = match self.due {
            None => t!("historical"),
            Some(day) => t!("due-by", day = day.to_string()),
        };
        let text = html! {
            <><strong>{ &self.name }</strong>
            <small>{ format::period(&self.period) }{ " · " }{ self.stands }</small>
            <small>{ due }if let Some(own) = self.light { { " " }{ light(own) } }</small></>
        };
        let current = current.then_some("true");
        // The list stands above every page of reporting: its entries are links, but for one that begins a report.
        let entry = match self.to {
            To::Begin(wish) if props.begins => {
                let begin = begin.clone();
                html! { <button type="button" class="zx-my-form" aria-current={current} onclick={Callback::from(move |_: MouseEvent| begin.emit(wish.clone()))}>{ text }</button> }
            }
            To::Report(id) => {
                html! { <span class="zx-my-form" aria-current={current}><Link<Route> to={Route::Report { id }}>{ text }</Link<Route>></span> }
            }
            To::Begin(_) | To::List => {
                let query = Query::from([
                    ("form".to_owned(), self.form),
                    ("period".to_owned(), self.period),
                ]);
                html! { <span class="zx-my-form" aria-current={current}><Link<Route, Query> to={Route::Reports} query={Some(query)}>{ text }</Link<Route, Query>></span> }
            }
        };
        html! { <li>{ entry }</li> }
    }
}
