//! Everything that can be wrong with a UserSig, as one table: a stable name, the service's code, why, and the cure.

use std::borrow::Cow;

use crate::error::{Error, Kind};

/// One thing that can be wrong with a UserSig.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Stable name, snake_case.
    pub id: &'static str,
    /// What the service answers, where that is known.
    pub code: Option<i64>,
    /// What is wrong.
    pub message: &'static str,
    /// Why that happens.
    pub cause: &'static str,
    /// What to do about it.
    pub cure: &'static str,
}

macro_rules! mistakes {
    ($($name:ident = $id:literal, $code:expr, $message:literal, $cause:literal, $cure:literal;)*) => {
        $(pub(super) static $name: Mistake =
            Mistake { id: $id, code: $code, message: $message, cause: $cause, cure: $cure };)*

        /// All mistakes that [`inspect`](super::inspect), [`verify`](super::verify) and [`explain`](super::explain) know.
        pub static MISTAKES: &[&Mistake] = &[$(&$name,)*];
    };
}

mistakes! {
    EMPTY = "empty", Some(70002), "the UserSig is empty",
        "no UserSig was handed over, often an unset variable or a field of another name",
        "sign one for this user";
    TOO_LONG = "too_long", Some(70003), "the UserSig is too long",
        "it has more than 4096 characters, many times what a UserSig has",
        "pass the UserSig alone, about 190 characters";
    NOT_BASE64 = "not_base64", Some(70003), "the UserSig cannot be decoded",
        "it has characters outside the service's base64, which is A-Z a-z 0-9 * - with _ as padding, or an odd length",
        "pass the UserSig as it was signed, unchanged";
    CUT_SHORT = "cut_short", Some(70003), "the UserSig is cut short",
        "its end is missing, often a database column or a field that is too narrow",
        "keep at least 512 characters for a UserSig, and sign again";
    NOT_ZLIB = "not_zlib", Some(70003), "the UserSig cannot be inflated",
        "what it decodes to is not in zlib format (RFC 1950)",
        "compress the JSON with zlib, neither gzip nor raw deflate, or pass the UserSig unchanged";
    TOO_LARGE = "too_large", Some(70003), "the UserSig inflates to too much",
        "it inflates to more than 4096 bytes, many times what a UserSig holds",
        "do not trust where it came from";
    DAMAGED = "damaged", Some(70003), "the UserSig is damaged",
        "its checksum (Adler-32) does not fit what it inflates to: a character was changed on the way",
        "pass the UserSig as it was signed, unchanged";
    NOT_JSON = "not_json", Some(70003), "the UserSig holds no JSON object",
        "what it inflates to is not a JSON object",
        "sign with this SDK or an official signer";
    LEGACY_ECDSA = "legacy_ecdsa", Some(70003), "the UserSig is of the older ECDSA scheme",
        "it was signed with a private key (TLSSigAPI v1), which only apps made before 2019-07-19 may still use",
        "take the app's secret key from the console and sign with HMAC-SHA256 (TLSSigAPIv2)";
    OTHER_VERSION = "other_version", Some(70003), "the UserSig is of another version",
        "TLS.ver is not the string 2.0",
        "sign with this SDK or an official v2 signer";
    MISSING_FIELD = "missing_field", Some(70003), "the UserSig lacks a field",
        "its JSON object is not complete",
        "sign with this SDK or an official signer";
    WRONG_TYPE = "wrong_type", Some(70003), "the UserSig has a field of the wrong type",
        "its JSON object has a number as a string, or the other way round",
        "write TLS.sdkappid, TLS.time and TLS.expire as numbers, the other fields as strings";
    CONTROL_CHARACTER = "control_character", Some(70003), "the UserSig names a user with a control character",
        "the name has a line break or another control character, so that what was signed is ambiguous",
        "sign for names of printable characters only";
    BAD_FIELD_BASE64 = "bad_field_base64", Some(70003), "the UserSig has a field that cannot be decoded",
        "TLS.sig and TLS.userbuf are in standard base64 with + / and =, not in the alphabet of the whole",
        "encode these two fields with standard base64 and padding";
    OTHER_APP = "other_app", Some(70014), "the UserSig is for another app",
        "the SDKAppID in it is not the expected one",
        "sign with the SDKAppID and key of the app that is called";
    OTHER_USER = "other_user", Some(70013), "the UserSig is for another user",
        "the user id in it is not the expected one",
        "sign for the user id that is sent along, letter for letter";
    EXPIRED = "expired", Some(70001), "the UserSig has expired",
        "its lifetime is over",
        "sign again; have clients fetch a new one before the old one ends";
    USERBUF_MISSING = "userbuf_missing", None, "the UserSig has no userbuf",
        "one with a userbuf was expected, such as a PrivateMapKey",
        "sign with the userbuf";
    USERBUF_UNEXPECTED = "userbuf_unexpected", None, "the UserSig has a userbuf",
        "one without userbuf was expected; this one may be a PrivateMapKey",
        "sign without userbuf, or allow it";
    USERBUF_DIFFERS = "userbuf_differs", None, "the UserSig has another userbuf",
        "its userbuf is not the expected one",
        "sign with the expected userbuf";
    KEY_OF_ANOTHER_APP = "key_of_another_app", Some(70009), "the signature does not match",
        "it was made with another key than the app's, or a field was changed after signing",
        "copy the secret key of this SDKAppID from the console and sign again";
}

/// A mistake found in one UserSig, with the facts of the case. Never holds a key or the UserSig.
#[derive(Debug)]
pub struct Fault {
    /// Which mistake.
    pub mistake: &'static Mistake,
    /// Facts of the case, such as the two times compared.
    pub detail: Option<String>,
}

impl Fault {
    pub(super) fn new(mistake: &'static Mistake) -> Self {
        Self {
            mistake,
            detail: None,
        }
    }

    pub(super) fn detail(mut self, detail: String) -> Self {
        self.detail = Some(detail);
        self
    }

    /// The cause in one sentence, with the facts of the case.
    pub(super) fn cause(&self) -> Cow<'static, str> {
        match &self.detail {
            Some(detail) => format!("{} ({detail})", self.mistake.cause).into(),
            None => self.mistake.cause.into(),
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let mut error = Error::new(Kind::Signature, fault.mistake.message)
            .at("user_sig")
            .cause(fault.cause())
            .cure(fault.mistake.cure);
        error.code = fault.mistake.code;
        error
    }
}
