//! Anything given to whatever reads a UserSig: an error of a stable kind, no panic, bounded time and memory.
//!
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz usersig -- -max_len=6000 -max_total_time=120`
#![no_main]

use libfuzzer_sys::fuzz_target;
use miniz_oxide::inflate::decompress_to_vec_zlib;
use tencent_im_core::usersig::{
    Belief, Expect, Signer, UserbufRule, explain, inspect, parse_private_map_key, steps, verify,
};
use tencent_im_core::{Kind, SecretKey};

const NOW_S: u64 = 1_700_000_000;

fn read(text: &str, keys: &[SecretKey]) {
    if let Err(error) = inspect(text) {
        assert_eq!(error.kind, Kind::Signature);
        assert!(matches!(error.code, Some(70002 | 70003)));
    }
    let expect = Expect { userbuf: UserbufRule::Any, ..Expect::at(NOW_S) };
    let verified = verify(text, keys, &expect);
    let belief = Belief { sdk_app_id: None, keys, user_id: None, region: None, now_s: NOW_S };
    let explanation = explain(text, &belief);
    assert!(!explanation.ok || verified.is_ok());
    if let Ok(user_sig) = verified {
        user_sig.private_map_key();
    } else {
        assert!(explanation.code.is_some());
    }
}

fuzz_target!(|data: &[u8]| {
    let keys = [SecretKey::new("a key").unwrap(), SecretKey::new("00ff").unwrap()];
    let zlib = steps::zlib(data, 0..0);
    assert_eq!(decompress_to_vec_zlib(&zlib).unwrap(), data);
    // As the text itself, as the compressed bytes, and as the JSON inside.
    read(&String::from_utf8_lossy(data), &keys);
    read(&steps::encode(data), &keys);
    read(&steps::encode(&zlib), &keys);

    let _ = parse_private_map_key(data);
    let signer = Signer::new(1_400_000_001, &keys[0]).unwrap();
    if let Ok(name) = str::from_utf8(data)
        && let Ok(user_sig) = signer.sign(name, NOW_S, 60)
    {
        let expect = Expect { user_id: Some(name), ..Expect::at(NOW_S) };
        verify(&user_sig, &keys, &expect).unwrap();
    }
    if let Ok(user_sig) = signer.sign_with_userbuf("alice", NOW_S, 60, data) {
        let expect = Expect { userbuf: UserbufRule::Equal(data), ..Expect::at(NOW_S) };
        verify(&user_sig, &keys, &expect).unwrap();
    }
});
