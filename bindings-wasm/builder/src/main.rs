//! Makes the JavaScript glue of the WebAssembly module.
fn main() {}
