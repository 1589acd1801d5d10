//! `tencent_im/elements.py`: a constructor for each message element.

use crate::Files;
use crate::model::Model;

/// Writes the module.
pub fn write(_model: &Model, _files: &mut Files) {}
