//! One-to-one messages.

use super::elements::MsgElement;
use super::push_info::OfflinePushInfo;
use crate::schema::{Flag, ItemCode, JsonText, UnixSeconds, UserId, open_enum, ops, shape};

open_enum! {
    /// A callback switched off for one message.
    pub enum ForbidCallback {
        /// The one before sending.
        BeforeSend = "ForbidBeforeSendMsgCallback",
        /// The one after sending.
        AfterSend = "ForbidAfterSendMsgCallback",
    }
}

open_enum! {
    /// A send option for one message.
    pub enum SendControl {
        /// It does not count as unread.
        NoUnread = "NoUnread",
        /// It does not change the conversation list.
        NoLastMsg = "NoLastMsg",
        /// The receiver's do-not-disturb setting for the sender applies (one-to-one).
        WithMuteNotifications = "WithMuteNotifications",
        /// It skips the cloud's content check.
        NoMsgCheck = "NoMsgCheck",
    }
}

shape! {
    /// A one-to-one message.
    pub struct SendMessage {
        /// UserID of the receiver, who must be imported (90012).
        to_account: UserId = "To_Account",
        /// UserID that it is sent as; the calling admin where none is given.
        from_account: Option<UserId> = "From_Account",
        /// 1: the sender's devices and history get a copy; 2: they do not. Without it the history does.
        sync_other_machine: Option<u32> = "SyncOtherMachine" (values [1, 2]),
        /// Seconds that an undelivered message is kept, at most 7 days (604,800, where none is given); 0 reaches online receivers only.
        msg_life_time: Option<u32> = "MsgLifeTime" (range 0..=604800),
        /// Orders messages of the same second, and takes part in the check for repeats; drawn where none is given.
        msg_seq: Option<u32> = "MsgSeq",
        /// Tells a repeat within the same second from a new message; drawn where none is given.
        msg_random: Option<u32> = "MsgRandom",
        /// Unix time in seconds.
        msg_time_stamp: Option<UnixSeconds> = "MsgTimeStamp",
        /// Callbacks switched off for this message.
        forbid_callback_control: Option<Vec<ForbidCallback>> = "ForbidCallbackControl",
        /// Send options for this message.
        send_msg_control: Option<Vec<SendControl>> = "SendMsgControl",
        /// The elements; together at most 12 KB, and at most one of kind `TIMCustomElem`.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// The app's data, kept with the message and delivered to the receiver.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// Allows key values to be set on the message later.
        support_message_extension: Option<Flag> = "SupportMessageExtension",
        /// Offline push settings.
        offline_push_info: Option<OfflinePushInfo> = "OfflinePushInfo",
        /// Asks for a read receipt.
        is_need_read_receipt: Option<Flag> = "IsNeedReadReceipt",
    }
}

shape! {
    /// A message that was sent.
    pub struct SendMessageReply {
        /// Unix time of the message, in seconds.
        msg_time: UnixSeconds = "MsgTime",
        /// Key of the message, by which it is recalled, changed or deleted.
        msg_key: String = "MsgKey",
    }
}

shape! {
    /// One message to many users.
    pub struct BatchSendMessage {
        /// UserIDs of the receivers, at most 500 (90011).
        to_accounts: Vec<UserId> = "To_Account" (items 1..=500),
        /// UserID that it is sent as; the calling admin where none is given.
        from_account: Option<UserId> = "From_Account",
        /// 1: the sender's devices and history get a copy; 2: they do not. Without it the history does.
        sync_other_machine: Option<u32> = "SyncOtherMachine" (values [1, 2]),
        /// Reaches online receivers only: no unread count, no history. In place of `msg_life_time` on the newest page.
        online_only_flag: Option<Flag> = "OnlineOnlyFlag",
        /// Seconds that an undelivered message is kept, at most 7 days (604,800, where none is given); 0 reaches online receivers only.
        msg_life_time: Option<u32> = "MsgLifeTime" (range 0..=604800),
        /// Orders messages of the same second, and takes part in the check for repeats; drawn where none is given.
        msg_seq: Option<u32> = "MsgSeq",
        /// Tells a repeat within the same second from a new message; drawn where none is given.
        msg_random: Option<u32> = "MsgRandom",
        /// Send options for this message.
        send_msg_control: Option<Vec<SendControl>> = "SendMsgControl",
        /// The elements; together at most 12 KB, and at most one of kind `TIMCustomElem`.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// The app's data, kept with the message and delivered to the receivers.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// Allows key values to be set on the message later.
        support_message_extension: Option<Flag> = "SupportMessageExtension",
        /// Offline push settings.
        offline_push_info: Option<OfflinePushInfo> = "OfflinePushInfo",
        /// Asks for read receipts.
        is_need_read_receipt: Option<Flag> = "IsNeedReadReceipt",
    }
}

shape! {
    /// A message that was sent to many users.
    pub struct BatchSendMessageReply {
        /// Key of the message, by which it is recalled, changed or deleted.
        msg_key: String = "MsgKey",
        /// Receivers that did not get it; left out when all did.
        error_list: Option<Vec<BatchSendError>> = "ErrorList",
    }
}

shape! {
    /// A receiver that did not get a message.
    pub struct BatchSendError {
        /// UserID of the receiver.
        to_account: String = "To_Account",
        /// Why: 70107 means that there is no such account.
        error_code: ItemCode = "ErrorCode",
    }
}

ops! {
    /// Sends a message to one user. Friendship, blocklist and the receiver's mute state are not checked.
    ///
    /// The service drops a repeat only within the same second, so a call whose answer was lost is not sent again:
    /// the error says that it may have taken effect, and the history tells whether it did.
    SEND = "v4/openim/sendmsg", messages.send,
        SendMessage => SendMessageReply, rate: 200, retry: AfterCheck draws (msg_random, msg_seq), doc: "1047/34919",
        errors: [
            20001, 20002, 20003, 20004, 20005, 20006, 90001, 90002, 90003, 90005, 90006, 90007, 90009, 90010, 90012,
            90026, 90031, 90044, 90048, 90992, 91000, 93000
        ];

    /// Sends one message to up to 500 users, without callbacks. Those who did not get it are in `error_list`.
    ///
    /// The rate counts receivers, not calls: 12,000 a minute. Friendship, blocklist and mute states are not checked. As
    /// with a single message, a call whose answer was lost is not sent again.
    SEND_BATCH = "v4/openim/batchsendmsg", messages.send_batch,
        BatchSendMessage => BatchSendMessageReply, rate: 12_000 per 60_000 by to_accounts,
        retry: AfterCheck draws (msg_random, msg_seq), doc: "1047/34920", batch: to_accounts 500 failed error_list,
        errors: [
            70107, 70169, 90001, 90002, 90007, 90008, 90009, 90010, 90011, 90012, 90026, 90048, 90992, 91000, 93000
        ];
}
