//! Topics of communities.

use super::groups::DENY_CODES;
use crate::api::groups::{AppDefinedData, GroupType};
use crate::schema::shape;
use crate::webhook::dsl::webhooks;

shape! {
    /// A topic that is about to be created.
    pub struct BeforeCreateTopic {
        /// Who asks.
        operator_account: String = "Operator_Account",
        /// Type of the group: `Community`.
        r#type: GroupType = "Type",
        /// Name of the topic.
        name: String = "Name",
    }
}

shape! {
    /// A topic that was created.
    pub struct AfterCreateTopic {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of the topic.
        topic_id: String = "TopicId",
        /// Who created it.
        operator_account: String = "Operator_Account",
        /// Owner of the community.
        owner_account: String = "Owner_Account",
        /// Type of the group: `Community`.
        r#type: GroupType = "Type",
        /// Name of the topic.
        name: String = "Name",
        /// Custom fields, where the app has them switched on.
        user_defined_data: Option<Vec<AppDefinedData>> = "UserDefinedDataList",
    }
}

shape! {
    /// Topics that were dissolved.
    pub struct AfterTopicDestroyed {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Type of the group: `Community`.
        r#type: GroupType = "Type",
        /// Ids of the topics.
        topic_ids: Vec<String> = "TopicIdList",
    }
}

shape! {
    /// A change of a topic. Only the fields that changed are present.
    pub struct AfterTopicInfoChanged {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of the topic. The vendor's page does not show it.
        topic_id: Option<String> = "TopicId",
        /// Type of the group: `Community`.
        r#type: GroupType = "Type",
        /// Who changed it.
        operator_account: String = "Operator_Account",
        /// New name.
        name: Option<String> = "Name",
        /// New introduction.
        introduction: Option<String> = "Introduction",
        /// New announcement.
        notification: Option<String> = "Notification",
        /// New URL of the picture.
        face_url: Option<String> = "FaceUrl",
    }
}

webhooks! {
    /// Fires before a topic is created. Shares its switch with `Group.CallbackBeforeCreateGroup`.
    BEFORE_CREATE_TOPIC = "Group.CallbackBeforeCreateTopic" (Before(Deny { codes: DENY_CODES })) => BeforeCreateTopic,
        doc: "1047/34355";

    /// Fires when a topic was created.
    AFTER_CREATE_TOPIC = "Group.CallbackAfterCreateTopic" (After) => AfterCreateTopic,
        id: (topic_id), doc: "1047/34355";

    /// Fires when topics were dissolved.
    AFTER_TOPIC_DESTROYED = "Group.CallbackAfterTopicDestroyed" (After) => AfterTopicDestroyed, doc: "1047/34355";

    /// Fires when a topic was changed. Shares its switch with `Group.CallbackAfterGroupInfoChanged`.
    AFTER_TOPIC_INFO_CHANGED = "Group.CallbackAfterTopicInfoChanged" (After) => AfterTopicInfoChanged,
        doc: "1047/49466";
}
