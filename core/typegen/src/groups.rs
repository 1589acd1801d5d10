//! The groups of calls, in the order in which every language and page shows them.

/// Each group with what its calls are about.
pub const GROUPS: &[(&str, &str)] = &[
    ("accounts", "Accounts of the app: import, delete, log out, online status, global mute."),
    ("profiles", "Profiles of users: nickname, photo, custom fields."),
    ("messages", "One-to-one messages."),
    ("groups", "Groups of every type: the group, its members, attributes and counters."),
    ("group_messages", "Messages of groups. What `messages` has too bears the same name."),
    ("live_groups", "What only live groups (`AVChatRoom`) have. Everything else is in `groups` and `group_messages`."),
    ("topics", "Topics of communities. Messages of a topic: `group_messages` with `topic_id`."),
    ("permission_groups", "Permission groups of communities: who may do what, in the community and in its topics."),
    ("friends", "Friends of a user, and friend groups."),
    ("blocklist", "Whom a user blocks."),
    ("follows", "Who follows whom."),
    ("conversations", "A user's conversation list, its marks and conversation groups."),
    ("push", "The push service: pushes, user tags and attributes to push by, statistics."),
    ("legacy_push", "The older push service. Its methods bear the names of `push`; use `push` in new code."),
    ("official_accounts", "Official accounts, their subscribers and messages."),
    ("robots", "Chatbot accounts."),
    ("moderation", "Content moderation: check content, keep keyword lists."),
    ("search", "Cloud search, a paid plug-in: the group is the verb and the method the noun."),
    ("operations", "What concerns the whole app: statistics, history files, server addresses, media files."),
];
