//! Iterating over a paged call.

use napi_derive::napi;
use tencent_im_core::flow::TextPages;
use tencent_im_core::schema::names::Style;

use crate::guard::throwing;

/// Begins an iteration, or continues one from a cursor.
#[napi]
pub fn open_pages(op: String, params: String, cursor: Option<String>) -> napi::Result<NativePages> {
    throwing(|| Ok(NativePages { pages: TextPages::open(&op, &params, cursor.as_deref(), Style::Camel)? }))
}

/// One iteration.
#[napi]
pub struct NativePages {
    pages: TextPages,
}

#[napi]
impl NativePages {
    /// What stays the same.
    #[napi]
    pub fn facts(&self) -> String {
        self.pages.facts()
    }

    /// The fields to set for the next page.
    #[napi]
    pub fn next(&self) -> Option<String> {
        self.pages.next()
    }

    /// Takes a page.
    #[napi]
    pub fn turn(&mut self, result: String) -> napi::Result<()> {
        throwing(|| self.pages.turn(&result))
    }

    /// Where to continue later.
    #[napi]
    pub fn cursor(&self, taken: u32) -> Option<String> {
        self.pages.cursor(taken)
    }
}
