//! The options of a single call, which stand among its fields as keyword arguments.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use tencent_im_core::flow::{Plan, ResolvedOptions};
use tencent_im_core::options::CallOptions;
use tencent_im_core::schema::names::{Style, is_camel_of};
use tencent_im_core::schema::{Op, Shape, nearest};
use tencent_im_core::{Error, Kind};

use crate::errors::Result;
use crate::input::reading;
use crate::names::python_name;
use crate::settings::{put, put_field};

/// The names of the options in Python.
pub fn names() -> impl Iterator<Item = &'static str> {
    CallOptions::shape().fields.iter().map(|field| python_name(field.name))
}

/// Reads the options among keyword arguments. What is a field of the call goes to `fields`: calls by name have both in
/// one. Any other name is refused with the nearest field or option.
pub fn split(
    plan: &Plan,
    op: &'static Op,
    fields: &Bound<'_, PyDict>,
    given: &Bound<'_, PyDict>,
) -> Result<ResolvedOptions> {
    // Most calls have none, and should pay for no more than a look.
    if given.is_empty() {
        return Ok(plan.defaults());
    }
    let of_core = PyDict::new(given.py());
    for (name, value) in given.iter() {
        let name = name.extract::<String>()?;
        if let Some(field) = CallOptions::shape().fields.iter().find(|field| python_name(field.name) == name) {
            if !value.is_none() {
                put_field(&of_core, field, value)?;
            }
        } else if has_field((op.request)(), &name) {
            fields.set_item(name, value)?;
        } else {
            return Err(unknown(op, &name).into());
        }
    }
    read(plan, &of_core)
}

/// Checks options for later calls.
pub fn check(plan: &Plan, given: &Bound<'_, PyDict>) -> Result<()> {
    let of_core = PyDict::new(given.py());
    for (name, value) in given.iter() {
        if !value.is_none() {
            put(&of_core, CallOptions::shape(), &name.extract::<String>()?, value)?;
        }
    }
    read(plan, &of_core).map(drop)
}

fn read(plan: &Plan, of_core: &Bound<'_, PyDict>) -> Result<ResolvedOptions> {
    reading(of_core, |input| {
        plan.read_options(input, Style::Snake).map_err(|mut error| {
            // Part of the input, not of the settings.
            if error.path.as_deref().is_some_and(|path| path.starts_with("extra_body")) {
                error.kind = Kind::InvalidInput;
            }
            error
        })
    })
}

/// Whether a shape has a field, by any of its names.
fn has_field(shape: &Shape, name: &str) -> bool {
    shape.fields.iter().any(|field| {
        field.name == name || field.wire == name || field.aliases.contains(&name) || is_camel_of(field.name, name)
    })
}

fn unknown(op: &'static Op, name: &str) -> Error {
    let fields = || (op.request)().fields.iter().map(|field| field.name);
    let message = match nearest(name, fields().chain(names())) {
        Some(near) if names().any(|option| option == near) => format!("unknown option, did you mean {near}?"),
        Some(near) => format!("unknown field, did you mean {near}?"),
        None => "unknown field".into(),
    };
    let list = |names: Vec<&str>| names.join(", ");
    let known = match list(fields().collect()) {
        _ if (op.request)().is_open() => "pass the fields as a mapping: call(path, {...})".into(),
        known if known.is_empty() => "this takes no fields".into(),
        known => format!("known fields: {known}"),
    };
    let shown: String = name.chars().take(64).collect();
    Error::new(Kind::InvalidInput, message).during(op.name).at(shown).cure(format!(
        "{known}; options: {}; to send a field that this version does not know, use the option extra_body",
        list(names().collect())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_of_a_call_hides_an_option() {
        for op in tencent_im_core::api::all() {
            let hidden: Vec<&str> = names().filter(|name| has_field((op.request)(), name)).collect();
            assert!(hidden.is_empty(), "{}: {hidden:?} are options of every call; rename the fields", op.name);
        }
    }
}
