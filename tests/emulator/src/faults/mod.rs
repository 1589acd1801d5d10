//! Faults on demand: which request is spoilt is decided in [`rule`], how in [`inject`].

mod body;
pub mod inject;
mod rule;

use std::sync::Arc;

use serde_json::{Value, json};

pub use rule::{Kind, Raw, Rule};

use crate::families::Route;

/// The rules in force. The first one that fires for a request decides; the others do not count it.
#[derive(Debug, Default)]
pub struct Faults {
    rules: Vec<Armed>,
    random: SplitMix64,
}

/// A rule and how far it has got.
#[derive(Debug)]
struct Armed {
    rule: Arc<Rule>,
    skip: u64,
    left: Option<u64>,
    fired: u64,
}

impl Faults {
    /// New rules in place of the old ones. The same seed and requests give the same faults.
    pub fn new(rules: Vec<Rule>, seed: u64) -> Self {
        let arm = |rule: Rule| Armed { skip: rule.skip, left: rule.next, fired: 0, rule: Arc::new(rule) };
        Self { rules: rules.into_iter().map(arm).collect(), random: SplitMix64(seed) }
    }

    /// The fault for a request, if it is to have one.
    pub fn pick(&mut self, path: &str, route: Option<&Route>) -> Option<Arc<Rule>> {
        for armed in &mut self.rules {
            if armed.left == Some(0) || !armed.rule.concerns(path, route) {
                continue;
            }
            if armed.skip > 0 {
                armed.skip -= 1;
                continue;
            }
            if armed.rule.probability.is_some_and(|probability| self.random.next_unit() >= probability) {
                continue;
            }
            armed.left = armed.left.map(|left| left - 1);
            armed.fired += 1;
            return Some(armed.rule.clone());
        }
        None
    }

    /// The rules and how often each fired.
    pub fn show(&self) -> Value {
        let show = |armed: &Armed| {
            json!({
                "kind": armed.rule.kind.name(),
                "call": armed.rule.call,
                "fired": armed.fired,
                "left": armed.left,
            })
        };
        self.rules.iter().map(show).collect()
    }
}

/// Steele, Lea and Flood's generator: eight bytes of state, and every seed is a good one.
#[derive(Debug, Default)]
struct SplitMix64(u64);

impl SplitMix64 {
    /// A number from 0 up to, but never, 1.
    fn next_unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        // The 53 bits that a double holds exactly.
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}
