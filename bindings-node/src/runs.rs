//! Runs over many items, and the journals of their checkpoints.

use std::path::PathBuf;

use napi_derive::napi;
use tencent_im_core::Result;
use tencent_im_core::flow::{Next, Now, RunNumber};
use tencent_im_journal::Journal;

use crate::client::NativeClient;
use crate::guard::throwing;

#[napi]
impl NativeClient {
    /// Opens a run of a call and gives its number. Nothing is sent.
    #[napi]
    pub fn open_run(
        &mut self,
        op: String,
        fields: String,
        settings: String,
        options: Option<String>,
    ) -> napi::Result<u32> {
        throwing(|| self.client.open_run(&op, &fields, &settings, options.as_deref()))
    }

    /// Keeps a run's checkpoint in a file, and has the run continue where the file ends.
    #[napi]
    pub fn open_journal(&mut self, run: u32, path: String) -> napi::Result<()> {
        throwing(|| {
            let journal = Journal::open(PathBuf::from(path), self.client.run(run)?)?;
            self.journals.insert(run, journal);
            Ok(())
        })
    }

    /// Offers items, a line of JSON each; then 0: there are more, 1: none for now, 2: none at all. Gives the lines that were
    /// skipped.
    #[napi]
    pub fn offer_items(&mut self, run: u32, lines: String, next: u8) -> napi::Result<Vec<u32>> {
        throwing(|| self.client.offer(run, &lines, Next::of_number(next)))
    }

    /// The batches that may be sent now, as calls to be polled. The journal knows them before.
    #[napi]
    pub fn batches(&mut self, run: u32, mono_ms: f64, unix_ms: f64) -> napi::Result<Vec<u32>> {
        throwing(|| {
            let calls = self.client.batches(run, Now::of_javascript(mono_ms, unix_ms))?;
            let must_sync = !calls.is_empty() && self.client.run(run)?.must_sync();
            self.keep(run, must_sync)?;
            Ok(calls)
        })
    }

    /// Settles the outcomes given before, all but the last so many, and gives those that have come.
    #[napi]
    pub fn take_outcomes(&mut self, run: u32, but: u32) -> napi::Result<String> {
        throwing(|| {
            let taken = self.client.take(run, but as usize)?;
            self.keep(run, false)?;
            Ok(taken)
        })
    }

    /// Settles as `take_outcomes` does, and gives the checkpoint of the run as text.
    #[napi]
    pub fn checkpoint(&mut self, run: u32, but: u32) -> napi::Result<String> {
        throwing(|| {
            let bulk = self.client.run(run)?;
            bulk.settle(but as usize);
            Ok(bulk.checkpoint().to_json())
        })
    }

    /// Ends a run, and lets go of its journal.
    #[napi]
    pub fn close_run(&mut self, run: u32) -> napi::Result<()> {
        throwing(|| {
            let kept = self.keep(run, true);
            self.journals.remove(&run);
            self.client.close_run(run);
            kept
        })
    }
}

impl NativeClient {
    /// Writes to the journal what has happened.
    fn keep(&mut self, run: RunNumber, is_urgent: bool) -> Result<()> {
        let lines = self.client.run(run)?.take_journal();
        let Some(journal) = self.journals.get_mut(&run) else { return Ok(()) };
        let kept = journal.add(lines.as_deref());
        let kept = kept.and_then(|()| if is_urgent || journal.is_due() { journal.sync() } else { Ok(()) });
        if kept.is_err() {
            // Half a line may stand at its end: nothing may follow it.
            self.journals.remove(&run);
        }
        kept
    }
}
