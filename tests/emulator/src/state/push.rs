//! What pushes are addressed by: tags and attributes of users.

use std::collections::{BTreeMap, BTreeSet};

/// The tags and attributes of one app's users.
#[derive(Debug, Default)]
pub struct Push {
    /// Names of the app's attributes by their number, and the type of account that each is for.
    pub names: BTreeMap<String, String>,
    /// Types of account by the attribute's number.
    pub types: BTreeMap<String, u64>,
    /// Tags by user.
    pub tags: BTreeMap<String, BTreeSet<String>>,
    /// Attributes by user and name.
    pub attributes: BTreeMap<String, BTreeMap<String, String>>,
}

impl Push {
    /// Forgets everything about a user.
    pub fn forget(&mut self, user_id: &str) {
        self.tags.remove(user_id);
        self.attributes.remove(user_id);
    }
}
