//! Calls that the core declares and no family here spells out: checked by the request's table like all others, and
//! answered with what the reply's table promises. Nothing is remembered.

mod reply;
mod unknown;

pub use reply::answer;
pub use unknown::{Unknown, unknown};

#[cfg(test)]
mod tests;
