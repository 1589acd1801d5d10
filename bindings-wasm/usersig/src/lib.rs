//! WebAssembly module that signs UserSigs and does nothing else: for `tencent-im-wasm/usersig`.
//!
//! Its functions are those of the whole module, from the same files, so that the façade does not tell the two apart. What
//! reads UserSigs has no place here: verifying and inspecting would bring it from 34 kB (gzip) to more than 60.

#[path = "../../src/common.rs"]
mod common;
#[path = "../../src/signer.rs"]
mod signer;
#[path = "../../src/thrown.rs"]
mod thrown;
