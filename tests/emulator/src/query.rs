//! The query line that every call has: `sdkappid`, `identifier`, `usersig`, `random`, `contenttype`.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::answer::Answer;

/// Longest name of a user, in bytes.
const MAX_IDENTIFIER_BYTES: usize = 32;

/// A query in which every parameter is there and of the right form. Whether app and UserSig are good comes later.
#[derive(Debug)]
pub struct Query<'a> {
    /// The app; not 0.
    pub sdk_app_id: u32,
    /// Who calls.
    pub identifier: Cow<'a, str>,
    /// The caller's UserSig, perhaps empty.
    pub user_sig: Cow<'a, str>,
}

/// The parameters as they stand.
#[derive(Default)]
struct Raw<'a> {
    sdkappid: Option<Cow<'a, str>>,
    identifier: Option<Cow<'a, str>>,
    usersig: Option<Cow<'a, str>>,
    random: Option<Cow<'a, str>>,
    contenttype: Option<Cow<'a, str>>,
}

/// The number that marks the request, if it has a good one. Counted even where the rest of the query is bad.
pub fn random(query: &str) -> Option<u32> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("random="))?;
    number(value).and_then(|number| u32::try_from(number).ok())
}

impl<'a> Query<'a> {
    /// Reads and checks the query line.
    ///
    /// The pages give codes of their own for the app (60012 missing, 60006 not valid) and for name and UserSig
    /// (60004, 60005); the rest is a request that the service "does not understand, check the URL": 60002.
    pub fn read(query: &'a str) -> Result<Self, Answer> {
        let raw = Raw::read(query)?;
        let sdk_app_id = match raw.sdkappid {
            None => return Err(Answer::fail(60012)),
            Some(text) => match number(&text).and_then(|number| u32::try_from(number).ok()) {
                None | Some(0) => return Err(Answer::fail(60006)),
                Some(number) => number,
            },
        };
        let identifier = match raw.identifier {
            None => return Err(Answer::fail_with(60004, "identifier is missing in the URL")),
            Some(name) if name.is_empty() => return Err(Answer::fail_with(60004, "identifier is empty in the URL")),
            Some(name) if name.len() > MAX_IDENTIFIER_BYTES => {
                return Err(Answer::fail_with(60004, "identifier has more than 32 bytes"));
            }
            Some(name) => name,
        };
        let user_sig = raw.usersig.ok_or_else(|| Answer::fail_with(60005, "usersig is missing in the URL"))?;
        match raw.random.as_deref().map(number) {
            None => return Err(Answer::fail_with(60002, "random is missing in the URL")),
            Some(Some(number)) if number <= u32::MAX.into() => {}
            Some(_) => return Err(Answer::fail_with(60002, "random is not a whole number from 0 to 4294967295")),
        }
        match raw.contenttype.as_deref() {
            Some("json") => Ok(Self { sdk_app_id, identifier, user_sig }),
            None => Err(Answer::fail_with(60002, "contenttype is missing in the URL")),
            Some(_) => Err(Answer::fail_with(60002, "contenttype is not json")),
        }
    }
}

impl<'a> Raw<'a> {
    /// Names are case-sensitive; further parameters are none of our business (GetIPList has one).
    fn read(query: &'a str) -> Result<Self, Answer> {
        let mut raw = Self::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let slot = match name {
                "sdkappid" => &mut raw.sdkappid,
                "identifier" => &mut raw.identifier,
                "usersig" => &mut raw.usersig,
                "random" => &mut raw.random,
                "contenttype" => &mut raw.contenttype,
                _ => continue,
            };
            let value = decode(value).ok_or_else(|| Answer::fail_with(60002, format!("{name} is not UTF-8")))?;
            if slot.replace(value).is_some() {
                return Err(Answer::fail_with(60002, format!("{name} is given twice")));
            }
        }
        Ok(raw)
    }
}

/// Undoes the percent-encoding. A plus is a space, as in every form: a UserSig in the wrong base64 shows by it.
fn decode(value: &str) -> Option<Cow<'_, str>> {
    if value.bytes().all(|byte| byte != b'%' && byte != b'+') {
        return Some(Cow::Borrowed(value));
    }
    let spaced = value.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(|text| Cow::Owned(text.into_owned()))
}

/// Digits only: no sign, no white space.
fn number(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}
