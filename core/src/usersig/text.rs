//! Step 5: the service's own base64, and the standard one of the fields inside.

use base64::Engine;
use base64::alphabet::{Alphabet, Symbol};
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{PAD, STANDARD};

use super::zeros;

/// Standard base64 with three marks replaced so that it may stand in a URL: `*` for `+`, `-` for `/`, `_` for the
/// padding `=`. RFC 4648's URL-safe alphabet is another one: there `-` stands for `+` and `_` for `/`.
const SERVICE: GeneralPurpose = {
    let Some(padding) = Symbol::new(b'_') else { panic!("the padding is printable") };
    match Alphabet::new_with_padding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-", padding) {
        Ok(alphabet) => GeneralPurpose::new(&alphabet, PAD),
        Err(_) => panic!("the alphabet has 64 characters"),
    }
};

/// Bytes to a UserSig.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = zeros(bytes.len().div_ceil(3) * 4);
    // The room is exact and base64 is ASCII, so neither of the two can fail.
    let length = SERVICE.encode_slice(bytes, &mut text).unwrap_or_default();
    text.truncate(length);
    String::from_utf8(text).unwrap_or_default()
}

/// A UserSig to bytes. Strict: no other alphabet, no white space, padding complete.
pub fn decode(user_sig: &str) -> Option<Vec<u8>> {
    SERVICE.decode(user_sig).ok()
}

/// Bytes to standard base64, for the field `TLS.userbuf`.
pub(super) fn encode_field(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A MAC to standard base64, for the field `TLS.sig`.
pub(super) fn encode_mac(mac: &[u8; 32]) -> [u8; 44] {
    let mut text = [b'='; 44];
    // 32 bytes always make 44 characters, so there is nothing that could fail.
    let _ = STANDARD.encode_slice(mac, &mut text);
    text
}

/// Standard base64 to bytes. Strict, so that what was decoded encodes to the same text again.
pub(super) fn decode_field(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}
