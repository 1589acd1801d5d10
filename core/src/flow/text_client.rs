//! A client for JavaScript, whichever way it reaches the core: as a Node addon or compiled to WebAssembly. Texts go in and
//! steps come out as texts, see [`text`].

use serde_json::Value;

use super::{CallId, Engine, Host, Level, Now, Step, text};
use crate::SecretKey;
use crate::api::find_op;
use crate::error::{Error, Result};
use crate::http::{Failure, FailureKind, Reply};
use crate::options::{ClientOptions, PlaceVariables};
use crate::reply::Answer;
use crate::schema::names::Style;
use crate::schema::walk::Json;

/// The calls of one app by number.
#[derive(Debug)]
pub struct TextClient {
    host: Host,
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
        let mut engine = Engine::new(sdk_app_id, &key, &options).map_err(|error| filled.named(error))?;
        filled.event.into_iter().for_each(|event| engine.announce(event));
        Ok(Self { host: Host::new(engine, Style::Camel) })
    }

    /// Begins a call.
    pub fn start(&mut self, op: &str, input: &str, options: Option<&str>, now: Now, entropy: u64) -> String {
        first(self.host.start(op, input, options, now, entropy))
    }

    /// Begins a call that cannot be sent yet.
    pub fn register(&mut self, op: &str, input: &str, options: Option<&str>, now: Now, entropy: u64) -> String {
        first(self.host.register(op, input, options, now, entropy))
    }

    /// Tells until when a call may wait that cannot be sent yet.
    pub fn hold(&self, id: CallId) -> String {
        text::of(id, self.host.hold(id))
    }

    /// Ends a call that could not be sent until then.
    pub fn expire(&mut self, id: CallId) -> String {
        text::of(id, self.host.expire(id))
    }

    /// Asks for the next step.
    pub fn poll(&mut self, id: CallId, now: Now, entropy: u64) -> String {
        text::of(id, self.host.poll(id, now, entropy))
    }

    /// Reports an answer.
    pub fn on_reply(&mut self, id: CallId, reply: Reply, now: Now, entropy: u64) -> String {
        text::of(id, self.host.on_reply(id, reply, now, entropy))
    }

    /// Reports a failure by its name: `not_sent`, `lost`, `timeout` or `too_large`.
    pub fn on_failure(&mut self, id: CallId, kind: &str, detail: String, now: Now, entropy: u64) -> String {
        // An unknown name must not look harmless: after `lost` nothing is retried blindly.
        let kind = FailureKind::from_name(kind).unwrap_or(FailureKind::Lost);
        text::of(id, self.host.on_failure(id, Failure { kind, detail }, now, entropy))
    }

    /// Ends a call at the caller's wish and returns its error; `None` when no such call is under way.
    pub fn cancel(&mut self, id: CallId) -> Option<Error> {
        self.host.cancel(id)
    }

    /// Whether calls that wait should be polled now, since many others were cancelled.
    pub fn take_moved(&mut self) -> bool {
        self.host.engine().take_moved()
    }

    /// Makes a request to be sent by other means.
    pub fn prepare(&mut self, op: &str, input: &str, options: Option<&str>, now: Now, entropy: u64) -> String {
        match self.host.prepare(op, input, options, now, entropy) {
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
        self.host.plan().signer().sign(user_id, now_s, expire_s)
    }

    /// Begins or stops to keep events.
    pub fn listen(&mut self, on: bool) {
        self.host.engine().listen(on.then_some(Level::Debug));
    }

    /// What happened since the last time, as JSON text; `None` when nothing did.
    pub fn take_events(&mut self) -> Option<String> {
        let engine = self.host.engine();
        engine.has_events().then(|| {
            let records = engine.take_events().into_iter().map(|event| Value::Object(event.to_record(Style::Camel)));
            records.collect::<Value>().to_string()
        })
    }

    /// Checks settings of a call.
    pub fn check_call_options(&self, options: &str) -> Result<()> {
        self.host.call_options(Some(options)).map(drop)
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

/// A 64-bit number from its halves.
pub fn entropy_of_halves(hi: u32, lo: u32) -> u64 {
    u64::from(hi) << 32 | u64::from(lo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_and_entropy() {
        assert_eq!(Now::of_javascript(1.9, -5.0), Now { mono_ms: 1, unix_ms: 0 });
        assert_eq!(Now::of_javascript(f64::NAN, 1e30), Now { mono_ms: 0, unix_ms: u64::MAX });
        assert_eq!(entropy_of_halves(0x1234_5678, 0x9abc_def0), 0x1234_5678_9abc_def0);
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
