//! Who is whose friend, who blocks whom, who follows whom.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

/// The relations of one app's users.
#[derive(Debug, Default)]
pub struct Relations(HashMap<String, Relation>);

/// One user's lists; each in the order in which its entries came.
#[derive(Debug, Default)]
pub struct Relation {
    /// Friends.
    pub friends: Vec<Friend>,
    /// Who has asked to be a friend and was not answered yet.
    requests: BTreeSet<String>,
    /// Rises with each change of standard fields of friends.
    pub standard_sequence: u64,
    /// Rises with each change of fields of the app's own.
    pub custom_sequence: u64,
    /// Friend groups.
    pub groups: Vec<String>,
    /// Rises with each change of the friend groups.
    pub group_sequence: u64,
    /// Whom the user blocks and since when, in Unix seconds.
    pub blocked: Vec<(String, u64)>,
    /// Rises with each change of whom the user blocks.
    pub block_sequence: u64,
    /// Whom the user follows and since when, in Unix seconds.
    pub following: Vec<(String, u64)>,
}

/// What a user keeps about a friend.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Friend {
    /// The friend.
    pub account: String,
    /// The note about it.
    pub remark: Option<String>,
    /// The friend groups that it is in.
    pub groups: Vec<String>,
    /// Where the friendship came from.
    pub source: Option<String>,
    /// The words of the request.
    pub wording: Option<String>,
    /// When it began, in Unix seconds.
    pub added_s: u64,
    /// Fields of the app's own, by their tags.
    pub custom: BTreeMap<String, Value>,
}

impl Relations {
    /// A user's lists, where it has some.
    pub fn get(&self, user_id: &str) -> Option<&Relation> {
        self.0.get(user_id)
    }

    /// A user's lists, to change.
    pub fn of(&mut self, user_id: &str) -> &mut Relation {
        if !self.0.contains_key(user_id) {
            self.0.insert(user_id.to_owned(), Relation::default());
        }
        self.0.get_mut(user_id).expect("it was there or has just been put in")
    }

    /// Whether a user has another one in its friend list.
    pub fn is_friend(&self, of: &str, user_id: &str) -> bool {
        self.get(of).is_some_and(|relation| relation.friend(user_id).is_some())
    }

    /// Whether a user blocks another one.
    pub fn blocks(&self, user_id: &str, other: &str) -> bool {
        self.get(user_id).is_some_and(|relation| relation.blocked.iter().any(|(blocked, _)| blocked == other))
    }

    /// When a user began to follow another one, if it does.
    pub fn follows(&self, user_id: &str, other: &str) -> Option<u64> {
        let following = &self.get(user_id)?.following;
        following.iter().find(|(followed, _)| followed == other).map(|(_, since_s)| *since_s)
    }

    /// Who follows a user and since when, the longest first.
    pub fn followers(&self, user_id: &str) -> Vec<(String, u64)> {
        let mut followers: Vec<(String, u64)> =
            self.0.keys().filter_map(|other| Some((other.clone(), self.follows(other, user_id)?))).collect();
        followers.sort_by(|one, other| (one.1, &one.0).cmp(&(other.1, &other.0)));
        followers
    }

    /// Forgets everything about a user, in the lists of others, too.
    pub fn forget(&mut self, user_id: &str) {
        self.0.remove(user_id);
        for relation in self.0.values_mut() {
            relation.remove_friend(user_id);
            relation.requests.remove(user_id);
            relation.blocked.retain(|(blocked, _)| blocked != user_id);
            relation.following.retain(|(followed, _)| followed != user_id);
        }
    }
}

impl Relation {
    /// A friend.
    pub fn friend(&self, account: &str) -> Option<&Friend> {
        self.friends.iter().find(|friend| friend.account == account)
    }

    /// Notes that somebody asks to be a friend.
    pub fn note_request(&mut self, from: &str) {
        self.requests.insert(from.to_owned());
    }

    /// Ends a request to be a friend. Says whether there was one.
    pub fn take_request(&mut self, from: &str) -> bool {
        self.requests.remove(from)
    }

    /// A friend, to change; its lists then have new versions.
    pub fn friend_mut(&mut self, account: &str) -> Option<&mut Friend> {
        self.standard_sequence += 1;
        self.custom_sequence += 1;
        self.friends.iter_mut().find(|friend| friend.account == account)
    }

    /// Puts a friend in, in place of what was known of it.
    pub fn put_friend(&mut self, friend: Friend) {
        for group in &friend.groups {
            self.add_group(group);
        }
        match self.friend_mut(&friend.account) {
            Some(known) => *known = friend,
            None => self.friends.push(friend),
        }
    }

    /// Takes a friend out. Says whether it was in.
    pub fn remove_friend(&mut self, account: &str) -> bool {
        let before = self.friends.len();
        self.friends.retain(|friend| friend.account != account);
        let was_in = self.friends.len() < before;
        self.standard_sequence += u64::from(was_in);
        self.custom_sequence += u64::from(was_in);
        was_in
    }

    /// Makes a friend group. Says whether it is new.
    pub fn add_group(&mut self, name: &str) -> bool {
        let is_new = !self.groups.iter().any(|known| known == name);
        if is_new {
            self.groups.push(name.to_owned());
            self.group_sequence += 1;
        }
        is_new
    }

    /// Ends a friend group; its friends stay friends. Says whether there was one.
    pub fn remove_group(&mut self, name: &str) -> bool {
        let before = self.groups.len();
        self.groups.retain(|known| known != name);
        for friend in &mut self.friends {
            friend.groups.retain(|group| group != name);
        }
        let was_there = self.groups.len() < before;
        self.group_sequence += u64::from(was_there);
        was_there
    }
}
