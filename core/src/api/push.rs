//! The push service: pushes, the tags and attributes of users to push by, and statistics.
//!
//! Where it says user, it also takes the RegistrationID of a device without a login, which may be longer than a user
//! id.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Empty;
use super::elements::MsgElement;
use super::push_info::OfflinePushInfo;
use crate::schema::{Flag, ItemCode, UnixSeconds, UserId, ops, shape};

shape! {
    /// Whom a broadcast reaches: by tags or by attributes, not both.
    pub struct PushCondition {
        /// Attribute names and values of which at least one matches.
        attributes_or: Option<BTreeMap<String, String>> = "AttrsOr",
        /// Attribute names and values that all match.
        attributes_and: Option<BTreeMap<String, String>> = "AttrsAnd",
        /// Up to 10 tags, each at most 50 bytes, of which users have at least one.
        tags_or: Option<Vec<String>> = "TagsOr" (items ..=10, item_bytes 1..=50),
        /// Up to 10 tags, each at most 50 bytes, all of which users have.
        tags_and: Option<Vec<String>> = "TagsAnd" (items ..=10, item_bytes 1..=50),
        /// Tags whose users to leave out. Only in `push.broadcast`.
        tags_not: Option<Vec<String>> = "TagsNot",
    }
    at_most_one([attributes_or, attributes_and], [tags_or, tags_and, tags_not]);
}

shape! {
    /// A push to users you name.
    pub struct SendPush {
        /// Sender, a user id or a RegistrationID.
        from_account: String = "From_Account",
        /// 1 to 500 receivers, user ids or RegistrationIDs.
        to_accounts: Vec<String> = "To_Account" (items 1..=500),
        /// Helps recognize a retry within the same second. Defaults to a random number.
        msg_random: Option<u32> = "MsgRandom",
        /// Push settings. Without `badge_mode` in `apns_info` the badge does not count the push.
        offline_push_info: OfflinePushInfo = "OfflinePushInfo",
        /// Id of the app's own, at most 64 bytes, returned in push webhooks.
        data_id: Option<String> = "DataId" (bytes ..=64),
    }
}

shape! {
    /// An account that a push call did not take.
    pub struct PushAccountError {
        /// The account.
        to_account: String = "To_Account",
        /// Why: 70107 means that the account does not exist.
        error_code: ItemCode = "ErrorCode",
        /// Error text.
        error_info: Option<String> = "ErrorInfo",
    }
}

shape! {
    /// A push task.
    pub struct SendPushReply {
        /// Id of the task. Empty on failure.
        task_id: String = "TaskId",
        /// Receivers that failed. Absent if none did.
        errors: Option<Vec<PushAccountError>> = "ErrorList",
    }
}

shape! {
    /// A push to all users, or to those that a condition picks.
    pub struct BroadcastPush {
        /// Sender.
        from_account: UserId = "From_Account",
        /// Helps recognize a retry. Defaults to a random number.
        msg_random: Option<u32> = "MsgRandom",
        /// Whom the push reaches. Defaults to everyone.
        condition: Option<PushCondition> = "Condition",
        /// Elements of a chat message to send along. Without them only the push is sent.
        msg_body: Option<Vec<MsgElement>> = "MsgBody",
        /// Sends the chat message as a push only: no conversation, history or unread count. Defaults to false.
        online_only_flag: Option<Flag> = "OnlineOnlyFlag",
        /// Push settings. Required without `msg_body`.
        offline_push_info: Option<OfflinePushInfo> = "OfflinePushInfo",
        /// Id of the app's own, at most 64 bytes, returned in push webhooks.
        data_id: Option<String> = "DataId" (bytes ..=64),
    }
    at_least_one(msg_body, offline_push_info);
}

shape! {
    /// A push task for many users.
    pub struct BroadcastPushReply {
        /// Id of the task, to recall it or ask for its statistics.
        task_id: String = "TaskId",
    }
}

shape! {
    /// A push task to recall.
    pub struct RecallPush {
        /// Id of a task of the last 24 hours.
        task_id: String = "TaskId",
        /// Replaces pushes that are on display already. An older page says that with `push_flag` 1 none is replaced.
        offline_push_info: OfflinePushInfo = "OfflinePushInfo",
    }
}

shape! {
    /// Users whose tags to get.
    pub struct GetUserTags {
        /// 1 to 100 users.
        to_accounts: Vec<String> = "To_Account" (items 1..=100),
    }
}

shape! {
    /// Tags of one user.
    pub struct UserTags {
        /// The user.
        to_account: String = "To_Account",
        /// Tags, each at most 50 bytes.
        tags: Vec<String> = "Tags" (item_bytes 1..=50),
    }
}

shape! {
    /// Tags of users. A success may still hold failures: look at `errors`.
    pub struct GetUserTagsReply {
        /// One entry for each user that could be read.
        user_tags: Vec<UserTags> = "UserTags",
        /// Users that failed.
        errors: Option<Vec<PushAccountError>> = "ErrorList",
    }
}

shape! {
    /// Tags to add to users.
    pub struct AddUserTags {
        /// Replaces the tags that the users have. Defaults to false.
        replace: Option<Flag> = "Replace",
        /// 1 to 100 users, each with at most 10 tags, or 100 with `replace`.
        user_tags: Vec<UserTags> = "UserTags" (items 1..=100),
    }
}

shape! {
    /// What became of a change of users' tags or attributes. A success may still hold failures: look at `errors`.
    pub struct PushUsersReply {
        /// Users that failed.
        errors: Option<Vec<PushAccountError>> = "ErrorList",
    }
}

shape! {
    /// Tags to remove from users.
    pub struct RemoveUserTags {
        /// 1 to 100 users with the tags to remove.
        user_tags: Vec<UserTags> = "UserTags" (items 1..=100),
    }
}

shape! {
    /// Users whose tags to remove, all of them.
    pub struct ClearUserTags {
        /// 1 to 100 users.
        to_accounts: Vec<String> = "To_Account" (items 1..=100),
    }
}

shape! {
    /// Users whose attributes to get.
    pub struct GetUserAttributes {
        /// 1 to 100 users.
        to_accounts: Vec<String> = "To_Account" (items 1..=100),
    }
}

shape! {
    /// Attributes of one user.
    pub struct UserAttributes {
        /// The user.
        to_account: String = "To_Account",
        /// Attribute names and values, each value at most 50 bytes.
        attributes: BTreeMap<String, String> = "Attrs" (item_bytes ..=50),
    }
}

shape! {
    /// Attributes of users. A success may still hold failures: look at `errors`.
    pub struct GetUserAttributesReply {
        /// One entry for each user that could be read.
        user_attributes: Vec<UserAttributes> = "UserAttrs",
        /// Users that failed.
        errors: Option<Vec<PushAccountError>> = "ErrorList",
    }
}

shape! {
    /// Attributes to set on users.
    pub struct SetUserAttributes {
        /// 1 to 100 users with the attributes to set. Their names must be among the app's attribute names.
        user_attributes: Vec<UserAttributes> = "UserAttrs" (items 1..=100),
    }
}

shape! {
    /// Names of attributes of one user.
    pub struct UserAttributeNames {
        /// The user.
        to_account: String = "To_Account",
        /// Attribute names.
        names: Vec<String> = "Attrs",
    }
}

shape! {
    /// Attributes to delete from users.
    pub struct DeleteUserAttributes {
        /// 1 to 100 users with the names of the attributes to delete.
        user_attributes: Vec<UserAttributeNames> = "UserAttrs" (items 1..=100),
    }
}

shape! {
    /// Names for the app's user attributes.
    pub struct SetAttributeNames {
        /// Numbers `"0"` to `"9"` and the name of each attribute, at most 50 bytes.
        names: BTreeMap<String, String> = "AttrNames" (items 1..=10, item_bytes 1..=50),
        /// Numbers from `names` and whom each attribute is for: 0 for user ids, 1 for RegistrationIDs. Cannot be
        /// changed later. Defaults to 0.
        types: Option<BTreeMap<String, u32>> = "AttrTypes",
    }
}

shape! {
    /// The app's user attributes.
    pub struct GetAttributeNamesReply {
        /// Number and name of each attribute.
        names: BTreeMap<String, String> = "AttrNames",
        /// Number of each attribute and whom it is for: 0 for user ids, 1 for RegistrationIDs.
        types: BTreeMap<String, u32> = "AttrTypes",
    }
}

shape! {
    /// Broadcasts whose pushes to count.
    pub struct GetBroadcastStatistics {
        /// Start of the range, Unix time in seconds. The range spans at most 30 days.
        start_time: UnixSeconds = "StartTime",
        /// End of the range, Unix time in seconds.
        end_time: UnixSeconds = "EndTime",
        /// At most 5 tasks; an empty list counts all together.
        task_ids: Vec<String> = "TaskID" (items ..=5),
    }
}

shape! {
    /// Pushes over one push channel, counted.
    pub struct PlatformPushStatistics {
        /// Kind of push. Only for broadcasts.
        event_type: Option<u32> = "EventType",
        /// Number of the push channel.
        push_platform: u32 = "PushPlatform",
        /// Pushes that could be sent.
        total_count: u64 = "TotalCount",
        /// Pushes sent.
        sent_count: u64 = "SentCount",
        /// Pushes that arrived.
        delivered_count: u64 = "DeliveredCount",
        /// Pushes clicked.
        click_count: u64 = "ClickCount",
    }
}

shape! {
    /// Pushes of one broadcast, counted.
    pub struct BroadcastStatistics {
        /// The task.
        task_id: String = "TaskID",
        /// Pushes that could be sent.
        total_count: u64 = "TotalCount",
        /// Pushes sent.
        sent_count: u64 = "SentCount",
        /// Pushes that arrived.
        delivered_count: u64 = "DeliveredCount",
        /// Pushes clicked.
        click_count: u64 = "ClickCount",
        /// One entry for each push channel.
        platform_statistics: Vec<PlatformPushStatistics> = "PlatformStatistics",
    }
}

shape! {
    /// Pushes of broadcasts, counted.
    pub struct GetBroadcastStatisticsReply {
        /// One entry for each task.
        results: Vec<BroadcastStatistics> = "Results",
    }
}

shape! {
    /// Broadcasts whose errors to count.
    pub struct GetBroadcastErrorCounts {
        /// Start of the range, Unix time in seconds. The range spans at most 7 days.
        start_time: UnixSeconds = "StartTime",
        /// End of the range, Unix time in seconds.
        end_time: UnixSeconds = "EndTime",
        /// At most 5 tasks; an empty list counts all together.
        task_ids: Vec<String> = "TaskID" (items ..=5),
    }
}

shape! {
    /// How often an error occurred.
    pub struct PushErrorCount {
        /// The code, as text, such as `-1`.
        err_code: String = "ErrCode",
        /// How often.
        err_count: u64 = "ErrCount",
        /// What it is.
        err_info: String = "ErrInfo",
    }
}

shape! {
    /// How often an error occurred on one push channel.
    pub struct PlatformPushErrorCount {
        /// Kind of push.
        event_type: u32 = "EventType",
        /// Number of the push channel.
        push_platform: u32 = "PushPlatform",
        /// The code, as text, such as `-1`.
        err_code: String = "ErrCode",
        /// How often.
        err_count: u64 = "ErrCount",
        /// What it is.
        err_info: String = "ErrInfo",
    }
}

shape! {
    /// Errors of one broadcast, counted.
    pub struct BroadcastErrorCounts {
        /// The task.
        task_id: String = "TaskID",
        /// Errors before sending.
        ready_to_send_loss: Vec<PushErrorCount> = "ReadyToSendLoss",
        /// Errors after sending.
        post_send_delivered_loss: Vec<PushErrorCount> = "PostSendDeliveredLoss",
        /// Errors before sending, by push channel.
        platform_ready_to_send_loss: Vec<PlatformPushErrorCount> = "PlatformReadyToSendLoss",
    }
}

shape! {
    /// Errors of broadcasts, counted.
    pub struct GetBroadcastErrorCountsReply {
        /// One entry for each task.
        results: Vec<BroadcastErrorCounts> = "Results",
    }
}

shape! {
    /// A broadcast to follow to one user's devices.
    pub struct GetBroadcastTrace {
        /// The task.
        task_id: String = "TaskID",
        /// The user.
        user_id: UserId = "UserID",
    }
}

shape! {
    /// One stage of a push.
    pub struct PushStage {
        /// State.
        push_status: i32 = "PushStatus",
        /// 0 for success, else an error code.
        error_code: ItemCode = "ErrorCode",
        /// Error text.
        error_info: String = "ErrorInfo",
        /// Time of the stage, as `YYYY-MM-DD hh:mm:ss`.
        event_time: String = "EventTime",
    }
}

shape! {
    /// The stage of a push inside the chat service.
    pub struct ImCommitStage {
        /// The stage.
        im_stat: Option<PushStage> = "IMStat",
    }
}

shape! {
    /// The stages of an offline push.
    pub struct OfflinePushStages {
        /// Inside the push service.
        offline_stat: Option<PushStage> = "OfflineStat",
        /// At the phone maker's channel.
        channel_stat: Option<PushStage> = "ChannelStat",
        /// At the device.
        device_stat: Option<PushStage> = "DeviceStat",
        /// The click.
        click_stat: Option<PushStage> = "ClickStat",
    }
}

shape! {
    /// A push on its way to one device.
    pub struct PushTrace {
        /// The device.
        instance_id: String = "InstanceId",
        /// Time of the push, as `YYYY-MM-DD hh:mm:ss`.
        push_time: String = "PushTime",
        /// Model of the device.
        device_model: String = "DeviceModel",
        /// System, such as Android or APNS.
        system: String = "System",
        /// Version of the system.
        system_version: String = "SystemVersion",
        /// Kind of push. Only for broadcasts.
        event_type: Option<u32> = "EventType",
        /// Number of the push channel.
        push_platform: u32 = "PushPlatform",
        /// Token of the device.
        token: String = "Token",
        /// Push certificate.
        cert_id: String = "CertId",
        /// Version of the chat SDK.
        sdk_version: String = "SdkVersion",
        /// Version of the push SDK.
        push_version: String = "PushVersion",
        /// Whether notifications are allowed.
        notification_status: i32 = "NotificationStatus",
        /// Whether it is the terminal last active.
        last_active_terminal: i32 = "last_active_terminal",
        /// Stage inside the chat service.
        im_commit_stat: Option<ImCommitStage> = "IMCommitStat",
        /// Stages of the offline push.
        offline_push_stat: Option<OfflinePushStages> = "OfflinePushStat",
        /// Stages of the online push. Only for broadcasts. Its fields are not documented.
        online_push_stat: Option<Value> = "OnlinePushStat",
    }
}

shape! {
    /// A push on its way to each device.
    pub struct GetPushTraceReply {
        /// One entry for each device.
        instance_trace: Vec<PushTrace> = "InstanceTrace",
    }
}

shape! {
    /// A time range in which to count the pushes of chat messages.
    pub struct GetMessageStatistics {
        /// Start of the range, Unix time in seconds. The range spans at most 30 days.
        start_time: UnixSeconds = "StartTime",
        /// End of the range, Unix time in seconds.
        end_time: UnixSeconds = "EndTime",
    }
}

shape! {
    /// Pushes of chat messages, counted.
    pub struct GetMessageStatisticsReply {
        /// Pushes that could be sent.
        total_count: u64 = "TotalCount",
        /// Pushes sent.
        sent_count: u64 = "SentCount",
        /// Pushes that arrived.
        delivered_count: u64 = "DeliveredCount",
        /// Pushes clicked.
        click_count: u64 = "ClickCount",
        /// One entry for each push channel.
        platform_statistics: Vec<PlatformPushStatistics> = "PlatformStatistics",
    }
}

shape! {
    /// A time range in which to count the errors of pushes of chat messages.
    pub struct GetMessageErrorCounts {
        /// Start of the range, Unix time in seconds. The range spans at most 7 days.
        start_time: UnixSeconds = "StartTime",
        /// End of the range, Unix time in seconds.
        end_time: UnixSeconds = "EndTime",
    }
}

shape! {
    /// Errors of pushes of chat messages, counted.
    pub struct GetMessageErrorCountsReply {
        /// Errors before sending.
        ready_to_send_loss: Vec<PushErrorCount> = "ReadyToSendLoss",
        /// Errors after sending.
        post_send_delivered_loss: Vec<PushErrorCount> = "PostSendDeliveredLoss",
    }
}

shape! {
    /// A chat message whose push to follow.
    pub struct GetMessageTrace {
        /// The message's id on clients (`MsgID`).
        push_id: String = "PushID",
    }
}

ops! {
    /// Pushes to up to 500 users you name. Those that failed come back in `errors`.
    ///
    /// Takes 10 calls a second in the free edition, 30 in the standard and 40 in the premium edition.
    // The rate is the one that holds in every edition. The service drops a retry only within the same second.
    SEND = "v4/timpush/batch", push.send,
        SendPush => SendPushReply, rate: 10, retry: Never draws (msg_random), doc: "1047/67553",
        batch: to_accounts 500 failed errors, errors: [90001, 90009, 90045, 90057, 91000];

    /// Pushes to all users, or to those whose tags or attributes match.
    ///
    /// Takes 100 calls a day, more than a second apart. With `msg_body` it also sends a chat message, to users that
    /// have logged in or been imported.
    // The random number recognizes a retry, but the pages do not say for how long.
    BROADCAST = "v4/timpush/push", push.broadcast,
        BroadcastPush => BroadcastPushReply, rate: 100 per 86_400_000 gap 1_000, retry: Never draws (msg_random),
        doc: "1047/60561";

    /// Recalls a push task of the last 24 hours: stops what is not delivered, and replaces pushes on display.
    ///
    /// Recalling it again answers 90050 and changes nothing.
    RECALL = "v4/timpush/revoke", push.recall,
        RecallPush => Empty, rate: 1, retry: Safe, doc: "1047/60571",
        errors: [90001, 90009, 90049, 90050, 90051];

    /// Gets the tags of up to 100 users.
    GET_USER_TAGS = "v4/timpush/get_tag", push.get_user_tags,
        GetUserTags => GetUserTagsReply, rate: 100, retry: Safe, doc: "1047/60567",
        batch: to_accounts 100 failed errors, errors: [90001, 90009, 90018, 91000];

    /// Adds tags to up to 100 users, or replaces those that they have. A user has at most 100 tags, an app 1000.
    // Inferred: adding a tag again leaves it once.
    ADD_USER_TAGS = "v4/timpush/add_tag", push.add_user_tags,
        AddUserTags => PushUsersReply, rate: 100, retry: Safe, doc: "1047/60568",
        batch: user_tags 100 failed errors, errors: [90001, 90009, 90018, 90035, 91000];

    /// Removes tags from up to 100 users.
    // Inferred: removing them again changes nothing.
    REMOVE_USER_TAGS = "v4/timpush/remove_tag", push.remove_user_tags,
        RemoveUserTags => PushUsersReply, rate: 100, retry: Safe, doc: "1047/60569",
        batch: user_tags 100 failed errors, errors: [90001, 90009, 90018, 91000];

    /// Removes all tags from up to 100 users.
    // Inferred: removing them again changes nothing.
    CLEAR_USER_TAGS = "v4/timpush/clear_all_tags", push.clear_user_tags,
        ClearUserTags => PushUsersReply, rate: 100, retry: Safe, doc: "1047/60570",
        batch: to_accounts 100 failed errors, errors: [90001, 90009, 90018, 91000];

    /// Gets the attributes of up to 100 users.
    GET_USER_ATTRIBUTES = "v4/timpush/get_attr", push.get_user_attributes,
        GetUserAttributes => GetUserAttributesReply, rate: 100, retry: Safe, doc: "1047/60564",
        batch: to_accounts 100 failed errors, errors: [90001, 90018, 91000];

    /// Sets attributes of up to 100 users. What becomes of attributes that you leave out is not documented.
    // Inferred: a retry sets the same values again.
    SET_USER_ATTRIBUTES = "v4/timpush/set_attr", push.set_user_attributes,
        SetUserAttributes => PushUsersReply, rate: 100, retry: Safe, doc: "1047/60565",
        batch: user_attributes 100 failed errors, errors: [90001, 90009, 90018, 90033, 90035, 91000];

    /// Deletes attributes from up to 100 users.
    // Inferred: deleting them again changes nothing.
    DELETE_USER_ATTRIBUTES = "v4/timpush/remove_attr", push.delete_user_attributes,
        DeleteUserAttributes => PushUsersReply, rate: 100, retry: Safe, doc: "1047/60566",
        batch: user_attributes 100 failed errors, errors: [90001, 90009, 90018, 90033, 91000];

    /// Gets the names of the app's user attributes.
    GET_ATTRIBUTE_NAMES = "v4/timpush/get_attr_name", push.get_attribute_names,
        Empty => GetAttributeNamesReply, rate: 100, retry: Safe, doc: "1047/60562",
        errors: [90001, 90009, 90018, 91000];

    /// Names the app's user attributes, 10 at most.
    // Inferred: a retry sets the same names again.
    SET_ATTRIBUTE_NAMES = "v4/timpush/set_attr_name", push.set_attribute_names,
        SetAttributeNames => Empty, rate: 100, retry: Safe, doc: "1047/60563", errors: [90001, 90009, 90033, 91000];

    /// Counts the pushes of up to 5 broadcasts, or of all together.
    GET_BROADCAST_STATISTICS = "v4/timpush/all_member_push_statistics", push.get_broadcast_statistics,
        GetBroadcastStatistics => GetBroadcastStatisticsReply, rate: 1, retry: Safe, doc: "1047/71894";

    /// Counts the errors of up to 5 broadcasts, or of all together. The vendor calls them push loss.
    GET_BROADCAST_ERROR_COUNTS = "v4/timpush/all_member_push_loss", push.get_broadcast_error_counts,
        GetBroadcastErrorCounts => GetBroadcastErrorCountsReply, rate: 1, retry: Safe, doc: "1047/71895";

    /// Follows one broadcast of the last 7 days to the devices of one user.
    GET_BROADCAST_TRACE = "v4/timpush/all_member_push_trace", push.get_broadcast_trace,
        GetBroadcastTrace => GetPushTraceReply, rate: 1, retry: Safe, doc: "1047/71893";

    /// Counts the pushes of chat messages, all together.
    GET_MESSAGE_STATISTICS = "v4/timpush/normal_push_statistics", push.get_message_statistics,
        GetMessageStatistics => GetMessageStatisticsReply, rate: 1, retry: Safe, doc: "1047/71897";

    /// Counts the errors of pushes of chat messages. The vendor calls them push loss.
    GET_MESSAGE_ERROR_COUNTS = "v4/timpush/normal_push_loss", push.get_message_error_counts,
        GetMessageErrorCounts => GetMessageErrorCountsReply, rate: 1, retry: Safe, doc: "1047/71898";

    /// Follows the push of one chat message of the last 7 days to each device.
    GET_MESSAGE_TRACE = "v4/timpush/normal_push_trace", push.get_message_trace,
        GetMessageTrace => GetPushTraceReply, rate: 1, retry: Safe, doc: "1047/71896";
}
