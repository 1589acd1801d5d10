//! WebAssembly module over tencent-im-core: texts in, texts out.
//!
//! It does no I/O and asks for no time and no random numbers: JavaScript sends what a step says and reports back.
//! The functions are the `Native` interface of `js/native.ts`, whose façade is their only caller and has checked
//! the numbers: app ids, times and lifetimes arrive as whole numbers in range.

mod client;
mod common;
mod items;
mod pages;
mod signer;
mod thrown;
mod usersig;
