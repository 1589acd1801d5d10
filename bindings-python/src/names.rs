//! Settings and options by their names in Python. The core counts times in milliseconds or seconds and says so in the
//! name, `timeout_ms` and `sig_expire_s`; in Python they are `timeout` and `sig_expire`, always in seconds.

use tencent_im_core::Error;
use tencent_im_core::options::{CallOptions, ClientOptions};

/// The name of a setting or option in Python.
pub fn python_name(core: &str) -> &str {
    core.strip_suffix("_ms").or_else(|| core.strip_suffix("_s")).unwrap_or(core)
}

/// An error that names settings as Python does, in its path and in its sentences.
pub fn in_python(error: Error) -> Error {
    error.rename_settings(|name| {
        let shapes = [ClientOptions::shape(), CallOptions::shape()];
        let is_setting = shapes.iter().any(|shape| shape.fields.iter().any(|field| field.name == name));
        if is_setting { python_name(name) } else { name }
    })
}
