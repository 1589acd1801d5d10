//! UserSigs of every official signer, in every spelling, are taken out of any text.

use serde_json::Value;
use tencent_im_core::redact::redact;

#[test]
fn usersigs_of_every_signer_are_hidden() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../tests/vectors/usersig/vectors.json")).expect("the vectors");
    let listed = |list: &str| vectors[list].as_array().expect("a list").clone();
    let mut count = 0;
    for vector in [listed("vectors"), listed("invalid")].concat() {
        let sig = vector["usersig"].as_str().expect("a UserSig");
        if sig.is_empty() {
            continue;
        }
        count += 1;
        let each = |spell: fn(u8) -> String| sig.bytes().map(spell).collect::<String>();
        let standard = sig.replace('*', "+").replace('-', "/").replace('_', "=");
        for spelt in [
            sig.to_owned(),
            each(|letter| format!("%{letter:02x}")),
            each(|letter| format!("\\u{letter:04X}")),
            standard.replace('/', "\\/"),
            standard,
        ] {
            assert_eq!(redact(&format!("bad sig {spelt} given")), "bad sig (hidden) given", "{}", vector["name"]);
            assert_eq!(redact(&format!("{{\"a\":\"{spelt}\"}}")), "{\"a\":\"(hidden)\"}", "{}", vector["name"]);
        }
    }
    assert!(count >= 38, "{count}");
}
