//! Everything the emulator holds while it runs, shared by all requests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tencent_im_core::error::{Error, Kind, Result};

use crate::clock::Clock;
use crate::config::{Config, Settings};
use crate::counters::Counters;
use crate::faults::Faults;
use crate::signature::Signatures;
use crate::state::State;
use crate::webhooks::{Post, Target};

/// The apps, the clock, the settings, the counters.
#[derive(Debug)]
pub struct World {
    /// What it was started with, and what a reset leads back to.
    pub config: Config,
    /// The clock.
    pub clock: Clock,
    /// What was served.
    pub counters: Counters,
    /// The faults to inject.
    pub faults: Mutex<Faults>,
    /// Deliveries of webhooks.
    pub post: Post,
    apps: BTreeMap<u32, AppCell>,
    settings: Mutex<Arc<Settings>>,
}

/// One app.
#[derive(Debug)]
pub struct AppCell {
    /// Its keys and the UserSigs that fit them.
    pub signatures: Mutex<Signatures>,
    /// Its accounts.
    pub state: Mutex<State>,
    webhooks: Mutex<Option<Arc<Target>>>,
}

impl AppCell {
    /// Where its webhooks go, if they go anywhere.
    pub fn webhooks(&self) -> Option<Arc<Target>> {
        lock(&self.webhooks).clone()
    }

    /// Sends its webhooks somewhere else, or nowhere.
    pub fn set_webhooks(&self, target: Option<Target>) {
        *lock(&self.webhooks) = target.map(Arc::new);
    }
}

impl World {
    /// Fails without an app or an admin, for an app given twice, and for a key that is missing or unusable.
    pub fn new(config: Config) -> Result<Self> {
        let mut apps = BTreeMap::new();
        for app in &config.apps {
            tencent_im_core::credentials::check_app_id(app.sdk_app_id)?;
            if app.keys.is_empty() {
                return Err(Error::new(Kind::Config, format!("app {} has no key", app.sdk_app_id)));
            }
            let cell = AppCell {
                signatures: Mutex::new(Signatures::new(app.sdk_app_id, &app.keys)?),
                state: Mutex::new(State::new(&config.admins)),
                webhooks: Mutex::default(),
            };
            if apps.insert(app.sdk_app_id, cell).is_some() {
                return Err(Error::new(Kind::Config, format!("app {} is there twice", app.sdk_app_id)));
            }
        }
        if apps.is_empty() {
            return Err(Error::new(Kind::Config, "no app is given").cure("give an SDKAppID and its secret key"));
        }
        if config.admins.is_empty() {
            return Err(Error::new(Kind::Config, "no admin is given").cure("give at least one admin"));
        }
        let world = Self {
            clock: Clock::new(),
            counters: Counters::new(),
            faults: Mutex::default(),
            post: Post::new(),
            apps,
            settings: Mutex::new(Arc::new(config.settings.clone())),
            config,
        };
        world.start_webhooks().map_err(|fault| Error::new(Kind::Config, fault))?;
        Ok(world)
    }

    /// Where webhooks go at the start.
    fn start_webhooks(&self) -> std::result::Result<(), String> {
        for (at, app) in self.config.apps.iter().enumerate() {
            let settings = self.config.webhooks.clone().filter(|_| at == 0);
            let target =
                settings.map(|settings| Target::new(settings, self.config.webhooks_to_any_host)).transpose()?;
            if let Some(cell) = self.apps.get(&app.sdk_app_id) {
                cell.set_webhooks(target);
            }
        }
        Ok(())
    }

    /// An app, if it exists.
    pub fn app(&self, sdk_app_id: u32) -> Option<&AppCell> {
        self.apps.get(&sdk_app_id)
    }

    /// All apps by id.
    pub fn apps(&self) -> impl Iterator<Item = (u32, &AppCell)> {
        self.apps.iter().map(|(id, cell)| (*id, cell))
    }

    /// Everything as it was at the start: accounts, keys, settings, clock, faults, counters.
    pub fn reset(&self) {
        for app in &self.config.apps {
            let Some(cell) = self.apps.get(&app.sdk_app_id) else { continue };
            // The start found these keys good.
            if let Ok(signatures) = Signatures::new(app.sdk_app_id, &app.keys) {
                *lock(&cell.signatures) = signatures;
            }
            *lock(&cell.state) = State::new(&self.config.admins);
        }
        self.set_settings(self.config.settings.clone());
        self.clock.run(0);
        // The start found these settings good.
        let _ = self.start_webhooks();
        self.post.clear();
        *lock(&self.faults) = Faults::default();
        self.counters.clear();
    }

    /// New settings in place of the old ones.
    pub fn set_settings(&self, settings: Settings) {
        *lock(&self.settings) = Arc::new(settings);
    }

    /// The settings as they are now.
    pub fn settings(&self) -> Arc<Settings> {
        lock(&self.settings).clone()
    }
}

/// Locks, even where another request panicked while it held the lock: one bug must not look like two.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
