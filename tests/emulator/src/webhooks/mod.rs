//! The other direction: the service tells the app's backend what happens, and asks it first where it may decide.
//!
//! A call asks and tells by its [`Context`](crate::families::Context), with the functions of [`events`], where each body is
//! spelled by hand. Asking ends the call's run; once the answer is there, the call is run again from its start, and what
//! it asked is then known ([`exchange`]). So no lock is held meanwhile, and what else happened meanwhile counts. Until it
//! has asked, a call must not change anything.
//!
//! | file | |
//! | --- | --- |
//! | `target` | where the webhooks of an app go, and which |
//! | `exchange` | what one call asks and tells |
//! | `events` | the bodies, one file a subject |
//! | `verdict` | what an answer means |
//! | `delivery` | one request, signed and in time |
//! | `post` | deliveries and their log; retries |
//! | `samples` | the documented example of each webhook |
//! | `control` | the endpoints under `/_emulator/webhooks` |

pub mod control;
mod delivery;
pub mod events;
pub mod exchange;
pub mod post;
mod samples;
mod target;
pub mod verdict;

pub use delivery::Origin;
pub use post::Post;
pub use target::{Commands, Late, Target, WebhookSettings};
