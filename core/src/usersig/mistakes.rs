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
        "a character was changed or added on the way: its checksum (Adler-32) or its end does not fit",
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
    // What explain tells apart beyond what inspect and verify need: how a good UserSig got spoilt on its way.
    SECRET_KEY_SENT = "secret_key_sent", Some(70003), "this is a secret key",
        "the app's secret key was passed in place of a UserSig",
        "sign a UserSig with it; if the key left the server, make a new one in the console";
    JWT = "jwt", Some(70003), "this is a JSON web token",
        "the token of another system was passed in place of a UserSig",
        "pass the UserSig";
    WHITE_SPACE = "white_space", Some(70003), "the UserSig has white space in it",
        "line breaks or spaces came in, from a file, a form or a base64 encoder that breaks lines",
        "trim it, and encode without line breaks";
    QUOTES = "quotes", Some(70003), "the UserSig has quotation marks around it",
        "it was copied out of JSON or a shell with its quotation marks",
        "pass what is between the marks";
    PERCENT_ENCODED = "percent_encoded", Some(70003), "the UserSig is percent-encoded",
        "its marks were escaped for a URL, which none of them needs",
        "put it into the URL as it is, or let only one layer encode it";
    PERCENT_ENCODED_TWICE = "percent_encoded_twice", Some(70003), "the UserSig is percent-encoded twice",
        "two layers escaped it for a URL, and one is undone by the service at most",
        "put it into the URL as it is, and let the HTTP library encode the query";
    STANDARD_BASE64 = "standard_base64", Some(70003), "the UserSig is in the standard base64 alphabet",
        "it has + / = where the service wants * - _",
        "after base64 replace + by *, / by - and = by _";
    URL_DECODED = "url_decoded", Some(70003), "the UserSig was URL-decoded",
        "it was in the standard base64 alphabet, and a query turned its + into spaces",
        "after base64 replace + by *, / by - and = by _";
    URL_SAFE_BASE64 = "url_safe_base64", Some(70003), "the UserSig is in RFC 4648's URL-safe base64",
        "there - stands for + and _ for /, while the service reads * for +, - for / and _ for the padding",
        "use standard base64 with padding, then replace + by *, / by - and = by _";
    PADDING_MISSING = "padding_missing", Some(70003), "the UserSig lacks its padding",
        "the one or two _ at its end were left out or stripped",
        "keep base64's padding, written as _";
    BASE64_TWICE = "base64_twice", Some(70003), "the UserSig is base64 of base64",
        "a UserSig, which is text already, was encoded once more",
        "encode once";
    HEX = "hex", Some(70003), "the UserSig is in hexadecimal",
        "the compressed JSON was written in hexadecimal",
        "write it in base64, then replace + by *, / by - and = by _";
    NOT_ENCODED = "not_encoded", Some(70003), "the UserSig is bare JSON",
        "the JSON object was neither compressed nor encoded",
        "compress it with zlib, then encode it with the service's base64";
    NOT_COMPRESSED = "not_compressed", Some(70003), "the UserSig is not compressed",
        "the JSON object was encoded without being compressed",
        "compress it with zlib before base64";
    RAW_DEFLATE = "raw_deflate", Some(70003), "the UserSig is in raw deflate format",
        "the two header bytes and the checksum of zlib (RFC 1950) are missing",
        "use zlib's format: no negative window bits, not deflateRaw";
    GZIP = "gzip", Some(70003), "the UserSig is in gzip format",
        "the JSON object was compressed with gzip",
        "use zlib's format (RFC 1950)";
    LETTER_CASE_LOST = "letter_case_lost", Some(70003), "the UserSig has letters of one case only",
        "something turned all its letters to lower or upper case, which cannot be undone",
        "sign again, and keep it as it is";
    MAC_IN_HEX = "mac_in_hex", Some(70003), "the signature inside is in hexadecimal",
        "TLS.sig has the HMAC's hexadecimal digits where its 32 bytes belong",
        "take the HMAC's raw bytes and encode them with standard base64";
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
    // How the signing itself went wrong, told apart by explain.
    KEY_HEX_DECODED = "key_hex_decoded", Some(70009), "the key was decoded from hexadecimal",
        "the 32 bytes that its 64 digits stand for were used, where the 64 characters themselves are the key",
        "use the key's text as it is";
    KEY_BASE64_DECODED = "key_base64_decoded", Some(70009), "the key was decoded from base64",
        "the bytes that its characters stand for were used, where the characters themselves are the key",
        "use the key's text as it is";
    KEY_WITH_WHITE_SPACE = "key_with_white_space", Some(70009), "the key had white space around it",
        "a line break, space or quotation mark was hashed along, from a file or an environment variable",
        "trim the key when it is loaded";
    KEY_LETTER_CASE = "key_letter_case", Some(70009), "the key was in the other letter case",
        "the key's letters were turned to upper or lower case",
        "use the key's text as it is";
    CONTENT_DIFFERS = "content_differs", Some(70009), "other text was signed than the fields state",
        "the key is right, but the lines that were signed are not the documented ones",
        "sign TLS.identifier, TLS.sdkappid, TLS.time, TLS.expire and any TLS.userbuf, each as name:value and one line feed";
    // Values that no verifier refuses and that are wrong all the same.
    NO_SUCH_APP = "no_such_app", Some(70020), "there is no such app",
        "the SDKAppID is 0 or does not fit 32 bits",
        "take the SDKAppID from the console";
    NAME_OUT_OF_RANGE = "name_out_of_range", None, "the user's name is empty or too long",
        "a user id has 1 to 32 bytes of UTF-8",
        "sign for a name within the limits";
    EXPIRE_NOT_POSITIVE = "expire_not_positive", Some(70001), "the UserSig was never good",
        "its lifetime is zero or negative, so that it expires when it is made",
        "pass a lifetime in seconds, such as 15552000 for 180 days";
    CLOCK_NOT_SET = "clock_not_set", Some(70001), "the UserSig was signed before 2010",
        "the signer's clock was not set, or TLS.time is not in Unix seconds",
        "set the clock, and take the time in Unix seconds";
    TIME_IN_MILLISECONDS = "time_in_milliseconds", None, "the time of signing is in milliseconds",
        "TLS.time is in seconds; what the service does with such a far future is not documented",
        "divide the time by 1000 before signing";
    EXPIRE_IN_MILLISECONDS = "expire_in_milliseconds", None, "the lifetime is in milliseconds",
        "TLS.expire is in seconds and may be 50 years at most",
        "pass the lifetime in seconds";
    EXPIRE_IS_AN_INSTANT = "expire_is_an_instant", None, "the lifetime is an instant",
        "TLS.expire counts seconds from the time of signing, and was given the time of expiry",
        "pass the lifetime in seconds, such as 15552000 for 180 days";
    EXPIRE_TOO_LONG = "expire_too_long", None, "the lifetime is over 50 years",
        "50 years is the longest lifetime the service advises",
        "pass a shorter lifetime in seconds, such as 15552000 for 180 days";
    ISSUED_IN_THE_FUTURE = "issued_in_the_future", None, "the UserSig was signed in the future",
        "the signer's clock and the one compared with differ; what the service does is not documented",
        "set both clocks by network time";
    NOW_IN_MILLISECONDS = "now_in_milliseconds", None, "the time compared with is in milliseconds",
        "the time handed over for now is beyond the year 2100 in Unix seconds",
        "divide the time by 1000";
    NOW_NOT_SET = "now_not_set", None, "the time compared with is before 2010",
        "the clock here is not set, or its time is not in Unix seconds",
        "set the clock, and pass Unix seconds";
    UNKNOWN_REGION = "unknown_region", None, "the region is unknown",
        "the UserSig is in order, but the service has no region of this name",
        "name the region the app was made in; another one answers 70016 or 70020";
    NO_KEY_GIVEN = "no_key_given", None, "the signature was not checked",
        "no key was given to check it with; everything else is in order",
        "explain it with the app's secret key";
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
        Self { mistake, detail: None }
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
