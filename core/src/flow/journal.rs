//! A checkpoint as a file that only grows: a line for what happened, so that a run that is killed at any moment can be
//! continued.
//!
//! ```text
//! <hash> {"journal":"tencent-im","version":1,"run":{"call":"accounts.import_accounts","app":1400000000,"fields":"…"}}
//! <hash> {"sent":{"below":400,"input":"…"}}
//! <hash> {"done":[[0,100],[200,300]],"counts":{"done":200,…}}
//! ```
//!
//! Each line begins with the hash of its JSON. A line that is torn, or that a crash of the machine left unwritten, fails
//! its hash: reading ends before it, and the file is cut there. What was lost is done once more.

use serde::{Deserialize, Serialize};

use super::checkpoint::{Checkpoint, Counts, Hash, RunId, SentMark, fault};
use crate::error::Result;

/// The form of the lines.
const VERSION: u32 = 1;
/// What the first line says that it is.
const MARK: &str = "tencent-im";

#[derive(Serialize, Deserialize)]
struct Header {
    journal: String,
    version: u32,
    run: RunId,
}

/// What has happened since the last line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The new mark of what was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<SentMark>,
    /// Items done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<(u64, u64)>,
    /// How all done items ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
}

/// The first line of a run's journal.
pub fn header(run: &RunId) -> String {
    line(&Header { journal: MARK.into(), version: VERSION, run: run.clone() })
}

/// An entry as a line.
pub fn line(entry: &impl Serialize) -> String {
    // Text and numbers alone: this cannot fail.
    let json = serde_json::to_string(entry).unwrap_or_default();
    format!("{} {json}\n", sum(json.as_bytes()))
}

fn sum(json: &[u8]) -> String {
    serde_json::to_string(&Hash::default().with(json)).unwrap_or_default().trim_matches('"').to_owned()
}

/// Reads a journal of a run. Gives the checkpoint, and how many bytes are to be kept: the rest is to be cut off before
/// anything is added. 0 bytes are kept of a file that was never written whole: its header is to be written anew.
pub fn read(bytes: &[u8], run: &RunId) -> Result<(Checkpoint, usize)> {
    let mut lines = Lines { bytes, at: 0 };
    let Some(first) = lines.next_json() else {
        // Killed while it wrote the header; anything else is a file that we do not own.
        let is_begun = header(run).as_bytes().starts_with(bytes) || bytes.iter().all(|byte| *byte == 0);
        return match is_begun {
            true => Ok((Checkpoint::new(run.clone()), 0)),
            false => Err(not_ours()),
        };
    };
    let header: Header = serde_json::from_slice(first).map_err(|_| not_ours())?;
    if header.journal != MARK {
        return Err(not_ours());
    }
    if header.version != VERSION {
        return Err(fault(
            format!("the checkpoint has the form {} of another version of the SDK", header.version),
            "continue with the version that wrote it, or begin anew with another file",
        ));
    }
    let mut checkpoint = Checkpoint::new(header.run);
    checkpoint.check(run)?;
    loop {
        let kept = lines.at;
        let Some(entry) = lines.next_json().and_then(|json| serde_json::from_slice::<Entry>(json).ok()) else {
            return Ok((checkpoint, kept));
        };
        let is_sound = entry.done.iter().all(|(first, after)| first < after && after - first <= MOST_IN_ENTRY);
        if !is_sound {
            return Ok((checkpoint, kept));
        }
        if let Some(sent) = entry.sent {
            checkpoint.sent = sent;
        }
        entry.done.iter().flat_map(|(first, after)| *first..*after).for_each(|number| checkpoint.add(number));
        checkpoint.counts = entry.counts.unwrap_or(checkpoint.counts);
    }
}

/// Most items of one range of an entry.
pub const MOST_IN_ENTRY: u64 = 1_000_000;

fn not_ours() -> crate::Error {
    fault("the file exists and is not a checkpoint", "name another file: this one is left as it is")
}

/// The lines of a journal, up to the first that is not whole.
struct Lines<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Lines<'b> {
    fn next_json(&mut self) -> Option<&'b [u8]> {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let space = rest[..end].iter().position(|byte| *byte == b' ')?;
        let json = &rest[space + 1..end];
        if sum(json).as_bytes() != &rest[..space] {
            return None;
        }
        self.at += end + 1;
        Some(json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn run() -> RunId {
        RunId { call: "accounts.import_accounts".into(), app: 1_400_000_000, fields: Hash::default() }
    }

    fn journal() -> Vec<String> {
        let sent = |below| Some(SentMark { below, input: Hash::default().with(&[7]) });
        let counts = |done| Some(Counts { done, ..Counts::default() });
        vec![
            header(&run()),
            line(&Entry { sent: sent(200), ..Entry::default() }),
            line(&Entry { done: vec![(100, 200)], counts: counts(100), ..Entry::default() }),
            line(&Entry { sent: sent(300), done: vec![(0, 100)], counts: counts(200) }),
        ]
    }

    #[test]
    fn lines_add_up_and_a_torn_one_is_cut_wherever_it_tears() {
        let lines = journal();
        let whole = lines.concat();
        let ends: Vec<usize> = lines
            .iter()
            .scan(0, |end, line| {
                *end += line.len();
                Some(*end)
            })
            .collect();
        for cut in 0..=whole.len() {
            let (checkpoint, kept) = read(&whole.as_bytes()[..cut], &run()).expect("a journal");
            assert_eq!(kept, ends.iter().copied().filter(|end| *end <= cut).max().unwrap_or(0), "cut at {cut}");
            let expected = match ends.iter().filter(|end| **end <= cut).count() {
                0 | 1 => (0, 0, 0),
                2 => (0, 0, 200),
                3 => (0, 100, 200),
                _ => (200, 200, 300),
            };
            assert_eq!((checkpoint.below, checkpoint.counts.done, checkpoint.sent.below), expected, "cut at {cut}");
        }
    }

    #[test]
    fn reading_ends_at_a_line_that_is_damaged() {
        let mut lines = journal();
        lines[2] = lines[2].replace("[100,200]", "[100,900]");
        let (checkpoint, kept) = read(lines.concat().as_bytes(), &run()).expect("a journal");
        assert_eq!((checkpoint.done(), kept), (0, lines[0].len() + lines[1].len()));
        let endless = line(&Entry { done: vec![(0, u64::MAX)], ..Entry::default() });
        let (checkpoint, _) = read([&*lines[0], &endless].concat().as_bytes(), &run()).expect("a journal");
        assert_eq!(checkpoint.done(), 0);
    }

    #[test]
    fn what_is_no_journal_of_this_run_is_refused_and_left_as_it_is() {
        for other in ["user_id,nick\na,b\n", "{}", "\n", "0000 {}\n"] {
            let error = read(other.as_bytes(), &run()).expect_err(other);
            assert_eq!((error.kind, error.path.as_deref()), (Kind::InvalidInput, Some("checkpoint")));
            assert!(error.message.contains("not a checkpoint"), "{error}");
        }
        let later = line(&Header { journal: MARK.into(), version: 2, run: run() });
        assert!(read(later.as_bytes(), &run()).expect_err("later").message.contains("another version"));
        let app = RunId { app: 5, ..run() };
        assert!(read(header(&app).as_bytes(), &run()).expect_err("app").message.contains("the app 5"));
    }

    #[test]
    fn an_empty_file_and_one_of_zeros_begin_anew() {
        for begun in [&b""[..], &[0; 100]] {
            assert_eq!(read(begun, &run()).expect("new"), (Checkpoint::new(run()), 0));
        }
    }
}
