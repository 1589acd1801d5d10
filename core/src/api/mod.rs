//! The calls of the service, one file a family.

pub mod account;
pub mod elements;

use crate::schema::{Op, shape};

shape! {
    /// Nothing.
    pub struct Empty {}
}

/// The calls by family.
static FAMILIES: &[&[&Op]] = &[account::OPS];

/// All calls.
pub fn all() -> impl Iterator<Item = &'static Op> {
    FAMILIES.iter().flat_map(|family| family.iter().copied())
}

/// Finds a call by its name, such as `accounts.import_account`.
pub fn find(name: &str) -> Option<&'static Op> {
    all().find(|op| op.name == name)
}
