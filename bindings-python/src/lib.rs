//! The native half of the Python package `tencent_im`: the core's calls over HTTP, for sync and asyncio callers.
//!
//! | file | what it does |
//! | --- | --- |
//! | `clock` | time, and the seed of random numbers, for the core |
//! | `hidden` | secrets on their way from Python frames |
//! | `package` | the classes and functions of one import of the Python package |
//! | `names` | settings and options by their names in Python |
//! | `errors` | errors as Python exceptions, panics included |
//! | `input` | callers' objects, read by the core's walker |
//! | `runtime` | the worker threads; waiting on a Python thread with the GIL released |
//! | `signal` | reaches the waiting calls of a client |
//! | `timer_queue` | wakes asyncio calls at their times |
//! | `proxies` | which proxy a request goes through |
//! | `connect` | how a connection comes about: proxies and TLS |
//! | `transport` | HTTP: the connection pool, and how each failure is told |
//! | `shared` | what the calls of a client share |
//! | `drive` | one call from its first step to its end, in async Rust |
//! | `inbox` | what the workers tell an asyncio event loop |
//! | `job` | an asyncio call between its start and its end |
//! | `result` | replies as Python objects |
//! | `events` | what happens to calls, for hooks and logs |
//! | `settings` | a client's keyword arguments and the environment, checked |
//! | `call_options` | the options of a call among its keyword arguments |
//! | `facts` | the documented codes, the regions and the calls, for the command line |
//! | `usersig` | verifying and explaining UserSigs; PrivateMapKeys |
//! | `signer` | signing UserSigs |
//! | `queue` | finished calls on their way to an asyncio event loop |
//! | `batches` | the batches of a run under way |
//! | `client` | the class behind `Client` and `AsyncClient` |
//! | `run` | a run over many items: what it reads, sends and gives |
//! | `bulk` | the class behind the runs |
//! | `pages` | iterating over a paged call |
//! | `webhook` | webhooks and their answers |
//! | `machine` | the core's call machine step by step, for tests |
//!
//! A file uses only files above it.
//!
//! No thread of this crate ever attaches to Python, so that the interpreter can exit at any time.

mod batches;
mod bulk;
mod call_options;
mod client;
mod clock;
mod connect;
mod drive;
mod errors;
mod events;
mod facts;
mod hidden;
mod inbox;
mod input;
mod job;
mod machine;
mod names;
mod package;
mod pages;
mod proxies;
mod queue;
mod result;
mod run;
mod runtime;
mod settings;
mod shared;
mod signal;
mod signer;
mod timer_queue;
mod transport;
mod usersig;
mod webhook;

use pyo3::prelude::*;

/// The extension module `tencent_im._native`.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    package::claim_interpreter(module.py())?;
    module.add("package", Py::new(module.py(), package::Package::load(module.py())?)?)?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<client::NativeClient>()?;
    module.add_class::<queue::LoopQueue>()?;
    module.add_class::<queue::StartedCall>()?;
    module.add_class::<machine::CallMachine>()?;
    module.add_class::<pages::NativePages>()?;
    module.add_class::<bulk::NativeBulk>()?;
    module.add_class::<run::ItemResult>()?;
    module.add_class::<signer::PySigner>()?;
    module.add_class::<webhook::NativeReceiver>()?;
    module.add_function(wrap_pyfunction!(hidden::hide, module)?)?;
    module.add_function(wrap_pyfunction!(signer::sign_user_sig, module)?)?;
    module.add_function(wrap_pyfunction!(usersig::verify_user_sig, module)?)?;
    module.add_function(wrap_pyfunction!(usersig::inspect_user_sig, module)?)?;
    module.add_function(wrap_pyfunction!(usersig::explain_user_sig, module)?)?;
    module.add_function(wrap_pyfunction!(usersig::sign_private_map_key, module)?)?;
    module.add_function(wrap_pyfunction!(usersig::parse_private_map_key, module)?)?;
    module.add_function(wrap_pyfunction!(result::meaning_of_code, module)?)?;
    module.add_function(wrap_pyfunction!(result::partial_error, module)?)?;
    module.add_function(wrap_pyfunction!(facts::explain_code, module)?)?;
    module.add_function(wrap_pyfunction!(facts::search_codes, module)?)?;
    module.add_function(wrap_pyfunction!(facts::doctor_say, module)?)?;
    module.add_function(wrap_pyfunction!(facts::regions, module)?)?;
    module.add_function(wrap_pyfunction!(facts::calls, module)?)?;
    module.add_function(wrap_pyfunction!(webhook::answer_webhook, module)?)?;
    module.add_function(wrap_pyfunction!(webhook::check_webhook, module)?)?;
    module.add_function(wrap_pyfunction!(webhook::webhook_refusal, module)?)?;
    module.add_function(wrap_pyfunction!(webhook::list_webhooks, module)?)?;
    module.add_function(wrap_pyfunction!(webhook::sign_webhook, module)?)?;
    module.add_function(wrap_pyfunction!(errors::unwritable_data, module)?)?;
    module.add_function(wrap_pyfunction!(errors::panic_for_test, module)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::read_to_string;
    use std::path::Path;

    /// A circle of files can be understood only as a whole.
    #[test]
    fn a_file_uses_only_files_above_it_in_the_table() {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let read = |name: &str| read_to_string(src.join(format!("{name}.rs"))).expect(name);
        let lib = read("lib");
        let rows = lib.lines().filter_map(|line| line.strip_prefix("//! | `")?.split_once('`').map(|(name, _)| name));
        let files: Vec<&str> = rows.collect();
        let modules = lib.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
        for module in modules {
            assert!(files.contains(&module), "the table does not say what {module}.rs does");
        }
        for (row, file) in files.iter().enumerate() {
            let source = read(file);
            for below in &files[row + 1..] {
                assert!(
                    !source.contains(&format!("crate::{below}::")),
                    "{file}.rs uses {below}.rs, which stands below it"
                );
            }
        }
    }
}
