//! JSON as yrs holds it, for awareness states. It knows shapes, not meanings.
//!
//! yrs brings a JSON value and its parser along; a second one would be a sixth of the browser's download.

use std::collections::HashMap;

pub(crate) use yrs::Any as Json;

/// Reads JSON of any shape.
pub(crate) fn parse(json: &str) -> Option<Json> {
    Json::from_json(json).ok()
}

/// Writes JSON.
pub(crate) fn write(json: &Json) -> String {
    let mut written = String::new();
    json.to_json(&mut written);
    written
}

/// An object with these fields; what is undefined is left out, as by `JSON.stringify`.
pub(crate) fn object<const N: usize>(fields: [(&str, Json); N]) -> Json {
    let defined = fields.into_iter().filter(|(_, value)| !matches!(value, Json::Undefined));
    let fields: HashMap<String, Json> =
        defined.map(|(key, value)| (key.to_owned(), value)).collect();
    Json::from(fields)
}

/// A field of an object; none when it is missing or null.
pub(crate) fn field<'a>(json: &'a Json, key: &str) -> Option<&'a Json> {
    let Json::Map(fields) = json else { return None };
    fields.get(key).filter(|value| !matches!(value, Json::Null | Json::Undefined))
}

/// A field that is a string; empty when it is missing or something else.
pub(crate) fn string<'a>(json: &'a Json, key: &str) -> &'a str {
    match field(json, key) {
        Some(Json::String(string)) => string,
        _ => "",
    }
}

/// A field that is a whole number of at least 0.
pub(crate) fn number(json: &Json, key: &str) -> Option<u64> {
    let Json::Number(number) = field(json, key)? else { return None };
    u64::try_from(number.as_i64()?).ok()
}
