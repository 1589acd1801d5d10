//! The documented codes, the regions and the calls, for the command line.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pythonize::{depythonize, pythonize};
use serde_json::Value;
use tencent_im_core::api;
use tencent_im_core::doctor::{self, Look};
use tencent_im_core::endpoint::REGIONS;
use tencent_im_core::error::{Meaning, meanings, search};

/// Returns every meaning of a code; empty for an undocumented one.
#[pyfunction]
pub fn explain_code(py: Python<'_>, code: i64) -> PyResult<Bound<'_, PyAny>> {
    list(py, &meanings(code))
}

/// Finds the meanings that have all the words.
#[pyfunction]
pub fn search_codes<'py>(py: Python<'py>, words: &str) -> PyResult<Bound<'py, PyAny>> {
    list(py, &search(words))
}

/// Says what a look of the command line's `doctor` showed.
#[pyfunction]
pub fn doctor_say<'py>(py: Python<'py>, look: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // Not the error of serde alone: it may quote the secret key.
    let look: Look = depythonize(look).map_err(|_| PyValueError::new_err("not a look of doctor"))?;
    Ok(pythonize(py, &doctor::say(look))?)
}

/// Returns the regions by name, each with its domain.
#[pyfunction]
pub fn regions(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let regions = PyDict::new(py);
    for region in &REGIONS {
        regions.set_item(region.name, region.domain)?;
    }
    Ok(regions)
}

/// Returns the names of all calls, each with the name of the call to use instead if it is deprecated.
#[pyfunction]
pub fn calls(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let calls = PyDict::new(py);
    for op in api::all() {
        calls.set_item(op.name, op.replaced_by)?;
    }
    Ok(calls)
}

fn list<'py>(py: Python<'py>, found: &[Meaning]) -> PyResult<Bound<'py, PyAny>> {
    let values = found.iter().map(Meaning::to_value).collect();
    Ok(pythonize(py, &Value::Array(values))?)
}
