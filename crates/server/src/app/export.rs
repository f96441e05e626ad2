//! Figures as files: the statistics and an explanation, with Chinese headings.

use super::cube::Cube;
use super::explanation::ExplanationAsk;
use super::figure::shown;
use super::session::Who;
use super::sheet::{Cell, FileFormat, Sheet};
use super::statistics::StatisticsAsk;
use super::{App, AppResult};
use chrono::FixedOffset;
use zhenxing_api_types::Figure;
use zhenxing_api_types::explanation::{ComparedWith, ExplainedReport, Explanation};
use zhenxing_api_types::programme::Metric;
use zhenxing_domain::audit::AuditKind;
use zhenxing_domain::package::{MetricDef, MetricKind};

impl App {
    /// The figures of the statistics as a file: a unit a row, a metric in a period a column.
    ///
    /// # Errors
    /// As the statistics themselves.
    pub fn export_statistics(
        &self,
        who: &Who,
        ask: &StatisticsAsk,
        format: FileFormat,
    ) -> AppResult<Vec<u8>> {
        let cube = self.cube(who, ask)?;
        let bytes = statistics_sheet(&cube)?.write(format)?;
        self.note_read(AuditKind::Export, "statistics.exported", "");
        Ok(bytes)
    }

    /// An explanation as a file: the figure, those beside it, all units below and the reports behind it.
    ///
    /// # Errors
    /// As the explanation itself.
    pub fn export_explanation(
        &self,
        who: &Who,
        ask: &ExplanationAsk,
        format: FileFormat,
    ) -> AppResult<Vec<u8>> {
        let (whole, units) = self.explained(who, ask)?;
        let mut sheet = explanation_sheet(&whole);
        let mut rows = vec![line("合计", &whole, &whole.total, None)];
        rows.extend(units.iter().map(|row| {
            let name = row.figure.unit.name.as_str();
            line(name, &whole, &row.figure, row.share)
        }));
        for report in &whole.reports {
            rows.extend(report_lines(report));
        }
        sheet.rows = rows;
        let bytes = sheet.write(format)?;
        self.note_read(AuditKind::Export, "figures.exported", &ask.metric);
        Ok(bytes)
    }
}

fn beijing(at: chrono::DateTime<chrono::Utc>) -> String {
    let east = FixedOffset::east_opt(8 * 3_600);
    east.map_or_else(
        || at.to_rfc3339(),
        |east| at.with_timezone(&east).format("%Y-%m-%d %H:%M").to_string(),
    )
}

fn statistics_sheet(cube: &Cube<'_>) -> AppResult<Sheet> {
    let mut heads = [vec!["指标".to_owned()], vec!["单位".to_owned()]];
    for metric in cube.metrics.iter().map(|row| row.metric) {
        for period in &cube.periods {
            let [names, periods] = &mut heads;
            names.push(format!("{}（{}）", metric.name_zh, metric.unit_zh));
            periods.push(period.to_string());
        }
    }
    let mut notes = vec![format!("截至{}", beijing(cube.as_of))];
    if !cube.left_out.is_empty() {
        notes.push(format!(
            "未列出（无数据或不在查看范围内）：{}",
            cube.left_out.join("、")
        ));
    }
    let mut rows: Vec<Vec<Cell>> = cube
        .units
        .iter()
        .enumerate()
        .map(|(place, unit)| {
            let whole = place == 0 && cube.above.is_some();
            let name = if whole {
                format!("{}合计", unit.name)
            } else {
                unit.name.clone()
            };
            vec![Cell::Text(name)]
        })
        .collect();
    let mut place = 0;
    cube.each(|metric, unit, tally| {
        let value = tally.and_then(|tally| shown(metric, unit, tally));
        let row = place / cube.periods.len().max(1) % cube.units.len().max(1);
        if let Some(row) = rows.get_mut(row) {
            row.push(value.map_or(Cell::Nothing, |value| cell(metric, value)));
        }
        place += 1;
    })?;
    Ok(Sheet {
        title: "统计分析".to_owned(),
        notes,
        heads: heads.into(),
        rows,
    })
}

fn cell(metric: &MetricDef, value: i64) -> Cell {
    match metric.kind {
        MetricKind::Ratio => Cell::Share(value),
        MetricKind::Sum => Cell::Number(value, metric.decimals),
    }
}

fn of_view(metric: &Metric, value: Option<i64>) -> Cell {
    match value {
        None => Cell::Nothing,
        Some(value) if metric.kind == "ratio" => Cell::Share(value),
        Some(value) => Cell::Number(value, metric.decimals),
    }
}

fn explanation_sheet(whole: &Explanation) -> Sheet {
    let metric = &whole.metric;
    let total = &whole.total;
    let mut notes = vec![
        format!("期次：{}", whole.period),
        format!("指标含义：{}", metric.definition_zh),
        format!("分子（或合计）：{}", whole.numerator.zh),
    ];
    if let Some(denominator) = &whole.denominator {
        notes.push(format!("分母：{}", denominator.zh));
    }
    for beside in &whole.compared {
        let name = match beside.with {
            ComparedWith::Previous => "上期",
            ComparedWith::LastYear => "上年同期",
            ComparedWith::Peers => "同级中位数",
        };
        if let Some(value) = beside.value {
            let text = super::sheet::plain(&of_view(metric, Some(value)));
            notes.push(format!("{name}（{}）：{text}", beside.period));
        }
    }
    notes.push(format!(
        "截至{} · 覆盖{}/{} · 待审定{}",
        beijing(whole.as_of),
        total.approved_units,
        total.expected_units,
        total.pending_units
    ));
    let value = format!("数值（{}）", metric.unit_zh);
    let heads = [
        "单位",
        value.as_str(),
        "分子",
        "分母",
        "占分子比重",
        "已审定",
        "应报",
        "待审定",
    ];
    Sheet {
        title: format!("{}：{}", total.unit.name, metric.name_zh),
        notes,
        heads: vec![heads.map(str::to_owned).to_vec()],
        rows: Vec::new(),
    }
}

fn line(name: &str, whole: &Explanation, figure: &Figure, share: Option<i64>) -> Vec<Cell> {
    let count = |value: i64| Cell::Number(value, 0);
    let below = whole
        .denominator
        .as_ref()
        .map_or(0, |formula| formula.decimals);
    vec![
        Cell::Text(name.to_owned()),
        of_view(&whole.metric, figure.value),
        Cell::Number(figure.numerator, whole.numerator.decimals),
        Cell::Number(figure.denominator, below),
        share.map_or(Cell::Nothing, Cell::Share),
        count(figure.approved_units),
        count(figure.expected_units),
        count(figure.pending_units),
    ]
}

fn report_lines(report: &ExplainedReport) -> Vec<Vec<Cell>> {
    let head = format!("报送数据（{}）", report.period);
    let mut lines = vec![vec![Cell::Text(head)]];
    lines.extend(report.fields.iter().map(|field| {
        let name = if field.unit_zh.is_empty() {
            field.name_zh.clone()
        } else {
            format!("{}（{}）", field.name_zh, field.unit_zh)
        };
        let value = field.value.map(|value| Cell::Number(value, field.decimals));
        vec![Cell::Text(name), value.unwrap_or(Cell::Nothing)]
    }));
    lines
}
