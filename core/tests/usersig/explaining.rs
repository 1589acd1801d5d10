//! Every mistake is told from all others.

use std::collections::BTreeSet;
use std::io::Write;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use serde_json::{Value, json};
use tencent_im_core::usersig::{
    Belief, Expect, Explanation, MISTAKES, Signer, UserbufRule, explain, inspect, steps, verify,
};
use tencent_im_core::{Kind, SecretKey};

const APP: u32 = 1_400_000_001;
const KEY: &str = "efdb2d21718c9f1fe6c5821cac37cf615d97477f1735ecdc00043cd014151f6c";
const NOW: u64 = 1_700_000_000;
const DAY: u64 = 86_400;

/// A signer that does everything right unless told otherwise.
struct Forger {
    user_id: &'static str,
    time: i64,
    expire: i64,
    app: u64,
    key: Vec<u8>,
    content: fn(&str) -> String,
    json: fn(&mut Value),
}

impl Default for Forger {
    fn default() -> Self {
        Self {
            user_id: "alice",
            time: NOW as i64,
            expire: DAY as i64,
            app: APP.into(),
            key: KEY.into(),
            content: str::to_owned,
            json: |_| {},
        }
    }
}

impl Forger {
    fn json(&self) -> Vec<u8> {
        let Self { user_id, time, expire, app, .. } = self;
        let content = format!("TLS.identifier:{user_id}\nTLS.sdkappid:{app}\nTLS.time:{time}\nTLS.expire:{expire}\n");
        let mac = steps::Keyed::new(&self.key).mac((self.content)(&content).as_bytes());
        let mut json = json!({
            "TLS.ver": "2.0", "TLS.identifier": user_id, "TLS.sdkappid": app, "TLS.time": time,
            "TLS.expire": expire, "TLS.sig": BASE64_STANDARD.encode(mac),
        });
        (self.json)(&mut json);
        json.to_string().into_bytes()
    }

    /// The bytes that base64 is made of.
    fn zlib(&self) -> Vec<u8> {
        zlib(&self.json())
    }

    fn sign(&self) -> String {
        steps::encode(&self.zlib())
    }
}

fn zlib(text: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn raw_deflate(text: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// One whose three marks all occur, so that every confusion of alphabets shows.
fn with_all_marks() -> Vec<u8> {
    (0..)
        .map(|more| Forger { time: NOW as i64 - more, ..Forger::default() }.zlib())
        .find(|zlib| {
            let text = BASE64_STANDARD.encode(zlib);
            text.contains('+') && text.contains('/') && text.ends_with('=')
        })
        .unwrap()
}

fn explained(text: &str) -> Explanation {
    let keys = [SecretKey::new(KEY).unwrap()];
    explain(
        text,
        &Belief { sdk_app_id: Some(APP), keys: &keys, user_id: Some("alice"), region: Some("singapore"), now_s: NOW },
    )
}

/// Texts that cannot be read as a UserSig, each with the mistake in it.
fn spoilt() -> Vec<(&'static str, String)> {
    let zlib = with_all_marks();
    let json = Forger::default().json();
    let (service, standard) = (steps::encode(&zlib), BASE64_STANDARD.encode(&zlib));
    let percent = |text: &str| {
        text.replace('%', "%25").replace('*', "%2A").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
    };
    let mut damaged = zlib.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let changed = |change: fn(&mut Value)| Forger { json: change, ..Forger::default() }.sign();
    let legacy = json!({
        "TLS.account_type": "0", "TLS.identifier": "alice", "TLS.appid_at_3rd": "0", "TLS.sdk_appid": APP.to_string(),
        "TLS.expire_after": "86400", "TLS.version": "201512300000", "TLS.time": NOW.to_string(),
        "TLS.sig": BASE64_STANDARD.encode([0x30; 71]),
    });
    let mut wrapped = service.clone();
    wrapped.insert(76, '\n');
    vec![
        ("empty", "".into()),
        ("too_long", "A".repeat(4097)),
        ("not_base64", "what is a UserSig?".into()),
        ("not_zlib", steps::encode(b"0123456789abcdef")),
        ("damaged", steps::encode(&damaged)),
        ("too_large", steps::encode(&self::zlib(&[b' '; 5000]))),
        ("not_json", steps::encode(&self::zlib(b"alice"))),
        ("not_json", steps::encode(&self::zlib(b"[1]"))),
        ("cut_short", service[..service.len() - 20].into()),
        ("cut_short", service[..service.len() - 21].into()),
        ("cut_short", service[..service.len() - 22].into()),
        ("cut_short", service[..100].into()),
        ("legacy_ecdsa", steps::encode(&self::zlib(legacy.to_string().as_bytes()))),
        ("other_version", changed(|json| json["TLS.ver"] = "3.0".into())),
        ("missing_field", changed(|json| drop(json.as_object_mut().unwrap().remove("TLS.ver")))),
        ("missing_field", changed(|json| drop(json.as_object_mut().unwrap().remove("TLS.expire")))),
        ("wrong_type", changed(|json| json["TLS.time"] = json["TLS.time"].to_string().into())),
        ("wrong_type", changed(|json| json["TLS.sdkappid"] = (-1).into())),
        ("wrong_type", changed(|json| json["TLS.expire"] = 86400.5.into())),
        ("wrong_type", changed(|json| json["TLS.identifier"] = 7.into())),
        ("control_character", Forger { user_id: "al\nice", ..Forger::default() }.sign()),
        ("bad_field_base64", changed(|json| json["TLS.sig"] = "*".into())),
        ("bad_field_base64", changed(|json| json["TLS.userbuf"] = "-".into())),
        ("mac_in_hex", changed(|json| json["TLS.sig"] = BASE64_STANDARD.encode(KEY).into())),
        ("secret_key_sent", KEY.into()),
        ("secret_key_sent", KEY.replace('e', "a")),
        ("jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln".into()),
        ("white_space", format!("{service}\n")),
        ("white_space", format!(" {service}")),
        ("white_space", wrapped),
        ("quotes", format!("\"{service}\"")),
        ("percent_encoded", percent(&service)),
        ("percent_encoded_twice", percent(&percent(&service))),
        ("percent_encoded_twice", percent(&percent(&standard))),
        ("standard_base64", standard.clone()),
        ("standard_base64", standard.trim_end_matches('=').into()),
        ("standard_base64", percent(&standard)),
        ("url_decoded", standard.replace('+', " ")),
        ("url_safe_base64", BASE64_URL_SAFE.encode(&zlib)),
        ("url_safe_base64", BASE64_URL_SAFE_NO_PAD.encode(&zlib)),
        ("padding_missing", service.trim_end_matches('_').into()),
        ("base64_twice", BASE64_STANDARD.encode(&service)),
        ("base64_twice", steps::encode(standard.as_bytes())),
        ("hex", zlib.iter().map(|byte| format!("{byte:02x}")).collect()),
        ("not_encoded", String::from_utf8(json.clone()).unwrap()),
        ("not_compressed", steps::encode(&json)),
        ("not_compressed", BASE64_STANDARD.encode(&json)),
        ("raw_deflate", steps::encode(&raw_deflate(&json))),
        ("gzip", steps::encode(&gzip(&json))),
        ("letter_case_lost", service.to_lowercase()),
        ("letter_case_lost", service.to_uppercase()),
    ]
}

/// The UserSigs that can be read and are wrong, each with the mistake in it.
fn wrong() -> Vec<(&'static str, String)> {
    let now = NOW as i64;
    let forged = |change: fn(&mut Forger)| {
        let mut forger = Forger::default();
        change(&mut forger);
        forger.sign()
    };
    vec![
        ("other_app", forged(|it| it.app = 1_400_000_002)),
        ("other_app", forged(|it| it.app = 1 << 32)),
        ("other_user", forged(|it| it.user_id = "Alice")),
        ("other_user", forged(|it| it.user_id = "bob")),
        ("expired", Forger { time: now - 86_401, ..Forger::default() }.sign()),
        ("expire_not_positive", forged(|it| it.expire = -1)),
        ("clock_not_set", forged(|it| it.time = 60)),
        ("key_of_another_app", forged(|it| it.key = b"another".into())),
        ("key_of_another_app", forged(|it| it.json = |json| json["TLS.expire"] = 99999.into())),
        ("key_hex_decoded", Forger { key: unhex(KEY), ..Forger::default() }.sign()),
        ("key_base64_decoded", Forger { key: BASE64_STANDARD.decode(KEY).unwrap(), ..Forger::default() }.sign()),
        ("key_with_white_space", Forger { key: format!("{KEY}\n").into(), ..Forger::default() }.sign()),
        ("key_with_white_space", Forger { key: format!("\"{KEY}\"").into(), ..Forger::default() }.sign()),
        ("key_letter_case", Forger { key: KEY.to_uppercase().into(), ..Forger::default() }.sign()),
        ("content_differs", forged(|it| it.content = |right| right.trim_end().into())),
        ("content_differs", forged(|it| it.content = |right| right.replace('\n', "\r\n"))),
        ("content_differs", forged(|it| it.content = |right| right.replace('\n', ""))),
        ("content_differs", forged(|it| it.content = |right| right.replace(':', ": "))),
        ("content_differs", forged(|it| it.json = |json| json["TLS.userbuf"] = "YWJj".into())),
        ("time_in_milliseconds", Forger { time: now * 1000, ..Forger::default() }.sign()),
        ("expire_in_milliseconds", forged(|it| it.expire = 180 * 86_400_000)),
        ("expire_in_milliseconds", forged(|it| it.expire = 30 * 86_400_000)),
        ("expire_is_an_instant", Forger { expire: now + 86_400, ..Forger::default() }.sign()),
        ("expire_is_an_instant", Forger { expire: now * 1000 + 86_400_123, ..Forger::default() }.sign()),
        ("expire_too_long", forged(|it| it.expire = i64::MAX)),
        ("issued_in_the_future", Forger { time: now + 301, ..Forger::default() }.sign()),
    ]
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

#[test]
fn every_mistake_is_told_by_its_name() {
    let mut seen: BTreeSet<&str> = ["userbuf_missing", "userbuf_unexpected", "userbuf_differs"].into();
    for (mistake, text) in spoilt().into_iter().chain(wrong()) {
        let explanation = explained(&text);
        assert_eq!(explanation.mistake, mistake, "{explanation:?} for {text}");
        assert!(!explanation.ok);
        let known = MISTAKES.iter().find(|known| known.id == mistake).unwrap();
        assert_eq!((explanation.code, explanation.cure.as_str()), (known.code, known.cure));
        seen.insert(mistake);
    }
    // What depends on the belief rather than on the UserSig.
    let good = Forger::default().sign();
    let keys = [SecretKey::new(KEY).unwrap()];
    for (mistake, now_s, keys) in
        [("now_in_milliseconds", NOW * 1000, &keys[..]), ("now_not_set", 60, &keys), ("no_key_given", NOW, &[])]
    {
        let belief = Belief { sdk_app_id: None, keys, user_id: None, region: None, now_s };
        assert_eq!(explain(&good, &belief).mistake, mistake);
        seen.insert(mistake);
    }
    for (mistake, forger) in [
        ("no_such_app", Forger { app: 0, ..Forger::default() }),
        ("no_such_app", Forger { app: 1 << 32, ..Forger::default() }),
        ("name_out_of_range", Forger { user_id: "", ..Forger::default() }),
        ("name_out_of_range", Forger { user_id: "123456789012345678901234567890123", ..Forger::default() }),
    ] {
        let belief = Belief { sdk_app_id: None, keys: &keys, user_id: None, region: None, now_s: NOW };
        assert_eq!(explain(&forger.sign(), &belief).mistake, mistake);
        seen.insert(mistake);
    }
    let belief = Belief { sdk_app_id: None, keys: &keys, user_id: None, region: Some("moon"), now_s: NOW };
    assert_eq!(explain(&good, &belief).mistake, "unknown_region");
    seen.insert("unknown_region");
    // Key and content changed places.
    let content = format!("TLS.identifier:alice\nTLS.sdkappid:{APP}\nTLS.time:{NOW}\nTLS.expire:{DAY}\n");
    let swapped = Forger { key: content.into(), content: |_| KEY.into(), ..Forger::default() }.sign();
    assert_eq!(explained(&swapped).mistake, "content_differs");

    let all: BTreeSet<&str> = MISTAKES.iter().map(|mistake| mistake.id).collect();
    assert_eq!(all.len(), MISTAKES.len(), "an id stands for one mistake");
    assert_eq!(seen, all);
}

#[test]
fn a_good_one_is_called_good() {
    let explanation = explained(&Forger::default().sign());
    assert!(explanation.ok, "{explanation:?}");
    assert_eq!((explanation.mistake, explanation.code), ("ok", None));
    assert!(explanation.cause.contains("86400 more seconds") && explanation.cure.contains("singapore"));
    // The clock may be a little behind the signer's.
    assert!(explained(&Forger { time: NOW as i64 + 300, ..Forger::default() }.sign()).ok);
}

#[test]
fn what_a_spoilt_one_states_is_shown() {
    for (mistake, text) in spoilt() {
        let readable = inspect(&text).is_ok();
        assert!(!readable, "{mistake}");
        if ["white_space", "url_safe_base64", "standard_base64", "base64_twice", "gzip", "hex"].contains(&mistake) {
            assert_eq!(explained(&text).user_sig.unwrap().user_id, "alice", "{mistake}");
        }
    }
}

#[test]
fn inspect_and_verify_say_the_same() {
    let keys = [SecretKey::new(KEY).unwrap()];
    let expect = Expect { sdk_app_id: Some(APP), user_id: Some("alice"), ..Expect::at(NOW) };
    for (mistake, text) in spoilt() {
        let error = inspect(&text).unwrap_err();
        let code = if mistake == "empty" { 70002 } else { 70003 };
        assert_eq!((error.kind, error.code), (Kind::Signature, Some(code)), "{mistake}");
        assert!(error.cause.is_some() && error.cure.is_some());
        assert_eq!(verify(&text, &keys, &expect).unwrap_err(), error);
    }
    for (mistake, text) in wrong() {
        let documented = explained(&text).code;
        match verify(&text, &keys, &Expect { userbuf: UserbufRule::Any, ..expect }) {
            Err(error) => assert_eq!((error.kind, error.code), (Kind::Signature, documented), "{mistake}"),
            Ok(_) => assert_eq!(documented, None, "{mistake}"),
        }
    }
}

#[test]
fn a_userbuf_is_held_to_its_rule() {
    let keys = [SecretKey::new(KEY).unwrap()];
    let signer = Signer::new(APP, &keys[0]).unwrap();
    let plain = signer.sign("alice", NOW, DAY).unwrap();
    let with = signer.sign_with_userbuf("alice", NOW, DAY, b"abc").unwrap();
    let check = |text: &str, userbuf| verify(text, &keys, &Expect { userbuf, ..Expect::at(NOW) });
    for good in [
        check(&plain, UserbufRule::Absent),
        check(&plain, UserbufRule::Any),
        check(&with, UserbufRule::Equal(b"abc")),
        check(&with, UserbufRule::Any),
    ] {
        good.unwrap();
    }
    for bad in [
        check(&plain, UserbufRule::Equal(b"abc")),
        check(&with, UserbufRule::Absent),
        check(&with, UserbufRule::Equal(b"abcd")),
    ] {
        let error = bad.unwrap_err();
        assert_eq!((error.kind, error.code), (Kind::Signature, None));
    }
}

#[test]
fn nothing_secret_is_said() {
    let text = Forger::default().sign();
    let mac = BASE64_STANDARD.encode(steps::Keyed::new(KEY.as_bytes()).mac(b""));
    let sig = serde_json::from_slice::<Value>(&Forger::default().json()).unwrap()["TLS.sig"].to_string();
    let keys = [SecretKey::new(KEY).unwrap()];
    let mut said = format!("{:?} {:?} {:?}", explained(&text), inspect(&text), Signer::new(APP, &keys[0]));
    for (_, text) in spoilt().into_iter().chain(wrong()) {
        said += &format!("{:?} {:?}", explained(&text), verify(&text, &keys, &Expect::at(NOW)));
    }
    for secret in [KEY, &text, sig.trim_matches('"'), &mac] {
        assert!(!said.contains(secret), "{secret}");
    }
}
