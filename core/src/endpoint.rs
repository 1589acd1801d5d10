//! Where a request goes: regions, domains, base URL, the query line.

use core::net::IpAddr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::{Error, Kind, Result};
use crate::schema::{Op, nearest};
use crate::variables::stray;

/// A region of the service. An app lives in one, chosen when it was made; another answers 70016 or 70020.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its name in the options.
    pub name: &'static str,
    /// The main domain.
    pub domain: &'static str,
    /// The fallback domain, used while the main one cannot be reached.
    pub fallback: &'static str,
}

const fn region(name: &'static str, domain: &'static str, fallback: &'static str) -> Region {
    Region { name, domain, fallback }
}

/// All regions. The first is the default.
pub static REGIONS: [Region; 8] = [
    region("china", "console.tim.qq.com", "adminapi.my-imcloud.com"),
    region("singapore", "adminapisgp.im.qcloud.com", "adminapisgp.my-imcloud.com"),
    region("seoul", "adminapikr.im.qcloud.com", "adminapikr.my-imcloud.com"),
    region("tokyo", "adminapijpn.im.qcloud.com", "adminapijpn.my-imcloud.com"),
    region("frankfurt", "adminapiger.im.qcloud.com", "adminapiger.my-imcloud.com"),
    region("mumbai", "adminapiind.im.qcloud.com", "adminapiind.my-imcloud.com"),
    region("silicon_valley", "adminapiusa.im.qcloud.com", "adminapiusa.my-imcloud.com"),
    region("jakarta", "adminapiidn.im.qcloud.com", "adminapiidn.my-imcloud.com"),
];

/// Finds a region by its name.
pub fn find_region(name: &str) -> Result<&'static Region> {
    REGIONS.iter().find(|region| region.name == name).ok_or_else(|| {
        let names = REGIONS.map(|region| region.name);
        let message = match nearest(name, names) {
            Some(near) => format!("unknown region, did you mean {near}?"),
            None => "unknown region".into(),
        };
        Error::new(Kind::Config, message)
            .at("region")
            .cure(format!("use one of {}, or give a base URL", names.join(", ")))
    })
}

/// The addresses of one region, or of a base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    main: String,
    fallback: Option<String>,
}

impl Endpoint {
    /// A region's domains.
    pub fn of_region(region: &Region) -> Self {
        Self { main: format!("https://{}", region.domain), fallback: Some(format!("https://{}", region.fallback)) }
    }

    /// A base URL such as `http://127.0.0.1:8080`, and its fallback.
    pub fn of_base_url(main: &str, fallback: Option<&str>, allow_http: bool) -> Result<Self> {
        let main = base_url("base_url", main, allow_http)?;
        let fallback = fallback.map(|url| base_url("fallback_url", url, allow_http)).transpose()?;
        if fallback.as_ref() == Some(&main) {
            return Err(Error::new(Kind::Config, "it is the same as `base_url`")
                .at("fallback_url")
                .cure("give another address, or leave it out"));
        }
        Ok(Self { main, fallback })
    }

    /// The main address, such as `https://console.tim.qq.com`.
    pub fn main(&self) -> &str {
        &self.main
    }

    /// The fallback address, if there is one.
    pub fn fallback(&self) -> Option<&str> {
        self.fallback.as_deref()
    }
}

/// Checks a base URL. Plain http is for loopback only, unless `allow_http` says otherwise, because the query holds a
/// UserSig that can administer the whole app.
fn base_url(option: &'static str, url: &str, allow_http: bool) -> Result<String> {
    const SAMPLE: &str = "give scheme and host, such as https://console.tim.qq.com or http://127.0.0.1:8080";
    let fault =
        |message: &'static str, cure: &'static str| Err(Error::new(Kind::Config, message).at(option).cure(cure));
    if let Some((message, cure)) = stray(url) {
        return fault(message, cure);
    }
    let (is_https, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => {
            return fault("the address does not begin with https:// or http://", SAMPLE);
        }
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return fault("the address has a user name or password in it", "leave them out");
    }
    if rest.contains(['?', '#']) {
        return fault("the address has a query or fragment", "leave it out: the SDK writes the query");
    }
    let host = match authority.strip_prefix('[') {
        Some(v6) => match v6.split_once(']') {
            Some((host, port)) if port.is_empty() || port.starts_with(':') => host,
            _ => {
                return fault("the address has a broken IPv6 host", "write it as http://[::1]:8080");
            }
        },
        None => authority.split_once(':').map_or(authority, |(host, _)| host),
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    if host.is_empty() || !host.chars().all(is_plain) || !rest.chars().all(|c| c.is_ascii_graphic()) {
        return fault("the address has no usable host", SAMPLE);
    }
    let port = authority[authority.rfind(host).unwrap_or(0) + host.len()..].trim_start_matches(']');
    let port_is_good =
        port.strip_prefix(':').map_or(port.is_empty(), |digits| digits.parse::<u16>().is_ok_and(|port| port != 0));
    if !port_is_good {
        return fault("the address has a port that is none", "use a port from 1 to 65535");
    }
    if !is_https && !allow_http && !is_loopback(host) {
        return fault(
            "the address is plain http to another machine, where anybody on the way can read the admin's UserSig",
            "use https, or set `allow_http` if the way is safe",
        );
    }
    Ok(url.trim_end_matches('/').into())
}

/// Whether a host is this machine: `localhost` in any case, 127.0.0.0/8 and ::1 in any spelling.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// What a query value keeps as it is: the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Writes the URL of a call.
///
/// A UserSig needs no encoding, its characters are `A-Z a-z 0-9 * - _`; an admin's name may. `random` marks the
/// request and is new for each attempt.
pub fn url(base: &str, op: &Op, sdk_app_id: u32, admin: &str, user_sig: &str, random: u32) -> String {
    use core::fmt::Write;
    let mut url = String::with_capacity(base.len() + op.path.len() + admin.len() + user_sig.len() + 96);
    // Writing to a String cannot fail.
    let _ = write!(
        url,
        "{base}/{}?sdkappid={sdk_app_id}&identifier={}&usersig={user_sig}&random={random}&contenttype=json",
        op.path,
        utf8_percent_encode(admin, ENCODED),
    );
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls() {
        for good in [
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://LOCALHOST:80",
            "http://LocalHost",
            "http://127.0.0.0",
            "http://127.255.255.254:1",
            "http://[::1]:9",
            "http://[0:0:0:0:0:0:0:1]",
            "http://[::ffff:127.0.0.1]:8080",
            "https://console.tim.qq.com",
            "https://proxy.example/im/",
        ] {
            assert!(base_url("base_url", good, false).is_ok(), "{good}");
        }
        for bad in [
            "",
            "console.tim.qq.com",
            "ftp://127.0.0.1",
            "http://",
            "https://:80",
            "http://10.0.0.1",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "http://127.1",
            "http://128.0.0.1",
            "http://[::2]",
            "https://user:pass@host",
            "https://host?x=1",
            "https://host/#",
            "https://host:0",
            "https://host:99999",
            "https://host:x",
            "http://[::1",
            "https://ho st",
            "https://host/\n",
            "\"https://host\"",
            "\u{feff}https://host",
        ] {
            let error = base_url("base_url", bad, false).expect_err(bad);
            assert_eq!(
                (error.kind, error.path.as_deref(), error.cure.is_some()),
                (Kind::Config, Some("base_url"), true),
                "{bad}"
            );
        }
        assert!(base_url("base_url", "http://10.0.0.1:80", true).is_ok());
    }

    #[test]
    fn a_stand_by_is_checked_alike() {
        let endpoint = Endpoint::of_base_url("http://127.0.0.1:1", Some("http://127.0.0.1:2/"), false).expect("good");
        assert_eq!(endpoint.fallback(), Some("http://127.0.0.1:2"));
        for bad in ["http://10.0.0.1", "x", "http://127.0.0.1:1/"] {
            let error = Endpoint::of_base_url("http://127.0.0.1:1", Some(bad), false).expect_err(bad);
            assert_eq!((error.kind, error.path.as_deref()), (Kind::Config, Some("fallback_url")), "{bad}");
        }
    }

    #[test]
    fn eight_regions_and_a_hint() {
        assert_eq!(REGIONS[0].domain, "console.tim.qq.com");
        assert_eq!(find_region("tokyo").expect("a region").fallback, "adminapijpn.my-imcloud.com");
        assert!(find_region("singapor").expect_err("misspelt").message.contains("did you mean singapore?"));
    }
}
