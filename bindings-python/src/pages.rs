//! Iterating over a paged call.

use pyo3::prelude::*;
use tencent_im_core::Kind;
use tencent_im_core::flow::TextPages;
use tencent_im_core::schema::names::Style;

use crate::errors::raising;
use crate::package::Package;
use crate::settings::text;

/// One iteration: the machine that says which page comes next. JSON texts in and out.
#[pyclass(module = "tencent_im._native")]
pub struct NativePages {
    pages: TextPages,
    package: Py<Package>,
}

#[pymethods]
impl NativePages {
    /// Begins an iteration, or continues one from a cursor.
    #[new]
    fn new(
        py: Python<'_>,
        package: Py<Package>,
        op: &str,
        params: &str,
        resume: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let pages = raising(py, &package, || {
            let cursor = resume.map(|cursor| text("resume", Kind::InvalidInput, cursor)).transpose()?;
            Ok(TextPages::open(op, params, cursor.as_deref(), Style::Snake)?)
        })?;
        Ok(Self { pages, package })
    }

    /// What stays the same.
    fn facts(&self) -> String {
        self.pages.facts()
    }

    /// The fields to set for the next page.
    fn next(&self) -> Option<String> {
        self.pages.next()
    }

    /// Takes a page.
    fn turn(&mut self, py: Python<'_>, reply: &str) -> PyResult<()> {
        let pages = &mut self.pages;
        raising(py, &self.package, || Ok(pages.turn(reply)?))
    }

    /// Where to continue later.
    fn cursor(&self, taken: u32) -> Option<String> {
        self.pages.cursor(taken)
    }
}
