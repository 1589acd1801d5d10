//! Which proxy a request goes through.

use std::net::IpAddr;

use http::HeaderValue;
use http::uri::{Scheme, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// The proxies of a client.
pub struct Proxies {
    matcher: Matcher,
    /// Those of the environment cannot know this machine's loopback.
    are_for_loopback: bool,
}

impl Proxies {
    /// One proxy for every request; None when it is no address.
    pub fn read(address: &str) -> Option<Self> {
        /// What stands in passwords, but in no address.
        const FOREIGN: &AsciiSet = &CONTROLS
            .add(b' ')
            .add(b'"')
            .add(b'<')
            .add(b'>')
            .add(b'\\')
            .add(b'^')
            .add(b'`')
            .add(b'{')
            .add(b'|')
            .add(b'}');
        let matcher = Matcher::builder().all(utf8_percent_encode(address.trim(), FOREIGN).to_string()).build();
        let found = matcher.intercept(&Uri::from_static("https://any.example/"))?;
        let has_host = found.uri().host().is_some_and(|host| !host.is_empty());
        has_host.then_some(Self { matcher, are_for_loopback: true })
    }

    /// Those that the environment names, or the system.
    pub fn of_environment() -> Self {
        Self { matcher: Matcher::from_system(), are_for_loopback: false }
    }

    /// The proxy on the way to an address.
    pub fn on_the_way(&self, to: &Uri) -> Option<Intercept> {
        if !self.are_for_loopback && is_loopback(to) {
            return None;
        }
        self.matcher.intercept(to)
    }

    /// What a request to this address has to say to a proxy that reads it and wants a login. On the way to an https
    /// address none reads it: there the login is said once a connection.
    pub fn login(&self, to: &Uri) -> Option<HeaderValue> {
        if to.scheme() != Some(&Scheme::HTTP) {
            return None;
        }
        self.on_the_way(to).filter(speaks_http)?.basic_auth().cloned()
    }

    /// Whether the way to an address has TLS somewhere.
    pub fn need_tls(&self, to: &Uri) -> bool {
        let is_https = |address: &Uri| address.scheme() == Some(&Scheme::HTTPS);
        is_https(to) || self.on_the_way(to).is_some_and(|proxy| is_https(proxy.uri()))
    }
}

/// Whether it is no SOCKS proxy.
pub fn speaks_http(proxy: &Intercept) -> bool {
    matches!(proxy.uri().scheme_str(), Some("http" | "https"))
}

fn is_loopback(address: &Uri) -> bool {
    address.host().is_some_and(|host| {
        let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
        host.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback() {
        for yes in ["http://127.0.0.1:80", "http://localhost", "https://[::1]:9/x", "http://127.9.9.9"] {
            assert!(is_loopback(&Uri::from_static(yes)), "{yes}");
        }
        for no in ["http://10.0.0.1", "https://console.tim.qq.com", "http://localhost.example", "x"] {
            assert!(!is_loopback(&Uri::from_static(no)), "{no}");
        }
    }

    #[test]
    fn addresses_of_proxies() {
        let to = Uri::from_static("http://service.test/");
        for (address, at, login) in [
            ("proxy.test", "http://proxy.test/", None),
            (" http://proxy.test:3128/path ", "http://proxy.test:3128/", None),
            ("https://user@[::1]:3128", "https://[::1]:3128/", Some("Basic dXNlcjo=")),
            ("http://user:p\"ä ^%5E@proxy.test", "http://proxy.test/", Some("Basic dXNlcjpwIsOkIF5e")),
            ("socks5h://user:hidden@proxy.test", "socks5h://proxy.test/", None),
        ] {
            let proxies = Proxies::read(address).expect(address);
            assert_eq!(proxies.on_the_way(&to).expect("all go through it").uri(), at);
            assert_eq!(proxies.login(&to).as_ref().map(HeaderValue::as_bytes), login.map(str::as_bytes), "{address}");
            assert_eq!(proxies.login(&Uri::from_static("https://service.test/")), None);
        }
        for bad in ["", "http://", "http://user:hidden@", "http://:3128", "gopher://proxy.test", "http://a b.test"] {
            assert!(Proxies::read(bad).is_none(), "{bad}");
        }
    }
}
