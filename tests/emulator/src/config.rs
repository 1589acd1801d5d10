//! What the emulator is started with, and what of it can be changed while it runs.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use serde::{Deserialize, Serialize};

use crate::webhooks::WebhookSettings;

/// The admin that every app has and cannot lose.
pub const DEFAULT_ADMIN: &str = "administrator";

/// What an [`Emulator`](crate::Emulator) is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address to listen on. Loopback by default: anyone who reaches the control plane rules the emulator.
    pub host: IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// The apps that exist. At least one.
    pub apps: Vec<App>,
    /// The names that may make calls, in every app.
    pub admins: Vec<String>,
    /// Where the settings start, and where a reset leads back to.
    pub settings: Settings,
    /// Where the webhooks of the first app go at the start, if anywhere.
    pub webhooks: Option<WebhookSettings>,
    /// Whether webhooks may go to other machines than this one.
    pub webhooks_to_any_host: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            apps: Vec::new(),
            admins: vec![DEFAULT_ADMIN.into()],
            settings: Settings::default(),
            webhooks: None,
            webhooks_to_any_host: false,
        }
    }
}

/// One app. `Debug` does not show its keys.
#[derive(Clone)]
pub struct App {
    /// The SDKAppID.
    pub sdk_app_id: u32,
    /// The secret key, or several during a rotation: each of them is good.
    pub keys: Vec<String>,
}

impl App {
    /// An app with one key.
    pub fn new(sdk_app_id: u32, key: impl Into<String>) -> Self {
        Self { sdk_app_id, keys: vec![key.into()] }
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("sdk_app_id", &self.sdk_app_id).field("keys", &self.keys.len()).finish()
    }
}

/// How the apps are set up in the console, as far as it shows in answers.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Most accounts of one app, its admins not counted; further imports are answered 70398. The trial edition has 100.
    pub account_quota: Option<u32>,
    /// Whether a deleted name is barred for three months (70399), as outside the trial and development editions.
    pub block_deleted: bool,
    /// Whether accounts may be deleted; 71000 otherwise.
    pub allow_deletion: bool,
    /// Whether the documented rates hold; 60007 beyond.
    pub rate_limits: bool,
    /// Rates other than the documented ones, in calls a second, by path such as `v4/openim/querystate`.
    pub rates: BTreeMap<String, u32>,
    /// Whether fields that the core does not declare pass, as with the service; they are refused otherwise, so that a
    /// misspelt one shows.
    pub allow_unknown_fields: bool,
    /// Days for which histories keep a message: 7 unless longer ones were paid for.
    pub history_days: u32,
    /// Names for which every call fails with a code, such as 70500: alone, or as one item among others.
    pub failing: BTreeMap<String, i64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            account_quota: None,
            block_deleted: false,
            allow_deletion: true,
            rate_limits: false,
            rates: BTreeMap::new(),
            allow_unknown_fields: false,
            history_days: 7,
            failing: BTreeMap::new(),
        }
    }
}
