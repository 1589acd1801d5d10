//! What the service remembers of one app.

use std::collections::{BTreeMap, HashMap};

use crate::chat::Chat;
use crate::limits::Buckets;

/// Seconds for which a deleted name stays barred: three months, taken as 90 days.
pub const BARRED_S: u64 = 90 * 86_400;

/// One app's accounts and what hangs on them.
#[derive(Debug, Default)]
pub struct State {
    /// The accounts by name.
    pub accounts: BTreeMap<String, Account>,
    /// Deleted names and when they were deleted, in Unix seconds.
    pub deleted: HashMap<String, u64>,
    /// Names that were kicked and when, in Unix seconds: UserSigs signed before are void.
    pub kicked: HashMap<String, u64>,
    /// Messages and groups.
    pub chat: Chat,
    /// What is left of the documented rates.
    pub buckets: Buckets,
    last_internal_id: u64,
    admins: usize,
}

/// One account.
#[derive(Debug)]
pub struct Account {
    /// The id that the service gives a name once; a name that is deleted and imported again gets another.
    pub internal_id: u64,
    /// Nickname.
    pub nick: Option<String>,
    /// Address of the profile photo.
    pub face_url: Option<String>,
    /// Whether it can be reached.
    pub presence: Presence,
    /// Whether it is an admin's, there from the start.
    pub is_admin: bool,
}

/// Where a user is logged in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Presence {
    /// The state over all platforms.
    pub status: Status,
    /// Platforms with the state on each.
    pub platforms: Vec<(String, Status)>,
}

/// Whether a user can be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub enum Status {
    /// Has a live connection.
    Online,
    /// Was cut off and still gets offline push.
    PushOnline,
    /// Logged out.
    #[default]
    Offline,
}

impl Status {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Online => "Online",
            Status::PushOnline => "PushOnline",
            Status::Offline => "Offline",
        }
    }
}

impl State {
    /// A new app: its admins are accounts from the start, since the console makes only accounts admins.
    pub fn new(admins: &[String]) -> Self {
        let mut state = Self::default();
        for admin in admins {
            state.account(admin).is_admin = true;
        }
        state.admins = state.accounts.len();
        state
    }

    /// The account of a name, made with a new internal id where there is none.
    pub fn account(&mut self, user_id: &str) -> &mut Account {
        if !self.accounts.contains_key(user_id) {
            self.last_internal_id += 1;
            let account = Account {
                internal_id: self.last_internal_id,
                nick: None,
                face_url: None,
                presence: Presence::default(),
                is_admin: false,
            };
            self.accounts.insert(user_id.to_owned(), account);
        }
        self.accounts.get_mut(user_id).expect("it was there or has just been made")
    }

    /// Accounts that count towards the quota. The admins are the app's own and do not.
    pub fn counted_accounts(&self) -> usize {
        self.accounts.len() - self.admins
    }

    /// Removes an account for good. Says whether there was one.
    pub fn delete(&mut self, user_id: &str, now_s: u64) -> bool {
        let Some(account) = self.accounts.remove(user_id) else { return false };
        self.admins -= usize::from(account.is_admin);
        self.deleted.insert(user_id.to_owned(), now_s);
        true
    }

    /// Whether a name was deleted less than three months ago.
    pub fn is_barred(&self, user_id: &str, now_s: u64) -> bool {
        self.deleted.get(user_id).is_some_and(|deleted_at_s| now_s < deleted_at_s.saturating_add(BARRED_S))
    }
}
