//! The calls of the service as data: what a request and a reply look like, and the facts of each call.
//!
//! [`dsl`] turns a declaration into a constant table and a plain serde struct; [`walk`] reads and writes by the table.

mod dsl;
pub mod names;
mod settings;
mod sink;
pub(crate) mod suggest;
mod types;
pub mod walk;

#[cfg(test)]
mod tests;

use core::marker::PhantomData;
use core::ops::Deref;

pub(crate) use dsl::{limits, open_enum, ops, rule, settings, shape, union_of};
pub use settings::{Setting, Settings};
pub use sink::{JsonSink, Sink};
pub use suggest::nearest;
pub(crate) use suggest::nearest_value;
pub use types::{BigId, Flag, ItemCode, JsonText, ListOrObject, Redacted, Typed, UnixMillis, UnixSeconds, UserId};

/// How the id of a community begins, and that of no other group.
pub const COMMUNITY_PREFIX: &str = "@TGS#_";

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
    /// A whole number of a width: a count, a size, a choice. Never beyond 2^53, so a number in every language.
    Int(Width),
    /// A 64-bit id or cursor: a number on the wire and in Python, always decimal text in JavaScript, whose numbers lose
    /// digits beyond 2^53.
    BigId,
    /// A time since 1970.
    Time(TimeUnit),
    /// The outcome of one item among many: 0 for success, else one of the service's codes.
    ItemCode,
    /// Any number.
    Number,
    /// Text.
    Text,
    /// Text that is often JSON of the app's own. An object is refused with a hint to write it as text once.
    JsonText,
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
    /// A list where some replies hold an object instead, such as the body of a system message.
    ListOrObject(&'static Ty),
    /// An object whose keys are data.
    Map(&'static Ty),
}

/// The unit of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Millis,
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
    /// Length of the value as JSON, in bytes.
    Size(u32),
    /// How a text begins.
    Prefix(&'static str),
    /// An id of a group that the caller chooses.
    OwnGroupId,
    /// The type of the group whose id [`Limit::OwnGroupId`] bounds.
    OwnGroupType,
    /// A time that may be 0, which the documentation gives a meaning of its own.
    OrZero,
    /// The numbers by which a reply says that an item of a batch succeeded; 1 stands for `true`.
    Done(&'static [i64]),
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
    /// A field is required where a number has one of these values.
    Requires {
        /// The number.
        when: &'static str,
        /// The values.
        is: &'static [i64],
        /// The field.
        field: &'static str,
    },
}

impl Rule {
    /// The alternatives, where it is about some.
    pub fn alternatives(self) -> &'static [&'static [&'static str]] {
        match self {
            Rule::ExactlyOne(alternatives) | Rule::AtLeastOne(alternatives) | Rule::AtMostOne(alternatives) => {
                alternatives
            }
            Rule::Requires { .. } => &[],
        }
    }
}

/// An object with known fields.
#[derive(Debug)]
pub struct Shape {
    /// Its name in Rust and TypeScript.
    pub name: &'static str,
    /// The module of `api` that declares it: other languages keep its type in a module of the same name, whichever
    /// groups of calls use it.
    #[cfg(feature = "modules")]
    pub module: &'static str,
    /// Its fields, in documentation order. At most 128.
    pub fields: &'static [Field],
    /// Conditions over several fields.
    pub rules: &'static [Rule],
    /// What it is.
    #[cfg(feature = "docs")]
    pub doc: &'static [&'static str],
}

impl Shape {
    /// Whether it takes any field: that of a call by its path.
    pub fn is_open(&self) -> bool {
        core::ptr::eq(self, crate::api::raw::RawFields::shape())
    }

    /// The field that tells what became of the item that this shape describes, if it describes one, and the numbers by
    /// which it tells a success.
    pub fn outcome(&self) -> Option<(&'static Field, &'static [i64])> {
        self.fields.iter().find_map(|field| Some((field, successes(field.ty, field.limits)?)))
    }

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

/// The shape of the entries of a list field, if they are objects.
pub fn item_shape(table: Table, list: &str) -> Option<&'static Shape> {
    let field = table().fields.iter().find(|field| field.name == list)?;
    match field.ty {
        Ty::List(Ty::Object(shape)) => Some(shape()),
        _ => None,
    }
}

/// The numbers by which a field tells that an item of a reply succeeded, if it tells what became of one.
pub(crate) fn successes(ty: Ty, limits: &'static [Limit]) -> Option<&'static [i64]> {
    match ty {
        Ty::ItemCode => Some(&[0]),
        _ => limits.iter().find_map(|limit| if let Limit::Done(numbers) = limit { Some(*numbers) } else { None }),
    }
}

/// An open set of texts.
#[derive(Debug)]
pub struct Enum {
    /// Its name in Rust and TypeScript.
    pub name: &'static str,
    /// The values known today.
    pub values: &'static [&'static str],
    /// The module of `api` that declares it.
    #[cfg(feature = "modules")]
    pub module: &'static str,
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
    /// The module of `api` that declares it.
    #[cfg(feature = "modules")]
    pub module: &'static str,
    /// What it is.
    #[cfg(feature = "docs")]
    pub doc: &'static [&'static str],
    /// The variants' names in Rust, in the order of `variants`.
    #[cfg(feature = "modules")]
    pub variant_names: &'static [&'static str],
    /// What the variants are, in the same order.
    #[cfg(feature = "docs")]
    pub variant_docs: &'static [&'static [&'static str]],
}

#[cfg(feature = "modules")]
impl Union {
    /// The name of a variant's type in the other languages: `TextElement` of a `MsgElement`, `OtherElement` for a tag
    /// that is not known.
    pub fn class_name(&self, tag: &str) -> String {
        let known = self.variants.iter().position(|(known, _)| *known == tag);
        let variant = known.and_then(|at| self.variant_names.get(at)).copied().unwrap_or("Other");
        format!("{variant}{}", self.name.trim_start_matches("Msg"))
    }
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

/// Whether a call can be retried when the answer to an attempt was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryClass {
    /// Idempotent: the end state is the same.
    Safe,
    /// The service drops a retry that carries the same drawn fields within a window.
    SameRandom {
        /// Seconds after the first attempt in which the service recognizes a retry.
        window_s: u32,
    },
    /// A retry may act twice, but a look at the state tells whether the first attempt worked.
    AfterCheck,
    /// A retry may act twice.
    Never,
}

/// The list of a call whose items are independent: it may be split into several calls, and each item succeeds or fails
/// alone. A list that belongs together, such as the first members of a new group, is not a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The request's list.
    pub field: &'static str,
    /// Most items in one call.
    pub max: u32,
    /// How a successful reply tells what became of each item.
    pub outcome: Outcome,
    /// The call that takes one such item and says why it fails, if the batch's reply does not.
    pub alone: Option<&'static str>,
    /// The name of the method that takes any number of items, if it is not the call's own with `_many`.
    pub many: Option<&'static str>,
}

/// How a reply tells what became of each item of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All items share the outcome of the call.
    All,
    /// This reply list names the items that failed; the others succeeded.
    Failed(&'static str),
    /// This reply list has an entry for each item.
    Each(&'static str),
}

/// How a call hands out a long list page by page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Request fields that say where to continue, each with where its next value comes from.
    pub next: &'static [(&'static str, Next)],
    /// The request field that holds the page size, and its documented maximum.
    pub size: Option<(&'static str, u32)>,
    /// The reply's list of items. Where several are named, the items are those of all, in this order.
    pub items: &'static [&'static str],
    /// The last page is reached when all of these hold.
    pub until: &'static [Done],
}

/// Where a page's position comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// This field of the last reply.
    Reply(&'static str),
    /// This field of the last reply, in a community: its first page asks for an empty text. Other groups have no such
    /// position.
    InCommunity(&'static str),
    /// The position so far plus the items received.
    Count,
    /// One above the greatest value of this field among the items.
    Above(&'static str),
    /// One below the least value of this field among the items.
    Below(&'static str),
}

/// What marks the last page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// This reply field is absent, empty or 0.
    Blank(&'static str),
    /// This reply field is set: true, or not 0.
    Set(&'static str),
    /// The reply has fewer items than the page size.
    Fewer,
    /// The reply has no items.
    NoItems,
    /// The position reaches the number in this reply field.
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
    /// Whether it can be retried when an answer was lost.
    pub retry: RetryClass,
    /// Fields by which the service tells a retry from a new call: drawn once a call unless the caller gives them, and
    /// the same in all its attempts.
    pub draws: &'static [&'static str],
    /// Its list of independent items, if it has one.
    pub batch: Option<Batch>,
    /// Its paging, if it has one.
    pub page: Option<Page>,
    /// The call to use instead, if this one is deprecated.
    pub replaced_by: Option<&'static str>,
    /// The edition or plug-in of the service that it needs, in words, if not every edition has it.
    pub edition: Option<&'static str>,
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

    /// The method that takes any number of items and makes this call for each batch of them, such as `delete_many`.
    ///
    /// Only calls whose reply tells no more than what became of each item have one: the rest of a reply would be lost.
    /// Lists of names beside the results repeat what these say.
    pub fn many(&self) -> Option<String> {
        let batch = self.batch?;
        let told = match batch.outcome {
            Outcome::All => None,
            Outcome::Failed(list) | Outcome::Each(list) => Some(list),
        };
        let is_lossless = (self.reply)().fields.iter().all(|field| {
            Some(field.name) == told || told.is_some() && matches!(field.ty, Ty::List(Ty::Text | Ty::UserId))
        });
        let name = batch.many.map_or_else(|| format!("{}_many", self.method()), str::to_owned);
        (self.draws.is_empty() && is_lossless && self.replaced_by.is_none()).then_some(name)
    }

    /// Address of the vendor's page.
    pub fn doc_url(&self) -> String {
        doc_url(self.page_id)
    }
}

/// Address of a vendor's page, given its product number and page number.
pub(crate) fn doc_url(page_id: &str) -> String {
    match page_id.split_once('/') {
        Some(("269", page)) => format!("https://cloud.tencent.com/document/product/269/{page}"),
        _ => format!("https://www.tencentcloud.com/document/product/{page_id}"),
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
