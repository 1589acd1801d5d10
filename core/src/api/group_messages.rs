//! Messages of groups.

use super::elements::MsgElement;
use super::messages::{ForbidCallback, SendControl};
use super::push_info::OfflinePushInfo;
use crate::schema::{Flag, JsonText, UnixSeconds, UserId, open_enum, ops, shape};

open_enum! {
    /// Priority of a group message.
    pub enum MsgPriority {
        /// Delivered first.
        High = "High",
        /// As usual.
        Normal = "Normal",
        /// Dropped before others.
        Low = "Low",
        /// Dropped first.
        Lowest = "Lowest",
    }
}

shape! {
    /// Whom a message mentions.
    pub struct GroupAtInfo {
        /// Mentions everybody; not in a community.
        group_at_all_flag: Flag = "GroupAtAllFlag",
        /// The member mentioned.
        group_at_account: Option<UserId> = "GroupAt_Account",
    }
}

shape! {
    /// A message to a group.
    pub struct SendGroupMessage {
        /// The group.
        group_id: String = "GroupId",
        /// The elements; together at most 12 KB.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// Marks repeats for five minutes; drawn where none is given.
        random: Option<u32> = "Random",
        /// Priority; `Normal` where none is given.
        msg_priority: Option<MsgPriority> = "MsgPriority",
        /// Sender; the calling admin where none is given.
        from_account: Option<UserId> = "From_Account",
        /// Offline push settings.
        offline_push_info: Option<OfflinePushInfo> = "OfflinePushInfo",
        /// Callbacks switched off for this message.
        forbid_callback_control: Option<Vec<ForbidCallback>> = "ForbidCallbackControl",
        /// Reaches members online only and is not stored; not for `AVChatRoom`.
        online_only_flag: Option<Flag> = "OnlineOnlyFlag",
        /// Send options for this message; not with `online_only_flag`, not for `AVChatRoom`.
        send_msg_control: Option<Vec<SendControl>> = "SendMsgControl",
        /// The app's data, stored and delivered with the message.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// Allows key values to be set on the message later.
        support_message_extension: Option<Flag> = "SupportMessageExtension",
        /// Only these members receive it, at most 50; ultimate edition.
        to_accounts: Option<Vec<UserId>> = "To_Account" (items 1..=50),
        /// Sends it in this topic of a community.
        topic_id: Option<String> = "TopicId",
        /// Asks for read receipts.
        need_read_receipt: Option<Flag> = "NeedReadReceipt",
        /// Whom the text mentions, in the order of the mentions.
        group_at_info: Option<Vec<GroupAtInfo>> = "GroupAtInfo",
    }
}

shape! {
    /// A group message that was sent.
    pub struct SendGroupMessageReply {
        /// Unix time of sending, in seconds.
        msg_time: UnixSeconds = "MsgTime",
        /// Its number in the group.
        msg_seq: u64 = "MsgSeq",
    }
}

ops! {
    /// Sends a message to a group. The service takes 40 messages a second in one group, whoever sends.
    SEND = "v4/group_open_http_svc/send_group_msg", group_messages.send,
        SendGroupMessage => SendGroupMessageReply, rate: 200, retry: SameRandom within 300 draws (random),
        doc: "1047/34959", errors: [10002, 10004, 10007, 10010, 10015, 10016, 10017, 10023, 80001, 80002];
}
