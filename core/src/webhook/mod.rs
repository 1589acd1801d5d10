//! Webhooks: the events that the service sends to the app's backend, and the answers that decide some of them.
//!
//! [`Receiver::read`] takes a request as it came and gives an [`Event`] that is genuine; [`Event::answer`] gives the body
//! to answer with, always under HTTP status 200. A request that is refused is an [`Error`](crate::Error) of
//! [`Kind::Webhook`](crate::Kind::Webhook) whose `http_status` is the status to answer with; its words are for the app's
//! log, and the sender gets no more than [`REFUSAL`].
//!
//! ```
//! use tencent_im_core::schema::Redacted;
//! use tencent_im_core::webhook::events::messages::BEFORE_SEND_MSG;
//! use tencent_im_core::webhook::{Decision, Receiver, WebhookSettings, sign};
//!
//! let token = Some(vec![Redacted("the token".into())]);
//! let receiver = Receiver::new(&WebhookSettings { sdk_app_id: 1_400_000_000, token, ..WebhookSettings::default() })?;
//! # let now_s = 1_700_000_000;
//! # let query = format!(
//! #     "SdkAppid=1400000000&CallbackCommand=C2C.CallbackBeforeSendMsg&Sign={}&RequestTime={now_s}",
//! #     sign("the token", now_s),
//! # );
//! # let body = br#"{"From_Account": "mallory", "MsgKey": "1_2_3"}"#;
//! let event = receiver.read(&query, body, now_s)?;
//! let mut decision = Decision::Allow;
//! if event.command == BEFORE_SEND_MSG.command && BEFORE_SEND_MSG.read(&event)?.from_account == "mallory" {
//!     decision = Decision::Reject { code: Some(120_001), info: Some("not you".into()) };
//! }
//! let answer = event.answer(&decision)?;
//! # assert!(String::from_utf8_lossy(&answer).contains("120001"));
//! # Ok::<(), tencent_im_core::Error>(())
//! ```
//!
//! The service waits for 2 seconds. It promises no order; an event that was answered too late may come again, and has
//! the same [`id`](Event::id) then.

mod answer;
mod dsl;
pub mod events;
mod query;
mod read;
mod record;
mod settings;
mod text;
mod verify;

#[cfg(test)]
mod tests;

use core::marker::PhantomData;
use core::ops::Deref;

pub use answer::{AccountDecision, Decision, REFUSAL, answer};
pub use events::{all, find, named};
pub use query::Platform;
pub use read::{Event, check_request};
pub use record::list;
pub use settings::{Receiver, WebhookSettings};
pub use text::TextReceiver;
pub use verify::sign;

use crate::error::{Error, Kind, is_plain};
use crate::schema::{Table, doc_url};

/// When a webhook fires, and so what its answer can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// Before something takes effect: the answer decides.
    Before(Answers),
    /// When it has happened: the answer only acknowledges.
    After,
    /// When a limit nears or content was moderated: the answer only acknowledges.
    Alert,
    /// When a message was sent to a chatbot: the answer only acknowledges.
    Bot,
}

impl Timing {
    /// Its name in the bindings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Before(_) => "before",
            Self::After => "after",
            Self::Alert => "alert",
            Self::Bot => "bot",
        }
    }
}

/// What an answer can do besides allowing. Codes outside the app's own range are ignored by the service, so they are
/// refused here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Reject.
    Deny {
        /// The app's own codes.
        codes: Codes,
    },
    /// Reject, drop the message while its sender sees a success, or replace it.
    Message {
        /// The app's own codes.
        codes: Codes,
    },
    /// Reject, or refuse some of the accounts.
    Accounts {
        /// The accounts.
        asked: Asked,
        /// The answer's list of accounts refused.
        refused: &'static str,
        /// The app's own codes, if it may have some.
        codes: Option<Codes>,
    },
    /// Decide for each account.
    EachAccount {
        /// The accounts.
        asked: Asked,
        /// The app's own codes.
        codes: Codes,
    },
}

impl Answers {
    /// Where the event names the accounts that an answer can decide on.
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            Self::Deny { .. } | Self::Message { .. } => None,
            Self::Accounts { asked, .. } | Self::EachAccount { asked, .. } => Some(asked),
        }
    }

    /// The app's own codes.
    pub fn codes(&self) -> Option<Codes> {
        match self {
            Self::Deny { codes } | Self::Message { codes } | Self::EachAccount { codes, .. } => Some(*codes),
            Self::Accounts { codes, .. } => *codes,
        }
    }

    /// The actions of [`Decision`] that it takes, by name.
    pub fn actions(&self) -> &'static [&'static str] {
        match self {
            Self::Deny { .. } => &["allow", "reject"],
            Self::Message { .. } => &["allow", "reject", "drop", "replace"],
            Self::Accounts { .. } => &["allow", "reject", "refuse"],
            Self::EachAccount { .. } => &["allow", "reject", "refuse", "decide"],
        }
    }
}

/// Codes from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codes {
    /// The first.
    pub first: i32,
    /// The last.
    pub last: i32,
}

/// A list of objects in a body, and their field that names an account; both by their names on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The list.
    pub list: &'static str,
    /// The field of its objects.
    pub account: &'static str,
}

/// The facts of one webhook.
#[derive(Debug)]
pub struct Webhook {
    /// Its name, such as `C2C.CallbackBeforeSendMsg`.
    pub command: &'static str,
    /// When it fires, and what its answer can do.
    pub timing: Timing,
    /// What its body looks like.
    pub body: Table,
    /// Fields of the body that tell an event from all others of the command; none if only the whole body does.
    pub id: &'static [&'static str],
    /// The vendor's page: product number and page number.
    pub page_id: &'static str,
    /// The edition or plug-in of the service that it needs, if not every edition has it.
    #[cfg(feature = "docs")]
    pub edition: Option<&'static str>,
    /// When it fires, in words.
    #[cfg(feature = "docs")]
    pub doc: &'static [&'static str],
}

impl Webhook {
    /// What its answer can do; `None` if it can only be acknowledged.
    pub fn answers(&self) -> Option<&Answers> {
        match &self.timing {
            Timing::Before(answers) => Some(answers),
            Timing::After | Timing::Alert | Timing::Bot => None,
        }
    }

    /// Whether its body is a list of events, each with a command and a time of its own.
    pub fn is_list(&self) -> bool {
        matches!((self.body)().fields, [only] if only.wire == EVENTS)
    }

    /// Address of the vendor's page.
    pub fn doc_url(&self) -> String {
        doc_url(self.page_id)
    }
}

/// A [`Webhook`] together with the Rust type of its body.
#[derive(Debug)]
pub struct EventOf<Body> {
    webhook: Webhook,
    body: PhantomData<fn() -> Body>,
}

impl<Body> EventOf<Body> {
    /// Ties a webhook to its type; the table is that of the type.
    pub const fn new(webhook: Webhook) -> Self {
        Self { webhook, body: PhantomData }
    }

    /// The untyped facts.
    pub const fn webhook(&self) -> &Webhook {
        &self.webhook
    }
}

impl<Body> Deref for EventOf<Body> {
    type Target = Webhook;
    fn deref(&self) -> &Webhook {
        &self.webhook
    }
}

/// The list of a body that holds several events.
const EVENTS: &str = "Events";

/// A request that is refused, with the HTTP status to answer with.
fn refused(status: u16, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    let mut error = Error::new(Kind::Webhook, message);
    error.http_status = Some(status);
    error
}

/// The beginning of a text from outside, for messages.
fn shown(text: &str) -> String {
    text.chars().take(64).filter(|c| is_plain(*c)).collect()
}
