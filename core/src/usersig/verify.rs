//! Checking a UserSig with the app's key.

use subtle::{Choice, ConstantTimeEq};

use super::inspect::{UserSig, read};
use super::mac::Keyed;
use super::mistakes::{self, Fault};
use crate::credentials::SecretKey;
use crate::error::{Error, Kind, Result};

/// What a UserSig must state to be accepted. Start from [`Expect::at`].
#[derive(Clone, Copy, Debug)]
pub struct Expect<'a> {
    /// The app; any when `None`.
    pub sdk_app_id: Option<u32>,
    /// The user; any when `None`.
    pub user_id: Option<&'a str>,
    /// What the userbuf may be.
    pub userbuf: UserbufRule<'a>,
    /// The time, in Unix seconds.
    pub now_s: u64,
    /// Seconds to go on accepting it after its end, for clocks that differ.
    pub leeway_s: u64,
}

impl Expect<'_> {
    /// Any app, any user, no userbuf, no leeway.
    pub fn at(now_s: u64) -> Self {
        Self { sdk_app_id: None, user_id: None, userbuf: UserbufRule::Absent, now_s, leeway_s: 0 }
    }
}

/// What the userbuf of a UserSig may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserbufRule<'a> {
    /// There must be none, as in Chat.
    Absent,
    /// It must be there and equal.
    Equal(&'a [u8]),
    /// Anything will do; the caller looks at it.
    Any,
}

/// Checks a UserSig and gives what it states.
///
/// In this order, the official Go verifier's: it can be read, app, user, expiry, userbuf, signature. It is good
/// while `now_s <= issued + expire + leeway`; a time of signing in the future is accepted, as it is there.
/// Several keys are for the days of a key's rotation: one of them must fit. All are tried and each comparison takes
/// the same time, so the time this takes tells nothing about the right signature.
///
/// Refused are bytes after the compressed data and names that stand twice, which no signer writes. Even so many texts
/// carry one signature, since anyone can compress its content anew: the text of a UserSig is not a key for a deny list.
/// Deny the user, or what was issued before a time, instead.
///
/// Fails with [`Kind::Signature`] and the code the service would answer: 70002 empty, 70003 cannot be read,
/// 70014 other app, 70013 other user, 70001 expired, 70009 signature; none for the userbuf.
/// Without any key it fails with [`Kind::InvalidInput`].
pub fn verify(user_sig: &str, keys: &[SecretKey], expect: &Expect) -> Result<UserSig> {
    if keys.is_empty() {
        return Err(Error::new(Kind::InvalidInput, "there is no key to verify with")
            .at("keys")
            .cure("pass the app's secret key; without one a UserSig can only be inspected"));
    }
    let user_sig = read(user_sig)?;
    match fault(&user_sig, keys, expect) {
        Some(fault) => Err(fault.into()),
        None => Ok(user_sig),
    }
}

/// The first thing that keeps a readable UserSig from being accepted.
pub(super) fn fault(user_sig: &UserSig, keys: &[SecretKey], expect: &Expect) -> Option<Fault> {
    stated_fault(user_sig, expect)
        .or_else(|| (!signed_by_one_of(user_sig, keys)).then(|| Fault::new(&mistakes::KEY_OF_ANOTHER_APP)))
}

/// [`fault`] without the signature.
pub(super) fn stated_fault(user_sig: &UserSig, expect: &Expect) -> Option<Fault> {
    if let Some(app) = expect.sdk_app_id
        && user_sig.sdk_app_id != u64::from(app)
    {
        let detail = format!("it is for {}, expected was {app}", user_sig.sdk_app_id);
        return Some(Fault::new(&mistakes::OTHER_APP).detail(detail));
    }
    if let Some(user_id) = expect.user_id
        && user_sig.user_id != user_id
    {
        let detail = format!("it is for {:?}, expected was {user_id:?}", user_sig.user_id);
        return Some(Fault::new(&mistakes::OTHER_USER).detail(detail));
    }
    // It was never good, not even in the second in which it was made; no leeway changes that.
    if user_sig.expire_s <= 0 {
        return Some(Fault::new(&mistakes::EXPIRE_NOT_POSITIVE));
    }
    let leeway_s = i64::try_from(expect.leeway_s).unwrap_or(i64::MAX);
    if user_sig.remaining_s(expect.now_s).saturating_add(leeway_s) < 0 {
        let detail = format!("it was good until {}, now is {}", user_sig.expires_at_s(), expect.now_s);
        return Some(Fault::new(&mistakes::EXPIRED).detail(detail));
    }
    match (expect.userbuf, &user_sig.userbuf) {
        (UserbufRule::Any, _) | (UserbufRule::Absent, None) => None,
        (UserbufRule::Absent, Some(_)) => Some(Fault::new(&mistakes::USERBUF_UNEXPECTED)),
        (UserbufRule::Equal(_), None) => Some(Fault::new(&mistakes::USERBUF_MISSING)),
        (UserbufRule::Equal(expected), Some(userbuf)) => {
            (expected != userbuf).then(|| Fault::new(&mistakes::USERBUF_DIFFERS))
        }
    }
}

/// Whether one of the keys made the signature. Tries all of them, in constant time.
pub(super) fn signed_by_one_of(user_sig: &UserSig, keys: &[SecretKey]) -> bool {
    let content = user_sig.content();
    let any = keys
        .iter()
        .fold(Choice::from(0), |any, key| any | Keyed::new(key.as_bytes()).mac(&content).ct_eq(&user_sig.mac));
    any.into()
}
