//! Python objects as an input of the core's walker.
//!
//! Hand-written rather than pythonize, which takes any sequence for a list (a `UserString` holds itself without end), and
//! can neither say how long a list is nor name a value's type in an error. Nothing here recurses: the walker does, and
//! bounds it.

use std::cell::RefCell;

use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyDictKeys, PyDictValues, PyFloat, PyFrozenSet, PyInt, PyIterator, PyList,
    PyMapping, PyMemoryView, PySequence, PySet, PyString, PyTuple,
};
use tencent_im_core::Error;
use tencent_im_core::schema::walk::{Entries, Input, Items, Key, KeySlot, Slot, Walked};

use crate::errors::{Fault, Result};

/// What to do about a text with half a surrogate pair.
const SURROGATE: (&str, &str) = (
    "the text has half a surrogate pair in it",
    "decode it with errors='replace', or text.encode('utf-16', 'surrogatepass').decode('utf-16')",
);

/// Runs a walk over a Python object. An exception that is to end the program, such as `KeyboardInterrupt`, comes before
/// the walk's own error.
pub fn reading<T>(
    value: &Bound<'_, PyAny>,
    walk: impl FnOnce(&mut dyn Input) -> std::result::Result<T, Error>,
) -> Result<T> {
    let raised = RefCell::new(None);
    let result = walk(&mut Object { value: value.clone(), raised: &raised });
    match raised.into_inner() {
        Some(raised) => Err(Fault::Python(raised)),
        None => Ok(result?),
    }
}

/// A Python object.
struct Object<'r, 'py> {
    value: Bound<'py, PyAny>,
    /// Where an exception goes that must not become an error.
    raised: &'r RefCell<Option<PyErr>>,
}

impl Input for Object<'_, '_> {
    fn read(&mut self, slot: Slot<'_, '_, '_>) -> Walked {
        let (value, raised) = (&self.value, self.raised);
        if let Ok(text) = value.cast::<PyString>() {
            return match text.to_cow() {
                Ok(text) => slot.text(&text),
                Err(_) => slot.fail(SURROGATE.0.into(), SURROGATE.1),
            };
        }
        if value.is_none() {
            return slot.null();
        }
        if let Ok(value) = value.cast::<PyBool>() {
            return slot.bool(value.is_true());
        }
        if value.is_instance_of::<PyInt>() {
            return whole(slot, value);
        }
        if let Ok(number) = value.cast::<PyFloat>() {
            return slot.float(number.value());
        }
        if let Ok(dict) = value.cast::<PyDict>() {
            return slot.object(&mut Dict { keys: dict.keys(), values: dict.values(), next: 0, raised });
        }
        if let Ok(list) = value.cast::<PyList>() {
            return slot.list(&mut List { count: list.len(), items: list.as_sequence().clone(), next: 0, raised });
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            return slot.list(&mut List { count: tuple.len(), items: tuple.as_sequence().clone(), next: 0, raised });
        }
        if value.is_instance_of::<PyBytes>()
            || value.is_instance_of::<PyByteArray>()
            || value.is_instance_of::<PyMemoryView>()
        {
            return slot.bytes();
        }
        match other(value) {
            Ok(Other::Scalar(scalar)) => Object { value: scalar, raised }.read(slot),
            Ok(Other::Whole(number)) => whole(slot, &number),
            Ok(Other::Iterable(iterator, count)) => slot.list(&mut Iterable { iterator, count, raised }),
            Ok(Other::Mapping(keys, values)) => slot.object(&mut Dict { keys, values, next: 0, raised }),
            Ok(Other::Unknown) => slot.refuse(&type_name(value), cure(value)),
            Err(exception) => unreadable(slot, raised, exception),
        }
    }
}

/// What an object is that is none of Python's own plain types.
enum Other<'py> {
    /// It stands for one, as a scalar of numpy does.
    Scalar(Bound<'py, PyAny>),
    /// It can be used as a whole number.
    Whole(Bound<'py, PyAny>),
    /// Items, and how many.
    Iterable(Bound<'py, PyIterator>, usize),
    Mapping(Bound<'py, PyList>, Bound<'py, PyList>),
    Unknown,
}

fn other<'py>(value: &Bound<'py, PyAny>) -> PyResult<Other<'py>> {
    let py = value.py();
    let kind = value.get_type();
    let has = |name| kind.hasattr(name);
    // numpy and pandas: a scalar has `dtype` and `item`, an array or a Series has a length, too.
    if has(intern!(py, "dtype"))? {
        if has(intern!(py, "__len__"))? && has(intern!(py, "__iter__"))? {
            // Numbers with a shape: an array without dimensions has no length and stands for its only value.
            if value.getattr(intern!(py, "ndim"))?.extract::<usize>()? > 0 {
                return Ok(Other::Iterable(value.try_iter()?, value.len()?));
            }
        }
        if has(intern!(py, "item"))? {
            let scalar = value.call_method0(intern!(py, "item"))?;
            // What gives itself again would never end.
            let is_plain = scalar.is_instance_of::<PyBool>()
                || scalar.is_instance_of::<PyInt>()
                || scalar.is_instance_of::<PyFloat>()
                || scalar.is_instance_of::<PyString>();
            return Ok(if is_plain { Other::Scalar(scalar) } else { Other::Unknown });
        }
    }
    if has(intern!(py, "__index__"))? {
        static INDEX: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        return INDEX.import(py, "operator", "index")?.call1((value,)).map(Other::Whole);
    }
    if let Ok(mapping) = value.cast::<PyMapping>() {
        return Ok(Other::Mapping(mapping.keys()?, mapping.values()?));
    }
    let is_list = value.is_instance_of::<PySet>()
        || value.is_instance_of::<PyFrozenSet>()
        || value.is_instance_of::<PyDictKeys>()
        || value.is_instance_of::<PyDictValues>()
        || (value.cast::<PySequence>().is_ok() && !is_text_like(value)?);
    if is_list { Ok(Other::Iterable(value.try_iter()?, value.len()?)) } else { Ok(Other::Unknown) }
}

/// Whether a sequence is a text in disguise, as `UserString` is: its items are such texts again.
fn is_text_like(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    value.get_type().hasattr(intern!(value.py(), "casefold"))
}

fn whole(slot: Slot<'_, '_, '_>, number: &Bound<'_, PyAny>) -> Walked {
    // Nearly every number; the wider ones take Python calls under the stable ABI.
    match number.extract::<i64>() {
        Ok(number) => slot.whole(number.into()),
        Err(_) => match number.extract::<i128>() {
            Ok(number) => slot.whole(number),
            Err(_) => slot.fail("the number does not fit 64 bits".into(), "use -2^63 to 2^64 - 1, or pass it as text"),
        },
    }
}

fn cure(value: &Bound<'_, PyAny>) -> &'static str {
    let kind = value.get_type();
    let is_a = |module: &str, name: &str| {
        kind.mro().iter().any(|base| {
            base.getattr("__module__").is_ok_and(|found| found.eq(module).unwrap_or(false))
                && base.getattr("__name__").is_ok_and(|found| found.eq(name).unwrap_or(false))
        })
    };
    let has = |name: &str| kind.hasattr(name).unwrap_or(false);
    let cures = [
        ("datetime", "datetime", "pass Unix seconds: int(value.timestamp())"),
        ("datetime", "date", "pass Unix seconds, or text: value.isoformat()"),
        ("datetime", "timedelta", "pass a number of seconds: int(value.total_seconds())"),
        ("decimal", "Decimal", "pass float(value), int(value) or str(value)"),
        ("fractions", "Fraction", "pass float(value)"),
        ("uuid", "UUID", "pass its text: value.hex has 32 characters, str(value) has 36"),
        ("enum", "Enum", "pass value.value"),
        ("collections", "UserString", "pass str(value)"),
    ];
    // What pandas has in the place of an absent value; its NaT derives from datetime.
    if matches!(&*type_name(value), "NAType" | "NaTType") {
        return "pass None for a value that is absent, leave it out, or use tencent_im.without_nan(record)";
    }
    match cures.iter().find(|(module, name, _)| is_a(module, name)) {
        Some((_, _, cure)) => cure,
        None if has("__dataclass_fields__") => "pass a dict: dataclasses.asdict(value)",
        None if has("model_dump") => "pass a dict: value.model_dump()",
        None if has("__next__") => "pass a list: list(value)",
        None if has("__await__") => "await it first",
        None => "pass plain data: str, int, float, bool, None, lists and dicts",
    }
}

fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().qualname().map_or_else(|_| "something else".into(), |name| name.to_string())
}

/// Python code that ran while a value was read has raised.
fn unreadable(slot: Slot<'_, '_, '_>, raised: &RefCell<Option<PyErr>>, exception: PyErr) -> Walked {
    let message = Python::attach(|py| {
        if exception.is_instance_of::<PyException>(py) {
            let words: String = exception.value(py).str().map_or_else(|_| String::new(), |words| words.to_string());
            let words: String = words.chars().take(200).collect();
            format!("it cannot be read: {}: {words}", type_name(exception.value(py)))
        } else {
            *raised.borrow_mut() = Some(exception);
            "reading it was interrupted".into()
        }
    });
    slot.fail(message, "pass plain data: str, int, float, bool, None, lists and dicts")
}

/// A list or tuple.
struct List<'r, 'py> {
    items: Bound<'py, PySequence>,
    count: usize,
    next: usize,
    raised: &'r RefCell<Option<PyErr>>,
}

impl Items for List<'_, '_> {
    fn count(&self) -> Option<usize> {
        Some(self.count)
    }

    fn next(&mut self, slot: Slot<'_, '_, '_>) -> Walked {
        if self.next == self.count {
            return Ok(false);
        }
        let item = self.items.get_item(self.next);
        self.next += 1;
        match item {
            Ok(value) => Object { value, raised: self.raised }.read(slot).map(|_| true),
            // Reading another item has changed the list.
            Err(exception) => unreadable(slot, self.raised, exception),
        }
    }
}

/// Any other collection.
struct Iterable<'r, 'py> {
    iterator: Bound<'py, PyIterator>,
    count: usize,
    raised: &'r RefCell<Option<PyErr>>,
}

impl Items for Iterable<'_, '_> {
    fn count(&self) -> Option<usize> {
        Some(self.count)
    }

    fn next(&mut self, slot: Slot<'_, '_, '_>) -> Walked {
        match self.iterator.next() {
            None => Ok(false),
            Some(Ok(value)) => Object { value, raised: self.raised }.read(slot).map(|_| true),
            Some(Err(exception)) => unreadable(slot, self.raised, exception),
        }
    }
}

/// A mapping's keys and values. Copies, since reading a value may run code that changes the mapping.
struct Dict<'r, 'py> {
    keys: Bound<'py, PyList>,
    values: Bound<'py, PyList>,
    next: usize,
    raised: &'r RefCell<Option<PyErr>>,
}

impl Entries for Dict<'_, '_> {
    fn bring_forward(&mut self, is_wanted: &dyn Fn(&str) -> bool) {
        let wanted = self
            .keys
            .iter()
            .position(|key| key.cast::<PyString>().is_ok_and(|key| key.to_cow().is_ok_and(|key| is_wanted(&key))));
        if let Some(at) = wanted.filter(|at| *at > 0) {
            for list in [&self.keys, &self.values] {
                // The lists are this reader's own and as long as each other.
                let swapped = list.get_item(0).and_then(|first| {
                    let wanted = list.get_item(at)?;
                    list.set_item(0, wanted)?;
                    list.set_item(at, first)
                });
                debug_assert!(swapped.is_ok());
            }
        }
    }

    fn next_key(&mut self, slot: KeySlot<'_, '_>) -> Walked<Option<Key>> {
        let Ok(key) = self.keys.get_item(self.next) else { return slot.end() };
        self.next += 1;
        match key.cast::<PyString>() {
            Ok(text) => match text.to_cow() {
                Ok(text) => slot.text(&text),
                Err(_) => slot.not_text("with half a surrogate pair"),
            },
            Err(_) => {
                let shown = if key.is_instance_of::<PyInt>() { key.to_string() } else { String::new() };
                let shown: String = shown.chars().take(64).collect();
                slot.not_text(&format!("{shown} ({})", type_name(&key)))
            }
        }
    }

    fn value(&mut self, slot: Slot<'_, '_, '_>) -> Walked {
        match self.values.get_item(self.next - 1) {
            Ok(value) => Object { value, raised: self.raised }.read(slot),
            // A mapping of the caller's own with fewer values than keys.
            Err(exception) => unreadable(slot, self.raised, exception),
        }
    }
}
