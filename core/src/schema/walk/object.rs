//! Reading objects: those with known fields, and those whose keys are data.

use super::input::{Entries, Key, KeySlot, Walked};
use super::slot::{Place, Spot, item_limits};
use super::{Mode, Walk};
use crate::error::Step;
use crate::schema::{Field, Limit, Rule, Shape, Ty, successes};

impl Walk<'_> {
    pub(super) fn read_object(&mut self, shape: &'static Shape, entries: &mut dyn Entries, top: bool) -> Walked<()> {
        let (mut seen, mut needed, mut next) = (0_u128, 0, 0);
        while let Some(key) = entries.next_key(KeySlot { walk: self, shape: Some(shape), next })? {
            let at = match key {
                Key::Field(at) => at,
                Key::Text(key) if self.mode == Mode::Request && !shape.is_open() => {
                    let error = self.unknown_field(shape, &key);
                    return Err(self.stop(error));
                }
                Key::Text(key) if top && self.envelope.contains(&&*key) => {
                    entries.skip_value(Spot { ty: Ty::Json, limits: &[], place: Place::Key(&key) }.over(self))?;
                    continue;
                }
                Key::Text(key) => {
                    self.read_entry(Ty::Json, &[], &key, entries)?;
                    continue;
                }
            };
            next = at + 1;
            let field = &shape.fields[at];
            if seen >> at & 1 == 1 && self.mode != Mode::Reply {
                self.path.push(self.step_of(field));
                let error = self.fault("given twice").cure("give it once, under one of its names");
                return Err(self.stop(error));
            }
            (self.outcome, self.number) = (None, None);
            if self.read_field(field, field.ty, entries)? {
                seen |= 1 << at;
                needed |= self.needed_by(shape, field);
                self.tell_outcome(field)?;
            }
        }
        if top {
            seen = self.write_extra(shape, seen)?;
            seen = self.draw(shape, seen)?;
        }
        if self.mode == Mode::Reply {
            self.fill(shape, seen)?;
        }
        self.check_whole(shape, seen, needed)?;
        if top { self.check_own_id(shape) } else { Ok(()) }
    }

    /// Reads the value of a known field, as a type. Returns whether anything was written.
    pub(super) fn read_field(&mut self, field: &'static Field, ty: Ty, entries: &mut dyn Entries) -> Walked {
        self.path.push(self.step_of(field));
        let written = entries.value(Spot { ty, limits: field.limits, place: Place::Field(field) }.over(self))?;
        self.path.pop();
        Ok(written)
    }

    /// Draws the fields by which the service tells a retry from a new call. They are drawn here, once a call, and stay
    /// the same in all its attempts, since the body does.
    fn draw(&mut self, shape: &'static Shape, seen: u128) -> Walked<u128> {
        let mut seen = seen;
        for name in self.draws {
            if let Some(at) = shape.fields.iter().position(|field| field.name == *name)
                && seen >> at & 1 == 0
            {
                self.write_key(&shape.fields[at])?;
                // Below 2^31: some fields are signed at the service's end.
                let drawn = (self.mark & 0x7fff_ffff).max(1);
                self.write(|sink| sink.uint(drawn))?;
                self.mark = self.mark.rotate_right(31);
                seen |= 1 << at;
            }
        }
        Ok(seen)
    }

    /// The fields that a rule requires for the number that was just read, a bit for each.
    fn needed_by(&self, shape: &'static Shape, field: &Field) -> u128 {
        let Some(number) = self.number else { return 0 };
        let mut needed = 0;
        for rule in shape.rules {
            if let Rule::Requires { when, is, field: other } = rule
                && *when == field.name
                && is.iter().any(|value| i128::from(*value) == number)
                && let Some(at) = shape.fields.iter().position(|field| field.name == *other)
            {
                needed |= 1 << at;
            }
        }
        needed
    }

    /// Tells what became of an item of a reply, once the field that says so was read. What is no number tells of no success.
    fn tell_outcome(&mut self, field: &Field) -> Walked<()> {
        if self.mode != Mode::Reply || successes(field.ty, field.limits).is_none() {
            return Ok(());
        }
        let (is_ok, code) = self.outcome.take().unwrap_or((false, None));
        self.write(|sink| sink.outcome(is_ok, code))
    }

    /// A list or a map that the service left out of a reply is an empty one, so that callers need no special case. An item
    /// whose outcome it left out succeeded.
    fn fill(&mut self, shape: &'static Shape, seen: u128) -> Walked<()> {
        for (at, field) in shape.fields.iter().enumerate() {
            if seen >> at & 1 == 1 {
                continue;
            }
            if successes(field.ty, field.limits).is_some() {
                self.write(|sink| sink.outcome(true, None))?;
            }
            if field.required && matches!(field.ty, Ty::List(_) | Ty::ListOrObject(_) | Ty::Map(_)) {
                Spot { ty: field.ty, limits: &[], place: Place::Field(field) }.over(self).null()?;
            }
        }
        Ok(())
    }

    pub(super) fn read_map(&mut self, value: Ty, limits: &'static [Limit], entries: &mut dyn Entries) -> Walked<()> {
        let mut count = 0;
        while let Some(key) = entries.next_key(KeySlot { walk: self, shape: None, next: 0 })? {
            // Without a shape every key is text.
            if let Key::Text(key) = key {
                self.read_entry(value, item_limits(limits), &key, entries)?;
            }
            count += 1;
        }
        self.check_items(limits, count)
    }

    pub(super) fn read_entry(
        &mut self,
        ty: Ty,
        limits: &'static [Limit],
        key: &str,
        entries: &mut dyn Entries,
    ) -> Walked<()> {
        self.path.push(Step::Key(key.into()));
        entries.value(Spot { ty, limits, place: Place::Key(key) }.over(self))?;
        self.path.pop();
        Ok(())
    }
}
