//! The native half of the Python package `tencent_im`: the core's calls over HTTP, for sync and asyncio callers.
//!
//! | file | what it does |
//! | --- | --- |
//! | `settings` | a client's keyword arguments and the environment, checked |
//! | `call_options` | the options of a call among its keyword arguments |
//! | `client` | the class behind `Client` and `AsyncClient` |
//! | `drive` | one call from its first step to its end, in async Rust |
//! | `transport` | HTTP: the connection pool, and how each failure is told |
//! | `connect` | how a connection comes about: proxies and TLS |
//! | `proxies` | which proxy a request goes through |
//! | `timers` | timeouts of requests |
//! | `runtime` | the worker threads; waiting on a Python thread with the GIL released |
//! | `queue` | finished calls on their way to an asyncio event loop |
//! | `inbox` | what the workers have to say to that loop |
//! | `job` | an asyncio call between its start and its end |
//! | `sleepers` | asyncio calls that wait for a time |
//! | `input` | callers' objects, read by the core's walker |
//! | `result` | replies as Python objects |
//! | `events` | what happens to calls, for hooks and logs |
//! | `errors` | errors as Python exceptions, panics included |
//! | `signer` | signing, made to be fast |
//! | `usersig` | verifying and explaining UserSigs; PrivateMapKeys |
//! | `machine` | the core's call machine step by step, for tests |
//!
//! No thread of this crate ever attaches to Python, so that the interpreter can exit at any time.

mod call_options;
mod client;
mod connect;
mod drive;
mod errors;
mod events;
mod inbox;
mod input;
mod job;
mod machine;
mod proxies;
mod queue;
mod result;
mod runtime;
mod settings;
mod signer;
mod sleepers;
mod timers;
mod transport;
mod usersig;

use pyo3::prelude::*;

/// The extension module `tencent_im._native`.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<client::NativeClient>()?;
    module.add_class::<queue::LoopQueue>()?;
    module.add_class::<machine::CallMachine>()?;
    module.add_class::<signer::PySigner>()?;
    module.add_function(wrap_pyfunction!(signer::sign_user_sig, module)?)?;
    module.add_function(wrap_pyfunction!(usersig::verify_user_sig, module)?)?;
    module.add_function(wrap_pyfunction!(usersig::inspect_user_sig, module)?)?;
    module.add_function(wrap_pyfunction!(usersig::explain_user_sig, module)?)?;
    module.add_function(wrap_pyfunction!(usersig::sign_private_map_key, module)?)?;
    module.add_function(wrap_pyfunction!(usersig::parse_private_map_key, module)?)?;
    module.add_function(wrap_pyfunction!(errors::panic_for_test, module)?)?;
    Ok(())
}
