//! What the `doctor` of a command line says. Each looks by the means of its language; what that shows, and what to do about
//! it, is said here, so that all say the same.

use serde::{Deserialize, Serialize};

use crate::endpoint::REGIONS;
use crate::error::Kind;
use crate::schema::suggest::nearest;
use crate::variables;

/// What one look showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it is.
    pub state: State,
    /// What was seen.
    pub detail: String,
    /// What to do about it.
    pub cure: Option<String>,
    /// Regions that may know the app. To be asked, unless the address is one of the caller's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions_to_ask: Vec<&'static str>,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// Works, but not as it should.
    Warning,
    /// Does not work.
    Failed,
}

/// What was looked at, and what came of it. Has no `Debug`: one holds the secret key.
#[derive(Deserialize)]
#[serde(tag = "look", rename_all = "snake_case", deny_unknown_fields)]
pub enum Look {
    /// The names of the environment variables.
    Variables {
        /// All of them.
        names: Vec<String>,
    },
    /// The secret key.
    SecretKey {
        /// The key.
        key: String,
        /// Where it is from.
        source: String,
        /// Its file, if others can read that.
        open_file: Option<String>,
    },
    /// What the service said when it was asked whether the admin exists.
    Answer {
        /// The admin.
        admin: String,
        /// How long it took, in milliseconds.
        took_ms: u64,
        /// How many seconds this machine's clock is behind the service's; 0 if that cannot be told.
        skew_s: i64,
        /// The error, if it was one.
        error: Option<Failure>,
    },
    /// What each region said to the same question.
    Regions {
        /// By name: the code of its error, 0 if it was none, nothing if it did not answer.
        codes: Vec<(String, Option<i64>)>,
    },
    /// Looking up the host's address.
    Dns {
        /// The host.
        host: String,
        /// Its address.
        address: Option<String>,
        /// Why there is none.
        error: Option<String>,
    },
    /// Connecting.
    Connection {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// Why it does not work.
        error: Option<String>,
    },
    /// The TLS handshake.
    Tls {
        /// Why it does not work.
        error: Option<String>,
        /// What to do so that a further CA certificate is trusted, if the certificate was refused.
        trust: Option<String>,
    },
}

/// An error of a call.
#[derive(Deserialize)]
pub struct Failure {
    kind: String,
    code: Option<i64>,
    message: String,
    cause: Option<String>,
    cure: Option<String>,
}

/// The variables that are read, by the SDK or by the Python package's command line.
const KNOWN: [&str; 9] = [
    variables::APP_ID,
    variables::SECRET_KEY,
    variables::ADMIN,
    variables::REGION,
    variables::BASE_URL,
    variables::WEBHOOK_TOKEN,
    "TENCENT_IM_PROFILE",
    "TENCENT_IM_CONFIG",
    "TENCENT_IM_EMULATOR",
];
/// What the service answers about an app of another region, or one that does not exist.
const ELSEWHERE: [i64; 2] = [70016, 70020];

/// Says what a look showed: nothing, if there is nothing to say.
pub fn say(look: Look) -> Vec<Check> {
    match look {
        Look::Variables { names } => of_variables(&names),
        Look::SecretKey { key, source, open_file } => of_key(&key, &source, open_file),
        Look::Answer { admin, took_ms, skew_s, error } => of_answer(&admin, took_ms, skew_s, error),
        Look::Regions { codes } => of_regions(codes),
        Look::Dns { host, address, error } => vec![match (address, error) {
            (Some(address), _) => ok("DNS", format!("{host} is {address}")),
            (None, error) => {
                let cure = "check the name, the DNS server, and whether this machine is online";
                failed("DNS", format!("{host}: {}", error.unwrap_or_else(|| "it has no address".into())), cure)
            }
        }],
        Look::Connection { host, port, error } => vec![match error {
            None => ok("connection", format!("port {port} accepts connections")),
            Some(error) => failed(
                "connection",
                format!("{host}:{port}: {error}"),
                format!(
                    "let this machine reach {host}:{port}: check firewall and security group, or set a proxy (HTTPS_PROXY)"
                ),
            ),
        }],
        Look::Tls { error, trust } => vec![match (error, trust) {
            (None, _) => ok("TLS", "the certificate is valid"),
            (Some(error), Some(trust)) => {
                failed("TLS", error, format!("if a proxy of your company inspects TLS, {trust}"))
            }
            (Some(error), None) => failed("TLS", error, "check whether something on the way intercepts the connection"),
        }],
    }
}

fn ok(name: &'static str, detail: impl Into<String>) -> Check {
    Check { name, state: State::Ok, detail: detail.into(), cure: None, regions_to_ask: Vec::new() }
}

fn warning(name: &'static str, detail: impl Into<String>, cure: impl Into<String>) -> Check {
    Check { state: State::Warning, cure: Some(cure.into()), ..ok(name, detail) }
}

fn failed(name: &'static str, detail: impl Into<String>, cure: impl Into<String>) -> Check {
    Check { state: State::Failed, cure: Some(cure.into()), ..ok(name, detail) }
}

/// Variables that nobody reads, and that are probably misspelt.
fn of_variables(names: &[String]) -> Vec<Check> {
    let is_meant = |name: &&String| name.starts_with("TENCENT_IM") || name.starts_with("TENCENTIM");
    let unknown = names.iter().filter(is_meant).filter(|name| !KNOWN.contains(&name.as_str()));
    let check = |name: &String| {
        let cure = match nearest(name, KNOWN) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("the variables are {}", KNOWN.join(", ")),
        };
        warning("environment", format!("{name} is not read"), cure)
    };
    unknown.map(check).collect()
}

fn of_key(key: &str, source: &str, open_file: Option<String>) -> Vec<Check> {
    let mut checks = vec![ok("secret key", format!("from {source}"))];
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if key.len() != 64 || !key.bytes().all(is_digit) {
        let detail =
            format!("it has {} characters; keys of the console have 64 digits and letters a to f", key.chars().count());
        checks.push(warning(
            "secret key",
            detail,
            "copy it again from the console: Chat > the app > Basic Configuration > Key",
        ));
    }
    if let Some(file) = open_file {
        checks.push(warning("secret key", format!("others can read {file}"), format!("chmod 600 {file}")));
    }
    checks
}

fn of_answer(admin: &str, took_ms: u64, skew_s: i64, error: Option<Failure>) -> Vec<Check> {
    let is = |error: &Failure, kind: Kind| error.kind == kind.as_str();
    if let Some(error) = &error
        && (is(error, Kind::Transport) || is(error, Kind::Timeout))
    {
        return vec![Check { state: State::Failed, cure: error.cure.clone(), ..ok("network", &error.message) }];
    }
    let clock = if skew_s == 0 {
        ok("clock", "within 3 s of the service's")
    } else {
        let pace = if skew_s > 0 { "slow" } else { "fast" };
        warning(
            "clock",
            format!("this machine's clock is {} s {pace}", skew_s.unsigned_abs()),
            "set it by a time server (NTP); until then this SDK uses the service's time",
        )
    };
    let mut checks = vec![ok("network", format!("the service answered in {took_ms} ms")), clock];
    let Some(error) = error else {
        checks.push(ok("UserSig", "the app takes the key"));
        checks.push(ok("admin", format!("{admin} may make calls")));
        return checks;
    };
    let name = match () {
        () if is(&error, Kind::Signature) => "UserSig",
        () if is(&error, Kind::Auth) => "app",
        () if is(&error, Kind::Permission) => "admin",
        () => "service",
    };
    let code = error.code.map_or_else(String::new, |code| format!(" (code {code})"));
    let cause = error.cause.map_or_else(String::new, |cause| format!(": {cause}"));
    let is_elsewhere = error.code.is_some_and(|code| ELSEWHERE.contains(&code));
    let regions_to_ask = if is_elsewhere { REGIONS.iter().map(|region| region.name).collect() } else { Vec::new() };
    let detail = format!("{}{code}{cause}", error.message);
    checks.push(Check { state: State::Failed, cure: error.cure, regions_to_ask, ..ok(name, detail) });
    checks
}

/// Where the app is, if one of them knows it.
fn of_regions(codes: Vec<(String, Option<i64>)>) -> Vec<Check> {
    let knows = |code: &Option<i64>| code.is_some_and(|code| !ELSEWHERE.contains(&code));
    let found = codes.into_iter().find(|(_, code)| knows(code));
    let check = |(name, _): (String, _)| {
        let cure = format!("--region {name}, or {}", variables::REGION);
        failed("region", format!("the app is in the region {name}"), cure)
    };
    found.map(check).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn said(look: Value) -> Vec<Check> {
        say(serde_json::from_value(look).unwrap_or_else(|error| panic!("a look: {error}")))
    }

    fn short(checks: &[Check]) -> Vec<(&str, State, &str)> {
        checks.iter().map(|check| (check.name, check.state, check.detail.as_str())).collect()
    }

    #[test]
    fn misspelt_variables_are_told_with_what_was_meant() {
        let names = ["PATH", "TENCENT_IM_REGION", "TENCENT_IM_SECRETKEY", "TENCENTIM_ADMIN", "TENCENT_IM_X"];
        let checks = said(json!({"look": "variables", "names": names}));
        let cures: Vec<_> = checks.iter().map(|check| check.cure.as_deref().expect("a cure")).collect();
        assert_eq!(cures[..2], ["did you mean TENCENT_IM_SECRET_KEY?", "did you mean TENCENT_IM_ADMIN?"]);
        assert!(cures.len() == 3 && cures[2].starts_with("the variables are "), "{cures:?}");
    }

    #[test]
    fn a_key_is_judged_and_never_shown() {
        let good = said(json!({"look": "secret_key", "key": "0a".repeat(32), "source": "keyring"}));
        assert_eq!(short(&good), [("secret key", State::Ok, "from keyring")]);
        let checks = said(json!({"look": "secret_key", "key": "WRONG-KEY", "source": "f", "open_file": "/tmp/key"}));
        let texts = format!("{checks:?}");
        assert_eq!(checks.len(), 3);
        assert!(texts.contains("9 characters") && texts.contains("chmod 600 /tmp/key") && !texts.contains("WRONG"));
    }

    #[test]
    fn an_answer_is_read_for_network_clock_and_what_it_refuses() {
        let answer = |skew: i64, error: Value| {
            said(json!({"look": "answer", "admin": "boss", "took_ms": 12, "skew_s": skew, "error": error}))
        };
        assert_eq!(
            short(&answer(0, Value::Null)),
            [
                ("network", State::Ok, "the service answered in 12 ms"),
                ("clock", State::Ok, "within 3 s of the service's"),
                ("UserSig", State::Ok, "the app takes the key"),
                ("admin", State::Ok, "boss may make calls"),
            ]
        );
        assert_eq!(answer(-60, Value::Null)[1].detail, "this machine's clock is 60 s fast");
        for (kind, code, name, is_elsewhere) in [
            ("Signature", 70009, "UserSig", false),
            ("Auth", 70020, "app", true),
            ("Auth", 60006, "app", false),
            ("Permission", 70403, "admin", false),
            ("Server", 70500, "service", false),
        ] {
            let checks = answer(0, json!({"kind": kind, "code": code, "message": "no", "cause": "why", "cure": "do"}));
            let last = checks.last().expect("a check");
            assert_eq!((last.name, last.regions_to_ask.contains(&"tokyo")), (name, is_elsewhere), "{kind} {code}");
            assert_eq!(last.detail, format!("no (code {code}): why"));
        }
        let network = answer(0, json!({"kind": "Transport", "message": "refused", "cure": "check"}));
        assert_eq!(short(&network), [("network", State::Failed, "refused")]);
    }

    #[test]
    fn the_region_that_knows_the_app_is_named() {
        let found = said(json!({"look": "regions", "codes": [["china", 70020], ["seoul", null], ["tokyo", 0]]}));
        assert_eq!(short(&found), [("region", State::Failed, "the app is in the region tokyo")]);
        // A refusal for another reason is that of the app's own region.
        let other = said(json!({"look": "regions", "codes": [["china", 70020], ["seoul", 70009]]}));
        assert_eq!(other[0].detail, "the app is in the region seoul");
        assert!(said(json!({"look": "regions", "codes": [["china", 70016], ["tokyo", null]]})).is_empty());
    }

    #[test]
    fn the_way_to_the_service_has_a_cure_where_it_ends() {
        for (look, name) in [
            (json!({"look": "dns", "host": "h", "error": "unknown"}), "DNS"),
            (json!({"look": "connection", "host": "h", "port": 443, "error": "refused"}), "connection"),
            (json!({"look": "tls", "error": "self-signed", "trust": "trust it"}), "TLS"),
            (json!({"look": "tls", "error": "broken"}), "TLS"),
        ] {
            let checks = said(look);
            assert_eq!((checks[0].name, checks[0].state), (name, State::Failed));
            assert!(checks[0].cure.is_some());
        }
        assert_eq!(said(json!({"look": "dns", "host": "h", "address": "10.0.0.1"}))[0].state, State::Ok);
        assert!(serde_json::from_value::<Look>(json!({"look": "weather"})).is_err());
    }
}
