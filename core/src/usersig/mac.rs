//! Step 2: HMAC-SHA256 of the content.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Bytes that SHA-256 takes at a time.
const BLOCK: usize = 64;

/// HMAC-SHA256 (RFC 2104) with the key already taken in.
///
/// HMAC hashes the key, changed in one way, and the content; then the key, changed in another, and that hash. The key
/// fills the first block of either, so that the state of SHA-256 after it depends on the key alone. Both states are
/// computed once, here, and a MAC takes three blocks instead of five. Crate hmac does the same, but goes through
/// buffers made for content that comes in pieces, which costs as much as the hashing itself.
///
/// Worth as much as the key itself, so it is wiped on drop.
#[derive(Clone)]
pub struct Keyed {
    inner: Zeroizing<[u32; 8]>,
    outer: Zeroizing<[u32; 8]>,
}

impl Keyed {
    /// Takes the key's bytes as they stand; a key over 64 bytes is replaced by its hash, as HMAC defines it.
    pub fn new(key: &[u8]) -> Self {
        let mut block = Zeroizing::new([0; BLOCK]);
        match block.get_mut(..key.len()) {
            Some(start) => start.copy_from_slice(key),
            None => block[..32].copy_from_slice(&Sha256::digest(key)),
        }
        let state_after = |change: u8| {
            let mut state = Zeroizing::new(INITIAL);
            compress256(&mut state, &[*Zeroizing::new(block.map(|byte| byte ^ change))]);
            state
        };
        Self { inner: state_after(0x36), outer: state_after(0x5c) }
    }

    /// The MAC of the content.
    pub fn mac(&self, content: &[u8]) -> [u8; 32] {
        finish(&self.outer, &finish(&self.inner, content))
    }
}

/// The hash of a block that led to this state, and of the text after it.
fn finish(state: &[u32; 8], text: &[u8]) -> [u8; 32] {
    let mut state = *state;
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    compress256(&mut state, blocks);
    // The end is padded with a one bit, zeros, and the number of bits hashed, which has to end a block.
    let mut end = [[0; BLOCK]; 2];
    end[0][..rest.len()].copy_from_slice(rest);
    end[0][rest.len()] = 0x80;
    let used = if rest.len() < BLOCK - 8 { 1 } else { 2 };
    let bits = 8 * (BLOCK + text.len()) as u64;
    end[used - 1][BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());
    compress256(&mut state, &end[..used]);
    let mut hash = [0; 32];
    for (bytes, word) in hash.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    hash
}

/// SHA-256's state before anything is hashed (FIPS 180-4, 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

#[cfg(test)]
mod tests {
    use super::Keyed;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn rfc_4231() {
        let cases: [(&[u8], &[u8], &str); 4] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, content, mac) in cases {
            assert_eq!(hex(&Keyed::new(key).mac(content)), mac);
        }
    }
}
