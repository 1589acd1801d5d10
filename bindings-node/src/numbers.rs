//! Reads whole numbers from JavaScript, where all numbers are floating point. Nothing wraps around.

use tencent_im_core::{Error, Kind, Result};

/// Returns an app id. Fails with the error for settings unless it is a whole number in range.
pub fn app_id(value: f64) -> Result<u32> {
    match whole(value).and_then(|value| u32::try_from(value).ok()) {
        Some(value) => Ok(value),
        None => {
            Err(Error::new(Kind::Config, format!("the SDKAppID {value} is not a whole number from 1 to 4294967295"))
                .at("sdkAppId")
                .cure("take the SDKAppID from the console, for example 1400000000"))
        }
    }
}

/// Returns a number of seconds. Fails under the given name unless it is a whole number.
pub fn seconds(name: &'static str, value: f64) -> Result<u64> {
    whole(value).ok_or_else(|| {
        Error::new(Kind::InvalidInput, format!("{value} is not a whole number of seconds"))
            .at(name)
            .cure("pass whole seconds, such as Math.floor(Date.now() / 1000)")
    })
}

/// Returns a whole number that a double holds exactly.
fn whole(value: f64) -> Option<u64> {
    const MAX_SAFE: f64 = 9_007_199_254_740_991.0;
    (value.fract() == 0.0 && (0.0..=MAX_SAFE).contains(&value)).then_some(value as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_wraps_around() {
        assert_eq!(app_id(4_294_967_295.0), Ok(u32::MAX));
        for wrong in [-1.0, 1.5, 4_294_967_296.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            assert_eq!(app_id(wrong).map_err(|error| error.kind), Err(Kind::Config), "{wrong}");
        }
        assert_eq!(seconds("now", 1_700_000_000.0), Ok(1_700_000_000));
        for wrong in [-1.0, 0.5, f64::NAN, 1e16] {
            assert_eq!(seconds("now", wrong).map_err(|error| error.kind), Err(Kind::InvalidInput), "{wrong}");
        }
    }
}
