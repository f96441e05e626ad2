//! 单位标签: who carries which tag, by whose decision and how long; marking many at once, and ending.

use crate::components::dialog::Dialog;
use crate::components::field::{Select, TextField};
use crate::components::filter::FilterBar;
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::unit_picker::UnitPicker;
use crate::components::{Card, More, PageHeader, alert, empty, loaded};
use crate::draft::{Picked, use_draft, use_filters};
use crate::hooks::{use_load, use_pages};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use crate::send::use_sending;
use crate::words;
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::tag::{EndUnitTags, Tag, TagUnits, UnitTag, UnitTagResult};
use zhenxing_api_types::unit::Unit;

/// The page.
#[function_component]
pub fn Tags() -> Html {
    use_language();
    let round = use_state(|| 0_u32);
    let (load, again) = use_load(*round, |session, _| async move {
        Ok(Rc::new(session.client.tags().await?.items))
    });
    let marking = use_state(|| false);
    let ending = use_state(|| None::<UnitTag>);
    let close = {
        let (marking, ending, round) = (marking.clone(), ending.clone(), round.clone());
        Callback::from(move |changed: bool| {
            marking.set(false);
            ending.set(None);
            if changed {
                round.set(round.wrapping_add(1));
            }
        })
    };
    let begin = {
        let marking = marking.clone();
        Callback::from(move |_: MouseEvent| marking.set(true))
    };
    let end = {
        let ending = ending.clone();
        Callback::from(move |mark| ending.set(Some(mark)))
    };
    html! {
        <>
            <PageHeader title={t!("unit-tags")} lead={html! { { t!("unit-tags-lead") } }}>
                <button type="button" class="zx-button zx-primary" onclick={begin}>{ t!("unit-tags-mark") }</button>
            </PageHeader>
            { loaded(&load, &again, |tags| html! {
                <>
                    <List tags={Rc::clone(tags)} round={*round} {end} />
                    if *marking { <Mark tags={Rc::clone(tags)} close={close.clone()} /> }
                    if let Some(mark) = &*ending { <End mark={mark.clone()} {close} /> }
                </>
            }) }
        </>
    }
}

/// A tag's name in the language of the page.
pub fn name(tag: &Tag) -> String {
    named(&tag.code, &tag.name_en).to_owned()
}

#[derive(Clone, PartialEq, Properties)]
struct ListProps {
    tags: Rc<Vec<Tag>>,
    round: u32,
    end: Callback<UnitTag>,
}

#[function_component]
fn List(props: &ListProps) -> Html {
    use_language();
    let filters = use_filters(Route::Tags);
    let (tag, unit) = (filters.of("tag"), filters.of("unit"));
    let pages = use_pages(
        (tag.clone(), unit.clone(), props.round),
        |session, (tag, unit, _), cursor| async move {
            let query = [("tag", &*tag), ("unit", &*unit), ("cursor", &*cursor)];
            session.client.unit_tags(&query).await
        },
    );
    let any = std::iter::once((String::new(), t!("all")));
    let counted = |tag: &Tag| format!("{} ({})", name(tag), tag.units);
    let choices = props
        .tags
        .iter()
        .map(|tag| (tag.code.clone(), counted(tag)));
    let choices: Vec<(String, String)> = any.chain(choices).collect();
    let chosen = filters
        .change("unit")
        .reform(|unit: Option<Unit>| unit.map(|unit| unit.code).unwrap_or_default());
    let columns = vec![
        Column::text(t!("unit")),
        Column::text(t!("unit-tag")),
        Column::text(t!("unit-tag-authority")).minor(),
        Column::text(t!("unit-tag-document")).minor(),
        Column::text(t!("unit-tag-from")),
        Column::text(t!("unit-tag-to")),
        Column::text(t!("unit-tag-acts")),
    ];
    let named_tag = |code: &str| {
        let found = props.tags.iter().find(|tag| tag.code == code);
        found.map_or_else(|| code.to_owned(), name)
    };
    let row = |mark: &UnitTag| {
        let (end, one) = (props.end.clone(), mark.clone());
        let act = Callback::from(move |_: MouseEvent| end.emit(one.clone()));
        let until = mark
            .valid_to
            .map_or_else(Cell::nothing, |day| Cell::whole(&day.to_string()));
        let acts = match &mark.end_reason {
            None => {
                html! { <button type="button" class="zx-plain zx-link" onclick={act}>{ t!("unit-tag-end") }</button> }
            }
            Some(why) => html! { <small>{ why }</small> },
        };
        let cells = vec![
            Cell::text(mark.unit.name.clone()),
            Cell::text(named_tag(&mark.tag)),
            Cell::text(mark.authority.clone().unwrap_or_default()),
            Cell::text(mark.document_no.clone().unwrap_or_default()),
            Cell::whole(&mark.valid_from.to_string()),
            until,
            Cell::html(acts),
        ];
        Row::of(
            format!("{} {} {}", mark.unit.code, mark.tag, mark.valid_from),
            cells,
        )
    };
    html! {
        <Card title={t!("unit-tags-who")}>
            <FilterBar>
                <Select label={t!("unit-tag")} value={tag} {choices} change={filters.change("tag")} />
                <UnitPicker id="tags-unit" label={t!("unit-tags-below")} value={unit} inline=true {chosen} />
            </FilterBar>
            { loaded(&pages.load, &pages.again, |marks| html! {
                if marks.is_empty() {
                    { empty(t!("unit-tags-none")) }
                } else {
                    <Table label={t!("unit-tags-who")} columns={columns.clone()} rows={marks.iter().map(row).collect::<Vec<_>>()} />
                    <More shown={marks.len()} has_more={pages.has_more} more={pages.more.clone()} />
                }
            }) }
        </Card>
    }
}

/// What is filled in to mark units.
#[derive(Debug, Clone, PartialEq, Default)]
struct Draft {
    tag: String,
    picked: Vec<Picked>,
    pasted: String,
    authority: String,
    document_no: String,
    from: String,
    to: String,
}

impl Draft {
    /// The codes that were picked and pasted, each once.
    fn codes(&self) -> Vec<String> {
        let pasted = self
            .pasted
            .split(|letter: char| !letter.is_ascii_digit())
            .filter(|word| !word.is_empty());
        let picked = self.picked.iter().map(|unit| unit.code.as_str());
        let mut codes: Vec<String> = Vec::new();
        for code in picked.chain(pasted) {
            if !codes.iter().any(|known| known == code) {
                codes.push(code.to_owned());
            }
        }
        codes
    }

    fn ask(&self, dry_run: bool) -> Result<TagUnits, String> {
        let units = self.codes();
        if self.tag.is_empty() {
            return Err(t!("unit-tags-needs-tag"));
        }
        if units.is_empty() {
            return Err(t!("unit-tags-needs-units"));
        }
        let words = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(TagUnits {
            tag: self.tag.clone(),
            units,
            authority: words(&self.authority),
            document_no: words(&self.document_no),
            valid_from: self.from.parse().map_err(|_| t!("unit-tags-needs-from"))?,
            valid_to: self.to.parse().ok(),
            dry_run,
        })
    }
}

#[derive(Clone, PartialEq, Properties)]
struct MarkProps {
    tags: Rc<Vec<Tag>>,
    close: Callback<bool>,
}

/// Marking units: what was filled in is tried first.
#[function_component]
fn Mark(props: &MarkProps) -> Html {
    use_language();
    let draft = use_draft(Draft::default);
    let tried = use_state(|| None::<(Draft, UnitTagResult)>);
    let sending = use_sending();
    let current = tried
        .as_ref()
        .filter(|(of, _)| *of == draft.taken())
        .map(|(_, found)| found.clone());
    let send = |dry_run: bool| {
        let (of, sending, tried) = (draft.taken(), sending.clone(), tried.clone());
        let close = props.close.clone();
        Callback::from(move |_: MouseEvent| {
            let ask = match of.ask(dry_run) {
                Ok(ask) => ask,
                Err(missing) => return sending.say(missing),
            };
            let (of, tried, close) = (of.clone(), tried.clone(), close.clone());
            sending.send(
                move |client| async move { client.tag_units(&ask).await },
                move |found| {
                    let done = found.done;
                    if dry_run || found.refused > 0 {
                        tried.set(Some((of, found)));
                        return None;
                    }
                    close.emit(true);
                    Some(t!("unit-tags-done", count = done))
                },
            );
        })
    };
    let good = current
        .as_ref()
        .filter(|found| found.refused == 0)
        .map(|found| found.done);
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| false)}>{ t!("cancel") }</button>
        if let Some(count) = good {
            <button type="button" class="zx-button zx-primary" disabled={sending.busy()} onclick={send(false)}>{ t!("unit-tags-mark-many", count = count) }</button>
        } else {
            <button type="button" class="zx-button zx-primary" disabled={sending.busy()} onclick={send(true)}>{ t!("unit-tags-try") }</button>
        }</>
    };
    let first = std::iter::once((String::new(), t!("choose")));
    let choices = props.tags.iter().map(|tag| {
        let levels: Vec<String> = tag
            .levels
            .iter()
            .map(|level| words::level(*level))
            .collect();
        let name = format!("{} ({})", name(tag), levels.join(&t!("list-separator")));
        (tag.code.clone(), name)
    });
    let add = draft.piece(|draft, unit: Option<Unit>| {
        let picked = unit.map(Picked::from);
        let new = picked.filter(|unit| !draft.picked.contains(unit));
        draft.picked.extend(new);
    });
    let line = |unit: &Picked| {
        let code = unit.code.clone();
        let remove = draft.piece(move |draft, _: MouseEvent| {
            draft.picked.retain(|unit| unit.code != code);
        });
        html! { <li><span>{ &unit.name }</span><button type="button" class="zx-plain zx-close" aria-label={t!("task-unit-remove", unit = unit.name.clone())} onclick={remove}>{ "×" }</button></li> }
    };
    html! {
        <Dialog title={t!("unit-tags-mark")} close={props.close.reform(|()| false)} wide=true {acts}>
            <Select label={t!("unit-tag")} value={draft.tag.clone()} choices={first.chain(choices).collect::<Vec<_>>()} change={draft.piece(|draft, tag| draft.tag = tag)} />
            <UnitPicker id="mark-units" label={t!("task-units")} several=true chosen={add} />
            <ul class="zx-list">{ for draft.picked.iter().map(line) }</ul>
            <TextField id="mark-pasted" label={t!("unit-tags-paste")} lines={3} value={draft.pasted.clone()} change={draft.piece(|draft, text| draft.pasted = text)} hint={t!("unit-tags-paste-hint")} />
            <TextField id="mark-authority" label={t!("unit-tag-authority")} max={Some(100)} value={draft.authority.clone()} change={draft.piece(|draft, text| draft.authority = text)} />
            <TextField id="mark-document" label={t!("unit-tag-document")} max={Some(100)} value={draft.document_no.clone()} change={draft.piece(|draft, text| draft.document_no = text)} />
            <TextField id="mark-from" kind="date" label={t!("unit-tag-from")} required=true value={draft.from.clone()} change={draft.piece(|draft, text| draft.from = text)} />
            <TextField id="mark-to" kind="date" label={t!("unit-tag-to")} hint={t!("unit-tag-to-hint")} value={draft.to.clone()} change={draft.piece(|draft, text| draft.to = text)} />
            if let Some(found) = &current { { tried_view(found) } }
            { alert(sending.said()) }
        </Dialog>
    }
}

/// What a trial says: how many can be marked, and why the others cannot.
fn tried_view(found: &UnitTagResult) -> Html {
    let refused = found.rows.iter().filter_map(|row| {
        let why = row.refusal.as_ref()?;
        let name = row.name.clone().unwrap_or_else(|| row.unit.clone());
        let text = named(&why.message_zh, &why.message_en).to_owned();
        Some(html! { <li>{ name }{ " " }{ text }</li> })
    });
    html! {
        <>
            <p role="status">{ t!("unit-tags-tried", count = found.rows.len(), refused = found.refused) }</p>
            if found.refused > 0 { <ul class="zx-finding">{ for refused.take(50) }</ul> }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct EndProps {
    mark: UnitTag,
    close: Callback<bool>,
}

/// Ending a mark, with the reason.
#[function_component]
fn End(props: &EndProps) -> Html {
    use_language();
    let day = use_draft(String::new);
    let reason = use_draft(String::new);
    let sending = use_sending();
    let send = {
        let (day, reason, sending) = (day.taken(), reason.taken(), sending.clone());
        let (mark, close) = (props.mark.clone(), props.close.clone());
        Callback::from(move |_: MouseEvent| {
            let Ok(valid_to) = day.parse() else {
                return sending.say(t!("unit-tags-needs-to"));
            };
            let ask = EndUnitTags {
                tag: mark.tag.clone(),
                units: vec![mark.unit.code.clone()],
                valid_to,
                reason: reason.trim().to_owned(),
                dry_run: false,
            };
            let (close, said) = (close.clone(), sending.clone());
            sending.send(
                move |client| async move { client.end_unit_tags(&ask).await },
                move |found| {
                    let refused = found.rows.into_iter().find_map(|row| row.refusal);
                    if let Some(why) = refused {
                        said.say(named(&why.message_zh, &why.message_en).to_owned());
                        return None;
                    }
                    close.emit(true);
                    Some(t!("unit-tag-ended"))
                },
            );
        })
    };
    let acts = html! {
        <><button type="button" class="zx-button" onclick={props.close.reform(|_: MouseEvent| false)}>{ t!("cancel") }</button>
        <button type="button" class="zx-button zx-primary" disabled={sending.busy()} onclick={send}>{ t!("unit-tag-end") }</button></>
    };
    html! {
        <Dialog title={t!("unit-tag-end-of", unit = props.mark.unit.name.clone(), tag = props.mark.tag.clone())} close={props.close.reform(|()| false)} {acts}>
            <TextField id="end-day" kind="date" label={t!("unit-tag-to")} required=true value={day.taken()} change={day.piece(|day, text| *day = text)} hint={t!("unit-tag-end-hint", day = props.mark.valid_from.to_string())} />
            <TextField id="end-reason" label={t!("unit-tag-reason")} lines={2} max={Some(200)} required=true value={reason.taken()} change={reason.piece(|reason, text| *reason = text)} />
            { alert(sending.said()) }
        </Dialog>
    }
}
