//! The vectors made with the vendor's own signers.

use serde_json::Value;
use tencent_im_core::usersig::{
    Expect, PrivateMapKey, Privileges, Room, Signer, UserbufRule, inspect, parse_private_map_key, steps, verify,
};
use tencent_im_core::{Kind, SecretKey};

fn vectors(list: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../../../tests/vectors/usersig/vectors.json")).unwrap();
    file[list].as_array().unwrap().clone()
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap_or_else(|| panic!("{key} in {of}"))
}

fn key(of: &Value) -> SecretKey {
    SecretKey::new(text(of, "key")).unwrap()
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

/// The userbuf of a vector, in base64: given for opaque ones, inside the JSON for PrivateMapKeys.
fn userbuf(vector: &Value) -> Option<String> {
    let json: Value = serde_json::from_str(text(vector, "inflated_json")).unwrap();
    json["TLS.userbuf"].as_str().map(str::to_owned)
}

#[test]
fn every_step_of_every_vector() {
    let vectors = vectors("vectors");
    assert_eq!(vectors.len(), 30);
    for vector in &vectors {
        let (name, inputs) = (text(vector, "name"), &vector["inputs"]);
        let userbuf = userbuf(vector);
        let claims = steps::Claims {
            sdk_app_id: &inputs["sdkappid"].to_string(),
            user_id: text(inputs, "identifier"),
            issued_at_s: &inputs["time"].to_string(),
            expire_s: &inputs["expire"].to_string(),
            userbuf: userbuf.as_deref(),
        };
        let content = steps::content(&claims);
        assert_eq!(content, text(vector, "signed_content").as_bytes(), "{name}");
        assert_eq!(content, unhex(text(vector, "signed_content_utf8_hex")), "{name}");

        let mac = steps::Keyed::new(text(inputs, "key").as_bytes()).mac(&content);
        let sig = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, mac);
        assert_eq!(sig, text(vector, "hmac_sha256_base64"), "{name}");

        let expected: Value = serde_json::from_str(text(vector, "inflated_json")).unwrap();
        let json = steps::write(&claims, sig.as_bytes());
        assert_eq!(serde_json::from_slice::<Value>(&json.text).unwrap(), expected, "{name}");
        assert_eq!(&json.text[json.mac], sig.as_bytes());

        let zlib = steps::decode(text(vector, "usersig")).unwrap();
        assert_eq!(zlib.len() as u64, vector["compressed_length"].as_u64().unwrap(), "{name}");
        assert_eq!(steps::encode(&zlib), text(vector, "usersig"), "{name}");
        steps::read(text(vector, "inflated_json").as_bytes()).unwrap();
    }
}

#[test]
fn valid_vectors_verify_until_their_last_second() {
    for vector in vectors("vectors") {
        let (name, inputs) = (text(&vector, "name"), &vector["inputs"]);
        let usersig = text(&vector, "usersig");
        let userbuf = vector["userbuf_hex"].as_str().map(unhex);
        let rule = userbuf.as_deref().map_or(UserbufRule::Absent, UserbufRule::Equal);
        let expect = Expect {
            sdk_app_id: Some(inputs["sdkappid"].as_u64().unwrap() as u32),
            user_id: Some(text(inputs, "identifier")),
            userbuf: rule,
            ..Expect::at(vector["verify"]["valid_at"].as_u64().unwrap())
        };
        let read = verify(usersig, &[key(inputs)], &expect).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(read, inspect(usersig).unwrap());
        let signed = Expect { now_s: inputs["time"].as_u64().unwrap(), ..expect };
        assert_eq!(verify(usersig, &[key(inputs)], &signed).unwrap(), read);
        assert_eq!((read.version.as_str(), read.user_id.as_str()), ("2.0", text(inputs, "identifier")));
        assert_eq!(read.sdk_app_id, inputs["sdkappid"].as_u64().unwrap());
        assert_eq!(read.issued_at_s, inputs["time"].as_i64().unwrap());
        assert_eq!(read.expire_s, inputs["expire"].as_i64().unwrap());
        assert_eq!(read.userbuf, userbuf);
        assert_eq!(read.remaining_s(expect.now_s), 0);

        let late = Expect { now_s: vector["verify"]["expired_at"].as_u64().unwrap(), ..expect };
        let error = verify(usersig, &[key(inputs)], &late).unwrap_err();
        assert_eq!((error.kind, error.code), (Kind::Signature, Some(70001)), "{name}");
        verify(usersig, &[key(inputs)], &Expect { leeway_s: 1, ..late }).unwrap();
    }
}

#[test]
fn invalid_vectors_are_refused_for_their_reason() {
    let vectors = vectors("invalid");
    assert_eq!(vectors.len(), 13);
    for vector in vectors {
        let (name, with) = (text(&vector, "name"), &vector["verify_with"]);
        let code = match text(&vector, "name") {
            "wrong_key" | "tampered_identifier" | "tampered_expire" => 70009,
            "other_identifier" => 70013,
            "other_sdkappid" => 70014,
            "expired" | "expire_zero" => 70001,
            "truncated" | "standard_base64_alphabet" => 70003,
            "bytes_after_the_stream" | "the_stream_twice" | "duplicate_key" => 70003,
            "empty" => 70002,
            other => panic!("{other} is new"),
        };
        // Where the vector names the code itself, it is this one.
        let expected = text(&vector, "expected");
        assert!(!expected.contains("server: ") || expected.contains(&code.to_string()), "{name}");
        let expect = Expect {
            sdk_app_id: Some(with["sdkappid"].as_u64().unwrap() as u32),
            user_id: Some(text(with, "identifier")),
            ..Expect::at(with["now"].as_u64().unwrap())
        };
        let error = verify(text(&vector, "usersig"), &[key(with)], &expect).unwrap_err();
        assert_eq!((error.kind, error.code), (Kind::Signature, Some(code)), "{name}: {error}");
        assert!(error.cause.is_some() && error.cure.is_some(), "{name}");
    }
}

#[test]
fn what_is_signed_here_verifies() {
    for vector in vectors("vectors") {
        let inputs = &vector["inputs"];
        let (time, expire) = (inputs["time"].as_u64().unwrap(), inputs["expire"].as_u64().unwrap());
        let app = inputs["sdkappid"].as_u64().unwrap() as u32;
        let signer = Signer::new(app, &key(inputs)).unwrap();
        let user_id = text(inputs, "identifier");
        let userbuf = vector["userbuf_hex"].as_str().map(unhex);
        let usersig = match &userbuf {
            Some(userbuf) => signer.sign_with_userbuf(user_id, time, expire, userbuf),
            None => signer.sign(user_id, time, expire),
        };
        // The official signer's UserSig and ours state the same, MAC included.
        assert_eq!(inspect(&usersig.unwrap()).unwrap(), inspect(text(&vector, "usersig")).unwrap());
    }
}

#[test]
fn private_map_keys_have_the_documented_layout() {
    let mut count = 0;
    for vector in vectors("vectors") {
        let (name, inputs) = (text(&vector, "name"), &vector["inputs"]);
        let Some(bits) = inputs["privilege_map"].as_u64() else {
            continue;
        };
        count += 1;
        let room = match inputs["roomstr"].as_str() {
            Some(room) => Room::Text(room.to_owned()),
            None => Room::Number(inputs["roomid"].as_u64().unwrap() as u32),
        };
        let (user_id, app) = (text(inputs, "identifier"), inputs["sdkappid"].as_u64().unwrap() as u32);
        let (time, expire) = (inputs["time"].as_u64().unwrap(), inputs["expire"].as_u64().unwrap());
        let privileges = Privileges::from_bits(bits as u32).unwrap();
        let usersig =
            Signer::new(app, &key(inputs)).unwrap().private_map_key(user_id, &room, privileges, time, expire).unwrap();
        let ours = inspect(&usersig).unwrap();
        assert_eq!(ours.userbuf, Some(unhex(text(&vector, "userbuf_hex"))), "{name}");
        assert_eq!(ours, inspect(text(&vector, "usersig")).unwrap(), "{name}");

        let read = parse_private_map_key(&unhex(text(&vector, "userbuf_hex"))).unwrap();
        let expires_at_s = (time + expire) as u32;
        let user_id = user_id.to_owned();
        assert_eq!(read, PrivateMapKey { user_id, sdk_app_id: app, room, expires_at_s, privileges, account_type: 0 });
        assert_eq!(ours.private_map_key(), Some(read));
    }
    assert_eq!(count, 6);
}
