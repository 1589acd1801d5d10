//! The documented rates: a token bucket for each app and call.

use std::collections::HashMap;

use tencent_im_core::schema::Rate;

/// The buckets of one app, by path.
#[derive(Debug, Default)]
pub struct Buckets(HashMap<&'static str, Bucket>);

/// Holds at most a period's calls and fills evenly over it, so a client that keeps the rate is never refused.
#[derive(Debug)]
struct Bucket {
    calls: f64,
    filled_at_ms: u64,
    taken_at_ms: Option<u64>,
}

impl Buckets {
    /// Takes `cost` calls, if there are that many left. A refused request costs nothing.
    ///
    /// A request that costs more than the whole bucket passes once the bucket is full; it could never pass otherwise.
    pub fn take(&mut self, path: &'static str, rate: Rate, cost: u32, now_ms: u64) -> bool {
        let most = f64::from(rate.calls);
        let bucket = self.0.entry(path).or_insert(Bucket { calls: most, filled_at_ms: now_ms, taken_at_ms: None });
        let passed_ms = now_ms.saturating_sub(bucket.filled_at_ms);
        bucket.calls = (bucket.calls + most * passed_ms as f64 / rate.per_ms.max(1) as f64).min(most);
        bucket.filled_at_ms = now_ms;
        let too_soon =
            bucket.taken_at_ms.is_some_and(|taken_at_ms| now_ms.saturating_sub(taken_at_ms) < u64::from(rate.gap_ms));
        let price = f64::from(cost).min(most);
        if too_soon || bucket.calls < price {
            return false;
        }
        bucket.calls -= price;
        bucket.taken_at_ms = Some(now_ms);
        true
    }
}
