//! The documented codes, for the command line.

use napi_derive::napi;
use serde_json::Value;
use tencent_im_core::error::{Meaning, meanings, search};

/// Returns every meaning of a code, or those that have all the words, as JSON text.
#[napi]
pub fn find_codes(words: String, is_code: bool) -> String {
    let found = if is_code { words.parse().map_or_else(|_| Vec::new(), meanings) } else { search(&words) };
    Value::Array(found.iter().map(Meaning::to_value).collect()).to_string()
}
