//! Rosters (花名册): records of a ledger from a sheet that exists already, checked as those that are entered one by one, kept
//! all or none.

use super::import::{fault, faulty, faulty_of};
use super::ledger::InUse;
use super::once::{Answer, Sent};
use super::roster_columns::{Cells, Layout, PERSON, Target};
use super::roster_replace::{Replacement, Replacing, begin_terms, replacing, whole_only};
use super::roster_units::{Named, Units};
use super::roster_write::Draft;
use super::session::Who;
use super::{App, AppResult};
use crate::sheet;
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_api_types::LineError;
use zhenxing_api_types::roster::{RosterFinding, RosterImport};
use zhenxing_domain::package::{Finding, RecordKind, Severity};
use zhenxing_domain::policy::{Action, Scope};
use zhenxing_domain::record::{
    Days, Need, Record, RecordValue, Values, check_draft, check_rules, check_whole, read_cell,
};
use zhenxing_storage::record_look::Records;
use zhenxing_storage::unit::Placed;
use zhenxing_storage::{Conn, event, placement};

/// How many faults are listed.
const LISTED: usize = 500;

/// What a roster is taken with.
#[derive(Debug, Clone, Default)]
pub struct RosterAsk {
    /// Whether nothing is kept and only said what would be.
    pub dry_run: bool,
    /// Whether good rows are kept although others are faulty.
    pub skip_faulty: bool,
    /// The unit of rows that name none; the asker's own without it.
    pub unit: Option<String>,
    /// What columns fill, by hand, as JSON text.
    pub mapping: Option<String>,
    /// What the rows do where they replace those in office.
    pub replace: Option<Replacing>,
}

/// A row of a roster.
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) cells: Cells,
    pub(crate) unit: Option<Placed>,
    pub(crate) values: Values,
    /// The people whom its fields name.
    pub(crate) people: BTreeMap<String, i64>,
    /// The same people in their own values, where no cells tell of them.
    pub(crate) told: BTreeMap<String, Values>,
    /// What becomes of its record; nothing where it says what is known.
    pub(crate) draft: Option<Draft>,
    faults: Vec<RosterFinding>,
    warnings: Vec<RosterFinding>,
}

impl Row {
    /// A row that says nothing yet.
    pub(crate) fn new(line: u64, cells: Cells) -> Row {
        Row {
            line,
            cells,
            unit: None,
            values: Values::new(),
            people: BTreeMap::new(),
            told: BTreeMap::new(),
            draft: None,
            faults: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// A roster while it is taken.
pub(crate) struct Roster<'a> {
    pub(crate) used: InUse<'a>,
    /// The ledger of people with the scope in which the asker sees them.
    pub(crate) people: Option<(InUse<'a>, Scope)>,
    pub(crate) keep: Scope,
    pub(crate) layout: Layout,
    pub(crate) rows: Vec<Row>,
    /// People who are made or changed along, by their numbers.
    pub(crate) persons: BTreeMap<i64, Draft>,
    /// Who leaves, where those in office are replaced.
    pub(crate) replacement: Option<Replacement<'a>>,
    made: i64,
}

impl<'a> Roster<'a> {
    /// A roster of rows for a ledger, its people and the units whose records the asker keeps.
    pub(crate) fn new(
        used: InUse<'a>,
        people: Option<(InUse<'a>, Scope)>,
        keep: Scope,
        layout: Layout,
        rows: Vec<Row>,
    ) -> Roster<'a> {
        Roster {
            used,
            people,
            keep,
            layout,
            rows,
            persons: BTreeMap::new(),
            replacement: None,
            made: 0,
        }
    }
}

impl Roster<'_> {
    /// A number for a record that is not made yet.
    pub(crate) fn number(&mut self) -> i64 {
        self.made -= 1;
        self.made
    }

    /// Notes what stands against a row, or what it warns of.
    pub(crate) fn say(&mut self, at: usize, target: Option<&Target>, finding: &Finding) {
        let Some(row) = self.rows.get_mut(at) else {
            return;
        };
        let told = RosterFinding {
            row: row.line,
            column: target.and_then(|target| self.layout.heading(target)),
            field: target.map(Target::code),
            code: finding.rule.clone(),
            message_zh: finding.message_zh.clone(),
            message_en: finding.message_en.clone(),
        };
        match finding.severity {
            Severity::Error => row.faults.push(told),
            Severity::Warning | Severity::NeedsExplanation => row.warnings.push(told),
        }
    }

    /// What a field of a finding is called among the columns.
    fn target(&self, field: Option<&str>) -> Option<Target> {
        let field = self.used.record.field(field?)?;
        let named = matches!(&field.kind, RecordKind::Reference { ledger } if ledger == PERSON);
        // Rows that came without a sheet name a person by the field itself.
        let sheet = !self.layout.rows().is_empty();
        let people = self.people.as_ref().filter(|_| named && sheet);
        Some(match people {
            Some((people, _)) => Target::Person(field.code.clone(), people.record.title.clone()),
            None => Target::Field(field.code.clone()),
        })
    }

    /// The places of the rows against which nothing stands.
    pub(crate) fn good(&self) -> Vec<usize> {
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| row.faults.is_empty())
            .map(|(at, _)| at)
            .collect()
    }
}

/// A finding about a row.
pub(crate) fn about(severity: Severity, rule: &str, zh: &str, en: &str) -> Finding {
    Finding {
        rule: rule.to_owned(),
        field: None,
        severity,
        explained: false,
        message_zh: zh.to_owned(),
        message_en: en.to_owned(),
    }
}

impl App {
    /// Takes a roster, or says what would become of it.
    ///
    /// # Errors
    /// `not_found`, `forbidden`; `faulty_lines` when the file cannot be read, or when rows are faulty and are not to be left
    /// out: nothing is kept then.
    pub fn import_roster(
        &self,
        who: &Who,
        sent: &Sent,
        ledger: &str,
        ask: &RosterAsk,
        bytes: &[u8],
    ) -> AppResult<Answer> {
        let (used, _) = self.ledger_in_use(who, ledger)?;
        let keep = self.ledger_scope(who, Action::KeepRecords, used.ledger)?;
        let people = self.ledger_in_use(who, PERSON).ok();
        let layout = self.layout(who, used, people.as_ref().map(|one| one.0), ask, bytes)?;
        let replace = ask.replace.as_ref();
        let replace = replace.map(|asked| replacing(used, asked)).transpose()?;
        if replace.is_some() && ask.skip_faulty {
            return Err(whole_only());
        }
        let today = self.clock.today();
        let admit = |conn: &mut Conn| -> AppResult<Option<Placed>> {
            Ok(match &ask.unit {
                Some(code) => Some(super::unit::find_unit(conn, &keep, code, today, "unit")?),
                None => {
                    let own = placement::last_by_ids(conn, &keep, &[who.unit()], today)?;
                    own.into_iter().next()
                }
            })
        };
        self.write_once(sent, admit, |conn, unit| {
            let rows = rows_of(&layout);
            let mut roster = Roster::new(used, people.clone(), keep.clone(), layout, rows);
            if let Some((asked, by)) = replace {
                roster.replacement = Some(self.replacement(conn, who, used, by, asked)?);
            }
            zhenxing_storage::record::lock(conn)?;
            self.read_units(conn, who, &mut roster, (unit.as_ref(), ask.unit.is_some()))?;
            read_values(&mut roster);
            let kept = (ask.dry_run, ask.skip_faulty);
            self.take_roster(conn, who, &mut roster, kept)
        })
    }

    /// Takes a roster whose rows are read, or says what would become of it.
    ///
    /// # Errors
    /// `faulty_lines` when rows are faulty and are not to be left out, or what the database says.
    pub(crate) fn take_roster(
        &self,
        conn: &mut Conn,
        who: &Who,
        roster: &mut Roster<'_>,
        (dry_run, skip_faulty): (bool, bool),
    ) -> AppResult<Answer> {
        begin_terms(roster)?;
        self.match_rows(conn, who, roster)?;
        self.end_terms(conn, roster)?;
        self.judge_rows(conn, roster)?;
        let mut report = report_of(roster, dry_run);
        report.replaced = self.replaced(conn, roster)?;
        if !dry_run {
            if report.faulty > 0 && !skip_faulty {
                return Err(refused(&report));
            }
            self.keep_roster(conn, who, roster, &report)?;
        }
        Answer::new(200, &report)
    }

    fn layout(
        &self,
        who: &Who,
        used: InUse<'_>,
        people: Option<InUse<'_>>,
        ask: &RosterAsk,
        bytes: &[u8],
    ) -> AppResult<Layout> {
        let lines = sheet::lines(bytes).map_err(|error| faulty(vec![error]))?;
        let empty = || {
            let message = "表格没有数据行 (the sheet has no rows)";
            faulty(vec![fault(1, None, "empty", message)])
        };
        if lines.is_empty() {
            return Err(empty());
        }
        let line = who.signed_in.actor.is_of_a_department();
        let people = people.map(|people| people.record);
        let found = Layout::read(used, people, line, lines, ask.mapping.as_deref())?;
        let layout = found.ok_or_else(|| {
            let message = "没有找到列名：前10行中应有一行写明各列名称，如“姓名”“身份证号” (no line names columns of this ledger)";
            faulty(vec![fault(1, None, "header", message)])
        })?;
        match layout.rows().is_empty() {
            true => Err(empty()),
            false => Ok(layout),
        }
    }

    /// Finds the units that hold the records, and those that fields name.
    pub(crate) fn read_units(
        &self,
        conn: &mut Conn,
        who: &Who,
        roster: &mut Roster<'_>,
        (own, chosen): (Option<&Placed>, bool),
    ) -> AppResult<()> {
        let today = self.clock.today();
        let texts = texts_of(&roster.rows, &Target::Unit);
        let units = Units::read(conn, &roster.keep, &texts, today)?;
        let levels = roster.used.record.levels.clone();
        let below = own.filter(|_| chosen).map(|unit| unit.path.as_str());
        for at in 0..roster.rows.len() {
            let text = roster
                .rows
                .get(at)
                .and_then(|row| row.cells.get(&Target::Unit));
            let found = match text {
                Some(text) => holding(units.find(text, &levels, below)),
                None => own.ok_or_else(unit_missing),
            };
            let found = found.and_then(|unit| match levels.contains(&unit.level) {
                true => Ok(unit.clone()),
                false if text.is_none() => Err(unit_missing()),
                false => Err(unit_level()),
            });
            match (found, roster.rows.get_mut(at)) {
                (Ok(unit), Some(row)) => row.unit = Some(unit),
                (Err(finding), _) => roster.say(at, Some(&Target::Unit), &finding),
                (Ok(_), None) => {}
            }
        }
        let fields = roster.used.record.fields();
        let fields = fields.filter(|field| field.kind == RecordKind::Unit);
        let fields = fields.map(|field| Target::Field(field.code.clone()));
        let fields: Vec<Target> = fields.filter(|one| roster.layout.has(one)).collect();
        for target in &fields {
            let scope = who.scope(Action::ReadUnits)?;
            let units = Units::read(conn, &scope, &texts_of(&roster.rows, target), today)?;
            name_units(roster, target, &units);
        }
        Ok(())
    }

    /// Asks the checks of entry of every record and every person of the roster.
    fn judge_rows(&self, conn: &mut Conn, roster: &mut Roster<'_>) -> AppResult<()> {
        judge_others(roster);
        self.judge_people(conn, roster)?;
        let used = roster.used;
        let good = roster.good();
        let drafted = |at: &usize| Some((*at, roster.rows.get(*at)?.draft.as_ref()?));
        let mut drafts: Vec<(usize, &Draft)> = good.iter().filter_map(drafted).collect();
        // Who leaves a post is known before who comes.
        drafts.sort_by_key(|(_, draft)| draft.before.is_none());
        let leaving = roster.replacement.iter().flat_map(|one| &one.leaving);
        let leaving: Vec<(usize, &Draft)> = leaving.map(|(at, draft)| (*at, draft)).collect();
        let gone = leaving.len();
        drafts.splice(0..0, leaving);
        let plain: Vec<&Draft> = drafts.iter().map(|(_, draft)| *draft).collect();
        let taken = self.doubled(conn, used, &plain)?;
        let records: Vec<Record> = plain.iter().map(|draft| draft.record()).collect();
        let mut look = self.looked_at(conn, used, &records)?;
        if let Some((people, _)) = &roster.people {
            for draft in roster.persons.values() {
                look.put(&people.ledger.code, draft.record(), &[]);
            }
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut told: Vec<(usize, Finding)> = Vec::new();
        for (place, ((at, draft), record)) in drafts.into_iter().zip(records).enumerate() {
            if place < gone {
                // Who leaves stands so whatever else is wrong with the record: it was kept before.
                let links = super::record_write::links_of(used, &draft.plain);
                look.put(&used.ledger.code, record, &links);
                continue;
            }
            let mut findings = check_whole(used.record, &draft.plain);
            if taken.contains_key(&place) {
                findings.push(exists(used, taken.get(&place)));
            }
            findings.extend(doubled_here(used, &draft.plain, &mut seen));
            if findings.is_empty() {
                findings = self.rules_of_row(roster, &record, &look);
                findings.extend(self.misplaced(used, &draft.stored.path, &draft.plain));
            }
            if findings.iter().all(|one| one.severity != Severity::Error) {
                let links = super::record_write::links_of(used, &draft.plain);
                look.put(&used.ledger.code, record, &links);
            }
            told.extend(findings.into_iter().map(|finding| (at, finding)));
        }
        for (at, finding) in told {
            let target = roster.target(finding.field.as_deref());
            roster.say(at, target.as_ref(), &finding);
        }
        Ok(())
    }

    /// What the rules say of the record of a row, today and on the day on which it begins.
    fn rules_of_row(&self, roster: &Roster<'_>, record: &Record, look: &Records) -> Vec<Finding> {
        let def = roster.used.record;
        let today = self.clock.today();
        let mut findings = check_rules(def, record, &Days::today(today), look, true);
        let begins = roster.replacement.as_ref().map(|one| one.day);
        if let Some(day) = begins.filter(|day| *day > today) {
            let then = check_rules(def, record, &Days::today(day), look, true);
            let new = then
                .into_iter()
                .filter(|one| findings.iter().all(|known| known.rule != one.rule));
            let new: Vec<Finding> = new.collect();
            findings.extend(new);
        }
        findings
    }

    fn judge_people(&self, conn: &mut Conn, roster: &mut Roster<'_>) -> AppResult<()> {
        let Some((people, _)) = roster.people.clone() else {
            return Ok(());
        };
        let records: Vec<Record> = roster.persons.values().map(Draft::record).collect();
        let look = self.looked_at(conn, people, &records)?;
        let days = Days::today(self.clock.today());
        let mut told: BTreeMap<i64, Vec<Finding>> = BTreeMap::new();
        for record in &records {
            let mut findings = check_whole(people.record, &record.values);
            if findings.is_empty() {
                findings = check_rules(people.record, record, &days, &look, true);
            }
            told.insert(record.id, findings);
        }
        for at in 0..roster.rows.len() {
            let named = roster.rows.get(at).map(|row| row.people.clone());
            for (field, id) in named.unwrap_or_default() {
                for finding in told.get(&id).into_iter().flatten() {
                    let own = finding.field.clone();
                    let target = own.map(|own| Target::Person(field.clone(), own));
                    roster.say(at, target.as_ref(), finding);
                }
            }
        }
        Ok(())
    }

    /// The records at which the rules across records look from some.
    fn looked_at(&self, conn: &mut Conn, used: InUse<'_>, all: &[Record]) -> AppResult<Records> {
        let mut look = Records::default();
        for rule in used.record.rules.iter().filter(|rule| rule.across) {
            let need = Need::of(&used.ledger.code, &rule.holds);
            look.read_around(conn, &need, all)?;
        }
        Ok(look)
    }

    /// Keeps the people and the records of the rows against which nothing stands.
    fn keep_roster(
        &self,
        conn: &mut Conn,
        who: &Who,
        roster: &mut Roster<'_>,
        report: &RosterImport,
    ) -> AppResult<()> {
        let good: BTreeSet<usize> = roster.good().into_iter().collect();
        let rows = roster.rows.iter_mut().enumerate();
        let rows: Vec<&mut Row> = rows
            .filter(|(at, _)| good.contains(at))
            .map(|(_, row)| row)
            .collect();
        let named: BTreeSet<i64> = rows
            .iter()
            .flat_map(|row| row.people.values())
            .copied()
            .collect();
        let mut drafts: Vec<Draft> = rows
            .into_iter()
            .filter_map(|row| row.draft.take())
            .collect();
        if let Some((people, _)) = &roster.people {
            let persons = roster.persons.iter().filter(|(id, _)| named.contains(id));
            let mut persons: Vec<Draft> = persons.map(|(_, draft)| draft.clone()).collect();
            let given = self.keep_drafts(conn, who.account(), *people, &mut persons)?;
            for draft in &mut drafts {
                name_people(roster.used, &mut draft.plain, &given);
            }
        }
        if let Some(replacement) = &mut roster.replacement {
            let leaving = std::mem::take(&mut replacement.leaving);
            let leaving = leaving.into_iter().map(|(_, draft)| draft);
            drafts.splice(0..0, leaving);
        }
        self.keep_drafts(conn, who.account(), roster.used, &mut drafts)?;
        if !drafts.is_empty() || report.changed > 0 {
            let (kind, subject) = event_of(&roster.used.ledger.code, report);
            event::append(conn, kind, &subject, Some(who.unit()), self.clock.now())?;
        }
        Ok(())
    }
}

/// What is told of a roster that was kept.
fn event_of(ledger: &str, report: &RosterImport) -> (&'static str, String) {
    match &report.replaced {
        Some(done) => {
            let counts = [done.leaving, done.coming, done.staying].map(|count| count.to_string());
            (
                "records.replaced",
                format!("{ledger} {} {}", done.day, counts.join(" ")),
            )
        }
        None => {
            let counts =
                [report.made, report.changed, report.faulty].map(|count| count.to_string());
            ("records.imported", format!("{ledger} {}", counts.join(" ")))
        }
    }
}

/// What else is wrong with rows that are faulty already, so that all of it is told at once.
fn judge_others(roster: &mut Roster<'_>) {
    for at in 0..roster.rows.len() {
        let faulty = roster.rows.get(at).filter(|row| !row.faults.is_empty());
        let findings = faulty.map(|row| check_draft(roster.used.record, &row.values));
        for finding in findings.unwrap_or_default() {
            let target = roster.target(finding.field.as_deref());
            roster.say(at, target.as_ref(), &finding);
        }
    }
}

fn rows_of(layout: &Layout) -> Vec<Row> {
    let rows = layout.rows().iter();
    rows.map(|line| Row::new(line.line, layout.cells(line)))
        .collect()
}

fn texts_of(rows: &[Row], target: &Target) -> Vec<String> {
    let texts = rows.iter().filter_map(|row| row.cells.get(target));
    let texts: BTreeSet<&String> = texts.collect();
    texts.into_iter().cloned().collect()
}

/// The values of the cells that are no units and no people.
fn read_values(roster: &mut Roster<'_>) {
    let used = roster.used;
    for row in &mut roster.rows {
        for field in used.record.fields() {
            let cell = row.cells.get(&Target::Field(field.code.clone()));
            let cell = cell.filter(|_| field.kind != RecordKind::Unit);
            if let Some(value) = cell.and_then(|cell| read_cell(field, cell)) {
                row.values.insert(field.code.clone(), value);
            }
        }
    }
}

fn name_units(roster: &mut Roster<'_>, target: &Target, units: &Units) {
    let every = zhenxing_domain::unit::Level::ALL;
    for at in 0..roster.rows.len() {
        let Some(row) = roster.rows.get_mut(at) else {
            continue;
        };
        let Some(text) = row.cells.get(target) else {
            continue;
        };
        match holding(units.find(text, &every, None)) {
            Ok(unit) => drop(
                row.values
                    .insert(target.code(), RecordValue::Number(unit.id.0)),
            ),
            Err(finding) => roster.say(at, Some(target), &finding),
        }
    }
}

/// Lets fields name people by the numbers that these were given when they were made.
fn name_people(used: InUse<'_>, plain: &mut Values, given: &BTreeMap<i64, i64>) {
    let fields = used.record.fields();
    for field in fields.filter(|field| field.kind.ledger() == Some(PERSON)) {
        if let Some(RecordValue::Number(id)) = plain.get_mut(&field.code) {
            *id = given.get(id).copied().unwrap_or(*id);
        }
    }
}

fn holding(found: Named<'_>) -> Result<&Placed, Finding> {
    let wrong = |rule, zh, en| Err(about(Severity::Error, rule, zh, en));
    match found {
        Named::One(unit) => Ok(unit),
        Named::Several => wrong(
            "unit_unclear",
            "有多个单位叫这个名称，请改填12位单位编码",
            "Several units have this name; give the code of twelve digits",
        ),
        Named::Nothing => wrong(
            "unit_unknown",
            "没有找到该单位，或不在您的权限范围内，请核对名称或改填12位单位编码",
            "No unit of yours has this name or code; compare it, or give the code of twelve digits",
        ),
    }
}

fn unit_missing() -> Finding {
    about(
        Severity::Error,
        "unit_missing",
        "没有写明单位，且本单位不登记该台账，请填写“单位”一列或选择单位后重新上传",
        "No unit is named and yours holds no records of the ledger; fill in a column of units or choose one",
    )
}

fn unit_level() -> Finding {
    about(
        Severity::Error,
        "unit_level",
        "该台账不由这一层级的单位登记",
        "Units of this level hold no records of the ledger",
    )
}

fn exists(used: InUse<'_>, fields: Option<&Vec<String>>) -> Finding {
    let fields = fields.map_or(&[][..], Vec::as_slice);
    let names: Vec<&str> = fields
        .iter()
        .filter_map(|code| used.record.field(code))
        .map(|field| field.name_zh.as_str())
        .collect();
    let zh = format!(
        "已有{}相同的记录，请先查找原有记录；不在本单位的，请联系上级单位",
        names.join("、")
    );
    let en = format!(
        "Another record has the same {}; look for it first",
        fields.join(", ")
    );
    Finding {
        field: fields.first().cloned(),
        ..about(Severity::Error, "exists", &zh, &en)
    }
}

/// What another row of the sheet has already that only one may have.
fn doubled_here(used: InUse<'_>, plain: &Values, seen: &mut BTreeSet<String>) -> Option<Finding> {
    let mut found = None;
    for fields in &used.record.unique {
        let values: Option<Vec<&RecordValue>> = fields.iter().map(|code| plain.get(code)).collect();
        let Some(values) = values else {
            continue;
        };
        if !seen.insert(format!("{fields:?} {values:?}")) {
            found = Some(Finding {
                field: fields.first().cloned(),
                ..doubled()
            });
        }
    }
    found
}

/// What is said of a row that stands twice.
pub(crate) fn doubled() -> Finding {
    about(
        Severity::Error,
        "doubled",
        "表中前面已有相同的一行，请删去重复的行",
        "An earlier row says the same; remove the second one",
    )
}

pub(crate) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn report_of(roster: &Roster<'_>, dry_run: bool) -> RosterImport {
    let good: Vec<&Row> = roster
        .rows
        .iter()
        .filter(|row| row.faults.is_empty())
        .collect();
    let new = |row: &&&Row| {
        row.draft
            .as_ref()
            .is_some_and(|draft| draft.before.is_none())
    };
    let person = |id: &i64| roster.persons.get(id);
    let touched = |row: &&&Row| {
        let mut people = row.people.values().filter_map(person);
        row.draft.is_some() || people.any(|draft| draft.before.is_some())
    };
    let made = good.iter().filter(new).count();
    let touched = good.iter().filter(|row| !new(row)).filter(touched).count();
    let named: BTreeSet<i64> = good
        .iter()
        .flat_map(|row| row.people.values())
        .copied()
        .collect();
    let people = named.iter().filter_map(person);
    let people = people.filter(|draft| draft.before.is_none()).count();
    let listed = |all: &dyn Fn(&Row) -> &Vec<RosterFinding>| {
        let all: Vec<RosterFinding> = roster.rows.iter().flat_map(all).cloned().collect();
        let total = count(all.len());
        (all.into_iter().take(LISTED).collect::<Vec<_>>(), total)
    };
    let (errors, errors_total) = listed(&|row| &row.faults);
    let (warnings, warnings_total) = listed(&|row| &row.warnings);
    RosterImport {
        dry_run,
        columns: roster.layout.shown(),
        rows: count(roster.rows.len()),
        made: count(made),
        changed: count(touched),
        unchanged: count(good.len() - made - touched),
        faulty: count(roster.rows.len() - good.len()),
        people: count(people),
        errors,
        errors_total,
        warnings,
        warnings_total,
        replaced: None,
    }
}

/// The refusal of a roster with faulty rows.
fn refused(report: &RosterImport) -> super::AppError {
    let lines = report.errors.iter().map(|one| LineError {
        line: one.row,
        column: one.column.clone().or_else(|| one.field.clone()),
        code: one.code.clone(),
        message: format!("{} ({})", one.message_zh, one.message_en),
    });
    let total = usize::try_from(report.errors_total).unwrap_or(usize::MAX);
    faulty_of(total, lines.collect())
}
