//! What the service answers: always HTTP 200 and an envelope of ActionStatus, ErrorInfo and ErrorCode.

use std::borrow::Cow;

use axum::body::Bytes;
use serde_json::Value;
use tencent_im_core::error::lookup;

/// Which parts of the envelope an answer has, and what they say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Envelope {
    /// All three; ActionStatus is `OK` or `FAIL`, as the code is.
    #[default]
    Whole,
    /// All three; ActionStatus is `SomeError`: some entries of a batch failed, and ErrorCode stays 0.
    Partial,
    /// No ActionStatus.
    WithoutStatus,
    /// No ErrorInfo on success.
    WithoutInfo,
}

/// What a call comes to: `Err` is an answer, too, and only ends the call early.
pub type Outcome = Result<Answer, Answer>;

/// An answer before it is written.
#[derive(Debug)]
pub struct Answer {
    /// 0, or the error code.
    pub code: i64,
    /// The reason of a failure.
    pub info: Cow<'static, str>,
    /// What a call answers beside the envelope, in the order of its page.
    pub fields: Vec<(&'static str, Value)>,
    /// What of the envelope it has.
    pub envelope: Envelope,
    /// How many things the call changed in the state; what a repeat must not do twice shows here.
    pub effects: u64,
}

impl Answer {
    /// A success.
    pub fn ok() -> Self {
        Self { code: 0, info: Cow::Borrowed(""), fields: Vec::new(), envelope: Envelope::Whole, effects: 0 }
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
        self.envelope = Envelope::Partial;
        self
    }

    /// Says how many things changed.
    pub fn changed(mut self, effects: u64) -> Self {
        self.effects = effects;
        self
    }

    /// The body.
    pub fn into_body(self) -> Bytes {
        let mut body = Vec::with_capacity(256);
        body.push(b'{');
        let status = match (self.envelope, self.code) {
            (Envelope::WithoutStatus, _) => None,
            (Envelope::Partial, 0) => Some("SomeError"),
            (_, 0) => Some("OK"),
            _ => Some("FAIL"),
        };
        if let Some(status) = status {
            entry(&mut body, "ActionStatus", &status.into());
        }
        if self.code != 0 || self.envelope != Envelope::WithoutInfo {
            entry(&mut body, "ErrorInfo", &Value::from(self.info));
        }
        entry(&mut body, "ErrorCode", &self.code.into());
        for (name, value) in &self.fields {
            entry(&mut body, name, value);
        }
        body.push(b'}');
        body.into()
    }
}

fn entry(body: &mut Vec<u8>, name: &str, value: &Value) {
    body.extend_from_slice(if body.len() == 1 { b"\"" } else { b",\"" });
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(b"\":");
    serde_json::to_writer(body, value).expect("a Value is JSON, and writing to memory cannot fail");
}

/// What the table of codes says about one; empty for a code it does not have.
pub fn meaning(code: i64) -> &'static str {
    lookup(code).map_or("", |row| row.cause)
}
