//! Pushes, and what they are addressed by: tags and attributes of users.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

/// The pushes of one app, and the tags and attributes of its users.
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
    tasks: Vec<Task>,
    /// Tasks by the random number that they came with: which one, and when.
    randoms: HashMap<u64, (usize, u64)>,
}

/// One push.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// Who gets it.
    pub receivers: Vec<String>,
    /// When it was made, in Unix seconds.
    pub made_s: u64,
    /// Whether it was recalled.
    pub is_recalled: bool,
}

impl Push {
    /// The push that came with the same random number within the last `window_s` seconds.
    pub fn repeated(&self, random: u64, window_s: u64, now_s: u64) -> Option<&Task> {
        let (at, came_s) = self.randoms.get(&random)?;
        self.tasks.get(*at).filter(|_| now_s < came_s + window_s)
    }

    /// Makes a push. Gives its id.
    pub fn make(&mut self, random: u64, receivers: Vec<String>, now_s: u64) -> String {
        let id = format!("{now_s:x}_{random:x}_{:x}", self.tasks.len() + 1);
        self.randoms.insert(random, (self.tasks.len(), now_s));
        self.tasks.push(Task { id: id.clone(), receivers, made_s: now_s, is_recalled: false });
        id
    }

    /// A push, to change.
    pub fn task_mut(&mut self, id: &str) -> Option<&mut Task> {
        self.tasks.iter_mut().find(|task| task.id == id)
    }

    /// Forgets everything about a user.
    pub fn forget(&mut self, user_id: &str) {
        self.tags.remove(user_id);
        self.attributes.remove(user_id);
    }

    /// For the control plane.
    pub fn show(&self) -> Vec<Value> {
        let show = |task: &Task| json!({"id": task.id, "receivers": task.receivers, "is_recalled": task.is_recalled});
        self.tasks.iter().map(show).collect()
    }
}
