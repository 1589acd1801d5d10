//! The file that a run's checkpoint is kept in: written, locked and brought to the disk. What its lines mean is the
//! core's ([`tencent_im_core::flow::journal`]); this is apart from the core, which does no I/O.

#![forbid(unsafe_code)]

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tencent_im_core::flow::{Bulk, journal};
use tencent_im_core::{Error, Kind, Result};

/// Longest time that lines wait to be written to the disk. A killed process loses none of them, only a machine that
/// breaks down.
const SYNC: Duration = Duration::from_secs(1);
/// What is read to see whether a file is a journal at all.
const LOOK: u64 = 4096;

/// An open journal. It stays locked until it is dropped.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    synced: Instant,
    is_dirty: bool,
}

impl Journal {
    /// Opens or makes the journal of a run, and has the run continue where it ends.
    pub fn open(path: PathBuf, bulk: &mut Bulk) -> Result<Self> {
        // Before a file is made.
        bulk.check_kept()?;
        let failed = |what: &str, error: &std::io::Error| {
            fault(&path, format!("{what}: {error}"), "name a file that this program may write")
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| failed("it cannot be opened", &error))?;
        // A device, say, which has no end.
        if !file.metadata().is_ok_and(|facts| facts.is_file()) {
            return Err(fault(&path, "it is not a regular file".into(), "name another one"));
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let cure = "wait until that run has ended, or name another file";
                return Err(fault(&path, "another run writes this checkpoint".into(), cure));
            }
            Err(TryLockError::Error(error)) => return Err(failed("it cannot be locked", &error)),
        }
        let mut bytes = Vec::new();
        let unread = |error| failed("it cannot be read", &error);
        (&file).take(LOOK).read_to_end(&mut bytes).map_err(unread)?;
        // Refused before the rest is read: it may be any file, of any size.
        journal::read(&bytes, bulk.run())?;
        file.read_to_end(&mut bytes).map_err(unread)?;
        let (checkpoint, kept) = journal::read(&bytes, bulk.run())?;
        bulk.resume(checkpoint)?;
        let cut = file.set_len(kept as u64).and_then(|()| file.seek(SeekFrom::End(0)));
        cut.map_err(|error| failed("it cannot be written", &error))?;
        let mut journal = Self { path, file, synced: Instant::now(), is_dirty: false };
        if kept == 0 {
            journal.add(Some(&bulk.journal_header()))?;
            journal.sync()?;
        }
        Ok(journal)
    }

    /// Adds lines, if there are any.
    pub fn add(&mut self, lines: Option<&str>) -> Result<()> {
        let Some(lines) = lines else { return Ok(()) };
        self.is_dirty = true;
        self.file.write_all(lines.as_bytes()).map_err(|error| self.full(&error))
    }

    /// Whether lines have waited long enough.
    pub fn is_due(&self) -> bool {
        self.is_dirty && self.synced.elapsed() >= SYNC
    }

    /// Waits until all lines are on the disk.
    pub fn sync(&mut self) -> Result<()> {
        if std::mem::take(&mut self.is_dirty) {
            self.file.sync_data().map_err(|error| self.full(&error))?;
        }
        self.synced = Instant::now();
        Ok(())
    }

    fn full(&self, error: &std::io::Error) -> Error {
        let cure = "make room for it and resume: what it has is done, the rest is sent once more";
        fault(&self.path, format!("it cannot be written: {error}"), cure)
    }
}

fn fault(path: &Path, message: String, cure: &'static str) -> Error {
    Error::new(Kind::Config, format!("{}: {message}", path.display())).at("checkpoint").cure(cure)
}
