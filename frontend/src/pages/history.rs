//! The versions of a report, latest first, with what each changed.

use crate::components::loaded;
use crate::components::timeline::{Moment, timeline};
use crate::format;
use crate::hooks::use_load;
use crate::i18n::use_language;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;
use zhenxing_api_types::report::{ReportVersion, Values, domain_values};
use zhenxing_domain::package::{FieldDef, FormDef};

/// Whose versions.
#[derive(Clone, PartialEq, Properties)]
pub struct HistoryProps {
    /// The report's number.
    pub id: Uuid,
    /// The revision that is shown: another one has another history.
    pub revision: i64,
    /// Its form, for the names of the figures.
    pub form: Rc<FormDef>,
}

/// The history of a report.
#[function_component]
pub fn History(props: &HistoryProps) -> Html {
    use_language();
    let (load, again) = use_load((props.id, props.revision), |session, (id, _)| async move {
        session.client.versions(id).await
    });
    loaded(&load, &again, |page| {
        let older = page.items.iter().skip(1).map(Some).chain([None]);
        let moments = page.items.iter().zip(older);
        timeline(
            moments
                .map(|(version, before)| moment(&props.form, version, before))
                .collect(),
        )
    })
}

fn moment(form: &FormDef, version: &ReportVersion, before: Option<&ReportVersion>) -> Moment {
    let none = Values::new();
    let old = before.map_or(&none, |before| &before.values);
    let changes = differences(form, old, &version.values);
    let by = match &version.deputy {
        Some(deputy) => t!(
            "by-deputy",
            name = version.by.clone(),
            deputy = deputy.clone()
        ),
        None => version.by.clone(),
    };
    Moment {
        what: format::version_action(&version.action),
        who: format!(
            "{} · {} · {}",
            format::instant(version.at),
            version.by_unit,
            by
        ),
        detail: html! {
            <>
                if let Some(reason) = &version.reason { <p class="zx-quote">{ t!("reason-was", reason = reason.clone()) }</p> }
                if !changes.is_empty() {
                    <ul class="zx-changes">{ for changes.into_iter().map(|(name, old, new)| html! {
                        <li><span>{ name }</span><del><span class="zx-hidden">{ t!("change-from") }{ " " }</span>{ old }</del>{ " → " }<ins>{ new }</ins></li>
                    }) }</ul>
                }
            </>
        },
    }
}

/// The figures that differ: name, value before, value after; computed ones too.
fn differences(form: &FormDef, old: &Values, new: &Values) -> Vec<(String, String, String)> {
    let (old_numbers, new_numbers) = (
        form.numbers(&domain_values(old)),
        form.numbers(&domain_values(new)),
    );
    let differs = |field: &&FieldDef| {
        old.get(&field.code) != new.get(&field.code)
            || old_numbers.get(&field.code) != new_numbers.get(&field.code)
    };
    let shown = |field: &FieldDef, number: Option<&i64>, values: &Values| match number {
        Some(_) => format::computed(field, number),
        None => format::value(field, values.get(&field.code)),
    };
    let line = |field: &FieldDef| {
        (
            format::field_name(field),
            shown(field, old_numbers.get(&field.code), old),
            shown(field, new_numbers.get(&field.code), new),
        )
    };
    form.fields().filter(differs).map(line).collect()
}
