//! Messages of groups. Their order is that of `msg_seq`.

use super::groups::{DENY_CODES, EventMember};
use crate::api::elements::MsgElement;
use crate::api::extensions::MsgExtension;
use crate::api::group_messages::{GroupAtInfo, MsgSeqItem};
use crate::api::groups::GroupType;
use crate::schema::{Flag, JsonText, UnixSeconds, shape};
use crate::webhook::dsl::webhooks;

shape! {
    /// A group message that is about to be delivered. It has no sequence number yet.
    pub struct GroupBeforeSendMsg {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// Sender.
        from_account: String = "From_Account",
        /// Who made the request: an app admin, or the sender.
        operator_account: String = "Operator_Account",
        /// Random number of the request.
        random: u32 = "Random",
        /// Whether it is for online members only. Always false in a live group.
        online_only_flag: Option<Flag> = "OnlineOnlyFlag",
        /// The elements.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// The app's own data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// Topic of the community, if the message is in one.
        topic_id: Option<String> = "TopicId",
    }
}

shape! {
    /// A group message that was sent.
    pub struct GroupAfterSendMsg {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// Sender.
        from_account: String = "From_Account",
        /// Who made the request: an app admin, or the sender.
        operator_account: String = "Operator_Account",
        /// Random number of the request.
        random: u32 = "Random",
        /// Sequence number, ascending within the group.
        msg_seq: u32 = "MsgSeq",
        /// Unix time in seconds.
        msg_time: UnixSeconds = "MsgTime",
        /// Whether it was for online members only.
        online_only_flag: Option<Flag> = "OnlineOnlyFlag",
        /// The elements, as they were delivered.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// The app's own data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// Topic of the community, if the message is in one.
        topic_id: Option<String> = "TopicId",
        /// Members mentioned.
        group_at_info: Option<Vec<GroupAtInfo>> = "GroupAtInfo",
    }
}

shape! {
    /// A group message that could not be delivered.
    pub struct GroupSendMsgException {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// Sender.
        from_account: String = "From_Account",
        /// Who made the request: an app admin, or the sender.
        operator_account: String = "Operator_Account",
        /// Random number of the request.
        random: u32 = "Random",
        /// Whether it was for online members only.
        online_only_flag: Option<Flag> = "OnlineOnlyFlag",
        /// The elements.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// The app's own data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// Error code of the delivery, such as 10023.
        error_code: i32 = "ErrorCode",
        /// Error text.
        error_info: String = "ErrorInfo",
    }
}

shape! {
    /// Group messages that were recalled.
    pub struct GroupAfterRecallMsg {
        /// Who recalled them.
        operator_account: String = "Operator_Account",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// Id of the group.
        group_id: String = "GroupId",
        /// The messages.
        msg_seqs: Vec<MsgSeqItem> = "MsgSeqList",
        /// Topic of the community, if the messages are in one.
        topic_id: Option<String> = "TopicId",
    }
}

shape! {
    /// A change of the key-values of a group message.
    pub struct GroupAfterMsgExtension {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Sequence number of the message.
        msg_seq: u32 = "MsgSeq",
        /// 1 if they were set, 2 if deleted, 3 if cleared.
        operate_type: u32 = "OperateType",
        /// The key-values after the change.
        extensions: Vec<MsgExtension> = "ExtensionList",
        /// Newest version of all key-values of the message.
        seq: u32 = "Seq",
    }
}

shape! {
    /// Who read a group message.
    pub struct ReadReceipt {
        /// Sequence number of the message.
        msg_seq: u32 = "MsgSeq",
        /// Number of members who have read it.
        read_count: u32 = "ReadNum",
        /// Number of members who have not.
        unread_count: u32 = "UnreadNum",
        /// Members who read it now.
        members: Vec<EventMember> = "ReadReceiptMembers",
    }
}

shape! {
    /// Read receipts of group messages.
    pub struct GroupAfterReadReceipt {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// One entry for each message.
        receipts: Vec<ReadReceipt> = "GroupMsgReceiptList",
    }
}

webhooks! {
    /// Fires before a group message is delivered.
    GROUP_BEFORE_SEND_MSG = "Group.CallbackBeforeSendMsg" (Before(Message { codes: DENY_CODES })) => GroupBeforeSendMsg,
        doc: "1047/34374";

    /// Fires when a group message was sent. Not for a message that was not delivered.
    GROUP_AFTER_SEND_MSG = "Group.CallbackAfterSendMsg" (After) => GroupAfterSendMsg,
        id: (group_id, topic_id, msg_seq), doc: "1047/34355";

    /// Fires when a group message could not be delivered.
    SEND_MSG_EXCEPTION = "Group.CallbackSendMsgException" (After) => GroupSendMsgException, doc: "1047/34355";

    /// Fires when group messages were recalled.
    AFTER_RECALL_MSG = "Group.CallbackAfterRecallMsg" (After) => GroupAfterRecallMsg, doc: "1047/46979";

    /// Fires when key-values of a group message were set, deleted or cleared.
    GROUP_AFTER_MSG_EXTENSION = "Group.CallbackAfterGroupMsgExtension" (After) => GroupAfterMsgExtension,
        doc: "1047/76007";

    /// Fires when members sent read receipts. Not in a community.
    AFTER_READ_RECEIPT = "Group.CallbackAfterReadReceipt" (After) => GroupAfterReadReceipt, doc: "1047/60395";
}
