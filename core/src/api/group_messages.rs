//! Messages of groups and topics.

use super::Empty;
use super::elements::MsgElement;
use super::extensions::{ListExtensionsReply, MsgExtension, UpdateExtensionsReply};
use super::messages::{ForbidCallback, SendControl};
use super::push_info::OfflinePushInfo;
use super::stream::StreamElement;
use crate::schema::{
    Done, Flag, ItemCode, JsonText, ListOrObject, Next, Page, UnixSeconds, UserId, open_enum, ops, shape,
};

open_enum! {
    /// Priority of a group message. When a group gets too many messages, those of low priority are dropped first.
    pub enum MsgPriority {
        /// Delivered first.
        High = "High",
        /// The usual priority.
        Normal = "Normal",
        /// Dropped before others.
        Low = "Low",
        /// Dropped first. Named by the page on the history only.
        Lowest = "Lowest",
    }
}

shape! {
    /// One mention in a message.
    pub struct GroupAtInfo {
        /// Mentions everyone. Not in a community.
        group_at_all_flag: Flag = "GroupAtAllFlag",
        /// User id of the member mentioned, unless everyone is.
        group_at_account: Option<UserId> = "GroupAt_Account",
    }
}

shape! {
    /// A message to a group.
    pub struct SendGroupMessage {
        /// Id of the group.
        group_id: String = "GroupId",
        /// The elements; together at most 12 KB (8000 bytes on pages up to 2022).
        msg_body: Vec<MsgElement> = "MsgBody" (not_empty, size ..=12288),
        /// Random number by which the service recognizes a retry for 5 minutes. Drawn if left out.
        random: Option<u32> = "Random",
        /// Priority. Defaults to `Normal`.
        msg_priority: Option<MsgPriority> = "MsgPriority",
        /// Sender, who must exist. Defaults to the calling admin.
        from_account: Option<UserId> = "From_Account",
        /// Offline push settings.
        offline_push_info: Option<OfflinePushInfo> = "OfflinePushInfo",
        /// Webhooks switched off for this message.
        forbid_callback_control: Option<Vec<ForbidCallback>> = "ForbidCallbackControl",
        /// Reaches online members only and is not stored. Defaults to false. Not for `AVChatRoom`.
        online_only_flag: Option<Flag> = "OnlineOnlyFlag",
        /// Send options for this message: `NoUnread` and `NoLastMsg`. Not with `online_only_flag`, not for `AVChatRoom`.
        send_msg_control: Option<Vec<SendControl>> = "SendMsgControl",
        /// Data of the app, stored and delivered with the message.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// Allows key-values to be set on the message later.
        support_message_extension: Option<Flag> = "SupportMessageExtension",
        /// Only these members receive it, at most 50, and do not count it as unread. Needs the Ultimate edition. Not for
        /// live groups and communities.
        to_accounts: Option<Vec<UserId>> = "To_Account" (items 1..=50),
        /// Sends it in this topic of a community.
        topic_id: Option<String> = "TopicId",
        /// Asks for read receipts. Defaults to false.
        need_read_receipt: Option<Flag> = "NeedReadReceipt",
        /// Whom the text mentions, in the order of the mentions.
        group_at_info: Option<Vec<GroupAtInfo>> = "GroupAtInfo",
    }
}

shape! {
    /// A group message that was sent, or dropped: see `msg_drop_reason`.
    pub struct SendGroupMessageReply {
        /// Time of sending.
        msg_time: UnixSeconds = "MsgTime",
        /// Sequence number, which identifies the message in its group.
        msg_seq: u32 = "MsgSeq",
        /// Why the service dropped the message, such as `MsgFreqCtrl` for frequency control. Empty or left out if it did not.
        msg_drop_reason: Option<String> = "MsgDropReason",
    }
}

shape! {
    /// Chunks of a stream message to a group.
    pub struct SendGroupStreamChunks {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Sender. Defaults to the calling admin.
        from_account: Option<UserId> = "From_Account",
        /// Random number. Drawn if left out.
        msg_random: Option<u32> = "MsgRandom",
        /// Exactly one element, with the new chunks.
        msg_body: Vec<StreamElement> = "MsgBody" (items 1..=1),
        /// Data of the app, stored and delivered with the message.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}

shape! {
    /// The stream that the chunks belong to.
    pub struct SendGroupStreamChunksReply {
        /// Id of the stream, to send with later chunks.
        stream_msg_id: String = "StreamMsgID",
    }
}

shape! {
    /// A system notification to a group.
    pub struct SendGroupSystemNotification {
        /// Id of the group.
        group_id: String = "GroupId",
        /// User ids of at most 500 members to notify. Defaults to all, also if empty; a live group takes all only.
        to_accounts: Option<Vec<UserId>> = "ToMembers_Account" (items ..=500),
        /// Text of the notification.
        content: String = "Content",
        /// Notifies in this topic of a community.
        topic_id: Option<String> = "TopicId",
    }
}

shape! {
    /// A page of the history of a group or topic.
    pub struct ListGroupMessages {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Page size, at most 20.
        req_msg_number: u32 = "ReqMsgNumber" (range ..=20),
        /// Largest sequence number to return. Defaults to that of the newest message.
        req_msg_seq: Option<u32> = "ReqMsgSeq",
        /// Lists the history of this topic of a community.
        topic_id: Option<String> = "TopicId",
        /// Whether to list recalled messages too. Defaults to false.
        with_recalled_msg: Option<Flag> = "WithRecalledMsg",
    }
}

shape! {
    /// A message in the history of a group.
    pub struct GroupMessage {
        /// Sender.
        from_account: Option<String> = "From_Account",
        /// 0 for a message, 1 for a gap (deleted, expired or never stored, with an empty body), 2 for a recalled message.
        is_place_msg: Option<u32> = "IsPlaceMsg",
        /// Whether it is a system message.
        is_system_msg: Option<Flag> = "IsSystemMsg",
        /// The elements. An object in a system message.
        msg_body: Option<ListOrObject<MsgElement>> = "MsgBody",
        /// Priority: 1 for high, 2 for normal, 3 for low, 4 for lowest.
        msg_priority: Option<u32> = "MsgPriority",
        /// Random number of the message.
        msg_random: Option<u32> = "MsgRandom",
        /// Sequence number. Rises in the order in which the service got the messages of the group.
        msg_seq: u32 = "MsgSeq",
        /// Time of sending.
        msg_time_stamp: Option<UnixSeconds> = "MsgTimeStamp",
    }
}

shape! {
    /// A page of the history of a group or topic.
    pub struct ListGroupMessagesReply {
        /// Id of the group.
        group_id: String = "GroupId",
        /// 1 if all messages asked for came; 0 if the reply was too long or more than 20 were asked for; 2 if moreover all
        /// of these have expired.
        is_finished: Option<u32> = "IsFinished",
        /// The messages, newest first.
        msg_list: Vec<GroupMessage> = "RspMsgList",
    }
}

shape! {
    /// Changes to a stored group message. Fields that are left out stay as they are.
    pub struct UpdateGroupMessage {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Sequence number of the message.
        msg_seq: u32 = "MsgSeq",
        /// New elements.
        msg_body: Option<Vec<MsgElement>> = "MsgBody" (not_empty, size ..=12288),
        /// New data of the app.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// The message stands in this topic of a community.
        topic_id: Option<String> = "TopicId",
    }
    at_least_one(msg_body, cloud_custom_data);
}

shape! {
    /// One message of a group.
    pub struct MsgSeqItem {
        /// Sequence number.
        msg_seq: u32 = "MsgSeq",
    }
}

shape! {
    /// Messages to recall.
    pub struct RecallGroupMessages {
        /// Id of the group.
        group_id: String = "GroupId",
        /// 1 to 10 messages.
        msg_seqs: Vec<MsgSeqItem> = "MsgSeqList" (items 1..=10),
        /// The messages stand in this topic of a community.
        topic_id: Option<String> = "TopicId",
        /// Reason, at most 100 bytes.
        reason: Option<String> = "Reason" (bytes ..=100),
    }
}

shape! {
    /// Outcome of the recall of one message.
    pub struct RecallGroupMessageResult {
        /// Sequence number.
        msg_seq: u32 = "MsgSeq",
        /// 0 for success, else a code such as 10030 (no such message), 10031 (too old) or 10032 (cannot be recalled).
        ret_code: ItemCode = "RetCode",
    }
}

shape! {
    /// Outcome of a recall.
    pub struct RecallGroupMessagesReply {
        /// One entry for each message.
        results: Vec<RecallGroupMessageResult> = "RecallRetList",
    }
}

shape! {
    /// A sender whose messages to recall.
    pub struct RecallGroupMessagesBySender {
        /// Id of the group.
        group_id: String = "GroupId",
        /// User id of the sender.
        sender_account: UserId = "Sender_Account",
        /// The messages stand in this topic of a community.
        topic_id: Option<String> = "TopicId",
    }
}

shape! {
    /// The history to hide from the members of a group.
    pub struct ClearGroupHistory {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Hides messages up to and including this sequence number. Defaults to all.
        msg_seq: Option<u32> = "MsgSeq",
    }
}

shape! {
    /// Messages that a user has read.
    pub struct SendGroupReadReceipts {
        /// Id of the group.
        group_id: String = "GroupId",
        /// User id of the reader.
        from_account: UserId = "From_Account",
        /// 1 to 50 messages.
        msg_seqs: Vec<MsgSeqItem> = "MsgSeqList" (items 1..=50),
    }
}

shape! {
    /// How many members have read one message.
    pub struct GroupReadReceipt {
        /// 0 for success; 10062 if the message has no read receipts.
        code: ItemCode = "Code",
        /// Sequence number of the message.
        msg_seq: u32 = "MsgSeq",
        /// Number of members who have read it.
        read_count: Option<u32> = "ReadNum",
        /// Number of members who have not.
        unread_count: Option<u32> = "UnreadNum",
    }
}

shape! {
    /// Outcome of sending read receipts.
    pub struct SendGroupReadReceiptsReply {
        /// One entry for each message. Unconfirmed.
        receipts: Option<Vec<GroupReadReceipt>> = "GroupMsgReceiptList",
    }
}

shape! {
    /// Messages whose readers to count.
    pub struct GetGroupReadReceipts {
        /// Id of the group.
        group_id: String = "GroupId",
        /// The messages. The vendor states no maximum.
        msg_seqs: Vec<MsgSeqItem> = "MsgSeqList",
    }
}

shape! {
    /// How many members have read each message.
    pub struct GetGroupReadReceiptsReply {
        /// One entry for each message.
        receipts: Vec<GroupReadReceipt> = "GroupMsgReceiptList",
    }
}

shape! {
    /// A page of the members who have read a message, or who have not.
    pub struct ListGroupReadMembers {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Sequence number of the message. The vendor's table calls it optional.
        msg_seq: Option<u32> = "MsgSeq",
        /// 0 lists who has read the message, 1 who has not.
        filter: u32 = "Filter" (values [0, 1]),
        /// Position: empty at first, then `cursor` of the last reply.
        cursor: String = "Cursor",
        /// Page size, at most 200.
        count: u32 = "Count" (range ..=200),
    }
}

shape! {
    /// A member who has read a message.
    pub struct ReadMember {
        /// User id.
        read_account: String = "Read_Account",
    }
}

shape! {
    /// A member who has not read a message.
    pub struct UnreadMember {
        /// User id.
        unread_account: String = "Unread_Account",
    }
}

shape! {
    /// A page of the members who have read a message, or who have not.
    pub struct ListGroupReadMembersReply {
        /// Position of the next page.
        cursor: String = "Cursor",
        /// Whether this is the last page.
        is_finish: Flag = "IsFinish" | "IsFinished",
        /// Sequence number of the message.
        msg_seq: u32 = "MsgSeq",
        /// Those who have read it, if `filter` is 0.
        read_members: Vec<ReadMember> = "ReadList",
        /// Those who have not, if `filter` is 1.
        unread_members: Vec<UnreadMember> = "UnreadList",
    }
}

shape! {
    /// Changes to the key-values of a group message.
    pub struct UpdateGroupMessageExtensions {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Sequence number of the message, which was sent with `support_message_extension`.
        msg_seq: u32 = "MsgSeq",
        /// 1 sets key-values, 2 deletes them, 3 deletes all of the message.
        operate_type: u32 = "OperateType" (values [1, 2, 3]),
        /// At most 20 key-values.
        extensions: Option<Vec<MsgExtension>> = "ExtensionList" (items ..=20),
    }
    requires([operate_type 1 2], extensions);
}

shape! {
    /// A group message whose key-values to list.
    pub struct ListGroupMessageExtensions {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Sequence number of the message.
        msg_seq: u32 = "MsgSeq",
        /// Lists only key-values whose `seq` is at least this. Defaults to all.
        start_seq: Option<u32> = "StartSeq",
    }
}

shape! {
    /// A message to import.
    pub struct ImportGroupMessage {
        /// Sender.
        from_account: UserId = "From_Account",
        /// Time of sending: before now, and after both the creation and the newest message of the group.
        send_time: UnixSeconds = "SendTime",
        /// Random number by which the service recognizes a repeated message for 5 minutes.
        random: Option<u32> = "Random",
        /// The elements: texts, faces, locations and custom elements; together at most 8000 bytes.
        msg_body: Vec<MsgElement> = "MsgBody" (not_empty, size ..=12288),
    }
}

shape! {
    /// Messages to import into a group.
    pub struct ImportGroupMessages {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Whether to update the conversation list too. Defaults to false. Not for live groups and communities.
        recent_contact_flag: Option<Flag> = "RecentContactFlag",
        /// 1 to 7 messages, oldest first.
        msg_list: Vec<ImportGroupMessage> = "MsgList" (items 1..=7),
        /// Imports them into this topic of a community.
        topic_id: Option<String> = "TopicId",
    }
}

shape! {
    /// Outcome of the import of one message.
    pub struct ImportGroupMessageResult {
        /// Sequence number that the message got.
        msg_seq: u32 = "MsgSeq",
        /// Time of the message.
        msg_time: UnixSeconds = "MsgTime",
        /// 0 for success, 10004 for a bad time, 80001 for refused text, 80002 for more than 8000 bytes.
        result: ItemCode = "Result",
    }
}

shape! {
    /// Outcome of an import of messages.
    pub struct ImportGroupMessagesReply {
        /// One entry for each message.
        results: Vec<ImportGroupMessageResult> = "ImportMsgResult",
    }
}

shape! {
    /// The unread count of one member.
    pub struct SetGroupUnreadCount {
        /// Id of the group.
        group_id: String = "GroupId",
        /// User id of the member.
        member_account: UserId = "Member_Account",
        /// Number of unread messages, cut to the number of messages of the group.
        unread_count: u32 = "UnreadMsgNum",
    }
}

ops! {
    /// Sends a message to a group or topic. The service takes 40 messages a second in one group, whoever sends.
    ///
    /// A message dropped by frequency control is a success too: look at `msg_drop_reason`.
    // Newer pages ask for the same content, too: a retry has the same body.
    SEND = "v4/group_open_http_svc/send_group_msg", group_messages.send,
        SendGroupMessage => SendGroupMessageReply, rate: 200, retry: SameRandom within 300 draws (random),
        doc: "1047/34959", errors: [10002, 10004, 10007, 10010, 10015, 10016, 10017, 10023, 80001, 80002];

    /// Sends chunks of a stream message to a group.
    ///
    /// The first reply gives the `stream_msg_id` to send with later chunks. The stream ends with a chunk that is the last,
    /// or after 15 seconds without a chunk. The vendor allows 5 calls a second for one stream, and in trial and
    /// development editions 1000 calls a day. Mute states are not checked.
    // Each call appends its chunks; what happens to a repeated index is not described. The rate counts the calls of one
    // stream, not of the app.
    SEND_STREAM_CHUNKS = "v4/stream_msg/send_group_stream_msg", group_messages.send_stream_chunks,
        SendGroupStreamChunks => SendGroupStreamChunksReply, rate: none, retry: Never draws (msg_random),
        doc: "269/128597";

    /// Sends a system notification to all members of a group or up to 500 of them.
    ///
    /// Clients get it through `onReceiveRESTCustomData` of the group listener.
    // Nothing in the request tells a retry from a new notification.
    SEND_SYSTEM_NOTIFICATION = "v4/group_open_http_svc/send_group_system_notification",
        group_messages.send_system_notification,
        SendGroupSystemNotification => Empty, rate: 200, retry: Never, doc: "1047/34958",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Lists the history of a group or topic, newest first, page by page. Not for live groups, which store none.
    LIST = "v4/group_open_http_svc/group_msg_get_simple", group_messages.list,
        ListGroupMessages => ListGroupMessagesReply, rate: 200, retry: Safe, doc: "1047/34971",
        page: Page {
            next: &[("req_msg_seq", Next::Below("msg_seq"))],
            size: Some(("req_msg_number", 20)),
            items: &["msg_list"],
            until: &[Done::NoItems],
        },
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Changes the elements or the data of a stored group message, for everyone and for good. Not for live groups.
    UPDATE = "v4/openim/modify_group_msg", group_messages.update,
        UpdateGroupMessage => Empty, rate: 200, retry: Safe, doc: "1047/47948",
        errors: [20001, 20002, 20004, 20005, 90001, 90002, 90003, 90007, 90009, 90010, 90992, 91000];

    /// Recalls up to 10 messages of a group, for everyone and for good. The outcome of each comes back in `results`.
    ///
    /// Possible while the history of the group keeps the message. Not for live groups on the page of 2022.
    // A message that is recalled already stays so, and its entry carries a code.
    RECALL = "v4/group_open_http_svc/group_msg_recall", group_messages.recall,
        RecallGroupMessages => RecallGroupMessagesReply, rate: 200, retry: Safe, doc: "1047/34965",
        batch: msg_seqs 10 each results,
        errors: [10002, 10003, 10004, 10007, 10010, 10015, 10030, 10031, 10032, 10033, 10041];

    /// Recalls what one user sent among the newest 1000 messages of a group.
    ///
    /// Clients are not told; they see it when they next load the history. No effect on live groups.
    RECALL_BY_SENDER = "v4/group_open_http_svc/delete_group_msg_by_sender", group_messages.recall_by_sender,
        RecallGroupMessagesBySender => Empty, rate: 200, retry: Safe, doc: "1047/34970",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Hides the history of a group from all members, up to one message or as a whole. Not for communities.
    ///
    /// The messages stay: `group_messages.list` still returns them.
    // Without `msg_seq` a retry also hides what was sent since the first attempt.
    CLEAR_HISTORY = "v4/group_open_http_svc/clear_group_msg", group_messages.clear_history,
        ClearGroupHistory => Empty, rate: 200, retry: Safe, doc: "1047/65970",
        errors: [10002, 10003, 10004, 10007, 10010];

    /// Sends read receipts for up to 50 messages of a group in the name of a user.
    ///
    /// Known from SDKs of 2025; the vendor's pages do not describe it.
    // Without a page of its own: doc is the vendor's list of calls, the codes are those of the call below.
    SEND_READ_RECEIPTS = "v4/group_open_http_svc/group_msg_receipt", group_messages.send_read_receipts,
        SendGroupReadReceipts => SendGroupReadReceiptsReply, rate: none, retry: Safe, doc: "1047/34621",
        batch: msg_seqs 50,
        edition: "Ultimate edition, with group read receipts switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Counts who has read each message of a group, and who has not. Not for live groups and communities.
    GET_READ_RECEIPTS = "v4/group_open_http_svc/get_group_msg_receipt", group_messages.get_read_receipts,
        GetGroupReadReceipts => GetGroupReadReceiptsReply, rate: 200, retry: Safe, doc: "1047/49439",
        edition: "Ultimate edition, with group read receipts switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015, 10062];

    /// Lists who has read one message of a group, or who has not, page by page. Not for live groups and communities.
    LIST_READ_MEMBERS = "v4/group_open_http_svc/get_group_msg_receipt_detail", group_messages.list_read_members,
        ListGroupReadMembers => ListGroupReadMembersReply, rate: 200, retry: Safe, doc: "1047/49438",
        page: Page {
            next: &[("cursor", Next::Reply("cursor"))],
            size: Some(("count", 200)),
            items: &["read_members", "unread_members"],
            until: &[Done::Set("is_finish")],
        },
        edition: "Ultimate edition, with group read receipts switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015, 10062];

    /// Sets or deletes up to 20 key-values of one group message, or deletes all. A message has at most 300.
    ///
    /// The outcome of each comes back in `extensions`. Not for live groups.
    // An app admin's change ignores `seq`, so a retry leaves the same values.
    UPDATE_EXTENSIONS = "v4/openim_msg_ext_http_svc/group_set_key_values", group_messages.update_extensions,
        UpdateGroupMessageExtensions => UpdateExtensionsReply, rate: 200, retry: Safe, doc: "1047/52170",
        edition: "Ultimate edition, with message extensions switched on in the console",
        errors: [10002, 10004, 10008, 23001, 23002, 23003, 23004];

    /// Lists the key-values of one group message, at most 200 a page. Not for live groups.
    // That the next page begins above the largest `seq` is inferred.
    LIST_EXTENSIONS = "v4/openim_msg_ext_http_svc/group_get_key_values", group_messages.list_extensions,
        ListGroupMessageExtensions => ListExtensionsReply, rate: 200, retry: Safe, doc: "1047/52169",
        page: Page {
            next: &[("start_seq", Next::Above("seq"))],
            size: None,
            items: &["extensions"],
            until: &[Done::Set("complete_flag")],
        },
        edition: "Ultimate edition, with message extensions switched on in the console",
        errors: [10002, 10004, 10008, 23004];

    /// Imports up to 7 old messages of a group, oldest first. Not for live groups (10007).
    ///
    /// Sets the unread count of every member to 0: import members and unread counts afterwards.
    // Each message has a `random` of its own, by which a retry within 5 minutes is dropped, and its time must be after the
    // newest message. But only the caller can give the numbers, so a lost reply calls for a look at the history.
    IMPORT_MESSAGES = "v4/group_open_http_svc/import_group_msg", group_messages.import_messages,
        ImportGroupMessages => ImportGroupMessagesReply, rate: 200, retry: AfterCheck, doc: "1047/34968",
        errors: [10004, 10007, 10010, 10015, 10020];

    /// Sets the unread count of one member. Meant for migration; no effect on `ChatRoom` and `AVChatRoom`.
    SET_UNREAD_COUNT = "v4/group_open_http_svc/set_unread_msg_num", group_messages.set_unread_count,
        SetGroupUnreadCount => Empty, rate: 200, retry: Safe, doc: "1047/34909",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];
}
