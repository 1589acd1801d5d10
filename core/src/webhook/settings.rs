//! Settings of a receiver.

use super::verify::{Token, Verification};
use crate::credentials::APP_ID_CURE;
use crate::error::{Error, Kind, Result};
use crate::schema::names::Style;
use crate::schema::walk::{self, Input};
use crate::schema::{Redacted, settings};
use crate::variables::stray;

settings! {
    /// Settings of a receiver of webhooks.
    pub struct WebhookSettings {
        /// The app. Requests for another one are refused.
        sdk_app_id: u32 = "sdk_app_id" (range 1..=4294967295),
        /// The token of webhook authentication, from the console. Several during a rotation: any of them will do.
        token: Option<Vec<Redacted>> = "token" (items 1..=16),
        /// Whether requests must be signed. Defaults to true. Without a token, false is required.
        verify: Option<bool> = "verify",
        /// Most seconds between the time of a request and the clock. Defaults to 60.
        tolerance: Option<u32> = "tolerance" (range 1..=86400),
        /// Longest body, in bytes. Defaults to 1 MB.
        max_body_bytes: Option<u32> = "max_body_bytes" (range 1..=16777216),
    }
}

/// Seconds tolerated by default.
const TOLERANCE_S: u32 = 60;

/// Longest body by default. The longest documented event, a message of 12 KB in a list of 100, stays below.
const MAX_BODY_BYTES: u32 = 1 << 20;

/// Takes the requests of one app.
#[derive(Clone, Debug)]
pub struct Receiver {
    pub(super) sdk_app_id: u32,
    pub(super) verification: Verification,
    pub(super) max_body_bytes: usize,
}

impl Receiver {
    /// Makes a receiver. Fails with [`Kind::Config`].
    pub fn new(settings: &WebhookSettings) -> Result<Self> {
        if settings.sdk_app_id == 0 {
            return Err(Error::new(Kind::Config, "0 is not an app").at("sdk_app_id").cure(APP_ID_CURE));
        }
        let max_body_bytes = settings.max_body_bytes.unwrap_or(MAX_BODY_BYTES) as usize;
        Ok(Self { sdk_app_id: settings.sdk_app_id, verification: verification(settings)?, max_body_bytes })
    }

    /// The app.
    pub fn sdk_app_id(&self) -> u32 {
        self.sdk_app_id
    }

    /// Whether requests must be signed.
    pub fn verifies(&self) -> bool {
        matches!(self.verification, Verification::On { .. })
    }

    /// Reads settings and makes a receiver of them.
    pub fn open(input: &mut dyn Input, style: Style) -> Result<Self> {
        Self::new(&walk::settings(WebhookSettings::shape, Kind::Config, input, style)?)
    }
}

fn verification(settings: &WebhookSettings) -> Result<Verification> {
    let fault = |at: &'static str, message: &'static str, cure: &'static str| {
        Err(Error::new(Kind::Config, message).at(at).cure(cure))
    };
    let tokens = settings.token.as_deref().unwrap_or_default();
    match (settings.verify, tokens) {
        (Some(false), []) => Ok(Verification::Off),
        (Some(false), _) => {
            fault("verify", "there is a token, but verification is switched off", "leave one of them out")
        }
        (_, []) => fault(
            "token",
            "there is no token to verify webhooks with",
            "set the token of webhook authentication from the console; without verification, anyone can send events: \
             where a proxy checks the service's certificate, set `verify` to false",
        ),
        (_, tokens) => {
            for (at, Redacted(token)) in tokens.iter().enumerate() {
                let fault = |message: &'static str, cure: &'static str| {
                    Err(Error::new(Kind::Config, message).at(format!("token[{at}]")).cure(cure))
                };
                if token.is_empty() {
                    return fault("the token is empty", "copy it from the console");
                } else if token.trim() != token {
                    return fault("the token has white space around it", "copy it from the console again");
                } else if let Some((message, cure)) = stray(token) {
                    return fault(message, cure);
                }
            }
            let tokens = tokens.iter().map(|Redacted(token)| Token::new(token)).collect();
            Ok(Verification::On { tokens, tolerance_s: settings.tolerance.unwrap_or(TOLERANCE_S).into() })
        }
    }
}
