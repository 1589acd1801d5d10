//! Permission groups of communities: who may do what, in the community and in its topics.
//!
//! A member has the rights that everyone has, joined with those of all permission groups the member is in; the owner has
//! all. While a community uses permission groups, its admins lose their extra rights. Clients need SDK 7.8.

use super::Empty;
use super::groups::GroupMemberResult;
use crate::schema::{BigId, Done, ItemCode, JsonText, Next, Page, UserId, ops, shape};

shape! {
    /// A permission group to create.
    pub struct CreatePermissionGroup {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of your own choice, which starts with `@PMG#_`. By default the service makes one.
        permission_group_id: Option<String> = "PermissionGroupId" (prefix "@PMG#_"),
        /// Name, at most 150 bytes.
        permission_group_name: String = "PermissionGroupName" (bytes 1..=150),
        /// Sum of what its members may do in the community: 1 change the details, 2 manage members, 4 manage permission
        /// groups, 8 manage their members, 16 manage topics; in all topics: 32 mute a member, 64 send, 128 mention everyone,
        /// 256 read what was sent before they joined, 512 recall messages of others; 1024 ban members.
        permission: BigId = "Permission",
        /// Data of the app, at most 3000 bytes.
        custom_string: Option<JsonText> = "CustomString" (bytes ..=3000),
    }
}

shape! {
    /// A permission group that was created.
    pub struct CreatePermissionGroupReply {
        /// Id of the permission group.
        permission_group_id: String = "PermissionGroupId",
    }
}

shape! {
    /// A page of the permission groups of a community.
    pub struct ListPermissionGroups {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Ids of the permission groups. Defaults to all, also if empty.
        permission_group_ids: Option<Vec<String>> = "PermissionGroupIdList",
        /// Page size, at most 20.
        // The table says required, the sample with ids leaves it out: the rule below says when it is needed.
        limit: Option<u32> = "Limit" (range ..=20),
        /// Position: empty at first, then `next` of the last reply. Defaults to empty.
        next: Option<String> = "Next",
    }
    at_least_one(permission_group_ids, limit);
}

shape! {
    /// A permission group. Its fields are those of the calls that write them; the vendor's list was not seen in full.
    pub struct PermissionGroupInfo {
        /// Id of the permission group.
        permission_group_id: String = "PermissionGroupId",
        /// Name.
        permission_group_name: Option<String> = "PermissionGroupName",
        /// Sum of what its members may do in the community.
        permission: Option<BigId> = "Permission",
        /// Data of the app.
        custom_string: Option<JsonText> = "CustomString",
        /// Number of members. Unconfirmed.
        member_count: Option<u32> = "MemberNum",
    }
}

shape! {
    /// A page of the permission groups of a community.
    pub struct ListPermissionGroupsReply {
        /// The permission groups.
        permission_groups: Vec<PermissionGroupInfo> = "PermissionGroupInfoList",
        /// Position of the next page; empty at the end.
        next: String = "Next",
    }
}

shape! {
    /// Changes to a permission group. Fields that are left out stay as they are.
    pub struct UpdatePermissionGroup {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of the permission group.
        permission_group_id: String = "PermissionGroupId",
        /// Name, at most 150 bytes.
        permission_group_name: Option<String> = "PermissionGroupName" (bytes ..=150),
        /// Sum of what its members may do in the community, as in `permission_groups.create`.
        permission: Option<BigId> = "Permission",
        /// Data of the app, at most 3000 bytes.
        custom_string: Option<JsonText> = "CustomString" (bytes ..=3000),
    }
}

shape! {
    /// Permission groups to delete.
    pub struct DeletePermissionGroups {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Ids of 1 to 20 permission groups.
        permission_group_ids: Vec<String> = "PermissionGroupIdList" (items 1..=20),
    }
}

shape! {
    /// Outcome of the deletion of one permission group.
    pub struct PermissionGroupResult {
        /// Id of the permission group.
        permission_group_id: String = "PermissionGroupId",
        /// 0 for success, else the code that says why not.
        error_code: ItemCode = "ErrorCode",
        /// Text of the service for that code.
        error_info: String = "ErrorInfo",
    }
}

shape! {
    /// Outcome of the deletion of permission groups.
    pub struct DeletePermissionGroupsReply {
        /// One entry for each permission group.
        results: Vec<PermissionGroupResult> = "PermissionGroupResultList",
    }
}

shape! {
    /// A member of a permission group.
    pub struct PermissionGroupMember {
        /// User id.
        member_account: UserId = "Member_Account",
    }
}

shape! {
    /// Members to add to a permission group.
    pub struct AddPermissionGroupMembers {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of the permission group.
        permission_group_id: String = "PermissionGroupId",
        /// 1 to 100 members of the community.
        members: Vec<PermissionGroupMember> = "MemberList" (items 1..=100),
    }
}

shape! {
    /// What became of each member to add.
    pub struct AddPermissionGroupMembersReply {
        /// One entry for each member.
        members: Vec<GroupMemberResult> = "MemberList",
    }
}

shape! {
    /// Members to remove from a permission group.
    pub struct RemovePermissionGroupMembers {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of the permission group.
        permission_group_id: String = "PermissionGroupId",
        /// 1 to 100 members. Those who are not in the permission group are ignored.
        members: Vec<PermissionGroupMember> = "MemberList" (items 1..=100),
    }
}

shape! {
    /// What became of each member to remove.
    pub struct RemovePermissionGroupMembersReply {
        /// One entry for each member. Unconfirmed.
        members: Option<Vec<GroupMemberResult>> = "MemberList",
    }
}

shape! {
    /// A page of the members of a permission group.
    pub struct ListPermissionGroupMembers {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of the permission group.
        permission_group_id: String = "PermissionGroupId",
        /// Page size, at most 50.
        limit: Option<u32> = "Limit" (range ..=50),
        /// Position: empty at first, then `next` of the last reply. Defaults to empty.
        next: Option<String> = "Next",
    }
}

shape! {
    /// A page of the members of a permission group.
    pub struct ListPermissionGroupMembersReply {
        /// The members. Fields beside the user id were not seen.
        members: Vec<PermissionGroupMember> = "MemberList",
        /// Position of the next page; empty at the end.
        next: String = "Next",
    }
}

shape! {
    /// What the members of a permission group may do in one topic.
    pub struct TopicPermission {
        /// Id of the topic.
        topic_id: String = "TopicId",
        /// Sum of what they may do. The vendor's list of these bits is another than that of communities.
        permission: BigId = "Permission",
    }
}

shape! {
    /// Outcome for one topic.
    pub struct TopicPermissionResult {
        /// Id of the topic.
        topic_id: String = "TopicId",
        /// 0 for success, else the code that says why not.
        error_code: ItemCode = "ErrorCode",
        /// Text of the service for that code.
        error_info: String = "ErrorInfo",
    }
}

shape! {
    /// Topics in which a permission group is to have permissions.
    pub struct AddTopicPermissions {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of the permission group.
        permission_group_id: String = "PermissionGroupId",
        /// 1 to 50 topics, each with its permissions.
        topic_permissions: Vec<TopicPermission> = "TopicPermissionList" (items 1..=50),
    }
}

shape! {
    /// Outcome for each topic.
    pub struct TopicPermissionsReply {
        /// One entry for each topic.
        results: Vec<TopicPermissionResult> = "TopicPermissionResultList",
    }
}

shape! {
    /// Permissions in topics to change.
    pub struct UpdateTopicPermissions {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of the permission group.
        permission_group_id: String = "PermissionGroupId",
        /// Topics, each with its permissions. At most 50: unconfirmed.
        topic_permissions: Vec<TopicPermission> = "TopicPermissionList",
    }
}

shape! {
    /// Topics in which a permission group is to lose its permissions.
    pub struct RemoveTopicPermissions {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of the permission group.
        permission_group_id: String = "PermissionGroupId",
        /// Ids of 1 to 50 topics.
        topic_ids: Vec<String> = "TopicIdList" (items 1..=50),
    }
}

shape! {
    /// Topics whose permissions to list.
    pub struct ListTopicPermissions {
        /// Id of the community.
        group_id: String = "GroupId",
        /// Id of the permission group.
        permission_group_id: String = "PermissionGroupId",
        /// Ids of the topics. Defaults to all.
        topic_ids: Option<Vec<String>> = "TopicIdList",
    }
}

shape! {
    /// Permissions of a permission group in topics.
    pub struct ListTopicPermissionsReply {
        /// The topics, each with its permissions. The name of the list is unconfirmed.
        topic_permissions: Vec<TopicPermission> = "TopicPermissionList",
    }
}

// The stored pages of these calls end before their codes: those given are the ones common to calls on groups.
ops! {
    /// Creates a permission group in a community.
    // What a retry with the same id answers is not documented; a list tells whether the first attempt worked.
    CREATE = "v4/group_open_http_svc/create_permission_group", permission_groups.create,
        CreatePermissionGroup => CreatePermissionGroupReply, rate: 200, retry: AfterCheck, doc: "1047/61232",
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with communities switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Lists the permission groups of a community that you name, or all, page by page.
    LIST = "v4/group_open_http_svc/get_permission_group", permission_groups.list,
        ListPermissionGroups => ListPermissionGroupsReply, rate: 200, retry: Safe, doc: "1047/61235",
        page: Page {
            next: &[("next", Next::Reply("next"))],
            size: Some(("limit", 20)),
            items: &["permission_groups"],
            until: &[Done::Blank("next")],
        },
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with communities switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Changes a permission group: its name, permissions and data.
    UPDATE = "v4/group_open_http_svc/modify_permission_group", permission_groups.update,
        UpdatePermissionGroup => Empty, rate: 200, retry: Safe, doc: "1047/61234",
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with communities switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Deletes up to 20 permission groups. The outcome of each comes back in `results`.
    // One that is gone already comes back with a code of its own.
    DELETE = "v4/group_open_http_svc/destroy_permission_group", permission_groups.delete,
        DeletePermissionGroups => DeletePermissionGroupsReply, rate: 200, retry: Safe, doc: "1047/61233",
        batch: permission_group_ids 20 each results,
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with communities switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Adds up to 100 members to a permission group. What became of each comes back in `members`.
    ADD_MEMBERS = "v4/group_open_http_svc/add_permission_group_member", permission_groups.add_members,
        AddPermissionGroupMembers => AddPermissionGroupMembersReply, rate: 200, retry: Safe, doc: "1047/61240",
        batch: members 100 each members,
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with communities switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Removes up to 100 members from a permission group. They stay members of the community.
    // Whether the reply has an entry for each member is unconfirmed.
    REMOVE_MEMBERS = "v4/group_open_http_svc/delete_permission_group_member", permission_groups.remove_members,
        RemovePermissionGroupMembers => RemovePermissionGroupMembersReply, rate: 200, retry: Safe, doc: "1047/61241",
        batch: members 100,
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with communities switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Lists the members of a permission group, page by page.
    LIST_MEMBERS = "v4/group_open_http_svc/get_permission_group_member_list", permission_groups.list_members,
        ListPermissionGroupMembers => ListPermissionGroupMembersReply, rate: 200, retry: Safe, doc: "1047/61242",
        page: Page {
            next: &[("next", Next::Reply("next"))],
            size: Some(("limit", 50)),
            items: &["members"],
            until: &[Done::Blank("next")],
        },
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with communities switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Gives a permission group permissions in up to 50 topics. The outcome of each comes back in `results`.
    // What a retry answers for a topic that is there already is not documented; a list tells what the first attempt did.
    ADD_TOPIC_PERMISSIONS = "v4/group_open_http_svc/add_topic_permission_group", permission_groups.add_topic_permissions,
        AddTopicPermissions => TopicPermissionsReply, rate: 200, retry: AfterCheck, doc: "1047/61236",
        batch: topic_permissions 50 each results,
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with communities switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Changes the permissions of a permission group in up to 50 topics. The outcome of each comes back in `results`.
    // The reply and the maximum are those of giving permissions, and unconfirmed.
    UPDATE_TOPIC_PERMISSIONS = "v4/group_open_http_svc/set_topic_permission_group",
        permission_groups.update_topic_permissions,
        UpdateTopicPermissions => TopicPermissionsReply, rate: 200, retry: Safe, doc: "1047/61237",
        batch: topic_permissions 50 each results,
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with communities switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Takes away the permissions of a permission group in up to 50 topics. The outcome of each comes back in `results`.
    // A topic that is not there comes back with a code of its own.
    REMOVE_TOPIC_PERMISSIONS = "v4/group_open_http_svc/delete_topic_permission_group",
        permission_groups.remove_topic_permissions,
        RemoveTopicPermissions => TopicPermissionsReply, rate: 200, retry: Safe, doc: "1047/61238",
        batch: topic_ids 50 each results,
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with communities switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Lists the permissions of a permission group in the topics that you name, or in all.
    LIST_TOPIC_PERMISSIONS = "v4/group_open_http_svc/get_topic_permission_group", permission_groups.list_topic_permissions,
        ListTopicPermissions => ListTopicPermissionsReply, rate: 200, retry: Safe, doc: "1047/61239",
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with communities switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];
}
