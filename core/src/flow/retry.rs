//! Backoff before retries, and the budget of retries of a client.

/// Backoff before retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Base backoff before the first retry, in milliseconds.
    pub first_ms: u32,
    /// Longest backoff before any retry, in milliseconds.
    pub most_ms: u32,
}

impl Backoff {
    /// A backoff drawn evenly from 0 up to a bound that doubles with each retry (full jitter), so that clients whose
    /// calls failed together do not come back together. `retry` counts from 0.
    pub fn draw_ms(self, retry: u32, draw: u64) -> u64 {
        let bound = u64::from(self.first_ms).saturating_mul(1 << retry.min(20)).min(self.most_ms.into());
        // The high half of the product: even, and without a division.
        ((u128::from(draw) * u128::from(bound + 1)) >> 64) as u64
    }
}

/// The retries that a client's calls share, so that they do not multiply the load of a service in trouble.
#[derive(Debug)]
pub struct Budget {
    capacity: f64,
    tokens: f64,
}

impl Budget {
    /// The retries that a success gives back.
    const REFUND: f64 = 0.5;

    /// A full budget: this many retries can be made in a row without a success.
    pub fn new(capacity: u32) -> Self {
        Self { capacity: capacity.into(), tokens: capacity.into() }
    }

    /// Takes one retry. Returns false if none is left.
    pub fn take(&mut self) -> bool {
        let has = self.tokens >= 1.0;
        if has {
            self.tokens -= 1.0;
        }
        has
    }

    pub fn success(&mut self) {
        self.tokens = (self.tokens + Self::REFUND).min(self.capacity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoffs_are_drawn_below_a_bound_that_doubles() {
        let backoff = Backoff { first_ms: 200, most_ms: 5_000 };
        let longest = |retry| backoff.draw_ms(retry, u64::MAX);
        assert_eq!((backoff.draw_ms(0, 0), longest(0)), (0, 200));
        assert_eq!((longest(1), longest(4), longest(99)), (400, 3_200, 5_000));
        assert_eq!(backoff.draw_ms(0, u64::MAX / 2), 100);
    }

    #[test]
    fn the_budget_ends_and_successes_refill_it() {
        let mut budget = Budget::new(50);
        assert_eq!((0..100).filter(|_| budget.take()).count(), 50);
        (0..4).for_each(|_| budget.success());
        assert_eq!((0..100).filter(|_| budget.take()).count(), 2);
    }
}
