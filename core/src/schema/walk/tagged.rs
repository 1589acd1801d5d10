//! Reading an object whose tag decides the shape of its content, such as a message element.

use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::read::{Key, KeySeed, Place, ValueSeed};
use super::{Mode, Walk};
use crate::schema::{Ty, Union};

impl Walk<'_> {
    /// Reads a tag and a content, in either order: a content that comes first waits for its tag.
    pub(super) fn read_union<'de, A: MapAccess<'de>>(
        &mut self,
        union: &'static Union,
        mut map: A,
    ) -> Result<(), A::Error> {
        let mut variant: Option<Ty> = None;
        let mut waiting: Option<Value> = None;
        let mut content_seen = false;
        while let Some(Key::Text(key)) = map.next_key_seed(KeySeed { walk: self, shape: None })? {
            if self.is_name_of(&union.tag, &key) {
                self.path.push(self.step_of(&union.tag));
                let tag: Value = map.next_value()?;
                let Value::String(tag) = tag else {
                    let error = self.wrong_type(&Ty::Text, "something else");
                    return Err(self.fail(error));
                };
                variant = Some(self.variant_of(union, &tag)?);
                let seed =
                    ValueSeed { walk: self, ty: Ty::Text, limits: &[], place: Place::Field(&union.tag), top: false };
                seed.visit_str::<A::Error>(&tag)?;
                self.path.pop();
            } else if self.is_name_of(&union.content, &key) {
                content_seen = true;
                match variant {
                    Some(ty) => {
                        self.path.push(self.step_of(&union.content));
                        map.next_value_seed(ValueSeed {
                            walk: self,
                            ty,
                            limits: &[],
                            place: Place::Field(&union.content),
                            top: false,
                        })?;
                        self.path.pop();
                    }
                    None => waiting = Some(map.next_value()?),
                }
            } else if self.mode == Mode::Request {
                let error = self.fault(format!("unknown field {}", key.chars().take(64).collect::<String>())).cure(
                    format!("known fields: {}, {}", self.show_name(union.tag.name), self.show_name(union.content.name)),
                );
                return Err(self.fail(error));
            } else {
                self.read_entry(Ty::Json, &[], &key, &mut map)?;
            }
        }
        if let Some(content) = waiting {
            let seed = ValueSeed {
                ty: variant.unwrap_or(Ty::Json),
                walk: self,
                limits: &[],
                place: Place::Field(&union.content),
                top: false,
            };
            seed.walk.path.push(seed.walk.step_of(&union.content));
            seed.deserialize(content).map_err(|error| A::Error::custom(error.to_string()))?;
            self.path.pop();
        }
        for (field, given) in [(&union.tag, variant.is_some()), (&union.content, content_seen)] {
            if !given && self.mode != Mode::Reply {
                self.path.push(self.step_of(field));
                let error =
                    self.fault("required field is missing").cure(format!("pass {}", super::check::expected(&field.ty)));
                return Err(self.fail(error));
            }
        }
        Ok(())
    }

    /// The content's type for a tag. An unknown tag is refused in a request only when it looks like a misspelling.
    fn variant_of<E: serde::de::Error>(&mut self, union: &'static Union, tag: &str) -> Result<Ty, E> {
        if let Some((_, content)) = union.variants.iter().find(|(known, _)| *known == tag) {
            return Ok(Ty::Object(*content));
        }
        if self.mode == Mode::Request
            && let Some(known) = crate::schema::nearest(tag, union.variants.iter().map(|(known, _)| *known))
        {
            let error = self.fault(format!("unknown value, did you mean {known}?")).cure(format!("use {known}"));
            return Err(self.fail(error));
        }
        Ok(Ty::Json)
    }
}
