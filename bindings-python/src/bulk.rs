//! A run over many items, as the Python package drives it.
//!
//! The run itself is the core's; it is touched by the caller's thread alone. Workers make the calls and tell their ends.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use pyo3::exceptions::PyBaseException;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList};
use tencent_im_core::api::find_op;
use tencent_im_core::flow::{Checkpoint, Counts, RunSettings};
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::walk;
use tencent_im_core::{Error, Kind};
use tencent_im_journal::Journal;

use crate::batches::Batches;
use crate::call_options;
use crate::client::NativeClient;
use crate::errors::{Result, raising};
use crate::events::{Listener, read_hook};
use crate::input::reading;
use crate::package::Package;
use crate::queue::LoopQueue;
use crate::run::{Run, Source};
use crate::runtime::lock;
use crate::settings::{boolean, path, text, whole};

/// Longest time that a waiting thread looks away from signals and events.
const SLICE: Duration = Duration::from_millis(50);

/// A run over many items.
#[pyclass(frozen, module = "tencent_im._native")]
pub struct NativeBulk {
    run: Mutex<Run>,
    /// Asked to take no further items. Not in the run: a signal handler may ask while the run is being read.
    is_stopping: AtomicBool,
    client: Py<NativeClient>,
    numbers: Mutex<Numbers>,
    /// The process that began it: a forked child has none of its workers.
    pid: u32,
}

/// What `progress` tells.
#[derive(Clone, Copy, Default)]
struct Numbers {
    counts: Counts,
    skipped: u64,
    skipped_failed: u64,
    resent: u64,
    offered: u64,
    begun: Option<Instant>,
    ended: Option<Instant>,
}

#[pymethods]
impl NativeBulk {
    /// Opens a run of a call. `fields` are the call's other fields, `settings` those of the run by their names. Nothing is
    /// read from the source yet.
    #[new]
    fn new(
        py: Python<'_>,
        client: Py<NativeClient>,
        op: &str,
        fields: &Bound<'_, PyDict>,
        options: &Bound<'_, PyDict>,
        settings: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let (bulk, batches, journal) = raising(py, &client.get().listener.get().package, || {
            let NativeClient { listener, plan, .. } = client.get();
            let given = |name| Ok::<_, PyErr>(settings.get_item(name)?.filter(|value| !value.is_none()));
            let in_flight =
                given("in_flight")?.map(|value| whole("in_flight", Kind::InvalidInput, &value)).transpose()?;
            let label = given("source")?;
            let label = label.as_ref().map(|value| text("source", Kind::InvalidInput, value)).transpose()?;
            let checkpoint = given("checkpoint")?.map(|value| path("checkpoint", &value)).transpose()?;
            let resume = given("resume")?;
            let resume = resume.as_ref().map(|value| text("resume", Kind::InvalidInput, value)).transpose()?;
            let is_dry = given("dry_run")?.map(|value| boolean("dry_run", &value)).transpose()?.unwrap_or(false);
            given("on_progress")?.map(|hook| read_hook("on_progress", hook)).transpose()?;
            let shared = client.get().enter(py)?.shared().clone();
            listener.get().tune_in(py, &shared);
            let op = find_op(op)?;
            let options = call_options::split(plan, op, fields, options)?;
            let others = reading(fields, |fields| walk::plain(fields, Style::Snake))?;
            let settings =
                RunSettings { style: Style::Snake, in_flight, label: label.as_deref().unwrap_or(""), is_dry };
            let mut bulk = plan.bulk(op, others, settings, &options)?;
            if let Some(resume) = resume {
                bulk.resume(Checkpoint::from_json(&resume)?)?;
            }
            let journal = checkpoint.map(|path| Journal::open(path, &mut bulk)).transpose()?;
            let batches = Batches::new(shared, plan.clone(), options);
            Ok((bulk, batches, journal))
        })?;
        let earlier = bulk.checkpoint().counts;
        let numbers = Numbers {
            skipped_failed: earlier.failed + earlier.refused + earlier.unknown,
            resent: bulk.checkpoint().in_doubt(),
            ..Numbers::default()
        };
        Ok(Self {
            run: Mutex::new(Run::new(bulk, batches, journal)),
            is_stopping: AtomicBool::new(false),
            client,
            numbers: Mutex::new(numbers),
            pid: std::process::id(),
        })
    }

    /// Reads items from an iterator, sends, waits, and gives the outcomes that have come; None after the last. Those
    /// given before are settled, all `but` the last so many.
    fn next_chunk<'py>(
        &self,
        py: Python<'py>,
        source: &Bound<'py, PyIterator>,
        but: usize,
    ) -> PyResult<Option<Bound<'py, PyList>>> {
        self.with_run(py, |run| {
            loop {
                run.turn(py, but)?;
                self.pull_into(run, py, source)?;
                self.note(run);
                let chunk = run.take(py, self.listener())?;
                if !chunk.is_empty() {
                    return Ok(Some(chunk));
                }
                if run.is_finished() {
                    return run.tell_end(py).map(|()| None);
                }
                self.listener().tell(py, run.batches.shared())?;
                if run.bulk.in_flight() > 0 {
                    let ended = run.batches.ended().clone();
                    while !py.detach(|| ended.wait(SLICE)) {
                        py.check_signals()?;
                        self.listener().tell(py, run.batches.shared())?;
                    }
                }
            }
        })
    }

    /// Takes what has come back and settles what was given before, all `but` the last so many.
    fn turn(&self, py: Python<'_>, but: usize) -> PyResult<()> {
        self.with_run(py, |run| run.turn(py, but))
    }

    /// Reads items from an iterator and sends.
    fn pull(&self, py: Python<'_>, source: &Bound<'_, PyIterator>) -> PyResult<()> {
        self.with_run(py, |run| self.pull_into(run, py, source))
    }

    /// Takes no further items; those taken go on to their ends.
    fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
    }

    /// Takes items and sends. `is_all` says that no further ones come for now.
    fn offer(&self, py: Python<'_>, items: &Bound<'_, PyList>, is_all: bool) -> PyResult<()> {
        self.with_run(py, |run| {
            for item in items.iter() {
                run.offer(&item)?;
            }
            if is_all || !matches!(run.source, Source::Open) {
                run.bulk.flush();
            }
            run.send(py)
        })
    }

    /// Says that no further items come, and the exception that was the reason, if one was.
    fn end(&self, py: Python<'_>, exception: Option<Py<PyBaseException>>) -> PyResult<()> {
        self.with_run(py, |run| {
            run.end(exception);
            run.send(py)
        })
    }

    /// The outcomes that have come.
    fn take<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        self.with_run(py, |run| {
            self.listener().tell(py, run.batches.shared())?;
            run.take(py, self.listener())
        })
    }

    /// How many items may be offered now.
    fn room(&self, py: Python<'_>) -> PyResult<usize> {
        self.with_run(py, |run| {
            self.hear_stop(run, py)?;
            Ok(if matches!(run.source, Source::Open) { run.bulk.room() } else { 0 })
        })
    }

    /// Whether all is done; if so, tells why the run stopped, if it did.
    fn finish(&self, py: Python<'_>) -> PyResult<bool> {
        self.with_run(py, |run| if run.is_finished() { run.tell_end(py).map(|()| true) } else { Ok(false) })
    }

    /// Whether anything is in flight.
    fn is_waiting(&self, py: Python<'_>) -> PyResult<bool> {
        self.with_run(py, |run| Ok(run.bulk.in_flight() > 0))
    }

    /// Completes an asyncio future of the queue's loop when the next batch has ended.
    fn wake(&self, py: Python<'_>, queue: &Bound<'_, LoopQueue>, future: Py<PyAny>) -> PyResult<()> {
        self.with_run(py, |run| {
            let (inbox, id) = queue.get().wake(future);
            run.batches.ended().wake(&inbox, id);
            Ok(())
        })
    }

    /// Counts: done, failed, refused, unknown, duplicates, skipped, of those not done, sent again, in flight; seconds.
    fn progress(&self) -> ([u64; 9], f64) {
        let Numbers { counts, skipped, skipped_failed, resent, offered, begun, ended } = *lock(&self.numbers);
        let in_flight = offered.saturating_sub(skipped + counts.total());
        let elapsed = begun.map_or(Duration::ZERO, |begun| ended.unwrap_or_else(Instant::now) - begun);
        let Counts { done, failed, refused, unknown, duplicates } = counts;
        let told = [done, failed, refused, unknown, duplicates, skipped, skipped_failed, resent, in_flight];
        (told, elapsed.as_secs_f64())
    }

    /// Settles what was given, all `but` the last so many, and gives the checkpoint as text.
    fn checkpoint(&self, py: Python<'_>, but: usize) -> PyResult<String> {
        self.with_run(py, |run| {
            // What a closed run had not given, or not dealt with, stays undone.
            if !matches!(run.source, Source::Told) {
                run.bulk.settle(but);
            }
            Ok(run.bulk.checkpoint().to_json())
        })
    }

    /// Ends the run where it stands. What was given is settled, all `but` the last so many.
    fn close(&self, py: Python<'_>, but: usize) -> PyResult<()> {
        self.with_run(py, |run| run.close(py, but))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.client)?;
        if let Ok(run) = self.run.try_lock() {
            run.traverse(&visit)?;
        }
        Ok(())
    }
}

impl NativeBulk {
    fn listener(&self) -> &Listener {
        self.client.get().listener.get()
    }

    fn package(&self) -> &Py<Package> {
        &self.listener().package
    }

    fn hear_stop(&self, run: &mut Run, py: Python<'_>) -> Result<()> {
        if self.is_stopping.load(Ordering::SeqCst) && matches!(run.source, Source::Open) {
            run.bulk.flush();
            run.source = Source::Ended;
            run.send(py)?;
        }
        Ok(())
    }

    fn pull_into(&self, run: &mut Run, py: Python<'_>, source: &Bound<'_, PyIterator>) -> Result<()> {
        loop {
            self.hear_stop(run, py)?;
            if !run.pull_batch(py, source)? {
                return Ok(());
            }
        }
    }

    fn with_run<T>(&self, py: Python<'_>, act: impl FnOnce(&mut Run) -> Result<T>) -> PyResult<T> {
        raising(py, self.package(), || {
            let mut run = self.run()?;
            // Before the first item is asked for: what it takes to read is part of the run.
            lock(&self.numbers).begun.get_or_insert_with(Instant::now);
            let result = act(&mut run);
            self.note(&run);
            result
        })
    }

    fn run(&self) -> Result<MutexGuard<'_, Run>> {
        let fault = |message: &'static str, cure: &'static str| Error::new(Kind::InvalidInput, message).cure(cure);
        if self.pid != std::process::id() {
            return Err(fault("the run belongs to another process", "begin a run in the process that reads it").into());
        }
        // Whoever waits for the lock would hold the GIL, which the one that has it needs.
        Ok(self.run.try_lock().map_err(|_| {
            fault("the run is being read already", "read a run on one thread, and not from the source of its items")
        })?)
    }

    fn note(&self, run: &Run) {
        let mut numbers = lock(&self.numbers);
        numbers.counts = run.bulk.counts();
        numbers.skipped = run.bulk.skipped();
        numbers.offered = run.bulk.offered();
        if matches!(run.source, Source::Told) {
            numbers.ended.get_or_insert_with(Instant::now);
        }
    }
}
