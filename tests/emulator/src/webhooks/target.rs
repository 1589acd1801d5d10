//! Where the webhooks of an app go, and which: what the console has.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use axum::http::Uri;
use axum::http::uri::Scheme;
use serde_json::{Value, json};

use super::samples;

/// Milliseconds for which the service waits.
const TIMEOUT_MS: u64 = 2_000;

/// The webhooks of an app, as the console sets them up. `Debug` shows neither the token nor the URL, which may carry a secret.
#[derive(Clone)]
pub struct WebhookSettings {
    /// The address: plain HTTP.
    pub url: String,
    /// The token to sign with, if webhook authentication is switched on.
    pub token: Option<String>,
    /// The webhooks that are switched on.
    pub commands: Commands,
    /// What becomes of a message whose webhook is not answered in time.
    pub late: Late,
    /// Whether an event that has happened is sent again when it could not be delivered.
    pub retries: bool,
    /// Milliseconds to wait for an answer.
    pub timeout_ms: u64,
}

/// The webhooks that are switched on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commands {
    /// All of them.
    All,
    /// These.
    Named(BTreeSet<String>),
}

/// What becomes of a message whose webhook is not answered, or not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// It is sent.
    Allow,
    /// It is refused, as the console can say for messages.
    Refuse,
}

impl WebhookSettings {
    /// All webhooks to this address, unsigned.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            token: None,
            commands: Commands::All,
            late: Late::Allow,
            retries: false,
            timeout_ms: TIMEOUT_MS,
        }
    }
}

impl fmt::Debug for WebhookSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSettings")
            .field("commands", &self.commands)
            .field("late", &self.late)
            .field("retries", &self.retries)
            .field("timeout_ms", &self.timeout_ms)
            .finish_non_exhaustive()
    }
}

impl Commands {
    /// Reads `all` or names; fails for a name that no webhook has.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let names: BTreeSet<String> = names.into_iter().map(str::to_owned).collect();
        match names.iter().find(|name| samples::find(name).is_none()) {
            Some(name) => Err(format!("commands: no such webhook: {name}")),
            None => Ok(Self::Named(names)),
        }
    }

    /// Whether a webhook is switched on. Two share the switch of another one, and one has none.
    pub fn has(&self, command: &str) -> bool {
        let switch = match command {
            "Group.CallbackBeforeCreateTopic" => "Group.CallbackBeforeCreateGroup",
            "Group.CallbackAfterTopicInfoChanged" => "Group.CallbackAfterGroupInfoChanged",
            "Alert.RequestOverLimit" => return true,
            own => own,
        };
        match self {
            Self::All => true,
            Self::Named(names) => names.contains(switch),
        }
    }
}

impl Late {
    /// Reads its name in the control plane.
    pub fn parse(name: &str) -> Result<Self, String> {
        match name {
            "allow" => Ok(Self::Allow),
            "refuse" => Ok(Self::Refuse),
            _ => Err("before_timeout: allow or refuse".into()),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Refuse => "refuse",
        }
    }
}

/// Settings that were found good.
pub struct Target {
    /// What they were made of.
    pub settings: WebhookSettings,
    /// The address.
    pub uri: Uri,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}

impl Target {
    /// Checks settings. Only this machine is a good place, unless any is.
    pub fn new(settings: WebhookSettings, any_host: bool) -> Result<Self, String> {
        // The URL is shown nowhere: it may carry a secret.
        let uri: Uri = settings.url.parse().map_err(|_| "url: not a URL")?;
        if uri.scheme() != Some(&Scheme::HTTP) {
            return Err("url: the emulator sends over plain HTTP; begin it with http://".into());
        }
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err("url: it cannot have a user name; sign with a token instead".into());
        }
        if uri.authority().is_some_and(|authority| authority.port_u16().is_none() && has_port(authority.as_str())) {
            return Err("url: the port is 1 to 65535".into());
        }
        if !any_host && !uri.host().is_some_and(is_loopback) {
            return Err("url: not an address of this machine; --webhook-any-host allows others".into());
        }
        if settings.token.as_deref() == Some("") {
            return Err("token: it is empty; leave it out to send unsigned".into());
        }
        if !(1..=60_000).contains(&settings.timeout_ms) {
            return Err("timeout_ms: 1 to 60000".into());
        }
        Ok(Self { uri, settings })
    }

    /// For the control plane: of the URL no path and no query, which may carry a secret.
    pub fn show(&self) -> Value {
        let settings = &self.settings;
        let address = self.uri.authority().map_or("", |authority| authority.as_str());
        json!({
            "address": format!("http://{address}"),
            "is_signed": settings.token.is_some(),
            "commands": match &settings.commands {
                Commands::All => json!("all"),
                Commands::Named(names) => json!(names),
            },
            "before_timeout": settings.late.as_str(),
            "retries": settings.retries,
            "timeout_ms": settings.timeout_ms,
        })
    }
}

/// Whether an authority has a port, good or not. Colons stand in addresses in brackets, too.
fn has_port(authority: &str) -> bool {
    authority.rsplit(']').next().is_some_and(|rest| rest.contains(':'))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
