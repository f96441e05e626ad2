//! The programme as it is shown: projects, matters, metrics, targets, forms, periods.

use super::once::Answer;
use super::page::whole;
use super::session::Who;
use super::{App, AppError, AppResult, Code};
use serde::Serialize;
use zhenxing_api_types::Page;
use zhenxing_api_types::programme::{
    FlowStep, FollowOn, Form, FormField, FormPeriod, FormSection, FormSummary, Matter, Metric,
    PeriodState, Programme, Project, SetPeriod, Target,
};
use zhenxing_domain::package::{
    self, Comparison, Deadline, FieldDef, FieldKind, FormDef, MetricDef, MetricKind, MetricSource,
    TargetDef,
};
use zhenxing_domain::period::{Cadence, Period};
use zhenxing_domain::policy::Action;
use zhenxing_storage::{event, period};

/// The name that the wire uses for a member of an enum of the domain.
pub(crate) fn wire_name(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(map)) => map.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

/// The name of a cadence.
pub(crate) fn cadence_name(cadence: Cadence) -> String {
    wire_name(&cadence)
}

impl App {
    /// The programmes.
    ///
    /// # Errors
    /// A refusal when no grant allows it.
    pub fn list_programmes(&self, who: &Who) -> AppResult<Page<Programme>> {
        who.scope(Action::ReadProgramme)?;
        let plan = &self.package.programme;
        Ok(whole(vec![Programme {
            code: plan.code.clone(),
            name_zh: plan.name_zh.clone(),
            name_en: plan.name_en.clone(),
            version: plan.version,
            issued_by_zh: plan.issued_by_zh.clone(),
            issued_by_en: plan.issued_by_en.clone(),
            issued_on: plan.issued_on,
            valid_from: plan.valid_from,
            valid_until: plan.valid_until,
            source_zh: plan.source_zh.clone(),
            source_en: plan.source_en.clone(),
            display_note_zh: plan.display_note_zh.clone(),
            display_note_en: plan.display_note_en.clone(),
            follow_on: self.package.follow_on.as_ref().map(follow_on_view),
        }]))
    }

    /// The projects in their order.
    ///
    /// # Errors
    /// A refusal when no grant allows it.
    pub fn list_projects(&self, who: &Who) -> AppResult<Page<Project>> {
        who.scope(Action::ReadProgramme)?;
        let matters_of = |code: &str| {
            let matters = self
                .package
                .matters
                .iter()
                .filter(|matter| matter.project == code);
            matters.map(|matter| matter.code.clone()).collect()
        };
        let view = |project: &package::Project| Project {
            code: project.code.clone(),
            name_zh: project.name_zh.clone(),
            name_en: project.name_en.clone(),
            matters: matters_of(&project.code),
        };
        Ok(whole(self.package.projects.iter().map(view).collect()))
    }

    /// The matters, of one project or all.
    ///
    /// # Errors
    /// A refusal when no grant allows it.
    pub fn list_matters(&self, who: &Who, project: Option<&str>) -> AppResult<Page<Matter>> {
        who.scope(Action::ReadProgramme)?;
        if project.is_some_and(|code| self.package.projects.iter().all(|one| one.code != code)) {
            return Err(AppError::not_found("project", "工程", "project"));
        }
        let matters = self.package.matters.iter();
        let chosen = matters.filter(|matter| project.is_none_or(|code| matter.project == code));
        Ok(whole(
            chosen.map(|matter| self.matter_view(matter)).collect(),
        ))
    }

    /// One matter.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_matter(&self, who: &Who, code: &str) -> AppResult<Matter> {
        who.scope(Action::ReadProgramme)?;
        let found = self.package.matter(code);
        found
            .map(|matter| self.matter_view(matter))
            .ok_or_else(|| AppError::not_found("code", "实事", "matter"))
    }

    fn matter_view(&self, matter: &package::Matter) -> Matter {
        let departments = |codes: &[String]| {
            let all = self.package.departments.iter();
            all.filter(|department| codes.contains(&department.code))
                .map(|department| department.name_zh.clone())
                .collect()
        };
        let step = |name: &str, step: &package::FlowStep| FlowStep {
            step: name.to_owned(),
            level: step.level.into(),
            by_zh: step.by_zh.clone(),
            by_en: step.by_en.clone(),
        };
        let mut flow = vec![step("fill", &matter.flow.fill)];
        flow.extend(matter.flow.check.iter().map(|check| step("check", check)));
        flow.push(step("decide", &matter.flow.decide));
        let ledgers = self
            .package
            .ledgers
            .iter()
            .filter(|ledger| matter.kept.contains(&ledger.code));
        let forms = self
            .package
            .forms
            .iter()
            .filter(|form| form.matter == matter.code);
        let metrics = self
            .package
            .metrics
            .iter()
            .filter(|metric| metric.matter == matter.code);
        Matter {
            code: matter.code.clone(),
            project: matter.project.clone(),
            official_no: matter.official_no.clone(),
            name_zh: matter.name_zh.clone(),
            name_en: matter.name_en.clone(),
            summary_zh: matter.summary_zh.clone(),
            summary_en: matter.summary_en.clone(),
            lead_departments: departments(&matter.lead_departments),
            responsible_departments: departments(&matter.responsible_departments),
            levels: matter.levels.iter().map(|level| (*level).into()).collect(),
            cadence: matter.cadence.map(cadence_name),
            flow,
            ledgers: ledgers.map(|ledger| ledger.name_zh.clone()).collect(),
            forms: forms.map(|form| form.code.clone()).collect(),
            metrics: metrics.map(|metric| self.metric_view(metric)).collect(),
        }
    }

    /// The metrics, of one matter or all, of one status or all.
    ///
    /// # Errors
    /// A refusal when no grant allows it.
    pub fn list_metrics(
        &self,
        who: &Who,
        matter: Option<&str>,
        status: Option<&str>,
    ) -> AppResult<Page<Metric>> {
        who.scope(Action::ReadProgramme)?;
        if matter.is_some_and(|code| self.package.matters.iter().all(|one| one.code != code)) {
            return Err(AppError::not_found("matter", "实事", "matter"));
        }
        if status.is_some_and(|status| status != "active" && status != "pending") {
            return Err(AppError::refused(
                Code::InvalidParameter,
                Some("status"),
                "状态只能是active（已启用）或pending（待启用）",
                "`status` is active or pending",
            ));
        }
        let metrics = self.package.metrics.iter();
        let chosen = metrics
            .filter(|metric| matter.is_none_or(|code| metric.matter == code))
            .filter(|metric| status.is_none_or(|status| wire_name(&metric.status) == status));
        Ok(whole(
            chosen.map(|metric| self.metric_view(metric)).collect(),
        ))
    }

    /// One metric.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_metric(&self, who: &Who, code: &str) -> AppResult<Metric> {
        who.scope(Action::ReadProgramme)?;
        let found = self.package.metric(code);
        found
            .map(|metric| self.metric_view(metric))
            .ok_or_else(|| AppError::not_found("code", "指标", "metric"))
    }

    /// A metric as it is shown beside a figure: with the targets by which the unit is judged, its own or those of the plan
    /// that hold on the figure's last day.
    pub(crate) fn metric_view_on(
        &self,
        metric: &MetricDef,
        day: chrono::NaiveDate,
        own: &[Target],
    ) -> Metric {
        let of_plan = || {
            let targets = self.package.targets_on(&metric.code, day);
            targets.into_iter().map(target_view).collect()
        };
        Metric {
            targets: if own.is_empty() {
                of_plan()
            } else {
                own.to_vec()
            },
            ..self.metric_view(metric)
        }
    }

    /// A metric as it is shown.
    pub(crate) fn metric_view(&self, metric: &MetricDef) -> Metric {
        Metric {
            code: metric.code.clone(),
            matter: metric.matter.clone(),
            name_zh: metric.name_zh.clone(),
            name_en: metric.name_en.clone(),
            definition_zh: metric.definition_zh.clone(),
            definition_en: metric.definition_en.clone(),
            unit_zh: metric.unit_zh.clone(),
            unit_en: metric.unit_en.clone(),
            decimals: metric.decimals,
            kind: match metric.kind {
                MetricKind::Sum => "sum",
                MetricKind::Ratio => "ratio",
            }
            .to_owned(),
            status: wire_name(&metric.status),
            source: match metric.source {
                MetricSource::Reported { .. } => "reported",
                MetricSource::Computed { .. } => "computed",
                MetricSource::Derived { .. } => "derived",
            }
            .to_owned(),
            level: metric.applies_to.level.into(),
            kinds: metric
                .applies_to
                .kinds
                .iter()
                .map(|kind| (*kind).into())
                .collect(),
            better: wire_name(&metric.better),
            headline: metric.headline,
            targets: self
                .package
                .targets_of(&metric.code)
                .map(target_view)
                .collect(),
        }
    }

    /// The forms.
    ///
    /// # Errors
    /// A refusal when no grant allows it.
    pub fn list_forms(&self, who: &Who, fill: bool) -> AppResult<Page<FormSummary>> {
        who.scope(Action::ReadProgramme)?;
        let wanted = |form: &&FormDef| !fill || who.scope_on(Action::FillReports, form).is_ok();
        Ok(whole(
            self.package
                .forms
                .iter()
                .filter(wanted)
                .map(|form| self.form_summary(form))
                .collect(),
        ))
    }

    fn form_summary(&self, form: &FormDef) -> FormSummary {
        FormSummary {
            code: form.code.clone(),
            matter: form.matter.clone(),
            name_zh: form.name_zh.clone(),
            name_en: form.name_en.clone(),
            cadence: cadence_name(form.cadence),
            level: form.applies_to.level.into(),
            fill_levels: form
                .fill_levels
                .iter()
                .map(|level| (*level).into())
                .collect(),
            check_level: form.check_level.map(Into::into),
            approve_level: form.approve_level.into(),
            current_period: self.current_period(form).to_string(),
            from: form.from.map(|from| from.to_string()),
        }
    }

    /// One form with its definition, the newest or that of a period; the number tags the package's edition.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_form(&self, who: &Who, code: &str, period: Option<&str>) -> AppResult<Answer> {
        who.scope(Action::ReadProgramme)?;
        let newest = self.form(code)?;
        let form = match period {
            None => newest,
            Some(text) => self.form_at(code, self.begun_period(newest, text)?)?,
        };
        let definition =
            serde_json::to_string(form).map_err(|error| AppError::Internal(error.to_string()))?;
        let sections = form.sections.iter().map(|section| FormSection {
            title_zh: section.title_zh.clone(),
            title_en: section.title_en.clone(),
            fields: section.fields.iter().map(field_view).collect(),
        });
        let view = Form {
            summary: self.form_summary(form),
            sections: sections.collect(),
            definition,
        };
        Ok(Answer::new(200, &view)?.tagged(i64::from(self.package.programme.version)))
    }

    /// The periods of a form, latest first.
    ///
    /// # Errors
    /// `not_found`.
    pub fn list_periods(&self, who: &Who, form: &str) -> AppResult<Page<FormPeriod>> {
        who.scope(Action::ReadProgramme)?;
        let form = self.form(form)?;
        let stored = self.db.read(|conn| period::list(conn, &form.code))?;
        let view = |period: &Period| {
            let row = stored.iter().find(|row| row.period == period.key());
            self.period_view(form, *period, row.is_some_and(|row| row.locked))
        };
        Ok(whole(self.periods(form).iter().map(view).collect()))
    }

    /// One period of a form.
    ///
    /// # Errors
    /// `not_found`.
    pub fn get_period(&self, who: &Who, form: &str, text: &str) -> AppResult<Answer> {
        who.scope(Action::ReadProgramme)?;
        let form = self.form(form)?;
        let period = self.period_of(form, text, "period")?;
        let row = self.db.read(|conn| period::get(conn, &form.code, period))?;
        let row = row.ok_or_else(|| AppError::not_found("period", "期次", "period"))?;
        Ok(Answer::new(200, &self.period_view(form, period, row.locked))?.tagged(row.revision))
    }

    /// Locks or opens a period whose revision the asker has seen.
    ///
    /// # Errors
    /// `not_found`, `stale`.
    pub fn set_period(
        &self,
        who: &Who,
        form: &str,
        text: &str,
        revision: i64,
        set: &SetPeriod,
    ) -> AppResult<Answer> {
        who.scope(Action::ManagePeriods)?;
        let form = self.form(form)?;
        let period = self.period_of(form, text, "period")?;
        self.db.write(|conn| {
            let row = period::get(conn, &form.code, period)?;
            let row = row.ok_or_else(|| AppError::not_found("period", "期次", "period"))?;
            if row.revision != revision
                || !period::set_locked(conn, &form.code, period, revision, set.locked)?
            {
                return Err(stale());
            }
            let kind = if set.locked {
                "period.locked"
            } else {
                "period.opened"
            };
            let subject = format!("{}/{period}", form.code);
            event::append(conn, kind, &subject, None, self.clock.now())?;
            let view = self.period_view(form, period, set.locked);
            Ok(Answer::new(200, &view)?.tagged(revision + 1))
        })
    }

    /// The period of that text, if the form has it by now.
    pub(crate) fn period_of(&self, form: &FormDef, text: &str, field: &str) -> AppResult<Period> {
        let period = parse_period(text, field)?;
        if !form.has_period(period) {
            return Err(AppError::refused(
                Code::InvalidParameter,
                Some(field),
                format!("本表没有{text}这一期，从{}开始", form.first_period),
                format!(
                    "This form has no period {text}; it begins with {}",
                    form.first_period
                ),
            ));
        }
        Ok(period)
    }

    fn period_view(&self, form: &FormDef, period: Period, locked: bool) -> FormPeriod {
        let dates = self.package.dates(form, period);
        let state = if locked {
            PeriodState::Locked
        } else if form.is_historical(period) {
            PeriodState::Historical
        } else if dates.is_some_and(|dates| dates.opens <= self.clock.today()) {
            PeriodState::Open
        } else {
            PeriodState::Upcoming
        };
        FormPeriod {
            period: period.to_string(),
            state,
            locked,
            opens: dates.map(|dates| dates.opens),
            fill_due: dates.map(|dates| dates.fill_due),
            check_due: dates.and_then(|dates| dates.check_due),
            approve_due: dates.map(|dates| dates.approve_due),
        }
    }
}

/// The period of a text, or a refusal that names the parameter.
pub(crate) fn parse_period(text: &str, field: &str) -> AppResult<Period> {
    Period::parse(text).map_err(|error| {
        AppError::refused(
            Code::InvalidParameter,
            Some(field),
            "期次应写作2024、2024H1、2024Q3或2024-07",
            error.to_string(),
        )
    })
}

/// Somebody else changed it.
pub(crate) fn stale() -> AppError {
    AppError::refused(
        Code::Stale,
        Some("If-Match"),
        "内容已被他人修改，请刷新后重试，未保存您的改动",
        "Somebody else changed it since you read it; reload and try again. Nothing of yours was saved",
    )
}

fn target_view(target: &TargetDef) -> Target {
    Target {
        level: target.level.into(),
        value: target.value,
        deadline: wire_name(&target.by),
        by: match target.by {
            Deadline::On(day) => Some(day),
            _ => None,
        },
        comparison: wire_name(&target.comparison),
        tolerance: match target.comparison {
            Comparison::About { tolerance } => Some(tolerance),
            _ => None,
        },
        aim: target.aim,
        own: false,
        exact_text_zh: target.exact_text_zh.clone(),
        valid_from: target.valid_from,
        valid_until: target.valid_until,
    }
}

fn follow_on_view(next: &package::FollowOn) -> FollowOn {
    FollowOn {
        name_zh: next.name_zh.clone(),
        name_en: next.name_en.clone(),
        valid_from: next.valid_from,
        valid_until: next.valid_until,
        note_zh: next.note_zh.clone(),
        note_en: next.note_en.clone(),
    }
}

fn field_view(field: &FieldDef) -> FormField {
    FormField {
        code: field.code.clone(),
        name_zh: field.name_zh.clone(),
        name_en: field.name_en.clone(),
        kind: match field.kind {
            FieldKind::Money => "money",
            FieldKind::Integer => "integer",
            FieldKind::Decimal { .. } => "decimal",
            FieldKind::Text => "text",
            FieldKind::YesNo => "yes_no",
            FieldKind::Choice { .. } => "choice",
        }
        .to_owned(),
        decimals: field.kind.decimals(),
        unit_zh: field.unit_zh.clone(),
        unit_en: field.unit_en.clone(),
        required: field.required,
        computed: field.computed.is_some(),
        carried: field.carried.is_some(),
        hint_zh: field.hint_zh.clone(),
        hint_en: field.hint_en.clone(),
        min: field.min,
        max: field.max,
        max_len: field.max_len,
    }
}
