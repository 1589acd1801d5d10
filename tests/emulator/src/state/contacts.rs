//! The conversation lists of users, and the groups and marks that they put conversations in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The conversation lists of one app, by user.
#[derive(Debug, Default)]
pub struct Contacts(HashMap<String, ContactList>);

/// The other side of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contact {
    /// A user.
    User(String),
    /// A group.
    Group(String),
}

/// One user's conversations.
#[derive(Debug, Default)]
pub struct ContactList {
    /// The list itself.
    pub listed: BTreeMap<Contact, Listed>,
    /// Conversations with groups or marks, which are kept apart from the list.
    pub marked: BTreeMap<Contact, Marked>,
    /// The conversation groups by number.
    pub groups: BTreeMap<u64, String>,
    last_group: u64,
}

/// A conversation in the list.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The time of its last message, or of its pinning, in Unix seconds.
    pub time_s: u64,
    /// Whether it is pinned.
    pub is_pinned: bool,
    /// Whether it is there without a message, because it was pinned.
    pub is_empty: bool,
}

/// The groups and marks of a conversation.
#[derive(Clone, Debug, Default)]
pub struct Marked {
    /// Standard marks, one bit each.
    pub standard: u64,
    /// The app's own mark.
    pub custom: String,
    /// Numbers of the conversation groups that it is in.
    pub groups: BTreeSet<u64>,
    /// When they last changed, in Unix seconds.
    pub changed_s: u64,
}

impl Marked {
    /// Whether it has neither groups nor marks.
    pub fn is_bare(&self) -> bool {
        self.standard == 0 && self.custom.is_empty() && self.groups.is_empty()
    }
}

impl Contacts {
    /// Puts the conversation with another user at the top of a user's list.
    pub fn note_user(&mut self, user_id: &str, peer: &str, time_s: u64) {
        self.note(user_id, Contact::User(peer.into()), time_s);
    }

    /// Puts the conversation with a group at the top of a user's list.
    pub fn note_group(&mut self, user_id: &str, group_id: &str, time_s: u64) {
        self.note(user_id, Contact::Group(group_id.into()), time_s);
    }

    fn note(&mut self, user_id: &str, contact: Contact, time_s: u64) {
        let listed = self.of(user_id).listed.entry(contact).or_default();
        listed.time_s = listed.time_s.max(time_s);
        listed.is_empty = false;
    }

    /// A user's conversations.
    pub fn of(&mut self, user_id: &str) -> &mut ContactList {
        if !self.0.contains_key(user_id) {
            self.0.insert(user_id.to_owned(), ContactList::default());
        }
        self.0.get_mut(user_id).expect("it was there or has just been put in")
    }

    /// Forgets everything about a user; others keep their conversations with it.
    pub fn forget(&mut self, user_id: &str) {
        self.0.remove(user_id);
    }

    /// Takes a group that ended out of all lists.
    pub fn forget_group(&mut self, group_id: &str) {
        let contact = Contact::Group(group_id.to_owned());
        for list in self.0.values_mut() {
            list.listed.remove(&contact);
            list.marked.remove(&contact);
        }
    }
}

impl ContactList {
    /// The number of a conversation group.
    pub fn group(&self, name: &str) -> Option<u64> {
        self.groups.iter().find(|(_, known)| *known == name).map(|(number, _)| *number)
    }

    /// Makes a conversation group. Gives its number.
    pub fn add_group(&mut self, name: &str) -> u64 {
        self.last_group += 1;
        self.groups.insert(self.last_group, name.into());
        self.last_group
    }

    /// The groups and marks of a conversation, to change.
    pub fn marked_mut(&mut self, contact: Contact, now_s: u64) -> &mut Marked {
        let marked = self.marked.entry(contact).or_default();
        marked.changed_s = now_s;
        marked
    }

    /// Conversations that have a group or a mark besides this one.
    pub fn marked_besides(&self, contact: &Contact) -> usize {
        self.marked.iter().filter(|(known, marked)| *known != contact && !marked.is_bare()).count()
    }
}
