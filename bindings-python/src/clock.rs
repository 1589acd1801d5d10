//! The two clocks and the seed that the core wants handed in.

use std::sync::OnceLock;
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

/// A seed for the random numbers of one engine, from the system.
pub fn seed() -> Result<u64> {
    getrandom::u64()
        .map_err(|error| Error::new(Kind::Internal, format!("the system provides no random numbers: {error}")))
}
