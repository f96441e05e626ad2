//! What a changed package changes against the one published before, thing by thing.

use super::Package;
use super::form::FormDef;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How many characters of a value are shown.
const SHOWN: usize = 80;

/// What happened to a thing of the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// 新增
    Added,
    /// 删除
    Removed,
    /// 修改
    Changed,
}

/// A change of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// `programme`, `follow_on`, `project`, `matter`, `list`, `setting`, `department`, `ledger`, `metric`, `target`, `form`,
    /// `field` or `rule`.
    pub thing: String,
    /// Its code; what belongs to something carries that one's code before it: `M12/operating`.
    pub code: String,
    /// What happened to it.
    pub change: ChangeKind,
    /// The members that differ, where it was changed.
    pub members: Vec<MemberChange>,
    /// Whether reports hold values of it: of a form or a field that is removed.
    pub reported: bool,
}

/// A member of a thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberChange {
    /// The member's name in the package.
    pub name: String,
    /// What it was; nothing where it was not said.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
}

impl Change {
    /// The form and, for a field, the field that it is about; an edition's code is that of its form.
    pub fn of_form(&self) -> Option<(&str, Option<&str>)> {
        let form = |code: &'_ str| code.split('@').next().map(str::len);
        match self.thing.as_str() {
            "form" => Some((self.code.get(..form(&self.code)?)?, None)),
            "field" => {
                let (owner, field) = self.code.split_once('/')?;
                Some((owner.get(..form(owner)?)?, Some(field)))
            }
            _ => None,
        }
    }

    /// Whether it may not be published: a form that has reports cannot go.
    pub fn is_refused(&self) -> bool {
        self.thing == "form" && self.change == ChangeKind::Removed && self.reported
    }
}

/// What has changed, in the order of things and codes.
pub fn diff(old: &Package, new: &Package) -> Vec<Change> {
    let (old, new) = (things(old), things(new));
    let mut changes = Vec::new();
    for (key, before) in &old {
        match new.get(key) {
            None => changes.push(change(key, ChangeKind::Removed, Vec::new())),
            Some(after) if after != before => {
                let members = members(before, after);
                changes.push(change(key, ChangeKind::Changed, members));
            }
            Some(_) => {}
        }
    }
    let added = new.keys().filter(|key| !old.contains_key(key));
    changes.extend(added.map(|key| change(key, ChangeKind::Added, Vec::new())));
    changes.sort_by(|a, b| (&a.thing, &a.code).cmp(&(&b.thing, &b.code)));
    changes
}

type Key = (&'static str, String);
type Things = BTreeMap<Key, Value>;

fn change(key: &Key, kind: ChangeKind, members: Vec<MemberChange>) -> Change {
    Change {
        thing: key.0.to_owned(),
        code: key.1.clone(),
        change: kind,
        members,
        reported: false,
    }
}

fn members(before: &Value, after: &Value) -> Vec<MemberChange> {
    let names = |value: &Value| -> Vec<String> {
        let members = value.as_object().into_iter().flatten();
        members.map(|(name, _)| name.clone()).collect()
    };
    let mut all = names(before);
    all.extend(names(after));
    all.sort();
    all.dedup();
    let shown = |value: Option<&Value>| {
        let text = match value? {
            Value::Null => return None,
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Some(text.chars().take(SHOWN).collect())
    };
    let differs = |name: &String| before.get(name) != after.get(name);
    all.into_iter()
        .filter(differs)
        .map(|name| MemberChange {
            before: shown(before.get(&name)),
            after: shown(after.get(&name)),
            name,
        })
        .collect()
}

/// Everything that a package defines, by kind and code; what has a place of its own is not in what it belongs to.
fn things(package: &Package) -> Things {
    let mut found = Things::new();
    let mut put = |thing: &'static str, code: String, value: Value| {
        found.insert((thing, code), value);
    };
    put(
        "programme",
        package.programme.code.clone(),
        json(&package.programme, &["version"]),
    );
    if let Some(next) = &package.follow_on {
        put("follow_on", next.valid_from.to_string(), json(next, &[]));
    }
    for project in &package.projects {
        put("project", project.code.clone(), json(project, &[]));
    }
    for matter in &package.matters {
        let code = &matter.code;
        put("matter", code.clone(), json(matter, &["settings", "lists"]));
        for setting in &matter.settings {
            put(
                "setting",
                format!("{code}/{}", setting.code),
                json(setting, &[]),
            );
        }
        for list in &matter.lists {
            put("list", format!("{code}/{}", list.code), json(list, &[]));
        }
    }
    for department in &package.departments {
        put("department", department.code.clone(), json(department, &[]));
    }
    for ledger in &package.ledgers {
        put("ledger", ledger.code.clone(), json(ledger, &[]));
    }
    for tag in &package.tags {
        put("tag", tag.code.clone(), json(tag, &[]));
    }
    let earlier = package.earlier.iter().flat_map(|edition| &edition.metrics);
    for metric in package.metrics.iter().chain(earlier) {
        let code = edition_code(&metric.code, metric.from);
        put("metric", code, json(metric, &[]));
    }
    for target in &package.targets {
        let level = target.level.as_str();
        let code = format!("{}/{level}/{}", target.metric, target.valid_from);
        put("target", code, json(target, &[]));
    }
    let earlier = package.earlier.iter().map(|edition| &edition.form);
    for form in package.forms.iter().chain(earlier) {
        for (thing, code, value) in of_form(form) {
            put(thing, code, value);
        }
    }
    found
}

fn edition_code(code: &str, from: Option<crate::period::Period>) -> String {
    match from {
        None => code.to_owned(),
        Some(from) => format!("{code}@{from}"),
    }
}

fn of_form(form: &FormDef) -> Vec<(&'static str, String, Value)> {
    let code = edition_code(&form.code, form.from);
    let mut head = json(form, &["sections", "rules", "settings"]);
    let order = form.sections.iter().map(|section| {
        let fields = section.fields.iter().map(|field| field.code.as_str());
        format!(
            "{}: {}",
            section.title_zh,
            fields.collect::<Vec<_>>().join(", ")
        )
    });
    if let Value::Object(members) = &mut head {
        let order = order.collect::<Vec<_>>().join("; ");
        members.insert("sections".to_owned(), Value::from(order));
    }
    let mut found = vec![("form", code.clone(), head)];
    let fields = form.fields();
    found.extend(fields.map(|field| ("field", format!("{code}/{}", field.code), json(field, &[]))));
    let rules = form.rules.iter();
    found.extend(rules.map(|rule| ("rule", format!("{code}/{}", rule.code), json(rule, &[]))));
    let settings = form.settings.iter();
    let settings = settings.map(|setting| {
        (
            "setting",
            format!("{code}/{}", setting.code),
            json(setting, &[]),
        )
    });
    found.extend(settings);
    found
}

/// The members of a thing, without those that have a place of their own.
fn json(thing: &impl Serialize, without: &[&str]) -> Value {
    let mut value = serde_json::to_value(thing).unwrap_or_default();
    if let Value::Object(members) = &mut value {
        for name in without {
            members.remove(*name);
        }
    }
    value
}
