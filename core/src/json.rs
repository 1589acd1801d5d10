//! Answers that are nearly JSON: mended where the intention is plain, so that their code decides.
//!
//! The service cuts texts of users in the middle of a character, which leaves half a surrogate pair (`\ud83d`) or broken
//! UTF-8, and old parts of it answer in GBK. What cannot be read becomes U+FFFD; everything else stays as it is.

use core::fmt;
use std::borrow::Cow;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The text of an answer, mended if needed. An answer that is sound costs one look.
pub fn text_of(body: &[u8]) -> Cow<'_, str> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match core::str::from_utf8(body) {
        // The look for characters that are not ASCII is a tenth of the look for one of them.
        Ok(text) if !has_lone_surrogate(text) && (text.is_ascii() || !text.contains('\u{fffd}')) => Cow::Borrowed(text),
        Ok(text) => mend(text),
        Err(_) => Cow::Owned(mend(&String::from_utf8_lossy(body)).into_owned()),
    }
}

/// Mends a text whose broken characters are U+FFFD already.
fn mend(text: &str) -> Cow<'_, str> {
    let text = if has_lone_surrogate(text) { Cow::Owned(without_lone_surrogates(text)) } else { Cow::Borrowed(text) };
    // The second byte of a GBK character may be a backslash, which now stands alone and escapes what follows.
    if text.contains("\u{fffd}\\") && !is_json(&text) {
        let mended = text.replace("\u{fffd}\\", "\u{fffd}");
        if is_json(&mended) {
            return Cow::Owned(mended);
        }
    }
    text
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

fn has_lone_surrogate(text: &str) -> bool {
    // Most texts have no escapes at all, which is quickly seen.
    text.contains('\\') && lone_surrogates(text).next().is_some()
}

fn without_lone_surrogates(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut kept = 0;
    for at in lone_surrogates(text) {
        mended.push_str(&text[kept..at]);
        mended.push_str("\\ufffd");
        kept = at + ESCAPE_LEN;
    }
    mended + &text[kept..]
}

/// Length of an escape such as `\ud83d`.
const ESCAPE_LEN: usize = 6;

/// Where escapes of half a surrogate pair begin.
fn lone_surrogates(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut at = 0;
    core::iter::from_fn(move || {
        loop {
            at += text.as_bytes().get(at..)?.iter().position(|byte| *byte == b'\\')?;
            let begin = at;
            match surrogate_at(text, begin) {
                // The backslash and what it escapes.
                None => at += 2,
                Some(0xd800..=0xdbff) if matches!(surrogate_at(text, begin + ESCAPE_LEN), Some(0xdc00..=0xdfff)) => {
                    at += 2 * ESCAPE_LEN;
                }
                Some(_) => {
                    at += ESCAPE_LEN;
                    return Some(begin);
                }
            }
        }
    })
}

/// The surrogate that is escaped here, if one is.
fn surrogate_at(text: &str, at: usize) -> Option<u16> {
    let escape = text.as_bytes().get(at..at + ESCAPE_LEN)?;
    if escape[..2] != *b"\\u" || !escape[2..].iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let code = u16::from_str_radix(core::str::from_utf8(&escape[2..]).ok()?, 16).ok()?;
    (0xd800..=0xdfff).contains(&code).then_some(code)
}

/// An object of entries. `collect` sorts them first, by code of its own for each kind of iterator: 4 kB in WebAssembly.
pub fn object(entries: impl IntoIterator<Item = (String, Value)>) -> Map<String, Value> {
    let mut object = Map::new();
    object.extend(entries);
    object
}

/// Reads a JSON object. Through `Value`, which takes anything: a visitor that takes objects alone needs words for all that
/// it refuses, among them floats, whose formatting is 11 kB in WebAssembly.
pub fn object_of(json: &str) -> serde_json::Result<Map<String, Value>> {
    match serde_json::from_str(json)? {
        Value::Object(object) => Ok(object),
        _ => Err(Error::custom("not an object")),
    }
}

/// Reads the fields of these names from the top of a JSON object, in the order of the names. What is inside a list or an
/// object is left out: nesting costs no stack. None of them may stand twice.
pub fn top_fields<const N: usize>(json: &str, names: [&str; N]) -> serde_json::Result<[Option<Value>; N]> {
    let mut found = [const { None }; N];
    read_top(json, &names, &mut found).map(|_| found)
}

/// Does the same for names that are not known to the compiler.
pub fn top_values(json: &str, names: &[&str]) -> serde_json::Result<Vec<Option<Value>>> {
    let mut found = vec![None; names.len()];
    read_top(json, names, &mut found).map(|_| found)
}

/// Reads an object whose names are all different.
pub fn distinct(json: &str) -> serde_json::Result<Map<String, Value>> {
    let object = object_of(json)?;
    match read_top(json, &[], &mut [])? == object.len() {
        true => Ok(object),
        false => Err(Error::custom("a name stands twice")),
    }
}

/// Finds the fields of an object and counts all its names.
fn read_top(json: &str, names: &[&str], found: &mut [Option<Value>]) -> serde_json::Result<usize> {
    let mut count = 0;
    let mut json = serde_json::Deserializer::from_str(json);
    let whole = json.deserialize_any(Flat { names, found, count: &mut count })?;
    json.end()?;
    if whole.is_object() { Ok(count) } else { Err(Error::custom("not an object")) }
}

/// The place of a name among those that are wanted.
struct Place<'n>(&'n [&'n str]);

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<Option<usize>, D::Error> {
        name.deserialize_str(self)
    }
}

impl Visitor<'_> for Place<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|wanted| *wanted == name))
    }
}

/// A value without what is inside a list or an object, but for an object's fields of these names.
struct Flat<'n> {
    names: &'n [&'n str],
    found: &'n mut [Option<Value>],
    /// How many names the object has.
    count: &'n mut usize,
}

impl<'de> DeserializeSeed<'de> for Flat<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Value, D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Flat<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Array(Vec::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        while let Some(place) = entries.next_key_seed(Place(self.names))? {
            *self.count += 1;
            let Some(found) = place.and_then(|at| self.found.get_mut(at)) else {
                entries.next_value::<IgnoredAny>()?;
                continue;
            };
            if found.replace(entries.next_value_seed(Flat { names: &[], found: &mut [], count: &mut 0 })?).is_some() {
                return Err(A::Error::custom("a name stands twice"));
            }
        }
        Ok(Value::Object(Map::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_text_is_borrowed() {
        for text in ["", "{}", r#"{"a":"\ud83d\ude00 \\ud83d \" \u4f60 你"}"#, r#""\\\\ud83d""#] {
            assert!(matches!(text_of(text.as_bytes()), Cow::Borrowed(same) if same == text), "{text}");
        }
        assert_eq!(text_of(b"\xef\xbb\xbf{}"), "{}");
    }

    #[test]
    fn fields_at_the_top_are_read_flat() {
        let read = |json: &str| top_fields(json, ["a", "b"]).ok();
        assert_eq!(read(r#" {"\u0061": 1, "c": {"b": 2}} "#), Some([Some(1.into()), None]));
        assert_eq!(read(r#"{"b": [[1]], "a": null}"#), Some([Some(Value::Null), Some(Value::Array(Vec::new()))]));
        let deep = format!(r#"{{"a": {}{}}}"#, "[".repeat(100), "]".repeat(100));
        assert_eq!(read(&deep), Some([Some(Value::Array(Vec::new())), None]));
        for no_object in ["", "1", "null", "[1, 2]", r#"{"a": 1"#, r#"{"a": 1} 2"#, r#"{"a": 1, "a": 1}"#] {
            assert_eq!(read(no_object), None, "{no_object}");
        }
        assert!(distinct(r#"{"a": {"b": 1}, "b": 1}"#).is_ok());
        for refused in [r#"{"x": 1, "x": 1}"#, r#"{"x": 1, "\u0078": 2}"#, "[]", "{} 1"] {
            assert!(distinct(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn half_pairs_become_u_fffd() {
        for (given, mended) in [
            (r#""x\ud83d""#, r#""x\ufffd""#),
            (r#""\uDE00x""#, r#""\ufffdx""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\ud83d\n\\\ud83d""#, r#""\ufffd\n\\\ufffd""#),
            (r#""\ud83d\u4f60""#, r#""\ufffd\u4f60""#),
        ] {
            assert_eq!(text_of(given.as_bytes()), mended);
            assert!(is_json(mended), "{mended}");
        }
        // What is not an escape is left to the parser.
        for broken in [r#""\ud8"#, r#""\ud83"#, r"\", r#""\uzzzz""#] {
            assert_eq!(text_of(broken.as_bytes()), broken);
        }
    }

    #[test]
    fn broken_bytes_become_u_fffd() {
        // Cut UTF-8, "joy" in GBK, a GBK character that ends in a backslash, and the same where the text was decoded before.
        for (given, mended) in [
            (&b"{\"a\":\"\xe4\xbd\"}"[..], "{\"a\":\"\u{fffd}\"}"),
            (b"{\"a\":\"\xc3\xd3\"}", "{\"a\":\"\u{fffd}\u{fffd}\"}"),
            (b"{\"a\":\"\xd5\x5c\"}", "{\"a\":\"\u{fffd}\"}"),
            ("{\"a\":\"\u{fffd}\\\"}".as_bytes(), "{\"a\":\"\u{fffd}\"}"),
            (b"{\"a\":\"\xff\\n\\ud83d\"}", "{\"a\":\"\u{fffd}\\n\\ufffd\"}"),
        ] {
            assert_eq!(text_of(given), mended);
            assert!(is_json(mended), "{mended}");
        }
        assert_eq!(text_of(b"not \xff json \\"), "not \u{fffd} json \\");
    }
}
