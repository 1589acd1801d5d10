//! Signatures by the core itself, and their parts. One JSON line for each figure.
//!
//! `tencent-im-bench-usersig SECONDS`

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use serde_json::json;
use tencent_im_core::usersig::{DEFAULT_EXPIRE_S, Signer, steps};
use tencent_im_core::{Result, SecretKey};

const APP: u32 = 1_400_000_001;
const KEY: &str = "efdb2d21718c9f1fe6c5821cac37cf615d97477f1735ecdc00043cd014151f6c";
const USER: &str = "administrator";
const NOW_S: u64 = 1_700_000_001;
const MAC: &str = "fqZfDfc9JeGmJxZGyzhhEY0EaF26BqpmTmdlnblV958=";
/// Users of one `sign_many`.
const MANY: usize = 1000;

const CLAIMS: steps::Claims = steps::Claims {
    sdk_app_id: "1400000001",
    user_id: USER,
    issued_at_s: "1700000001",
    expire_s: "15552000",
    userbuf: None,
};

/// CPU time of this thread, which is the only one, in seconds; none where the system does not tell.
fn cpu() -> Option<f64> {
    fs::read_to_string("/proc/self/schedstat").ok()?.split(' ').next()?.parse::<f64>().ok().map(|ns| ns / 1e9)
}

struct Slice(Duration);

impl Slice {
    /// Runs for a slice, after a quarter of one to warm up, and prints how often a second of CPU time. `each` is how many
    /// signatures a run makes.
    fn measure<T>(&self, name: &str, each: usize, sig: Option<String>, work: impl Fn() -> T) {
        let run = |length: Duration| {
            let (start, cpu_start, mut runs) = (Instant::now(), cpu(), 0);
            loop {
                // So many that reading the clock does not show.
                for _ in 0..256_usize.div_ceil(each) {
                    drop(black_box(work()));
                    runs += 1;
                }
                let passed = start.elapsed();
                if passed >= length {
                    let cpu = cpu().zip(cpu_start).map(|(end, start)| end - start);
                    return (runs * each) as f64 / cpu.unwrap_or(passed.as_secs_f64());
                }
            }
        };
        run(self.0 / 4);
        println!("{}", json!({"name": name, "per_s": run(self.0), "sig": sig}));
    }
}

fn main() -> Result<()> {
    let seconds: f64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0.4);
    let slice = Slice(Duration::from_secs_f64(seconds));
    let signer = Signer::new(APP, &SecretKey::new(KEY)?)?;
    let sign = |signer: &Signer| signer.sign(black_box(USER), black_box(NOW_S), DEFAULT_EXPIRE_S);
    let once = || sign(&Signer::new(APP, &SecretKey::new(black_box(KEY))?)?);
    let many = || signer.sign_many(black_box([USER; MANY]), black_box(NOW_S), DEFAULT_EXPIRE_S);

    slice.measure("Signer::sign", 1, Some(sign(&signer)?), || sign(&signer));
    slice.measure("Signer::sign_many", MANY, many()?.pop(), many);
    slice.measure("Signer::new and sign", 1, Some(once()?), once);

    let keyed = steps::Keyed::new(KEY.as_bytes());
    let json = steps::write(&CLAIMS, MAC.as_bytes());
    let zlib = steps::zlib(&json.text, json.mac.clone());
    slice.measure("of it: content, HMAC", 1, None, || keyed.mac(&steps::content(black_box(&CLAIMS))));
    slice.measure("of it: JSON", 1, None, || steps::write(black_box(&CLAIMS), black_box(MAC.as_bytes())));
    slice.measure("of it: deflate", 1, None, || steps::zlib(black_box(&json.text), json.mac.clone()));
    slice.measure("of it: base64", 1, None, || steps::encode(black_box(&zlib)));
    Ok(())
}
