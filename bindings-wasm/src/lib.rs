//! WebAssembly module over tencent-im-core.
