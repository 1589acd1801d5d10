//! When to try again, and how much trying again a client may do in all.

/// Longest pause that is drawn, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 5_000;
/// Pause that the first repeat is drawn from, in milliseconds; it doubles with each.
const FIRST_PAUSE_MS: u64 = 200;

/// A pause drawn evenly from nothing up to a bound that doubles with each repeat (full jitter), so that clients whose
/// calls failed together do not come back together.
pub fn pause_ms(repeat: u32, entropy: u64) -> u64 {
    let bound = FIRST_PAUSE_MS.saturating_mul(1 << repeat.min(10)).min(LONGEST_PAUSE_MS);
    // The high half of the product: even, and without a division.
    ((u128::from(entropy) * u128::from(bound + 1)) >> 64) as u64
}

/// The repeats that a client's calls share, so that they do not multiply the load of a service in trouble.
#[derive(Debug)]
pub struct Budget {
    tokens: f64,
}

impl Budget {
    /// Repeats that can be made in a row without any success.
    const CAPACITY: f64 = 50.0;
    /// What a success gives back.
    const REFUND: f64 = 0.5;

    pub fn new() -> Self {
        Self { tokens: Self::CAPACITY }
    }

    /// Takes a repeat out, if there is one.
    pub fn take(&mut self) -> bool {
        let has = self.tokens >= 1.0;
        if has {
            self.tokens -= 1.0;
        }
        has
    }

    pub fn success(&mut self) {
        self.tokens = (self.tokens + Self::REFUND).min(Self::CAPACITY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_drawn_below_a_bound_that_doubles() {
        assert_eq!((pause_ms(0, 0), pause_ms(0, u64::MAX)), (0, 200));
        assert_eq!((pause_ms(1, u64::MAX), pause_ms(4, u64::MAX), pause_ms(99, u64::MAX)), (400, 3_200, 5_000));
        assert_eq!(pause_ms(0, u64::MAX / 2), 100);
    }

    #[test]
    fn the_budget_ends_and_successes_refill_it() {
        let mut budget = Budget::new();
        assert_eq!((0..100).filter(|_| budget.take()).count(), 50);
        (0..4).for_each(|_| budget.success());
        assert_eq!((0..100).filter(|_| budget.take()).count(), 2);
    }
}
