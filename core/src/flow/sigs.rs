//! The admin's UserSig: made once, used for many calls, refreshed before it expires.

use super::Now;
use super::skew::Skew;
use crate::error::Result;
use crate::usersig::Signer;

/// The part of its life after which a UserSig is refreshed, in percent.
const RENEW_AT_PERCENT: u64 = 80;

/// The admin in whose name requests are signed.
#[derive(Debug)]
pub struct Admin {
    pub signer: Signer,
    pub name: String,
    /// Life of a UserSig, in seconds.
    pub expire_s: u64,
}

/// The cached UserSig of one admin.
#[derive(Default)]
pub struct Sigs {
    skew: Skew,
    current: Option<Cached>,
    /// The one before the current one: a late answer may still show it.
    last: Option<String>,
}

struct Cached {
    sig: String,
    /// The time of signing on both clocks: sleep shows on one of them only, depending on the system.
    made: Now,
}

/// Shows no UserSig.
impl core::fmt::Debug for Sigs {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Sigs").field("made", &self.made()).finish_non_exhaustive()
    }
}

impl Sigs {
    /// The service's time, in Unix seconds.
    pub fn service_time_s(&self, now: Now) -> u64 {
        self.skew.service_time_s(now)
    }

    /// A UserSig of the admin with a good part of its life left.
    pub fn current(&mut self, admin: &Admin, now: Now) -> Result<&str> {
        let renew = match &self.current {
            None => true,
            Some(cached) => {
                let life_ms = admin.expire_s * 1000 * RENEW_AT_PERCENT / 100;
                // A wall clock set back makes the age unknown: sign anew.
                let by_wall = now.unix_ms.checked_sub(cached.made.unix_ms).is_none_or(|age| age >= life_ms);
                let by_mono = now.mono_ms.saturating_sub(cached.made.mono_ms) >= life_ms;
                by_wall || by_mono
            }
        };
        if renew {
            let sig = admin.signer.sign(&admin.name, self.skew.service_time_s(now), admin.expire_s)?;
            self.forget();
            self.current = Some(Cached { sig, made: now });
        }
        Ok(self.current.as_ref().map_or("", |cached| &cached.sig))
    }

    /// Forgets a UserSig that the service refused, unless another call has refreshed it since.
    pub fn refused(&mut self, made: Option<Now>) {
        if self.made() == made {
            self.forget();
        }
    }

    fn forget(&mut self) {
        if let Some(cached) = self.current.take() {
            self.last = Some(cached.sig);
        }
    }

    /// The UserSigs that no text may show. Empty before the first was made.
    pub fn known(&self) -> [&str; 2] {
        [self.current.as_ref().map_or("", |cached| &cached.sig), self.last.as_deref().unwrap_or_default()]
    }

    /// When the UserSig in force was signed.
    pub fn made(&self) -> Option<Now> {
        self.current.as_ref().map(|cached| cached.made)
    }

    /// Learns the service's time from a `Date` header. Returns the new skew in seconds if it changed.
    pub fn learn(&mut self, now: Now, date: &str) -> Option<i64> {
        let learnt = self.skew.learn(now, date);
        if learnt.is_some() {
            self.forget();
        }
        learnt
    }
}
