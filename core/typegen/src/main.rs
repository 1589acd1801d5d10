//! Writes the TypeScript and Python facades from the tables of the core.
fn main() {}
