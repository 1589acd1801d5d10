//! What the service answers: always HTTP 200 and an envelope of ActionStatus, ErrorInfo and ErrorCode.

use std::borrow::Cow;

use axum::body::Bytes;
use serde_json::Value;
use tencent_im_core::error::lookup;

/// An answer before it is written.
#[derive(Debug)]
pub struct Answer {
    /// 0, or the error code.
    pub code: i64,
    /// The reason of a failure.
    pub info: Cow<'static, str>,
    /// What a call answers beside the envelope, in the order of its page.
    pub fields: Vec<(&'static str, Value)>,
    /// Whether it succeeded in part only: ActionStatus says so, and ErrorCode stays 0.
    pub is_partial: bool,
    /// How many things the call changed in the state; what a repeat must not do twice shows here.
    pub effects: u64,
}

impl Answer {
    /// A success.
    pub fn ok() -> Self {
        Self { code: 0, info: Cow::Borrowed(""), fields: Vec::new(), is_partial: false, effects: 0 }
    }

    /// A failure, in the words of the table of codes.
    pub fn fail(code: i64) -> Self {
        Self { code, info: Cow::Borrowed(meaning(code)), ..Self::ok() }
    }

    /// A failure in words of its own.
    pub fn fail_with(code: i64, info: impl Into<Cow<'static, str>>) -> Self {
        Self { code, info: info.into(), ..Self::ok() }
    }

    /// Adds a field beside the envelope.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// Says that some entries of a batch failed.
    pub fn partly(mut self) -> Self {
        self.is_partial = true;
        self
    }

    /// Says how many things changed.
    pub fn changed(mut self, effects: u64) -> Self {
        self.effects = effects;
        self
    }

    /// The body.
    pub fn into_body(self) -> Bytes {
        if self.code == 0 && self.info.is_empty() && self.fields.is_empty() && !self.is_partial {
            return Bytes::from_static(br#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#);
        }
        let mut body = Vec::with_capacity(256);
        body.extend_from_slice(match (self.code, self.is_partial) {
            (0, false) => br#"{"ActionStatus":"OK""#,
            (0, true) => br#"{"ActionStatus":"SomeError""#,
            _ => br#"{"ActionStatus":"FAIL""#,
        });
        entry(&mut body, "ErrorInfo", &Value::from(self.info));
        entry(&mut body, "ErrorCode", &self.code.into());
        for (name, value) in &self.fields {
            entry(&mut body, name, value);
        }
        body.push(b'}');
        body.into()
    }
}

fn entry(body: &mut Vec<u8>, name: &str, value: &Value) {
    body.extend_from_slice(b",\"");
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(b"\":");
    serde_json::to_writer(body, value).expect("a Value is JSON, and writing to memory cannot fail");
}

/// What the table of codes says about one; empty for a code it does not have.
pub fn meaning(code: i64) -> &'static str {
    lookup(code).map_or("", |row| row.cause)
}
