//! Steps 1 and 2: the content to be signed, and its HMAC-SHA256.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// What a UserSig states, as it is signed: all of it but the version.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// The app.
    pub sdk_app_id: u64,
    /// The user.
    pub user_id: &'a str,
    /// When it was signed, in Unix seconds.
    pub issued_at_s: i64,
    /// How long it lives from then on, in seconds.
    pub expire_s: i64,
    /// Extra data, already in standard base64.
    pub userbuf: Option<&'a str>,
}

/// The content to be signed: one line a field, each ended by a line feed, nothing escaped.
///
/// Since nothing is escaped, a name with a line break in it could pass for other fields; callers refuse such names.
pub fn content(claims: &Claims) -> Vec<u8> {
    let mut out = Vec::with_capacity(160 + claims.userbuf.map_or(0, str::len));
    out.extend_from_slice(b"TLS.identifier:");
    out.extend_from_slice(claims.user_id.as_bytes());
    out.extend_from_slice(b"\nTLS.sdkappid:");
    push_unsigned(&mut out, claims.sdk_app_id);
    out.extend_from_slice(b"\nTLS.time:");
    push_signed(&mut out, claims.issued_at_s);
    out.extend_from_slice(b"\nTLS.expire:");
    push_signed(&mut out, claims.expire_s);
    if let Some(userbuf) = claims.userbuf {
        out.extend_from_slice(b"\nTLS.userbuf:");
        out.extend_from_slice(userbuf.as_bytes());
    }
    out.push(b'\n');
    out
}

/// Appends a number in decimal. `write!` would do the same at several times the cost.
pub(super) fn push_unsigned(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends a number in decimal, with a minus sign where it needs one.
pub(super) fn push_signed(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    push_unsigned(out, number.unsigned_abs());
}

/// HMAC-SHA256 with the key already taken in: two of its blocks depend on the key alone and are hashed once, here.
///
/// Worth as much as the key itself, so it never shows in `Debug` and is wiped on drop.
#[derive(Clone)]
pub struct Keyed(Hmac<Sha256>);

impl Keyed {
    /// Takes the key's bytes as they stand. As HMAC defines it, a key over 64 bytes is replaced by its hash.
    pub fn new(key: &[u8]) -> Self {
        let mut block = Zeroizing::new([0; 64]);
        if let Some(start) = block.get_mut(..key.len()) {
            start.copy_from_slice(key);
        } else {
            block[..32].copy_from_slice(&Sha256::digest(key));
        }
        Self(Hmac::new((&*block).into()))
    }

    /// The MAC of the content.
    pub fn mac(&self, content: &[u8]) -> [u8; 32] {
        let mut hmac = self.0.clone();
        hmac.update(content);
        hmac.finalize().into_bytes().into()
    }
}
