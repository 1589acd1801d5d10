//! Which proxy a request goes through.

use http::HeaderValue;
use http::uri::{Scheme, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use tencent_im_core::proxies::{Way, check_address, way};
use tencent_im_core::{Error, Kind, Result};

/// Schemes of the proxies that a connection can go through.
const SCHEMES: &[&str] = &["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The proxies of a client.
pub enum Proxies {
    /// One for every request.
    Set(Intercept),
    /// Those of the environment or the system, by the address that a request goes to.
    ByAddress(Vec<(Uri, Option<Intercept>)>),
}

impl Proxies {
    /// One proxy for every request. Fails with an error at `path` that does not show the address.
    pub fn set(path: &str, address: &str) -> Result<Self> {
        read(path, address).map(Self::Set)
    }

    /// The proxies that the environment names for these addresses, or else the system. Fails with an error that names
    /// the variable.
    pub fn of_environment(addresses: &[Uri]) -> Result<Self> {
        let variable = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        let way = |to: &Uri| {
            let is_https = to.scheme() == Some(&Scheme::HTTPS);
            let port = to.port_u16().unwrap_or(if is_https { 443 } else { 80 });
            match way(is_https, to.host().unwrap_or_default(), port, SCHEMES, variable)? {
                Way::Direct => Ok(None),
                Way::Proxy(address) => read("proxy", &address).map(Some),
                // On Windows and macOS the system may name one; elsewhere this finds nothing.
                Way::Unset => Ok(Matcher::from_system().intercept(to)),
            }
        };
        let ways = addresses.iter().map(|to| Ok((to.clone(), way(to)?)));
        Ok(Self::ByAddress(ways.collect::<Result<_>>()?))
    }

    /// The proxy on the way to an address.
    pub fn on_the_way(&self, to: &Uri) -> Option<&Intercept> {
        match self {
            Self::Set(proxy) => Some(proxy),
            Self::ByAddress(ways) => {
                let is_it = |known: &Uri| known.scheme() == to.scheme() && known.authority() == to.authority();
                ways.iter().find(|(known, _)| is_it(known))?.1.as_ref()
            }
        }
    }

    /// What a request to this address has to say to a proxy that reads it and wants a login. On the way to an https
    /// address none reads it: there the login is said once a connection.
    pub fn login(&self, to: &Uri) -> Option<HeaderValue> {
        if to.scheme() != Some(&Scheme::HTTP) {
            return None;
        }
        self.on_the_way(to).filter(|proxy| speaks_http(proxy))?.basic_auth().cloned()
    }

    /// Whether the way to an address has TLS somewhere.
    pub fn need_tls(&self, to: &Uri) -> bool {
        let is_https = |address: &Uri| address.scheme() == Some(&Scheme::HTTPS);
        is_https(to) || self.on_the_way(to).is_some_and(|proxy| is_https(proxy.uri()))
    }
}

/// Whether it is an HTTP proxy rather than a SOCKS one.
pub fn speaks_http(proxy: &Intercept) -> bool {
    matches!(proxy.uri().scheme_str(), Some("http" | "https"))
}

fn read(path: &str, address: &str) -> Result<Intercept> {
    /// What stands in passwords, but not in addresses.
    const FOREIGN: &AsciiSet =
        &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');
    let address = check_address(path, address, SCHEMES)?;
    let matcher = Matcher::builder().all(utf8_percent_encode(&address, FOREIGN).to_string()).build();
    matcher.intercept(&Uri::from_static("https://any.example/")).ok_or_else(|| {
        Error::new(Kind::Config, "the proxy's address cannot be read")
            .at(path)
            .cure("write what is unusual in a user name or password as %XX")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let proxies = Proxies::set("proxy", address).expect(address);
            assert_eq!(proxies.on_the_way(&to).expect("all go through it").uri(), at);
            assert_eq!(proxies.login(&to).as_ref().map(HeaderValue::as_bytes), login.map(str::as_bytes), "{address}");
            assert_eq!(proxies.login(&Uri::from_static("https://service.test/")), None);
        }
        for bad in ["", "http://", "http://user:hidden@", "http://:3128", "gopher://proxy.test", "http://a b.test"] {
            let error = Proxies::set("proxy", bad).err().expect(bad);
            assert_eq!((error.kind, error.path.as_deref()), (Kind::Config, Some("proxy")), "{bad}");
        }
    }
}
