//! Iterating over a paged call.

use pyo3::prelude::*;
use serde_json::{Map, Value};
use tencent_im_core::api::find_op;
use tencent_im_core::flow::Pages;
use tencent_im_core::schema::names::Style;
use tencent_im_core::{Error, Kind};

use crate::errors::{Result, raising};
use crate::package::Package;

/// One iteration: the machine that says which page comes next. JSON texts in and out.
#[pyclass(module = "tencent_im._native")]
pub struct NativePages {
    pages: Pages,
    /// Items of the first page that an earlier iteration took.
    #[pyo3(get, set)]
    skip: u32,
    package: Py<Package>,
}

#[pymethods]
impl NativePages {
    /// Begins an iteration, or continues one from a cursor.
    #[new]
    fn new(py: Python<'_>, package: Py<Package>, op: &str, params: &str, cursor: Option<&str>) -> PyResult<Self> {
        let open = || Ok(Pages::new(find_op(op)?, &object(params)?, cursor, Style::Snake)?);
        let pages = raising(py, &package, open)?;
        Ok(Self { pages, skip: cursor.map_or(0, Pages::skip_of), package })
    }

    /// Names of the reply's lists of items.
    fn items(&self) -> Vec<String> {
        self.pages.items()
    }

    /// Names of what `turn` reads, in a reply and in its items.
    fn reads(&self) -> Vec<String> {
        self.pages.reads()
    }

    /// The fields to set for the next page.
    fn next(&self) -> Option<String> {
        self.pages.next().map(|fields| Value::Object(fields.clone()).to_string())
    }

    /// Takes a page.
    fn turn(&mut self, py: Python<'_>, reply: &str) -> PyResult<()> {
        let pages = &mut self.pages;
        raising(py, &self.package, || Ok(pages.turn(&object(reply)?)?))
    }

    /// Where to continue later.
    fn cursor(&self, taken: u32) -> Option<String> {
        self.pages.cursor(taken)
    }
}

fn object(text: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(text).map_err(|error| Error::new(Kind::InvalidInput, error.to_string()).into())
}
