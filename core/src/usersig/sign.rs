//! Signing: the steps in a row.

use core::fmt;

use super::content::{Claims, content};
use super::mac::Keyed;
use super::{MAX_EXPIRE_S, MAX_TIME_S, MAX_USERBUF_BYTES, MIN_TIME_S, deflate, json, text};
use crate::credentials::{SecretKey, check_app_id, user_id_fault};
use crate::error::{Error, Kind, Result};

/// Signs UserSigs for one app. The key is taken in once; a signature then costs well under a microsecond.
#[derive(Clone)]
pub struct Signer {
    sdk_app_id: u32,
    keyed: Keyed,
}

impl Signer {
    /// For one app, with the secret key the console shows for it. Fails with [`Kind::Config`] when the app id is 0.
    pub fn new(sdk_app_id: u32, key: &SecretKey) -> Result<Self> {
        Ok(Self { sdk_app_id: check_app_id(sdk_app_id)?, keyed: Keyed::new(key.as_bytes()) })
    }

    /// The app.
    pub fn sdk_app_id(&self) -> u32 {
        self.sdk_app_id
    }

    /// Signs a UserSig.
    ///
    /// `user_id` has 1 to 32 bytes and no control character. `now_s` is the time in Unix seconds, from
    /// [`MIN_TIME_S`] to [`MAX_TIME_S`]. `expire_s` is the lifetime in seconds counted from then, not an instant,
    /// from 1 to [`MAX_EXPIRE_S`]. Fails with [`Kind::InvalidInput`] otherwise.
    pub fn sign(&self, user_id: &str, now_s: u64, expire_s: u64) -> Result<String> {
        self.sign_claims(user_id, now_s, expire_s, None)
    }

    /// Signs a UserSig that carries extra data, 1 to [`MAX_USERBUF_BYTES`] bytes. Chat has no use for any.
    pub fn sign_with_userbuf(&self, user_id: &str, now_s: u64, expire_s: u64, userbuf: &[u8]) -> Result<String> {
        // The official signers disagree about an empty one: some sign it as an empty line, one forgets it in the JSON.
        if userbuf.is_empty() || userbuf.len() > MAX_USERBUF_BYTES {
            return Err(invalid("userbuf", format!("the userbuf has {} bytes", userbuf.len()))
                .cure("pass 1 to 1024 bytes, or sign without userbuf"));
        }
        self.sign_claims(user_id, now_s, expire_s, Some(&text::encode_field(userbuf)))
    }

    /// Signs one UserSig for each user, or none: an error names the user as `user_ids[3]`.
    pub fn sign_many<'a>(
        &self,
        user_ids: impl IntoIterator<Item = &'a str>,
        now_s: u64,
        expire_s: u64,
    ) -> Result<Vec<String>> {
        let sign = |(i, user_id)| {
            self.sign(user_id, now_s, expire_s).map_err(|error| match error.path.as_deref() {
                Some("user_id") => error.at(format!("user_ids[{i}]")),
                _ => error,
            })
        };
        user_ids.into_iter().enumerate().map(sign).collect()
    }

    fn sign_claims(&self, user_id: &str, now_s: u64, expire_s: u64, userbuf: Option<&str>) -> Result<String> {
        check(user_id, now_s, expire_s)?;
        let [mut app, mut time, mut life] = [itoa::Buffer::new(); 3];
        let claims = Claims {
            sdk_app_id: app.format(self.sdk_app_id),
            user_id,
            issued_at_s: time.format(now_s),
            expire_s: life.format(expire_s),
            userbuf,
        };
        let mac = self.keyed.mac(&content(&claims));
        let json = json::write(&claims, &text::encode_mac(&mac));
        Ok(text::encode(&deflate::zlib(&json.text, json.mac)))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("sdk_app_id", &self.sdk_app_id).finish_non_exhaustive()
    }
}

/// What no official signer checks: each of these makes a UserSig that the service refuses, or one that never ends.
pub(super) fn check(user_id: &str, now_s: u64, expire_s: u64) -> Result<()> {
    if let Some((fault, cure)) = user_id_fault(user_id) {
        return Err(invalid("user_id", fault).cure(cure));
    }
    if !(MIN_TIME_S..=MAX_TIME_S).contains(&now_s) {
        return Err(invalid("now", format!("the time {now_s} is not between 2010 and 2100")).cure(
            if now_s > MAX_TIME_S {
                "pass Unix seconds, not milliseconds"
            } else {
                "set the clock, and pass Unix seconds"
            },
        ));
    }
    if !(1..=MAX_EXPIRE_S).contains(&expire_s) {
        return Err(invalid("expire", format!("the lifetime of {expire_s} seconds is out of range"))
            .cure("pass a lifetime of 1 to 1576800000 seconds (50 years): not an instant, not milliseconds"));
    }
    Ok(())
}

pub(super) fn invalid(path: &str, message: String) -> Error {
    Error::new(Kind::InvalidInput, message).at(path)
}
