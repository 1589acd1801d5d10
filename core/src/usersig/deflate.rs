//! Step 4: a zlib writer of our own.

/// The text in zlib format.
pub fn zlib(text: &[u8]) -> Vec<u8> {
    let mut bits = Bits::new(text.len());
    bits.put(0b011, 3);
    let mut seen = [0u16; 256];
    let (mut at, mut literals) = (0, 0);
    while let Some(word) = word(text, at) {
        let slot = &mut seen[(word.wrapping_mul(0x9e37_79b1) >> 24) as usize];
        let from = usize::from(core::mem::replace(slot, at as u16));
        if from < at && self::word(text, from) == Some(word) {
            let length = 4 + text[from + 4..]
                .iter()
                .zip(&text[at + 4..])
                .take(253)
                .take_while(|(a, b)| a == b)
                .count();
            bits.literals(text, literals, at);
            bits.repeat(length as u32, (at - from) as u32);
            at += length;
            literals = at;
        } else {
            at += 1;
        }
    }
    bits.literals(text, literals, text.len());
    bits.put(0, 7);
    let mut out = bits.finish();
    out.extend_from_slice(&adler32(text).to_be_bytes());
    out
}

#[inline(always)]
fn word(text: &[u8], at: usize) -> Option<u32> {
    text.get(at..)?.first_chunk().map(|word| u32::from_le_bytes(*word))
}

struct Bits {
    out: Vec<u8>,
    at: usize,
    held: u64,
    count: u32,
}

impl Bits {
    fn new(text: usize) -> Self {
        let mut out = vec![0; text + text / 8 + 24];
        out[..2].copy_from_slice(&[0x78, 0x01]);
        Self { out, at: 2, held: 0, count: 0 }
    }

    #[inline(always)]
    fn put(&mut self, bits: u64, count: u32) {
        self.held |= bits << self.count;
        self.count += count;
        if let Some(out) = self.out.get_mut(self.at..).and_then(|out| out.first_chunk_mut()) {
            *out = self.held.to_le_bytes();
        }
        self.at += (self.count / 8) as usize;
        self.held >>= self.count & !7;
        self.count %= 8;
    }

    #[inline(always)]
    fn literals(&mut self, text: &[u8], mut from: usize, to: usize) {
        while from < to {
            let count = (to - from).min(7);
            let rest = &text[from..];
            let chunk = match rest.first_chunk() {
                Some(chunk) => u64::from_be_bytes(*chunk),
                None => rest.iter().fold(0, |chunk, byte| chunk << 8 | u64::from(*byte)) << (64 - 8 * rest.len()),
            };
            self.chunk(chunk, count as u32);
            from += count;
        }
    }

    #[inline(always)]
    fn chunk(&mut self, chunk: u64, chars: u32) {
        if chunk & 0x8080_8080_8080_8080 == 0 {
            let codes = (chunk + 0x3030_3030_3030_3030).reverse_bits();
            let keep = (1 << (8 * chars)) - 1;
            self.put(codes & keep, 8 * chars);
        } else {
            self.odd(chunk, chars)
        }
    }

    #[cold]
    fn odd(&mut self, chunk: u64, chars: u32) {
        for &byte in &chunk.to_be_bytes()[..chars as usize] {
            let (code, count) = match byte {
                0..144 => (0x30 + u32::from(byte), 8),
                _ => (0x190 + u32::from(byte - 144), 9),
            };
            self.put(reversed(code, count), count);
        }
    }

    #[inline(always)]
    fn repeat(&mut self, length: u32, distance: u32) {
        let (symbol, extra, extra_bits) = split(length - 3, 2);
        let symbol = symbol + 1;
        let (code, count) = match symbol {
            0..24 => (symbol, 7),
            _ => (0xc0 + symbol - 24, 8),
        };
        self.put(reversed(code, count) | u64::from(extra) << count, count + extra_bits);
        let (code, extra, extra_bits) = split(distance - 1, 1);
        self.put(reversed(code, 5) | u64::from(extra) << 5, 5 + extra_bits);
    }

    fn finish(mut self) -> Vec<u8> {
        self.out.truncate(self.at + (self.count > 0) as usize);
        self.out
    }
}

#[inline(always)]
fn reversed(code: u32, count: u32) -> u64 {
    u64::from(code.reverse_bits() >> (32 - count))
}

/// (symbol, extra, extra bits)
#[inline(always)]
fn split(value: u32, keep: u32) -> (u32, u32, u32) {
    let extra_bits = (value | 1).ilog2().saturating_sub(keep);
    let head = value >> extra_bits;
    (
        (extra_bits << keep) + head,
        value & ((1 << extra_bits) - 1),
        extra_bits,
    )
}

fn adler32(text: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for stretch in text.chunks(5552) {
        for &byte in stretch {
            a += u32::from(byte);
            b += a;
        }
        a %= 65521;
        b %= 65521;
    }
    b << 16 | a
}
