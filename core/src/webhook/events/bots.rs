//! Messages to chatbots.

use super::messages::C2cAfterSendMsg;
use crate::api::elements::MsgElement;
use crate::api::groups::GroupType;
use crate::schema::{Flag, JsonText, UnixSeconds, shape};
use crate::webhook::dsl::webhooks;

shape! {
    /// A group message that mentions chatbots.
    pub struct BotGroupMessage {
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
        online_only_flag: Flag = "OnlineOnlyFlag",
        /// The elements.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// The chatbots mentioned.
        at_robot_accounts: Vec<String> = "AtRobots_Account",
        /// The app's own data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// Topic of the community, if the message is in one.
        topic_id: Option<String> = "TopicId",
    }
}

shape! {
    /// A signal to an AI chatbot.
    pub struct ChatbotSignal {
        /// Sender.
        from_account: String = "From_Account",
        /// The chatbot.
        to_account: String = "To_Account",
        /// Sequence number.
        msg_seq: u32 = "MsgSeq",
        /// Random number.
        msg_random: u32 = "MsgRandom",
        /// Key of the message.
        msg_key: String = "MsgKey",
        /// Data of the pass-through protocol.
        data: JsonText = "Data",
    }
}

webhooks! {
    /// Fires when a user sent a one-to-one message to a chatbot, whose id begins with `@RBT#`.
    ON_C2C_MESSAGE = "Bot.OnC2CMessage" (Bot) => C2cAfterSendMsg,
        id: (from_account, to_account, msg_key), doc: "1047/34355";

    /// Fires when a group message mentions chatbots. Not for a message that mentions everyone.
    ON_GROUP_MESSAGE = "Bot.OnGroupMessage" (Bot) => BotGroupMessage,
        id: (group_id, topic_id, msg_seq), doc: "1047/68953";

    /// Fires when pass-through data was sent to an AI chatbot in a one-to-one chat.
    ON_C2C_SIGNAL = "Chatbot.OnC2CSignalMessage" (Bot) => ChatbotSignal,
        id: (from_account, to_account, msg_key), doc: "1047/34355";
}
