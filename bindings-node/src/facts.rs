//! The documented codes, and what `doctor` says, for the command line.

use napi_derive::napi;
use serde_json::Value;
use tencent_im_core::doctor;
use tencent_im_core::error::{Meaning, meanings, search};

/// Returns every meaning of a code, or those that have all the words, as JSON text.
#[napi]
pub fn find_codes(words: String, is_code: bool) -> String {
    let found = if is_code { words.parse().map_or_else(|_| Vec::new(), meanings) } else { search(&words) };
    Value::Array(found.iter().map(Meaning::to_value).collect()).to_string()
}

/// Says what a look of `doctor` showed. Both are JSON text.
#[napi]
pub fn doctor_say(look: String) -> napi::Result<String> {
    // Not the error of serde alone: it may quote the secret key.
    let look = serde_json::from_str(&look).map_err(|_| napi::Error::from_reason("not a look of doctor"))?;
    serde_json::to_string(&doctor::say(look)).map_err(|error| napi::Error::from_reason(error.to_string()))
}
