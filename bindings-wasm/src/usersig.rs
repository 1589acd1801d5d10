//! UserSigs without a client, beside signing.

use tencent_im_core::Result;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::walk::Json;
use tencent_im_core::usersig::{inspect_value, tool, verify_value};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::thrown::thrown;

/// Checks a UserSig with the app's key and gives what it states, as JSON text.
#[wasm_bindgen(js_name = verifyUserSig)]
pub fn verify_user_sig(user_sig: &str, params_json: &str) -> Result<String, JsError> {
    let stated = verify_value(user_sig, &mut Json(params_json), Style::Camel);
    stated.map(|facts| facts.to_string()).map_err(thrown)
}

/// Reads a UserSig without a key and gives what it states, as JSON text.
#[wasm_bindgen(js_name = inspectUserSig)]
pub fn inspect_user_sig(user_sig: &str, now_s: f64) -> Result<String, JsError> {
    inspect_value(user_sig, now_s as u64, Style::Camel).map(|facts| facts.to_string()).map_err(thrown)
}

/// Runs a further function by its name, with its parameters as JSON text.
#[wasm_bindgen(js_name = userSigTool)]
pub fn user_sig_tool(name: &str, params_json: &str) -> Result<String, JsError> {
    tool(name, &mut Json(params_json), Style::Camel).map(|facts| facts.to_string()).map_err(thrown)
}
