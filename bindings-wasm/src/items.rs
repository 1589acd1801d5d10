//! Items of a reply that failed although the call succeeded.

use tencent_im_core::items::{FailedItem, Meaning, partial_as};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::thrown::record;

/// The record of the error of some failed items, from the first of them.
#[wasm_bindgen(js_name = partialError)]
pub fn partial_error(
    count: u32,
    path: String,
    code: Option<f64>,
    cause: Option<String>,
    cure: Option<String>,
) -> String {
    let first = FailedItem { path, code: code.map(|code| code as i64) };
    let meaning = Meaning { cause: cause.map(Into::into), cure: cure.map(Into::into) };
    record(&partial_as(count as usize, first, meaning))
}
