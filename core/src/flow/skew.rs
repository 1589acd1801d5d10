//! How far our wall clock is off the service's, learnt from the `Date` header of its answers.

use super::Now;
use crate::http::parse_date;

/// A smaller difference is the network's delay and the header's whole seconds, in seconds.
const NOTICED_S: i64 = 3;
/// A greater difference is not believed, in seconds: somebody else's clock must not make our UserSigs.
const BELIEVED_S: i64 = 86_400;

/// The skew in force.
#[derive(Debug, Default)]
pub struct Skew {
    seconds: i64,
}

impl Skew {
    /// The service's time, in Unix seconds.
    pub fn service_time_s(&self, now: Now) -> u64 {
        (now.unix_ms / 1000).saturating_add_signed(self.seconds)
    }

    /// Learns from a `Date` header. Returns the new skew in seconds if it changed.
    pub fn learn(&mut self, now: Now, date: &str) -> Option<i64> {
        let ours = i64::try_from(now.unix_ms / 1000).ok()?;
        let difference = parse_date(date)? - ours;
        // Compared before it is rounded: a clock that is off by just about what is noticed must not switch to and fro.
        if difference.abs() > BELIEVED_S || (difference - self.seconds).abs() <= NOTICED_S {
            return None;
        }
        let believed = if difference.abs() <= NOTICED_S { 0 } else { difference };
        self.seconds = believed;
        Some(believed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_once_and_believes_a_day_at_most() {
        let at = |unix_s: u64| Now { mono_ms: 0, unix_ms: unix_s * 1000 };
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let mut skew = Skew::default();
        assert_eq!(skew.learn(at(784_111_776), date), None);
        assert_eq!(skew.learn(at(784_111_777 - 600), date), Some(600));
        assert_eq!(skew.learn(at(784_111_777 - 601), date), None);
        assert_eq!(skew.service_time_s(at(1_000)), 1_600);
        assert_eq!(skew.learn(at(784_111_777 - 200_000), date), None);
        assert_eq!(skew.learn(at(784_111_777), date), Some(0));
        // Three and a half seconds off: the header's whole seconds make it three or four.
        let learnt = [4, 3, 4, 3, 4].map(|off| skew.learn(at(784_111_777 - off), date));
        assert_eq!(learnt, [Some(4), None, None, None, None]);
    }
}
