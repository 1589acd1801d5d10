//! Settings of a client and of a single call, checked by the walker like everything else.

use serde_json::Value;

use crate::api::find_op;
use crate::endpoint::{Endpoint, REGIONS, find_region};
use crate::error::{Error, Kind, Result};
use crate::flow::{Event, Rates};
use crate::json::object_of;
use crate::schema::names::Style;
use crate::schema::walk::{self, Input};
use crate::schema::{Shape, UserId, nearest, settings};
use crate::variables::{BASE_URL, REGION};

/// The admin that every app has; it cannot lose the role.
pub const DEFAULT_ADMIN: &str = "administrator";

/// Total time of a call over all its attempts, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: u32 = 30_000;

/// Time of one attempt, in milliseconds. The service's own limit is 3 s; a client's must be longer.
pub const DEFAULT_ATTEMPT_TIMEOUT_MS: u32 = 8_000;

/// Retries after the first attempt.
pub const DEFAULT_MAX_RETRIES: u32 = 3;

/// Base backoff before the first retry, in milliseconds. Doubles with each retry.
pub const DEFAULT_BACKOFF_MS: u32 = 200;

/// Longest backoff before any retry, in milliseconds.
pub const DEFAULT_MAX_BACKOFF_MS: u32 = 5_000;

/// Retries that the calls of a client can make in a row without any success.
pub const DEFAULT_RETRY_BUDGET: u32 = 50;

/// Life of the admin's UserSig, in seconds: the least that the vendor advises. It is refreshed automatically.
pub const DEFAULT_SIG_EXPIRE_S: u32 = 86_400;

settings! {
    /// Settings of a client, beside the app's id and its key.
    pub struct ClientOptions {
        /// Name of an app admin. Defaults to `administrator`.
        admin: Option<UserId> = "admin",
        /// Region of the app: china, singapore, seoul, tokyo, frankfurt, mumbai, silicon_valley, jakarta. Defaults to china.
        region: Option<String> = "region",
        /// Own address instead of a region's, such as `http://127.0.0.1:8080`.
        base_url: Option<String> = "base_url",
        /// Fallback for `base_url`, used for one minute after a connection failure. Regions have their own.
        fallback_url: Option<String> = "fallback_url",
        /// Allows plain http to other machines than this one.
        allow_http: Option<bool> = "allow_http",
        /// Wire name of the user in account_import and kick: `Identifier` or `UserID`. Defaults to `Identifier`.
        account_field: Option<String> = "account_field",
        /// Total time of a call over all its attempts, in milliseconds. Defaults to 30,000.
        timeout_ms: Option<u32> = "timeout_ms" (range 1..=3_600_000),
        /// Time of one attempt, in milliseconds. Defaults to 8,000.
        attempt_timeout_ms: Option<u32> = "attempt_timeout_ms" (range 1..=3_600_000),
        /// Retries after the first attempt, for calls that are safe to retry. Defaults to 3; 0 disables retries.
        max_retries: Option<u32> = "max_retries" (range ..=20),
        /// Base backoff before the first retry, in milliseconds. Doubles with each retry. Defaults to 200.
        backoff_ms: Option<u32> = "backoff_ms" (range 1..=600_000),
        /// Longest backoff before any retry, in milliseconds. Defaults to 5,000.
        max_backoff_ms: Option<u32> = "max_backoff_ms" (range 1..=600_000),
        /// Retries that all calls together can make in a row without a success, so that an outage is not multiplied.
        /// Defaults to 50. Each success gives half a retry back.
        retry_budget: Option<u32> = "retry_budget" (range ..=1_000_000),
        /// Calls in the documented period by the call's name, such as `{"accounts.kick": 100}`, or `false` to disable rate limits.
        rate_limits: Option<Value> = "rate_limits",
        /// The part of every documented rate that is this client's, if several processes share an app, such as 0.25.
        rate_share: Option<f64> = "rate_share",
        /// Lifetime of the admin's UserSig, in seconds. Defaults to 86,400.
        sig_expire_s: Option<u32> = "sig_expire_s" (range 60..=1_576_800_000),
    }
}

settings! {
    /// Options of a single call.
    pub struct CallOptions {
        /// Total time of the call over all its attempts, in milliseconds. Defaults to the client's value.
        timeout_ms: Option<u32> = "timeout_ms" (range 1..=3_600_000),
        /// Time of one attempt, in milliseconds. Defaults to the client's value.
        attempt_timeout_ms: Option<u32> = "attempt_timeout_ms" (range 1..=3_600_000),
        /// Retries after the first attempt, for calls that are safe to retry. 0 disables retries. Defaults to the
        /// client's value.
        max_retries: Option<u32> = "max_retries" (range ..=20),
        /// Base backoff before the first retry, in milliseconds. Doubles with each retry. Defaults to the client's value.
        backoff_ms: Option<u32> = "backoff_ms" (range 1..=600_000),
        /// Longest backoff before any retry, in milliseconds. Defaults to the client's value.
        max_backoff_ms: Option<u32> = "max_backoff_ms" (range 1..=600_000),
        /// Whether retries count against the client's retry budget. Defaults to true.
        use_retry_budget: Option<bool> = "use_retry_budget",
        /// Whether the call is idempotent, so that it may be retried although an earlier attempt may have taken effect.
        /// Defaults to what the documentation says of the call; for a call by its path, to false.
        idempotent: Option<bool> = "idempotent",
        /// Raw fields by their wire names, added to the body. Sends fields that this version does not know.
        extra_body: Option<Value> = "extra_body",
    }
}

/// The location of the app as the environment names it, as [`read_variable`](crate::variables::read_variable) reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceVariables {
    /// `TENCENT_IM_REGION`.
    pub region: Option<String>,
    /// `TENCENT_IM_BASE_URL`.
    pub base_url: Option<String>,
}

/// What the environment did to the place of the app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceFilled {
    /// The setting that the environment filled in, if any, and its variable.
    pub from: Option<(&'static str, &'static str)>,
    /// Says that a base URL took the place of a region, for [`Engine::announce`](crate::flow::Engine::announce).
    pub event: Option<Event>,
}

impl PlaceFilled {
    /// Names the variable in the error of a setting that the environment filled in.
    pub fn named(&self, error: Error) -> Error {
        match self.from {
            Some((setting, variable)) if error.path.as_deref() == Some(setting) => error.at(variable),
            _ => error,
        }
    }
}

/// Refuses the first unknown name among the settings in a JSON object. `own` are the names of the settings that a
/// binding reads itself, joined by commas: those of its constructor are then complete.
pub(crate) fn check_names(shape: &Shape, json: &str, own: &str, style: Style) -> Result<()> {
    let Ok(given) = object_of(json) else { return Ok(()) };
    let own = own.split(',').filter(|name| !name.is_empty()).map(str::to_owned);
    let known: Vec<String> = own.chain(shape.fields.iter().map(|field| style.name(field.name).into_owned())).collect();
    let Some(unknown) = given.keys().find(|name| !known.contains(name)) else { return Ok(()) };
    let shown: String = unknown.chars().take(64).collect();
    let hint = nearest(unknown, known.iter().map(String::as_str))
        .map_or_else(String::new, |near| format!(", did you mean {near}?"));
    Err(Error::new(Kind::Config, format!("unknown field{hint}"))
        .at(shown)
        .cure(format!("known fields: {}", known.join(", "))))
}

impl ClientOptions {
    /// Refuses the first unknown name among the settings in a JSON object. `own` are the names of the settings that a
    /// binding reads itself, joined by commas: those of its constructor are then complete.
    pub fn check_names(json: &str, own: &str, style: Style) -> Result<()> {
        check_names(Self::shape(), json, own, style)
    }

    /// Fills in the place of the app from the environment.
    ///
    /// A base URL wins over a region, wherever either comes from: a program under test must not reach the real service
    /// because it names a region. Only if both are settings are they refused, when the engine is made.
    pub fn fill_place(&mut self, variables: PlaceVariables) -> PlaceFilled {
        let mut filled = PlaceFilled::default();
        if self.base_url.is_none() {
            self.base_url = variables.base_url;
            if self.base_url.is_some() {
                filled.from = Some(("base_url", BASE_URL));
            } else if self.region.is_none() && variables.region.is_some() {
                self.region = variables.region;
                filled.from = Some(("region", REGION));
                return filled;
            }
        }
        let ignored = match filled.from {
            Some(_) => self.region.take().or(variables.region),
            None => variables.region,
        };
        if let (Some(base_url), Some(region)) = (self.base_url.clone(), ignored) {
            filled.event = Some(Event::RegionIgnored { region, base_url });
        }
        filled
    }

    /// Reads the settings of a client.
    pub fn read(input: &mut dyn Input, style: Style) -> Result<Self> {
        walk::settings(Self::shape, Kind::Config, input, style)
    }

    /// The address to call.
    pub(crate) fn endpoint(&self) -> Result<Endpoint> {
        let allow_http = self.allow_http.unwrap_or(false);
        match (&self.base_url, &self.fallback_url, &self.region) {
            (Some(_), _, Some(_)) => Err(Error::new(Kind::Config, "both `region` and `base_url` are given")
                .at("base_url")
                .cure("give one of them")),
            (Some(url), fallback, None) => Endpoint::of_base_url(url, fallback.as_deref(), allow_http),
            (None, Some(_), _) => Err(Error::new(Kind::Config, "a fallback for `base_url`, which is not given")
                .at("fallback_url")
                .cure("give `base_url`, too, or leave it out: regions have fallback hosts of their own")),
            (None, None, Some(name)) => find_region(name).map(Endpoint::of_region),
            (None, None, None) => Ok(Endpoint::of_region(&REGIONS[0])),
        }
    }

    /// The rate limits.
    pub(crate) fn rates(&self) -> Result<Rates> {
        let fault =
            |message: String, at: &str, cure: &'static str| Err(Error::new(Kind::Config, message).at(at).cure(cure));
        let share = self.rate_share;
        if share.is_some_and(|share| !(share > 0.0 && share <= 1.0)) {
            return fault(
                "not a number above 0, up to 1".into(),
                "rate_share",
                "give the part of every documented rate that is this client's, such as 0.25",
            );
        }
        let by_call = match &self.rate_limits {
            None | Some(Value::Bool(true)) => return Ok(Rates { share, ..Rates::default() }),
            Some(Value::Bool(false)) => return Ok(Rates { off: true, ..Rates::default() }),
            Some(Value::Object(by_call)) => by_call,
            Some(_) => {
                let cure = "pass numbers by the calls' names, or false to disable rate limits";
                return fault("expected an object or false".into(), "rate_limits", cure);
            }
        };
        let mut rates = Rates { share, ..Rates::default() };
        for (name, calls) in by_call {
            let at = format!("rate_limits.{name}");
            let op = find_op(name).map_err(|mut error| {
                error.kind = Kind::Config;
                error.at(at.clone())
            })?;
            match calls.as_f64() {
                Some(calls) if calls > 0.0 && calls <= 1e9 => rates.by_name.insert(op.name.into(), calls),
                _ => {
                    return fault(
                        "not a number above 0, up to 1e9".into(),
                        &at,
                        "give the calls in the documented period",
                    );
                }
            };
        }
        Ok(rates)
    }

    /// The wire name to write instead of `Identifier`.
    pub(crate) fn preferred_account_field(&self) -> Result<Option<&'static str>> {
        match self.account_field.as_deref() {
            None | Some("Identifier") => Ok(None),
            Some("UserID") => Ok(Some("UserID")),
            Some(other) => {
                let hint = nearest(other, ["Identifier", "UserID"])
                    .map_or_else(String::new, |near| format!(", did you mean {near}?"));
                Err(Error::new(Kind::Config, format!("unknown name{hint}"))
                    .at("account_field")
                    .cure("use Identifier or UserID"))
            }
        }
    }
}

impl CallOptions {
    /// Reads the settings of a call.
    pub fn read(input: &mut dyn Input, style: Style) -> Result<Self> {
        let options: Self = walk::settings(Self::shape, Kind::Config, input, style)?;
        match &options.extra_body {
            None | Some(Value::Object(_)) => Ok(options),
            Some(_) => Err(Error::new(Kind::InvalidInput, "expected an object")
                .at("extra_body")
                .cure("pass raw fields by their wire names")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_wins_over_a_region_wherever_either_comes_from() {
        const URL: &str = "http://127.0.0.1:1";
        const OTHER: &str = "http://127.0.0.1:2";
        let from_url = Some(("base_url", BASE_URL));
        let from_region = Some(("region", REGION));
        // Settings, variables, what holds, what was filled in, the region that counts for nothing.
        for (settings, variables, holds, from, ignored) in [
            ((None, None), (None, None), (None, None), None, None),
            ((Some("tokyo"), None), (None, None), (Some("tokyo"), None), None, None),
            ((Some("tokyo"), None), (Some("seoul"), None), (Some("tokyo"), None), None, None),
            ((None, None), (Some("seoul"), None), (Some("seoul"), None), from_region, None),
            ((None, None), (None, Some(URL)), (None, Some(URL)), from_url, None),
            ((None, None), (Some("seoul"), Some(URL)), (None, Some(URL)), from_url, Some("seoul")),
            ((Some("tokyo"), None), (None, Some(URL)), (None, Some(URL)), from_url, Some("tokyo")),
            ((Some("tokyo"), None), (Some("seoul"), Some(URL)), (None, Some(URL)), from_url, Some("tokyo")),
            ((None, Some(URL)), (Some("seoul"), None), (None, Some(URL)), None, Some("seoul")),
            ((None, Some(URL)), (None, Some(OTHER)), (None, Some(URL)), None, None),
        ] {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let mut options =
                ClientOptions { region: owned(settings.0), base_url: owned(settings.1), ..ClientOptions::default() };
            let variables = PlaceVariables { region: owned(variables.0), base_url: owned(variables.1) };
            let filled = options.fill_place(variables.clone());
            let told = filled.event.map(|event| {
                let Event::RegionIgnored { region, .. } = event else { panic!("{event:?}") };
                region
            });
            let case = (settings, &variables);
            assert_eq!((options.region.as_deref(), options.base_url.as_deref()), holds, "{case:?}");
            assert_eq!((filled.from, told.as_deref()), (from, ignored), "{case:?}");
            assert!(options.endpoint().is_ok(), "{case:?}");
        }
        let both =
            ClientOptions { region: Some("tokyo".into()), base_url: Some(URL.into()), ..ClientOptions::default() };
        assert!(both.endpoint().expect_err("both").message.contains("both"));
    }
}
