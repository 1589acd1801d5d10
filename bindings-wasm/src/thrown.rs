//! Errors that are thrown: JavaScript `Error` objects whose message is the error's record as JSON text.

use tencent_im_core::Error;
use tencent_im_core::schema::names::Style;
use wasm_bindgen::JsError;

/// The record of an error, as JSON text.
pub fn record(error: &Error) -> String {
    error.to_json(Style::Camel)
}

/// What to throw for an error.
pub fn thrown(error: Error) -> JsError {
    JsError::new(&record(&error))
}
