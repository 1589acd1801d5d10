//! How far our wall clock is off the service's, learnt from the `Date` header of its answers.

use super::Now;

/// A smaller difference is the way's delay and the header's whole seconds, in seconds.
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

    /// Learns from a `Date` header; gives the new skew in seconds when it changed.
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

/// Reads a date of the form `Sun, 06 Nov 1994 08:49:37 GMT`, the only one that servers send (RFC 9110), as Unix seconds.
fn parse_date(date: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = date.split_once(", ")?.1.split(' ');
    let day: i64 = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let year: i64 = parts.next()?.parse().ok()?;
    let mut time = parts.next()?.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let in_range = (1..=31).contains(&day)
        && (1970..=9999).contains(&year)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    if !in_range || parts.next() != Some("GMT") {
        return None;
    }
    // Days from the civil date: years that begin in March, so that the leap day comes last.
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719_468;
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(parse_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(parse_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(parse_date("Thu, 29 Feb 2024 12:00:00 GMT"), Some(1_709_208_000));
        for bad in [
            "",
            "now",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }

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
