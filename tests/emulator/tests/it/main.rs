//! The emulator over real HTTP on loopback: what it answers, what it remembers, how it fails on demand.

mod accounts;
mod control;
mod conversations;
mod every_call;
mod faults;
mod group_messages;
mod groups;
mod harness;
mod limits;
mod live_groups;
mod messages;
mod online;
mod pages;
mod profiles;
mod program;
mod protocol;
mod push;
mod relations;
mod signature;
mod tables;
