//! What every module has.

use tencent_im_core::{Result, variables};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::thrown::thrown;

/// The version of the core.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// Reads an environment variable's text; nothing when it is blank.
#[wasm_bindgen(js_name = readVariable)]
pub fn read_variable(name: &str, value: &str) -> Result<Option<String>, JsError> {
    variables::read_variable(name, value).map(|value| value.map(str::to_owned)).map_err(thrown)
}
