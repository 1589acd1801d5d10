//! Making a plausible reply out of its table: every documented field is there, with a value of its type and within its
//! limits. A list that has an entry for each item of the request names those items, in their order.

use serde_json::{Map, Value, json};
use tencent_im_core::schema::{Done, Enum, Field, Limit, Op, Outcome, Rule, Shape, TimeUnit, Ty};

use crate::answer::Answer;

/// Deepest nesting of what is made. Shapes may hold themselves; deeper down only required fields are filled.
const MAX_DEPTH: usize = 6;

/// Answers a call.
pub fn answer(op: &Op, request: &Value, now_s: u64) -> Answer {
    let reply = Reply { op, request, now_s };
    let mut answer = Answer::ok();
    for field in (op.reply)().fields {
        answer = answer.with(field.wire, reply.top(field));
    }
    answer
}

/// A plausible request of a call.
#[cfg(test)]
pub fn sample(op: &Op, now_s: u64) -> Value {
    Reply { op, request: &Value::Null, now_s }.object((op.request)(), 0, |_| None)
}

/// What a reply is made from.
struct Reply<'a> {
    op: &'a Op,
    request: &'a Value,
    now_s: u64,
}

impl Reply<'_> {
    /// A field beside the envelope.
    fn top(&self, field: &Field) -> Value {
        if let Some(value) = self.position(field) {
            return value;
        }
        if self.is_past_the_first_page() && self.op.page.is_some_and(|page| page.items.contains(&field.name)) {
            return json!([]);
        }
        if self.op.batch.is_some_and(|batch| batch.outcome == Outcome::Failed(field.name)) {
            return json!([]);
        }
        if let (Ty::List(item), Some((list, items))) = (field.ty, self.items_for(field)) {
            return items.iter().map(|source| self.about(item, list, source)).collect();
        }
        match self.echo(field, self.request) {
            Some(value) => value,
            None => self.value(&field.ty, field.limits, field.wire, 0),
        }
    }

    /// A field that says where the list goes on: this page is the last one.
    fn position(&self, field: &Field) -> Option<Value> {
        let page = self.op.page?;
        page.until.iter().find_map(|done| match done {
            Done::Blank(name) if *name == field.name => Some(blank(&field.ty)),
            Done::Set(name) if *name == field.name => Some(set(&field.ty)),
            Done::Total(name) if *name == field.name => Some(json!(page.items.len())),
            _ => None,
        })
    }

    /// Whether the request asks for a later page: the first one had all there is.
    fn is_past_the_first_page(&self) -> bool {
        let Some(page) = self.op.page else { return false };
        let is_position = |field: &&Field| page.next.iter().any(|(name, _)| *name == field.name);
        let position = |field: &Field| self.request.get(field.wire).filter(|value| !value.is_null());
        let is_later = |value: &Value| *value != 0 && *value != "" && *value != "0";
        (self.op.request)().fields.iter().filter(is_position).filter_map(position).any(is_later)
    }

    /// The request's items that a list of the reply has an entry for, with the wire name of their list: those of the
    /// batch, or of the first list whose items the entries can name.
    fn items_for(&self, field: &Field) -> Option<(&'static str, &[Value])> {
        let Ty::List(item) = field.ty else { return None };
        let request = (self.op.request)();
        let list = |field: &Field| self.request[field.wire].as_array().map(|items| (field.wire, items.as_slice()));
        if let Some(batch) = self.op.batch
            && batch.outcome == Outcome::Each(field.name)
        {
            return request.fields.iter().find(|field| field.name == batch.field).and_then(list);
        }
        let names = |source: &Field| match (item, source.ty) {
            (Ty::Object(entry), Ty::List(Ty::Object(item))) => {
                let entry = entry();
                item().fields.iter().any(|field| is_key(field) && has(entry, field.wire))
            }
            (Ty::Object(entry), Ty::List(ty)) => {
                is_name(ty) && (has(entry(), source.wire) || has(entry(), one_of(source.wire)))
            }
            (_, Ty::List(_)) => source.wire == field.wire,
            _ => false,
        };
        request.fields.iter().filter(|source| names(source)).find_map(list)
    }

    /// A value about one item of a list of the request.
    fn about(&self, ty: &Ty, list: &str, source: &Value) -> Value {
        match (ty, source) {
            (Ty::Object(table), Value::Object(_)) => {
                self.object(table(), 1, |field| self.echo(field, source).or_else(|| self.nested(field, list, source)))
            }
            // An item that is a bare name goes where the entry holds a name, best one like its list's, and a bare number
            // where it holds one.
            (Ty::Object(table), _) => {
                let table = table();
                let fits = |field: &&Field| is_name(&field.ty) == source.is_string() && !is_list(&field.ty);
                let named = table.fields.iter().find(|field| fits(field) && field.wire == one_of(list));
                let at = named.or_else(|| table.fields.iter().find(fits)).map(|field| field.wire);
                self.object(table, 1, |field| (Some(field.wire) == at).then(|| source.clone()))
            }
            _ => source.clone(),
        }
    }

    /// An entry may hold the item in an object of its own.
    fn nested(&self, field: &Field, list: &str, source: &Value) -> Option<Value> {
        let Ty::Object(table) = field.ty else { return None };
        let holds = table().fields.iter().any(|inner| is_name(&inner.ty) && source[inner.wire].is_string());
        holds.then(|| self.about(&field.ty, list, source))
    }

    /// The value that the request gives a field of the same name, where it fits the reply.
    fn echo(&self, field: &Field, source: &Value) -> Option<Value> {
        let value = std::iter::once(&field.wire).chain(field.aliases).find_map(|name| source.get(name))?;
        let fits = match field.ty {
            Ty::Text | Ty::UserId | Ty::JsonText | Ty::Enum(_) => value.is_string(),
            Ty::Int(_) | Ty::BigId | Ty::Number | Ty::Time(_) => value.is_number(),
            Ty::Object(_) | Ty::Map(_) => value.is_object(),
            Ty::Json => true,
            _ => false,
        };
        fits.then(|| value.clone())
    }

    /// An object with the values that are given, and plausible ones elsewhere. Of fields that exclude each other it
    /// has the ones given, or the first.
    fn object(&self, shape: &Shape, depth: usize, given: impl Fn(&Field) -> Option<Value>) -> Value {
        let is_given = |name: &str| shape.fields.iter().any(|field| field.name == name && given(field).is_some());
        let mut excluded: Vec<&str> = Vec::new();
        for rule in shape.rules {
            let (Rule::ExactlyOne(alternatives) | Rule::AtMostOne(alternatives)) = rule else { continue };
            let chosen = alternatives.iter().position(|names| names.iter().any(|name| is_given(name))).unwrap_or(0);
            let others = alternatives.iter().enumerate().filter(|(at, _)| *at != chosen);
            excluded.extend(others.flat_map(|(_, names)| names.iter().copied()));
        }
        let wanted = |field: &&Field| !excluded.contains(&field.name) && (depth < MAX_DEPTH || field.required);
        let value =
            |field: &Field| given(field).unwrap_or_else(|| self.value(&field.ty, field.limits, field.wire, depth));
        let fields: Map<String, Value> =
            shape.fields.iter().filter(wanted).map(|field| (field.wire.into(), value(field))).collect();
        Value::Object(fields)
    }

    /// Some value of a type.
    fn value(&self, ty: &Ty, limits: &[Limit], name: &str, depth: usize) -> Value {
        match ty {
            Ty::Bool => json!(false),
            Ty::Flag => json!(0),
            Ty::ItemCode => json!(done(limits).unwrap_or(0)),
            Ty::Int(_) | Ty::Number | Ty::BigId => json!(number(limits)),
            Ty::Time(TimeUnit::Seconds) => json!(self.now_s),
            Ty::Time(TimeUnit::Millis) => json!(self.now_s.saturating_mul(1000)),
            Ty::UserId => json!(format!("{}user", prefix(limits))),
            Ty::Text => json!(self.text(limits, name)),
            Ty::JsonText => json!("{}"),
            Ty::Json => json!({}),
            Ty::Enum(values) => json!(first(values)),
            Ty::Object(table) => self.object(table(), depth + 1, |_| None),
            Ty::Union(union) => {
                let union = union();
                let Some((tag, content)) = union.variants.first() else { return json!({}) };
                let content = self.object(content(), depth + 1, |_| None);
                json!({union.tag.wire: tag, union.content.wire: content})
            }
            Ty::List(_) | Ty::ListOrObject(_) if depth >= MAX_DEPTH => json!([]),
            Ty::List(item) | Ty::ListOrObject(item) => json!([self.value(item, limits, name, depth + 1)]),
            Ty::Map(item) => json!({"key": self.value(item, &[], name, depth + 1)}),
        }
    }

    /// A text: empty where it tells of an error, else the field's own name, as long as the limits want it.
    fn text(&self, limits: &[Limit], name: &str) -> String {
        if ["ErrorInfo", "ErrorDisplay", "ResultInfo", "ErrorMsg"].contains(&name) {
            return String::new();
        }
        let mut text = format!("{}{}", prefix(limits), name.to_lowercase());
        for limit in limits {
            if let Limit::Bytes(min, max) | Limit::Chars(min, max) | Limit::ItemBytes(min, max) = *limit {
                text.extend(std::iter::repeat_n('x', (min as usize).saturating_sub(text.len())));
                text.truncate(max as usize);
            }
        }
        text
    }
}

/// What an id begins with.
fn prefix(limits: &[Limit]) -> &str {
    limits.iter().find_map(|limit| if let Limit::Prefix(prefix) = limit { Some(*prefix) } else { None }).unwrap_or("")
}

fn is_name(ty: &Ty) -> bool {
    matches!(ty, Ty::Text | Ty::UserId)
}

/// Whether an item may be known by this field: by a name, or by a number of the caller's own.
fn is_key(field: &Field) -> bool {
    is_name(&field.ty) || matches!(field.ty, Ty::Int(_)) && field.wire.ends_with("ID")
}

/// What one item of a list would be called: `Keyword` of `Keywords`.
fn one_of(list: &str) -> &str {
    list.strip_suffix('s').unwrap_or(list)
}

fn is_list(ty: &Ty) -> bool {
    matches!(ty, Ty::List(_) | Ty::ListOrObject(_))
}

fn has(shape: &Shape, wire: &str) -> bool {
    shape.fields.iter().any(|field| field.wire == wire && !is_list(&field.ty))
}

fn first(values: &Enum) -> &'static str {
    values.values.first().copied().unwrap_or_default()
}

/// What ends a list where an absent, empty or 0 field does.
fn blank(ty: &Ty) -> Value {
    match ty {
        Ty::Text | Ty::JsonText | Ty::UserId | Ty::Enum(_) => json!(""),
        Ty::Bool => json!(false),
        _ => json!(0),
    }
}

/// What ends a list where a field that is set does.
fn set(ty: &Ty) -> Value {
    if matches!(ty, Ty::Bool) { json!(true) } else { json!(1) }
}

/// The number by which a reply says that an item succeeded, where it is not 0.
fn done(limits: &[Limit]) -> Option<i64> {
    limits.iter().find_map(|limit| match limit {
        Limit::Done(numbers) => numbers.first().copied(),
        _ => None,
    })
}

/// A number within its limits.
fn number(limits: &[Limit]) -> i64 {
    if let Some(done) = done(limits) {
        return done;
    }
    let within = |number: i64| {
        limits.iter().fold(number, |number, limit| match *limit {
            Limit::Range(min, max) => number.clamp(min, max),
            Limit::Values(values) => values.first().copied().unwrap_or(number),
            _ => number,
        })
    };
    within(1)
}
