//! Reading an object whose tag decides the shape of its content, such as a message element.

use super::input::{Entries, Input as _, Key, KeySlot, Walked};
use super::slot::{Place, Spot};
use super::{Json, MAX_REPLY_BYTES, Mode, Walk};
use crate::error::{Error, Kind};
use crate::schema::{Field, JsonSink, Ty, Union};

impl Walk<'_> {
    /// Reads a tag and a content. An input that can, gives the tag first; else a content that comes before its tag is
    /// held as JSON text until the tag is known.
    pub(super) fn read_union(&mut self, union: &'static Union, entries: &mut dyn Entries) -> Walked<()> {
        entries.bring_forward(&|key| self.is_name_of(&union.tag, key));
        let (mut has_tag, mut has_content) = (false, false);
        let mut content: Option<Ty> = None;
        let mut held: Option<String> = None;
        while let Some(key) = entries.next_key(KeySlot { walk: self, shape: None, next: 0 })? {
            // Without a shape every key is text.
            let Key::Text(key) = key else { continue };
            if self.is_name_of(&union.tag, &key) {
                self.refuse_twice(&union.tag, has_tag)?;
                self.path.push(self.step_of(&union.tag));
                self.variant = None;
                let spot = Spot { ty: Ty::Text, limits: &[], place: Place::Tag(union) };
                has_tag = entries.value(spot.over(self))?;
                content = self.variant.take();
                self.path.pop();
            } else if self.is_name_of(&union.content, &key) {
                self.refuse_twice(&union.content, has_content || held.is_some())?;
                match content {
                    Some(ty) => has_content = self.read_field(&union.content, ty, entries)?,
                    None if has_tag => has_content = self.read_field(&union.content, Ty::Json, entries)?,
                    None => held = Some(self.hold(&union.content, entries)?),
                }
            } else if self.mode == Mode::Request {
                let names = [&union.tag, &union.content].map(|field| self.show_field_name(field));
                let error = self.unknown_name(&names, &key, "");
                return Err(self.stop(error));
            } else {
                self.read_entry(Ty::Json, &[], &key, entries)?;
            }
        }
        // Before the content is looked at: without a tag nobody knows what it should be.
        if !has_tag && self.mode != Mode::Reply {
            let error = self.missing(&union.tag);
            return Err(self.stop(error));
        }
        if let Some(text) = held {
            self.path.push(self.step_of(&union.content));
            let place = Place::Field(&union.content);
            has_content = Json(&text).read(Spot { ty: content.unwrap_or(Ty::Json), limits: &[], place }.over(self))?;
            self.path.pop();
        }
        if !has_content && self.mode != Mode::Reply {
            let error = self.missing(&union.content).cure("pass an object");
            return Err(self.stop(error));
        }
        Ok(())
    }

    fn refuse_twice(&mut self, field: &'static Field, is_second: bool) -> Walked<()> {
        if is_second && self.mode != Mode::Reply {
            self.path.push(self.step_of(field));
            let error = self.fault("given twice").cure("give it once, under one of its names");
            return Err(self.stop(error));
        }
        Ok(())
    }

    /// Copies a value into JSON text, within the bounds of every walk.
    fn hold(&mut self, field: &'static Field, entries: &mut dyn Entries) -> Walked<String> {
        let mut sink = JsonSink::new(2 * MAX_REPLY_BYTES);
        let mut walk = Walk { path: core::mem::take(&mut self.path), ..Walk::new(self.mode, self.style, &mut sink) };
        walk.path.push(walk.step_of(field));
        let copied = entries.value(Spot { ty: Ty::Json, limits: &[], place: Place::Item }.over(&mut walk));
        let Walk { mut path, error, .. } = walk;
        path.pop();
        (self.path, self.error) = (path, error);
        copied?;
        let text = String::from_utf8(sink.into_bytes());
        self.pass(text.map_err(|error| Error::new(Kind::Internal, error.to_string())))
    }

    /// Notes the content that a tag asks for. An unknown tag is refused in a request only if it looks like a misspelling.
    pub(super) fn note_tag(&mut self, union: &'static Union, tag: &str) -> Walked<()> {
        if let Some((_, content)) = union.variants.iter().find(|(known, _)| *known == tag) {
            self.variant = Some(Ty::Object(*content));
        } else if self.mode == Mode::Request {
            let known: Vec<_> = union.variants.iter().map(|(known, _)| *known).collect();
            self.check_value(&known, tag)?;
        }
        Ok(())
    }
}
