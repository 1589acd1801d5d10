//! Settings as they arrive in environment variables: copied by hand, through shells, `.env` files and secret stores.
//!
//! Every binding hands a variable to [`read_variable`], so that one text means the same in each language. The core itself
//! reads no environment.

use crate::error::{Error, Kind, Result};

/// The app's SDKAppID.
pub const APP_ID: &str = "TENCENT_IM_SDK_APP_ID";
/// The app's secret key.
pub const SECRET_KEY: &str = "TENCENT_IM_SECRET_KEY";
/// The name of an app admin.
pub const ADMIN: &str = "TENCENT_IM_ADMIN";
/// The region of the app.
pub const REGION: &str = "TENCENT_IM_REGION";
/// An address instead of a region's.
pub const BASE_URL: &str = "TENCENT_IM_BASE_URL";
/// The token of webhook authentication.
pub const WEBHOOK_TOKEN: &str = "TENCENT_IM_WEBHOOK_TOKEN";

/// Reads the text of a variable: cuts off white space and line ends, and returns `None` for a blank one.
///
/// Fails with a [`Kind::Config`] error whose path is the variable's name when [`stray`] finds something in the text.
pub fn read_variable<'a>(name: &str, value: &'a str) -> Result<Option<&'a str>> {
    let value = value.trim();
    match stray(value) {
        Some((fault, cure)) => Err(Error::new(Kind::Config, fault).at(name).cure(cure)),
        None => Ok(Some(value).filter(|value| !value.is_empty())),
    }
}

/// Says what a key, id or address holds that was copied along with it, and how to get rid of it: quotation marks around
/// the text, or characters that nobody sees. The service answers 70009 to a key with one of them.
pub fn stray(text: &str) -> Option<(&'static str, &'static str)> {
    const QUOTES: &[char] = &['"', '\'', '`', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{ab}', '\u{bb}'];
    if text.starts_with('\u{feff}') {
        Some(("the text begins with a byte order mark", "save the file as UTF-8 without a byte order mark"))
    } else if text.starts_with(is_invisible) || text.ends_with(is_invisible) {
        Some(("the text has an invisible character around it", "type it anew, or copy it through a plain-text editor"))
    } else if text.starts_with(QUOTES) || text.ends_with(QUOTES) {
        Some(("the text has quotation marks around it", "remove the quotation marks"))
    } else {
        None
    }
}

/// Characters without any width: marks, joiners, and signs of the direction of writing.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Reads an SDKAppID that is written as text: decimal digits, with white space around them at most.
pub fn parse_app_id(text: &str) -> Result<u32> {
    let digits = text.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number).map_or_else(|| Err(app_id_fault()), crate::credentials::check_app_id)
}

fn app_id_fault() -> Error {
    Error::new(Kind::Config, "the SDKAppID is not a whole number from 1 to 4294967295")
        .at("sdk_app_id")
        .cure(crate::credentials::APP_ID_CURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_line_ends_are_cut_off() {
        for text in ["key", " key", "key\n", "key\r\n", "\tkey\u{a0}", "\u{3000}key "] {
            assert_eq!(read_variable(SECRET_KEY, text), Ok(Some("key")), "{text:?}");
        }
        for blank in ["", " ", "\r\n", "\u{a0}"] {
            assert_eq!(read_variable(SECRET_KEY, blank), Ok(None), "{blank:?}");
        }
    }

    #[test]
    fn what_was_copied_along_is_refused_under_the_name_of_the_variable() {
        for (text, fault) in [
            ("\"key\"", "quotation marks"),
            (" 'key'\n", "quotation marks"),
            ("\u{201c}key\u{201d}", "quotation marks"),
            ("key\"", "quotation marks"),
            ("\u{feff}key", "byte order mark"),
            ("\u{feff}", "byte order mark"),
            ("key\u{200b}", "invisible"),
            ("\u{ad}key", "invisible"),
            ("\u{2060}key", "invisible"),
            ("key\u{feff}", "invisible"),
        ] {
            let error = read_variable(SECRET_KEY, text).expect_err(fault);
            assert!(error.message.contains(fault), "{text:?}: {}", error.message);
            assert_eq!((error.kind, error.path.as_deref()), (Kind::Config, Some(SECRET_KEY)));
            assert!(error.cure.is_some() && !error.to_string().contains("key\""), "{error}");
        }
        // Inside, they may belong to it.
        for text in ["o'brien", "k\u{200b}ey"] {
            assert_eq!(read_variable(ADMIN, text), Ok(Some(text)));
        }
    }

    #[test]
    fn app_ids_as_text() {
        assert_eq!(parse_app_id("1400000001"), Ok(1_400_000_001));
        assert_eq!(parse_app_id(" 1400000001\r\n"), Ok(1_400_000_001));
        assert_eq!(parse_app_id("4294967295"), Ok(u32::MAX));
        for bad in ["", " ", "0", "+1", "-1", "1.0", "1e9", "0x10", "4294967296", "１４", "1 4", "1_400"] {
            let error = parse_app_id(bad).expect_err(bad);
            assert_eq!((error.kind, error.path.as_deref()), (Kind::Config, Some("sdk_app_id")), "{bad}");
        }
    }
}
