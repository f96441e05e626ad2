//! Answers read from JSON. `serde_json` reads the text into a tree; the tree is handed to the types by a reader that knows
//! objects as objects alone and says of an error only which field is missing. A type read this way takes half the code
//! that it takes with the general reader, and a browser loads all of them.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer,
    MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};
use std::fmt::{self, Display};

/// A value of a type from JSON.
///
/// # Errors
/// What the text is not.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    let tree: Value = serde_json::from_str(text).map_err(|_| Unread::text())?;
    T::deserialize(Tree(tree))
}

/// Why a text was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    what: &'static str,
    field: &'static str,
}

impl Unread {
    fn text() -> Unread {
        Unread {
            what: "it is no JSON",
            field: "",
        }
    }
}

impl Display for Unread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.what)?;
        out.write_str(self.field)
    }
}

impl std::error::Error for Unread {}

impl serde::de::Error for Unread {
    /// The message is not written: what writes it would be as large as what reads.
    fn custom<M: Display>(_: M) -> Unread {
        Unread {
            what: "a value is not of its type",
            field: "",
        }
    }

    fn missing_field(field: &'static str) -> Unread {
        Unread {
            what: "missing: ",
            field,
        }
    }
}

/// What was read, to be handed to a type.
struct Tree(Value);

impl<'de> Deserializer<'de> for Tree {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(flag),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(number), _) => visitor.visit_i64(number),
                (None, Some(number)) => visitor.visit_u64(number),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(fields) => visitor.visit_map(Fields::of(fields)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.deserialize_map(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::Object(fields) => visitor.visit_map(Fields::of(fields)),
            _ => Err(wrong()),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            _ => Err(wrong()),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::String(text) => visitor.visit_string(text),
            _ => Err(wrong()),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::String(text) => visitor.visit_str(&text),
            _ => Err(wrong()),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::Bool(flag) => visitor.visit_bool(flag),
            _ => Err(wrong()),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0.as_i64() {
            Some(number) => visitor.visit_i64(number),
            None => Err(wrong()),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0.as_u64() {
            Some(number) => visitor.visit_u64(number),
            None => Err(wrong()),
        }
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(Variant { name, held: None }),
            Value::Object(fields) => match fields.into_iter().next() {
                Some((name, held)) => visitor.visit_enum(Variant {
                    name,
                    held: Some(held),
                }),
                None => Err(wrong()),
            },
            _ => Err(wrong()),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i8 i16 i128 u16 u128 f32 f64 char bytes byte_buf unit unit_struct tuple_struct identifier }
}

fn wrong() -> Unread {
    Unread::custom("")
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unread;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unread> {
        let next = self.0.next();
        next.map(|item| seed.deserialize(Tree(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Fields {
    rest: serde_json::map::IntoIter,
    held: Option<Value>,
}

impl Fields {
    fn of(fields: Map<String, Value>) -> Fields {
        Fields {
            rest: fields.into_iter(),
            held: None,
        }
    }

    /// The next name; its value is held.
    fn step(&mut self) -> Option<String> {
        let (name, value) = self.rest.next()?;
        self.held = Some(value);
        Some(name)
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Unread;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unread> {
        let name = self.step();
        name.map(|name| seed.deserialize(StrDeserializer::new(&name)))
            .transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unread> {
        seed.deserialize(Tree(self.held.take().unwrap_or_default()))
    }
}

struct Variant {
    name: String,
    held: Option<Value>,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unread;
    type Variant = Held;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Held), Unread> {
        let name: StrDeserializer<'_, Unread> = self.name.as_str().into_deserializer();
        Ok((seed.deserialize(name)?, Held(self.held)))
    }
}

/// What a variant holds.
struct Held(Option<Value>);

impl<'de> VariantAccess<'de> for Held {
    type Error = Unread;

    fn unit_variant(self) -> Result<(), Unread> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Unread> {
        seed.deserialize(Tree(self.0.unwrap_or_default()))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        Tree(self.0.unwrap_or_default()).deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        Tree(self.0.unwrap_or_default()).deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Shape {
        Plain,
        Holding(i64),
        Named { size: u8 },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Tagged {
        Bare,
        Full { text: String, more: Option<bool> },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Any {
        Flag(bool),
        Number(i64),
        Text(String),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Whole {
        name: String,
        #[serde(default)]
        count: Option<i64>,
        shapes: Vec<Shape>,
        tagged: Vec<Tagged>,
        any: BTreeMap<String, Any>,
        pair: (i32, String),
    }

    fn alike<T: DeserializeOwned + PartialEq + Debug>(text: &str) {
        let general = serde_json::from_str::<T>(text).map_err(drop);
        assert_eq!(read::<T>(text).map_err(drop), general, "{text}");
    }

    #[test]
    fn it_reads_as_the_general_reader_does() {
        let whole = r#"{"name":"村","shapes":["plain",{"holding":-3},{"named":{"size":7}}],"unknown":[{}],
            "tagged":[{"type":"bare"},{"text":"x","type":"full"},{"type":"full","text":"y","more":true}],
            "any":{"a":true,"b":9007199254740993,"c":"t"},"pair":[1,"z"]}"#;
        assert!(read::<Whole>(whole).is_ok());
        alike::<Whole>(whole);
        alike::<Whole>(r#"{"name":"x"}"#);
        for text in [
            "7",
            "-7",
            "\"7\"",
            "null",
            "true",
            "[1]",
            "{\"a\":1}",
            "{",
            "1.5",
            "300",
        ] {
            alike::<i64>(text);
            alike::<u8>(text);
            alike::<Option<i64>>(text);
            alike::<String>(text);
            alike::<bool>(text);
            alike::<Vec<i64>>(text);
            alike::<BTreeMap<String, i64>>(text);
            alike::<Shape>(text);
            alike::<Any>(text);
        }
    }

    #[test]
    fn it_says_which_field_is_missing() {
        let why = read::<Whole>("{}").map_err(|error| error.to_string());
        assert_eq!(why, Err("missing: name".to_owned()));
    }
}
