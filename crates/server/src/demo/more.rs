//! What the demonstration has beside reports: a merged village, complaints and suggestions with answers.

use super::load::{Authors, nowhere};
use crate::app::{App, AppResult};
use chrono::NaiveDate;
use uuid::Uuid;
use zhenxing_api_types::unit_change::{NewUnitChange, UnitChangeKind};
use zhenxing_domain::feedback::{FeedbackKind, FeedbackState};
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::{Level, UnitKind};
use zhenxing_storage::feedback::{self, Feedback};
use zhenxing_storage::unit::{self, UnitFilter, lineage};
use zhenxing_storage::{Conn, event, session};

const DAY: i64 = 86_400_000_000;

type Said = (
    FeedbackKind,
    &'static str,
    &'static str,
    Option<&'static str>,
);

/// What is said, where, and the answer; what is unanswered waits.
const SAID: [Said; 6] = [
    (
        FeedbackKind::BurdenComplaint,
        "经营性收入已在财务系统填过，又要求另报纸质表，建议不再重复报送",
        "/reports",
        Some("已要求停止报送纸质表，以本系统数据为准"),
    ),
    (
        FeedbackKind::Suggestion,
        "建议填报页自动带出上年数，只改变动的项目",
        "/reports",
        Some("已实现：打开填报表时自动带出最近一次审定数"),
    ),
    (
        FeedbackKind::Problem,
        "手机上打开表格时备注显示不全",
        "/reports",
        Some("已修复，请刷新后查看"),
    ),
    (
        FeedbackKind::Opinion,
        "年底各项报表集中，希望适当错开截止时间",
        "/workbench",
        None,
    ),
    (
        FeedbackKind::Suggestion,
        "希望退回时写明具体科目",
        "/review",
        Some("已在审核页提供按项退回和常用语"),
    ),
    (
        FeedbackKind::BurdenComplaint,
        "个别工作群仍要求每天接龙打卡",
        "/workbench",
        None,
    ),
];

impl App {
    /// Two villages of a township away from the accounts became one in 2024.
    pub(super) fn merge_villages(&self, conn: &mut Conn, by: AccountId) -> AppResult<()> {
        let system = Scope::bypass_for_system_work();
        let from = NaiveDate::from_ymd_opt(2024, 3, 1).ok_or_else(nowhere)?;
        let filter = UnitFilter {
            level: Some(Level::Township),
            limit: 10_000,
            ..UnitFilter::default()
        };
        let mut townships = unit::list(conn, &system, &filter, from)?;
        townships.reverse();
        for township in townships {
            let below = unit::children(conn, &system, &[township.id], from)?;
            let villages = below.iter();
            let villages = villages.filter(|unit| unit.kind == UnitKind::AdministrativeVillage);
            let chosen: Vec<_> = villages.take(2).collect();
            if let [first, second] = chosen.as_slice() {
                let new = NewUnitChange {
                    kind: UnitChangeKind::Merge,
                    from,
                    units: vec![first.code.clone(), second.code.clone()],
                    name: Some("联合村".to_owned()),
                    code: Some(first.code.clone()),
                    parent: None,
                    unit_kind: None,
                    pieces: Vec::new(),
                    reason: "演示数据：两村合并".to_owned(),
                    locked_cause: Some("演示数据".to_owned()),
                };
                self.change_units(conn, &system, Some((by, String::new())), &new, false)?;
                return Ok(());
            }
        }
        Ok(())
    }

    /// Complaints and suggestions of the village's account to the township and the city, most of them answered.
    pub(super) fn load_feedback(&self, conn: &mut Conn, authors: &Authors) -> AppResult<()> {
        let system = Scope::bypass_for_system_work();
        let (now, today) = (self.clock.now(), self.clock.today());
        let found = session::credentials(conn, "village")?.ok_or_else(nowhere)?;
        let placed = unit::by_ids(conn, &system, &[UnitId(found.unit)], today)?;
        let line = lineage(&placed.first().ok_or_else(nowhere)?.path);
        for (days, (kind, text, page, answer)) in (3_i64..).step_by(9).zip(SAID) {
            let to = match kind {
                FeedbackKind::BurdenComplaint => line.first(),
                _ => line.iter().rev().nth(1),
            };
            let state = match answer {
                Some(_) => FeedbackState::Answered,
                None => FeedbackState::Submitted,
            };
            let id = Uuid::now_v7();
            let at = now - days * DAY;
            let mut stored = Feedback {
                id: 0,
                public_id: id.as_bytes().to_vec(),
                kind: kind.as_str().to_owned(),
                state: state.as_str().to_owned(),
                revision: if answer.is_some() { 3 } else { 1 },
                reopened: false,
                unit: found.unit,
                to_unit: to.ok_or_else(nowhere)?.0,
                account: found.id,
                author: String::new(),
                page: page.to_owned(),
                contact_consent: kind != FeedbackKind::BurdenComplaint,
                created_on: today - chrono::Days::new(days.unsigned_abs()),
                created_at: at,
                answer_days: answer.map(|_| days.min(2)),
                text: text.to_owned(),
            };
            stored.id = feedback::insert(conn, &stored)?;
            let answered = answer.map(|answer| [("accept", ""), ("answer", answer)]);
            let unit = Some(UnitId(stored.to_unit));
            for (at, (action, text)) in std::iter::once(("submit", text))
                .chain(answered.into_iter().flatten())
                .enumerate()
            {
                stored.revision = i64::try_from(at).unwrap_or(0) + 1;
                let author = AccountId(found.id);
                let by = if at == 0 { author } else { authors.checker };
                let when = stored.created_at + i64::try_from(at).unwrap_or(0) * DAY;
                feedback::add_step(conn, &stored, action, text, by, when)?;
                let kind = match action {
                    "submit" => "feedback.submitted",
                    "accept" => "feedback.accepted",
                    _ => "feedback.answered",
                };
                event::append(conn, kind, &id.to_string(), unit, now)?;
            }
        }
        Ok(())
    }
}
