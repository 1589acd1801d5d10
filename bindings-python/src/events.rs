//! Events on their way to Python: to the client's `on_event` and to `logging`, on the thread of a call or a loop.
//!
//! The core keeps events in the engine while somebody listens. Whoever finishes a call, or looks up from waiting for
//! one, takes all that are there, those of other calls included.

use std::sync::atomic::{AtomicU8, Ordering};

use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pythonize::pythonize;
use tencent_im_core::flow::{Event, Level};
use tencent_im_core::schema::names::Style;

use crate::drive::Shared;
use crate::errors::{Result, config};
use crate::runtime::lock;

/// Nobody listens.
const OFF: u8 = 0;
/// Levels of `logging`.
const DEBUG: u8 = 10;
const INFO: u8 = 20;
const WARNING: u8 = 30;

/// A client's `on_event`.
pub type Hook = Option<Py<PyAny>>;

/// The least level of the events that somebody wants.
pub struct Wanted(AtomicU8);

impl Default for Wanted {
    fn default() -> Self {
        Self(AtomicU8::new(OFF))
    }
}

impl Wanted {
    /// Whether those wanted include what happens while a call pauses, so that the loop is told before its end.
    pub fn at_pauses(&self) -> bool {
        matches!(self.0.load(Ordering::Relaxed), DEBUG | INFO)
    }
}

/// Reads the setting `on_event`.
pub fn read_hook(hook: Bound<'_, PyAny>) -> Result<Py<PyAny>> {
    const CURE: &str = "pass a function of one argument, the event; not an async one";
    if !hook.is_callable() {
        return Err(config("on_event", "it cannot be called", CURE));
    }
    let inspect = hook.py().import("inspect")?;
    if inspect.call_method1("iscoroutinefunction", (&hook,))?.is_truthy()? {
        return Err(config("on_event", "an async function is never awaited here", CURE));
    }
    Ok(hook.unbind())
}

/// Begins or stops to keep events, as a call begins: what nobody wants is not even made.
pub fn adjust(py: Python<'_>, shared: &Shared, hook: &Hook) {
    let least = match hook {
        Some(_) => DEBUG,
        None if !enabled(py, WARNING) => OFF,
        None if !enabled(py, INFO) => WARNING,
        None if !enabled(py, DEBUG) => INFO,
        None => DEBUG,
    };
    let before = shared.wanted.0.swap(least, Ordering::Relaxed);
    if (before == OFF) != (least == OFF) {
        lock(&shared.engine).listen((least != OFF).then_some(Level::Debug));
    }
}

/// Tells what happened since the last time. Fails only where the program is to end, as by `KeyboardInterrupt`.
pub fn tell(py: Python<'_>, shared: &Shared, hook: &Hook) -> PyResult<()> {
    let least = shared.wanted.0.load(Ordering::Relaxed);
    if least == OFF {
        return Ok(());
    }
    // Taken under the lock, told without it.
    let events = lock(&shared.engine).take_events();
    if events.iter().all(|event| level(event) < least) {
        return Ok(());
    }
    match deliver(py, &events, least, hook) {
        Err(error) if error.is_instance_of::<PyException>(py) => {
            error.write_unraisable(py, None);
            Ok(())
        }
        told => told,
    }
}

fn deliver(py: Python<'_>, events: &[Event], least: u8, hook: &Hook) -> PyResult<()> {
    static DELIVER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let deliver = DELIVER.import(py, "tencent_im._events", "deliver")?;
    for event in events.iter().filter(|event| level(event) >= least) {
        deliver.call1((level(event), pythonize(py, &event.to_record(Style::Snake))?, hook))?;
    }
    Ok(())
}

/// How loudly an event is logged.
fn level(event: &Event) -> u8 {
    match event {
        Event::Failover { .. } | Event::SlowedDown { .. } | Event::SkewLearnt { .. } => WARNING,
        Event::Retry { .. } => INFO,
        _ => DEBUG,
    }
}

fn enabled(py: Python<'_>, level: u8) -> bool {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let logger = LOGGER.import(py, "tencent_im._events", "logger");
    logger.and_then(|logger| logger.call_method1(intern!(py, "isEnabledFor"), (level,))?.is_truthy()).unwrap_or(false)
}
