//! Events on their way to Python: to the client's `on_event` and to `logging`, on the thread of a call or a loop.
//!
//! The core keeps events in the engine while somebody listens. Whoever finishes a call, or looks up from waiting for
//! one, takes all that are there, those of other calls included.

use pyo3::exceptions::PyException;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pythonize::pythonize;
use tencent_im_core::flow::{Event, Level};
use tencent_im_core::schema::names::Style;

use crate::errors::{Result, config};
use crate::package::Package;
use crate::runtime::lock;
use crate::shared::Shared;

/// Who hears of a client's events: its `on_event`, and the logger of its import.
#[pyclass(frozen, module = "tencent_im._native")]
pub struct Listener {
    /// The import.
    pub package: Py<Package>,
    /// The function.
    pub on_event: Option<Py<PyAny>>,
}

#[pymethods]
impl Listener {
    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        visit.call(&self.package)?;
        visit.call(&self.on_event)
    }
}

impl Listener {
    /// Has the core keep the events that somebody wants, as a call begins.
    pub fn tune_in(&self, py: Python<'_>, shared: &Shared) {
        shared.listen(match self.on_event {
            Some(_) => Some(Level::Debug),
            None => {
                [Level::Warning, Level::Info, Level::Debug].into_iter().take_while(|level| self.logs(py, *level)).last()
            }
        });
    }

    fn logs(&self, py: Python<'_>, level: Level) -> bool {
        let logger = self.package.get().logger.bind(py);
        logger
            .call_method1(intern!(py, "isEnabledFor"), (number(level),))
            .and_then(|is_enabled| is_enabled.is_truthy())
            .unwrap_or(false)
    }

    /// Tells what happened since the last time. Fails only if the program is to end, as by `KeyboardInterrupt`.
    pub fn tell(&self, py: Python<'_>, shared: &Shared) -> PyResult<()> {
        if !shared.wanted.any() {
            return Ok(());
        }
        // Taken under the lock, told without it.
        let events = lock(&shared.engine).take_events();
        match self.deliver(py, &events) {
            Err(error) if error.is_instance_of::<PyException>(py) => {
                error.write_unraisable(py, None);
                Ok(())
            }
            told => told,
        }
    }

    fn deliver(&self, py: Python<'_>, events: &[Event]) -> PyResult<()> {
        let deliver = self.package.get().deliver.bind(py);
        for event in events {
            deliver.call1((number(event.level()), pythonize(py, &event.to_record(Style::Snake))?, &self.on_event))?;
        }
        Ok(())
    }
}

/// Reads a setting that is called with what happens.
pub fn read_hook(name: &str, hook: Bound<'_, PyAny>) -> Result<Py<PyAny>> {
    const CURE: &str = "pass a function of one argument; not an async function";
    if !hook.is_callable() {
        return Err(config(name, "the value cannot be called", CURE));
    }
    let inspect = hook.py().import("inspect")?;
    for function in [&hook, &hook.getattr("__call__")?] {
        if inspect.call_method1("iscoroutinefunction", (function,))?.is_truthy()? {
            return Err(config(name, "an async function would never be awaited", CURE));
        }
    }
    Ok(hook.unbind())
}

/// A level's number in `logging`.
fn number(level: Level) -> u8 {
    match level {
        Level::Debug => 10,
        Level::Info => 20,
        Level::Warning => 30,
    }
}
