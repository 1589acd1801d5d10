//! Results of pushes: up to 100 in one event. Their times are in seconds.

use crate::schema::{UnixSeconds, shape};
use crate::webhook::dsl::webhooks;

shape! {
    /// One step of an offline push of a message.
    pub struct OfflinePushEvent {
        /// Command of the webhook.
        callback_command: String = "CallbackCommand",
        /// 1 for a one-to-one message, 2 for a group message.
        event_type: u32 = "EventType",
        /// Unix time in seconds.
        event_time: UnixSeconds = "EventTime",
        /// Sender.
        from_account: String = "From_Account",
        /// Receiver.
        to_account: String = "To_Account",
        /// 0 if unknown, 1 for Apple, 2 Xiaomi, 3 Huawei, 4 Google FCM, 5 Meizu, 6 OPPO, 7 vivo, 8 Honor.
        push_platform: u32 = "PushPlatform",
        /// 1 if it was sent, 2 if shown, 3 if clicked.
        push_stage: u32 = "PushStage",
        /// Key of a one-to-one message. Empty for a group message.
        msg_key: String = "MsgKey",
        /// Group. Empty for a one-to-one message.
        group_id: String = "GroupID" | "GroupId",
        /// Sequence number of the message.
        msg_seq: Option<u32> = "MsgSeq",
        /// Random number of a one-to-one message.
        msg_random: Option<u32> = "MsgRandom",
        /// Unix time in seconds when the message was sent.
        msg_time: Option<UnixSeconds> = "MsgTime",
        /// 0 for success.
        err_code: i32 = "ErrCode",
        /// Error text.
        err_info: String = "ErrInfo",
    }
}

shape! {
    /// Results of offline pushes of messages.
    pub struct OfflinePush {
        /// 1 to 100 results.
        events: Vec<OfflinePushEvent> = "Events",
    }
}

shape! {
    /// One step of a push of a task.
    pub struct AllMemberPushEvent {
        /// Command of the webhook.
        callback_command: String = "CallbackCommand",
        /// 1 for an offline push, 2 for an online push.
        event_type: u32 = "EventType",
        /// Id of the task.
        task_id: String = "TaskId",
        /// Unix time in seconds when the task began.
        task_time: UnixSeconds = "TaskTime",
        /// Unix time in seconds.
        event_time: UnixSeconds = "EventTime",
        /// Receiver.
        to_account: String = "To_Account",
        /// 0 if unknown, 1 for Apple, 2 Xiaomi, 3 Huawei, 4 Google FCM, 5 Meizu, 6 OPPO, 7 vivo, 8 Honor.
        push_platform: u32 = "PushPlatform",
        /// 1 if it was sent, 2 if shown, 3 if clicked.
        push_stage: u32 = "PushStage",
        /// 0 for success.
        err_code: i32 = "ErrCode",
        /// Error text.
        err_info: String = "ErrInfo",
    }
}

shape! {
    /// Results of pushes to all users, to tags or to single users.
    pub struct AllMemberPush {
        /// 1 to 100 results.
        events: Vec<AllMemberPushEvent> = "Events",
    }
}

webhooks! {
    /// Fires when offline pushes of messages were sent, shown or clicked.
    OFFLINE_PUSH = "Push.OfflinePush" (After) => OfflinePush, doc: "1047/67552", edition: "the push plug-in";

    /// Fires when pushes of a task were sent, shown or clicked.
    ALL_MEMBER_PUSH = "Push.AllMemberPush" (After) => AllMemberPush, doc: "1047/67551", edition: "the push plug-in";
}
