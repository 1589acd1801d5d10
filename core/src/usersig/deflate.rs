//! Step 4: a zlib writer of our own.

/// The text in zlib format.
pub fn zlib(text: &[u8]) -> Vec<u8> {
    let mut bits = Bits::new(text.len());
    bits.put(0b011, 3);
    let mut heads = [0u16; 256];
    let (mut at, mut literals) = (0, 0);
    while let Some(word) = word(text, at) {
        let slot = &mut heads[(word.wrapping_mul(0x9e37_79b1) >> 24) as usize];
        let seen = usize::from(core::mem::replace(slot, at as u16 + 1));
        if seen > 0 && self::word(text, seen - 1) == Some(word) {
            let from = seen - 1;
            let length = 4 + text[from + 4..].iter().zip(&text[at + 4..]).take(253).take_while(|(a, b)| a == b).count();
            bits.literals(&text[literals..at]);
            bits.repeat(length as u32, (at - from) as u32);
            at += length;
            literals = at;
        } else {
            at += 1;
        }
    }
    bits.literals(&text[literals..]);
    bits.put(0, 7);
    let mut out = bits.finish();
    out.extend_from_slice(&adler32(text).to_be_bytes());
    out
}

fn word(text: &[u8], at: usize) -> Option<u32> {
    text.get(at..)?.first_chunk().map(|word| u32::from_le_bytes(*word))
}

struct Bits {
    out: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    fn new(text: usize) -> Self {
        let mut out = Vec::with_capacity(text + text / 8 + 16);
        out.extend_from_slice(&[0x78, 0x01]);
        Self { out, held: 0, count: 0 }
    }

    #[inline(always)]
    fn put(&mut self, bits: u64, count: u32) {
        self.held |= bits << self.count;
        self.count += count;
        if self.count >= 64 {
            self.out.extend_from_slice(&self.held.to_le_bytes());
            self.count -= 64;
            self.held = (bits >> 1) >> (count - self.count - 1);
        }
    }

    #[inline(always)]
    fn literals(&mut self, text: &[u8]) {
        let (chunks, rest) = text.as_chunks::<8>();
        for chunk in chunks {
            self.chunk(*chunk, 8)
        }
        if !rest.is_empty() {
            let mut chunk = [0; 8];
            chunk[..rest.len()].copy_from_slice(rest);
            self.chunk(chunk, rest.len());
        }
    }

    #[inline(always)]
    fn chunk(&mut self, chunk: [u8; 8], len: usize) {
        let chars = u64::from_be_bytes(chunk);
        if chars & 0x8080_8080_8080_8080 == 0 {
            let codes = (chars + 0x3030_3030_3030_3030).reverse_bits();
            let keep = u64::MAX >> (64 - 8 * len);
            self.put(codes & keep, 8 * len as u32);
        } else {
            for &byte in &chunk[..len] {
                let (code, count) = match byte {
                    0..144 => (0x30 + u64::from(byte), 8),
                    _ => (0x190 + u64::from(byte - 144), 9),
                };
                self.put(code.reverse_bits() >> (64 - count), count);
            }
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
        let bytes = self.count.div_ceil(8) as usize;
        self.out.extend_from_slice(&self.held.to_le_bytes()[..bytes]);
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
    ((extra_bits << keep) + head, value & ((1 << extra_bits) - 1), extra_bits)
}

fn adler32(text: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for stretch in text.chunks(5552) {
        let (chunks, rest) = stretch.as_chunks::<16>();
        for chunk in chunks {
            let mut sum = 0;
            let mut weighted = 0;
            for (i, &byte) in chunk.iter().enumerate() {
                sum += u32::from(byte);
                weighted += (16 - i as u32) * u32::from(byte);
            }
            b += 16 * a + weighted;
            a += sum;
        }
        for &byte in rest {
            a += u32::from(byte);
            b += a;
        }
        a %= 65521;
        b %= 65521;
    }
    b << 16 | a
}
