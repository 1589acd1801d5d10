//! One-to-one messages.

use super::Empty;
use super::elements::MsgElement;
use super::extensions::{ListExtensionsReply, MsgExtension, UpdateExtensionsReply};
use super::push_info::OfflinePushInfo;
use super::stream::StreamElement;
use crate::schema::{Done, Flag, ItemCode, JsonText, Next, Page, UnixSeconds, UserId, open_enum, ops, shape};

open_enum! {
    /// A webhook to skip for one message.
    pub enum ForbidCallback {
        /// The webhook before sending.
        BeforeSend = "ForbidBeforeSendMsgCallback",
        /// The webhook after sending.
        AfterSend = "ForbidAfterSendMsgCallback",
    }
}

open_enum! {
    /// A send option for one message.
    pub enum SendControl {
        /// Does not count as unread.
        NoUnread = "NoUnread",
        /// Does not change the conversation list.
        NoLastMsg = "NoLastMsg",
        /// Applies the receiver's do-not-disturb setting for the sender (one-to-one).
        WithMuteNotifications = "WithMuteNotifications",
        /// Skips content moderation.
        NoMsgCheck = "NoMsgCheck",
    }
}

shape! {
    /// A one-to-one message.
    pub struct SendMessage {
        /// Receiver. Must be imported (90012).
        to_account: UserId = "To_Account",
        /// Sender. Defaults to the calling admin.
        from_account: Option<UserId> = "From_Account",
        /// 1 also delivers the message to the sender's devices and history; 2 does neither. If left out, the sender's
        /// history gets it.
        sync_other_machine: Option<u32> = "SyncOtherMachine" (values [1, 2]),
        /// Reaches online receivers only. Unconfirmed.
        online_only_flag: Option<Flag> = "OnlineOnlyFlag",
        /// Seconds to keep an undelivered message, at most 7 days. 0 reaches online receivers only. Defaults to
        /// 604,800.
        msg_life_time: Option<u32> = "MsgLifeTime" (range 0..=604800),
        /// Orders messages of the same second and helps recognize a retry. Defaults to a random number.
        msg_seq: Option<u32> = "MsgSeq",
        /// Helps recognize a retry. Defaults to a random number.
        msg_random: Option<u32> = "MsgRandom",
        /// Unix time in seconds. Newer pages no longer show it.
        msg_time_stamp: Option<UnixSeconds> = "MsgTimeStamp",
        /// Webhooks to skip for this message.
        forbid_callback_control: Option<Vec<ForbidCallback>> = "ForbidCallbackControl",
        /// Send options for this message.
        send_msg_control: Option<Vec<SendControl>> = "SendMsgControl",
        /// Elements, together at most 12 KB, at most one of them a `TIMCustomElem`.
        msg_body: Vec<MsgElement> = "MsgBody" (not_empty, size ..=12288),
        /// The app's own data, stored with the message and delivered to the receiver.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// Allows key-value extensions on the message later. Defaults to false.
        support_message_extension: Option<Flag> = "SupportMessageExtension",
        /// Offline push settings.
        offline_push_info: Option<OfflinePushInfo> = "OfflinePushInfo",
        /// Asks for a read receipt. Defaults to false.
        is_need_read_receipt: Option<Flag> = "IsNeedReadReceipt",
    }
}

shape! {
    /// A sent message.
    pub struct SendMessageReply {
        /// Unix time of the message, in seconds.
        msg_time: UnixSeconds = "MsgTime",
        /// Key of the message, to recall, update or delete it by.
        msg_key: String = "MsgKey",
        /// Id of the message on clients. Unconfirmed.
        msg_id: Option<String> = "MsgId",
    }
}

shape! {
    /// One message to many users.
    pub struct SendMessageBatch {
        /// 1 to 500 receivers (90011).
        to_accounts: Vec<UserId> = "To_Account" (items 1..=500),
        /// Sender. Defaults to the calling admin.
        from_account: Option<UserId> = "From_Account",
        /// 1 also delivers the message to the sender's devices and history; 2 does neither. If left out, the sender's
        /// history gets it.
        sync_other_machine: Option<u32> = "SyncOtherMachine" (values [1, 2]),
        /// Reaches online receivers only: no unread count, no history. Replaces `msg_life_time` on the newest page.
        /// Defaults to false.
        online_only_flag: Option<Flag> = "OnlineOnlyFlag",
        /// Seconds to keep an undelivered message, at most 7 days. 0 reaches online receivers only. Defaults to
        /// 604,800.
        msg_life_time: Option<u32> = "MsgLifeTime" (range 0..=604800),
        /// Orders messages of the same second and helps recognize a retry. Defaults to a random number.
        msg_seq: Option<u32> = "MsgSeq",
        /// Helps recognize a retry within the same second. Defaults to a random number.
        msg_random: Option<u32> = "MsgRandom",
        /// Send options for this message.
        send_msg_control: Option<Vec<SendControl>> = "SendMsgControl",
        /// Elements, together at most 12 KB, at most one of them a `TIMCustomElem`.
        msg_body: Vec<MsgElement> = "MsgBody" (not_empty, size ..=12288),
        /// The app's own data, stored with the message and delivered to the receivers.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// Allows key-value extensions on the message later. Defaults to false.
        support_message_extension: Option<Flag> = "SupportMessageExtension",
        /// Offline push settings.
        offline_push_info: Option<OfflinePushInfo> = "OfflinePushInfo",
        /// Asks for read receipts. Defaults to false.
        is_need_read_receipt: Option<Flag> = "IsNeedReadReceipt",
    }
}

shape! {
    /// A message sent to many users.
    pub struct SendMessageBatchReply {
        /// Key of the message, to recall, update or delete it by.
        msg_key: String = "MsgKey",
        /// Id of the message on clients. Unconfirmed.
        msg_id: Option<String> = "MsgId",
        /// Receivers that did not get the message. Absent if all did.
        errors: Option<Vec<SendMessageBatchError>> = "ErrorList",
    }
}

shape! {
    /// A receiver that did not get a message.
    pub struct SendMessageBatchError {
        /// The receiver.
        to_account: String = "To_Account",
        /// Why: 70107 means that the account does not exist.
        error_code: ItemCode = "ErrorCode",
    }
}

shape! {
    /// The next pieces of a one-to-one stream message.
    pub struct SendStreamChunks {
        /// Receiver.
        to_account: UserId = "To_Account",
        /// Sender. Defaults to the calling admin.
        from_account: Option<UserId> = "From_Account",
        /// 1 also delivers the message to the sender's devices and history; 2 does neither.
        sync_other_machine: Option<u32> = "SyncOtherMachine" (values [1, 2]),
        /// Sequence number of the caller's choice, not necessarily unique. The service draws none.
        msg_seq: Option<u32> = "MsgSeq",
        /// Random number. Defaults to a new one for each call.
        msg_random: Option<u32> = "MsgRandom",
        /// One `TIMStreamElem`.
        msg_body: Vec<StreamElement> = "MsgBody" (items 1..=1),
    }
}

shape! {
    /// A stream message after one-to-one chunks.
    pub struct SendStreamChunksReply {
        /// Id of the stream, to send with later chunks.
        stream_msg_id: String = "StreamMsgID",
        /// Key of the message. Unconfirmed.
        msg_key: Option<String> = "MsgKey",
        /// Server time. Unconfirmed.
        msg_time: Option<UnixSeconds> = "MsgTime",
    }
}

shape! {
    /// A time range of one conversation.
    pub struct ListMessages {
        /// Party of the conversation whose view to read. The two views differ where one party deleted something.
        operator_account: UserId = "Operator_Account" | "From_Account",
        /// The other party.
        peer_account: UserId = "Peer_Account" | "To_Account",
        /// Messages per page. A page ends at about 13 KB and may hold fewer.
        max_count: u32 = "MaxCnt",
        // 0 is deliberate here: the earliest time.
        /// Start of the range, Unix time in seconds. 0 starts at the oldest message.
        min_time: UnixSeconds = "MinTime" (or_zero),
        /// End of the range, Unix time in seconds. For the next page: the last reply's `last_msg_time`.
        max_time: UnixSeconds = "MaxTime",
        /// For the next page: the last reply's `last_msg_key`.
        last_msg_key: Option<String> = "LastMsgKey",
    }
}

shape! {
    /// A one-to-one message in the history.
    pub struct C2cMessage {
        /// Sender.
        from_account: String = "From_Account",
        /// Receiver.
        to_account: String = "To_Account",
        /// Sequence number.
        msg_seq: u32 = "MsgSeq",
        /// Random number.
        msg_random: u32 = "MsgRandom",
        /// Unix time in seconds.
        msg_time_stamp: UnixSeconds = "MsgTimeStamp",
        /// Unix time on the sender's device, in seconds. Unconfirmed.
        msg_client_time: Option<UnixSeconds> = "MsgClientTime",
        /// 0 for an ordinary message, 8 for a recalled one.
        msg_flag_bits: u32 = "MsgFlagBits",
        /// Whether the receiver sent a read receipt.
        is_peer_read: Option<Flag> = "IsPeerRead",
        /// Key of the message.
        msg_key: String = "MsgKey",
        /// Elements.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// The app's own data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}

shape! {
    /// A page of one-to-one history.
    pub struct ListMessagesReply {
        /// Whether this is the last page.
        complete: Flag = "Complete",
        /// Messages on this page.
        msg_count: u32 = "MsgCnt",
        /// Unix time of the last message on this page, in seconds.
        last_msg_time: UnixSeconds = "LastMsgTime",
        /// Key of the last message on this page.
        last_msg_key: String = "LastMsgKey",
        /// The messages.
        msg_list: Vec<C2cMessage> = "MsgList",
    }
}

shape! {
    /// New content for a sent message. Give one field or both.
    pub struct UpdateMessage {
        /// Sender of the message.
        from_account: UserId = "From_Account",
        /// Receiver of the message.
        to_account: UserId = "To_Account",
        /// Key of the message.
        msg_key: String = "MsgKey",
        /// New elements.
        msg_body: Option<Vec<MsgElement>> = "MsgBody" (not_empty, size ..=12288),
        /// New custom data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
    at_least_one(msg_body, cloud_custom_data);
}

shape! {
    /// A message to recall.
    pub struct RecallMessage {
        /// Sender of the message.
        from_account: UserId = "From_Account",
        /// Receiver of the message.
        to_account: UserId = "To_Account",
        /// Key of the message.
        msg_key: String = "MsgKey",
    }
}

shape! {
    /// Messages to delete for one side.
    pub struct DeleteMessages {
        /// Party of the conversation whose view loses the messages.
        operator_account: UserId = "Operator_Account",
        /// The other party, who keeps them.
        peer_account: UserId = "Peer_Account",
        /// Keys of 1 to 30 messages.
        msg_keys: Vec<String> = "MsgKeyList" (items 1..=30),
    }
}

shape! {
    /// What became of messages to delete.
    pub struct DeleteMessagesReply {
        /// Malformed keys, whose messages were not deleted.
        invalid_msg_keys: Option<Vec<String>> = "InvalidMsgKeyList",
    }
}

shape! {
    /// A conversation to mark as read.
    pub struct MarkMessagesAsRead {
        /// User whose messages become read.
        report_account: UserId = "Report_Account",
        /// The other party.
        peer_account: UserId = "Peer_Account",
        /// Unix time in seconds up to which messages become read. Defaults to now.
        msg_read_time: Option<UnixSeconds> = "MsgReadTime",
    }
}

shape! {
    /// Conversations whose unread messages to count.
    pub struct GetUnreadCounts {
        /// User whose messages to count.
        to_account: UserId = "To_Account",
        /// Other parties of 1 to 10 conversations. If left out, the reply has the total of all conversations.
        peer_accounts: Option<Vec<UserId>> = "Peer_Account" (items 1..=10),
    }
}

shape! {
    /// Unread messages of one conversation.
    pub struct UnreadCount {
        /// The other party.
        peer_account: String = "Peer_Account",
        /// Unread messages.
        unread_count: u32 = "C2CUnreadMsgNum",
    }
}

shape! {
    /// A conversation that could not be counted.
    pub struct UnreadCountError {
        /// The other party.
        peer_account: String = "Peer_Account",
        /// Why: 70107 means that the account does not exist.
        error_code: ItemCode = "ErrorCode",
    }
}

shape! {
    /// Unread counts.
    pub struct GetUnreadCountsReply {
        /// Unread messages of all conversations. Absent if `peer_accounts` was given.
        total_unread_count: Option<u32> = "AllC2CUnreadMsgNum",
        /// Unread messages of each conversation. Absent if `peer_accounts` was left out.
        unread_counts: Option<Vec<UnreadCount>> = "C2CUnreadMsgNumList",
        /// Conversations that could not be counted.
        errors: Option<Vec<UnreadCountError>> = "ErrorList",
    }
}

shape! {
    /// A message that was read.
    pub struct ReadReceiptMessage {
        /// Sender of the message, the same as `peer_account`.
        from_account: UserId = "From_Account",
        /// Receiver of the message, the same as `operator_account`.
        to_account: UserId = "To_Account",
        /// Key of the message.
        msg_key: String = "MsgKey",
    }
}

shape! {
    /// Read receipts to send.
    pub struct SendReadReceipts {
        /// User who read the messages.
        operator_account: UserId = "Operator_Account",
        /// Sender of the messages.
        peer_account: UserId = "Peer_Account",
        /// Messages that were read.
        messages: Vec<ReadReceiptMessage> = "C2CMsgInfo",
    }
}

shape! {
    /// A change of a message's key-value pairs.
    pub struct UpdateMessageExtensions {
        /// Sender of the message.
        from_account: Option<UserId> = "From_Account",
        /// Receiver of the message.
        to_account: UserId = "To_Account",
        /// Key of the message.
        msg_key: String = "MsgKey",
        /// 1 sets pairs, 2 deletes pairs, 3 clears all pairs.
        operate_type: u32 = "OperateType" (values [1, 2, 3]),
        /// At most 20 pairs to set or delete.
        extensions: Option<Vec<MsgExtension>> = "ExtensionList" (items ..=20),
    }
    requires([operate_type 1 2], extensions);
}

shape! {
    /// A message whose key-value pairs to list.
    pub struct ListMessageExtensions {
        /// Sender of the message.
        from_account: Option<UserId> = "From_Account",
        /// Receiver of the message.
        to_account: UserId = "To_Account",
        /// Key of the message.
        msg_key: String = "MsgKey",
        /// Lists only pairs with this `seq` or a greater one.
        start_seq: Option<u32> = "StartSeq",
    }
}

shape! {
    /// A one-to-one message from another system.
    pub struct ImportMessage {
        /// 2 for an old message: not counted as unread, not pushed. 5 for a live message during a migration: counted
        /// and pushed.
        sync_from_old_system: u32 = "SyncFromOldSystem" (values [2, 5]),
        /// Sender.
        from_account: UserId = "From_Account",
        /// Receiver.
        to_account: UserId = "To_Account",
        /// Sequence number, part of the duplicate check. Defaults to a random number.
        msg_seq: Option<u32> = "MsgSeq",
        /// Random number, part of the duplicate check. Defaults to a new one.
        msg_random: Option<u32> = "MsgRandom",
        /// Unix time of the message in seconds, part of the duplicate check.
        msg_time_stamp: UnixSeconds = "MsgTimeStamp",
        /// Elements, together at most 12 KB, at most one of them a `TIMCustomElem`.
        msg_body: Vec<MsgElement> = "MsgBody" (not_empty, size ..=12288),
        /// The app's own data, stored with the message.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}

ops! {
    /// Sends a message to one user. Friendship, blocklist and the receiver's mute state are not checked.
    ///
    /// The service drops a second message with the same sender, `msg_seq`, `msg_random` and content for two minutes, so a
    /// call whose answer was lost is retried within that time. `msg_seq` and `msg_random` are drawn once per call.
    SEND = "v4/openim/sendmsg", messages.send,
        SendMessage => SendMessageReply, rate: 200,
        retry: SameRandom within 120 draws (msg_random, msg_seq), doc: "1047/34919",
        errors: [
            20001, 20002, 20003, 20004, 20005, 20006, 90001, 90002, 90003, 90005, 90006, 90007, 90009, 90010, 90012,
            90026, 90031, 90044, 90048, 90992, 91000, 93000
        ];

    /// Sends one message to up to 500 users, without webhooks. Those who did not get it are in `errors`.
    ///
    /// The rate limit counts receivers, not calls: 12,000 a minute. Friendship, blocklist and mute state are not
    /// checked. A call whose answer was lost is not retried: the page promises no duplicate check.
    SEND_BATCH = "v4/openim/batchsendmsg", messages.send_batch,
        SendMessageBatch => SendMessageBatchReply, rate: 12_000 per 60_000 by to_accounts,
        retry: AfterCheck draws (msg_random, msg_seq), doc: "1047/34920", batch: to_accounts 500 failed errors,
        errors: [
            70107, 70169, 90001, 90002, 90007, 90008, 90009, 90010, 90011, 90012, 90026, 90048, 90992, 91000, 93000
        ];

    /// Sends chunks of a one-to-one stream message, such as an answer that is still being written.
    ///
    /// The first reply's `stream_msg_id` goes into the element of every later call. A stream takes 5 calls a second and
    /// 128 KB in all, and ends by itself 15 seconds after its last chunk. The trial and development editions can send
    /// 1000 a day. Friendship, blocklist and mute state are not checked.
    // The 5 calls a second are for one stream, not for the app. A chunk sent twice may stand in the message twice.
    SEND_STREAM_CHUNKS = "v4/stream_msg/send_c2c_stream_msg", messages.send_stream_chunks,
        SendStreamChunks => SendStreamChunksReply, rate: none, retry: Never draws (msg_random), doc: "269/128596";

    /// Lists the messages of one conversation within a time range, page by page, recalled ones included.
    ///
    /// History goes back 7 days by default, longer for a fee.
    LIST = "v4/openim/admin_getroammsg", messages.list,
        ListMessages => ListMessagesReply, rate: 200, retry: Safe, doc: "1047/35478",
        page: Page {
            next: &[
                ("last_msg_key", Next::Reply("last_msg_key")),
                ("max_time", Next::Reply("last_msg_time")),
            ],
            size: None,
            items: &["msg_list"],
            until: &[Done::Set("complete")],
        },
        errors: [90001, 90003, 90008, 90009, 91000];

    /// Changes a sent message for both sides. This cannot be undone.
    // Inferred: the same values are written again.
    UPDATE = "v4/openim/modify_c2c_msg", messages.update,
        UpdateMessage => Empty, rate: 200, retry: Safe, doc: "1047/47722",
        errors: [
            20001, 20002, 20003, 20004, 20005, 90001, 90002, 90003, 90007, 90009, 90010, 90012, 90992, 91000
        ];

    /// Recalls a message for both sides, however old it is. This cannot be undone.
    ///
    /// Recalling it again answers 20023 and changes nothing.
    RECALL = "v4/openim/admin_msgwithdraw", messages.recall,
        RecallMessage => Empty, rate: 200, retry: Safe, doc: "1047/35015",
        errors: [20022, 20023, 90001, 90003, 90008, 90009, 90054, 91000];

    /// Deletes up to 30 messages for one side. The other side keeps them; `recall` removes a message for both.
    // What deleting a message again answers is not documented; the history shows whether it is gone.
    DELETE = "v4/openim/delete_c2c_msg_ramble", messages.delete,
        DeleteMessages => DeleteMessagesReply, rate: 200, retry: AfterCheck, doc: "269/101439",
        batch: msg_keys 30 failed invalid_msg_keys;

    /// Marks a user's messages of one conversation as read.
    // Inferred: marking them again changes nothing.
    MARK_AS_READ = "v4/openim/admin_set_msg_read", messages.mark_as_read,
        MarkMessagesAsRead => Empty, rate: 200, retry: Safe, doc: "269/50349", errors: [90001, 90003, 90008];

    /// Counts a user's unread one-to-one messages: of up to 10 conversations, or of all together.
    GET_UNREAD_COUNTS = "v4/openim/get_c2c_unread_msg_num", messages.get_unread_counts,
        GetUnreadCounts => GetUnreadCountsReply, rate: 200, retry: Safe, doc: "269/56043",
        batch: peer_accounts 10 failed errors, errors: [90001, 90003, 90008];

    /// Sends read receipts for messages of one conversation that asked for them (`is_need_read_receipt`).
    // Whether a second receipt tells the sender again is not documented; the history shows whether the first arrived.
    SEND_READ_RECEIPTS = "v4/openim/c2c_msg_read_receipt", messages.send_read_receipts,
        SendReadReceipts => Empty, rate: none, retry: AfterCheck, doc: "1047/77776";

    /// Sets, deletes or clears the key-value pairs of a message. Each pair's result comes back in `extensions`.
    ///
    /// The message must have been sent with `support_message_extension`. It holds at most 300 pairs and takes 200
    /// changes a minute.
    // An admin's `seq` is not checked. Inferred: a retry writes the same values again. Not a
    // batch: a result holds its key inside an object.
    UPDATE_EXTENSIONS = "v4/openim_msg_ext_http_svc/set_key_values", messages.update_extensions,
        UpdateMessageExtensions => UpdateExtensionsReply, rate: 200, retry: Safe, doc: "1047/51195",
        edition: "Ultimate edition (Premium outside China), with message extensions switched on",
        errors: [10002, 10004, 10008, 23001, 23002, 23003, 23004];

    /// Lists the key-value pairs of a message, up to 200 per page.
    LIST_EXTENSIONS = "v4/openim_msg_ext_http_svc/get_key_values", messages.list_extensions,
        ListMessageExtensions => ListExtensionsReply, rate: 200, retry: Safe, doc: "1047/51194",
        // The next position is inferred.
        page: Page {
            next: &[("start_seq", Next::Above("seq"))],
            size: None,
            items: &["extensions"],
            until: &[Done::Set("complete_flag")],
        },
        edition: "Ultimate edition (Premium outside China), with message extensions switched on",
        errors: [10002, 10004, 10008, 23004];

    /// Imports one message from another system. Updates the conversation list and calls no webhook.
    ///
    /// The service drops a message whose sender, receiver (in either order), `msg_seq`, `msg_random` and
    /// `msg_time_stamp` it already has, whatever its content.
    IMPORT_MESSAGE = "v4/openim/importmsg", messages.import_message,
        ImportMessage => Empty, rate: 200, retry: Safe draws (msg_random, msg_seq), doc: "1047/35014",
        errors: [
            90001, 90002, 90003, 90005, 90006, 90007, 90008, 90009, 90010, 90011, 90012, 90026, 90030, 90048, 90992,
            91000, 93000
        ];
}
