//! Policy as pure state machines on the caller's clock: [`Plan`] is what never changes about a client, [`Engine`] the
//! state that its calls share, [`Call`] is one call, [`Host`] keeps calls by number for callers on the far side of a
//! language border.
//!
//! Nothing here waits, sends or reads a clock. Whoever drives a call polls it, does what the [`Step`] says, reports what
//! came of it, and polls again. Deadlines, timeouts, backoffs and rate limits are on [`Now::mono_ms`]; UserSigs, and the
//! time for which the service recognizes a retry, on [`Now::unix_ms`], too.

mod bulk;
mod call;
mod checkpoint;
mod draws;
mod engine;
mod events;
mod host;
mod items;
pub mod journal;
mod outcomes;
mod pace;
mod pages;
mod parts;
mod plan;
mod policy;
mod retry;
mod runs;
mod seen;
mod sigs;
mod skew;
pub mod text;
mod text_client;
mod text_pages;
mod text_runs;
mod verdict;

pub use bulk::{BatchCall, Bulk, BulkSettings, Offered};
pub use call::{Call, Step};
pub use checkpoint::{Checkpoint, Counts, RunId};
pub use engine::Engine;
pub use events::{Event, Level};
pub use host::{CallId, Host};
pub use outcomes::{ItemOutcome, ItemReply};
pub use pace::Rates;
pub use pages::Pages;
pub use plan::{Draft, Plan, ResolvedOptions, RunSettings};
pub use runs::RunNumber;
pub use text_client::TextClient;
pub use text_pages::TextPages;
pub use text_runs::Next;

/// The time on two clocks, read together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds of a clock that never goes back, from any beginning. The same clock for all calls of an engine.
    pub mono_ms: u64,
    /// Milliseconds since 1970. May jump in either direction.
    pub unix_ms: u64,
}
