//! Iterating over a paged call.

use serde_json::{Map, Value, json};
use tencent_im_core::api::find_op;
use tencent_im_core::flow::Pages;
use tencent_im_core::schema::names::Style;
use tencent_im_core::{Error, Kind, Result};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::thrown::thrown;

/// Begins an iteration, or continues one from a cursor.
#[wasm_bindgen(js_name = openPages)]
pub fn open_pages(op: &str, params: &str, cursor: Option<String>) -> Result<NativePages, JsError> {
    let open = || {
        let pages = Pages::new(find_op(op)?, &object(params)?, cursor.as_deref(), Style::Camel)?;
        let skip = cursor.as_deref().map_or(0, Pages::skip_of);
        Ok(NativePages { pages, skip })
    };
    open().map_err(thrown)
}

/// One iteration.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NativePages {
    pages: Pages,
    skip: u32,
}

#[wasm_bindgen]
impl NativePages {
    /// What stays the same: where the items are, what is to be handed to `turn`, how many items to skip.
    pub fn facts(&self) -> String {
        json!({"items": self.pages.items(), "reads": self.pages.reads(), "skip": self.skip}).to_string()
    }

    /// The fields to set for the next page.
    pub fn next(&self) -> Option<String> {
        self.pages.next().map(|fields| Value::Object(fields.clone()).to_string())
    }

    /// Takes a page.
    pub fn turn(&mut self, result: &str) -> Result<(), JsError> {
        object(result).and_then(|result| self.pages.turn(&result)).map_err(thrown)
    }

    /// Where to continue later.
    pub fn cursor(&self, taken: u32) -> Option<String> {
        self.pages.cursor(taken)
    }
}

fn object(text: &str) -> Result<Map<String, Value>> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Error::new(Kind::InvalidInput, "not an object")),
        Err(error) => Err(Error::new(Kind::InvalidInput, error.to_string())),
    }
}
