//! One pass over a value by its table: names, types, limits and error paths.
//!
//! The walker reads an [`Input`] (a Python object, JSON text) and writes to a [`Sink`].
//! Requests are strict, replies lenient; what differs between them is in [`Mode`].

mod check;
mod input;
mod json;
mod object;
mod slot;
mod tagged;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::names::{Style, camel_into};
use super::{Field, JsonSink, Op, Settings, Shape, Sink, Table, Ty};
use crate::error::{Error, Kind, Path, Result, Step};
pub use input::{Entries, Input, Items, Key, KeySlot, Stop, Walked};
pub use json::Json;
pub use slot::Slot;
use slot::{Place, Spot};

/// Deepest nesting of a value. Documented data has at most 12 levels, and 5 more for each message that is forwarded
/// inside another. A level takes up to 2 kB of stack in a debug build, and a thread may have no more than 128 kB.
const MAX_DEPTH: usize = 32;

/// Nesting of most bodies, for which room is made at once.
const USUAL_DEPTH: usize = 8;
/// Length of most names, in the same way.
const USUAL_NAME_BYTES: usize = 32;

/// Longest request body, in bytes. The service states no limit for the whole body; the largest documented
/// requests (100 accounts, 500 receivers with a 12 KB message) stay far below.
pub const MAX_REQUEST_BYTES: usize = 4 << 20;

/// Longest reply read, in bytes. The service cuts group answers at 1 MB (code 10018).
pub const MAX_REPLY_BYTES: usize = 16 << 20;

/// What the walk is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// A caller's request: every name style is read, the wire name written; unknown fields are errors; limits hold.
    Request,
    /// The service's reply: wire names are read, the caller's style written; nothing is refused.
    Reply,
    /// A request as a server takes it: wire names are read, snake_case written; unknown fields pass; limits hold.
    Served,
}

/// How a request is written.
#[derive(Clone, Copy, Debug)]
pub struct RequestOptions<'a> {
    /// The caller's name style, for error paths.
    pub style: Style,
    /// Write this wire name where a field has it as an alias, such as `UserID` instead of `Identifier`.
    pub prefer: Option<&'a str>,
    /// Raw fields by wire name, added to the body as they are.
    pub extra_body: Option<&'a Map<String, Value>>,
    /// The random number behind the fields of [`Op::draws`] that the caller leaves out: its low 31 bits are the first
    /// one, the next 31 the second.
    pub mark: u64,
}

/// Writes a request body from a caller's value. Gives with it how many items its batch list has, or 1.
pub fn request(op: &'static Op, input: &mut dyn Input, options: RequestOptions<'_>) -> Result<(Vec<u8>, u32)> {
    let mut sink = JsonSink::new(MAX_REQUEST_BYTES);
    let mut walk = Walk {
        prefer: options.prefer,
        extra: options.extra_body,
        draws: op.draws,
        mark: options.mark,
        counted: op.rate.and_then(|rate| rate.per_item),
        op: Some(op),
        ..Walk::new(Mode::Request, options.style, &mut sink)
    };
    walk.run(op.request, input).map_err(|error| error.during(op.name))?;
    let items = walk.items;
    Ok((sink.into_bytes(), items))
}

/// Checks one item of a request's list and writes it as JSON. The path of an error begins within the item.
pub fn item(
    op: &'static Op,
    list: &'static Field,
    input: &mut dyn Input,
    options: RequestOptions<'_>,
) -> Result<Vec<u8>> {
    let Ty::List(ty) = list.ty else { return Err(Error::new(Kind::Internal, "not a list").during(op.name)) };
    let mut sink = JsonSink::new(MAX_REQUEST_BYTES);
    let mut walk = Walk { prefer: options.prefer, ..Walk::new(Mode::Request, options.style, &mut sink) };
    let spot = Spot { ty: *ty, limits: slot::item_limits(list.limits), place: Place::Item };
    walk.read_at(spot, input).map_err(|error| error.during(op.name))?;
    Ok(sink.into_bytes())
}

/// Reads any plain value, such as fields that are checked later. Errors are those of a request.
pub fn plain(input: &mut dyn Input, style: Style) -> Result<Value> {
    let mut sink = JsonSink::new(MAX_REQUEST_BYTES);
    Walk::new(Mode::Request, style, &mut sink).read(Ty::Json, input)?;
    serde_json::from_slice(&sink.into_bytes()).map_err(|error| Error::new(Kind::Internal, error.to_string()))
}

/// Checks settings by their table and gives them as their Rust type. Errors are of the given kind.
pub fn settings<T: Settings>(table: Table, kind: Kind, input: &mut dyn Input, style: Style) -> Result<T> {
    let mut checked = checked(table, input, style).map_err(|mut error| {
        error.kind = kind;
        error
    })?;
    T::take(&mut checked).ok_or_else(|| Error::new(Kind::Internal, "the table and its Rust type differ"))
}

/// Checks a caller's object by its table and gives it with the names of the wire.
pub(crate) fn checked(table: Table, input: &mut dyn Input, style: Style) -> Result<Map<String, Value>> {
    let mut sink = JsonSink::new(MAX_REQUEST_BYTES);
    Walk::new(Mode::Request, style, &mut sink).run(table, input)?;
    // Some settings are secret keys.
    let json = Zeroizing::new(sink.into_bytes());
    match core::str::from_utf8(&json).ok().and_then(|json| serde_json::from_str(json).ok()) {
        Some(Value::Object(checked)) => Ok(checked),
        _ => Err(Error::new(Kind::Internal, "not an object")),
    }
}

/// Reads a reply's body into a sink, in the caller's name style and without the envelope.
pub fn reply(table: Table, body: &str, style: Style, sink: &mut dyn Sink) -> Result<()> {
    Walk { envelope: REPLY_ENVELOPE, ..Walk::new(Mode::Reply, style, sink) }.run(table, &mut Json(body))
}

/// Reads a webhook's body into a sink as leniently as a reply, without the fields named. Without a table, every name is
/// kept.
pub(crate) fn event(
    table: Option<Table>,
    envelope: &[&str],
    body: &str,
    style: Style,
    sink: &mut dyn Sink,
) -> Result<()> {
    let mut walk = Walk { envelope, ..Walk::new(Mode::Reply, style, sink) };
    walk.read(table.map_or(Ty::Json, Ty::Object), &mut Json(body))
}

/// The fields of every reply that are not part of its result.
const REPLY_ENVELOPE: &[&str] = &["ActionStatus", "ErrorCode", "ErrorInfo", "ErrorDisplay"];

/// Reads a request's body as a server does: checked, with snake_case names.
pub fn served(table: Table, body: &[u8]) -> Result<Value> {
    let mut sink = JsonSink::new(MAX_REPLY_BYTES);
    let body = core::str::from_utf8(body).map_err(|error| Error::new(Kind::InvalidInput, error.to_string()))?;
    Walk::new(Mode::Served, Style::Wire, &mut sink).run(table, &mut Json(body))?;
    serde_json::from_slice(&sink.into_bytes()).map_err(|error| Error::new(Kind::Internal, error.to_string()))
}

/// The state of a walk.
struct Walk<'a> {
    mode: Mode,
    style: Style,
    /// The call whose request is read.
    op: Option<&'static Op>,
    prefer: Option<&'a str>,
    extra: Option<&'a Map<String, Value>>,
    /// Fields to draw if they are not given.
    draws: &'static [&'static str],
    mark: u64,
    /// The list whose items are counted, and their number.
    counted: Option<&'static str>,
    items: u32,
    /// Fields at the top that are passed over.
    envelope: &'a [&'a str],
    path: Vec<Step>,
    /// The last name in camelCase. Its room is used again for the next.
    camel: String,
    /// The id of a group to create, by whether it is one of a community, and whether the group is a community.
    own_id: Option<bool>,
    is_community: Option<bool>,
    /// The content that the last tag asks for.
    variant: Option<Ty>,
    /// The last number, by which a rule may require another field.
    number: Option<i128>,
    /// What it told of an item: whether it succeeded, and its code.
    outcome: Option<(bool, Option<i64>)>,
    /// The error that ended the walk; the [`Stop`] that is handed up only marks that there is one.
    error: Option<Error>,
    sink: &'a mut dyn Sink,
}

impl<'a> Walk<'a> {
    fn new(mode: Mode, style: Style, sink: &'a mut dyn Sink) -> Self {
        Self {
            mode,
            style,
            op: None,
            prefer: None,
            extra: None,
            draws: &[],
            mark: 0,
            counted: None,
            own_id: None,
            is_community: None,
            items: 1,
            envelope: &[],
            path: Vec::with_capacity(USUAL_DEPTH),
            camel: String::new(),
            variant: None,
            number: None,
            outcome: None,
            error: None,
            sink,
        }
    }

    fn run(&mut self, table: Table, input: &mut dyn Input) -> Result<()> {
        self.read(Ty::Object(table), input)
    }

    fn read(&mut self, ty: Ty, input: &mut dyn Input) -> Result<()> {
        self.read_at(Spot { ty, limits: &[], place: Place::Top }, input)
    }

    fn read_at(&mut self, spot: Spot<'_>, input: &mut dyn Input) -> Result<()> {
        let read = input.read(spot.over(self));
        match (read, self.error.take()) {
            (Ok(_), None) => Ok(()),
            (_, Some(error)) => Err(error),
            (Err(_), None) => Err(Error::new(Kind::Internal, "the walk ended without an error")),
        }
    }

    /// An error at the current path.
    fn fault(&self, message: impl Into<String>) -> Error {
        let kind = if self.mode == Mode::Reply { Kind::Protocol } else { Kind::InvalidInput };
        let error = Error::new(kind, message.into());
        if self.path.is_empty() { error } else { error.at(Path::new(self.path.clone())) }
    }

    /// The path of something inside the current value.
    fn path_to(&self, step: Step) -> Path {
        Path::new(self.path.iter().cloned().chain([step]).collect())
    }

    fn step_of(&self, field: &Field) -> Step {
        Step::Field(if self.style == Style::Wire { field.wire } else { field.name }.into())
    }

    /// Whether a key means a field, in whichever style this walk reads.
    fn is_name_of(&self, field: &Field, key: &str) -> bool {
        let by_wire = field.wire == key || field.aliases.contains(&key);
        by_wire || self.mode == Mode::Request && (field.name == key || super::names::is_camel_of(field.name, key))
    }

    /// The field that a key means. Looks from `next` on, since the fields mostly come in the order of the table.
    fn find(&self, shape: &'static Shape, key: &str, next: usize) -> Option<usize> {
        let (before, after) = shape.fields.split_at_checked(next)?;
        let is_meant = |field: &Field| self.is_name_of(field, key);
        after.iter().position(is_meant).map(|at| next + at).or_else(|| before.iter().position(is_meant))
    }

    /// Writes a known field's key.
    fn write_key(&mut self, field: &'static Field) -> Walked<()> {
        let written = match self.mode {
            Mode::Request => {
                let chosen = self.prefer.filter(|name| field.aliases.contains(name));
                self.sink.key(chosen.unwrap_or(field.wire))
            }
            Mode::Served => self.sink.key(field.name),
            Mode::Reply => match self.style {
                Style::Wire => self.sink.key(field.wire),
                Style::Snake => self.sink.field(field, field.name),
                Style::Camel => {
                    self.camel.clear();
                    self.camel.reserve(USUAL_NAME_BYTES);
                    camel_into(field.name, &mut self.camel);
                    self.sink.field(field, &self.camel)
                }
            },
        };
        self.pass(written)
    }
}
