//! The calls of the service as data: what a request and a reply look like, and the facts of each call.
//!
//! [`dsl`] turns a declaration into a constant table and a plain serde struct; [`walk`] reads and writes by the table.

mod dsl;
pub mod names;
mod sink;
mod suggest;
mod types;
pub mod walk;

#[cfg(test)]
mod tests;

use core::marker::PhantomData;
use core::ops::Deref;

pub(crate) use dsl::{limits, open_enum, ops, rule, shape, union_of};
pub use sink::{JsonSink, Sink};
pub use suggest::nearest;
pub use types::{Flag, Redacted, Typed, UserId};

/// Gives the table of a shape.
pub type Table = fn() -> &'static Shape;

/// The type of a field. Shapes are behind functions because they may hold themselves (a message can hold messages),
/// which a constant cannot.
#[derive(Clone, Copy, Debug)]
pub enum Ty {
    /// `true` or `false`.
    Bool,
    /// A yes or no that is 1 or 0 on the wire.
    Flag,
    /// A whole number of a width. Those that can pass 2^53 may be given as decimal text, too.
    Int(Width),
    /// Any number.
    Number,
    /// Text.
    Text,
    /// A user id: 1 to 32 bytes, no control characters.
    UserId,
    /// Any JSON, passed through untouched.
    Json,
    /// One of a set of texts that the service may extend.
    Enum(&'static Enum),
    /// An object with known fields.
    Object(Table),
    /// An object whose tag decides the shape of its content.
    Union(fn() -> &'static Union),
    /// A list.
    List(&'static Ty),
    /// An object whose keys are data.
    Map(&'static Ty),
}

/// The width of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 0 to 2^32 - 1.
    U32,
    /// -2^31 to 2^31 - 1.
    I32,
    /// 0 to 2^64 - 1.
    U64,
    /// -2^63 to 2^63 - 1.
    I64,
}

impl Width {
    /// The smallest and greatest value.
    pub fn bounds(self) -> (i128, i128) {
        match self {
            Width::U32 => (0, u32::MAX.into()),
            Width::I32 => (i32::MIN.into(), i32::MAX.into()),
            Width::U64 => (0, u64::MAX.into()),
            Width::I64 => (i64::MIN.into(), i64::MAX.into()),
        }
    }

    /// Whether values can pass 2^53, where JavaScript numbers lose digits.
    pub fn is_wide(self) -> bool {
        matches!(self, Width::U64 | Width::I64)
    }
}

/// A bound on a field's value. Both ends are allowed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Length of a text in bytes of UTF-8.
    Bytes(u32, u32),
    /// Length of a text in characters.
    Chars(u32, u32),
    /// Number of entries of a list or map.
    Items(u32, u32),
    /// Length in bytes of each text in a list.
    ItemBytes(u32, u32),
    /// Range of a number.
    Range(i64, i64),
    /// The only numbers allowed.
    Values(&'static [i64]),
}

/// One field of a [`Shape`].
#[derive(Debug)]
pub struct Field {
    /// Name for callers, snake_case; camelCase is computed from it.
    pub name: &'static str,
    /// Name on the wire.
    pub wire: &'static str,
    /// Further wire names: read everywhere, written by choice.
    pub aliases: &'static [&'static str],
    /// Type of the value.
    pub ty: Ty,
    /// Whether a request must have it.
    pub required: bool,
    /// Bounds of the value.
    pub limits: &'static [Limit],
    /// What it is.
    #[cfg(feature = "docs")]
    pub doc: &'static [&'static str],
}

/// A condition over several fields; an alternative is present when one of its fields is.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Exactly one of the alternatives.
    ExactlyOne(&'static [&'static [&'static str]]),
    /// One or more of the alternatives.
    AtLeastOne(&'static [&'static [&'static str]]),
    /// None or one of the alternatives.
    AtMostOne(&'static [&'static [&'static str]]),
}

/// An object with known fields.
#[derive(Debug)]
pub struct Shape {
    /// Its name in Rust and TypeScript.
    pub name: &'static str,
    /// Its fields, in documentation order. At most 128.
    pub fields: &'static [Field],
    /// Conditions over several fields.
    pub rules: &'static [Rule],
    /// What it is.
    #[cfg(feature = "docs")]
    pub doc: &'static [&'static str],
}

impl Shape {
    /// The field that a bare text stands for: the only required one, where it is a text.
    /// So `["a", "b"]` may be written for `[{"user_id": "a"}, {"user_id": "b"}]`.
    pub fn shorthand(&self) -> Option<&'static Field> {
        let mut required = self.fields.iter().filter(|field| field.required);
        match (required.next(), required.next()) {
            (Some(field), None) if matches!(field.ty, Ty::Text | Ty::UserId) => Some(field),
            _ => None,
        }
    }
}

/// An open set of texts.
#[derive(Debug)]
pub struct Enum {
    /// Its name in Rust and TypeScript.
    pub name: &'static str,
    /// The values known today.
    pub values: &'static [&'static str],
    /// What it is.
    #[cfg(feature = "docs")]
    pub doc: &'static [&'static str],
}

/// An object with a tag and a content whose shape the tag decides, such as a message element.
#[derive(Debug)]
pub struct Union {
    /// Its name in Rust and TypeScript.
    pub name: &'static str,
    /// The tag's field.
    pub tag: Field,
    /// The content's field.
    pub content: Field,
    /// Tag values and the content they ask for.
    pub variants: &'static [(&'static str, Table)],
    /// What it is.
    #[cfg(feature = "docs")]
    pub doc: &'static [&'static str],
}

/// How often a call may be made, for the whole app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// So many calls, or items where `per_item` names a list.
    pub calls: u32,
    /// In so many milliseconds.
    pub per_ms: u64,
    /// At least so many milliseconds between two calls.
    pub gap_ms: u32,
    /// The list whose entries are counted instead of calls.
    pub per_item: Option<&'static str>,
}

/// What it does to make the same call again when the answer to the first was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Nothing: the end state is the same.
    Safe,
    /// Nothing, as long as it carries the same drawn fields and comes within five minutes: the service drops it.
    SafeWithSameRandom,
    /// It may act twice, but a look at the state tells whether the first try worked.
    AfterCheck,
    /// It may act twice.
    Never,
}

/// The list of a call that takes many items at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The request's list.
    pub field: &'static str,
    /// Most items in one call.
    pub max: u32,
}

/// How a call hands out a long list piece by piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Request fields that say where to go on, each with the reply field it is taken from.
    pub cursor: &'static [(&'static str, &'static str)],
    /// The request field that says how many, and the most it may say.
    pub limit: Option<(&'static str, u32)>,
    /// The reply's list.
    pub items: &'static str,
    /// When there is no more.
    pub done: Done,
}

/// How the last page is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// This reply field is absent, empty or 0.
    Blank(&'static str),
    /// This reply field is set: true, or not 0.
    Set(&'static str),
    /// The reply's list has fewer entries than were asked for.
    Fewer,
    /// The reply's list is empty.
    NoItems,
    /// The cursor reaches the number in this reply field.
    Total(&'static str),
}

/// The facts of one call.
#[derive(Debug)]
pub struct Op {
    /// Its name for callers, such as `accounts.import_account`.
    pub name: &'static str,
    /// Path on the service, such as `v4/im_open_login_svc/account_import`.
    pub path: &'static str,
    /// What a request looks like.
    pub request: Table,
    /// What a reply looks like beside its envelope.
    pub reply: Table,
    /// The documented rate, where there is one.
    pub rate: Option<Rate>,
    /// What a repeat does.
    pub repeat: Repeat,
    /// Fields by which the service tells a repeat from a new call: drawn once a call where the caller gives none, and
    /// the same in all its tries.
    pub draws: &'static [&'static str],
    /// Its batch list, where it has one.
    pub batch: Option<Batch>,
    /// Its paging, where it has one.
    pub page: Option<Page>,
    /// The call to use instead, where this one is out of date.
    pub replaced_by: Option<&'static str>,
    /// The vendor's page: product number and page number.
    pub page_id: &'static str,
    /// What it does.
    #[cfg(feature = "docs")]
    pub doc: &'static [&'static str],
    /// The codes that the vendor's page of the call names, beside the common ones.
    #[cfg(feature = "docs")]
    pub errors: &'static [i32],
}

impl Op {
    /// The group of calls it belongs to, such as `accounts`.
    pub fn group(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(group, _)| group)
    }

    /// Its name within the group, such as `import_account`.
    pub fn method(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(_, method)| method)
    }

    /// Address of the vendor's page.
    pub fn doc_url(&self) -> String {
        match self.page_id.split_once('/') {
            Some(("269", page)) => format!("https://cloud.tencent.com/document/product/269/{page}"),
            _ => format!("https://www.tencentcloud.com/document/product/{}", self.page_id),
        }
    }
}

/// An [`Op`] together with the Rust types of its request and reply.
#[derive(Debug)]
pub struct Endpoint<Request, Reply> {
    op: Op,
    types: PhantomData<fn(Request) -> Reply>,
}

impl<Request, Reply> Endpoint<Request, Reply> {
    /// Ties an op to its types; the tables are those of the types.
    pub const fn new(op: Op) -> Self {
        Self { op, types: PhantomData }
    }

    /// The untyped facts.
    pub const fn op(&self) -> &Op {
        &self.op
    }
}

impl<Request, Reply> Deref for Endpoint<Request, Reply> {
    type Target = Op;
    fn deref(&self) -> &Op {
        &self.op
    }
}
