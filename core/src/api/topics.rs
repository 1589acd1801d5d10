//! Topics of communities. Messages of a topic are in `group_messages`, by `topic_id`.
//!
//! A community has topics if it was created with `support_topic`, and if the app's console has communities and topics
//! switched on.

use super::Empty;
use super::groups::{GroupType, MsgFlag, OnOff};
use crate::schema::{ItemCode, JsonText, UnixSeconds, UserId, open_enum, ops, shape};

shape! {
    /// A topic to create.
    pub struct CreateTopic {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of your own choice: the id of the community, `@TOPIC#_` and a part of your own, which must not start with
        /// `@TOPIC#`. With an id, a retry fails with 10025 instead of making another topic.
        topic_id: Option<String> = "TopicId",
        /// Name, at most 30 bytes.
        topic_name: String = "TopicName" (bytes 1..=30),
        /// User in whose name the topic is created.
        from_account: Option<UserId> = "From_Account",
        /// Data of the app, at most 3000 bytes.
        custom_string: Option<JsonText> = "CustomString" (bytes ..=3000),
        /// URL of the picture, at most 100 bytes.
        face_url: Option<String> = "FaceUrl" (bytes ..=100),
        /// Announcement, at most 300 bytes.
        notification: Option<String> = "Notification" (bytes ..=300),
        /// Introduction, at most 240 bytes.
        introduction: Option<String> = "Introduction" (bytes ..=240),
    }
}

shape! {
    /// A topic that was created.
    pub struct CreateTopicReply {
        /// Id of the topic.
        topic_id: String = "TopicId",
    }
}

open_enum! {
    /// Name of a field of a topic, for a filter.
    pub enum TopicField {
        /// Name.
        TopicName = "TopicName",
        /// URL of the picture.
        FaceUrl = "FaceUrl",
        /// Announcement.
        Notification = "Notification",
        /// Introduction.
        Introduction = "Introduction",
        /// Time of creation.
        CreateTime = "CreateTime",
        /// Sequence number of the next message.
        NextMsgSeq = "NextMsgSeq",
        /// Time of the last message.
        LastMsgTime = "LastMsgTime",
        /// Whether everyone is muted.
        MuteAllMember = "MuteAllMember",
        /// Data of the app.
        CustomString = "CustomString",
    }
}

shape! {
    /// Topics of a community to list.
    pub struct ListTopics {
        /// Id of the community.
        group_id: String = "GroupId",
        /// User whose own state in each topic comes too.
        from_account: UserId = "From_Account",
        /// Ids of the topics. Defaults to all topics of the community.
        topic_ids: Option<Vec<String>> = "TopicIdList",
        /// Fields to return. Defaults to all.
        response_filter: Option<Vec<TopicField>> = "ResponseFilter",
    }
}

shape! {
    /// What a user has in a topic.
    pub struct TopicSelfInfo {
        /// Mute of the user; 0 for none. The vendor does not say in which unit.
        mute_time: Option<u32> = "ShutUpTime" | "MuteTime",
        /// Sequence number of the last message that the user has read.
        msg_seq: Option<u32> = "MsgSeq",
        /// How the user receives messages.
        msg_flag: Option<MsgFlag> = "MsgFlag",
    }
}

shape! {
    /// A topic. Which fields come depends on the filter.
    pub struct TopicInfo {
        /// Id of the community.
        group_id: Option<String> = "GroupID",
        /// Id of the topic.
        topic_id: String = "TopicId",
        /// Name.
        topic_name: Option<String> = "TopicName",
        /// URL of the picture.
        face_url: Option<String> = "FaceUrl",
        /// Announcement.
        notification: Option<String> = "Notification",
        /// Introduction.
        introduction: Option<String> = "Introduction",
        /// Time of creation.
        create_time: Option<UnixSeconds> = "CreateTime",
        /// Sequence number that the next message will get.
        next_msg_seq: Option<u32> = "NextMsgSeq",
        /// Time of the last message; 0 for none.
        last_msg_time: Option<UnixSeconds> = "LastMsgTime" (or_zero),
        /// Whether everyone is muted.
        mute_all_member: Option<OnOff> = "MuteAllMember",
        /// Data of the app.
        custom_string: Option<JsonText> = "CustomString",
    }
}

shape! {
    /// A topic, and what a user has in it.
    pub struct TopicAndSelfInfo {
        /// 0 if the topic was read, else the code that says why not.
        error_code: ItemCode = "ErrorCode",
        /// Text of the service for that code.
        error_info: String = "ErrorInfo",
        /// What the user has in the topic.
        self_info: Option<TopicSelfInfo> = "SelfInfo",
        /// The topic.
        topic_info: Option<TopicInfo> = "TopicInfo",
    }
}

shape! {
    /// Topics of a community.
    pub struct ListTopicsReply {
        /// One entry for each topic, with its own `error_code`.
        topics: Vec<TopicAndSelfInfo> = "TopicAndSelfInfo",
    }
}

shape! {
    /// Changes to a topic. Fields that are left out stay as they are.
    pub struct UpdateTopic {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of the topic.
        topic_id: String = "TopicId",
        /// Name, at most 30 bytes.
        topic_name: Option<String> = "TopicName" (bytes ..=30),
        /// User in whose name the change is made.
        from_account: Option<UserId> = "From_Account",
        /// Data of the app, at most 3000 bytes.
        custom_string: Option<JsonText> = "CustomString" (bytes ..=3000),
        /// URL of the picture, at most 100 bytes.
        face_url: Option<String> = "FaceUrl" (bytes ..=100),
        /// Announcement, at most 300 bytes.
        notification: Option<String> = "Notification" (bytes ..=300),
        /// Introduction, at most 240 bytes.
        introduction: Option<String> = "Introduction" (bytes ..=240),
        /// Mutes everyone in the topic except the owner, the admins and the app's admins.
        mute_all_member: Option<OnOff> = "MuteAllMember",
    }
}

shape! {
    /// Topics to delete.
    pub struct DeleteTopics {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Ids of the topics. The vendor states no maximum.
        topic_ids: Vec<String> = "TopicIdList",
    }
}

shape! {
    /// Outcome of the deletion of one topic.
    pub struct DeleteTopicResult {
        /// Id of the topic.
        topic_id: String = "TopicId",
        /// 0 for success; 110003 for a topic that is gone already.
        error_code: ItemCode = "ErrorCode",
        /// Text of the service for that code.
        error_info: String = "ErrorInfo",
    }
}

shape! {
    /// Outcome of the deletion of topics.
    pub struct DeleteTopicsReply {
        /// One entry for each topic.
        results: Vec<DeleteTopicResult> = "DestroyResultItem",
    }
}

shape! {
    /// A topic to import from another system.
    pub struct ImportTopic {
        /// Type of the group that holds the topic: `Community`.
        r#type: Option<GroupType> = "Type",
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of your own choice: the id of the community, `@TOPIC#_` and a part of your own, which must not start with
        /// `@TOPIC#`. With an id, a retry fails with 10021 instead of making another topic.
        topic_id: Option<String> = "TopicId",
        /// Name, at most 30 bytes.
        topic_name: String = "TopicName" (bytes 1..=30),
        /// User in whose name the topic is created.
        from_account: Option<UserId> = "From_Account",
        /// Data of the app, at most 3000 bytes.
        custom_string: Option<JsonText> = "CustomString" (bytes ..=3000),
        /// URL of the picture, at most 100 bytes.
        face_url: Option<String> = "FaceUrl" (bytes ..=100),
        /// Announcement, at most 300 bytes.
        notification: Option<String> = "Notification" (bytes ..=300),
        /// Introduction, at most 240 bytes.
        introduction: Option<String> = "Introduction" (bytes ..=240),
        /// Time of creation. Defaults to now.
        create_time: Option<UnixSeconds> = "CreateTime",
    }
}

shape! {
    /// A topic that was imported.
    pub struct ImportTopicReply {
        /// Id of the topic.
        topic_id: String = "TopicId",
    }
}

ops! {
    /// Creates a topic in a community.
    ///
    /// Without a `topic_id` of your own, each call makes another topic. With one, 10025 after a lost reply tells that the
    /// first attempt worked.
    CREATE = "v4/million_group_open_http_svc/create_topic", topics.create,
        CreateTopic => CreateTopicReply, rate: 200, retry: AfterCheck, doc: "1047/49471",
        errors: [10002, 10003, 10004, 10006, 10007, 10008, 10010, 10015, 10016, 10025, 10036, 10037, 11000, 80001];

    /// Lists the topics of a community that you name, or all, with what one user has in each.
    ///
    /// Each topic comes back with its own `error_code`; the call succeeds even if no topic was read.
    LIST = "v4/million_group_open_http_svc/get_topic", topics.list,
        ListTopics => ListTopicsReply, rate: 200, retry: Safe, doc: "1047/49469",
        errors: [10002, 10003, 10004, 10006, 10007, 10008, 10010, 11000, 110003];

    /// Changes the details of a topic, and mutes or unmutes everyone in it.
    UPDATE = "v4/million_group_open_http_svc/modify_topic", topics.update,
        UpdateTopic => Empty, rate: 200, retry: Safe, doc: "1047/49468",
        errors: [10002, 10003, 10004, 10006, 10007, 10008, 10010, 10015, 10016, 11000, 80001];

    /// Deletes topics for good. The outcome of each comes back in `results`; 110003 means that it was gone already.
    DELETE = "v4/million_group_open_http_svc/destroy_topic", topics.delete,
        DeleteTopics => DeleteTopicsReply, rate: 200, retry: Safe, doc: "269/78202",
        errors: [10002, 10003, 10004, 10006, 10007, 10008, 10015, 10021, 10025, 11000, 110002, 110003];

    /// Imports a topic from another system. Calls no webhook and notifies nobody.
    ///
    /// Without a `topic_id` of your own, each call makes another topic. With one, 10021 after a lost reply tells that the
    /// first attempt worked.
    IMPORT_TOPIC = "v4/group_open_http_svc/import_topic", topics.import_topic,
        ImportTopic => ImportTopicReply, rate: 200, retry: AfterCheck, doc: "1047/53448",
        errors: [10002, 10003, 10004, 10007, 10010, 10015, 10021, 10037, 11000, 80001, 80005];
}
