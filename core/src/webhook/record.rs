//! An event as plain data, the same in every language, and what there is to know of webhooks.

use serde_json::{Value, json};

use super::{Event, all};
use crate::error::Result;
use crate::json::object;
use crate::schema::Sink;
use crate::schema::names::Style;

impl Event {
    /// `before`, `after`, `alert`, `bot`, or `unknown` for a webhook that this version does not know.
    pub fn kind(&self) -> &'static str {
        self.webhook.map_or("unknown", |webhook| webhook.timing.as_str())
    }

    /// Writes the whole event: `command`, [`kind`](Self::kind), `id`, `platform`, `client_ip`, `event_time` in
    /// milliseconds, `accounts`, `body`. What is not known is left out.
    pub fn record_into(&self, style: Style, sink: &mut dyn Sink) -> Result<()> {
        sink.begin_map()?;
        let texts = [
            ("command", Some(self.command.as_str())),
            ("kind", Some(self.kind())),
            ("id", Some(self.id.as_str())),
            ("platform", self.platform.map(super::Platform::as_str)),
            ("client_ip", self.client_ip.as_deref()),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                sink.key(&style.name(name))?;
                sink.text(text)?;
            }
        }
        if let Some(time) = self.event_time_ms {
            sink.key(&style.name("event_time"))?;
            sink.uint(time)?;
        }
        if self.webhook.and_then(|webhook| webhook.answers()?.asked()).is_some() {
            sink.key(&style.name("accounts"))?;
            sink.begin_list()?;
            for account in &self.accounts {
                sink.text(account)?;
            }
            sink.end_list()?;
        }
        sink.key(&style.name("body"))?;
        self.read_into(style, sink)?;
        sink.end_map()
    }
}

/// Every webhook: its `command`, `kind`, the `actions` that an answer can take, the app's own `codes`, and the vendor's
/// page.
pub fn list(style: Style) -> Value {
    all()
        .map(|webhook| {
            let answers = webhook.answers();
            let facts = [
                ("command", json!(webhook.command)),
                ("kind", json!(webhook.timing.as_str())),
                ("actions", json!(answers.map_or(&["allow"][..], |answers| answers.actions()))),
                ("codes", json!(answers.and_then(|answers| answers.codes()).map(|codes| [codes.first, codes.last]))),
                ("doc_url", json!(webhook.doc_url())),
            ];
            Value::Object(object(facts.map(|(key, value)| (style.name(key).into_owned(), value))))
        })
        .collect()
}
