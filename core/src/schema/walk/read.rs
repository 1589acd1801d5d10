//! The serde side of the walker: a seed and a visitor for each place a value can stand in.

use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{MAX_DEPTH, Mode, Step, Walk};
use crate::schema::{Field, Limit, Shape, Table, Ty, Width};

/// Where a value stands: it decides how the key is written before it, if at all.
#[derive(Clone, Copy)]
pub(super) enum Place<'k> {
    /// At the top or in a list: no key.
    Bare,
    /// In a known field.
    Field(&'static Field),
    /// In a map, or an unknown field.
    Key(&'k str),
}

/// Reads one object by its shape, at the top or in a list.
pub(super) struct ObjectSeed<'w, 'a> {
    pub walk: &'w mut Walk<'a>,
    pub table: Table,
}

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let seed =
            ValueSeed { walk: self.walk, ty: Ty::Object(self.table), limits: &[], place: Place::Bare, top: true };
        seed.deserialize(deserializer).map(drop)
    }
}

/// Reads one value. Gives back whether anything was written: `null` leaves a request's field out.
pub(super) struct ValueSeed<'w, 'a, 'k> {
    pub walk: &'w mut Walk<'a>,
    pub ty: Ty,
    pub limits: &'static [Limit],
    pub place: Place<'k>,
    pub top: bool,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_, '_> {
    type Value = bool;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> ValueSeed<'_, 'a, '_> {
    /// Writes the key, if the place has one.
    fn open<E: serde::de::Error>(&mut self) -> Result<&mut Walk<'a>, E> {
        let opened = match self.place {
            Place::Bare => Ok(()),
            Place::Field(field) => self.walk.write_key(field),
            Place::Key(key) => self.walk.sink.key(key),
        };
        self.walk.pass(opened)?;
        Ok(self.walk)
    }

    fn put<E: serde::de::Error>(
        mut self,
        write: impl FnOnce(&mut dyn super::Sink) -> crate::Result<()>,
    ) -> Result<bool, E> {
        let walk = self.open()?;
        let written = write(walk.sink);
        walk.pass(written)?;
        Ok(true)
    }

    /// A value of the wrong type: an error in a request, kept as it came in a reply.
    fn refuse<E: serde::de::Error>(
        self,
        got: &str,
        write: impl FnOnce(&mut dyn super::Sink) -> crate::Result<()>,
    ) -> Result<bool, E> {
        if self.walk.mode == Mode::Reply {
            return self.put(write);
        }
        let error = self.walk.wrong_type(&self.ty, got);
        Err(self.walk.fail(error))
    }

    fn check<E: serde::de::Error>(&mut self, result: crate::Result<()>) -> Result<(), E> {
        self.walk.pass(result)
    }

    /// A whole number, from whichever form it came in.
    fn whole<E: serde::de::Error>(mut self, number: i128, got: &str) -> Result<bool, E> {
        let write = move |sink: &mut dyn super::Sink| match (u64::try_from(number), i64::try_from(number)) {
            (Ok(value), _) => sink.uint(value),
            (_, Ok(value)) => sink.int(value),
            _ => sink.float(number as f64),
        };
        match self.ty {
            Ty::Int(width) => {
                let (min, max) = width.bounds();
                if self.walk.mode != Mode::Reply && !(min..=max).contains(&number) {
                    let error =
                        self.walk.fault(format!("{number} is out of range")).cure(format!("use {min} to {max}"));
                    return Err(self.walk.fail(error));
                }
                let checked = self.walk.check_number(self.limits, number);
                self.check(checked)?;
                self.put(write)
            }
            Ty::BigId | Ty::ItemCode => {
                let (min, max) = if let Ty::BigId = self.ty { Width::U64 } else { Width::I32 }.bounds();
                if self.walk.mode != Mode::Reply && !(min..=max).contains(&number) {
                    let error =
                        self.walk.fault(format!("{number} is out of range")).cure(format!("use {min} to {max}"));
                    return Err(self.walk.fail(error));
                }
                match u64::try_from(number) {
                    Ok(value) if matches!(self.ty, Ty::BigId) => self.put(|sink| sink.big_id(value)),
                    _ => self.put(write),
                }
            }
            Ty::Time(unit) => {
                let checked = self.walk.check_time(unit, self.limits, number);
                self.check(checked)?;
                self.put(write)
            }
            Ty::Number => {
                let checked = self.walk.check_number(self.limits, number);
                self.check(checked)?;
                self.put(write)
            }
            Ty::Flag if number == 0 || number == 1 => match self.walk.mode {
                Mode::Reply => self.put(|sink| sink.bool(number == 1)),
                Mode::Request | Mode::Served => self.put(write),
            },
            Ty::Json => self.put(write),
            _ => self.refuse(got, write),
        }
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_, '_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(super::check::expected(&self.ty))
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<bool, E> {
        match self.ty {
            Ty::Flag if self.walk.mode == Mode::Request => self.put(|sink| sink.uint(value.into())),
            Ty::Bool | Ty::Flag | Ty::Json => self.put(|sink| sink.bool(value)),
            _ => self.refuse("true or false", |sink| sink.bool(value)),
        }
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<bool, E> {
        self.whole(value.into(), "a number")
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<bool, E> {
        self.whole(value.into(), "a number")
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<bool, E> {
        self.whole(value, "a number")
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<bool, E> {
        self.whole(i128::try_from(value).unwrap_or(i128::MAX), "a number")
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<bool, E> {
        // JavaScript has one number type: a whole value is a whole number. 2^53 bounds what is exact.
        let whole = value.fract() == 0.0 && value.abs() <= crate::schema::sink::MAX_SAFE_INTEGER as f64;
        match self.ty {
            Ty::Int(_) | Ty::BigId | Ty::Time(_) | Ty::ItemCode | Ty::Flag if whole => {
                self.whole(value as i128, "a number")
            }
            Ty::Number | Ty::Json if value.is_finite() => self.put(|sink| sink.float(value)),
            _ if !value.is_finite() => self.refuse("a number that is not finite", |sink| sink.null()),
            _ => self.refuse("a number with a fraction", |sink| sink.float(value)),
        }
    }

    fn visit_str<E: serde::de::Error>(mut self, text: &str) -> Result<bool, E> {
        match self.ty {
            Ty::Text | Ty::JsonText | Ty::UserId | Ty::Enum(_) => {
                let checked = self.walk.check_text(&self.ty, self.limits, text);
                self.check(checked)?;
                self.put(|sink| sink.text(text))
            }
            Ty::Json => self.put(|sink| sink.text(text)),
            // BigInt crosses as text from JavaScript.
            Ty::BigId | Ty::Int(Width::U64 | Width::I64)
                if self.walk.mode != Mode::Reply || matches!(self.ty, Ty::BigId) =>
            {
                match text.parse::<i128>() {
                    Ok(number) => self.whole(number, "text"),
                    Err(_) => self.refuse("text that is no whole number", |sink| sink.text(text)),
                }
            }
            Ty::Object(shape) if self.walk.mode == Mode::Request && !self.top => match shape().shorthand() {
                Some(field) => {
                    let walk = self.open()?;
                    let begun = walk.sink.begin_map();
                    walk.pass(begun)?;
                    let inner =
                        ValueSeed { walk, ty: field.ty, limits: field.limits, place: Place::Field(field), top: false };
                    inner.visit_str(text)?;
                    let ended = self.walk.sink.end_map();
                    self.walk.pass(ended)?;
                    Ok(true)
                }
                None => self.refuse("text", |sink| sink.text(text)),
            },
            _ => self.refuse("text", |sink| sink.text(text)),
        }
    }

    fn visit_bytes<E: serde::de::Error>(self, value: &[u8]) -> Result<bool, E> {
        if self.walk.mode == Mode::Reply {
            return self.put(|sink| sink.text(&String::from_utf8_lossy(value)));
        }
        let error = self.walk.wrong_type(&self.ty, "bytes").cure("decode the bytes to text first");
        Err(self.walk.fail(error))
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<bool, E> {
        self.visit_unit()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<bool, E> {
        match (self.walk.mode, self.place) {
            // Null as data stays; a request's field that is null is left out.
            _ if matches!(self.ty, Ty::Json) => self.put(|sink| sink.null()),
            (Mode::Request | Mode::Served, Place::Field(_)) => Ok(false),
            _ => self.refuse("null", |sink| sink.null()),
        }
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<bool, A::Error> {
        let (item, limits): (Ty, &'static [Limit]) = match self.ty {
            Ty::List(item) | Ty::ListOrObject(item) => (*item, self.limits),
            Ty::Json => (Ty::Json, &[]),
            _ if self.walk.mode == Mode::Reply => (Ty::Json, &[]),
            _ => return self.refuse("a list", |_| Ok(())),
        };
        let most = self.walk.most_items(limits);
        let walk = self.open()?;
        walk.deeper()?;
        let begun = walk.sink.begin_list();
        walk.pass(begun)?;
        let mut count = 0;
        loop {
            walk.path.push(Step::Index(count));
            let seed = ValueSeed { walk, ty: item, limits: item_limits(limits), place: Place::Bare, top: false };
            let next = items.next_element_seed(seed)?;
            walk.path.pop();
            if next.is_none() {
                break;
            }
            count += 1;
            // Far beyond the limit the exact number does not matter: stop reading.
            if count > most.saturating_mul(64) {
                break;
            }
        }
        let checked = walk.check_items(limits, count);
        walk.pass(checked)?;
        if let [Step::Field(name)] = walk.path[..]
            && walk.counted == Some(name)
        {
            walk.items = u32::try_from(count).unwrap_or(u32::MAX);
        }
        let ended = walk.sink.end_list();
        walk.pass(ended)?;
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, map: A) -> Result<bool, A::Error> {
        let (ty, limits, top) = (self.ty, self.limits, self.top);
        let ty = match ty {
            Ty::Object(_) | Ty::Union(_) | Ty::Map(_) | Ty::Json => ty,
            Ty::ListOrObject(_) => Ty::Json,
            _ if self.walk.mode == Mode::Reply => Ty::Json,
            _ => return self.refuse("an object", |_| Ok(())),
        };
        let walk = self.open()?;
        walk.deeper()?;
        let begun = match ty {
            Ty::Object(shape) => walk.sink.begin_object(shape()),
            _ => walk.sink.begin_map(),
        };
        walk.pass(begun)?;
        match ty {
            Ty::Object(shape) => walk.read_object(shape(), map, top)?,
            Ty::Union(union) => walk.read_union(union(), map)?,
            Ty::Map(value) => walk.read_map(*value, limits, map)?,
            _ => walk.read_map(Ty::Json, &[], map)?,
        }
        let ended = walk.sink.end_map();
        walk.pass(ended)?;
        Ok(true)
    }
}

/// The limits that a list hands on to its items.
fn item_limits(limits: &'static [Limit]) -> &'static [Limit] {
    for (at, limit) in limits.iter().enumerate() {
        if let Limit::ItemBytes(..) = limit {
            return &limits[at..=at];
        }
    }
    &[]
}

impl Walk<'_> {
    /// Bounds the nesting, so that a list that holds itself is an error and not an overflow.
    fn deeper<E: serde::de::Error>(&mut self) -> Result<(), E> {
        if self.path.len() > MAX_DEPTH {
            let error = self.fault(format!("nested more than {MAX_DEPTH} levels deep")).cure("pass flatter data");
            return Err(self.fail(error));
        }
        Ok(())
    }

    fn read_object<'de, A: MapAccess<'de>>(
        &mut self,
        shape: &'static Shape,
        mut map: A,
        top: bool,
    ) -> Result<(), A::Error> {
        let mut seen = 0_u128;
        while let Some(key) = map.next_key_seed(KeySeed { walk: self, shape: Some(shape) })? {
            let at = match key {
                Key::Field(at) => at,
                Key::Text(key) if self.mode == Mode::Request => {
                    let error = self.unknown_field(shape, &key);
                    return Err(self.fail(error));
                }
                Key::Text(key) if self.mode == Mode::Reply && top && is_envelope(&key) => {
                    map.next_value::<serde::de::IgnoredAny>()?;
                    continue;
                }
                Key::Text(key) => {
                    self.read_entry(Ty::Json, &[], &key, &mut map)?;
                    continue;
                }
            };
            let field = &shape.fields[at];
            self.path.push(self.step_of(field));
            if seen >> at & 1 == 1 && self.mode != Mode::Reply {
                let error = self.fault("given twice").cure("give it once, under one of its names");
                return Err(self.fail(error));
            }
            let seed =
                ValueSeed { walk: self, ty: field.ty, limits: field.limits, place: Place::Field(field), top: false };
            if map.next_value_seed(seed)? {
                seen |= 1 << at;
            }
            self.path.pop();
        }
        if top {
            let extra = self.write_extra(shape, seen);
            seen = self.pass(extra)?;
            let drawn = self.draw_random(shape, seen);
            seen = self.pass(drawn)?;
        }
        if self.mode == Mode::Reply {
            let filled = self.fill_lists(shape, seen);
            self.pass(filled)?;
        }
        let checked = self.check_whole(shape, seen);
        self.pass(checked)
    }

    /// Draws the fields that let the service tell a repeat from a new call. They are drawn here, once a call, and stay
    /// the same over its tries, since the body does.
    fn draw_random(&mut self, shape: &'static Shape, seen: u128) -> crate::Result<u128> {
        let mut seen = seen;
        for name in self.random {
            if let Some(at) = shape.fields.iter().position(|field| field.name == *name)
                && seen >> at & 1 == 0
            {
                self.write_key(&shape.fields[at])?;
                // Below 2^31: some fields are signed at the service's end.
                self.sink.uint((self.entropy & 0x7fff_ffff).max(1))?;
                self.entropy = self.entropy.rotate_right(31);
                seen |= 1 << at;
            }
        }
        Ok(seen)
    }

    /// A list that the service left out of a reply is an empty list, so that callers need no special case.
    fn fill_lists(&mut self, shape: &'static Shape, seen: u128) -> crate::Result<()> {
        for (at, field) in shape.fields.iter().enumerate() {
            if field.required && seen >> at & 1 == 0 && matches!(field.ty, Ty::List(_)) {
                self.write_key(field)?;
                self.sink.begin_list()?;
                self.sink.end_list()?;
            }
        }
        Ok(())
    }

    fn read_map<'de, A: MapAccess<'de>>(
        &mut self,
        value: Ty,
        limits: &'static [Limit],
        mut map: A,
    ) -> Result<(), A::Error> {
        let mut count = 0;
        while let Some(Key::Text(key)) = map.next_key_seed(KeySeed { walk: self, shape: None })? {
            self.read_entry(value, item_limits(limits), &key, &mut map)?;
            count += 1;
        }
        let checked = self.check_items(limits, count);
        self.pass(checked)
    }

    pub(super) fn read_entry<'de, A: MapAccess<'de>>(
        &mut self,
        ty: Ty,
        limits: &'static [Limit],
        key: &str,
        map: &mut A,
    ) -> Result<(), A::Error> {
        self.path.push(Step::Key(key.into()));
        map.next_value_seed(ValueSeed { walk: self, ty, limits, place: Place::Key(key), top: false })?;
        self.path.pop();
        Ok(())
    }
}

/// The fields of every reply that are not part of its result.
fn is_envelope(key: &str) -> bool {
    matches!(key, "ActionStatus" | "ErrorCode" | "ErrorInfo" | "ErrorDisplay")
}

/// A map's key.
pub(super) enum Key {
    /// A field of the shape, by its place.
    Field(usize),
    /// Any other.
    Text(String),
}

/// Reads a map's key, which must be text; with a shape, finds its field without copying the key.
pub(super) struct KeySeed<'w, 'a> {
    pub walk: &'w mut Walk<'a>,
    pub shape: Option<&'static Shape>,
}

impl KeySeed<'_, '_> {
    fn no_text<E: serde::de::Error>(self, key: impl fmt::Display) -> Result<Key, E> {
        let error = self.walk.fault(format!("the key {key} is no text")).cure("use text as keys");
        Err(self.walk.fail(error))
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_> {
    type Value = Key;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_, '_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Key, E> {
        let field = self.shape.and_then(|shape| self.walk.find(shape, key));
        Ok(field.map_or_else(|| Key::Text(key.into()), Key::Field))
    }

    fn visit_i64<E: serde::de::Error>(self, key: i64) -> Result<Key, E> {
        self.no_text(key)
    }

    fn visit_u64<E: serde::de::Error>(self, key: u64) -> Result<Key, E> {
        self.no_text(key)
    }
}
