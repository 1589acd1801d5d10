//! The calls: what they do, one file or folder a family.
//!
//! A family here spells out its calls by hand, with their wire names: it is what the core's tables are held against,
//! so it reads nothing from them. To add one: a file with `pub static CALLS`, and its line in [`FAMILIES`]. A call
//! that the core declares and no family spells out needs no line: [`from_table`] answers it.

mod accounts;
mod blocklist;
mod body;
mod conversations;
mod follows;
pub mod friends;
pub mod from_table;
mod group_messages;
mod groups;
mod live_groups;
mod messages;
mod official_accounts;
mod permission_groups;
mod profiles;
mod push;
mod robots;
mod routes;
mod services;
mod topics;

use serde_json::Value;
use tencent_im_core::Error;

use crate::answer::{Answer, Outcome};
use crate::config::Settings;
use crate::state::State;
use crate::webhooks::exchange::Exchange;

pub use routes::{Route, find, routes};

/// The families.
static FAMILIES: &[&[Call]] = &[
    accounts::CALLS,
    profiles::CALLS,
    messages::CALLS,
    groups::CALLS,
    group_messages::CALLS,
    friends::CALLS,
    blocklist::CALLS,
    follows::CALLS,
    live_groups::CALLS,
    topics::CALLS,
    permission_groups::CALLS,
    conversations::CALLS,
    push::CALLS,
    official_accounts::CALLS,
    robots::CALLS,
];

/// One call.
pub struct Call {
    /// Its path.
    pub path: &'static str,
    /// What it does. The body has wire names; where the core declares the call it has passed the call's table.
    pub run: fn(&mut Context<'_>, &Value) -> Outcome,
    /// The code for a body that its table refuses, where it is not its service's.
    pub refuse: fn(&Value, &Error) -> Option<i64>,
}

impl Call {
    /// A call whose bad fields have its service's code.
    pub const fn new(path: &'static str, run: fn(&mut Context<'_>, &Value) -> Outcome) -> Self {
        Self { path, run, refuse: |_, _| None }
    }

    /// The same with codes of its own for some bad fields.
    pub const fn refusing(mut self, refuse: fn(&Value, &Error) -> Option<i64>) -> Self {
        self.refuse = refuse;
        self
    }
}

/// The top-level field that a table's refusal is about, by its wire name.
pub fn refused_field(error: &Error) -> Option<&str> {
    error.path.as_deref()?.split(['.', '[']).next()
}

/// What a call works with.
pub struct Context<'a> {
    /// The app's state.
    pub state: &'a mut State,
    /// How the app is set up.
    pub settings: &'a Settings,
    /// The admin who calls, or the user who acts with a client SDK.
    pub caller: &'a str,
    /// The app's admins, whom no mute of a whole group concerns.
    pub admins: &'a [String],
    /// The time, in Unix seconds.
    pub now_s: u64,
    /// The same in milliseconds, as webhooks have it.
    pub now_ms: u64,
    /// What the call asks and tells the app's backend.
    pub exchange: &'a mut Exchange,
}

impl Context<'_> {
    /// The code with which everything about a name fails, if it is to.
    pub fn failing(&self, user_id: &str) -> Option<i64> {
        self.settings.failing.get(user_id).copied()
    }

    /// The code for a name that is to fail, or that was never imported.
    pub fn fault(&self, user_id: &str, not_imported: i64) -> Option<i64> {
        self.failing(user_id).or_else(|| (!self.state.accounts.contains_key(user_id)).then_some(not_imported))
    }

    /// Ends the call where a name is to fail or was never imported.
    pub fn need(&self, user_id: &str, not_imported: i64) -> Result<(), Answer> {
        match self.fault(user_id, not_imported) {
            None => Ok(()),
            Some(code) if code == not_imported => Err(Answer::fail_with(code, format!("{user_id} is not imported"))),
            Some(code) => Err(Answer::fail(code)),
        }
    }

    /// The time from which messages are kept in histories, in Unix seconds.
    pub fn kept_from_s(&self) -> u64 {
        self.now_s.saturating_sub(u64::from(self.settings.history_days) * 86_400)
    }

    /// Whether a name is one of the app's admins.
    pub fn is_admin(&self, user_id: &str) -> bool {
        self.admins.iter().any(|admin| admin == user_id)
    }

    /// The sender of a message: the one named, or the admin who calls.
    pub fn sender(&self, body: &Value) -> String {
        body["From_Account"].as_str().unwrap_or(self.caller).to_owned()
    }
}
