//! One flat error for everything that can go wrong, with the facts a caller needs to act.

mod codes;
mod find;
mod path;
mod record;
mod table;

use core::fmt;
use core::ops::{Deref, DerefMut};
use std::borrow::Cow;

use crate::schema::names::Style;

pub use codes::{CODES, Calls, Code, Retry, lookup, lookup_for};
pub use find::{Meaning, meanings, search};
pub(crate) use path::is_plain;
pub use path::{Path, Step};

/// The crate's result.
pub type Result<T, E = Error> = core::result::Result<T, E>;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident,)*) => {
        /// The kind of a failure. `make generate` writes a class for each into the other languages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[doc = $doc])* $kind,)* }

        impl Kind {
            /// All kinds, for generators and tests.
            pub const ALL: &[Kind] = &[$(Kind::$kind,)*];

            /// The kind's name, the same in every language.
            pub fn as_str(self) -> &'static str {
                match self { $(Kind::$kind => stringify!($kind),)* }
            }

            /// The lines of its doc comment, for generators.
            pub fn doc(self) -> &'static [&'static str] {
                match self { $(Kind::$kind => &[$($doc),*],)* }
            }
        }
    };
}

kinds! {
    /// The input is wrong. Nothing was sent.
    InvalidInput,
    /// The settings are wrong, or the client is closed. Nothing was sent.
    Config,
    /// A UserSig is invalid, as found here or by the service.
    Signature,
    /// The service rejects the app or the caller.
    Auth,
    /// The caller may not do this.
    Permission,
    /// Something the call names does not exist.
    NotFound,
    /// What the call would create already exists, or the current state forbids it.
    Conflict,
    /// Too many calls. Wait before the next one.
    RateLimited,
    /// A quota of the edition or of an object is exhausted.
    Quota,
    /// Moderation or the app's own webhook rejected the content.
    ContentRejected,
    /// The service failed.
    Server,
    /// The reply does not follow the protocol.
    Protocol,
    /// The network failed.
    Transport,
    /// The call timed out.
    Timeout,
    /// The caller cancelled the call, or closed the client during it.
    Cancelled,
    /// Some items of a reply failed; the others took effect. Raised by `raise_for_items`.
    Partial,
    /// A webhook request is forged or unreadable.
    Webhook,
    /// A bug in this SDK. Please report it.
    Internal,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The facts of an [`Error`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Facts {
    /// What sort of failure.
    pub kind: Kind,
    /// What is wrong, in one sentence without a full stop.
    pub message: Cow<'static, str>,
    /// The service's `ErrorCode`, or the one it would answer.
    pub code: Option<i64>,
    /// The service's own `ErrorInfo`.
    pub error_info: Option<String>,
    /// The call, such as `accounts.import_account`.
    pub operation: Option<&'static str>,
    /// The field, such as `accounts[3].nick`.
    pub path: Option<Path>,
    /// Why this happens.
    pub cause: Option<Cow<'static, str>>,
    /// What to do about it.
    pub cure: Option<Cow<'static, str>>,
    /// HTTP status of the answer, if there was one. For [`Kind::Webhook`] the one to answer with.
    pub http_status: Option<u16>,
    /// Tries sent; 0 when nothing was.
    pub attempts: u32,
    /// Whether the call may have taken effect although it failed.
    pub maybe_applied: bool,
    /// When a further try is worth while, in milliseconds from now.
    pub retry_after_ms: Option<u64>,
    /// The beginning of the answer's body, when it was a failure.
    pub body: Option<String>,
}

/// Why something failed. Never holds a secret key, a UserSig or a URL with one.
#[derive(Clone, PartialEq)]
pub struct Error(Box<Facts>);

impl Error {
    /// An error of a kind, with what is wrong.
    pub fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Facts {
            kind,
            message: message.into(),
            code: None,
            error_info: None,
            operation: None,
            path: None,
            cause: None,
            cure: None,
            http_status: None,
            attempts: 0,
            maybe_applied: false,
            retry_after_ms: None,
            body: None,
        }))
    }

    /// The error of custom data that its language cannot write as JSON text; `reason` is what the language says.
    pub fn unwritable_data(field: String, reason: &str) -> Self {
        Self::new(Kind::InvalidInput, format!("the data cannot be written as JSON: {reason}"))
            .at(field)
            .cure("pass text, or data that can be written as JSON")
    }

    /// Names the field.
    pub fn at(mut self, path: impl Into<Path>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Says why this happens.
    pub fn cause(mut self, cause: impl Into<Cow<'static, str>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Says what to do about it.
    pub fn cure(mut self, cure: impl Into<Cow<'static, str>>) -> Self {
        self.cure = Some(cure.into());
        self
    }

    /// Gives the service's code, without looking it up.
    pub fn code(mut self, code: i64) -> Self {
        self.code = Some(code);
        self
    }

    /// Gives the settings that an error of kind [`Kind::Config`] names, in its path and in its sentences, their names in
    /// a language that has other ones. `name` returns a name that it does not know as it is.
    pub fn rename_settings(mut self, name: impl Fn(&str) -> &str) -> Self {
        if self.kind == Kind::Config {
            let facts = &mut *self.0;
            facts.path = facts.path.take().map(|path| path.rename(&name));
            for text in [Some(&mut facts.message), facts.cause.as_mut(), facts.cure.as_mut()].into_iter().flatten() {
                *text = path::rename_in(std::mem::take(text), &name);
            }
        }
        self
    }

    /// Names the call.
    pub fn during(mut self, operation: &'static str) -> Self {
        self.operation = Some(operation);
        self
    }
}

impl Deref for Error {
    type Target = Facts;
    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.0
    }
}

/// One line with everything a reader needs: what, where, the service's words, why, what to do.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Style::Snake))
    }
}

impl Error {
    /// The whole error on one line, with names in a language's style.
    pub fn text(&self, style: Style) -> String {
        let mut text = String::new();
        if let Some(operation) = self.operation {
            text += &format!("{operation}: ");
        }
        if let Some(path) = &self.path {
            text += &format!("{}: ", path.show(style));
        }
        text += &self.words(&self.message, style);
        if let Some(code) = self.code {
            text += &format!(" (code {code})");
        }
        if let Some(cause) = &self.cause {
            text += &format!(". Cause: {}", self.words(cause, style));
        }
        if let Some(cure) = &self.cure {
            text += &format!(". Cure: {}", self.words(cure, style));
        }
        if self.maybe_applied {
            text += ". It may have taken effect";
        }
        text
    }

    /// A sentence with the names of settings in a language's style. Other sentences may hold words of the service.
    fn words<'t>(&self, text: &'t str, style: Style) -> Cow<'t, str> {
        if self.kind == Kind::Config { path::in_style(text, style) } else { Cow::Borrowed(text) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl core::error::Error for Error {}
