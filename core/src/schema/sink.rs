//! Where the walker writes to: JSON text, or a language's own objects.

use super::{Field, Op, Shape, Union};
use crate::error::{Code, Error, Kind, Result, lookup_for};

/// Takes a value as a row of events. A map's key comes before its value.
pub trait Sink {
    /// `null`.
    fn null(&mut self) -> Result<()>;
    /// `true` or `false`.
    fn bool(&mut self, value: bool) -> Result<()>;
    /// A whole number below zero.
    fn int(&mut self, value: i64) -> Result<()>;
    /// A whole number from zero.
    fn uint(&mut self, value: u64) -> Result<()>;
    /// A 64-bit id or cursor.
    fn big_id(&mut self, value: u64) -> Result<()> {
        self.uint(value)
    }
    /// A number below -2^53 of which no table says that it is a count.
    fn big_int(&mut self, value: i128) -> Result<()> {
        match i64::try_from(value) {
            Ok(value) => self.int(value),
            Err(_) => self.float(value as f64),
        }
    }
    /// A number with a fraction.
    fn float(&mut self, value: f64) -> Result<()>;
    /// Text.
    fn text(&mut self, value: &str) -> Result<()>;
    /// A map's key.
    fn key(&mut self, key: &str) -> Result<()>;
    /// The key of a known field, as it is to be written. Languages whose keys are objects have one ready for each field.
    fn field(&mut self, _field: &'static Field, key: &str) -> Result<()> {
        self.key(key)
    }
    /// A map begins.
    fn begin_map(&mut self) -> Result<()>;
    /// A map with known fields begins. Languages with a class for each shape make an object of it here.
    fn begin_object(&mut self, _shape: &'static Shape) -> Result<()> {
        self.begin_map()
    }
    /// A map whose tag decides its content begins. Languages with a class for each tag choose it when the map ends.
    fn begin_union(&mut self, _union: &'static Union) -> Result<()> {
        self.begin_map()
    }
    /// What became of the item that is being written, in a reply. Comes after its number; a code only if it has one.
    fn outcome(&mut self, _is_ok: bool, _code: Option<i64>) -> Result<()> {
        Ok(())
    }
    /// The map ends.
    fn end_map(&mut self) -> Result<()>;
    /// A list begins.
    fn begin_list(&mut self) -> Result<()>;
    /// The list ends.
    fn end_list(&mut self) -> Result<()>;
    /// Bytes written so far, if it writes bytes.
    fn written(&self) -> usize {
        0
    }
}

/// Largest whole number that a JavaScript number holds exactly: 2^53 - 1.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Writes JSON text.
#[derive(Debug)]
pub struct JsonSink {
    out: Vec<u8>,
    comma: bool,
    most: usize,
    reader: Reader,
}

/// Whom the text is for.
#[derive(Clone, Copy, Debug)]
enum Reader {
    /// Anyone who reads numbers to their last digit.
    Any,
    /// JavaScript.
    JavaScript(Option<Meaning>),
}

/// The call whose reply it is, and what gives its codes a meaning. A pointer, so that what reads no replies does not bring
/// the table of codes along: in the WebAssembly module of webhooks it is a quarter.
#[derive(Clone, Copy, Debug)]
struct Meaning {
    op: &'static Op,
    lookup: fn(&Op, i64) -> Option<&'static Code>,
}

impl JsonSink {
    /// Writes at most `most` bytes.
    pub fn new(most: usize) -> Self {
        Self { out: Vec::new(), comma: false, most, reader: Reader::Any }.with_room(128)
    }

    /// Writes ids and cursors as text, since JavaScript's `JSON.parse` would round them; so too other numbers beyond 2^53
    /// of which no table says what they are. Counts and times are numbers always. Items have their outcome in words
    /// beside its code, since plain objects have no properties that look it up. `op` is the call whose reply it is.
    pub fn for_javascript(op: &'static Op, most: usize) -> Self {
        Self { reader: Reader::JavaScript(Some(Meaning { op, lookup: lookup_for })), ..Self::new(most) }
    }

    /// Writes numbers in the same way, for what is not the reply to a call.
    pub fn for_javascript_without_codes(most: usize) -> Self {
        Self { reader: Reader::JavaScript(None), ..Self::new(most) }
    }

    /// Makes room for that many bytes at once, before any is written.
    pub fn with_room(self, bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes), ..self }
    }

    /// The JSON text.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    fn value(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
        if self.comma {
            self.out.push(b',');
        }
        write(&mut self.out);
        self.comma = true;
        if self.out.len() > self.most {
            return Err(Error::new(Kind::InvalidInput, format!("the body is longer than {} bytes", self.most))
                .cure("split it into several calls"));
        }
        Ok(())
    }

    fn number(&mut self, value: impl serde::Serialize, wide: bool) -> Result<()> {
        let quote = wide && matches!(self.reader, Reader::JavaScript(_));
        self.value(|out| {
            if quote {
                out.push(b'"');
            }
            write_json(out, value);
            if quote {
                out.push(b'"');
            }
        })
    }
}

/// Writes one scalar; a `Vec` takes every byte, so this cannot fail.
fn write_json(out: &mut Vec<u8>, value: impl serde::Serialize) {
    let written = serde_json::to_writer(out, &value);
    debug_assert!(written.is_ok());
}

/// Whether a text stands in JSON as it is. Nearly all do; a loop that does not end early is fast.
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |is_plain, byte| is_plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\'))
}

impl Sink for JsonSink {
    fn null(&mut self) -> Result<()> {
        self.value(|out| out.extend_from_slice(b"null"))
    }

    fn bool(&mut self, value: bool) -> Result<()> {
        self.value(|out| out.extend_from_slice(if value { b"true" } else { b"false" }))
    }

    fn int(&mut self, value: i64) -> Result<()> {
        self.number(value, false)
    }

    fn uint(&mut self, value: u64) -> Result<()> {
        self.number(value, false)
    }

    fn big_id(&mut self, value: u64) -> Result<()> {
        self.number(value, true)
    }

    fn big_int(&mut self, value: i128) -> Result<()> {
        self.number(value, true)
    }

    fn float(&mut self, value: f64) -> Result<()> {
        self.number(value, false)
    }

    fn text(&mut self, value: &str) -> Result<()> {
        self.value(|out| match is_plain(value) {
            true => {
                out.reserve(value.len() + 2);
                out.push(b'"');
                out.extend_from_slice(value.as_bytes());
                out.push(b'"');
            }
            false => write_json(out, value),
        })
    }

    fn key(&mut self, key: &str) -> Result<()> {
        self.text(key)?;
        self.out.push(b':');
        self.comma = false;
        Ok(())
    }

    fn begin_map(&mut self) -> Result<()> {
        self.value(|out| out.push(b'{'))?;
        self.comma = false;
        Ok(())
    }

    fn outcome(&mut self, is_ok: bool, code: Option<i64>) -> Result<()> {
        let Reader::JavaScript(Some(Meaning { op, lookup })) = self.reader else { return Ok(()) };
        self.key("ok")?;
        self.bool(is_ok)?;
        if let Some(row) = code.filter(|_| !is_ok).and_then(|code| lookup(op, code)) {
            self.key("cause")?;
            self.text(row.cause)?;
            self.key("cure")?;
            self.text(row.cure)?;
        }
        Ok(())
    }

    fn end_map(&mut self) -> Result<()> {
        self.out.push(b'}');
        self.comma = true;
        Ok(())
    }

    fn begin_list(&mut self) -> Result<()> {
        self.value(|out| out.push(b'['))?;
        self.comma = false;
        Ok(())
    }

    fn end_list(&mut self) -> Result<()> {
        self.out.push(b']');
        self.comma = true;
        Ok(())
    }

    fn written(&self) -> usize {
        self.out.len()
    }
}
