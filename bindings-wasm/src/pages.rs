//! Iterating over a paged call.

use tencent_im_core::flow::TextPages;
use tencent_im_core::schema::names::Style;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::thrown::thrown;

/// Begins an iteration, or continues one from a cursor.
#[wasm_bindgen(js_name = openPages)]
pub fn open_pages(op: &str, params: &str, cursor: Option<String>) -> Result<NativePages, JsError> {
    let pages = TextPages::open(op, params, cursor.as_deref(), Style::Camel).map_err(thrown)?;
    Ok(NativePages { pages })
}

/// One iteration.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NativePages {
    pages: TextPages,
}

#[wasm_bindgen]
impl NativePages {
    /// What stays the same.
    pub fn facts(&self) -> String {
        self.pages.facts()
    }

    /// The fields to set for the next page.
    pub fn next(&self) -> Option<String> {
        self.pages.next()
    }

    /// Takes a page.
    pub fn turn(&mut self, result: &str) -> Result<(), JsError> {
        self.pages.turn(result).map_err(thrown)
    }

    /// Where to continue later.
    pub fn cursor(&self, taken: u32) -> Option<String> {
        self.pages.cursor(taken)
    }
}
