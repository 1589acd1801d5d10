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

/// A client's `on_event`.
pub type Hook = Option<Py<PyAny>>;

/// The least level of the events that somebody wants, as `logging` numbers it; 0 when nobody wants any.
#[derive(Default)]
pub struct Wanted(AtomicU8);

impl Wanted {
    /// Whether those wanted include what happens while a call pauses, so that the loop is told before its end.
    pub fn at_pauses(&self) -> bool {
        (1..=number(Level::Info)).contains(&self.0.load(Ordering::Relaxed))
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

/// Has the core keep the events that somebody wants, as a call begins: what nobody wants is not even made.
pub fn adjust(py: Python<'_>, shared: &Shared, hook: &Hook) {
    let least = match hook {
        Some(_) => Some(Level::Debug),
        None => [Level::Warning, Level::Info, Level::Debug].into_iter().take_while(|level| enabled(py, *level)).last(),
    };
    let wanted = least.map_or(0, number);
    if shared.wanted.0.load(Ordering::Relaxed) != wanted {
        // Both under the lock, so that they cannot fall apart.
        let mut engine = lock(&shared.engine);
        shared.wanted.0.store(wanted, Ordering::Relaxed);
        engine.listen(least);
    }
}

/// Tells what happened since the last time. Fails only where the program is to end, as by `KeyboardInterrupt`.
pub fn tell(py: Python<'_>, shared: &Shared, hook: &Hook) -> PyResult<()> {
    if shared.wanted.0.load(Ordering::Relaxed) == 0 {
        return Ok(());
    }
    // Taken under the lock, told without it.
    let events = lock(&shared.engine).take_events();
    match deliver(py, &events, hook) {
        Err(error) if error.is_instance_of::<PyException>(py) => {
            error.write_unraisable(py, None);
            Ok(())
        }
        told => told,
    }
}

fn deliver(py: Python<'_>, events: &[Event], hook: &Hook) -> PyResult<()> {
    static DELIVER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    for event in events {
        let deliver = DELIVER.import(py, "tencent_im._events", "deliver")?;
        deliver.call1((number(event.level()), pythonize(py, &event.to_record(Style::Snake))?, hook))?;
    }
    Ok(())
}

/// A level's number in `logging`.
fn number(level: Level) -> u8 {
    match level {
        Level::Debug => 10,
        Level::Info => 20,
        Level::Warning => 30,
    }
}

fn enabled(py: Python<'_>, level: Level) -> bool {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let logger = LOGGER.import(py, "tencent_im._events", "logger");
    logger
        .and_then(|logger| logger.call_method1(intern!(py, "isEnabledFor"), (number(level),))?.is_truthy())
        .unwrap_or(false)
}
