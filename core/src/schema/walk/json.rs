//! JSON text as an input of the walker. The only place where serde drives it.

use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Walk;
use super::input::{Entries, Input, Items, Key, KeySlot, Stop, Walked};
use super::slot::Slot;

/// JSON text.
#[derive(Clone, Copy, Debug)]
pub struct Json<'j>(pub &'j str);

impl Input for Json<'_> {
    fn read(&mut self, slot: Slot<'_, '_, '_>) -> Walked {
        let mut json = serde_json::Deserializer::from_str(self.0);
        let (walk, slot) = slot.split();
        let read = ValueSeed(slot.over(walk)).deserialize(&mut json);
        read.and_then(|written| json.end().map(|()| written)).map_err(|error| stopped(walk, error))
    }
}

/// Through its text, so that there is one way to read JSON. For values that are small.
impl Input for serde_json::Value {
    fn read(&mut self, slot: Slot<'_, '_, '_>) -> Walked {
        Json(&self.to_string()).read(slot)
    }
}

/// The mark that serde carries for an error that the walk keeps.
fn mark<T, E: Error>(walked: Walked<T>) -> Result<T, E> {
    walked.map_err(|Stop(())| E::custom("refused by the walker"))
}

/// Keeps serde's own error, such as broken JSON, unless it is only the mark of one that the walk has.
fn stopped(walk: &mut Walk<'_>, error: impl fmt::Display) -> Stop {
    let fault = walk.fault(error.to_string()).cure("pass valid JSON");
    walk.stop(fault)
}

struct ValueSeed<'w, 'a, 'k>(Slot<'w, 'a, 'k>);

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_, '_> {
    type Value = bool;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_, '_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        mark(self.0.null())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
        mark(self.0.bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<bool, E> {
        mark(self.0.whole(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<bool, E> {
        mark(self.0.whole(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<bool, E> {
        mark(self.0.float(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        mark(self.0.text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<bool, A::Error> {
        mark(self.0.list(&mut JsonItems(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<bool, A::Error> {
        mark(self.0.object(&mut JsonEntries(entries)))
    }
}

struct JsonItems<A>(A);

impl<'de, A: SeqAccess<'de>> Items for JsonItems<A> {
    fn next(&mut self, slot: Slot<'_, '_, '_>) -> Walked {
        let (walk, slot) = slot.split();
        let read = self.0.next_element_seed(ValueSeed(slot.over(walk)));
        read.map(|item| item.is_some()).map_err(|error| stopped(walk, error))
    }

    fn count_rest(&mut self) -> usize {
        core::iter::from_fn(|| self.0.next_element::<IgnoredAny>().ok().flatten()).count()
    }
}

struct JsonEntries<A>(A);

impl<'de, A: MapAccess<'de>> Entries for JsonEntries<A> {
    fn next_key(&mut self, slot: KeySlot<'_, '_>) -> Walked<Option<Key>> {
        let KeySlot { walk, shape, next } = slot;
        let key = self.0.next_key_seed(KeySeed(KeySlot { walk, shape, next }));
        key.map(Option::flatten).map_err(|error| stopped(walk, error))
    }

    fn value(&mut self, slot: Slot<'_, '_, '_>) -> Walked {
        let (walk, slot) = slot.split();
        self.0.next_value_seed(ValueSeed(slot.over(walk))).map_err(|error| stopped(walk, error))
    }

    fn skip_value(&mut self, slot: Slot<'_, '_, '_>) -> Walked {
        let (walk, _) = slot.split();
        self.0.next_value::<IgnoredAny>().map(|_| false).map_err(|error| stopped(walk, error))
    }
}

struct KeySeed<'w, 'a>(KeySlot<'w, 'a>);

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_> {
    type Value = Option<Key>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Key>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_, '_> {
    type Value = Option<Key>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Option<Key>, E> {
        mark(self.0.text(key))
    }
}
