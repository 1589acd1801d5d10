//! The emulator over real HTTP on loopback: what it answers, what it remembers, how it fails on demand.

mod accounts;
mod control;
mod faults;
mod group_messages;
mod groups;
mod harness;
mod limits;
mod messages;
mod online;
mod program;
mod protocol;
mod signature;
