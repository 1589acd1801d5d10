//! Permission groups of a community: who may do what in it and in its topics.

use std::collections::BTreeMap;

/// The permission groups of one community, by their ids.
#[derive(Debug, Default)]
pub struct Permissions {
    /// The permission groups.
    pub groups: BTreeMap<String, PermissionGroup>,
    last_number: u64,
}

/// One permission group.
#[derive(Debug, Default)]
pub struct PermissionGroup {
    /// Its name.
    pub name: String,
    /// The sum of what its members may do in the community.
    pub permission: u64,
    /// The app's data.
    pub custom: Option<String>,
    /// Its members, in the order in which they came.
    pub members: Vec<String>,
    /// The sum of what its members may do in topics, by topic.
    pub topics: BTreeMap<String, u64>,
}

impl Permissions {
    /// An id of the service's own making that none has.
    pub fn free_id(&mut self) -> String {
        loop {
            self.last_number += 1;
            let id = format!("@PMG#_@PMG#c{:04}", self.last_number);
            if !self.groups.contains_key(&id) {
                return id;
            }
        }
    }

    /// Takes a user who left the community out of all of them.
    pub fn leave(&mut self, account: &str) {
        for group in self.groups.values_mut() {
            group.members.retain(|member| member != account);
        }
    }

    /// Takes a topic that was deleted out of all of them.
    pub fn forget_topic(&mut self, topic_id: &str) {
        for group in self.groups.values_mut() {
            group.topics.remove(topic_id);
        }
    }
}
