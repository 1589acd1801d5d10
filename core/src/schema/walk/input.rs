//! What the walker reads from: JSON text, a Python object, anything that can hand its value to a [`Slot`].
//!
//! The traits are object-safe, so the walker is compiled once, whatever it reads. A generic walker over
//! `serde::Deserializer` had a copy for each format, and gave no place to tell how long a list is or where a union's
//! tag stands.

use super::Walk;
use super::slot::Slot;
use crate::schema::Shape;

/// A mark that the walk has ended early. The error itself stays with the walk.
#[derive(Debug)]
pub struct Stop(pub(super) ());

/// The result of a step. For a value it is whether anything was written: `null` leaves a request's field out.
pub type Walked<T = bool> = Result<T, Stop>;

/// A value to be walked.
pub trait Input {
    /// Hands the value to the slot, by calling the slot's method for what the value is.
    fn read(&mut self, slot: Slot<'_, '_, '_>) -> Walked;
}

/// The items of a list.
pub trait Items {
    /// How many there are, if that is known before they are read.
    fn count(&self) -> Option<usize> {
        None
    }

    /// Reads the next item into the slot. Returns false if there is none.
    fn next(&mut self, slot: Slot<'_, '_, '_>) -> Walked;

    /// Counts the items that are left, without reading them.
    fn count_rest(&mut self) -> usize {
        0
    }
}

/// The entries of an object.
pub trait Entries {
    /// Moves the first entry whose key is wanted to the front, if the order is free to choose.
    fn bring_forward(&mut self, _is_wanted: &dyn Fn(&str) -> bool) {}

    /// Hands the next key to the slot, or ends it.
    fn next_key(&mut self, slot: KeySlot<'_, '_>) -> Walked<Option<Key>>;

    /// Hands the value of the last key to the slot.
    fn value(&mut self, slot: Slot<'_, '_, '_>) -> Walked;

    /// Passes over the value of the last key.
    fn skip_value(&mut self, slot: Slot<'_, '_, '_>) -> Walked {
        self.value(slot)
    }
}

/// A key that was read.
#[derive(Debug)]
pub enum Key {
    /// A field of the shape, by its place.
    Field(usize),
    /// Any other.
    Text(String),
}

/// Takes an object's key, which must be text.
pub struct KeySlot<'w, 'a> {
    pub(super) walk: &'w mut Walk<'a>,
    /// The shape to find a field in.
    pub(super) shape: Option<&'static Shape>,
    /// The place of the field that is likely next.
    pub(super) next: usize,
}

impl KeySlot<'_, '_> {
    /// Ends the entries.
    pub fn end(self) -> Walked<Option<Key>> {
        Ok(None)
    }

    /// A key. A field is found without copying its name.
    pub fn text(self, key: &str) -> Walked<Option<Key>> {
        let field = self.shape.and_then(|shape| self.walk.find(shape, key, self.next));
        Ok(Some(field.map_or_else(|| Key::Text(key.into()), Key::Field)))
    }

    /// A key that is not text, as it is shown to the caller.
    pub fn not_text(self, shown: &str) -> Walked<Option<Key>> {
        let error = self.walk.fault(format!("the key {shown} is not text")).cure("use text as keys");
        Err(self.walk.stop(error))
    }
}
