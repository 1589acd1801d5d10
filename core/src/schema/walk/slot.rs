//! A place that takes one value: checks it by its type and writes it.

use super::input::{Entries, Items, Key, KeySlot, Stop, Walked};
use super::{Mode, Walk};
use crate::error::{Error, Path, Step};
use crate::schema::names::Style;
use crate::schema::sink::MAX_SAFE_INTEGER;
use crate::schema::{Field, Limit, Sink, Ty, Union, Width, successes};

/// Where a value stands: it decides how the key is written before it, if at all.
#[derive(Clone, Copy)]
pub(super) enum Place<'k> {
    /// At the top.
    Top,
    /// In a list.
    Item,
    /// In a known field.
    Field(&'static Field),
    /// In the field whose text decides a content.
    Tag(&'static Union),
    /// In a map, or an unknown field.
    Key(&'k str),
}

/// What a slot expects.
#[derive(Clone, Copy)]
pub(super) struct Spot<'k> {
    pub ty: Ty,
    pub limits: &'static [Limit],
    pub place: Place<'k>,
}

impl<'k> Spot<'k> {
    /// A slot of a walk.
    pub fn over<'w, 'a>(self, walk: &'w mut Walk<'a>) -> Slot<'w, 'a, 'k> {
        Slot { walk, spot: self }
    }
}

/// Takes one value. An [`Input`](super::Input) calls the one method that fits its value.
pub struct Slot<'w, 'a, 'k> {
    walk: &'w mut Walk<'a>,
    spot: Spot<'k>,
}

impl<'w, 'a, 'k> Slot<'w, 'a, 'k> {
    /// The walk and what is expected, for an input whose own errors go to the walk.
    pub(super) fn split(self) -> (&'w mut Walk<'a>, Spot<'k>) {
        (self.walk, self.spot)
    }

    /// Takes a missing value: null, None. A request's field is left out then. In a reply a list or an object is an empty
    /// one, a text that is always there an empty text, and any other field is left out.
    pub fn null(self) -> Walked {
        let Spot { ty, place, .. } = self.spot;
        match (self.walk.mode, ty, place) {
            // Null as data stays.
            (_, Ty::Json, _) => self.put(|sink| sink.null()),
            (Mode::Request | Mode::Served, _, Place::Field(_) | Place::Tag(_)) => Ok(false),
            (Mode::Request | Mode::Served, ..) => self.wrong("null", |_| Ok(())),
            (Mode::Reply, Ty::List(_) | Ty::ListOrObject(_), _) => self.list(&mut Nothing),
            (Mode::Reply, Ty::Object(_) | Ty::Union(_) | Ty::Map(_), _) => self.object(&mut Nothing),
            (Mode::Reply, Ty::Text | Ty::JsonText | Ty::UserId, Place::Field(field)) if field.required => self.text(""),
            (Mode::Reply, _, Place::Field(_) | Place::Tag(_)) => Ok(false),
            (Mode::Reply, ..) => self.put(|sink| sink.null()),
        }
    }

    /// Takes true or false.
    pub fn bool(self, value: bool) -> Walked {
        match self.spot.ty {
            Ty::Flag if self.walk.mode == Mode::Request => self.put(|sink| sink.uint(value.into())),
            Ty::Bool | Ty::Flag | Ty::Json => self.put_outcome(|sink| sink.bool(value), value.into()),
            _ => self.wrong("true or false", |sink| sink.bool(value)),
        }
    }

    /// Takes a whole number.
    pub fn whole(self, number: i128) -> Walked {
        self.number(number, "a number")
    }

    /// Takes any other number.
    pub fn float(self, value: f64) -> Walked {
        // JavaScript has one number type: a whole value is a whole number. 2^53 bounds what is exact.
        let is_whole = value.fract() == 0.0 && value.abs() <= MAX_SAFE_INTEGER as f64;
        match self.spot.ty {
            Ty::Int(_) | Ty::BigId | Ty::Time(_) | Ty::ItemCode | Ty::Flag if is_whole => self.whole(value as i128),
            _ if !value.is_finite() && self.walk.mode != Mode::Reply => {
                let cure = self.walk.cure_of_nan();
                self.refuse("a number that is not finite", cure)
            }
            Ty::Number => {
                self.walk.check_float(self.spot.limits, value)?;
                self.put(|sink| sink.float(value))
            }
            Ty::Json => self.put(|sink| sink.float(value)),
            _ => self.wrong("a number with a fraction", |sink| sink.float(value)),
        }
    }

    /// Takes a text.
    pub fn text(mut self, text: &str) -> Walked {
        match self.spot.ty {
            Ty::Text | Ty::JsonText | Ty::UserId | Ty::Enum(_) => {
                self.walk.check_text(&self.spot.ty, self.spot.limits, text)?;
                if let Place::Tag(union) = self.spot.place {
                    self.walk.note_tag(union, text)?;
                }
                self.put(|sink| sink.text(text))
            }
            Ty::Json => self.put(|sink| sink.text(text)),
            // BigInt crosses as text from JavaScript.
            Ty::BigId | Ty::Int(Width::U64 | Width::I64)
                if self.walk.mode != Mode::Reply || matches!(self.spot.ty, Ty::BigId) =>
            {
                match text.parse::<i128>() {
                    Ok(number) => self.number(number, "text"),
                    Err(_) => self.wrong("text that is not a whole number", |sink| sink.text(text)),
                }
            }
            Ty::Object(shape)
                if self.walk.mode == Mode::Request
                    && !matches!(self.spot.place, Place::Top)
                    && let Some(field) = shape().shorthand() =>
            {
                let walk = self.open()?;
                walk.write(|sink| sink.begin_map())?;
                Spot { ty: field.ty, limits: field.limits, place: Place::Field(field) }.over(walk).text(text)?;
                walk.write(|sink| sink.end_map())?;
                Ok(true)
            }
            _ => self.wrong("text", |sink| sink.text(text)),
        }
    }

    /// Refuses bytes, which JSON has no place for.
    pub fn bytes(self) -> Walked {
        self.refuse("bytes", "decode the bytes to text first")
    }

    /// Refuses a value of a type that no field takes: its type in words, and what to pass instead.
    pub fn refuse(self, got: &str, cure: &str) -> Walked {
        let error = self.walk.wrong_type(&self.spot.ty, got).cure(cure.to_owned());
        Err(self.walk.stop(error))
    }

    /// Refuses a value that cannot be read.
    pub fn fail(self, message: String, cure: &'static str) -> Walked {
        let error = self.walk.fault(message).cure(cure);
        Err(self.walk.stop(error))
    }

    /// Takes a list.
    pub fn list(mut self, items: &mut dyn Items) -> Walked {
        let (ty, limits): (Ty, &'static [Limit]) = match self.spot.ty {
            Ty::List(item) | Ty::ListOrObject(item) => (*item, self.spot.limits),
            Ty::Json => (Ty::Json, &[]),
            _ if self.walk.mode == Mode::Reply => (Ty::Json, &[]),
            _ => return self.wrong("a list", |_| Ok(())),
        };
        let most = self.walk.most_items(limits);
        if let Some(count) = items.count()
            && count > most
        {
            self.walk.check_items(limits, count)?;
        }
        let walk = self.open()?;
        walk.deeper()?;
        let begin = walk.sink.written();
        walk.write(|sink| sink.begin_list())?;
        let item = Spot { ty, limits: item_limits(limits), place: Place::Item };
        let mut count = 0;
        loop {
            walk.path.push(Step::Index(count));
            let was_there = items.next(item.over(walk))?;
            walk.path.pop();
            if !was_there {
                break;
            }
            count += 1;
            if count > most {
                count = count.saturating_add(items.count_rest());
                break;
            }
        }
        walk.check_items(limits, count)?;
        if let [Step::Field(name)] = &walk.path[..]
            && walk.counted == Some(&**name)
        {
            walk.items = u32::try_from(count).unwrap_or(u32::MAX);
        }
        walk.write(|sink| sink.end_list())?;
        walk.check_size(limits, walk.sink.written() - begin)?;
        Ok(true)
    }

    /// Takes an object.
    pub fn object(mut self, entries: &mut dyn Entries) -> Walked {
        let Spot { ty, limits, place } = self.spot;
        let ty = match ty {
            Ty::Object(_) | Ty::Union(_) | Ty::Map(_) | Ty::Json => ty,
            Ty::ListOrObject(_) => Ty::Json,
            _ if self.walk.mode == Mode::Reply => Ty::Json,
            _ => return self.wrong("an object", |_| Ok(())),
        };
        let walk = self.open()?;
        walk.deeper()?;
        match ty {
            Ty::Object(shape) => {
                walk.write(|sink| sink.begin_object(shape()))?;
                walk.read_object(shape(), entries, matches!(place, Place::Top))?;
            }
            Ty::Union(union) => {
                walk.write(|sink| sink.begin_union(union()))?;
                walk.read_union(union(), entries)?;
            }
            _ => {
                let value = if let Ty::Map(value) = ty { *value } else { Ty::Json };
                walk.write(|sink| sink.begin_map())?;
                walk.read_map(value, limits, entries)?;
            }
        }
        walk.write(|sink| sink.end_map())?;
        Ok(true)
    }

    /// A whole number, from whichever form it came in.
    fn number(self, number: i128, got: &str) -> Walked {
        let write = move |sink: &mut dyn Sink| match (u64::try_from(number), i64::try_from(number)) {
            (Ok(value), _) => sink.uint(value),
            (_, Ok(value)) => sink.int(value),
            _ => sink.float(number as f64),
        };
        // Where no table says that it is a count, a number is kept to its last digit.
        let write_exactly = move |sink: &mut dyn Sink| match u64::try_from(number) {
            Ok(value) if value > MAX_SAFE_INTEGER => sink.big_id(value),
            _ if number < -i128::from(MAX_SAFE_INTEGER) => sink.big_int(number),
            _ => write(sink),
        };
        let Spot { ty, limits, .. } = self.spot;
        let walk = &mut *self.walk;
        match ty {
            Ty::Int(width) => {
                walk.check_range(number, width.bounds())?;
                walk.check_number(limits, number)?;
                self.put_outcome(write, number)
            }
            Ty::BigId => {
                walk.check_range(number, Width::U64.bounds())?;
                match u64::try_from(number) {
                    Ok(value) => self.put(|sink| sink.big_id(value)),
                    _ => self.put(write),
                }
            }
            Ty::ItemCode => {
                walk.check_range(number, Width::I32.bounds())?;
                self.put_outcome(write, number)
            }
            Ty::Time(unit) => {
                walk.check_time(unit, limits, number)?;
                self.put(write)
            }
            Ty::Number => {
                walk.check_number(limits, number)?;
                self.put(write)
            }
            Ty::Flag if number == 0 || number == 1 => match walk.mode {
                // As on the wire for the Rust type, which is read from there.
                Mode::Reply if walk.style == Style::Wire => self.put(write),
                Mode::Reply => self.put(|sink| sink.bool(number == 1)),
                Mode::Request | Mode::Served => self.put(write),
            },
            // Raw data is sent exactly, or not at all.
            Ty::Json => {
                walk.check_range(number, (i64::MIN.into(), u64::MAX.into()))?;
                self.put(write_exactly)
            }
            _ => self.wrong(got, write_exactly),
        }
    }

    /// Writes the key, if the place has one.
    fn open(&mut self) -> Result<&mut Walk<'a>, Stop> {
        match self.spot.place {
            Place::Top | Place::Item => {}
            Place::Field(field) => self.walk.write_key(field)?,
            Place::Tag(union) => self.walk.write_key(&union.tag)?,
            Place::Key(key) => self.walk.write(|sink| sink.key(key))?,
        }
        Ok(self.walk)
    }

    fn put(mut self, write: impl FnOnce(&mut dyn Sink) -> crate::Result<()>) -> Walked {
        self.open()?.write(write)?;
        Ok(true)
    }

    /// Writes a number, and notes what it tells of an item in a reply.
    fn put_outcome(self, write: impl FnOnce(&mut dyn Sink) -> crate::Result<()>, number: i128) -> Walked {
        let Spot { ty, limits, .. } = self.spot;
        self.walk.number = Some(number);
        if let Some(successes) = successes(ty, limits) {
            let is_ok = successes.iter().any(|success| i128::from(*success) == number);
            let code = i64::try_from(number).ok().filter(|_| matches!(ty, Ty::ItemCode));
            self.walk.outcome = Some((is_ok, code));
        }
        self.put(write)
    }

    /// A value of the wrong type: an error in a request, kept as it came in a reply.
    fn wrong(self, got: &str, write: impl FnOnce(&mut dyn Sink) -> crate::Result<()>) -> Walked {
        if self.walk.mode == Mode::Reply {
            return self.put(write);
        }
        let error = self.walk.wrong_type(&self.spot.ty, got);
        Err(self.walk.stop(error))
    }
}

/// A list without items, and an object without entries.
struct Nothing;

impl Items for Nothing {
    fn next(&mut self, _: Slot<'_, '_, '_>) -> Walked {
        Ok(false)
    }
}

impl Entries for Nothing {
    fn next_key(&mut self, slot: KeySlot<'_, '_>) -> Walked<Option<Key>> {
        slot.end()
    }

    fn value(&mut self, _: Slot<'_, '_, '_>) -> Walked {
        Ok(false)
    }
}

/// The limits that a list hands on to its items.
pub(super) fn item_limits(limits: &'static [Limit]) -> &'static [Limit] {
    for (at, limit) in limits.iter().enumerate() {
        if let Limit::ItemBytes(..) = limit {
            return &limits[at..=at];
        }
    }
    &[]
}

impl Walk<'_> {
    /// Keeps an error, the first one, and gives the mark that ends the walk.
    pub(super) fn stop(&mut self, error: Error) -> Stop {
        self.error.get_or_insert(error);
        Stop(())
    }

    /// Ends the walk with a sink's error, at the current path.
    pub(super) fn pass<T>(&mut self, result: crate::Result<T>) -> Walked<T> {
        result.map_err(|error| {
            let error = match &error.path {
                None if !self.path.is_empty() => error.at(Path::new(self.path.clone())),
                _ => error,
            };
            self.stop(error)
        })
    }

    pub(super) fn write(&mut self, write: impl FnOnce(&mut dyn Sink) -> crate::Result<()>) -> Walked<()> {
        let written = write(self.sink);
        self.pass(written)
    }

    /// Bounds the nesting, so that a list that holds itself is an error and not an overflow of the stack.
    pub(super) fn deeper(&mut self) -> Walked<()> {
        use super::MAX_DEPTH;
        if self.path.len() > MAX_DEPTH {
            let error = self.fault(format!("nested more than {MAX_DEPTH} levels deep")).cure("pass flatter data");
            return Err(self.stop(error));
        }
        Ok(())
    }
}
