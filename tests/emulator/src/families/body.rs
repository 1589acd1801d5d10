//! Reading a request's body by its wire names. What is missing or of the wrong type reads as empty: the check by the
//! table comes first and refuses it, wherever the core declares the call.

use serde_json::Value;

/// A text; empty where there is none.
pub fn text<'a>(body: &'a Value, field: &str) -> &'a str {
    body[field].as_str().unwrap_or_default()
}

/// A text that is owned, where there is one.
pub fn given(body: &Value, field: &str) -> Option<String> {
    body[field].as_str().map(str::to_owned)
}

/// A list; empty where there is none.
pub fn list<'a>(body: &'a Value, field: &str) -> &'a [Value] {
    body[field].as_array().map_or(&[], Vec::as_slice)
}

/// The texts of a list.
pub fn texts<'a>(body: &'a Value, field: &str) -> impl Iterator<Item = &'a str> {
    list(body, field).iter().filter_map(Value::as_str)
}

/// A yes or no, which may stand as 1, 0, `true` or `false`.
pub fn flag(body: &Value, field: &str) -> bool {
    body[field] == 1 || body[field] == true
}

/// A whole number that is not below 0, where there is one. A 64-bit number may stand as a text.
pub fn uint(body: &Value, field: &str) -> Option<u64> {
    match &body[field] {
        Value::String(digits) => digits.parse().ok(),
        number => number.as_u64().or_else(|| {
            let number = number.as_f64()?;
            (number.fract() == 0.0 && (0.0..9e15).contains(&number)).then_some(number as u64)
        }),
    }
}

/// A user id under either of its two names.
pub fn user_id(body: &Value) -> &str {
    body["UserID"].as_str().unwrap_or_else(|| text(body, "Identifier"))
}

/// The part of a list from `offset` on, of at most `limit` entries.
pub fn page<T>(all: &[T], offset: u64, limit: u64) -> &[T] {
    let from = usize::try_from(offset).unwrap_or(usize::MAX).min(all.len());
    let to = from.saturating_add(usize::try_from(limit).unwrap_or(usize::MAX)).min(all.len());
    &all[from..to]
}
