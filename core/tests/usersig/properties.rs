//! Anything at all: names that may be signed, texts that may be no UserSig, documents that may not repeat.

use std::io::Read;

use flate2::read::ZlibDecoder;
use hmac::{Hmac, KeyInit, Mac};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tencent_im_core::usersig::{
    Belief, Expect, MAX_EXPIRE_S, MAX_TIME_S, MAX_USERBUF_BYTES, MIN_TIME_S, Signer, UserbufRule, explain, inspect,
    parse_private_map_key, steps, verify,
};
use tencent_im_core::{Kind, SecretKey};

/// The inflater is zlib-rs, the signer's own counterpart is miniz_oxide: they share no code.
fn inflate(zlib: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    ZlibDecoder::new(zlib).read_to_end(&mut text).unwrap();
    text
}

/// Names of 1 to 32 bytes without control characters, those that need escapes in JSON among them.
fn name() -> impl Strategy<Value = String> {
    let any = vec(any::<char>(), 1..=32).prop_map(|chars| {
        let mut name = String::new();
        for c in chars.into_iter().map(|c| if c.is_control() { '?' } else { c }) {
            if name.len() + c.len_utf8() <= 32 {
                name.push(c);
            }
        }
        name
    });
    prop_oneof!["[a-zA-Z0-9_-]{1,32}", "[\"\\\\/<>& 0-9]{1,32}", any]
}

fn sane(error: &tencent_im_core::Error) {
    assert_eq!(error.kind, Kind::Signature);
    assert!([Some(70002), Some(70003)].contains(&error.code), "{error}");
}

/// Gives any text to everything that reads one.
fn read(text: &str) {
    let keys = [SecretKey::new("key").unwrap()];
    if let Err(error) = inspect(text) {
        sane(&error);
        assert_eq!(verify(text, &keys, &Expect::at(1_700_000_000)).unwrap_err(), error);
    }
    let belief =
        Belief { sdk_app_id: Some(1), keys: &keys, user_id: Some("alice"), region: None, now_s: 1_700_000_000 };
    assert!(!explain(text, &belief).ok);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_signed_inflates_elsewhere_and_verifies(
        user_id in name(),
        app in 1..=u32::MAX,
        now_s in MIN_TIME_S..=MAX_TIME_S,
        expire_s in 1..=MAX_EXPIRE_S,
        userbuf in proptest::option::of(vec(any::<u8>(), 1..=MAX_USERBUF_BYTES)),
        key in "[0-9A-Za-z][!-~]{0,78}[0-9A-Za-z]",
    ) {
        let key = SecretKey::new(key).unwrap();
        let signer = Signer::new(app, &key).unwrap();
        let user_sig = match &userbuf {
            Some(userbuf) => signer.sign_with_userbuf(&user_id, now_s, expire_s, userbuf),
            None => signer.sign(&user_id, now_s, expire_s),
        }.unwrap();
        prop_assert!(user_sig.bytes().all(|b| b.is_ascii_alphanumeric() || b"*-_".contains(&b)));

        let mut values: Value = serde_json::from_slice(&inflate(&steps::decode(&user_sig).unwrap())).unwrap();
        let sig = values.as_object_mut().unwrap().remove("TLS.sig").unwrap();
        let mut expected = json!({
            "TLS.ver": "2.0", "TLS.identifier": user_id, "TLS.sdkappid": app, "TLS.time": now_s, "TLS.expire": expire_s,
        });
        let mut content = format!(
            "TLS.identifier:{user_id}\nTLS.sdkappid:{app}\nTLS.time:{now_s}\nTLS.expire:{expire_s}\n"
        );
        if let Some(userbuf) = &userbuf {
            use base64::Engine;
            let base64 = base64::prelude::BASE64_STANDARD.encode(userbuf);
            content += &format!("TLS.userbuf:{base64}\n");
            expected["TLS.userbuf"] = base64.into();
        }
        prop_assert_eq!(values, expected);
        let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap().chain_update(&content).finalize();
        prop_assert_eq!(sig, base64::Engine::encode(&base64::prelude::BASE64_STANDARD, mac.into_bytes()));

        let expect = Expect {
            sdk_app_id: Some(app),
            user_id: Some(&user_id),
            userbuf: userbuf.as_deref().map_or(UserbufRule::Absent, UserbufRule::Equal),
            now_s: now_s + expire_s,
            leeway_s: 0,
        };
        let read = verify(&user_sig, &[key], &expect).unwrap();
        prop_assert_eq!((read.issued_at_s, read.expire_s), (now_s as i64, expire_s as i64));
    }

    #[test]
    fn any_document_survives(text in vec(any::<u8>(), 0..3000), from in 0..4000usize, length in 0..4000usize) {
        let noise = from.min(text.len())..(from + length).min(text.len()).max(from.min(text.len()));
        prop_assert_eq!(inflate(&steps::zlib(&text, noise)), text);
    }

    #[test]
    fn documents_full_of_repeats_survive(
        parts in vec(prop_oneof!["[ab]{1,12}", "\"TLS\\.[a-z]{1,4}\":", "x{250,600}", "[é世]{1,9}"], 0..60),
        from in 0..4000usize,
        length in 0..300usize,
    ) {
        let text = parts.concat().into_bytes();
        let noise = from.min(text.len())..(from + length).min(text.len()).max(from.min(text.len()));
        let zlib = steps::zlib(&text, noise);
        prop_assert!(zlib.len() <= text.len() + text.len() / 8 + 16);
        prop_assert_eq!(inflate(&zlib), text);
    }

    #[test]
    fn any_mac_is_as_hmac_defines_it(key in vec(any::<u8>(), 0..200), content in vec(any::<u8>(), 0..400)) {
        // RFC 2104: the hash of the key, changed in one way, and the hash of the key, changed in another, and the content.
        let mut block = if key.len() > 64 { Sha256::digest(&key).to_vec() } else { key.clone() };
        block.resize(64, 0);
        let hash = |change: u8, text: &[u8]| {
            let start: Vec<u8> = block.iter().map(|byte| byte ^ change).collect();
            Sha256::digest([&start, text].concat())
        };
        let defined = hash(0x5c, &hash(0x36, &content));
        prop_assert_eq!(steps::Keyed::new(&key).mac(&content), <[u8; 32]>::from(defined));
    }

    #[test]
    fn any_bytes_are_an_error(bytes in vec(any::<u8>(), 0..5000)) {
        read(&String::from_utf8_lossy(&bytes));
        read(&steps::encode(&bytes));
        read(&steps::encode(&steps::zlib(&bytes, 0..0)));
        let _ = parse_private_map_key(&bytes);
    }

    #[test]
    fn any_json_is_an_error(text in "(\\{|\"TLS\\.(ver|sig|time|expire|identifier|sdkappid)\"|:|,|\"2.0\"|-?[0-9]{1,20}|[\\[\\]{}]|null|\"[a-z=]*\"|\\}){0,60}") {
        read(&steps::encode(&steps::zlib(text.as_bytes(), 0..0)));
        read(&text);
    }

    #[test]
    fn any_change_of_a_good_one_is_an_error(at in 0..192usize, to in any::<char>(), cut in 0..192usize) {
        let key = SecretKey::new("the key").unwrap();
        let good = Signer::new(1_400_000_001, &key).unwrap().sign("administrator", 1_700_000_001, 86_400).unwrap();
        let mut changed: Vec<char> = good.chars().collect();
        if let Some(place) = changed.get_mut(at) {
            *place = to;
        }
        let changed: String = changed.into_iter().collect();
        for text in [changed.as_str(), &good[..cut.min(good.len() - 1)]] {
            // The two fill bits of the padding and the fill bits of deflate may be free; nothing else is.
            if let Ok(read) = verify(text, std::slice::from_ref(&key), &Expect::at(1_700_000_001)) {
                prop_assert_eq!(read, inspect(&good).unwrap());
            }
            read(text);
        }
    }
}

#[test]
fn a_deflate_bomb_stops_at_the_bound() {
    use std::io::Write;
    for size in [4097, 1 << 20, 3 << 20] {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b' '; size]).unwrap();
        let bomb = steps::encode(&encoder.finish().unwrap());
        let error = inspect(&bomb).unwrap_err();
        assert_eq!((error.kind, error.code), (Kind::Signature, Some(70003)));
        assert!(error.message.contains(if bomb.len() > 4096 { "too long" } else { "too much" }), "{error}");
    }
    // Nested as deep as the bound allows.
    read(&steps::encode(&steps::zlib("[".repeat(4096).as_bytes(), 0..0)));
    read(&steps::encode(&steps::zlib("{\"a\":".repeat(819).as_bytes(), 0..0)));
    for length in [4095, 4096, 4097, 100_000] {
        read(&"A".repeat(length));
        read(&"%41".repeat(length / 3));
        read(&" ".repeat(length));
    }
}

/// With the numbers of the vectors, 192 characters; with random digits, which do not repeat, up to 208.
#[test]
fn a_signature_is_short() {
    for i in 0..200 {
        let key = SecretKey::new(format!("key {i}")).unwrap();
        let text = Signer::new(1_400_000_001, &key).unwrap().sign("administrator", 1_700_000_001, 15_552_000).unwrap();
        assert!(text.len() <= 192, "{} characters", text.len());
        let text = Signer::new(1_684_759_203, &key).unwrap().sign("administrator", 1_759_483_062, 15_552_000).unwrap();
        assert!(text.len() <= 208, "{} characters", text.len());
    }
}
