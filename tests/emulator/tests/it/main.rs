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
mod official_accounts;
mod online;
mod pages;
mod permission_groups;
mod profiles;
mod program;
mod protocol;
mod push;
mod relations;
mod robots;
mod signature;
mod tables;
mod webhooks;
