//! An error as plain data, from which each language makes its own exception.

use serde_json::{Map, Value};

use super::Error;
use crate::json::object;
use crate::schema::names::Style;

impl Error {
    /// The facts by name, in the caller's style; what is not known is left out. `text` is the whole message.
    pub fn to_record(&self, style: Style) -> Map<String, Value> {
        let facts: [(&str, Value); 14] = [
            ("kind", self.kind.as_str().into()),
            ("text", self.text(style).into()),
            ("message", self.words(&self.message, style).into()),
            ("code", self.code.into()),
            ("error_info", self.error_info.clone().into()),
            ("operation", self.operation.into()),
            ("path", self.path.as_ref().map(|path| path.show(style)).into()),
            ("cause", self.cause.as_ref().map(|cause| self.words(cause, style)).into()),
            ("cure", self.cure.as_ref().map(|cure| self.words(cure, style)).into()),
            ("http_status", self.http_status.into()),
            ("attempts", self.attempts.into()),
            ("maybe_applied", self.maybe_applied.into()),
            ("retry_after_ms", self.retry_after_ms.into()),
            ("body", self.body.clone().into()),
        ];
        let known = facts.into_iter().filter(|(_, value)| !value.is_null());
        object(known.map(|(key, value)| (style.name(key).into_owned(), value)))
    }

    /// The record as JSON text.
    pub fn to_json(&self, style: Style) -> String {
        Value::Object(self.to_record(style)).to_string()
    }
}
