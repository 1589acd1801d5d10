//! The random numbers of a client's calls, from one seed. They need not be secret, only different each time.

/// What SplitMix64 adds to its state for each number.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The service reads some of the fields that mark a call as signed numbers of 32 bits.
const MARKS: u32 = (1 << 31) - 1;

/// A generator of random numbers: [SplitMix64](https://prng.di.unimi.it/splitmix64.c), with the seed itself as its first
/// number.
#[derive(Debug)]
pub(super) struct Draws {
    state: u64,
    next: u64,
    mark: u32,
    stride: u32,
}

impl Draws {
    pub fn new(seed: u64) -> Self {
        // From places of the sequence that the draws do not come by.
        let (mark, stride) = (mix(!seed) as u32, mix(!seed.wrapping_add(STEP)) as u32);
        Self { state: seed, next: seed, mark, stride: stride | 1 }
    }

    /// Draws 64 bits.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        core::mem::replace(&mut self.next, mix(self.state))
    }

    /// Draws the number from which a call's [`Op::draws`](crate::schema::Op::draws) are made.
    ///
    /// The service takes a message for a retry when it has the random number of an earlier one. Truncated to 31 bits,
    /// independent draws would meet after some ten thousand messages, so the low 31 bits walk through all numbers but 0
    /// in steps of an odd length before one comes again.
    pub fn mark(&mut self) -> u64 {
        loop {
            self.mark = self.mark.wrapping_add(self.stride) & MARKS;
            if self.mark != 0 {
                return mix(self.state ^ u64::from(self.mark)) << 31 | u64::from(self.mark);
            }
        }
    }
}

/// The output function of SplitMix64.
fn mix(state: u64) -> u64 {
    let mut bits = state;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    /// The first numbers of the published generator from the seed 1234567.
    #[test]
    fn draws_are_the_seed_and_then_splitmix64() {
        let mut draws = Draws::new(1_234_567);
        assert_eq!(
            [draws.next(), draws.next(), draws.next(), draws.next()],
            [1_234_567, 6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

        #[test]
        fn no_two_calls_have_one_mark(seed in any::<u64>()) {
            const CALLS: usize = 50_000;
            let mut draws = Draws::new(seed);
            let marks: HashSet<u64> = (0..CALLS)
                .map(|_| {
                    draws.next();
                    draws.mark() & 0x7fff_ffff
                })
                .collect();
            prop_assert_eq!(marks.len(), CALLS);
            prop_assert!(!marks.contains(&0), "0 reads as left out");
        }
    }

    /// With the longest stride the walk passes 0 often.
    #[test]
    fn zero_is_passed_over() {
        let mut draws = Draws { state: 0, next: 0, mark: 2, stride: MARKS };
        assert_eq!([draws.mark(), draws.mark()].map(|mark| mark & u64::from(MARKS)), [1, u64::from(MARKS)]);
    }

    /// Clients of one app send side by side: their walks must not run in step.
    #[test]
    fn clients_with_seeds_side_by_side_share_no_marks() {
        let marks = |seed: u64| {
            let mut draws = Draws::new(seed);
            (0..1_000).map(|_| draws.mark() & u64::from(MARKS)).collect::<HashSet<u64>>()
        };
        let all: HashSet<u64> = (0..20).flat_map(marks).collect();
        assert!(all.len() >= 20_000 - 3, "{} of 20000 marks differ", all.len());
    }
}
