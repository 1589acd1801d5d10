//! The two clocks and the randomness that the core wants handed in.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tencent_im_core::flow::Now;
use tencent_im_core::{Error, Kind, Result};

/// The time, for the core.
pub fn now() -> Now {
    static START: OnceLock<Instant> = OnceLock::new();
    let mono_ms = START.get_or_init(Instant::now).elapsed().as_millis() as u64;
    Now { mono_ms, unix_ms: unix_ms() }
}

fn unix_ms() -> u64 {
    // A clock before 1970 was never set; the signer says so.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_millis() as u64)
}

/// The time in Unix seconds.
pub fn unix_s() -> u64 {
    unix_ms() / 1000
}

/// Random numbers: a seed from the system, so that a forked child never repeats its parent's, and SplitMix64 from there
/// on, which saves a system call per step. They need not be secret, only different each time.
pub struct Entropy(AtomicU64);

impl Entropy {
    /// A new sequence.
    pub fn of_system() -> Result<Self> {
        match getrandom::u64() {
            Ok(seed) => Ok(Self(AtomicU64::new(seed))),
            Err(error) => Err(Error::new(Kind::Internal, format!("the system provides no random numbers: {error}"))),
        }
    }

    /// The next 64 bits.
    pub fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut bits = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of the published generator from the seed 1234567.
    #[test]
    fn entropy_is_splitmix64() {
        let sequence = Entropy(AtomicU64::new(1_234_567));
        assert_eq!(
            [sequence.next(), sequence.next(), sequence.next()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,]
        );
    }
}
