//! Step 4: zlib.

/// The text in zlib format.
pub fn zlib(text: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(text, 6)
}
