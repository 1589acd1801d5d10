//! The emulator as sender of webhooks, to a backend that verifies and answers with the core's machine.

mod backend;
mod deliveries;
mod events;
mod group_events;
mod messages;
mod settings;

use serde_json::{Value, json};

use crate::harness::*;
use backend::Backend;

/// An emulator and the backend of its first app.
pub struct App {
    pub server: Server,
    pub backend: Backend,
}

impl App {
    /// All webhooks, signed.
    pub fn start() -> Self {
        Self::with(json!({}))
    }

    pub fn with(settings: Value) -> Self {
        let app = Self { server: Server::start(), backend: Backend::start() };
        app.configure(settings);
        app.server.import(&["ann", "bob", "cat", "dan"]);
        app
    }

    /// Sets the webhooks anew.
    #[track_caller]
    pub fn configure(&self, settings: Value) {
        let mut all = json!({"url": self.backend.url, "token": backend::TOKEN});
        for (name, value) in settings.as_object().expect("an object") {
            all[name] = value.clone();
        }
        self.server.set("webhooks", all);
    }

    /// Waits until all is delivered.
    #[track_caller]
    pub fn settle(&self) {
        wait_until(|| self.server.get("webhooks/log")["waiting"] == 0);
        assert_eq!(self.backend.faults(), Vec::<String>::new());
    }

    /// The bodies that came for a webhook, the oldest first.
    #[track_caller]
    pub fn bodies(&self, command: &str) -> Vec<Value> {
        self.settle();
        self.backend.bodies(command)
    }

    /// The one body that came for a webhook.
    #[track_caller]
    pub fn body(&self, command: &str) -> Value {
        let bodies = self.bodies(command);
        assert_eq!(bodies.len(), 1, "{command}: {bodies:?}");
        bodies.into_iter().next().expect("there is one")
    }

    /// The commands that came, in the order of the alphabet.
    #[track_caller]
    pub fn commands(&self) -> Vec<String> {
        self.settle();
        self.backend.commands()
    }
}
