//! Local emulator of the Tencent Chat REST API: the service as its pages describe it, with state, UserSig check,
//! limits and error codes, and with faults on demand. For tests, demos and benchmarks only.
//!
//! ```no_run
//! use tencent_im_emulator::{App, Config, Emulator};
//!
//! let config = Config { apps: vec![App::new(1400000001, "the secret key")], ..Config::default() };
//! let emulator = Emulator::start(config).expect("a free port");
//! println!("{}", emulator.url());
//! // Dropping it stops it.
//! ```
//!
//! One request goes through these files, top-down:
//!
//! | file | what it decides |
//! | --- | --- |
//! | `connection` | accepts, counts, and breaks connections |
//! | `faults` | whether this request is spoilt, and how |
//! | `service` | the checks every call shares, in the service's order |
//! | `query`, `signature`, `limits` | one check each |
//! | `families` | what a call does, one file or folder a family; `from_table` answers what no family spells out |
//! | `webhooks` | what the app's backend is asked and told |
//! | `answer` | the envelope |
//!
//! `state` is what the service remembers, `control` the endpoints under `/_emulator/` that tests steer it with
//! (see README.md of this crate).
#![forbid(unsafe_code)]

mod answer;
mod clock;
mod config;
mod connection;
mod control;
mod counters;
mod emulator;
mod families;
mod faults;
mod limits;
mod query;
mod service;
mod signature;
mod state;
mod webhooks;
mod world;

pub use config::{App, Config, Settings};
pub use emulator::Emulator;
pub use webhooks::{Commands, Late, WebhookSettings};
