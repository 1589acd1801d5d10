//! Settings of a client and of a single call, checked by the walker like everything else.

use serde::Deserializer;
use serde_json::Value;

use crate::endpoint::{Endpoint, REGIONS, find_region};
use crate::error::{Error, Kind, Result};
use crate::schema::names::Style;
use crate::schema::{UserId, nearest, shape, walk};

/// The admin that every app has; it cannot lose the role.
pub const DEFAULT_ADMIN: &str = "administrator";

/// Total time of a call over all its tries, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: u32 = 30_000;

/// Time of one try, in milliseconds. The service's own limit is 3 s; a client's must be longer.
pub const DEFAULT_TRY_TIMEOUT_MS: u32 = 8_000;

/// Life of the admin's UserSig, in seconds: the least that the vendor advises. It is renewed by itself.
pub const DEFAULT_SIG_EXPIRE_S: u32 = 86_400;

shape! {
    /// Settings of a client, beside the app's id and its key.
    pub struct ClientOptions {
        /// Name of an app admin; `administrator` where none is given.
        admin: Option<UserId> = "admin",
        /// Region of the app: china (where none is given), singapore, seoul, tokyo, frankfurt, mumbai, silicon_valley, jakarta.
        region: Option<String> = "region",
        /// Own address instead of a region's, such as `http://127.0.0.1:8080`.
        base_url: Option<String> = "base_url",
        /// Allows plain http to other machines than this one.
        allow_http: Option<bool> = "allow_http",
        /// Which name goes on the wire for the user in account_import and kick: `Identifier` (where none is given) or `UserID`.
        account_field: Option<String> = "account_field",
        /// Total time of a call over all its tries, in milliseconds; 30,000 where none is given.
        timeout_ms: Option<u32> = "timeout_ms" (range 1..=3_600_000),
        /// Time of one try, in milliseconds; 8,000 where none is given.
        try_timeout_ms: Option<u32> = "try_timeout_ms" (range 1..=3_600_000),
        /// Life of the admin's UserSig, in seconds; 86,400 where none is given.
        sig_expire_s: Option<u32> = "sig_expire_s" (range 60..=1_576_800_000),
    }
}

shape! {
    /// Settings of a single call.
    pub struct CallOptions {
        /// Total time of the call over all its tries, in milliseconds; the client's where none is given.
        timeout_ms: Option<u32> = "timeout_ms" (range 1..=3_600_000),
        /// Raw fields by their wire names, added to the body: what this version does not know can be sent all the same.
        extra_body: Option<Value> = "extra_body",
    }
}

impl ClientOptions {
    /// Reads the settings of a client.
    pub fn read<'de, D: Deserializer<'de>>(input: D, style: Style) -> Result<Self> {
        walk::settings(Self::shape, Kind::Config, input, style)
    }

    /// The address to call.
    pub(crate) fn endpoint(&self) -> Result<Endpoint> {
        match (&self.base_url, &self.region) {
            (Some(_), Some(_)) => Err(Error::new(Kind::Config, "both region and base_url are given")
                .at("base_url")
                .cure("give one of them")),
            (Some(url), None) => Endpoint::of_base_url(url, self.allow_http.unwrap_or(false)),
            (None, Some(name)) => find_region(name).map(Endpoint::of_region),
            (None, None) => Ok(Endpoint::of_region(&REGIONS[0])),
        }
    }

    /// The wire name to write where the default is `Identifier`.
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
    pub fn read<'de, D: Deserializer<'de>>(input: D, style: Style) -> Result<Self> {
        let options: Self = walk::settings(Self::shape, Kind::Config, input, style)?;
        match &options.extra_body {
            None | Some(Value::Object(_)) => Ok(options),
            Some(_) => Err(Error::new(Kind::InvalidInput, "expected an object")
                .at(if style == Style::Camel { "extraBody" } else { "extra_body" })
                .cure("pass raw fields by their wire names")),
        }
    }
}
