//! The query line, in which the service says what it sends and proves who it is.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::{refused, shown};
use crate::error::Result;

/// Longest query read, in bytes. The service's own has about 250.
const MAX_QUERY_BYTES: usize = 8192;

/// Where an event came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// A call of the server API.
    RestApi,
    /// A browser.
    Web,
    /// An Android device.
    Android,
    /// An iPhone.
    Ios,
    /// A Windows computer.
    Windows,
    /// A Mac.
    Mac,
    /// An iPad.
    Ipad,
    /// Any other.
    Unknown,
}

impl Platform {
    /// Its name, as the service spells it on most pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RestApi => "RESTAPI",
            Self::Web => "Web",
            Self::Android => "Android",
            Self::Ios => "iOS",
            Self::Windows => "Windows",
            Self::Mac => "Mac",
            Self::Ipad => "iPad",
            Self::Unknown => "Unknown",
        }
    }

    /// Reads any of the spellings that the service uses: webhooks differ in capitals, and pages in `Mac` and `macOS`.
    fn of(text: &str) -> Self {
        const ALL: [Platform; 7] = [
            Platform::RestApi,
            Platform::Web,
            Platform::Android,
            Platform::Ios,
            Platform::Windows,
            Platform::Mac,
            Platform::Ipad,
        ];
        let is = |name: &str| name.eq_ignore_ascii_case(text);
        match ALL.into_iter().find(|platform| is(platform.as_str())) {
            Some(platform) => platform,
            None if is("macOS") => Self::Mac,
            None => Self::Unknown,
        }
    }
}

/// The parameters of a query.
#[derive(Debug, Default)]
pub(super) struct Query<'q> {
    pub sdk_app_id: Option<Cow<'q, str>>,
    pub command: Option<Cow<'q, str>>,
    pub client_ip: Option<Cow<'q, str>>,
    pub platform: Option<Platform>,
    pub sign: Option<Cow<'q, str>>,
    pub request_time: Option<Cow<'q, str>>,
}

impl<'q> Query<'q> {
    /// Reads a query, with or without what stands before its question mark. Parameters of other names are the app's own,
    /// from the URL in the console.
    pub fn parse(text: &'q str) -> Result<Self> {
        if text.len() > MAX_QUERY_BYTES {
            return Err(refused(400, format!("the query is longer than {MAX_QUERY_BYTES} bytes")));
        }
        let mut query = Self::default();
        let mut platform = None;
        for pair in query_of(text).split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (place, status) = match &*decoded(name) {
                "SdkAppid" => (&mut query.sdk_app_id, 400),
                "CallbackCommand" => (&mut query.command, 400),
                "ClientIP" => (&mut query.client_ip, 400),
                "OptPlatform" => (&mut platform, 400),
                "Sign" => (&mut query.sign, 401),
                "RequestTime" => (&mut query.request_time, 401),
                _ => continue,
            };
            if place.replace(decoded(value)).is_some() {
                return Err(refused(status, format!("the query has {} twice", shown(name)))
                    .cure("look for a proxy that adds parameters, and take them out of the URL in the console"));
            }
        }
        query.platform = platform.map(|text| Platform::of(&text));
        Ok(query)
    }
}

/// What stands after the question mark of an address. A query may have question marks of its own, in the app's
/// parameters: those cut nothing off.
fn query_of(text: &str) -> &str {
    let Some((before, after)) = text.split_once('?') else { return text };
    let first_name = before.split(['&', '=']).next().unwrap_or_default();
    if before.starts_with('/') || first_name.contains("://") || first_name.len() == before.len() { after } else { text }
}

/// Percent-decoded text, with a space for a plus sign.
fn decoded(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Cow::Owned(percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned());
    }
    Cow::Borrowed(text)
}
