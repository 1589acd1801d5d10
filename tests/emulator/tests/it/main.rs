//! The emulator over real HTTP on loopback: what it answers, what it remembers, how it fails on demand.

mod accounts;
mod chat;
mod control;
mod faults;
mod harness;
mod limits;
mod online;
mod program;
mod protocol;
mod signature;
