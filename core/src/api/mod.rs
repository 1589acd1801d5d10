//! The calls of the service, one file a group of calls.

pub mod accounts;
pub mod blocklist;
pub mod conversations;
pub mod elements;
pub mod extensions;
pub mod follows;
pub mod friends;
pub mod group_messages;
pub mod groups;
pub mod legacy_push;
pub mod live_groups;
pub mod messages;
pub mod moderation;
pub mod official_accounts;
pub mod operations;
pub mod permission_groups;
pub mod profiles;
pub mod push;
pub mod push_info;
pub mod raw;
pub mod robots;
pub mod search;
pub mod stream;
pub mod topics;

use crate::error::{Error, Kind, Result};
use crate::schema::names::is_camel_of;
use crate::schema::{Op, nearest, shape};

shape! {
    /// Nothing.
    pub struct Empty {}
}

/// The calls by group.
static FAMILIES: &[&[&Op]] = &[
    accounts::OPS,
    profiles::OPS,
    messages::OPS,
    groups::OPS,
    group_messages::OPS,
    live_groups::OPS,
    topics::OPS,
    permission_groups::OPS,
    friends::OPS,
    blocklist::OPS,
    follows::OPS,
    conversations::OPS,
    push::OPS,
    legacy_push::OPS,
    official_accounts::OPS,
    robots::OPS,
    moderation::OPS,
    search::OPS,
    operations::OPS,
];

/// All calls.
pub fn all() -> impl Iterator<Item = &'static Op> {
    FAMILIES.iter().flat_map(|family| family.iter().copied())
}

/// Finds a call by its name, such as `accounts.import_account` or `accounts.importAccount`.
pub fn find(name: &str) -> Option<&'static Op> {
    let (group, _) = name.split_once('.')?;
    let is_named = |known: &str, name: &str| known == name || is_camel_of(known, name);
    // The group first: it tells at the first letters, for some twenty names instead of two hundred.
    let family = FAMILIES.iter().find(|ops| ops.first().is_some_and(|op| is_named(op.group(), group)))?;
    family.iter().copied().find(|op| is_named(op.name, name))
}

/// Finds a call by its name, with a hint for a misspelt one; or by its path, declared here or not.
pub fn find_op(name: &str) -> Result<&'static Op> {
    if name.contains('/') {
        return all().find(|op| op.path == name).map_or_else(|| raw::of_path(name), Ok);
    }
    find(name).ok_or_else(|| {
        let near = nearest(name, all().map(|op| op.name));
        let hint = near.map_or_else(String::new, |near| format!(", did you mean {near}?"));
        let name: String = name.chars().take(64).collect();
        Error::new(Kind::InvalidInput, format!("unknown call {name}{hint}"))
            .cure("use a call's name, such as accounts.import_account, or its path, such as v4/service/command")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_found_by_its_names_and_by_its_path() {
        for op in all() {
            let camel = crate::schema::names::camel(op.name);
            for name in [op.name, &camel, op.path] {
                assert!(find_op(name).is_ok_and(|found| core::ptr::eq(found, op)), "{name}");
            }
        }
        for ops in FAMILIES {
            assert!(ops.iter().all(|op| op.group() == ops[0].group()), "{} shares its file", ops[0].group());
        }
    }
}
