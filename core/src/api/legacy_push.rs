//! The older push service. New code uses `push`, whose methods bear the same names.

use std::collections::BTreeMap;

use super::Empty;
use super::elements::MsgElement;
use super::push::{BroadcastPushReply, PushCondition, UserAttributes, UserTags};
use super::push_info::OfflinePushInfo;
use crate::schema::{UserId, ops, shape};

shape! {
    /// A message to all users, or to those that a condition picks, by the older push service.
    pub struct LegacyBroadcastPush {
        /// Sender. Defaults to the calling admin.
        from_account: Option<UserId> = "From_Account",
        /// Identifies the task: within 7 days the same number is the same task. Defaults to a random number.
        msg_random: Option<u32> = "MsgRandom",
        /// Seconds to keep the message for offline users, at most 7 days. Defaults to 0: it is not kept.
        msg_life_time: Option<u32> = "MsgLifeTime" (range 0..=604800),
        /// Whom the message reaches. Defaults to everyone.
        condition: Option<PushCondition> = "Condition",
        /// Elements, together at most 12 KB, at most one of them a `TIMCustomElem`.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// Offline push settings.
        offline_push_info: Option<OfflinePushInfo> = "OfflinePushInfo",
    }
}

shape! {
    /// Users whose tags to get from the older push service.
    pub struct LegacyGetUserTags {
        /// 1 to 100 users.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=100),
    }
}

shape! {
    /// Tags of users in the older push service.
    pub struct LegacyGetUserTagsReply {
        /// One entry for each user.
        user_tags: Vec<UserTags> = "UserTags",
    }
}

shape! {
    /// Tags of one user in the older push service.
    pub struct LegacyUserTags {
        /// The user.
        to_account: UserId = "To_Account",
        /// Tags, each at most 50 bytes.
        tags: Vec<String> = "Tags" (item_bytes 1..=50),
    }
}

shape! {
    /// Tags to add to users in the older push service.
    pub struct LegacyAddUserTags {
        /// 1 to 100 users, each with at most 10 tags.
        user_tags: Vec<LegacyUserTags> = "UserTags" (items 1..=100),
    }
}

shape! {
    /// Tags to remove from users in the older push service.
    pub struct LegacyRemoveUserTags {
        /// 1 to 100 users with the tags to remove.
        user_tags: Vec<LegacyUserTags> = "UserTags" (items 1..=100),
    }
}

shape! {
    /// Users whose tags to remove, all of them, in the older push service.
    pub struct LegacyClearUserTags {
        /// 1 to 100 users.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=100),
    }
}

shape! {
    /// Users whose attributes to get from the older push service.
    pub struct LegacyGetUserAttributes {
        /// 1 to 100 users.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=100),
    }
}

shape! {
    /// Attributes of users in the older push service.
    pub struct LegacyGetUserAttributesReply {
        /// One entry for each user.
        user_attributes: Vec<UserAttributes> = "UserAttrs",
    }
}

shape! {
    /// Attributes of one user in the older push service.
    pub struct LegacyUserAttributes {
        /// The user.
        to_account: UserId = "To_Account",
        /// Attribute names and values, each value at most 50 bytes.
        attributes: BTreeMap<String, String> = "Attrs" (item_bytes ..=50),
    }
}

shape! {
    /// Attributes to set on users in the older push service.
    pub struct LegacySetUserAttributes {
        /// 1 to 100 users with the attributes to set. Their names must be among the app's attribute names.
        user_attributes: Vec<LegacyUserAttributes> = "UserAttrs" (items 1..=100),
    }
}

shape! {
    /// Names of attributes of one user in the older push service.
    pub struct LegacyUserAttributeNames {
        /// The user.
        to_account: UserId = "To_Account",
        /// Attribute names.
        names: Vec<String> = "Attrs",
    }
}

shape! {
    /// Attributes to delete from users in the older push service.
    pub struct LegacyDeleteUserAttributes {
        /// 1 to 100 users with the names of the attributes to delete.
        user_attributes: Vec<LegacyUserAttributeNames> = "UserAttrs" (items 1..=100),
    }
}

shape! {
    /// The app's user attributes in the older push service.
    pub struct LegacyAttributeNamesReply {
        /// Number and name of each attribute.
        names: BTreeMap<String, String> = "AttrNames",
    }
}

shape! {
    /// Names for the app's user attributes in the older push service.
    pub struct LegacySetAttributeNames {
        /// Numbers `"0"` to `"9"` and the name of each attribute, at most 50 bytes.
        names: BTreeMap<String, String> = "AttrNames" (items 1..=10, item_bytes 1..=50),
    }
}

ops! {
    /// Sends a message to all users, or to those whose tags or attributes match.
    ///
    /// Takes 100 calls a day, more than a second apart. The history does not keep the message.
    BROADCAST = "v4/all_member_push/im_push", legacy_push.broadcast,
        LegacyBroadcastPush => BroadcastPushReply, rate: 100 per 86_400_000 gap 1_000,
        retry: SameRandom within 604800 draws (msg_random), doc: "1047/37166",
        replaced_by: "push.broadcast", edition: "Ultimate edition, with this push service turned on by request",
        errors: [
            90001, 90002, 90005, 90007, 90009, 90010, 90020, 90022, 90024, 90026, 90032, 90033, 90039, 90040, 90045,
            90047, 91000
        ];

    /// Gets the tags of up to 100 users.
    GET_USER_TAGS = "v4/all_member_push/im_get_tag", legacy_push.get_user_tags,
        LegacyGetUserTags => LegacyGetUserTagsReply, rate: 100, retry: Safe, doc: "269/45940",
        batch: to_accounts 100, replaced_by: "push.get_user_tags",
        edition: "Ultimate edition, with this push service turned on by request", errors: [90001, 90009, 90018, 91000];

    /// Adds tags to up to 100 users. A user has at most 100.
    // Inferred: adding a tag again leaves it once.
    ADD_USER_TAGS = "v4/all_member_push/im_add_tag", legacy_push.add_user_tags,
        LegacyAddUserTags => Empty, rate: 100, retry: Safe, doc: "269/45941",
        batch: user_tags 100, replaced_by: "push.add_user_tags",
        edition: "Ultimate edition, with this push service turned on by request", errors: [90001, 90009, 90018, 91000];

    /// Removes tags from up to 100 users.
    // Inferred: removing them again changes nothing.
    REMOVE_USER_TAGS = "v4/all_member_push/im_remove_tag", legacy_push.remove_user_tags,
        LegacyRemoveUserTags => Empty, rate: 100, retry: Safe, doc: "269/45942",
        batch: user_tags 100, replaced_by: "push.remove_user_tags",
        edition: "Ultimate edition, with this push service turned on by request", errors: [90001, 90009, 90018, 91000];

    /// Removes all tags from up to 100 users.
    // Inferred: removing them again changes nothing.
    CLEAR_USER_TAGS = "v4/all_member_push/im_remove_all_tags", legacy_push.clear_user_tags,
        LegacyClearUserTags => Empty, rate: 100, retry: Safe, doc: "269/45943",
        batch: to_accounts 100, replaced_by: "push.clear_user_tags",
        edition: "Ultimate edition, with this push service turned on by request", errors: [90001, 90009, 90018, 91000];

    /// Gets the attributes of up to 100 users.
    GET_USER_ATTRIBUTES = "v4/all_member_push/im_get_attr", legacy_push.get_user_attributes,
        LegacyGetUserAttributes => LegacyGetUserAttributesReply, rate: 100, retry: Safe, doc: "269/45937",
        batch: to_accounts 100, replaced_by: "push.get_user_attributes",
        edition: "Ultimate edition, with this push service turned on by request", errors: [90001, 90018, 91000];

    /// Sets attributes of up to 100 users.
    // Inferred: a retry sets the same values again.
    SET_USER_ATTRIBUTES = "v4/all_member_push/im_set_attr", legacy_push.set_user_attributes,
        LegacySetUserAttributes => Empty, rate: 100, retry: Safe, doc: "269/45938",
        batch: user_attributes 100, replaced_by: "push.set_user_attributes",
        edition: "Ultimate edition, with this push service turned on by request",
        errors: [90001, 90009, 90018, 90033, 91000];

    /// Deletes attributes from up to 100 users.
    // Inferred: deleting them again changes nothing.
    DELETE_USER_ATTRIBUTES = "v4/all_member_push/im_remove_attr", legacy_push.delete_user_attributes,
        LegacyDeleteUserAttributes => Empty, rate: 100, retry: Safe, doc: "269/45939",
        batch: user_attributes 100, replaced_by: "push.delete_user_attributes",
        edition: "Ultimate edition, with this push service turned on by request",
        errors: [90001, 90009, 90018, 90033, 91000];

    /// Gets the names of the app's user attributes.
    GET_ATTRIBUTE_NAMES = "v4/all_member_push/im_get_attr_name", legacy_push.get_attribute_names,
        Empty => LegacyAttributeNamesReply, rate: 100, retry: Safe, doc: "269/45936",
        replaced_by: "push.get_attribute_names",
        edition: "Ultimate edition, with this push service turned on by request", errors: [90001, 90009, 90018, 91000];

    /// Names the app's user attributes, 10 at most.
    // Inferred: a retry sets the same names again.
    SET_ATTRIBUTE_NAMES = "v4/all_member_push/im_set_attr_name", legacy_push.set_attribute_names,
        LegacySetAttributeNames => Empty, rate: 100, retry: Safe, doc: "269/45935",
        replaced_by: "push.set_attribute_names",
        edition: "Ultimate edition, with this push service turned on by request", errors: [90001, 90009, 91000];
}
