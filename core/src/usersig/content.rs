//! Step 1: the content to be signed.

/// What a UserSig states, as the text it is signed as: all of it but the version, which is not signed.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// The app, in decimal.
    pub sdk_app_id: &'a str,
    /// The user.
    pub user_id: &'a str,
    /// When it was signed, in Unix seconds, in decimal.
    pub issued_at_s: &'a str,
    /// How long it lives from then on, in seconds, in decimal.
    pub expire_s: &'a str,
    /// Extra data, in standard base64.
    pub userbuf: Option<&'a str>,
}

/// The content to be signed: one line a field, each ended by a line feed, nothing escaped.
///
/// Since nothing is escaped, a name with a line break in it could pass for other fields; callers refuse such names.
pub fn content(claims: &Claims) -> Vec<u8> {
    let userbuf = claims.userbuf.unwrap_or_default();
    let mut out = Vec::with_capacity(128 + claims.user_id.len() + userbuf.len());
    out.extend_from_slice(b"TLS.identifier:");
    out.extend_from_slice(claims.user_id.as_bytes());
    out.extend_from_slice(b"\nTLS.sdkappid:");
    out.extend_from_slice(claims.sdk_app_id.as_bytes());
    out.extend_from_slice(b"\nTLS.time:");
    out.extend_from_slice(claims.issued_at_s.as_bytes());
    out.extend_from_slice(b"\nTLS.expire:");
    out.extend_from_slice(claims.expire_s.as_bytes());
    if claims.userbuf.is_some() {
        out.extend_from_slice(b"\nTLS.userbuf:");
        out.extend_from_slice(userbuf.as_bytes());
    }
    out.push(b'\n');
    out
}
