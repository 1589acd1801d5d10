//! Errors on their way to Python: each kind has its exception class in `tencent_im._errors`. A panic is an error, too.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;
use pyo3::types::PyModule;
use pythonize::pythonize;
use tencent_im_core::schema::names::Style;
use tencent_im_core::{Error, Kind};

use crate::names::in_python;
use crate::package::Imported;

/// What goes wrong between Python and the core.
pub enum Fault {
    /// An error of the core, to be raised as `TencentImError`.
    Core(Error),
    /// An exception of Python itself, such as `KeyboardInterrupt` or `MemoryError`.
    Python(PyErr),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

/// The result of everything that Python calls.
pub type Result<T, E = Fault> = std::result::Result<T, E>;

/// Runs what Python called. Errors become exceptions of the import's classes, and so do panics: `catch_unwind` here
/// because pyo3's own `PanicException` is not an `Exception`, so that most programs would die of it.
pub fn raising<T>(py: Python<'_>, import: &impl Imported, work: impl FnOnce() -> Result<T>) -> PyResult<T> {
    let error = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(Fault::Python(error))) => return Err(error),
        Ok(Err(Fault::Core(error))) => error,
        Err(panic) => panicked(&*panic),
    };
    Err(exception(py, import, &error))
}

/// The error that a panic is told as.
pub fn panicked(panic: &(dyn Any + Send)) -> Error {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Error::new(Kind::Internal, format!("the SDK panicked: {}", said.unwrap_or("no message")))
        .cure("please report it, with the call and what it was given")
}

/// An error as an exception of its kind's class.
pub fn exception(py: Python<'_>, import: &impl Imported, error: &Error) -> PyErr {
    match object(py, import, error) {
        Ok(object) => PyErr::from_value(object),
        Err(error) => error,
    }
}

/// An error as an exception object that is not raised yet.
pub fn object<'py>(py: Python<'py>, import: &impl Imported, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let package = import.package(py)?;
    let record = in_python(error.clone()).to_record(Style::Snake);
    package.get().from_record.bind(py).call1((pythonize(py, &record)?,))
}

/// An error of the client's settings.
pub fn config(path: &str, message: impl Into<std::borrow::Cow<'static, str>>, cure: &'static str) -> Fault {
    Fault::Core(Error::new(Kind::Config, message).at(path).cure(cure))
}

/// The exception of custom data that `json.dumps` refused.
#[pyfunction(pass_module)]
pub fn unwritable_data<'py>(module: &Bound<'py, PyModule>, field: String, reason: &str) -> PyResult<Bound<'py, PyAny>> {
    object(module.py(), module, &Error::unwritable_data(field, reason))
}

/// Panics, so that the package's tests can see what becomes of a panic.
#[pyfunction(pass_module)]
pub fn panic_for_test(module: &Bound<'_, PyModule>) -> PyResult<()> {
    raising(module.py(), module, || panic!("asked for by a test"))
}
