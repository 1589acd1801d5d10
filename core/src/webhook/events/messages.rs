//! One-to-one messages. Their order is that of `msg_time`, then `msg_seq`.

use crate::api::elements::MsgElement;
use crate::api::extensions::MsgExtension;
use crate::schema::{Flag, JsonText, UnixSeconds, shape};
use crate::webhook::Codes;
use crate::webhook::dsl::webhooks;

/// The app's own codes. They reach the sender.
const CODES: Codes = Codes { first: 120_001, last: 130_000 };

shape! {
    /// A one-to-one message that is about to be delivered.
    pub struct C2cBeforeSendMsg {
        /// Sender.
        from_account: String = "From_Account",
        /// Receiver.
        to_account: String = "To_Account",
        /// Sequence number: orders messages of the same second.
        msg_seq: u32 = "MsgSeq",
        /// Random number.
        msg_random: u32 = "MsgRandom",
        /// Unix time in seconds.
        msg_time: UnixSeconds = "MsgTime",
        /// Key of the message.
        msg_key: String = "MsgKey",
        /// Whether it is for online receivers only.
        online_only_flag: Flag = "OnlineOnlyFlag",
        /// The elements.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// The app's own data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}

shape! {
    /// A one-to-one message that was processed.
    pub struct C2cAfterSendMsg {
        /// Sender.
        from_account: String = "From_Account",
        /// Receiver.
        to_account: String = "To_Account",
        /// Sequence number: orders messages of the same second.
        msg_seq: u32 = "MsgSeq",
        /// Random number.
        msg_random: u32 = "MsgRandom",
        /// Unix time in seconds.
        msg_time: UnixSeconds = "MsgTime",
        /// Key of the message.
        msg_key: String = "MsgKey",
        /// Whether it was for online receivers only.
        online_only_flag: Flag = "OnlineOnlyFlag",
        /// 0 if it was delivered, else an error code.
        send_msg_result: i32 = "SendMsgResult",
        /// Why it was not delivered, or `send msg succeed`.
        error_info: String = "ErrorInfo",
        /// Unread one-to-one messages of the receiver, from all senders. -1 if the message was not delivered.
        unread_msg_num: Option<i32> = "UnreadMsgNum",
        /// The elements, as they were delivered.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// The app's own data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}

shape! {
    /// Messages that a user has read.
    pub struct C2cAfterMsgReport {
        /// User who read them.
        report_account: String = "Report_Account",
        /// Other user of the conversation.
        peer_account: String = "Peer_Account",
        /// Unix time in seconds: messages up to it are read.
        last_read_time: UnixSeconds = "LastReadTime",
        /// Unread one-to-one messages that the user has left, from all senders.
        unread_msg_num: Option<i32> = "UnreadMsgNum",
    }
}

shape! {
    /// A one-to-one message that was recalled.
    pub struct C2cAfterMsgWithdraw {
        /// Sender.
        from_account: String = "From_Account",
        /// Receiver.
        to_account: String = "To_Account",
        /// Key of the message.
        msg_key: String = "MsgKey",
        /// Unread one-to-one messages of the receiver, from all senders.
        unread_msg_num: Option<i32> = "UnreadMsgNum",
    }
}

shape! {
    /// A change of the key-values of a one-to-one message.
    pub struct C2cAfterMsgExtension {
        /// Sender.
        from_account: String = "From_Account",
        /// Receiver.
        to_account: String = "To_Account",
        /// Key of the message.
        msg_key: String = "MsgKey",
        /// 1 if they were set, 2 if deleted, 3 if cleared.
        operate_type: u32 = "OperateType",
        /// The key-values after the change.
        extensions: Vec<MsgExtension> = "ExtensionList",
        /// Newest version of all key-values of the message.
        seq: u32 = "Seq",
    }
}

webhooks! {
    /// Fires before a one-to-one message is delivered.
    BEFORE_SEND_MSG = "C2C.CallbackBeforeSendMsg" (Before(Message { codes: CODES })) => C2cBeforeSendMsg,
        id: (from_account, to_account, msg_key), doc: "1047/34364";

    /// Fires when a one-to-one message was processed, delivered or not. Not for messages that the app refused.
    AFTER_SEND_MSG = "C2C.CallbackAfterSendMsg" (After) => C2cAfterSendMsg,
        id: (from_account, to_account, msg_key), doc: "1047/34365";

    /// Fires when one-to-one messages were marked as read.
    AFTER_MSG_REPORT = "C2C.CallbackAfterMsgReport" (After) => C2cAfterMsgReport,
        id: (report_account, peer_account, last_read_time), doc: "1047/43465";

    /// Fires when a one-to-one message was recalled.
    AFTER_MSG_WITHDRAW = "C2C.CallbackAfterMsgWithDraw" (After) => C2cAfterMsgWithdraw,
        id: (from_account, to_account, msg_key), doc: "1047/34355";

    /// Fires when key-values of a one-to-one message were set, deleted or cleared.
    AFTER_MSG_EXTENSION = "C2C.CallbackAfterC2CMsgExtension" (After) => C2cAfterMsgExtension, doc: "1047/76006";
}
