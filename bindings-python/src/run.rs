//! The state of a run: its items, its batches, its journal, and what became of each item. Touched by the caller's thread
//! alone.

use std::collections::HashMap;

use pyo3::exceptions::{PyBaseException, PyException};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList};
use tencent_im_core::flow::{Bulk, ItemOutcome};
use tencent_im_journal::Journal;

use crate::batches::Batches;
use crate::errors::{Fault, Result, object};
use crate::events::Listener;
use crate::input::reading;
use crate::result::read_item;

/// What became of one item.
#[pyclass(frozen, module = "tencent_im", name = "ItemResult")]
pub struct ItemResult {
    /// The item's number, counted from 0.
    #[pyo3(get)]
    number: u64,
    /// The item as it was given.
    #[pyo3(get)]
    item: Py<PyAny>,
    /// How it ended.
    #[pyo3(get)]
    outcome: &'static str,
    /// Why it was not done.
    #[pyo3(get)]
    error: Option<Py<PyAny>>,
    /// What the service says about it.
    #[pyo3(get)]
    reply: Option<Py<PyAny>>,
}

#[pymethods]
impl ItemResult {
    /// Whether the service did it.
    #[getter]
    fn ok(&self) -> bool {
        self.outcome == "done"
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let error = match &self.error {
            Some(error) => format!(", error={}", error.bind(py).repr()?),
            None => String::new(),
        };
        Ok(format!("ItemResult(number={}, outcome='{}'{error})", self.number, self.outcome))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.item)?;
        visit.call(&self.error)?;
        visit.call(&self.reply)
    }
}

/// A run under way.
pub struct Run {
    pub bulk: Bulk,
    pub batches: Batches,
    journal: Option<Journal>,
    /// The items that have no outcome yet.
    items: HashMap<u64, Py<PyAny>>,
    pub source: Source,
}

/// Where the items come from.
pub enum Source {
    /// There may be more items.
    Open,
    /// There are no more.
    Ended,
    /// It has raised this, to be told when the items before it have their outcomes.
    Raised(Py<PyBaseException>),
    /// The end of the run was told.
    Told,
}

impl Run {
    /// Nothing read and nothing sent.
    pub fn new(bulk: Bulk, batches: Batches, journal: Option<Journal>) -> Self {
        Self { bulk, batches, journal, items: HashMap::new(), source: Source::Open }
    }

    /// What it holds of Python.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Source::Raised(exception) = &self.source {
            visit.call(exception)?;
        }
        self.items.values().try_for_each(|item| visit.call(item))
    }

    /// Settles what was given, all `but` the last so many, and sends what may be sent.
    pub fn turn(&mut self, py: Python<'_>, but: usize) -> Result<()> {
        self.bulk.settle(but);
        for (id, outcome) in self.batches.take_ended() {
            self.bulk.on_result(id, outcome);
        }
        self.send(py)
    }

    /// Sends what may be sent. The journal knows it before.
    pub fn send(&mut self, py: Python<'_>) -> Result<()> {
        let batches: Vec<_> = std::iter::from_fn(|| self.bulk.next_batch()).collect();
        self.keep(py, !batches.is_empty() && self.bulk.must_sync())?;
        batches.into_iter().for_each(|batch| self.batches.send(batch));
        Ok(())
    }

    /// Writes to the journal what has happened.
    fn keep(&mut self, py: Python<'_>, is_urgent: bool) -> Result<()> {
        let lines = self.bulk.take_journal();
        let Some(journal) = &mut self.journal else { return Ok(()) };
        let kept = journal.add(lines.as_deref());
        let kept =
            kept.and_then(|()| if is_urgent || journal.is_due() { py.detach(|| journal.sync()) } else { Ok(()) });
        if kept.is_err() {
            // Half a line may stand at its end: nothing may follow it.
            self.journal = None;
            self.source = Source::Told;
            self.batches.cancel();
        }
        Ok(kept?)
    }

    /// Reads as many items as there is room for and sends them; false if there was no room, or nothing left.
    pub fn pull_batch(&mut self, py: Python<'_>, source: &Bound<'_, PyIterator>) -> Result<bool> {
        let room = if matches!(self.source, Source::Open) { self.bulk.room() } else { 0 };
        let mut source = source.clone();
        for _ in 0..room {
            match source.next() {
                Some(Ok(item)) => self.offer(&item)?,
                None => self.end(None),
                Some(Err(exception)) if exception.is_instance_of::<PyException>(py) => {
                    self.end(Some(exception.into_value(py)));
                }
                Some(Err(exception)) => return Err(exception.into()),
            }
            if !matches!(self.source, Source::Open) {
                break;
            }
        }
        py.check_signals()?;
        self.send(py)?;
        Ok(room > 0)
    }

    /// Takes an item.
    pub fn offer(&mut self, item: &Bound<'_, PyAny>) -> Result<()> {
        let number = self.bulk.offered();
        reading(item, |input| Ok(self.bulk.offer(input)))?;
        if !self.bulk.checkpoint().has(number) {
            self.items.insert(number, item.clone().unbind());
        }
        Ok(())
    }

    /// Takes no more items; `exception` is what the source has raised.
    pub fn end(&mut self, exception: Option<Py<PyBaseException>>) {
        if !matches!(self.source, Source::Open) {
            return;
        }
        match exception {
            Some(exception) => {
                self.bulk.flush();
                self.source = Source::Raised(exception);
            }
            None => {
                self.bulk.end_of_items();
                self.source = Source::Ended;
            }
        }
    }

    /// Takes the outcomes that have come.
    pub fn take<'py>(&mut self, py: Python<'py>, listener: &Listener) -> Result<Bound<'py, PyList>> {
        let chunk = PyList::empty(py);
        while let Some((number, outcome)) = self.bulk.take_outcome() {
            let item = self.items.remove(&number).unwrap_or_else(|| py.None());
            let error = outcome.error().map(|error| object(py, &listener.package, error)).transpose()?;
            let reply = match &outcome {
                ItemOutcome::Done(Some(reply)) => Some(read_item(py, listener.package.get(), reply)?.unbind()),
                _ => None,
            };
            let error = error.map(Bound::unbind);
            chunk.append(ItemResult { number, item, outcome: outcome.name(), error, reply }.into_pyobject(py)?)?;
        }
        Ok(chunk)
    }

    /// Whether every item has its outcome, and no more come.
    pub fn is_finished(&self) -> bool {
        let is_ended = !matches!(self.source, Source::Open) || self.bulk.stopped().is_some();
        matches!(self.source, Source::Told) || is_ended && self.bulk.is_idle()
    }

    /// Gives up what is under way.
    pub fn close(&mut self, py: Python<'_>, but: usize) -> Result<()> {
        self.batches.cancel();
        self.items.clear();
        if !matches!(self.source, Source::Told) {
            self.source = Source::Told;
            self.bulk.settle(but);
            let kept = self.keep(py, true);
            self.journal = None;
            kept?;
        }
        Ok(())
    }

    /// Tells the end once: with the error that stopped the run, or what its source raised.
    pub fn tell_end(&mut self, py: Python<'_>) -> Result<()> {
        let source = std::mem::replace(&mut self.source, Source::Told);
        if matches!(source, Source::Told) {
            return Ok(());
        }
        self.items.clear();
        self.bulk.settle(0);
        self.keep(py, true)?;
        self.journal = None;
        match (self.bulk.stopped(), source) {
            (Some(error), _) => Err(Fault::Core(error.clone())),
            (None, Source::Raised(exception)) => {
                Err(Fault::Python(PyErr::from_value(exception.into_bound(py).into_any())))
            }
            _ => Ok(()),
        }
    }
}
