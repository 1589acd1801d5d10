//! What one call asks the app's backend, and what it tells it.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::target::Target;
use super::verdict::Verdict;
use crate::answer::Answer;
use crate::families::Context;

/// One event, ready to be sent.
#[derive(Clone, Debug)]
pub struct Event {
    /// The webhook.
    pub command: &'static str,
    /// Its body.
    pub body: Value,
}

impl Event {
    /// The command stands in nearly every body; lists of events have it in each of them.
    fn new(command: &'static str, mut body: Value) -> Self {
        if body["Events"].is_null() {
            body["CallbackCommand"] = command.into();
        }
        Self { command, body }
    }
}

/// A question: which webhook, and what it is about where a call asks several times.
type Question = (&'static str, String);

/// What one call has asked and told so far. It outlives the call's runs.
#[derive(Debug, Default)]
pub struct Exchange {
    target: Option<Arc<Target>>,
    answers: HashMap<Question, Verdict>,
    open: Vec<(Question, Event)>,
    told: Vec<Event>,
    /// The numbers that it has drawn: another run must draw the same.
    draws: Vec<u64>,
    next_draw: usize,
}

impl Exchange {
    /// For a call of an app, which may have a backend.
    pub fn new(target: Option<Arc<Target>>) -> Self {
        Self { target, ..Self::default() }
    }

    /// Begins a run of the call.
    pub fn begin(&mut self) {
        self.open.clear();
        self.told.clear();
        self.next_draw = 0;
    }

    /// The app's backend, if it has one.
    pub fn target(&self) -> Option<&Arc<Target>> {
        self.target.as_ref()
    }

    /// Whether the run ended because answers are missing.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// The questions without an answer.
    pub fn questions(&mut self) -> Vec<(Question, Event)> {
        std::mem::take(&mut self.open)
    }

    /// Notes an answer.
    pub fn answered(&mut self, question: Question, verdict: Verdict) {
        self.answers.insert(question, verdict);
    }

    /// What the last run told.
    pub fn told(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.told)
    }

    /// Tells what has happened, if the webhook is switched on.
    pub fn tell(&mut self, command: &'static str, body: impl FnOnce() -> Value) {
        if self.is_on(command) {
            self.note(command, body());
        }
    }

    /// Whether a webhook is sent.
    pub fn is_on(&self, command: &str) -> bool {
        self.target.as_ref().is_some_and(|target| target.settings.commands.has(command))
    }

    fn known(&self, command: &'static str, subject: &str) -> Option<Verdict> {
        if !self.is_on(command) {
            return Some(Verdict::default());
        }
        self.answers.get(&(command, subject.to_owned())).cloned()
    }

    fn open(&mut self, command: &'static str, subject: &str, body: Value) {
        self.open.push(((command, subject.to_owned()), Event::new(command, body)));
    }

    fn note(&mut self, command: &'static str, body: Value) {
        self.told.push(Event::new(command, body));
    }
}

impl Context<'_> {
    /// Asks the app's backend, or allows where the webhook is switched off. `None` where the answer is not there yet: once
    /// all questions of a run are asked, it ends, without having changed anything.
    pub fn question(
        &mut self,
        command: &'static str,
        subject: &str,
        body: impl FnOnce(&Self) -> Value,
    ) -> Option<Verdict> {
        let known = self.exchange.known(command, subject);
        if known.is_none() {
            let body = body(self);
            self.exchange.open(command, subject, body);
        }
        known
    }

    /// Asks the one question of a call. Ends the run where the answer is not there yet.
    pub fn ask(&mut self, command: &'static str, body: impl FnOnce(&Self) -> Value) -> Result<Verdict, Answer> {
        self.question(command, "", body).ok_or_else(waiting)
    }

    /// Tells the app's backend what has happened, if the webhook is switched on.
    pub fn tell(&mut self, command: &'static str, body: impl FnOnce(&Self) -> Value) {
        if self.exchange.is_on(command) {
            let body = body(self);
            self.exchange.note(command, body);
        }
    }

    /// A random number of 32 bits, as the service draws one where a request leaves it out; the same in each run of a call.
    pub fn draw(&mut self) -> u64 {
        let exchange = &mut self.exchange;
        if exchange.next_draw == exchange.draws.len() {
            exchange.draws.push(self.state.draw());
        }
        exchange.next_draw += 1;
        exchange.draws[exchange.next_draw - 1]
    }
}

/// Ends a run whose questions have no answer yet. Nobody gets to see it.
pub fn waiting() -> Answer {
    Answer::ok()
}
