//! The Python side of one import: the classes and functions that the native part makes or calls.
//!
//! A process may import the package more than once: a reloader empties `sys.modules` and imports again. Each import has
//! classes of its own, and `except TencentImError` in a program catches only those of the import that the program sees.
//! So nothing of Python is kept per process here; whatever the native part makes belongs to an import.

use std::ptr;
use std::sync::atomic::{AtomicI64, Ordering};

use pyo3::exceptions::PyImportError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyModule, PyString, PyTuple, PyType};
use pyo3::{ffi, intern};
use tencent_im_core::schema::{Shape, Union};

/// The classes and functions of one import.
#[pyclass(frozen, module = "tencent_im._native")]
pub struct Package {
    /// Makes an exception from a record.
    pub from_record: Py<PyAny>,
    /// Logs an event and tells the hook.
    pub deliver: Py<PyAny>,
    /// The logger of the package.
    pub logger: Py<PyAny>,
    /// The plain class of results, a dict with attributes.
    pub result: Py<PyAny>,
    /// The classes of what is known of a UserSig or a PrivateMapKey.
    pub results: Py<PyModule>,
    /// The modules of `tencent_im.types` that replies have needed so far, by name.
    types: Py<PyDict>,
    /// What replies have needed of shapes and unions so far, by address: see `shape` and `union`.
    shapes: Py<PyDict>,
}

#[pymethods]
impl Package {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        for member in [&self.from_record, &self.deliver, &self.logger, &self.result] {
            visit.call(member)?;
        }
        visit.call(&self.results)?;
        visit.call(&self.types)?;
        visit.call(&self.shapes)
    }
}

impl Package {
    /// Finds them in the modules of the import that is under way.
    pub fn load(py: Python<'_>) -> PyResult<Self> {
        let (errors, events) = (py.import("tencent_im._errors")?, py.import("tencent_im._events")?);
        let results = py.import("tencent_im._result")?;
        Ok(Self {
            from_record: errors.getattr("from_record")?.unbind(),
            deliver: events.getattr("deliver")?.unbind(),
            logger: events.getattr("logger")?.unbind(),
            result: results.getattr("Result")?.unbind(),
            results: results.unbind(),
            types: PyDict::new(py).unbind(),
            shapes: PyDict::new(py).unbind(),
        })
    }

    /// The class of a shape and the names of its fields, in their order.
    pub fn shape<'py>(
        &self,
        py: Python<'py>,
        shape: &'static Shape,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        self.kept(py, ptr::from_ref(shape).addr(), || {
            let names = PyTuple::new(py, shape.fields.iter().map(|field| PyString::intern(py, field.name)))?;
            Ok((self.class_of_reply(py, shape.module, shape.name)?, names))
        })
    }

    /// The classes of a union by their tags, as far as they were needed, and the names of its tag and its content.
    pub fn union<'py>(
        &self,
        py: Python<'py>,
        union: &'static Union,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        self.kept(py, ptr::from_ref(union).addr(), || {
            let names = [&union.tag, &union.content].map(|field| PyString::intern(py, field.name));
            Ok((PyDict::new(py).into_any(), PyTuple::new(py, names)?))
        })
    }

    fn kept<'py>(
        &self,
        py: Python<'py>,
        address: usize,
        make: impl FnOnce() -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let shapes = self.shapes.bind(py);
        if let Some(kept) = shapes.get_item(address)? {
            return kept.extract();
        }
        let made = make()?;
        shapes.set_item(address, &made)?;
        Ok(made)
    }

    /// The class of a type that replies hold, by the module that declares it, which is loaded when a reply first holds
    /// one. From then on it is this import's, whatever `sys.modules` says.
    pub fn class_of_reply<'py>(&self, py: Python<'py>, module: &str, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let types = self.types.bind(py);
        if let Some(module) = types.get_item(module)? {
            return module.getattr(name);
        }
        let loaded = py.import(format!("tencent_im.types.{module}"))?;
        types.set_item(module, &loaded)?;
        loaded.getattr(name)
    }
}

/// What belongs to an import of the package.
pub trait Imported {
    /// The import.
    fn package<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, Package>>;
}

impl Imported for Py<Package> {
    fn package<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, Package>> {
        Ok(self.bind(py).clone())
    }
}

/// The functions of the native module belong to the import that loaded it.
impl Imported for Bound<'_, PyModule> {
    fn package<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, Package>> {
        Ok(self.getattr(intern!(py, "package"))?.unbind().into_bound(py).cast_into()?)
    }
}

/// A native class is one for the process; each import derives its own, with its package as an attribute.
impl Imported for Bound<'_, PyType> {
    fn package<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, Package>> {
        Ok(self.getattr(intern!(py, "_package"))?.unbind().into_bound(py).cast_into()?)
    }
}

/// Refuses a second interpreter. The classes that pyo3 makes are one for the process, and interpreters must not share
/// objects.
pub fn claim_interpreter(py: Python<'_>) -> PyResult<()> {
    const FREE: i64 = -1;
    static OWNER: AtomicI64 = AtomicI64::new(FREE);
    let _attached = py;
    // SAFETY: both may be called by any thread that is attached to an interpreter, and the token shows that this one is.
    #[expect(unsafe_code, reason = "pyo3 has no safe function that tells interpreters apart")]
    let id = unsafe { ffi::PyInterpreterState_GetID(ffi::PyInterpreterState_Get()) };
    match OWNER.compare_exchange(FREE, id, Ordering::SeqCst, Ordering::SeqCst) {
        Err(owner) if owner != id => Err(PyImportError::new_err(
            "tencent_im serves one Python interpreter of a process, and another one has imported it already. \
             Cure: run the program in the main interpreter (under mod_wsgi: `WSGIApplicationGroup %{GLOBAL}`), or in a \
             process of its own (under mod_wsgi: a `WSGIDaemonProcess` for each)",
        )),
        _ => Ok(()),
    }
}
