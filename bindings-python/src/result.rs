//! Replies as Python objects: dicts of the result classes, built straight from the reply's bytes.

use std::borrow::Cow;
use std::ptr;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyModule, PyString, PyTuple};
use tencent_im_core::api::find;
use tencent_im_core::error::lookup_for;
use tencent_im_core::flow::ItemReply;
use tencent_im_core::items::{FailedItem, partial};
use tencent_im_core::reply::Answer;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{Field, Shape, Sink, Union};
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

/// Reads what a webhook's event says.
pub fn read_event<'py>(py: Python<'py>, package: &Package, event: &Event) -> Result<Bound<'py, PyAny>> {
    filled(py, package, |sink| event.read_into(Style::Snake, sink))
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
    Map { dict: Bound<'py, PyDict>, key: Option<Bound<'py, PyString>>, of: Of<'py> },
    List(Bound<'py, PyList>),
}

/// What an object is of, and the names of its fields.
enum Of<'py> {
    /// Anything.
    Plain,
    /// A shape.
    Shape(&'static Shape, Bound<'py, PyTuple>),
    /// A union, whose classes by tag may lack some.
    Union(&'static Union, Bound<'py, PyDict>, Bound<'py, PyTuple>),
}

impl<'py> Of<'py> {
    /// The name of a field.
    fn name(&self, field: &'static Field) -> Option<Bound<'py, PyString>> {
        let (at, names) = match self {
            Self::Plain => return None,
            Self::Shape(shape, names) => {
                let at = ptr::from_ref(field).addr().wrapping_sub(shape.fields.as_ptr().addr()) / size_of::<Field>();
                shape.fields.get(at).filter(|known| ptr::eq(*known, field))?;
                (at, names)
            }
            Self::Union(union, _, names) => (usize::from(!ptr::eq(field, &union.tag)), names),
        };
        names.get_item(at).ok()?.cast_into().ok()
    }
}

/// Fills Python objects from the walker's events.
struct PySink<'a, 'py> {
    py: Python<'py>,
    package: &'a Package,
    open: Vec<Open<'py>>,
    /// Names that no table has, seen in this reply.
    keys: Vec<(String, Bound<'py, PyString>)>,
    /// Class and names of the shapes seen in this reply: a list has the same ones in each item. Asking the package each
    /// time takes 56 µs instead of 40 for a reply of 100 items (`Client.parse` of `accounts.check`, release build).
    shapes: Vec<(&'static Shape, Bound<'py, PyAny>, Bound<'py, PyTuple>)>,
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
            shapes: Vec::new(),
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

    /// The class generated for a shape, and the names of its fields.
    fn shape(&mut self, shape: &'static Shape) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        if let Some((_, class, names)) = self.shapes.iter().find(|(known, ..)| ptr::eq(*known, shape)) {
            return Ok((class.clone(), names.clone()));
        }
        let (class, names) = self.package.shape(self.py, shape)?;
        self.shapes.push((shape, class.clone(), names.clone()));
        Ok((class, names))
    }

    /// An object of the class that its tag asks for.
    fn tagged(
        &self,
        union: &'static Union,
        classes: &Bound<'py, PyDict>,
        names: &Bound<'py, PyTuple>,
        dict: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tag = dict.get_item(names.get_item(0)?)?.and_then(|tag| tag.cast_into::<PyString>().ok());
        if let Some(tag) = &tag
            && let Some(class) = classes.get_item(tag)?
        {
            return class.call1((dict,));
        }
        let text = tag.as_ref().map_or(Ok(Cow::Borrowed("")), |tag| tag.to_cow())?;
        let class = self.package.class_of_reply(self.py, union.module, &union.class_name(&text))?;
        if let Some(tag) = tag.as_ref().filter(|_| union.variants.iter().any(|(known, _)| *known == text)) {
            classes.set_item(tag, &class)?;
        }
        class.call1((dict,))
    }

    fn begin(&mut self, dict: Bound<'py, PyDict>, of: Of<'py>) {
        self.open.push(Open::Map { dict, key: None, of });
    }

    fn end(&mut self) -> PyResult<()> {
        match self.open.pop() {
            Some(Open::Map { dict, of: Of::Union(union, classes, names), .. }) => {
                let tagged = self.tagged(union, &classes, &names, &dict)?;
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

    fn field(&mut self, field: &'static Field, name: &str) -> tencent_im_core::Result<()> {
        if let Some(Open::Map { key, of, .. }) = self.open.last_mut()
            && let Some(known) = of.name(field)
        {
            *key = Some(known);
            return Ok(());
        }
        self.key(name)
    }

    fn begin_object(&mut self, shape: &'static Shape) -> tencent_im_core::Result<()> {
        let begun = self.shape(shape).and_then(|(class, names)| {
            self.begin(new_dict(&class)?, Of::Shape(shape, names));
            Ok(())
        });
        self.keep(begun)
    }

    fn begin_union(&mut self, union: &'static Union) -> tencent_im_core::Result<()> {
        let begun = self.package.union(self.py, union).and_then(|(classes, names)| {
            self.begin(PyDict::new(self.py), Of::Union(union, classes.cast_into()?, names));
            Ok(())
        });
        self.keep(begun)
    }

    fn begin_map(&mut self) -> tencent_im_core::Result<()> {
        let begun = new_dict(self.package.result.bind(self.py)).map(|dict| self.begin(dict, Of::Plain));
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
