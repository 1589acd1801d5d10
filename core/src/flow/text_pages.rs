//! An iteration over a paged call for other languages, with texts in and out.

use serde_json::{Map, Value, json};

use super::Pages;
use crate::api::find_op;
use crate::error::{Error, Kind, Result};
use crate::json::object_of;
use crate::schema::names::Style;

/// One iteration.
#[derive(Debug)]
pub struct TextPages {
    pages: Pages,
    /// Items of the first page that an earlier iteration took.
    skip: u32,
}

impl TextPages {
    /// Begins an iteration from the call's parameters (JSON text), or continues one from a cursor.
    pub fn open(op: &str, params: &str, cursor: Option<&str>, style: Style) -> Result<Self> {
        let pages = Pages::new(find_op(op)?, &read(params)?, cursor, style)?;
        Ok(Self { pages, skip: cursor.map_or(0, Pages::skip_of) })
    }

    /// What stays the same, as JSON text: `items` (names of the reply's lists), `reads` (names for [`Self::turn`]), `skip`
    /// (items of the first page to leave out).
    pub fn facts(&self) -> String {
        json!({"items": self.pages.items(), "reads": self.pages.reads(), "skip": self.skip}).to_string()
    }

    /// The fields to set for the next page as JSON text; nothing after the last.
    pub fn next(&self) -> Option<String> {
        self.pages.next().map(|fields| Value::Object(fields.clone()).to_string())
    }

    /// Takes a page's result, or the part of it under `reads`, as JSON text.
    pub fn turn(&mut self, result: &str) -> Result<()> {
        self.pages.turn(&read(result)?)
    }

    /// Where to continue later, with so many items of this page taken.
    pub fn cursor(&self, taken: u32) -> Option<String> {
        self.pages.cursor(taken)
    }
}

fn read(text: &str) -> Result<Map<String, Value>> {
    object_of(text).map_err(|error| Error::new(Kind::InvalidInput, error.to_string()))
}
