//! What the description says of each ledger's records: exact shapes and addresses beside the general ones, made from the
//! package that is served.

use serde_json::{Map, Value, json};
use zhenxing_domain::package::{LedgerDef, ListItem, Package, RecordDef, RecordField, RecordKind};

/// The operations that are spelled out for each ledger.
const SPELLED: [&str; 8] = [
    "list_records",
    "create_record",
    "get_record",
    "edit_record",
    "move_record",
    "delete_record",
    "restore_record",
    "reveal_record_field",
];
/// Where a spelled-out operation names the general address of which it is one.
const TEMPLATE: &str = "x-template";
const SCHEMAS: &str = "#/components/schemas/";
const DAY: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const NUMBER: &str = "-?[0-9]+";

/// Adds the schemas and the addresses of every ledger that is in use.
pub(super) fn describe(document: &mut Value, package: &Package) {
    let general = document.get("paths").cloned().unwrap_or_default();
    for ledger in &package.ledgers {
        let Some(record) = &ledger.record else {
            continue;
        };
        let Some(schemas) = members(document, "/components/schemas") else {
            continue;
        };
        let shapes = Shapes {
            ledger,
            record,
            called: called(schemas, &ledger.code),
        };
        let exact = shapes.schemas(schemas);
        schemas.extend(exact);
        let spelled = shapes.paths(&general);
        if let Some(paths) = members(document, "/paths") {
            paths.extend(spelled);
        }
    }
}

fn members<'d>(document: &'d mut Value, pointer: &str) -> Option<&'d mut Map<String, Value>> {
    document.pointer_mut(pointer)?.as_object_mut()
}

/// What the schemas of a ledger are called by: its code in the manner of types, so that no name stands twice.
fn called(schemas: &Map<String, Value>, code: &str) -> String {
    let words = code.split(|sign: char| !sign.is_ascii_alphanumeric());
    let mut called: String = words
        .map(|word| {
            let mut signs = word.chars();
            let first = signs.next().map(|sign| sign.to_ascii_uppercase());
            first.into_iter().chain(signs).collect::<String>()
        })
        .collect();
    let stands = |called: &str| {
        let mut names = EXACT.iter().map(|(_, exact)| exact.replace("{}", called));
        names.any(|name| schemas.contains_key(&name))
    };
    while stands(&called) {
        called.push_str("Ledger");
    }
    called
}

/// The general schemas, and how those of one ledger are called in their place.
const EXACT: [(&str, &str); 10] = [
    ("Record", "{}Record"),
    ("Page_Record", "Page_{}Record"),
    ("NewRecord", "New{}Record"),
    ("EditRecord", "Edit{}Record"),
    ("SavedRecord", "Saved{}Record"),
    ("MoveRecord", "Move{}Record"),
    ("RevealField", "Reveal{}Field"),
    ("values as shown", "{}Values"),
    ("values as sent", "New{}Values"),
    ("some values", "Some{}Values"),
];

/// A ledger whose records are described.
struct Shapes<'a> {
    ledger: &'a LedgerDef,
    record: &'a RecordDef,
    called: String,
}

impl Shapes<'_> {
    fn name(&self, general: &str) -> Option<String> {
        let mut all = EXACT.iter();
        let (_, exact) = all.find(|(name, _)| *name == general)?;
        Some(exact.replace("{}", &self.called))
    }

    fn reference(&self, general: &str) -> Value {
        let name = self.name(general).unwrap_or_default();
        json!({ "$ref": format!("{SCHEMAS}{name}") })
    }

    fn personal(&self) -> Vec<&str> {
        let fields = self.record.fields().filter(|field| field.is_personal());
        fields.map(|field| field.code.as_str()).collect()
    }

    fn states(&self) -> Vec<&str> {
        let states = self.record.states.iter();
        states.map(|state| state.code.as_str()).collect()
    }

    fn moves(&self) -> Vec<&str> {
        let moves = self.record.moves.iter();
        moves.map(|motion| motion.code.as_str()).collect()
    }

    /// The exact schemas by their names.
    fn schemas(&self, general: &Map<String, Value>) -> Map<String, Value> {
        let mut exact = Map::new();
        let mut put = |name: &str, schema: Value| {
            exact.extend(self.name(name).map(|name| (name, schema)));
        };
        put("values as shown", self.shown());
        put("values as sent", self.sent(true));
        if !self.record.moves.is_empty() {
            put("some values", self.sent(false));
        }
        let of_values = [
            ("NewRecord", "values as sent"),
            ("EditRecord", "values as sent"),
            ("MoveRecord", "some values"),
            ("Record", "values as shown"),
        ];
        for (name, schema) in general {
            let changed = match name.as_str() {
                "Record" | "Page_Record" | "NewRecord" | "EditRecord" | "SavedRecord" => true,
                "MoveRecord" => !self.record.moves.is_empty(),
                "RevealField" => !self.personal().is_empty(),
                _ => false,
            };
            if !changed {
                continue;
            }
            let mut schema = schema.clone();
            self.refer(&mut schema);
            for (_, values) in of_values.iter().filter(|(of, _)| of == name) {
                set(&mut schema, "/properties/values", self.reference(values));
            }
            match name.as_str() {
                "Record" => self.close_record(&mut schema),
                "Page_Record" => set(
                    &mut schema,
                    "/properties/items/items",
                    self.reference("Record"),
                ),
                "MoveRecord" => set(&mut schema, "/properties/action/enum", json!(self.moves())),
                "RevealField" => {
                    set(
                        &mut schema,
                        "/properties/field/enum",
                        json!(self.personal()),
                    );
                }
                _ => {}
            }
            put(name, schema);
        }
        exact
    }

    /// What a record of this ledger has of states and moves.
    fn close_record(&self, schema: &mut Value) {
        set(schema, "/properties/ledger/enum", json!([self.ledger.code]));
        let states = self.states();
        if let Some(properties) = members(schema, "/properties") {
            match states.is_empty() {
                true => drop(properties.remove("state")),
                false => {
                    let names = self.record.states.iter();
                    let names = names.map(|one| (&one.code, &one.name_zh, &one.name_en));
                    let named =
                        json!({ "type": "string", "enum": states, "description": listed(names) });
                    properties.insert("state".to_owned(), named);
                }
            }
        }
        let moves = self.moves();
        let items = match moves.is_empty() {
            true => json!({ "type": "string" }),
            false => json!({ "type": "string", "enum": moves }),
        };
        set(schema, "/properties/moves/items", items);
        let name = format!("{} — {}", self.ledger.name_zh, self.ledger.name_en);
        set(schema, "/description", json!(name));
    }

    /// The values of a record as it is read.
    fn shown(&self) -> Value {
        let fields = self.record.fields();
        let properties: Map<String, Value> = fields
            .map(|field| (field.code.clone(), shown(field)))
            .collect();
        let about = "What is not filled in is absent, as is what the asker may not see. Identity numbers and telephones are masked.";
        json!({ "type": "object", "description": about, "properties": properties })
    }

    /// The values of a record as they are sent: all of them, or some beside those that stand.
    fn sent(&self, whole: bool) -> Value {
        let fields = self.record.fields();
        let properties: Map<String, Value> = fields
            .map(|field| {
                let mut schema = described(field, sent(field));
                if !whole {
                    let kind = schema.get("type").cloned().unwrap_or_default();
                    set(&mut schema, "/type", json!([kind, "null"]));
                    if let Some(Value::Array(codes)) = schema.get_mut("enum") {
                        codes.push(Value::Null);
                    }
                }
                (field.code.clone(), schema)
            })
            .collect();
        let about = match whole {
            true => {
                "All values; what is not filled in is left out. What was shown masked and is sent as it was shown stays."
            }
            false => "Values that change, null to empty one; the others stay.",
        };
        let mut schema = json!({
            "type": "object", "description": about, "properties": properties, "additionalProperties": false,
        });
        let needed = self.record.fields().filter(|field| field.required);
        let needed: Vec<&str> = needed.map(|field| field.code.as_str()).collect();
        if whole && !needed.is_empty() {
            set(&mut schema, "/required", json!(needed));
        }
        schema
    }

    /// The addresses of this ledger with what can be done there.
    fn paths(&self, general: &Value) -> Map<String, Value> {
        let mut spelled = Map::new();
        for (template, item) in general.as_object().into_iter().flatten() {
            let mut own = Map::new();
            for (method, operation) in item.as_object().into_iter().flatten() {
                let id = operation.get("operationId").and_then(Value::as_str);
                let id = id.filter(|id| SPELLED.contains(id)).unwrap_or_default();
                let exists = match id {
                    "" => false,
                    "move_record" => !self.record.moves.is_empty(),
                    "reveal_record_field" => !self.personal().is_empty(),
                    _ => true,
                };
                if exists {
                    own.insert(method.clone(), self.operation(operation, (template, id)));
                }
            }
            if !own.is_empty() {
                let path = template.replace("{code}", &self.ledger.code);
                spelled.insert(path, Value::Object(own));
            }
        }
        spelled
    }

    fn operation(&self, general: &Value, (template, id): (&str, &str)) -> Value {
        let mut operation = general.clone();
        let code = &self.ledger.code;
        let own = id.replacen("record", &format!("{code}_record"), 1);
        set(&mut operation, "/operationId", json!(own));
        set(&mut operation, "/tags", json!([format!("ledgers/{code}")]));
        set(&mut operation, &format!("/{TEMPLATE}"), json!(template));
        self.refer(&mut operation);
        let states = self.states();
        if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
            parameters.retain(|one| {
                let name = one.get("name").and_then(Value::as_str).unwrap_or_default();
                name != "code" && (name != "state" || !states.is_empty())
            });
            for one in parameters.iter_mut() {
                if one.get("name").and_then(Value::as_str) == Some("state") {
                    set(one, "/schema/enum", json!(states));
                }
            }
            if id == "list_records" {
                parameters.extend(self.record.fields().filter_map(filter));
            }
        }
        operation
    }

    /// Lets references to general schemas name those of this ledger.
    fn refer(&self, schema: &mut Value) {
        match schema {
            Value::Object(all) => {
                for (key, inner) in all.iter_mut() {
                    let named = inner.as_str().and_then(|text| text.strip_prefix(SCHEMAS));
                    let exact = named.and_then(|named| self.name(named));
                    match exact.filter(|_| key == "$ref") {
                        Some(exact) => *inner = json!(format!("{SCHEMAS}{exact}")),
                        None => self.refer(inner),
                    }
                }
            }
            Value::Array(all) => all.iter_mut().for_each(|inner| self.refer(inner)),
            _ => {}
        }
    }
}

/// Puts something where a pointer leads, if what stands above is there.
fn set(schema: &mut Value, pointer: &str, value: Value) {
    let Some((above, key)) = pointer.rsplit_once('/') else {
        return;
    };
    if let Some(all) = members(schema, above) {
        all.insert(key.to_owned(), value);
    }
}

fn listed<'a>(all: impl Iterator<Item = (&'a String, &'a String, &'a String)>) -> String {
    let all = all.map(|(code, zh, en)| format!("`{code}` {zh} ({en})"));
    all.collect::<Vec<String>>().join("; ")
}

/// A field as it is read: what is named may be gone or out of sight.
fn shown(field: &RecordField) -> Value {
    let mut schema = described(field, sent(field));
    match field.kind {
        RecordKind::Unit | RecordKind::Reference { .. } => {
            set(&mut schema, "/type", json!(["string", "null"]));
        }
        RecordKind::IdCard | RecordKind::Phone => {
            set(&mut schema, "/readOnly", json!(true));
        }
        _ => {}
    }
    schema
}

/// The kind of value that a field takes.
fn sent(field: &RecordField) -> Value {
    let codes = |choices: &[ListItem]| {
        let codes: Vec<&str> = choices.iter().map(|one| one.code.as_str()).collect();
        json!({ "type": "string", "enum": codes })
    };
    let number = json!({ "type": "string", "format": "uuid" });
    match &field.kind {
        RecordKind::Text | RecordKind::Place => {
            json!({ "type": "string", "maxLength": field.most() })
        }
        RecordKind::Integer | RecordKind::Decimal { .. } | RecordKind::Money => {
            let mut schema = json!({ "type": "integer", "format": "int64" });
            if let Some(min) = field.min {
                set(&mut schema, "/minimum", json!(min));
            }
            if let Some(max) = field.max {
                set(&mut schema, "/maximum", json!(max));
            }
            schema
        }
        RecordKind::Date => json!({ "type": "string", "format": "date" }),
        RecordKind::Choice { choices } => codes(choices),
        RecordKind::Choices { choices } => json!({ "type": "array", "items": codes(choices) }),
        RecordKind::YesNo => json!({ "type": "boolean" }),
        RecordKind::IdCard | RecordKind::Phone => json!({ "type": "string" }),
        RecordKind::Unit => json!({ "type": "string", "pattern": "^[0-9]{12}$" }),
        RecordKind::Reference { .. } | RecordKind::File => number,
        RecordKind::References { .. } => {
            json!({ "type": "array", "items": number, "maxItems": field.most() })
        }
    }
}

/// A schema with what the field is called and what is entered there.
fn described(field: &RecordField, mut schema: Value) -> Value {
    let say = |name: &str, unit: &str, hint: &str| {
        let parts = [name, unit, hint].into_iter();
        parts
            .filter(|part| !part.is_empty())
            .collect::<Vec<&str>>()
            .join("; ")
    };
    let zh = say(&field.name_zh, &field.unit_zh, &field.hint_zh);
    let en = say(&field.name_en, &field.unit_en, &field.hint_en);
    let choices = field.kind.choices().iter();
    let choices = listed(choices.map(|one| (&one.code, &one.name_zh, &one.name_en)));
    let more = match &field.kind {
        RecordKind::Decimal { decimals } => format!("scaled by {decimals} decimals"),
        RecordKind::Money => "in fen".to_owned(),
        RecordKind::Reference { ledger } | RecordKind::References { ledger } => {
            set(&mut schema, "/x-ledger", json!(ledger));
            format!("the number of a record of the ledger `{ledger}`")
        }
        RecordKind::File => "the number of a file that was handed in".to_owned(),
        RecordKind::Unit => "the code of a unit".to_owned(),
        RecordKind::IdCard | RecordKind::Phone => {
            set(&mut schema, "/x-masked", json!(true));
            "masked when it is read".to_owned()
        }
        _ => choices,
    };
    if field.restricted {
        set(&mut schema, "/x-restricted", json!(true));
    }
    let said = say(&format!("{zh} — {en}"), &more, "");
    set(&mut schema, "/description", json!(said));
    schema
}

/// The parameter by which a list is narrowed to values of a field.
fn filter(field: &RecordField) -> Option<Value> {
    if !field.filter {
        return None;
    }
    let range = |one: &str| {
        let pattern = format!("^({one}|({one})?\\.\\.({one})?)$");
        json!({ "type": "string", "pattern": pattern })
    };
    let (schema, how) = match &field.kind {
        RecordKind::Date => (range(DAY), "a day, or `from..to`"),
        kind if kind.decimals().is_some() => (range(NUMBER), "a number, or `from..to`"),
        RecordKind::IdCard => (sent(field), "the whole identity number"),
        _ => (sent(field), "its value"),
    };
    Some(json!({
        "name": format!("filter.{}", field.code),
        "in": "query",
        "description": format!("{} — {}: {how}", field.name_zh, field.name_en),
        "required": false,
        "schema": schema,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_schema_is_called_as_another() {
        let schemas = json!({ "FigureRecord": {}, "PersonLedgerValues": {} });
        let schemas = schemas.as_object().unwrap();
        for (code, name) in [
            ("post_holder", "PostHolder"),
            ("figure", "FigureLedger"),
            ("person", "Person"),
            ("person_ledger", "PersonLedgerLedger"),
        ] {
            assert_eq!(called(schemas, code), name);
        }
    }
}
