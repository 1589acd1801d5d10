//! Which proxy the environment names for an address. Read alike by every binding that connects by itself.
//!
//! As curl reads it: `https_proxy`, `http_proxy` and `all_proxy`, with `no_proxy` for the exceptions, lower case before
//! upper case. A blank variable counts as unset.

use core::net::IpAddr;

use crate::endpoint::is_loopback;
use crate::error::{Error, Kind, Result};

/// How requests get to an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// The environment names no proxy; the system's settings may.
    Unset,
    /// Without a proxy: the address is this machine's own, or one of the exceptions.
    Direct,
    /// Through the proxy at this address, which has a scheme and may have a login. Not to be shown.
    Proxy(String),
}

/// Finds the way to a host. `read` gives the value of a variable; `schemes` are those of the proxies that the caller can
/// use.
///
/// Fails with a [`Kind::Config`] error whose path is the variable's name when the proxy's address is not usable.
pub fn way(
    is_https: bool,
    host: &str,
    port: u16,
    schemes: &[&str],
    read: impl Fn(&str) -> Option<String>,
) -> Result<Way> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if is_loopback(host) {
        return Ok(Way::Direct);
    }
    let find = |names: &[&'static str]| {
        names.iter().find_map(|name| Some((*name, read(name).filter(|value| !value.trim().is_empty())?)))
    };
    // In a CGI program HTTP_PROXY is not a setting: anybody can send a header named `Proxy`.
    let is_cgi = read("REQUEST_METHOD").is_some();
    let names: &[&str] = match (is_https, is_cgi) {
        (true, _) => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        (false, true) => &["http_proxy", "all_proxy", "ALL_PROXY"],
        (false, false) => &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
    };
    let exceptions = find(&["no_proxy", "NO_PROXY"]).map_or_else(String::new, |(_, list)| list);
    if is_exempt(&exceptions, host, port) {
        return Ok(Way::Direct);
    }
    match find(names) {
        Some((name, address)) => check_address(name, &address, schemes).map(Way::Proxy),
        None => Ok(Way::Unset),
    }
}

/// Checks the address of a proxy and returns it with its scheme, which is `http` if it names none. `path` is the setting
/// or the variable that holds it. No error shows the address: it may hold a password.
pub fn check_address(path: &str, address: &str, schemes: &[&str]) -> Result<String> {
    let fault = |message: &'static str| {
        let cure =
            format!("use an address such as http://user:password@proxy.example:3128; schemes: {}", schemes.join(", "));
        Err(Error::new(Kind::Config, message).at(path).cure(cure))
    };
    let address = address.trim();
    let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
    let scheme = scheme.to_ascii_lowercase();
    if !schemes.contains(&scheme.as_str()) {
        return fault("the proxy's scheme is not supported");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let (host, port) = split_port(place);
    let is_name = |c: char| c.is_alphanumeric() || "-._".contains(c);
    let is_host = if place.starts_with('[') {
        host.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6())
    } else {
        !host.is_empty() && host.chars().all(is_name)
    };
    if !is_host {
        return fault("the proxy's address has no usable host");
    }
    if port.is_some_and(|port| !port.parse::<u16>().is_ok_and(|port| port > 0)) {
        return fault("the proxy's address has an unusable port");
    }
    Ok(format!("{scheme}://{rest}"))
}

/// Whether `no_proxy` has a host: by its name or that of a domain above it, its IP address, a network that the address
/// is in, or `*` for all; each of them for one port only where it has one.
fn is_exempt(list: &str, host: &str, port: u16) -> bool {
    let ip = host.parse::<IpAddr>().ok();
    list.split(|c: char| c == ',' || c.is_whitespace()).filter(|entry| !entry.is_empty()).any(|entry| {
        if let Some((network, bits)) = entry.split_once('/') {
            return ip.is_some_and(|ip| is_in(ip, network, bits));
        }
        let (name, only) = split_port(entry);
        let is_port = only.is_none_or(|only| only.parse() == Ok(port));
        is_port && (name == "*" || is_named(name, host, ip))
    })
}

fn is_named(entry: &str, host: &str, ip: Option<IpAddr>) -> bool {
    if let (Ok(entry), Some(ip)) = (entry.parse::<IpAddr>(), ip) {
        return entry == ip;
    }
    let plain = |name: &str| name.trim_end_matches('.').to_lowercase();
    let domain = plain(entry.trim_start_matches('*').trim_start_matches('.'));
    let host = plain(host);
    !domain.is_empty() && host.strip_suffix(&domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether an address is in a network such as 10.0.0.0/8.
fn is_in(ip: IpAddr, network: &str, bits: &str) -> bool {
    let Ok(bits) = bits.parse::<u32>() else { return false };
    match (ip, network.parse()) {
        (IpAddr::V4(ip), Ok(IpAddr::V4(network))) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            (ip.to_bits() ^ network.to_bits()) & mask == 0
        }
        (IpAddr::V6(ip), Ok(IpAddr::V6(network))) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            (ip.to_bits() ^ network.to_bits()) & mask == 0
        }
        _ => false,
    }
}

/// Host and port; an IPv6 address has brackets around it where a port follows.
fn split_port(place: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, rest.strip_prefix(':').or(if rest.is_empty() { None } else { Some(rest) }));
    }
    match place.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (place, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMES: &[&str] = &["http", "https", "socks5h"];

    fn through(variables: &[(&str, &str)], url: (bool, &str, u16)) -> Result<Way> {
        let read =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        way(url.0, url.1, url.2, SCHEMES, read)
    }

    const HTTPS: (bool, &str, u16) = (true, "im.example", 443);
    const HTTP: (bool, &str, u16) = (false, "im.example", 80);

    #[test]
    fn which_variable_counts() {
        let all = [
            ("https_proxy", "a"),
            ("HTTPS_PROXY", "b"),
            ("http_proxy", "c"),
            ("HTTP_PROXY", "d"),
            ("all_proxy", "e"),
            ("ALL_PROXY", "f"),
        ];
        for (from, url, expected) in [(0, HTTPS, "a"), (1, HTTPS, "b"), (2, HTTPS, "e"), (5, HTTPS, "f")] {
            assert_eq!(through(&all[from..], url), Ok(Way::Proxy(format!("http://{expected}"))));
        }
        for (from, url, expected) in [(0, HTTP, "c"), (3, HTTP, "d"), (4, HTTP, "e")] {
            assert_eq!(through(&all[from..], url), Ok(Way::Proxy(format!("http://{expected}"))));
        }
        assert_eq!(through(&[], HTTPS), Ok(Way::Unset));
        assert_eq!(through(&[("HTTP_PROXY", "d"), ("REQUEST_METHOD", "GET")], HTTP), Ok(Way::Unset));
        for blank in ["", " ", "\r\n"] {
            let variables = [("https_proxy", blank), ("HTTPS_PROXY", "b")];
            assert_eq!(through(&variables, HTTPS), Ok(Way::Proxy("http://b".into())));
            assert_eq!(through(&variables[..1], HTTPS), Ok(Way::Unset));
        }
        for loopback in ["127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]"] {
            assert_eq!(through(&all, (true, loopback, 443)), Ok(Way::Direct), "{loopback}");
        }
    }

    #[test]
    fn exceptions() {
        for (list, host, port, expected) in [
            ("*", "im.example", 443, true),
            ("other.example, *", "im.example", 443, true),
            ("im.example", "im.example", 443, true),
            ("IM.Example.", "im.example", 443, true),
            ("example", "im.example", 443, true),
            (".example", "im.example", 443, true),
            ("*.example", "im.example", 443, true),
            (".im.example", "im.example", 443, true),
            ("m.example", "im.example", 443, false),
            ("im.example:443", "im.example", 443, true),
            ("im.example:8443", "im.example", 443, false),
            ("im.example:x", "im.example", 443, false),
            ("a.example b.example\tim.example", "im.example", 443, true),
            ("10.1.2.3", "10.1.2.3", 443, true),
            ("10.0.0.0/8", "10.1.2.3", 443, true),
            ("10.0.0.0/16", "10.1.2.3", 443, false),
            ("0.0.0.0/0", "10.1.2.3", 443, true),
            ("10.0.0.0/33", "10.1.2.3", 443, false),
            ("10.0.0.0/8", "im.example", 443, false),
            ("fd00::/8", "fd12::1", 443, true),
            ("fd00::/8", "fe80::1", 443, false),
            ("::/0", "fe80::1", 443, true),
            ("fd12::1", "[fd12:0::1]", 443, true),
            ("[fd12::1]:443", "fd12::1", 443, true),
            ("[fd12::1]:80", "fd12::1", 443, false),
            ("", "im.example", 443, false),
            (",.,/,:", "im.example", 443, false),
        ] {
            let found = through(&[("NO_PROXY", list), ("HTTPS_PROXY", "proxy")], (true, host, port));
            assert_eq!(found == Ok(Way::Direct), expected, "{list} {host}:{port}: {found:?}");
        }
    }

    #[test]
    fn addresses_that_are_none_are_told_by_their_variable() {
        for good in [
            "proxy",
            " http://proxy.example:3128/path ",
            "HTTP://proxy",
            "https://user:p@ss@[::1]:3128",
            "socks5h://user:hidden@10.0.0.1:1080",
            "proxy:3128",
        ] {
            assert!(check_address("proxy", good, SCHEMES).is_ok(), "{good}");
        }
        for (bad, fault) in [
            ("socks://hidden", "scheme"),
            ("foo://hidden", "scheme"),
            ("://hidden", "scheme"),
            ("socks5://hidden", "scheme"),
            ("http://", "host"),
            ("http://user:hidden@", "host"),
            ("http://:3128", "host"),
            ("http://hid den", "host"),
            ("http://[hidden]", "host"),
            ("http://[::1", "host"),
            ("http://hidden:0", "port"),
            ("http://hidden:99999", "port"),
            ("http://hidden:", "port"),
            ("http://[::1]x", "port"),
        ] {
            let error = through(&[("ALL_PROXY", bad)], HTTPS).expect_err(bad);
            assert!(error.message.contains(fault), "{bad}: {}", error.message);
            assert_eq!((error.kind, error.path.as_deref()), (Kind::Config, Some("ALL_PROXY")), "{bad}");
            assert!(!error.to_string().contains("hid"), "{error}");
        }
    }
}
