//! The checks of a walk: limits of values, required fields, rules over several fields.

use serde_json::{Map, Value};

use super::input::Walked;
use super::{Mode, Walk};
use crate::credentials::user_id_fault;
use crate::error::{Error, Path, Step};
use crate::schema::names::Style;
use crate::schema::{COMMUNITY_PREFIX, Field, Limit, Rule, Shape, TimeUnit, Ty, nearest, nearest_value};

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
        let cure = match (ty, self.style) {
            (Ty::JsonText, Style::Snake) => "pass text: write data as JSON, json.dumps(value)".into(),
            (Ty::JsonText, Style::Camel) => "pass text: write data as JSON, JSON.stringify(value)".into(),
            _ => format!("pass {}", expected(ty)),
        };
        self.fault(format!("expected {}, got {got}", expected(ty))).cure(cure)
    }

    /// What to do about NaN, which stands for an absent value in tables of data. Only Python has numbers of this kind at
    /// this point: JavaScript's are refused before they cross.
    pub(super) fn cure_of_nan(&self) -> &'static str {
        match self.style {
            Style::Snake => {
                "pass a finite number; for an absent value pass None, leave it out, or use \
                 tencent_im.without_nan(record)"
            }
            Style::Camel | Style::Wire => "pass a finite number, or leave it out if the value is absent",
        }
    }

    pub(super) fn check_text(&mut self, ty: &Ty, limits: &[Limit], text: &str) -> Walked<()> {
        if !self.strict() {
            return Ok(());
        }
        if matches!(ty, Ty::UserId)
            && let Some((fault, cure)) = user_id_fault(text)
        {
            let error = self.fault(fault).cure(cure);
            return Err(self.stop(error));
        }
        if let Ty::Enum(of) = ty
            && self.mode == Mode::Request
        {
            self.check_value(of.values, text)?;
        }
        for limit in limits {
            let (unit, got, min, max) = match *limit {
                Limit::OwnGroupType => {
                    self.is_community = Some(text == "Community");
                    continue;
                }
                Limit::Prefix(prefix) if !text.starts_with(prefix) => {
                    let error =
                        self.fault(format!("it does not begin with {prefix}")).cure(format!("put {prefix} in front"));
                    return Err(self.stop(error));
                }
                Limit::OwnGroupId if text.starts_with("@TGS") && !text.starts_with(COMMUNITY_PREFIX) => {
                    let error = self
                        .fault("ids that begin with @TGS are the service's own")
                        .cure("choose another id; only a community's begins with @TGS#_");
                    return Err(self.stop(error));
                }
                Limit::OwnGroupId => {
                    self.own_id = Some(text.starts_with(COMMUNITY_PREFIX));
                    continue;
                }
                Limit::Bytes(min, max) | Limit::ItemBytes(min, max) => ("bytes", text.len(), min, max),
                Limit::Chars(min, max) => ("characters", text.chars().count(), min, max),
                _ => continue,
            };
            self.check_count("it has", got, unit, min, max)?;
        }
        Ok(())
    }

    /// Checks the id of a group to create against its type, whichever came first.
    pub(super) fn check_own_id(&mut self, shape: &'static Shape) -> Walked<()> {
        let (Some(has_prefix), Some(is_community)) = (self.own_id, self.is_community) else { return Ok(()) };
        if has_prefix == is_community {
            return Ok(());
        }
        if let Some(field) = shape.fields.iter().find(|field| field.limits.contains(&Limit::OwnGroupId)) {
            self.path.push(self.step_of(field));
        }
        let error = if is_community {
            self.fault("a community's id begins with @TGS#_").cure("put @TGS#_ in front, or leave the id out")
        } else {
            self.fault("only a community's id begins with @TGS#_").cure("choose another id, or leave it out")
        };
        Err(self.stop(error))
    }

    /// Refuses what is a documented value but for a slip. Values far from all pass: the service may be newer.
    pub(super) fn check_value(&mut self, known: &[&'static str], text: &str) -> Walked<()> {
        if known.contains(&text) {
            return Ok(());
        }
        let error = match nearest_value(text, known.iter().copied()) {
            _ if text.is_empty() => self.fault("it is empty").cure(format!("use one of {}", known.join(", "))),
            Some(near) => self.fault(format!("unknown value, did you mean {near}?")).cure(format!("use {near}")),
            None => return Ok(()),
        };
        Err(self.stop(error))
    }

    /// Refuses a value that is too long as JSON, in bytes.
    pub(super) fn check_size(&mut self, limits: &[Limit], bytes: usize) -> Walked<()> {
        for limit in limits {
            if let Limit::Size(max) = *limit
                && self.mode == Mode::Request
                && bytes > max as usize
            {
                let error =
                    self.fault(format!("it has {bytes} bytes as JSON")).cure(format!("use at most {max} bytes in all"));
                return Err(self.stop(error));
            }
        }
        Ok(())
    }

    pub(super) fn check_items(&mut self, limits: &[Limit], items: usize) -> Walked<()> {
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

    fn check_count(&mut self, has: &str, got: usize, unit: &str, min: u32, max: u32) -> Walked<()> {
        if got < min as usize {
            let cure = match max {
                u32::MAX => format!("give at least {min}"),
                _ => format!("give at least {min}, at most {max} {unit}"),
            };
            let error = self.fault(format!("{has} {got} {unit}")).cure(cure);
            return Err(self.stop(error));
        }
        if got > max as usize {
            let cure = if unit == "items" { self.split_it(max) } else { format!("use at most {max} {unit}") };
            let error = self.fault(format!("{has} {got} {unit}")).cure(cure);
            return Err(self.stop(error));
        }
        Ok(())
    }

    /// What to do about a list that is too long for one call.
    fn split_it(&self, max: u32) -> String {
        let split = format!("split it: at most {max} items a call");
        let batch = self.op.and_then(|op| Some((op.batch?, op.group(), op.many()?)));
        match (batch, &self.path[..]) {
            (Some((batch, group, many)), [Step::Field(list)]) if batch.field == list => {
                let (group, many) = (self.style.name(group), self.style.name(&many).into_owned());
                format!("use {group}.{many}, which takes any number of items, or {split}")
            }
            _ => split,
        }
    }

    pub(super) fn check_number(&mut self, limits: &[Limit], number: i128) -> Walked<()> {
        for limit in limits {
            match *limit {
                Limit::Range(min, max) => {
                    self.check_range(number, (min.into(), max.into()))?;
                }
                Limit::Values(values) if self.strict() && !values.iter().any(|value| i128::from(*value) == number) => {
                    let known: Vec<String> = values.iter().map(i64::to_string).collect();
                    let error = self
                        .fault(format!("{number} is none of the values allowed"))
                        .cure(format!("use one of {}", known.join(", ")));
                    return Err(self.stop(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Refuses what cannot be a time in its unit. No clock is asked: seconds and milliseconds lie far enough apart.
    pub(super) fn check_time(&mut self, unit: TimeUnit, limits: &[Limit], number: i128) -> Walked<()> {
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
        let error = self.fault(format!("{number}: {fault}")).cure(cure);
        Err(self.stop(error))
    }

    /// Refuses a whole number outside a range, whose ends are allowed.
    pub(super) fn check_range(&mut self, number: i128, (min, max): (i128, i128)) -> Walked<()> {
        if !self.strict() || (min..=max).contains(&number) {
            return Ok(());
        }
        let error = self.fault(format!("{number} is out of range")).cure(format!("use {min} to {max}"));
        Err(self.stop(error))
    }

    /// Refuses a number with a fraction outside the range of its limits.
    pub(super) fn check_float(&mut self, limits: &[Limit], number: f64) -> Walked<()> {
        for limit in limits {
            if let Limit::Range(min, max) = *limit
                && self.strict()
                && !(min as f64..=max as f64).contains(&number)
            {
                let error = self
                    .fault(format!("{} is out of range", serde_json::Value::from(number)))
                    .cure(format!("use {min} to {max}"));
                return Err(self.stop(error));
            }
        }
        Ok(())
    }

    pub(super) fn unknown_field(&self, shape: &Shape, key: &str) -> Error {
        let names: Vec<String> = shape.fields.iter().map(|field| self.show_field_name(field)).collect();
        let extra_body = self.style.name("extra_body");
        let more = format!("; to send a field that this version does not know, use the option {extra_body}");
        self.unknown_name(&names, key, &more)
    }

    /// The error of a key that is none of the names. `more` is added to the cure.
    pub(super) fn unknown_name(&self, names: &[String], key: &str, more: &str) -> Error {
        let message = match nearest(key, names.iter().map(String::as_str)) {
            Some(name) => format!("unknown field, did you mean {name}?"),
            None => "unknown field".into(),
        };
        let known = match names {
            [] => "this takes no fields".into(),
            _ => format!("known fields: {}", names.join(", ")),
        };
        self.fault(message).at(self.path_to(Step::Key(key.into()))).cure(known + more)
    }

    /// Checks what is missing once an object is read. `seen` has a bit for each field, as has `needed` for those that a
    /// rule requires.
    pub(super) fn check_whole(&mut self, shape: &Shape, seen: u128, needed: u128) -> Walked<()> {
        if !self.strict() {
            return Ok(());
        }
        let has =
            |name: &str| shape.fields.iter().position(|field| field.name == name).is_some_and(|at| seen >> at & 1 == 1);
        for (at, field) in shape.fields.iter().enumerate() {
            if (field.required || needed >> at & 1 == 1) && !has(field.name) {
                let error = self.missing(field);
                return Err(self.stop(error));
            }
        }
        for rule in shape.rules {
            let (alternatives, least, most) = match rule {
                Rule::Requires { .. } => continue,
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
                    Rule::AtMostOne(_) | Rule::Requires { .. } => "at most one",
                };
                let error = self.fault(format!("{given} of {names} given")).cure(format!("give {how_many} of {names}"));
                return Err(self.stop(error));
            }
        }
        Ok(())
    }

    pub(super) fn missing(&self, field: &Field) -> Error {
        self.fault("required field is missing")
            .at(self.path_to(self.step_of(field)))
            .cure(format!("pass {}", expected(&field.ty)))
    }

    fn show_field(&self, shape: &Shape, name: &str) -> String {
        shape
            .fields
            .iter()
            .find(|field| field.name == name)
            .map_or_else(|| name.into(), |field| self.show_field_name(field))
    }

    pub(super) fn show_field_name(&self, field: &Field) -> String {
        if self.style == Style::Wire { field.wire.into() } else { self.style.name(field.name).into_owned() }
    }

    /// Adds the raw extra fields to the body, once, and tells which known fields they stand for.
    pub(super) fn write_extra(&mut self, shape: &'static Shape, seen: u128) -> Walked<u128> {
        let mut found = seen;
        let Some(extra) = self.extra.take() else {
            return Ok(found);
        };
        for (key, value) in extra {
            if let Some(at) = self.find(shape, key, 0) {
                if seen >> at & 1 == 1 {
                    let error = self
                        .fault("given twice, by its own name and in extra_body")
                        .at(Path::new(vec![Step::Key(key.clone())]))
                        .cure("give it once");
                    return Err(self.stop(error));
                }
                found |= 1 << at;
            }
            self.write(|sink| sink.key(key))?;
            self.write(|sink| write_value(sink, value))?;
        }
        Ok(found)
    }
}

/// Writes a JSON value as it is.
fn write_value(sink: &mut dyn super::Sink, value: &Value) -> crate::Result<()> {
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

fn write_map(sink: &mut dyn super::Sink, map: &Map<String, Value>) -> crate::Result<()> {
    sink.begin_map()?;
    for (key, value) in map {
        sink.key(key)?;
        write_value(sink, value)?;
    }
    sink.end_map()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::accounts::IMPORT_ACCOUNT;
    use crate::schema::names::Style;
    use crate::schema::walk::{Input, Json, RequestOptions, Slot, Walked, request};

    struct NotANumber;

    impl Input for NotANumber {
        fn read(&mut self, slot: Slot<'_, '_, '_>) -> Walked {
            slot.float(f64::NAN)
        }
    }

    #[test]
    fn an_error_repeats_no_huge_words() {
        let huge = "k".repeat(1 << 20);
        for input in [json!({&*huge: 1}), json!({"user_id": huge}), json!({"user_id": "u", "nick": {&*huge: 1}})] {
            let options = RequestOptions { style: Style::Snake, prefer: None, extra_body: None, mark: 0 };
            let error = request(IMPORT_ACCOUNT.op(), &mut Json(&input.to_string()), options).expect_err("bad input");
            assert!(error.to_string().len() < 1_000, "{} bytes", error.to_string().len());
        }
    }

    #[test]
    fn the_cure_of_nan_is_in_the_words_of_the_callers_language() {
        let cure = |style| {
            let options = RequestOptions { style, prefer: None, extra_body: None, mark: 0 };
            let error = request(IMPORT_ACCOUNT.op(), &mut NotANumber, options).expect_err("not an object");
            error.cure.clone().expect("a cure").into_owned()
        };
        assert!(cure(Style::Snake).contains("tencent_im.without_nan(record)"));
        assert_eq!(cure(Style::Camel), "pass a finite number, or leave it out if the value is absent");
    }
}
