//! Node addon over tencent-im-core: JSON texts in, small objects out.
//!
//! It does no I/O but for the journals of runs, which need locks that Node has not; it starts no thread and keeps no time: JavaScript sends what a step says and reports back.
//! The functions are the `Native` interface of the TypeScript façade, which is their only caller.

// In tests the macros register nothing, and what only JavaScript calls looks unused.
#![cfg_attr(test, allow(dead_code))]

mod client;
mod facts;
mod guard;
mod items;
mod numbers;
mod pages;
mod runs;
mod usersig;
mod webhook;
