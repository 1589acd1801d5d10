//! The checks of a walk: limits of values, required fields, rules over several fields.

use serde_json::{Map, Value};

use super::{Mode, Walk};
use crate::credentials::user_id_fault;
use crate::error::{Error, Result};
use crate::schema::{Field, Limit, Rule, Shape, TimeUnit, Ty, nearest};

/// A type in words, for messages.
pub(super) fn expected(ty: &Ty) -> &'static str {
    match ty {
        Ty::Bool | Ty::Flag => "true or false",
        Ty::Int(_) | Ty::BigId | Ty::ItemCode => "a whole number",
        Ty::Time(TimeUnit::Seconds) => "seconds since 1970",
        Ty::Time(TimeUnit::Millis) => "milliseconds since 1970",
        Ty::Number => "a number",
        Ty::Text | Ty::JsonText | Ty::Enum(_) => "text",
        Ty::UserId => "text (a user id)",
        Ty::Json => "any value",
        Ty::Object(_) | Ty::Union(_) => "an object",
        Ty::List(_) | Ty::ListOrObject(_) => "a list",
        Ty::Map(_) => "an object whose keys are names of your choice",
    }
}

impl Walk<'_> {
    fn strict(&self) -> bool {
        self.mode != Mode::Reply
    }

    pub(super) fn wrong_type(&self, ty: &Ty, got: &str) -> Error {
        self.fault(format!("expected {}, got {got}", expected(ty))).cure(format!("pass {}", expected(ty)))
    }

    pub(super) fn check_text(&self, ty: &Ty, limits: &[Limit], text: &str) -> Result<()> {
        if !self.strict() {
            return Ok(());
        }
        if matches!(ty, Ty::UserId)
            && let Some((fault, cure)) = user_id_fault(text)
        {
            return Err(self.fault(fault).cure(cure));
        }
        for limit in limits {
            let (unit, got, min, max) = match *limit {
                Limit::Bytes(min, max) | Limit::ItemBytes(min, max) => ("bytes", text.len(), min, max),
                Limit::Chars(min, max) => ("characters", text.chars().count(), min, max),
                _ => continue,
            };
            self.check_count("it has", got, unit, min, max)?;
        }
        Ok(())
    }

    pub(super) fn check_items(&self, limits: &[Limit], items: usize) -> Result<()> {
        for limit in limits {
            if let Limit::Items(min, max) = *limit
                && self.strict()
            {
                self.check_count("it has", items, "items", min, max)?;
            }
        }
        Ok(())
    }

    /// Stops a list at its limit instead of reading on.
    pub(super) fn most_items(&self, limits: &[Limit]) -> usize {
        let most = limits.iter().find_map(|limit| match limit {
            Limit::Items(_, max) if self.strict() => Some(*max as usize),
            _ => None,
        });
        most.unwrap_or(usize::MAX)
    }

    fn check_count(&self, has: &str, got: usize, unit: &str, min: u32, max: u32) -> Result<()> {
        if got < min as usize {
            return Err(self
                .fault(format!("{has} {got} {unit}"))
                .cure(format!("give at least {min}, at most {max} {unit}")));
        }
        if got > max as usize {
            let cure = if unit == "items" {
                format!("split it: at most {max} items a call")
            } else {
                format!("use at most {max} {unit}")
            };
            return Err(self.fault(format!("{has} {got} {unit}")).cure(cure));
        }
        Ok(())
    }

    pub(super) fn check_number(&self, limits: &[Limit], number: i128) -> Result<()> {
        for limit in limits {
            match *limit {
                Limit::Range(min, max) if self.strict() && !(i128::from(min)..=i128::from(max)).contains(&number) => {
                    return Err(self.fault(format!("{number} is out of range")).cure(format!("use {min} to {max}")));
                }
                Limit::Values(values) if self.strict() && !values.iter().any(|value| i128::from(*value) == number) => {
                    let known: Vec<String> = values.iter().map(i64::to_string).collect();
                    return Err(self
                        .fault(format!("{number} is none of the values allowed"))
                        .cure(format!("use one of {}", known.join(", "))));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Refuses what cannot be a time in its unit. No clock is asked: seconds and milliseconds lie far enough apart.
    pub(super) fn check_time(&self, unit: TimeUnit, limits: &[Limit], number: i128) -> Result<()> {
        /// 1 January 2100, in seconds.
        const FAR_FUTURE_S: i128 = 4_102_444_800;
        if !self.strict() || number == 0 && limits.contains(&Limit::OrZero) {
            return Ok(());
        }
        let (fault, cure) = match unit {
            _ if number <= 0 => ("not a time after 1970", format!("pass {}", expected(&Ty::Time(unit)))),
            TimeUnit::Seconds if number >= FAR_FUTURE_S * 10 => {
                ("this looks like milliseconds, and the field is in seconds", "divide it by 1000".into())
            }
            TimeUnit::Millis if number <= FAR_FUTURE_S => {
                ("this looks like seconds, and the field is in milliseconds", "multiply it by 1000".into())
            }
            TimeUnit::Seconds if number >= FAR_FUTURE_S => ("after the year 2100", "pass seconds since 1970".into()),
            TimeUnit::Millis if number >= FAR_FUTURE_S * 1000 => {
                ("after the year 2100", "pass milliseconds since 1970".into())
            }
            _ => return Ok(()),
        };
        Err(self.fault(format!("{number}: {fault}")).cure(cure))
    }

    pub(super) fn unknown_field(&self, shape: &Shape, key: &str) -> Error {
        let shown: String = key.chars().take(64).collect();
        let mut at = self.show_path();
        if !at.is_empty() {
            at.push('.');
        }
        at.push_str(&shown);
        let names: Vec<String> = shape.fields.iter().map(|field| self.show_name(field.name)).collect();
        let nearest = nearest(key, names.iter().map(String::as_str));
        let message = match nearest {
            Some(name) => format!("unknown field, did you mean {name}?"),
            None => "unknown field".into(),
        };
        let known = if names.is_empty() {
            "this takes no fields".into()
        } else {
            format!("known fields: {}", names.join(", "))
        };
        self.fault(message).at(at).cure(format!(
            "{known}; to send a field that this version does not know, use the option {}",
            self.show_name("extra_body")
        ))
    }

    /// Checks what is missing once an object is read. `seen` has a bit for each field.
    pub(super) fn check_whole(&self, shape: &Shape, seen: u128) -> Result<()> {
        if !self.strict() {
            return Ok(());
        }
        let has =
            |name: &str| shape.fields.iter().position(|field| field.name == name).is_some_and(|at| seen >> at & 1 == 1);
        for field in shape.fields {
            if field.required && !has(field.name) {
                return Err(self.missing(field));
            }
        }
        for rule in shape.rules {
            let (alternatives, least, most) = match rule {
                Rule::ExactlyOne(alternatives) => (alternatives, 1, 1),
                Rule::AtLeastOne(alternatives) => (alternatives, 1, alternatives.len()),
                Rule::AtMostOne(alternatives) => (alternatives, 0, 1),
            };
            let given = alternatives.iter().filter(|group| group.iter().any(|name| has(name))).count();
            if given < least || given > most {
                let names: Vec<String> = alternatives
                    .iter()
                    .map(|group| group.iter().map(|name| self.show_field(shape, name)).collect::<Vec<_>>().join("/"))
                    .collect();
                let names = names.join(", ");
                let how_many = match rule {
                    Rule::ExactlyOne(_) => "exactly one",
                    Rule::AtLeastOne(_) => "at least one",
                    Rule::AtMostOne(_) => "at most one",
                };
                return Err(self
                    .fault(format!("{given} of {names} given"))
                    .cure(format!("give {how_many} of {names}")));
            }
        }
        Ok(())
    }

    fn missing(&self, field: &Field) -> Error {
        let name = self.show_field_name(field);
        let at = if self.path.is_empty() { name } else { format!("{}.{name}", self.show_path()) };
        self.fault("required field is missing").at(at).cure(format!("pass {}", expected(&field.ty)))
    }

    fn show_field(&self, shape: &Shape, name: &str) -> String {
        shape
            .fields
            .iter()
            .find(|field| field.name == name)
            .map_or_else(|| name.into(), |field| self.show_field_name(field))
    }

    fn show_field_name(&self, field: &Field) -> String {
        match self.style {
            crate::schema::names::Style::Wire => field.wire.into(),
            _ => self.show_name(field.name),
        }
    }

    /// Adds the raw extra fields to the body, once, and tells which known fields they stand for.
    pub(super) fn write_extra(&mut self, shape: &'static Shape, seen: u128) -> Result<u128> {
        let mut found = seen;
        let Some(extra) = self.extra.take() else {
            return Ok(found);
        };
        for (key, value) in extra {
            if let Some(at) = self.find(shape, key) {
                if seen >> at & 1 == 1 {
                    return Err(self
                        .fault("given twice, by its own name and in extra_body")
                        .at(key.clone())
                        .cure("give it once"));
                }
                found |= 1 << at;
            }
            self.sink.key(key)?;
            write_value(self.sink, value)?;
        }
        Ok(found)
    }
}

/// Writes a JSON value as it is.
fn write_value(sink: &mut dyn super::Sink, value: &Value) -> Result<()> {
    match value {
        Value::Null => sink.null(),
        Value::Bool(value) => sink.bool(*value),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(value), _) => sink.uint(value),
            (None, Some(value)) => sink.int(value),
            (None, None) => sink.float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => sink.text(text),
        Value::Array(items) => {
            sink.begin_list()?;
            items.iter().try_for_each(|item| write_value(sink, item))?;
            sink.end_list()
        }
        Value::Object(map) => write_map(sink, map),
    }
}

fn write_map(sink: &mut dyn super::Sink, map: &Map<String, Value>) -> Result<()> {
    sink.begin_map()?;
    for (key, value) in map {
        sink.key(key)?;
        write_value(sink, value)?;
    }
    sink.end_map()
}
