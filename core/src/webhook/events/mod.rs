//! Every webhook of the service, one file a subject.
//!
//! A body has no fields for `CallbackCommand` and `EventTime`, which nearly every event has:
//! [`Event`](super::Event) carries them.

pub mod alerts;
pub mod bots;
pub mod follows;
pub mod friends;
pub mod group_messages;
pub mod groups;
pub mod messages;
pub mod moderation;
pub mod official_accounts;
pub mod profiles;
pub mod push;
pub mod state;
pub mod topics;

use super::{Webhook, shown};
use crate::error::{Error, Kind, Result};
use crate::schema::nearest;

/// The webhooks by file.
static FILES: &[&[&Webhook]] = &[
    state::WEBHOOKS,
    profiles::WEBHOOKS,
    friends::WEBHOOKS,
    follows::WEBHOOKS,
    messages::WEBHOOKS,
    groups::WEBHOOKS,
    group_messages::WEBHOOKS,
    topics::WEBHOOKS,
    bots::WEBHOOKS,
    moderation::WEBHOOKS,
    official_accounts::WEBHOOKS,
    push::WEBHOOKS,
    alerts::WEBHOOKS,
];

/// All webhooks.
pub fn all() -> impl Iterator<Item = &'static Webhook> {
    FILES.iter().flat_map(|file| file.iter().copied())
}

/// Finds a webhook by its command, such as `C2C.CallbackBeforeSendMsg`.
pub fn find(command: &str) -> Option<&'static Webhook> {
    all().find(|webhook| webhook.command == command)
}

/// Finds the webhook that a program names. Fails with [`Kind::Config`], and says which name was meant.
pub fn named(command: &str) -> Result<&'static Webhook> {
    find(command).ok_or_else(|| {
        let names = || all().map(|webhook| webhook.command);
        let hint = names()
            .find(|name| name.eq_ignore_ascii_case(command))
            .or_else(|| nearest(command, names()))
            .map_or_else(String::new, |near| format!(", did you mean {near}?"));
        Error::new(Kind::Config, format!("unknown webhook{hint}")).at(shown(command)).cure(
            "use a name of the documentation; events that this version does not know reach the handler for any event",
        )
    })
}
