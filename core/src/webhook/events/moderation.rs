//! Results of content moderation.

use crate::schema::{Flag, JsonText, open_enum, shape};
use crate::webhook::dsl::webhooks;

open_enum! {
    /// What content moderation looked at.
    pub enum ModerationScene {
        /// A one-to-one message.
        C2c = "C2C",
        /// A custom element of a one-to-one message.
        C2cCustom = "C2CCustom",
        /// A group message.
        Group = "Group",
        /// A custom element of a group message.
        GroupCustom = "GroupCustom",
        /// A group.
        GroupInfo = "GroupInfo",
        /// A member of a group.
        GroupMemberInfo = "GroupMemberInfo",
        /// Friends.
        RelationChain = "RelationChain",
        /// A user.
        UserInfo = "UserInfo",
    }
}

shape! {
    /// Where a moderated message was going.
    pub struct ContactItem {
        /// 1 for one-to-one, 2 for a group.
        contact_type: u32 = "ContactType" | "Type",
        /// Receiver of a one-to-one message.
        to_account: Option<String> = "To_Account",
        /// Group of a group message.
        to_group_id: Option<String> = "ToGroupId",
    }
}

shape! {
    /// A result of content moderation.
    pub struct ContentCheckResult {
        /// What was checked.
        scene: ModerationScene = "Scene",
        /// The app.
        sdk_app_id: Option<u32> = "SdkAppId",
        /// Author.
        from_account: String = "From_Account",
        /// Receiver, if a message was checked.
        contact: Option<ContactItem> = "ContactItem",
        /// Kind of the content: `Text`, `Image`, `Audio` or `Video`.
        content_type: String = "ContentType",
        /// Texts checked. More than one only for a custom element.
        text_content: Option<Vec<String>> = "TextContent",
        /// Address of the file checked.
        file_url: Option<String> = "FileURL",
        /// Key of a one-to-one message, sequence number of a group message. Absent if the message was stopped.
        msg_id: Option<String> = "MsgID",
        /// Whether the content was stopped.
        is_blocked: Flag = "CtxcbResult",
        /// Id of the check.
        request_id: String = "CtxcbRequestId",
        /// Words that were hit.
        keywords: Option<Vec<String>> = "CtxcbKeywords",
        /// Advice: `Block`, `Review` or `Normal`.
        suggestion: Option<String> = "CtxcbSuggestion",
        /// Category, such as `Abuse`, `Ad`, `Porn` or `Normal`.
        label: Option<String> = "CtxcbLabel",
        /// Finer category.
        sub_label: Option<String> = "CtxcbSubLabel",
        /// Name of the finer category.
        sub_label_desc: Option<String> = "CtxcbSubLabelDesc",
        /// Word library that was hit.
        lib_name: Option<String> = "CtxcbLibName",
        /// The app's own data of the message.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}

webhooks! {
    /// Fires when content moderation has checked a message, group, member, relationship or user. By default for
    /// violations only. The body names no command.
    RESULT_NOTIFY = "ContentCallback.ResultNotify" (Alert) => ContentCheckResult,
        id: (request_id), doc: "1047/78240";
}
