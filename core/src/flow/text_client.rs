//! A client for JavaScript, whichever way it reaches the core: as a Node addon or compiled to WebAssembly. Texts go in and
//! steps come out as texts, see [`text`].

use std::sync::Arc;

use serde_json::Value;

use super::{CallId, Engine, Event, Host, Level, Now, Plan, Step, text};
use crate::SecretKey;
use crate::api::find_op;
use crate::error::{Error, Kind, Result};
use crate::http::{Failure, FailureKind, Reply};
use crate::options::{ClientOptions, PlaceVariables};
use crate::reply::Answer;
use crate::schema::names::Style;
use crate::schema::walk::Json;

/// The calls of one app by number. Made without a random number, since some runtimes have none before the first request
/// comes in; [`TextClient::seed`] is to be called before the first call.
#[derive(Debug)]
pub struct TextClient {
    plan: Arc<Plan>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Not seeded; with an event to tell once it is.
    Opened(Option<Event>),
    Seeded(Box<Host>),
}

impl TextClient {
    /// Opens a client. `options` is JSON text of the settings in camelCase; `own` are the names of the settings that the
    /// binding reads itself, joined by commas: a misspelt setting may mean one of them. `place` is what the environment
    /// says.
    pub fn open(sdk_app_id: u32, secret_key: String, options: &str, own: &str, place: PlaceVariables) -> Result<Self> {
        let key = SecretKey::new(secret_key)?;
        ClientOptions::check_names(options, own, Style::Camel)?;
        let mut options = ClientOptions::read(&mut Json(options), Style::Camel)?;
        let filled = options.fill_place(place);
        let plan = Plan::new(sdk_app_id, &key, &options).map_err(|error| filled.named(error))?;
        Ok(Self { plan: Arc::new(plan), state: State::Opened(filled.event) })
    }

    /// Seeds the random numbers of the calls with two random numbers of the operating system. A further time they begin
    /// anew from the other seed.
    pub fn seed(&mut self, hi: u32, lo: u32) {
        let seed = u64::from(hi) << 32 | u64::from(lo);
        match &mut self.state {
            State::Opened(announced) => {
                let mut engine = Engine::of_plan(self.plan.clone(), seed);
                announced.take().into_iter().for_each(|event| engine.announce(event));
                self.state = State::Seeded(Box::new(Host::new(engine, Style::Camel)));
            }
            State::Seeded(host) => host.engine().seed(seed),
        }
    }

    /// Begins a call.
    pub fn start(&mut self, op: &str, input: &str, options: Option<&str>, now: Now) -> String {
        first(self.host().and_then(|host| host.start(op, input, options, now)))
    }

    /// Begins a call that cannot be sent yet.
    pub fn register(&mut self, op: &str, input: &str, options: Option<&str>, now: Now) -> String {
        first(self.host().and_then(|host| host.register(op, input, options, now)))
    }

    /// Tells until when a call may wait that cannot be sent yet.
    pub fn hold(&mut self, id: CallId) -> String {
        self.step(id, |host| host.hold(id))
    }

    /// Ends a call that could not be sent until then.
    pub fn expire(&mut self, id: CallId) -> String {
        self.step(id, |host| host.expire(id))
    }

    /// Asks for the next step.
    pub fn poll(&mut self, id: CallId, now: Now) -> String {
        self.step(id, |host| host.poll(id, now))
    }

    /// Reports an answer.
    pub fn on_reply(&mut self, id: CallId, reply: Reply, now: Now) -> String {
        self.step(id, |host| host.on_reply(id, reply, now))
    }

    /// Reports a failure by its name: `not_sent`, `lost`, `timeout` or `too_large`.
    pub fn on_failure(&mut self, id: CallId, kind: &str, detail: String, now: Now) -> String {
        // An unknown name must not look harmless: after `lost` nothing is retried blindly.
        let kind = FailureKind::from_name(kind).unwrap_or(FailureKind::Lost);
        self.step(id, |host| host.on_failure(id, Failure { kind, detail }, now))
    }

    /// Ends a call at the caller's wish and returns its error; `None` when no such call is under way.
    pub fn cancel(&mut self, id: CallId) -> Option<Error> {
        self.host().map_or_else(Some, |host| host.cancel(id))
    }

    /// Whether calls that wait should be polled now, since many others were cancelled.
    pub fn take_moved(&mut self) -> bool {
        self.host().is_ok_and(|host| host.engine().take_moved())
    }

    /// Makes a request to be sent by other means.
    pub fn prepare(&mut self, op: &str, input: &str, options: Option<&str>, now: Now) -> String {
        match self.host().and_then(|host| host.prepare(op, input, options, now)) {
            Ok(request) => text::send(0, &request),
            Err(error) => text::failed(&error),
        }
    }

    /// Reads an answer that came by other means.
    pub fn parse(&self, op: &str, reply: Reply) -> String {
        text::done(find_op(op).and_then(|op| Answer::check(op, reply)?.to_javascript()))
    }

    /// Signs a UserSig for a user of the app.
    pub fn sign_user_sig(&self, user_id: &str, now_s: u64, expire_s: u64) -> Result<String> {
        self.plan.signer().sign(user_id, now_s, expire_s)
    }

    /// Begins or stops to keep events.
    pub fn listen(&mut self, on: bool) -> Result<()> {
        self.host()?.engine().listen(on.then_some(Level::Debug));
        Ok(())
    }

    /// What happened since the last time, as JSON text; `None` when nothing did.
    pub fn take_events(&mut self) -> Option<String> {
        let engine = self.host().ok()?.engine();
        engine.has_events().then(|| {
            let records = engine.take_events().into_iter().map(|event| Value::Object(event.to_record(Style::Camel)));
            records.collect::<Value>().to_string()
        })
    }

    /// Checks settings of a call.
    pub fn check_call_options(&self, options: &str) -> Result<()> {
        self.plan.read_options(&mut Json(options), Style::Camel).map(drop)
    }

    pub(super) fn host(&mut self) -> Result<&mut Host> {
        match &mut self.state {
            State::Seeded(host) => Ok(host),
            State::Opened(_) => Err(Error::new(Kind::Internal, "the client has no seed for its random numbers")),
        }
    }

    fn step(&mut self, id: CallId, ask: impl FnOnce(&mut Host) -> Step) -> String {
        self.host().map_or_else(|error| text::failed(&error), |host| text::of(id, ask(host)))
    }
}

/// The first step of a call.
fn first(begun: Result<(CallId, Step)>) -> String {
    match begun {
        Ok((id, step)) => text::of(id, step),
        Err(error) => text::failed(&error),
    }
}

impl Now {
    /// The time from JavaScript's clocks, which have fractions. A clock before its beginning reads 0.
    pub fn of_javascript(mono_ms: f64, unix_ms: f64) -> Self {
        // Casts of floating point saturate.
        Self { mono_ms: mono_ms as u64, unix_ms: unix_ms as u64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn javascripts_clocks() {
        assert_eq!(Now::of_javascript(1.9, -5.0), Now { mono_ms: 1, unix_ms: 0 });
        assert_eq!(Now::of_javascript(f64::NAN, 1e30), Now { mono_ms: 0, unix_ms: u64::MAX });
    }

    #[test]
    fn nothing_is_drawn_without_a_seed() {
        let mut client = TextClient::open(1, "key".into(), "{}", "", PlaceVariables::default()).expect("good settings");
        let (op, input, now) = ("accounts.import_account", r#"{"userId": "test"}"#, Now::of_javascript(0.0, 1.7e12));
        for step in [
            client.start(op, input, None, now),
            client.register(op, input, None, now),
            client.prepare(op, input, None, now),
            client.poll(1, now),
        ] {
            assert!(step.starts_with('e') && step.contains("no seed"), "{step}");
        }
        assert!(client.listen(true).is_err());
        let random = |step: String| step.split("random=").nth(1).and_then(|rest| rest.split('&').next()?.parse().ok());
        client.seed(0x1234_5678, 0x9abc_def0);
        assert_eq!(random(client.prepare(op, input, None, now)), Some(0x1234_5678_u32));
        let next = random(client.start(op, input, None, now));
        assert!(next.is_some() && next != Some(0x1234_5678), "{next:?}");
    }

    #[test]
    fn a_misspelt_setting_may_be_one_of_the_bindings_own() {
        let open = |options: &str| {
            TextClient::open(1, "key".into(), options, "sdkAppId,secretKey", PlaceVariables::default()).map(drop)
        };
        assert_eq!(open(r#"{"timeoutMs": 5}"#), Ok(()));
        for (given, path, says) in [
            (r#"{"sdkAppID": 5}"#, "sdkAppID", "did you mean sdkAppId?"),
            (r#"{"timeOutMs": 5}"#, "timeOutMs", "did you mean timeoutMs?"),
            (r#"{"timeout_ms": 5}"#, "timeout_ms", "did you mean timeoutMs?"),
            (r#"{"nothing": 5}"#, "nothing", "unknown field"),
        ] {
            let error = open(given).expect_err(given);
            assert!(error.path.as_deref() == Some(path) && error.message.contains(says), "{error}");
            let cure = error.cure.as_deref().unwrap_or_default();
            assert!(cure.contains("secretKey") && !cure.contains("extraBody"), "{cure}");
        }
    }
}
