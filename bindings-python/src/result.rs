//! Replies as Python objects: dicts of the result classes, built straight from the reply's bytes.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyModule, PyString};
use tencent_im_core::api::find;
use tencent_im_core::error::lookup_for;
use tencent_im_core::flow::ItemReply;
use tencent_im_core::items::{FailedItem, partial};
use tencent_im_core::reply::Answer;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{Shape, Sink, Union};
use tencent_im_core::webhook::Event;
use tencent_im_core::{Error, Kind};

use crate::errors::{Fault, Result, object};
use crate::package::Package;

/// Reads a successful answer.
pub fn read<'py>(py: Python<'py>, package: &Package, answer: &Answer) -> Result<Bound<'py, PyAny>> {
    filled(py, package, |sink| answer.read_into(Style::Snake, sink))
}

/// Reads what a reply says about one item.
pub fn read_item<'py>(py: Python<'py>, package: &Package, reply: &ItemReply) -> Result<Bound<'py, PyAny>> {
    filled(py, package, |sink| reply.read_into(Style::Snake, sink))
}

/// Reads a webhook's event as its record.
pub fn read_event<'py>(py: Python<'py>, package: &Package, event: &Event) -> Result<Bound<'py, PyAny>> {
    filled(py, package, |sink| event.record_into(Style::Snake, sink))
}

/// What a walk writes.
fn filled<'py>(
    py: Python<'py>,
    package: &Package,
    walk: impl FnOnce(&mut dyn Sink) -> tencent_im_core::Result<()>,
) -> Result<Bound<'py, PyAny>> {
    let mut sink = PySink::new(py, package);
    let read = walk(&mut sink);
    match (sink.failure, read, sink.whole) {
        (Some(exception), ..) => Err(Fault::Python(exception)),
        (None, Err(error), _) => Err(Fault::Core(error)),
        (None, Ok(()), Some(whole)) => Ok(whole),
        (None, Ok(()), None) => Err(Fault::Core(Error::new(Kind::Internal, "the walker wrote nothing"))),
    }
}

/// A dict of any class derived from `Result`.
fn new_dict<'py>(class: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    Ok(class.call0()?.cast_into::<PyDict>()?)
}

/// What the code of an item means in a call's reply: cause and cure, if it is documented.
#[pyfunction]
pub fn meaning_of_code(op: &str, code: &Bound<'_, PyAny>) -> (Option<&'static str>, Option<&'static str>) {
    let code = code.extract::<i64>().ok();
    let row = find(op).zip(code).and_then(|(op, code)| lookup_for(op, code));
    (row.map(|row| row.cause), row.map(|row| row.cure))
}

/// The exception of items that failed, by their paths and codes.
#[pyfunction(pass_module)]
pub fn partial_error<'py>(
    module: &Bound<'py, PyModule>,
    op: Option<&str>,
    failed: Vec<(String, Option<i64>)>,
) -> PyResult<Bound<'py, PyAny>> {
    let failed: Vec<FailedItem> = failed.into_iter().map(|(path, code)| FailedItem { path, code }).collect();
    let none = || Error::new(Kind::Internal, "no item failed");
    object(module.py(), module, &partial(op.and_then(find), &failed).unwrap_or_else(none))
}

/// An object or list that is being filled.
enum Open<'py> {
    Map { dict: Bound<'py, PyDict>, key: Option<Bound<'py, PyString>>, union: Option<&'static Union> },
    List(Bound<'py, PyList>),
}

/// Fills Python objects from the walker's events.
struct PySink<'a, 'py> {
    py: Python<'py>,
    package: &'a Package,
    open: Vec<Open<'py>>,
    /// Keys and classes seen in this reply. Without the keys, a reply of 100 accounts takes 23 % longer to read; without
    /// the classes, 30 %.
    keys: Vec<(String, Bound<'py, PyString>)>,
    classes: Vec<(*const Shape, Bound<'py, PyAny>)>,
    whole: Option<Bound<'py, PyAny>>,
    failure: Option<PyErr>,
}

/// Most keys that are kept: searching through more costs as much as making a new one.
const MAX_KEYS: usize = 32;

impl<'a, 'py> PySink<'a, 'py> {
    fn new(py: Python<'py>, package: &'a Package) -> Self {
        Self {
            py,
            package,
            open: Vec::with_capacity(4),
            keys: Vec::new(),
            classes: Vec::new(),
            whole: None,
            failure: None,
        }
    }

    /// Puts a value where the walk stands.
    fn put(&mut self, value: Bound<'py, PyAny>) -> PyResult<()> {
        match self.open.last_mut() {
            None => {
                self.whole = Some(value);
                Ok(())
            }
            Some(Open::List(list)) => list.append(value),
            Some(Open::Map { dict, key, .. }) => match key.take() {
                Some(key) => dict.set_item(key, value),
                None => Ok(()),
            },
        }
    }

    /// Keeps Python's exception, which the walker cannot carry, and stops the walk.
    fn keep(&mut self, put: PyResult<()>) -> tencent_im_core::Result<()> {
        put.map_err(|exception| {
            self.failure.get_or_insert(exception);
            Error::new(Kind::Internal, "a Python object could not be made")
        })
    }

    fn key_object(&mut self, key: &str) -> Bound<'py, PyString> {
        if let Some((_, object)) = self.keys.iter().find(|(known, _)| known == key) {
            return object.clone();
        }
        let object = PyString::new(self.py, key);
        if self.keys.len() < MAX_KEYS {
            self.keys.push((key.into(), object.clone()));
        }
        object
    }

    /// The class generated for a shape.
    fn class_of(&mut self, shape: &'static Shape) -> PyResult<Bound<'py, PyAny>> {
        if let Some((_, class)) = self.classes.iter().find(|(known, _)| std::ptr::eq(*known, shape)) {
            return Ok(class.clone());
        }
        let class = self.package.class_of_reply(self.py, shape.module, shape.name)?;
        self.classes.push((shape, class.clone()));
        Ok(class)
    }

    /// An object of the class that its tag asks for.
    fn tagged(&self, union: &'static Union, dict: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        let tag = dict.get_item(union.tag.name)?.and_then(|tag| tag.extract::<String>().ok());
        let name = union.class_name(&tag.unwrap_or_default());
        self.package.class_of_reply(self.py, union.module, &name)?.call1((dict,))
    }

    fn begin(&mut self, class: Bound<'py, PyAny>) -> PyResult<()> {
        self.open.push(Open::Map { dict: new_dict(&class)?, key: None, union: None });
        Ok(())
    }

    fn end(&mut self) -> PyResult<()> {
        match self.open.pop() {
            Some(Open::Map { dict, union: Some(union), .. }) => {
                let tagged = self.tagged(union, &dict)?;
                self.put(tagged)
            }
            Some(Open::Map { dict, .. }) => self.put(dict.into_any()),
            Some(Open::List(list)) => self.put(list.into_any()),
            None => Ok(()),
        }
    }
}

impl Sink for PySink<'_, '_> {
    fn null(&mut self) -> tencent_im_core::Result<()> {
        let put = self.put(self.py.None().into_bound(self.py));
        self.keep(put)
    }

    fn bool(&mut self, value: bool) -> tencent_im_core::Result<()> {
        let put = self.put(PyBool::new(self.py, value).to_owned().into_any());
        self.keep(put)
    }

    fn int(&mut self, value: i64) -> tencent_im_core::Result<()> {
        let put = self.put(PyInt::new(self.py, value).into_any());
        self.keep(put)
    }

    fn uint(&mut self, value: u64) -> tencent_im_core::Result<()> {
        let put = self.put(PyInt::new(self.py, value).into_any());
        self.keep(put)
    }

    fn float(&mut self, value: f64) -> tencent_im_core::Result<()> {
        let put = self.put(PyFloat::new(self.py, value).into_any());
        self.keep(put)
    }

    fn text(&mut self, value: &str) -> tencent_im_core::Result<()> {
        let put = self.put(PyString::new(self.py, value).into_any());
        self.keep(put)
    }

    fn key(&mut self, name: &str) -> tencent_im_core::Result<()> {
        let object = self.key_object(name);
        if let Some(Open::Map { key, .. }) = self.open.last_mut() {
            *key = Some(object);
        }
        Ok(())
    }

    fn begin_object(&mut self, shape: &'static Shape) -> tencent_im_core::Result<()> {
        let begun = self.class_of(shape).and_then(|class| self.begin(class));
        self.keep(begun)
    }

    fn begin_union(&mut self, union: &'static Union) -> tencent_im_core::Result<()> {
        let begun = PyDict::new(self.py);
        self.open.push(Open::Map { dict: begun, key: None, union: Some(union) });
        Ok(())
    }

    fn begin_map(&mut self) -> tencent_im_core::Result<()> {
        let begun = self.begin(self.package.result.bind(self.py).clone());
        self.keep(begun)
    }

    fn end_map(&mut self) -> tencent_im_core::Result<()> {
        let ended = self.end();
        self.keep(ended)
    }

    fn begin_list(&mut self) -> tencent_im_core::Result<()> {
        self.open.push(Open::List(PyList::empty(self.py)));
        Ok(())
    }

    fn end_list(&mut self) -> tencent_im_core::Result<()> {
        let ended = self.end();
        self.keep(ended)
    }
}
