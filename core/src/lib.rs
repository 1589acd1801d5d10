//! Core of tencent-im, the server SDK for Tencent Chat (Tencent IM).
//!
//! Signs UserSigs, builds requests, reads replies and decides about retries, without doing any I/O:
//! time and a random seed are arguments, HTTP is the caller's. The Python, Node and edge packages are thin layers over it.
#![forbid(unsafe_code)]

pub mod api;
pub mod credentials;
pub mod doctor;
pub mod endpoint;
pub mod error;
pub mod flow;
pub mod http;
pub mod items;
mod json;
pub mod options;
pub mod proxies;
pub mod redact;
pub mod reply;
pub mod schema;
pub mod usersig;
pub mod variables;
pub mod webhook;

pub use credentials::SecretKey;
pub use error::{Error, Kind, Result};
