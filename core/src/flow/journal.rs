//! A checkpoint as a file that only grows: a line for what happened, so that a run that is killed at any moment can be
//! continued.
//!
//! ```text
//! <hash> {"journal":"tencent-im","version":1,"run":{"call":"accounts.import_accounts","app":1400000000,"fields":"…"}}
//! <hash> {"sent":{"below":400,"input":"…"}}
//! <hash> {"done":[[0,100],[200,300]],"counts":[200,0,0,0,0]}
//! ```
//!
//! Each line begins with the hash of its JSON. A line that is torn, or that a crash of the machine left unwritten, fails
//! its hash: reading ends before it, and the file is cut there. What was lost is done once more.

use super::checkpoint::{Checkpoint, Counts, Hash, InputMark, RunId, fault};
use super::parts::{self, Parts};
use crate::error::Result;
use crate::json::object_of;

/// The form of the lines.
const VERSION: u64 = 1;
/// What the first line says that it is.
const MARK: &str = "tencent-im";

/// What has happened since the last line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The new mark of what was sent.
    pub sent: Option<InputMark>,
    /// The new mark of what is done, where it lies beyond what was sent.
    pub settled: Option<InputMark>,
    /// Items done.
    pub done: Vec<(u64, u64)>,
    /// How all done items ended.
    pub counts: Option<Counts>,
}

/// The first line of a run's journal.
pub fn header(run: &RunId) -> String {
    summed(&format!(r#"{{"journal":"{MARK}","version":{VERSION},"run":{}}}"#, parts::of_run(run)))
}

/// An entry as a line.
pub fn line(entry: &Entry) -> String {
    let mut fields = Vec::new();
    for (name, mark) in [("sent", &entry.sent), ("settled", &entry.settled)] {
        fields.extend(mark.as_ref().map(|mark| format!(r#""{name}":{}"#, parts::of_mark(mark))));
    }
    if !entry.done.is_empty() {
        fields.push(format!(r#""done":{}"#, parts::of_ranges(&entry.done)));
    }
    if let Some(counts) = &entry.counts {
        fields.push(format!(r#""counts":{}"#, parts::of_counts(counts)));
    }
    summed(&format!("{{{}}}", fields.join(",")))
}

fn summed(json: &str) -> String {
    format!("{} {json}\n", parts::of_hash(Hash::default().with(json.as_bytes())))
}

/// Reads an entry; none if it has what no entry has.
fn entry(json: &str) -> Option<Entry> {
    let object = object_of(json).ok()?;
    let parts = Parts(&object);
    Some(Entry {
        sent: if parts.has("sent") { Some(parts.mark("sent")?) } else { None },
        settled: if parts.has("settled") { Some(parts.mark("settled")?) } else { None },
        done: if parts.has("done") { parts.ranges("done")? } else { Vec::new() },
        counts: if parts.has("counts") { Some(parts.counts("counts")?) } else { None },
    })
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
    let header = object_of(first).map_err(|_| not_ours())?;
    let header = Parts(&header);
    if header.text("journal") != Some(MARK) {
        return Err(not_ours());
    }
    if header.number("version") != Some(VERSION) {
        return Err(fault(
            "the checkpoint has the form of another version of the SDK",
            "continue with the version that wrote it, or begin anew with another file",
        ));
    }
    let mut checkpoint = Checkpoint::new(header.run("run").ok_or_else(not_ours)?);
    checkpoint.check(run)?;
    loop {
        let kept = lines.at;
        let Some(entry) = lines.next_json().and_then(entry) else {
            return Ok((checkpoint, kept));
        };
        let is_sound = entry.done.iter().all(|(first, after)| first < after && after - first <= MOST_IN_ENTRY);
        if !is_sound {
            return Ok((checkpoint, kept));
        }
        checkpoint.sent = entry.sent.unwrap_or(checkpoint.sent);
        checkpoint.settled = entry.settled.unwrap_or(checkpoint.settled);
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
    fn next_json(&mut self) -> Option<&'b str> {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let space = rest[..end].iter().position(|byte| *byte == b' ')?;
        let json = &rest[space + 1..end];
        if parts::of_hash(Hash::default().with(json)).as_bytes() != &rest[..space] {
            return None;
        }
        self.at += end + 1;
        core::str::from_utf8(json).ok()
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
        let sent = |below| Some(InputMark { below, input: Hash::default().with(&[7]) });
        let counts = |done| Some(Counts { done, ..Counts::default() });
        vec![
            header(&run()),
            line(&Entry { sent: sent(200), ..Entry::default() }),
            line(&Entry { done: vec![(100, 200)], counts: counts(100), ..Entry::default() }),
            line(&Entry { sent: sent(300), done: vec![(0, 100)], counts: counts(200), ..Entry::default() }),
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
        let later = header(&run()).replace(r#""version":1"#, r#""version":2"#);
        let later = summed(later.split_once(' ').expect("a line").1.trim_end());
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
