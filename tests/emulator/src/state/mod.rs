//! What the service remembers of one app, one file a subject. Nothing here knows the wire.

pub mod contacts;
pub mod extensions;
pub mod group_log;
pub mod groups;
pub mod messages;
pub mod official_accounts;
pub mod permissions;
pub mod push;
pub mod relations;
pub mod robots;

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use crate::limits::Buckets;
use contacts::Contacts;
use groups::Groups;
use messages::Messages;
use official_accounts::OfficialAccounts;
use push::Push;
use relations::Relations;
use robots::Robots;

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
    /// One-to-one messages.
    pub messages: Messages,
    /// Groups and their messages.
    pub groups: Groups,
    /// Conversation lists.
    pub contacts: Contacts,
    /// Friends, blocked users, follows.
    pub relations: Relations,
    /// Tags and attributes that pushes are addressed by.
    pub push: Push,
    /// Official accounts, their subscribers and messages.
    pub official_accounts: OfficialAccounts,
    /// Chatbots.
    pub robots: Robots,
    /// What is left of the documented rates.
    pub buckets: Buckets,
    last_internal_id: u64,
    admins: usize,
    draws: u64,
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
    /// The other profile fields, by their tags.
    pub profile: BTreeMap<String, Value>,
    /// Whether it is muted everywhere.
    pub muted: Muted,
    /// Whether it can be reached.
    pub presence: Presence,
    /// Whether it is an admin's, there from the start.
    pub is_admin: bool,
}

/// Until when a user may not send messages, in Unix seconds; 0 where it may.
#[derive(Clone, Copy, Debug, Default)]
pub struct Muted {
    /// One-to-one messages.
    pub one_to_one_until_s: u64,
    /// Messages to groups.
    pub groups_until_s: u64,
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
                profile: BTreeMap::new(),
                muted: Muted::default(),
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

    /// A random number of 32 bits, as the service draws one where a request leaves it out. The same ones come after
    /// each start, so that a test can be run again.
    pub fn draw(&mut self) -> u64 {
        self.draws = self.draws.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.draws;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) >> 32
    }

    /// Messages and groups, for the control plane.
    pub fn show_chat(&self) -> Value {
        let messages: Vec<Value> = self.messages.show().into_iter().chain(self.groups.show_messages()).collect();
        json!({"messages": messages, "groups": self.groups.show()})
    }

    /// Removes an account with all its data, for good. Says whether there was one.
    pub fn delete(&mut self, user_id: &str, now_s: u64) -> bool {
        let Some(account) = self.accounts.remove(user_id) else { return false };
        self.admins -= usize::from(account.is_admin);
        self.deleted.insert(user_id.to_owned(), now_s);
        self.messages.forget(user_id);
        self.groups.forget(user_id);
        self.contacts.forget(user_id);
        self.relations.forget(user_id);
        self.push.forget(user_id);
        self.official_accounts.forget(user_id);
        self.robots.forget(user_id);
        true
    }

    /// Whether a name was deleted less than three months ago.
    pub fn is_barred(&self, user_id: &str, now_s: u64) -> bool {
        self.deleted.get(user_id).is_some_and(|deleted_at_s| now_s < deleted_at_s.saturating_add(BARRED_S))
    }
}
