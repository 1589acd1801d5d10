//! Items of a reply that failed although the call succeeded.

use napi_derive::napi;
use tencent_im_core::items::{FailedItem, Meaning, partial_as};

use crate::guard::{record, throwing};

/// The record of the error of some failed items, from the first of them.
#[napi]
pub fn partial_error(
    count: u32,
    path: String,
    code: Option<f64>,
    cause: Option<String>,
    cure: Option<String>,
) -> napi::Result<String> {
    throwing(|| {
        let first = FailedItem { path, code: code.map(|code| code as i64) };
        let meaning = Meaning { cause: cause.map(Into::into), cure: cure.map(Into::into) };
        Ok(record(&partial_as(count as usize, first, meaning)))
    })
}
