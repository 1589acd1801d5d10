//! A user's conversation list, its marks and conversation groups.

use super::Empty;
use crate::schema::{Done, Flag, ItemCode, Next, Page, UnixSeconds, UserId, ops, shape};

shape! {
    /// A page of a user's conversation list.
    pub struct ListConversations {
        /// The user.
        from_account: UserId = "From_Account",
        /// Time at which ordinary conversations continue: 0, then the last reply's `time_stamp`.
        time_stamp: UnixSeconds = "TimeStamp" (or_zero),
        /// Position at which ordinary conversations continue: 0, then the last reply's `start_index`.
        start_index: u32 = "StartIndex",
        /// Time at which pinned conversations continue: 0, then the last reply's `top_time_stamp`.
        top_time_stamp: UnixSeconds = "TopTimeStamp" (or_zero),
        /// Position at which pinned conversations continue: 0, then the last reply's `top_start_index`.
        top_start_index: u32 = "TopStartIndex",
        /// What to list, as bits: 1 pinned conversations, 2 empty ones too, 4 pages of pinned ones. The newest page
        /// says to send 63, older ones 7.
        assist_flags: u32 = "AssistFlags",
    }
}

shape! {
    /// A conversation in the list.
    pub struct Conversation {
        /// 1 for a one-to-one conversation, 2 for a group.
        r#type: u32 = "Type",
        /// The other party of a one-to-one conversation.
        to_account: Option<String> = "To_Account",
        /// The group.
        group_id: Option<String> = "GroupId",
        /// Unix time of the conversation, in seconds.
        msg_time: UnixSeconds = "MsgTime",
        /// Whether it is pinned.
        top_flag: Flag = "TopFlag",
        /// Standard marks, as text of bits.
        standard_mark: Option<String> = "StandardMark",
        /// Custom mark.
        custom_mark: Option<String> = "CustomMark",
        /// Numbers of the conversation groups that it is in.
        contact_group_ids: Option<Vec<u32>> = "ContactGroupId",
    }
}

shape! {
    /// A page of conversations. The service chooses its size.
    pub struct ListConversationsReply {
        /// The conversations.
        conversations: Vec<Conversation> = "SessionItem",
        /// Whether this is the last page.
        complete_flag: Flag = "CompleteFlag",
        /// Time at which ordinary conversations continue.
        time_stamp: UnixSeconds = "TimeStamp",
        /// Position at which ordinary conversations continue.
        start_index: u32 = "StartIndex",
        /// Time at which pinned conversations continue.
        top_time_stamp: UnixSeconds = "TopTimeStamp",
        /// Position at which pinned conversations continue.
        top_start_index: u32 = "TopStartIndex",
    }
}

shape! {
    /// A conversation to delete.
    pub struct DeleteConversation {
        /// User whose conversation to delete. The other party keeps it.
        from_account: UserId = "From_Account",
        /// 1 for a one-to-one conversation, 2 for a group.
        r#type: u32 = "Type" (values [1, 2]),
        /// The other party, if `type` is 1.
        to_account: Option<UserId> = "To_Account",
        /// The group, if `type` is 2.
        group_id: Option<String> = "ToGroupid",
        /// Deletes the user's stored history of the conversation too.
        clear_ramble: Option<Flag> = "ClearRamble",
    }
    exactly_one(to_account, group_id);
    requires([type 1], to_account);
    requires([type 2], group_id);
}

shape! {
    /// A conversation to pin or unpin.
    pub struct ConversationToPin {
        /// 1 for a one-to-one conversation, 2 for a group.
        r#type: u32 = "Type" (values [1, 2]),
        /// The other party, if `type` is 1.
        to_account: Option<UserId> = "To_Account",
        /// The group, if `type` is 2.
        group_id: Option<String> = "GroupId",
    }
    exactly_one(to_account, group_id);
    requires([type 1], to_account);
    requires([type 2], group_id);
}

shape! {
    /// Conversations to pin or unpin.
    pub struct PinConversations {
        /// User whose conversations to pin.
        from_account: UserId = "From_Account",
        /// 1 pins, 2 unpins.
        operation_type: u32 = "OperationType" (values [1, 2]),
        /// The conversations.
        conversations: Vec<ConversationToPin> = "RecentContactItem",
    }
}

shape! {
    /// A conversation, named.
    pub struct ConversationKey {
        /// 1 for a one-to-one conversation, 2 for a group.
        r#type: u32 = "Type" (values [1, 2]),
        /// The other party, if `type` is 1.
        to_account: Option<UserId> = "To_Account",
        /// The group, if `type` is 2.
        group_id: Option<String> = "ToGroupId",
    }
    exactly_one(to_account, group_id);
    requires([type 1], to_account);
    requires([type 2], group_id);
}

shape! {
    /// Marks to set and clear on one conversation.
    pub struct MarkConversation {
        /// 1 changes standard marks, 2 the custom mark, 3 both.
        opt_type: u32 = "OptType" (values [1, 2, 3]),
        /// The conversation.
        conversation: ConversationKey = "ContactItem",
        /// Standard marks to clear, by number; see `set_marks`.
        clear_marks: Option<Vec<u32>> = "ClearMark",
        /// Standard marks to set, by number: 1 starred, 2 unread, 3 folded, 4 hidden. Of the 64 marks the first 32 are
        /// the service's, the last 32 the app's own.
        set_marks: Option<Vec<u32>> = "SetMark",
        /// Custom mark, at most 256 bytes.
        custom_mark: Option<String> = "CustomMark" (bytes ..=256),
    }
}

shape! {
    /// Conversations to mark.
    pub struct MarkConversations {
        /// User whose conversations to mark. At most 1000 can have marks.
        from_account: UserId = "From_Account",
        /// 1 to 100 conversations with their marks.
        marks: Vec<MarkConversation> = "MarkItem" (items 1..=100),
    }
}

shape! {
    /// What became of the marks of one conversation.
    pub struct MarkConversationResult {
        /// As in the request.
        opt_type: u32 = "OptType",
        /// The conversation.
        conversation: ConversationKey = "ContactItem",
        /// 0 for success, else an error code.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
    }
}

shape! {
    /// What became of each conversation to mark. A success may still hold failures: look at each `result_code`.
    pub struct MarkConversationsReply {
        /// One result for each conversation.
        results: Vec<MarkConversationResult> = "ResultItem",
    }
}

shape! {
    /// A conversation group to create.
    pub struct NewConversationGroup {
        /// Name, at most 32 bytes.
        group_name: String = "GroupName" (bytes 1..=32),
        /// Conversations to put in.
        conversations: Vec<ConversationKey> = "ContactItem",
    }
}

shape! {
    /// A conversation group to create for one user.
    pub struct CreateConversationGroup {
        /// The user.
        from_account: UserId = "From_Account",
        /// The conversation group; one per call for now.
        groups: Vec<NewConversationGroup> = "GroupContactItem" (items 1..=1),
    }
}

shape! {
    /// A conversation group.
    pub struct ConversationGroup {
        /// Its name.
        group_name: String = "GroupName",
        /// Its number, which has nothing to do with chat groups.
        contact_group_id: u32 = "GroupId",
    }
}

shape! {
    /// What became of one conversation to put into a conversation group.
    pub struct ConversationResult {
        /// The conversation.
        conversation: ConversationKey = "ContactItem",
        /// 0 for success, else an error code.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
    }
}

shape! {
    /// A conversation group that was created.
    pub struct ConversationGroupResult {
        /// The conversation group.
        group: ConversationGroup = "GroupItem",
        /// One result for each conversation.
        results: Vec<ConversationResult> = "ResultItem",
    }
}

shape! {
    /// Conversation groups that were created. A success may still hold failures: look at each `result_code`.
    pub struct CreateConversationGroupReply {
        /// The conversation groups.
        groups: Vec<ConversationGroupResult> = "GroupResultItem",
    }
}

shape! {
    /// A conversation to add to a conversation group, or to remove from it.
    pub struct ConversationUpdate {
        /// 1 adds, 2 removes.
        contact_opt_type: u32 = "ContactOptType" (values [1, 2]),
        /// The conversation.
        conversation: ConversationKey = "ContactItem",
    }
}

shape! {
    /// A change of a conversation group.
    pub struct ConversationGroupUpdate {
        /// 1 renames it, 2 changes its conversations.
        update_group_type: u32 = "UpdateGroupType" (values [1, 2]),
        /// Name of the conversation group to change.
        old_group_name: String = "OldGroupName",
        /// New name, at most 32 bytes.
        new_group_name: Option<String> = "NewGroupName" (bytes 1..=32),
        /// Conversations to add and remove.
        updates: Option<Vec<ConversationUpdate>> = "ContactUpdateItem",
    }
    requires([update_group_type 1], new_group_name);
}

shape! {
    /// A conversation group to change.
    pub struct UpdateConversationGroup {
        /// The user.
        from_account: UserId = "From_Account",
        /// 1, the one kind of update.
        update_type: u32 = "UpdateType" (values [1]),
        /// The change.
        group: ConversationGroupUpdate = "UpdateGroup",
    }
}

shape! {
    /// What became of one conversation to add or remove.
    pub struct ConversationUpdateResult {
        /// 1 for an addition, 2 for a removal.
        contact_opt_type: u32 = "ContactOptType",
        /// The conversation.
        conversation: ConversationKey = "ContactItem",
        /// 0 for success, else an error code.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
    }
}

shape! {
    /// A conversation group after a change.
    pub struct ConversationGroupUpdateResult {
        /// As in the request.
        update_group_type: u32 = "UpdateGroupType",
        /// Name now.
        group_name: String = "GroupName",
        /// Name before.
        old_group_name: String = "OldGroupName",
        /// Its number.
        contact_group_id: u32 = "GroupId",
        /// One result for each conversation.
        results: Option<Vec<ConversationUpdateResult>> = "ContactResultItem",
    }
}

shape! {
    /// What became of a conversation group to change.
    pub struct UpdateConversationGroupReply {
        /// As in the request.
        update_type: u32 = "UpdateType",
        /// The conversation group.
        group: ConversationGroupUpdateResult = "UpdateGroupResult",
    }
}

shape! {
    /// A conversation group to delete.
    pub struct DeleteConversationGroup {
        /// The user.
        from_account: UserId = "From_Account",
        /// Its name; one per call for now.
        group_names: Vec<String> = "GroupName" (items 1..=1),
    }
}

shape! {
    /// A conversation group that was deleted.
    pub struct DeleteConversationGroupReply {
        /// The conversation group.
        groups: Vec<ConversationGroup> = "GroupItem",
    }
}

shape! {
    /// A page of a user's conversation groups and marks.
    pub struct ListConversationGroupsAndMarks {
        /// The user.
        from_account: UserId = "From_Account",
        /// Position of the page: 0, then the last reply's `next_start_index`.
        start_index: u32 = "StartIndex",
    }
}

shape! {
    /// A conversation with its marks and conversation groups.
    pub struct MarkedConversation {
        /// 1 for a one-to-one conversation, 2 for a group.
        r#type: u32 = "Type",
        /// The other party of a one-to-one conversation.
        to_account: Option<String> = "To_Account",
        /// The group.
        group_id: Option<String> = "ToGroupId",
        /// Standard marks, as text of bits.
        standard_mark: Option<String> = "StandardMark",
        /// Custom mark.
        custom_mark: Option<String> = "CustomMark",
        /// Numbers of the conversation groups that it is in.
        contact_group_ids: Option<Vec<u32>> = "ContactGroupId",
        /// Unix time at which its marks or conversation groups last changed, in seconds.
        timestamp: UnixSeconds = "Timestamp",
    }
}

shape! {
    /// A page of conversation groups and marks. The service chooses its size.
    pub struct ListConversationGroupsAndMarksReply {
        /// Conversations that have marks or are in conversation groups.
        conversations: Vec<MarkedConversation> = "ContactItem",
        /// Conversation groups.
        groups: Vec<ConversationGroup> = "GroupItem",
        /// Whether this is the last page.
        complete_flag: Flag = "CompleteFlag",
        /// Position of the next page.
        next_start_index: u32 = "NextStartIndex",
    }
}

shape! {
    /// Conversations whose conversation groups and marks to get.
    pub struct GetConversationGroupsAndMarks {
        /// The user.
        from_account: UserId = "From_Account",
        /// 1 to 300 conversations.
        conversations: Vec<ConversationKey> = "ContactItem" (items 1..=300),
    }
}

shape! {
    /// Conversation groups and marks of named conversations.
    pub struct GetConversationGroupsAndMarksReply {
        /// The conversations that were found.
        conversations: Vec<MarkedConversation> = "ContactResultItem",
        /// Their conversation groups.
        groups: Vec<ConversationGroup> = "GroupItem",
    }
}

ops! {
    /// Lists the conversations of a user, page by page.
    LIST = "v4/recentcontact/get_list", conversations.list,
        ListConversations => ListConversationsReply, rate: 200, retry: Safe, doc: "1047/43087",
        page: Page {
            next: &[
                ("time_stamp", Next::Reply("time_stamp")),
                ("start_index", Next::Reply("start_index")),
                ("top_time_stamp", Next::Reply("top_time_stamp")),
                ("top_start_index", Next::Reply("top_start_index")),
            ],
            size: None,
            items: &["conversations"],
            until: &[Done::Set("complete_flag")],
        },
        errors: [50001, 50002, 50003, 50004, 50005];

    /// Deletes one conversation from a user's list, and its history if you ask for it.
    // What deleting a conversation again answers is not documented, and a new message may have opened it anew.
    DELETE = "v4/recentcontact/delete", conversations.delete,
        DeleteConversation => Empty, rate: 200, retry: AfterCheck, doc: "1047/43088",
        errors: [50001, 50002, 50003, 50004, 50005];

    /// Pins or unpins conversations of a user.
    // Inferred: pinning a pinned conversation leaves it pinned.
    PIN = "v4/recentcontact/top", conversations.pin,
        PinConversations => Empty, rate: 200, retry: Safe, doc: "1047/78304";

    /// Sets and clears marks of up to 100 conversations. Each result comes back in `results`.
    // Inferred: a retry sets the same marks again. Not a batch: a result names its conversation by an object.
    MARK = "v4/recentcontact/mark_contact", conversations.mark,
        MarkConversations => MarkConversationsReply, rate: 200, retry: Safe, doc: "1047/53438",
        edition: "Ultimate edition (newer pages: Pro, Pro Plus or Enterprise) for standard marks",
        errors: [
            50001, 50002, 50003, 50004, 50005, 51006, 51007, 51008, 51009, 51010, 51011, 51012, 51013
        ];

    /// Creates a conversation group for a user, with its conversations. A user has at most 20.
    // What creating it again answers is not documented; `list_groups_and_marks` tells.
    CREATE_GROUP = "v4/recentcontact/create_contact_group", conversations.create_group,
        CreateConversationGroup => CreateConversationGroupReply, rate: 200, retry: AfterCheck, doc: "1047/53437",
        batch: groups 1, edition: "Ultimate edition (newer pages: Pro, Pro Plus or Enterprise)",
        errors: [
            50001, 50002, 50003, 50004, 50005, 51006, 51007, 51008, 51009, 51010, 51011, 51012, 51013
        ];

    /// Renames a conversation group, or adds and removes conversations.
    // What the same change answers a second time is not documented; `list_groups_and_marks` tells.
    UPDATE_GROUP = "v4/recentcontact/update_contact_group", conversations.update_group,
        UpdateConversationGroup => UpdateConversationGroupReply, rate: 200, retry: AfterCheck, doc: "1047/53439",
        edition: "Ultimate edition (newer pages: Pro, Pro Plus or Enterprise)",
        errors: [
            50001, 50002, 50003, 50004, 50005, 51006, 51007, 51008, 51009, 51010, 51011, 51012, 51013
        ];

    /// Deletes a conversation group. Its conversations stay.
    ///
    /// Deleting it again answers 51009 and changes nothing.
    DELETE_GROUP = "v4/recentcontact/del_contact_group", conversations.delete_group,
        DeleteConversationGroup => DeleteConversationGroupReply, rate: 200, retry: Safe, doc: "1047/53441",
        batch: group_names 1, edition: "Ultimate edition (newer pages: Pro, Pro Plus or Enterprise)",
        errors: [
            50001, 50002, 50003, 50004, 50005, 51006, 51007, 51008, 51009, 51010, 51011, 51012, 51013
        ];

    /// Lists a user's conversation groups, and the conversations that are in one or have marks, page by page.
    LIST_GROUPS_AND_MARKS = "v4/recentcontact/get_contact_group", conversations.list_groups_and_marks,
        ListConversationGroupsAndMarks => ListConversationGroupsAndMarksReply, rate: 200, retry: Safe,
        doc: "1047/53440",
        // The end is inferred from `list`: the page only calls the flag an end mark.
        page: Page {
            next: &[("start_index", Next::Reply("next_start_index"))],
            size: None,
            items: &["conversations"],
            until: &[Done::Set("complete_flag")],
        },
        errors: [
            50001, 50002, 50003, 50004, 50005, 51006, 51007, 51008, 51009, 51010, 51011, 51012, 51013
        ];

    /// Gets the conversation groups and marks of up to 300 conversations.
    GET_GROUPS_AND_MARKS = "v4/recentcontact/search_contact_group", conversations.get_groups_and_marks,
        GetConversationGroupsAndMarks => GetConversationGroupsAndMarksReply, rate: 200, retry: Safe,
        doc: "1047/53442", batch: conversations 300,
        errors: [
            50001, 50002, 50003, 50004, 50005, 51006, 51007, 51008, 51009, 51010, 51011, 51012, 51013
        ];
}
