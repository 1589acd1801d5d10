//! Step 4: zlib, by an encoder of our own for one small document.
//!
//! # The format
//!
//! A zlib document (RFC 1950) is two header bytes, a deflate stream (RFC 1951) and a checksum of the text (Adler-32).
//! The stream here is one block: a bit for "this is the last one", two bits for "with the fixed codes", then symbols:
//!
//! | symbol | stands for | its code |
//! | --- | --- | --- |
//! | 0 to 143 | this byte | 8 bits, 48 + symbol |
//! | 144 to 255 | this byte | 9 bits, 256 + symbol |
//! | 256 | the end | 7 bits, 0 |
//! | 257 to 279 | a repeat of 3 to 114 bytes | 7 bits, symbol - 256, then 0 to 4 bits of the length |
//! | 280 to 285 | a repeat of 115 to 258 bytes | 8 bits, symbol - 88, then 4, 5 or 0 bits of the length |
//!
//! After a repeat comes its distance, how far back the same bytes stand: 5 bits of code, 0 to 13 bits more. Bits fill
//! each byte from the lowest up; numbers go in lowest bit first, codes highest bit first, so codes are reversed here.
//!
//! Any inflater reads this. Deflate's other kind of block has codes made for the one document; describing them takes
//! nearly all that they save, four bytes at best.
//!
//! # Why not a compression library
//!
//! Those are made for megabytes and set up 80 to 300 kB of tables for each document. For a UserSig's 175 bytes that
//! takes 4 to 45 microseconds with flate2 over miniz_oxide or zlib-rs, or with libdeflate. This takes a fifth of one,
//! and as many characters as theirs or eight more.

use core::ops::Range;

use super::zeros;

/// The text in zlib format. In `noise`, a part of the text, no repeats are looked for: it is random, as a MAC is.
pub fn zlib(text: &[u8], noise: Range<usize>) -> Vec<u8> {
    let mut block = Block { text, written: 0, bits: Bits::with_room_for(text.len()) };
    let mut last_seen = [0; SLOTS];
    // Deflate with a window of 32 kB, fastest level; the pair is a multiple of 31, as it has to be.
    block.bits.put(0x0178, 16);
    block.bits.put(0b011, 3);
    block.search(0..noise.start, &mut last_seen);
    block.search(noise.end..text.len(), &mut last_seen);
    block.literals(text.len());
    block.bits.put(0, 7);
    block.bits.finish(adler32(text).to_be_bytes())
}

/// Places for three bytes seen: more than enough for the hundred or so that are looked up.
const SLOTS: usize = 256;
/// Shorter repeats do not exist.
const MIN_LENGTH: usize = 3;
/// Longest repeat written. One of 258 bytes has a symbol out of line, which is not worth a special case.
const MAX_LENGTH: usize = 257;
/// Farthest repeat there is.
const MAX_DISTANCE: usize = 32_768;

/// The one block on its way out.
struct Block<'a> {
    text: &'a [u8],
    /// Bytes of the text written so far.
    written: usize,
    bits: Bits,
}

impl Block<'_> {
    /// Looks for repeats that begin in a range of the text, and writes the text up to the last of them.
    ///
    /// That is LZ77, greedy: the first repeat found is taken, at its full length. `last_seen` holds where three bytes
    /// of some hash stood last. Zero is a place as well, so nothing needs to be marked empty: whether they are the
    /// same bytes has to be looked up anyway.
    #[inline(always)]
    fn search(&mut self, range: Range<usize>, last_seen: &mut [u16; SLOTS]) {
        // A repeat may have reached into this range from before it.
        let mut at = range.start.max(self.written);
        while at < range.end
            && let Some(three) = three(self.text, at)
        {
            // The upper bits of a product depend on all bits of the factors. This factor, found by trial, gives the
            // parts of the JSON that never change a slot each.
            let slot = &mut last_seen[three.wrapping_mul(0xa0b7_ae95) as usize >> 24];
            let from = usize::from(core::mem::replace(slot, at as u16));
            if from < at && self::three(self.text, from) == Some(three) && at - from <= MAX_DISTANCE {
                let length = common(&self.text[from..], &self.text[at..]);
                self.literals(at);
                self.bits.put_code(LENGTHS[length - MIN_LENGTH]);
                let distance = at - from;
                self.bits.put_code(*NEAR.get(distance - 1).unwrap_or(&distance_code(distance)));
                at += length;
                self.written = at;
            } else {
                at += 1;
            }
        }
    }

    /// Writes bytes of the text as they are, from where it was written up to a place.
    #[inline(always)]
    fn literals(&mut self, to: usize) {
        while self.written < to {
            let count = (to - self.written).min(8);
            let rest = &self.text[self.written..];
            let bytes = rest.first_chunk().copied().unwrap_or_else(|| {
                let mut bytes = [0; 8];
                bytes[..rest.len()].copy_from_slice(rest);
                bytes
            });
            self.bits.put_literals(bytes, count);
            self.written += count;
        }
    }
}

/// Three bytes as a number, if three are left and one more.
fn three(text: &[u8], at: usize) -> Option<u32> {
    text.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four) << 8)
}

/// How far two texts agree, three bytes of which are known to.
fn common(a: &[u8], b: &[u8]) -> usize {
    let more = a.iter().zip(b).take(MAX_LENGTH).skip(MIN_LENGTH);
    MIN_LENGTH + more.take_while(|(a, b)| a == b).count()
}

/// Bits on their way out.
struct Bits {
    /// Room for all of them. A vector that grows would be asked for its room at each step, and keeps the compiler
    /// from holding the rest of this in registers: a tenth of the time.
    out: Vec<u8>,
    /// Bytes written.
    written: usize,
    /// Bits that do not fill eight bytes yet, the oldest lowest.
    held: u64,
    /// How many, at most 63.
    count: u32,
}

impl Bits {
    /// No byte takes more than nine bits, nor do those that a repeat stands for. Header, end and checksum have eight
    /// bytes, and bits go out eight bytes at a time.
    fn with_room_for(bytes: usize) -> Self {
        Self { out: zeros(bytes + bytes / 8 + 24), written: 0, held: 0, count: 0 }
    }

    /// Writes 1 to 64 bits; those above must be 0.
    #[inline(always)]
    fn put(&mut self, bits: u64, count: u32) {
        self.held |= bits << self.count;
        self.count += count;
        if self.count >= 64 {
            self.put_bytes(self.held.to_le_bytes());
            self.count -= 64;
            // What did not fit: all but the lowest `count - self.count` bits. In two steps, for that may be 64.
            self.held = bits >> (count - self.count - 1) >> 1;
        }
    }

    /// There is room; if there were not, a document cut short would be better than a panic.
    #[inline(always)]
    fn put_bytes<const N: usize>(&mut self, bytes: [u8; N]) {
        if let Some(room) = self.out.get_mut(self.written..).and_then(<[u8]>::first_chunk_mut) {
            *room = bytes;
        }
        self.written += N;
    }

    #[inline(always)]
    fn put_code(&mut self, code: Code) {
        self.put(code.bits.into(), code.count.into());
    }

    /// Writes the first 1 to 8 of these bytes as literals.
    #[inline(always)]
    fn put_literals(&mut self, bytes: [u8; 8], count: usize) {
        let all = u64::from_be_bytes(bytes);
        if all & 0x8080_8080_8080_8080 == 0 {
            // ASCII: eight codes of eight bits at once. The sums do not carry, and turning the whole around also
            // brings the first byte to the front.
            let codes = (all + 0x3030_3030_3030_3030).reverse_bits();
            let bits = 8 * count as u32;
            self.put(codes & (u64::MAX >> (64 - bits)), bits);
        } else {
            for &byte in bytes.iter().take(count) {
                self.put_code(match byte {
                    0..144 => Code::new(48 + u32::from(byte), 8),
                    144.. => Code::new(256 + u32::from(byte), 9),
                });
            }
        }
    }

    /// Fills the last byte with zero bits, and appends the checksum.
    fn finish(mut self, checksum: [u8; 4]) -> Vec<u8> {
        let end = self.written + self.count.div_ceil(8) as usize;
        self.put_bytes(self.held.to_le_bytes());
        self.written = end;
        self.put_bytes(checksum);
        self.out.truncate(self.written);
        self.out
    }
}

/// A code and the bits that follow it, ready to be written.
#[derive(Clone, Copy)]
struct Code {
    bits: u32,
    count: u8,
}

impl Code {
    const fn new(code: u32, count: u8) -> Self {
        Self { bits: code.reverse_bits() >> (32 - count), count }
    }

    const fn followed_by(self, bits: u32, count: u8) -> Self {
        Self { bits: self.bits | bits << self.count, count: self.count + count }
    }
}

/// The codes of all lengths, from [`MIN_LENGTH`].
static LENGTHS: [Code; MAX_LENGTH - MIN_LENGTH + 1] = {
    let mut codes = [Code::new(0, 1); MAX_LENGTH - MIN_LENGTH + 1];
    let mut i = 0;
    while i < codes.len() {
        let (step, bits, count) = steps(i as u32, 2);
        let symbol = 257 + step;
        let code = if symbol < 280 { Code::new(symbol - 256, 7) } else { Code::new(symbol - 88, 8) };
        codes[i] = code.followed_by(bits, count);
        i += 1;
    }
    codes
};

/// The codes of the distances that a UserSig has, from 1.
static NEAR: [Code; 128] = {
    let mut codes = [Code::new(0, 1); 128];
    let mut i = 0;
    while i < codes.len() {
        codes[i] = distance_code(i + 1);
        i += 1;
    }
    codes
};

const fn distance_code(distance: usize) -> Code {
    let (step, bits, count) = steps(distance as u32 - 1, 1);
    Code::new(step, 5).followed_by(bits, count)
}

/// Deflate's scale for lengths and distances: steps of 1 at first, then `1 << log` steps of each power of two.
/// Gives the step that a value lies on, and the bits that say where on it.
const fn steps(value: u32, log: u32) -> (u32, u32, u8) {
    let count = (value | 1).ilog2().saturating_sub(log);
    ((count << log) + (value >> count), value & ((1 << count) - 1), count as u8)
}

/// The checksum: the sum of the bytes and 1, and above it the sum of those sums, both modulo the largest prime
/// below 65536.
fn adler32(text: &[u8]) -> u32 {
    // Eight bytes as four 16-bit numbers.
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    let (mut a, mut b) = (1, 0);
    // With so many bytes no sum overflows 32 bits, even if all bytes are 255.
    for part in text.chunks(5552) {
        let (eights, rest) = part.as_chunks::<8>();
        for eight in eights {
            // Multiplying adds the four up, each times its own factor, in the uppermost 16 bits. Of the sums of sums,
            // the first byte goes into eight, the last into one.
            let bytes = u64::from_le_bytes(*eight);
            let (even, odd) = (bytes & EVEN, bytes >> 8 & EVEN);
            let sum = (even + odd).wrapping_mul(0x0001_0001_0001_0001) >> 48;
            let even = even.wrapping_mul(0x0008_0006_0004_0002) >> 48;
            let odd = odd.wrapping_mul(0x0007_0005_0003_0001) >> 48;
            b += 8 * a + even + odd;
            a += sum;
        }
        for &byte in rest {
            a += u64::from(byte);
            b += a;
        }
        a %= 65521;
        b %= 65521;
    }
    (b << 16 | a) as u32
}
