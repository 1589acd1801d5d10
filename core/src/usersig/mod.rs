//! UserSig: the token with which a user, or the app's administrator, proves who they are.
//!
//! Scheme TLSSigAPIv2 (HMAC-SHA256), one step a file:
//!
//! | step | file | gives |
//! | --- | --- | --- |
//! | 1 | `content` | the lines to be signed |
//! | 2 | `mac` | their HMAC-SHA256 |
//! | 3 | `json` | the JSON object that carries them |
//! | 4 | `deflate` | the object in zlib format (RFC 1950, 1951) |
//! | 5 | `text` | the service's own base64 |
//!
//! [`Signer`] goes through them forwards, [`inspect`] backwards without a key, [`verify`] backwards with one,
//! [`explain`] says in words what a broken UserSig suffers from. Time is always an argument, in Unix seconds.
//!
//! From the official signers at <https://github.com/tencentyun>, `tls-sig-api-v2-*`.

mod content;
mod deflate;
mod explain;
mod inspect;
mod json;
mod mac;
mod mistakes;
mod privilege;
mod readings;
mod sign;
mod text;
mod values;
mod verify;

pub use explain::{Belief, Explanation, explain};
pub use inspect::{UserSig, inspect};
pub use mistakes::{MISTAKES, Mistake};
pub use privilege::{MAX_ROOM_BYTES, PrivateMapKey, Privileges, Room, parse_private_map_key};
pub use sign::Signer;
pub use values::{
    ExplainUserSig, ParsePrivateMapKey, SignPrivateMapKey, VerifyUserSig, inspect_value, tool, verify_value,
};
pub use verify::{Expect, UserbufRule, verify};

/// Lifetime where the official signers have a default: 180 days, in seconds.
pub const DEFAULT_EXPIRE_S: u64 = 15_552_000;

/// Longest lifetime the service advises: 50 years of 365 days, in seconds.
pub const MAX_EXPIRE_S: u64 = 50 * 365 * 86_400;

/// Earliest time of signing that is taken: 2010-01-01, in Unix seconds. Anything earlier is a clock that was never set.
pub const MIN_TIME_S: u64 = 1_262_304_000;

/// Latest time of signing that is taken: the last second of 2099, in Unix seconds. Anything later is in milliseconds.
pub const MAX_TIME_S: u64 = 4_102_444_799;

/// Longest userbuf that is signed, in bytes. The largest one the service defines has 121.
pub const MAX_USERBUF_BYTES: usize = 1024;

/// Longest UserSig that is read, in characters. The longest userbuf takes 2400 without any compression.
pub const MAX_USER_SIG_CHARS: usize = 4096;

/// Most bytes a UserSig may inflate to; reading stops there, so that a deflate bomb costs no more than this.
pub const MAX_JSON_BYTES: usize = 4096;

/// Zeroed bytes for a step's output.
#[expect(
    clippy::slow_vector_initialization,
    reason = "the faster way for so few: zeroed memory, as vec![0; n] asks for it, is not taken from the small blocks \
              that glibc keeps at hand for each thread"
)]
fn zeros(count: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(count);
    bytes.resize(count, 0);
    bytes
}

/// The steps of a signature, each on its own, for tests and benches. No promise is made about these names.
#[doc(hidden)]
pub mod steps {
    pub use super::content::{Claims, content};
    pub use super::deflate::zlib;
    pub use super::json::{read, write};
    pub use super::mac::Keyed;
    pub use super::text::{decode, encode};
}
