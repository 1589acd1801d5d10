//! The documented rates: a token bucket for each app and call.

use std::collections::HashMap;

use tencent_im_core::schema::Rate;

/// The buckets of one app, by path.
#[derive(Debug, Default)]
pub struct Buckets {
    by_path: HashMap<&'static str, Bucket>,
    /// The calls of each path in a second: which second, and how many.
    seconds: HashMap<&'static str, (u64, u32)>,
}

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
        let bucket =
            self.by_path.entry(path).or_insert(Bucket { calls: most, filled_at_ms: now_ms, taken_at_ms: None });
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

    /// Counts a call, whether or not it passes. Gives how many came in its second where it is the first beyond 80 % of the
    /// limit, by which the service warns.
    pub fn count(&mut self, path: &'static str, calls: u32, now_ms: u64) -> Option<u32> {
        let counted = self.seconds.entry(path).or_default();
        if counted.0 != now_ms / 1000 {
            *counted = (now_ms / 1000, 0);
        }
        counted.1 += 1;
        let is_beyond = |count: u32| u64::from(count) * 10 > u64::from(calls) * 8;
        (is_beyond(counted.1) && !is_beyond(counted.1 - 1)).then_some(counted.1)
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
    fn the_first_call_beyond_four_fifths_of_the_limit_is_told() {
        let mut buckets = Buckets::default();
        for second in 0..2 {
            let told = (0..30).filter_map(|_| buckets.count("call", 10, second * 1000 + 999)).collect::<Vec<_>>();
            assert_eq!(told, [9]);
        }
        assert_eq!(buckets.count("rare", 1, 0), Some(1));
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
