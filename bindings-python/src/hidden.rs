//! Secrets on their way from Python frames: tracebacks that show local variables, as error trackers make them, would
//! show them.

use pyo3::prelude::*;

/// A value that `repr` does not show. Only the native part looks into it.
#[pyclass(frozen, module = "tencent_im._native")]
pub struct Hidden(Py<PyAny>);

#[pymethods]
impl Hidden {
    fn __repr__(&self) -> &'static str {
        "<hidden>"
    }
}

/// Hides a value; None stays None.
#[pyfunction]
pub fn hide(py: Python<'_>, value: Py<PyAny>) -> PyResult<Py<PyAny>> {
    if value.is_none(py) { Ok(value) } else { Ok(Py::new(py, Hidden(value))?.into_any()) }
}

/// The value itself, hidden or not.
pub fn revealed(value: Bound<'_, PyAny>) -> Bound<'_, PyAny> {
    match value.cast::<Hidden>() {
        Ok(hidden) => hidden.get().0.bind(value.py()).clone(),
        Err(_) => value,
    }
}
