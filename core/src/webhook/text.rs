//! A receiver for JavaScript, whichever way it reaches the core: texts and bytes in, texts out.

use serde_json::Value;

use super::{Receiver, WebhookSettings, answer, check_request, list};
use crate::error::{Error, Kind, Result};
use crate::options::check_names;
use crate::schema::JsonSink;
use crate::schema::names::Style;
use crate::schema::walk::{Json, MAX_REPLY_BYTES};

/// Bytes of a record beside its body, as a rule.
const ENVELOPE_BYTES: usize = 300;

/// Takes the requests of one app.
#[derive(Debug)]
pub struct TextReceiver(Receiver);

impl TextReceiver {
    /// Opens a receiver. `settings` is JSON text of [`WebhookSettings`] in camelCase; `own` are the names of the settings
    /// that the binding reads itself, joined by commas.
    pub fn open(settings: &str, own: &str) -> Result<Self> {
        check_names(WebhookSettings::shape(), settings, own, Style::Camel)?;
        Receiver::open(&mut Json(settings), Style::Camel).map(Self)
    }

    /// Checks what is known of a request before its body.
    pub fn check_request(&self, method: &str, content_type: Option<&str>, body_bytes: Option<f64>) -> Result<()> {
        // A cast of floating point saturates.
        check_request(&self.0, method, content_type, body_bytes.map(|bytes| bytes as u64))
    }

    /// Reads a request and gives the event's record as JSON text.
    pub fn read(&self, query: &str, body: &[u8], now_s: u64) -> Result<String> {
        let event = self.0.read(query, body, now_s)?;
        let room = body.len() + ENVELOPE_BYTES;
        let mut sink = JsonSink::for_javascript_without_codes(2 * MAX_REPLY_BYTES).with_room(room);
        event.record_into(Style::Camel, &mut sink)?;
        String::from_utf8(sink.into_bytes()).map_err(|error| Error::new(Kind::Internal, error.to_string()))
    }

    /// Gives the body to answer an event with. `accounts` are those of its record, as JSON text, if it has some.
    pub fn answer(command: &str, accounts: Option<&str>, decision: &str) -> Result<String> {
        let accounts = match accounts.map(serde_json::from_str) {
            None => Vec::new(),
            Some(Ok(Value::Array(accounts))) => {
                accounts.iter().filter_map(|account| account.as_str().map(str::to_owned)).collect()
            }
            Some(_) => return Err(Error::new(Kind::InvalidInput, "expected a list").at("accounts")),
        };
        let body = answer(command, &accounts, &mut Json(decision), Style::Camel)?;
        String::from_utf8(body).map_err(|error| Error::new(Kind::Internal, error.to_string()))
    }

    /// Every webhook, as JSON text.
    pub fn list() -> String {
        list(Style::Camel).to_string()
    }
}
