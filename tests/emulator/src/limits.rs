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

#[cfg(test)]
mod tests {
    use super::*;

    /// 12,000 receivers a minute, as of batch sending.
    const BY_ITEM: Rate = Rate { calls: 12_000, per_ms: 60_000, gap_ms: 0, per_item: Some("to_accounts") };

    /// 100 pushes a day, a second apart.
    const GAPPED: Rate = Rate { calls: 100, per_ms: 86_400_000, gap_ms: 1000, per_item: None };

    #[test]
    fn items_cost_as_many_calls() {
        let mut buckets = Buckets::default();
        let taken = (0..100).take_while(|_| buckets.take("batch", BY_ITEM, 500, 0)).count();
        assert_eq!(taken, 24);
        assert!(!buckets.take("batch", BY_ITEM, 500, 2_499));
        assert!(buckets.take("batch", BY_ITEM, 500, 2_500));
        assert!(!buckets.take("batch", BY_ITEM, 20_000, 62_499), "more than the bucket holds waits until it is full");
        assert!(buckets.take("batch", BY_ITEM, 20_000, 62_500));
    }

    #[test]
    fn a_gap_holds_from_the_last_call_that_passed() {
        let mut buckets = Buckets::default();
        assert!(buckets.take("push", GAPPED, 1, 5_000));
        assert!(!buckets.take("push", GAPPED, 1, 5_999));
        assert!(buckets.take("push", GAPPED, 1, 6_000));
        assert!(buckets.take("other", GAPPED, 1, 6_000), "another call has its own gap");
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let mut buckets = Buckets::default();
        let rate = Rate { calls: 1, per_ms: 1000, gap_ms: 0, per_item: None };
        assert!(buckets.take("call", rate, 1, 10_000));
        assert!(!buckets.take("call", rate, 1, 0));
        assert!(buckets.take("call", rate, 1, 1000));
    }
}
