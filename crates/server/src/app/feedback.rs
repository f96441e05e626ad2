//! Complaints and suggestions: handed in, accepted, answered, counted.

use super::once::{Answer, Sent};
use super::page::{self, PageAsk};
use super::programme::stale;
use super::session::{Who, unit_ref};
use super::{App, AppError, AppResult, Code};
use crate::clock::instant;
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;
use zhenxing_api_types::feedback::{
    ActOnFeedback, Feedback, FeedbackBox, FeedbackCount, FeedbackDetail, FeedbackState,
    FeedbackStep, FeedbackTo, NewFeedback,
};
use zhenxing_api_types::{Page, UnitRef};
use zhenxing_domain::feedback::{FeedbackAction, FeedbackState as State};
use zhenxing_domain::identity::holds_id_number;
use zhenxing_domain::ids::UnitId;
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_storage::feedback::{self, Feedback as Stored, Whose};
use zhenxing_storage::unit::lineage;
use zhenxing_storage::{Conn, event, placement};

const TEXT_LENGTH: usize = 1_000;
const PAGE_LENGTH: usize = 200;
const SHOWN_LENGTH: usize = 80;

/// What a list is narrowed to.
#[derive(Debug, Clone, Serialize)]
pub struct FeedbackAsk {
    /// Which box.
    pub from: FeedbackBox,
    /// Where they stand.
    pub state: Option<FeedbackState>,
}

impl App {
    /// Those that the asker wrote or that his unit answers.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn list_feedback(
        &self,
        who: &Who,
        ask: &FeedbackAsk,
        paged: &PageAsk,
    ) -> AppResult<Page<Feedback>> {
        let (scope, whose) = match ask.from {
            FeedbackBox::Own => own(who)?,
            FeedbackBox::Received => received(who)?,
        };
        let limit = paged.limit()?;
        let before: Option<i64> = paged.after(ask)?;
        let state = ask.state.map(State::from);
        let today = self.clock.today();
        self.db.read(|conn| {
            let rows = feedback::list(conn, &scope, whose, state, before, limit + 1, today)?;
            let units = self.units_of_feedback(conn, &rows)?;
            let rows = rows
                .iter()
                .map(|row| Ok((row.id, view(who, row, &units, SHOWN_LENGTH)?)))
                .collect::<AppResult<Vec<_>>>()?;
            let paged = page::page(rows, limit, ask, |row| row.0);
            Ok(Page {
                items: paged.items.into_iter().map(|row| row.1).collect(),
                next_cursor: paged.next_cursor,
                total: None,
            })
        })
    }

    /// Hands one in.
    ///
    /// # Errors
    /// Refusals that name the field.
    pub fn create_feedback(&self, who: &Who, sent: &Sent, new: &NewFeedback) -> AppResult<Answer> {
        check_text(&new.text)?;
        if new.page.chars().count() > PAGE_LENGTH || holds_id_number(&new.page) {
            return Err(AppError::invalid(
                "page",
                format!("页面地址不能超过{PAGE_LENGTH}字，也不能含有身份证号码"),
                format!("The page has at most {PAGE_LENGTH} characters and no identity number"),
            ));
        }
        let admit = |_: &mut Conn| who.scope(Action::GiveFeedback);
        self.write_once(sent, admit, |conn, _| {
            let line = lineage(&who.signed_in.actor.unit_path);
            let to = match new.to {
                FeedbackTo::City => line.first(),
                FeedbackTo::Above => line.iter().rev().nth(1).or_else(|| line.first()),
            };
            let now = self.clock.now();
            let id = Uuid::now_v7();
            let mut stored = Stored {
                id: 0,
                public_id: id.as_bytes().to_vec(),
                kind: zhenxing_domain::feedback::FeedbackKind::from(new.kind)
                    .as_str()
                    .to_owned(),
                state: State::Submitted.as_str().to_owned(),
                revision: 1,
                reopened: false,
                unit: who.unit().0,
                to_unit: to.copied().unwrap_or(who.unit()).0,
                account: who.account().0,
                author: who.signed_in.name.clone(),
                page: new.page.clone(),
                contact_consent: new.contact_consent,
                created_on: self.clock.today(),
                created_at: now,
                answer_days: None,
                text: new.text.trim().to_owned(),
            };
            stored.id = feedback::insert(conn, &stored)?;
            feedback::add_step(conn, &stored, "submit", &stored.text, who.account(), now)?;
            self.tell(conn, &stored, "feedback.submitted", id)?;
            let answer = Answer::new(201, &self.feedback_detail(conn, who, &stored)?)?;
            Ok(answer.tagged(1).at(format!("/api/v1/feedback/{id}")))
        })
    }

    /// One with what became of it.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_feedback(&self, who: &Who, id: &str) -> AppResult<Answer> {
        let id = Uuid::parse_str(id).map_err(|_| absent())?;
        self.db.read(|conn| {
            let stored = self.find_feedback(conn, who, id)?;
            let detail = self.feedback_detail(conn, who, &stored)?;
            Ok(Answer::new(200, &detail)?.tagged(stored.revision))
        })
    }

    /// Accepts or answers one, or says whether the answer satisfies.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, `stale`, `wrong_state`, or a text that is missing.
    pub fn act_on_feedback(
        &self,
        who: &Who,
        sent: &Sent,
        id: &str,
        revision: i64,
        act: &ActOnFeedback,
    ) -> AppResult<Answer> {
        let id = Uuid::parse_str(id).map_err(|_| absent())?;
        let action = FeedbackAction::from(act.action);
        if matches!(action, FeedbackAction::Answer | FeedbackAction::Dissatisfy)
            || !act.text.is_empty()
        {
            check_text(&act.text)?;
        }
        let admit = |conn: &mut Conn| {
            let stored = self.find_feedback(conn, who, id)?;
            if may(who, &stored, action) {
                Ok(stored)
            } else {
                Err(zhenxing_domain::policy::Refused(Action::AnswerFeedback).into())
            }
        };
        self.write_once(sent, admit, |conn, mut stored| {
            if stored.revision != revision {
                return Err(stale());
            }
            let next = stored.state()?.apply(action, stored.reopened);
            let next = next.map_err(|error| wrong_state(&error))?;
            stored.reopened |= action == FeedbackAction::Dissatisfy;
            if action == FeedbackAction::Answer && stored.answer_days.is_none() {
                let days = (self.clock.today() - stored.created_on).num_days();
                stored.answer_days = Some(days);
            }
            stored.state = next.as_str().to_owned();
            stored.revision += 1;
            if !feedback::update(conn, &stored)? {
                return Err(stale());
            }
            let (name, now) = (action.as_str(), self.clock.now());
            feedback::add_step(conn, &stored, name, act.text.trim(), who.account(), now)?;
            let kind = match action {
                FeedbackAction::Accept => "feedback.accepted",
                FeedbackAction::Answer => "feedback.answered",
                FeedbackAction::Satisfy | FeedbackAction::Dissatisfy => "feedback.rated",
            };
            self.tell(conn, &stored, kind, id)?;
            let detail = self.feedback_detail(conn, who, &stored)?;
            Ok(Answer::new(200, &detail)?.tagged(stored.revision))
        })
    }

    /// How many there are at the units that answer, within the asker's scope.
    ///
    /// # Errors
    /// Refusals that name the parameter.
    pub fn get_feedback_summary(
        &self,
        who: &Who,
        paged: &PageAsk,
    ) -> AppResult<Page<FeedbackCount>> {
        let scope = who.scope(Action::AnswerFeedback)?;
        let limit = paged.limit()?;
        let after: Option<(String, String, String)> = paged.after(&"feedback")?;
        let today = self.clock.today();
        self.db.read(|conn| {
            let rows = feedback::counts(conn, &scope, after.as_ref(), limit + 1, today)?;
            let ids: Vec<UnitId> = rows.iter().map(|row| UnitId(row.unit)).collect();
            let units = self.refs(conn, &ids)?;
            let rows = rows
                .into_iter()
                .map(|row| count_view(row, &units))
                .collect::<AppResult<Vec<_>>>()?;
            let paged = page::page(rows, limit, &"feedback", |row| row.0.clone());
            Ok(Page {
                items: paged.items.into_iter().map(|row| row.1).collect(),
                next_cursor: paged.next_cursor,
                total: None,
            })
        })
    }

    /// One that the asker wrote, or that his unit answers.
    fn find_feedback(&self, conn: &mut Conn, who: &Who, id: Uuid) -> AppResult<Stored> {
        let today = self.clock.today();
        for access in [own(who), received(who)] {
            let Ok((scope, whose)) = access else {
                continue;
            };
            if let Some(found) = feedback::get(conn, &scope, whose, id, today)? {
                return Ok(found);
            }
        }
        Err(absent())
    }

    /// The event belongs to the unit that answers: those in between do not learn of it.
    fn tell(&self, conn: &mut Conn, stored: &Stored, kind: &str, id: Uuid) -> AppResult<()> {
        let unit = Some(UnitId(stored.to_unit));
        event::append(conn, kind, &id.to_string(), unit, self.clock.now())?;
        Ok(())
    }

    fn feedback_detail(
        &self,
        conn: &mut Conn,
        who: &Who,
        stored: &Stored,
    ) -> AppResult<FeedbackDetail> {
        let units = self.units_of_feedback(conn, std::slice::from_ref(stored))?;
        let step = |(action, text, at): (String, String, i64)| FeedbackStep {
            action,
            text,
            at: instant(at),
        };
        let state = stored.state()?;
        let possible = |action: &FeedbackAction| {
            may(who, stored, *action) && state.apply(*action, stored.reopened).is_ok()
        };
        let steps = feedback::steps(conn, stored)?;
        Ok(FeedbackDetail {
            feedback: view(who, stored, &units, usize::MAX)?,
            steps: steps.into_iter().map(step).collect(),
            actions: FeedbackAction::ALL
                .into_iter()
                .filter(possible)
                .map(Into::into)
                .collect(),
        })
    }

    fn units_of_feedback(
        &self,
        conn: &mut Conn,
        rows: &[Stored],
    ) -> AppResult<BTreeMap<UnitId, UnitRef>> {
        let ids = rows.iter().flat_map(|row| [row.unit, row.to_unit]);
        let ids: Vec<UnitId> = ids.map(UnitId).collect();
        self.refs(conn, &ids)
    }

    fn refs(&self, conn: &mut Conn, ids: &[UnitId]) -> AppResult<BTreeMap<UnitId, UnitRef>> {
        let system = Scope::bypass_for_system_work();
        let found = placement::last_by_ids(conn, &system, ids, self.clock.today())?;
        Ok(found.iter().map(|unit| (unit.id, unit_ref(unit))).collect())
    }
}

fn own(who: &Who) -> AppResult<(Scope, Whose)> {
    Ok((who.scope(Action::GiveFeedback)?, Whose::Own(who.account())))
}

fn received(who: &Who) -> AppResult<(Scope, Whose)> {
    let scope = who.scope(Action::AnswerFeedback)?;
    Ok((scope, Whose::Received(who.unit())))
}

/// The author rates, who works for the unit that answers does the rest.
fn may(who: &Who, stored: &Stored, action: FeedbackAction) -> bool {
    if action.is_authors() {
        stored.account == who.account().0
    } else {
        stored.to_unit == who.unit().0 && who.scope(Action::AnswerFeedback).is_ok()
    }
}

fn named(units: &BTreeMap<UnitId, UnitRef>, id: i64) -> AppResult<UnitRef> {
    let found = units.get(&UnitId(id)).cloned();
    found.ok_or_else(|| AppError::Internal(format!("unit {id} has no place")))
}

fn view(
    who: &Who,
    stored: &Stored,
    units: &BTreeMap<UnitId, UnitRef>,
    length: usize,
) -> AppResult<Feedback> {
    let own = stored.account == who.account().0;
    let id = Uuid::from_slice(&stored.public_id);
    Ok(Feedback {
        id: id.map_err(|error| AppError::Internal(error.to_string()))?,
        kind: stored.kind()?.into(),
        state: stored.state()?.into(),
        text: stored.text.chars().take(length).collect(),
        page: stored.page.clone(),
        unit: named(units, stored.unit)?,
        to: named(units, stored.to_unit)?,
        author: (own || stored.contact_consent).then(|| stored.author.clone()),
        reopened: stored.reopened,
        own,
        created_at: instant(stored.created_at),
        answer_days: stored.answer_days,
    })
}

type CountKey = (String, String, String);

fn count_view(
    row: feedback::Count,
    units: &BTreeMap<UnitId, UnitRef>,
) -> AppResult<(CountKey, FeedbackCount)> {
    let wrong = || AppError::Internal(format!("feedback {} {}", row.kind, row.state));
    let kind = zhenxing_domain::feedback::FeedbackKind::parse(&row.kind).ok_or_else(wrong)?;
    let state = State::parse(&row.state).ok_or_else(wrong)?;
    let count = FeedbackCount {
        unit: named(units, row.unit)?,
        kind: kind.into(),
        state: state.into(),
        count: row.count,
        answered: row.answered,
        answer_days: row.answer_days,
    };
    Ok(((row.code, row.kind, row.state), count))
}

fn check_text(text: &str) -> AppResult<()> {
    if !(1..=TEXT_LENGTH).contains(&text.trim().chars().count()) {
        return Err(AppError::invalid(
            "text",
            format!("请写明内容，不超过{TEXT_LENGTH}字"),
            format!("Say it in at most {TEXT_LENGTH} characters"),
        ));
    }
    if holds_id_number(text) {
        return Err(AppError::invalid(
            "text",
            "内容中有身份证号码，此处不需要，请删去",
            "The text holds an identity number; remove it, nobody needs it here",
        ));
    }
    Ok(())
}

fn absent() -> AppError {
    AppError::not_found("id", "意见建议", "feedback")
}

fn wrong_state(error: &zhenxing_domain::feedback::NotFrom) -> AppError {
    AppError::refused(
        Code::WrongState,
        Some("action"),
        "当前状态不能进行这项操作，请刷新后查看",
        error.to_string(),
    )
}
