//! Errors on their way to JavaScript. A panic is one of them: it must never take the process down.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tencent_im_core::schema::names::Style;
use tencent_im_core::{Error, Kind, Result};

/// Runs core code and turns a panic into an error of kind `Internal`.
///
/// What panicked may be half done. That is safe here: a call that is asked again answers with an error of its own,
/// and the core has no unsafe code.
pub fn guard<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(internal(&*panic)))
}

/// [`guard`] for functions that throw: the message of the thrown `Error` is the error's record as JSON text.
pub fn throwing<T>(work: impl FnOnce() -> Result<T>) -> napi::Result<T> {
    guard(work).map_err(|error| napi::Error::from_reason(record(&error)))
}

/// The record of an error, as JSON text.
pub fn record(error: &Error) -> String {
    error.to_json(Style::Camel)
}

fn internal(panic: &(dyn Any + Send)) -> Error {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Error::new(Kind::Internal, format!("the SDK panicked: {}", said.unwrap_or("no message")))
        .cure("please report it, with the call and what it was given")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_internal_error() {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let literal = guard::<()>(|| panic!("literal"));
        let formatted = guard::<()>(|| panic!("number {}", 7));
        let other = guard::<()>(|| std::panic::panic_any(7));
        std::panic::set_hook(hook);
        for (result, said) in [(literal, "literal"), (formatted, "number 7"), (other, "no message")] {
            let error = result.expect_err("panicked");
            assert_eq!((error.kind, error.message.contains(said)), (Kind::Internal, true), "{error}");
            assert!(record(&error).contains(r#""kind":"Internal""#));
        }
    }

    #[test]
    fn results_pass() {
        assert_eq!(guard(|| Ok(1)), Ok(1));
        assert_eq!(
            guard::<()>(|| Err(Error::new(Kind::Config, "wrong"))).map_err(|error| error.kind),
            Err(Kind::Config)
        );
    }
}
