//! A UserSig and its parts, for a name of 13 bytes, an app id of ten digits and a key of 64 digits.
//!
//! `cargo bench -p tencent-im-core --bench usersig`

use divan::{Bencher, black_box};
use tencent_im_core::SecretKey;
use tencent_im_core::usersig::{DEFAULT_EXPIRE_S, Expect, Signer, inspect, steps, verify};

const KEY: &str = "efdb2d21718c9f1fe6c5821cac37cf615d97477f1735ecdc00043cd014151f6c";
const SIG: &str = "fqZfDfc9JeGmJxZGyzhhEY0EaF26BqpmTmdlnblV958=";
const NOW_S: u64 = 1_700_000_001;

const CLAIMS: steps::Claims = steps::Claims {
    sdk_app_id: "1400000001",
    user_id: "administrator",
    issued_at_s: "1700000001",
    expire_s: "15552000",
    userbuf: None,
};

/// The result is dropped at once, as callers do; divan on its own would keep those of a whole sample, and every
/// signature would pay for memory that was never used before.
fn run<T>(bencher: Bencher, work: impl Fn() -> T + Sync) {
    bencher.bench(|| drop(black_box(work())));
}

fn main() {
    // Short enough that the timer's 20 ns would show with divan's own choice of iterations.
    divan::Divan::from_args().sample_size(2000).main();
}

fn signer() -> Signer {
    Signer::new(1_400_000_001, &SecretKey::new(KEY).unwrap()).unwrap()
}

#[divan::bench]
fn all(bencher: Bencher) {
    let signer = signer();
    run(bencher, || signer.sign(black_box("administrator"), black_box(NOW_S), DEFAULT_EXPIRE_S));
}

#[divan::bench]
fn hmac(bencher: Bencher) {
    let keyed = steps::Keyed::new(KEY.as_bytes());
    run(bencher, || keyed.mac(&steps::content(black_box(&CLAIMS))));
}

#[divan::bench]
fn json(bencher: Bencher) {
    run(bencher, || steps::write(black_box(&CLAIMS), black_box(SIG.as_bytes())));
}

#[divan::bench]
fn deflate(bencher: Bencher) {
    let json = steps::write(&CLAIMS, SIG.as_bytes());
    run(bencher, || steps::zlib(black_box(&json.text), json.mac.clone()));
}

#[divan::bench]
fn base64(bencher: Bencher) {
    let json = steps::write(&CLAIMS, SIG.as_bytes());
    let zlib = steps::zlib(&json.text, json.mac);
    run(bencher, || steps::encode(black_box(&zlib)));
}

#[divan::bench]
fn inspecting(bencher: Bencher) {
    let user_sig = signer().sign("administrator", NOW_S, DEFAULT_EXPIRE_S).unwrap();
    run(bencher, || inspect(black_box(&user_sig)));
}

#[divan::bench]
fn verifying(bencher: Bencher) {
    let user_sig = signer().sign("administrator", NOW_S, DEFAULT_EXPIRE_S).unwrap();
    let keys = [SecretKey::new(KEY).unwrap()];
    run(bencher, || verify(black_box(&user_sig), &keys, &Expect::at(NOW_S)));
}
