//! Groups of every type: the group itself, its members, attributes and counters.

use serde_json::Value;

use super::Empty;
use crate::schema::{BigId, Done, Flag, ItemCode, Next, Page, UnixSeconds, UserId, open_enum, ops, shape};

open_enum! {
    /// Type of a group, by its name on the wire: Work groups are `Private`, Meeting groups `ChatRoom`.
    pub enum GroupType {
        /// Open group with an owner and admins. Users may ask to join.
        Public = "Public",
        /// Closed group, now called Work. Members invite; nobody can be muted.
        Private = "Private",
        /// Temporary group, now called Meeting. Users join and leave freely; unread messages are not counted.
        ChatRoom = "ChatRoom",
        /// Live group: no limit of members, no history, no details of members.
        AVChatRoom = "AVChatRoom",
        /// Community: a very large group, with topics if created with `support_topic`.
        Community = "Community",
        /// Older broadcast group of all online members. Newer pages do not list it.
        BChatRoom = "BChatRoom",
    }
}

open_enum! {
    /// How requests to join are treated.
    pub enum ApplyJoinOption {
        /// Everyone joins at once.
        FreeAccess = "FreeAccess",
        /// The owner or an admin must agree.
        NeedPermission = "NeedPermission",
        /// Nobody joins.
        DisableApply = "DisableApply",
    }
}

open_enum! {
    /// How invitations are treated.
    pub enum InviteJoinOption {
        /// Invited users join at once.
        FreeAccess = "FreeAccess",
        /// The owner or an admin must agree.
        NeedPermission = "NeedPermission",
        /// Nobody is invited.
        DisableInvite = "DisableInvite",
    }
}

open_enum! {
    /// A switch.
    pub enum OnOff {
        /// Switched on.
        On = "On",
        /// Switched off.
        Off = "Off",
    }
}

open_enum! {
    /// Role of a member.
    pub enum GroupRole {
        /// The owner.
        Owner = "Owner",
        /// An admin.
        Admin = "Admin",
        /// An ordinary member.
        Member = "Member",
    }
}

open_enum! {
    /// How a member receives the messages of a group.
    pub enum MsgFlag {
        /// Receives and is notified.
        AcceptAndNotify = "AcceptAndNotify",
        /// Receives without being notified.
        AcceptNotNotify = "AcceptNotNotify",
        /// Receives nothing.
        Discard = "Discard",
        /// Receives; only mentions send an offline push.
        AcceptNotNotifyExceptAt = "AcceptNotNotifyExceptAt",
    }
}

shape! {
    /// A custom field of a group or a member. Its key must first be set up in the console.
    pub struct AppDefinedData {
        /// Key, at most 16 bytes.
        key: String = "Key" (bytes 1..=16),
        /// Value, at most 512 bytes. May hold binary data. Empty removes the field in an update.
        value: String = "Value" (bytes ..=512),
    }
}

shape! {
    /// A first member of a group.
    pub struct CreateGroupMember {
        /// User id of the member.
        member_account: UserId = "Member_Account",
        /// `Admin` for an admin. Defaults to an ordinary member.
        role: Option<GroupRole> = "Role",
        /// Custom fields of the member.
        app_member_defined_data: Option<Vec<AppDefinedData>> = "AppMemberDefinedData",
    }
}

shape! {
    /// A group to create.
    pub struct CreateGroup {
        /// Type of the group.
        r#type: GroupType = "Type" (own_group_type),
        /// Name, at most 100 bytes (30 in older versions of the service).
        name: String = "Name" (bytes 1..=100),
        /// Owner, an imported account, who joins at once. Without one, the group has no owner.
        owner_account: Option<UserId> = "Owner_Account",
        /// Id of your own choice: at most 48 bytes of printable ASCII. Must not start with `@TGS`, except in a community,
        /// where it must start with `@TGS#_`. With an id, a retry fails with 10025 or 10021 instead of making another group.
        group_id: Option<String> = "GroupId" (bytes 1..=48, own_group_id),
        /// Introduction, at most 400 bytes (240 in older versions).
        introduction: Option<String> = "Introduction" (bytes ..=400),
        /// Announcement, at most 400 bytes (300 in older versions).
        notification: Option<String> = "Notification" (bytes ..=400),
        /// URL of the picture, at most 500 bytes (100 in older versions).
        face_url: Option<String> = "FaceUrl" (bytes ..=500),
        /// Maximum number of members. Defaults to the limit of the plan.
        max_member_count: Option<u32> = "MaxMemberCount",
        /// How requests to join are treated. Defaults to `NeedPermission`.
        apply_join_option: Option<ApplyJoinOption> = "ApplyJoinOption",
        /// How invitations are treated.
        invite_join_option: Option<InviteJoinOption> = "InviteJoinOption",
        /// Whether a community has topics. Defaults to false.
        support_topic: Option<Flag> = "SupportTopic",
        /// Whether permission groups decide what members may do; communities with topics only. Unconfirmed.
        enable_permission: Option<Flag> = "EnablePermission",
        /// Permission bits that every member starts with. Unconfirmed.
        default_permission: Option<BigId> = "DefaultPermission",
        /// Custom fields of the group.
        app_defined_data: Option<Vec<AppDefinedData>> = "AppDefinedData",
        /// First members, at most 100. Not for `AVChatRoom` (10007).
        members: Option<Vec<CreateGroupMember>> = "MemberList" (items ..=100),
    }
}

shape! {
    /// A group that was created.
    pub struct CreateGroupReply {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: Option<GroupType> = "Type",
        /// Seen in a sample of the documentation, without an explanation.
        huge_group_flag: Option<Flag> = "HugeGroupFlag",
    }
}

open_enum! {
    /// Name of a field of a group, for a filter.
    pub enum GroupField {
        /// Type.
        Type = "Type",
        /// Name.
        Name = "Name",
        /// Introduction.
        Introduction = "Introduction",
        /// Announcement.
        Notification = "Notification",
        /// URL of the picture.
        FaceUrl = "FaceUrl",
        /// Time of creation.
        CreateTime = "CreateTime",
        /// Owner.
        OwnerAccount = "Owner_Account",
        /// Version of the details.
        InfoSeq = "InfoSeq",
        /// Time of the last change of the details.
        LastInfoTime = "LastInfoTime",
        /// Time of the last message.
        LastMsgTime = "LastMsgTime",
        /// Sequence number of the next message.
        NextMsgSeq = "NextMsgSeq",
        /// Number of members.
        MemberNum = "MemberNum",
        /// Maximum number of members.
        MaxMemberNum = "MaxMemberNum",
        /// How requests to join are treated.
        ApplyJoinOption = "ApplyJoinOption",
        /// How invitations are treated.
        InviteJoinOption = "InviteJoinOption",
        /// Whether everyone is muted. Called `ShutUpAllMember` on pages up to 2022.
        MuteAllMember = "MuteAllMember",
    }
}

open_enum! {
    /// Name of a field of a member, for a filter.
    pub enum GroupMemberField {
        /// User id; in `groups.get` only, elsewhere it always comes.
        Account = "Account",
        /// Role.
        Role = "Role",
        /// Time of joining.
        JoinTime = "JoinTime",
        /// Sequence number of the last message read.
        MsgSeq = "MsgSeq",
        /// How the member receives messages.
        MsgFlag = "MsgFlag",
        /// Time of the last message sent.
        LastSendMsgTime = "LastSendMsgTime",
        /// End of the mute. Called `ShutUpUntil` on pages up to 2022.
        MuteUntil = "MuteUntil",
        /// Name card.
        NameCard = "NameCard",
        /// Whether the member is online.
        OnlineStatus = "OnlineStatus",
    }
}

open_enum! {
    /// Name of a field that a user has in a group, for a filter.
    pub enum JoinedGroupField {
        /// Role.
        Role = "Role",
        /// Time of joining.
        JoinTime = "JoinTime",
        /// How the user receives messages.
        MsgFlag = "MsgFlag",
        /// Sequence number of the last message read.
        MsgSeq = "MsgSeq",
    }
}

shape! {
    /// Fields of groups to return. What no filter names is left out.
    pub struct GroupInfoFilter {
        /// Fields of the group.
        group_base_info_filter: Option<Vec<GroupField>> = "GroupBaseInfoFilter",
        /// Fields of its members.
        member_info_filter: Option<Vec<GroupMemberField>> = "MemberInfoFilter",
        /// Keys of the group's custom fields.
        app_defined_data_filter_group: Option<Vec<String>> = "AppDefinedDataFilter_Group",
        /// Keys of the members' custom fields.
        app_defined_data_filter_group_member: Option<Vec<String>> = "AppDefinedDataFilter_GroupMember",
    }
}

shape! {
    /// Groups to read.
    pub struct GetGroups {
        /// Ids of 1 to 50 groups.
        group_ids: Vec<String> = "GroupIdList" (items 1..=50),
        /// Fields to return. Defaults to all.
        response_filter: Option<GroupInfoFilter> = "ResponseFilter",
    }
}

open_enum! {
    /// Whether a member is online.
    pub enum MemberOnlineStatus {
        /// Online.
        Online = "Online",
        /// Offline.
        Offline = "Offline",
    }
}

shape! {
    /// A member of a group. Which fields come depends on the filter.
    pub struct GroupMember {
        /// User id of the member.
        member_account: String = "Member_Account",
        /// Role.
        role: Option<GroupRole> = "Role",
        /// Time of joining.
        join_time: Option<UnixSeconds> = "JoinTime",
        /// Sequence number of the last message that the member has read.
        msg_seq: Option<u32> = "MsgSeq",
        /// How the member receives messages.
        msg_flag: Option<MsgFlag> = "MsgFlag",
        /// Time of the last message that the member sent.
        last_send_msg_time: Option<UnixSeconds> = "LastSendMsgTime" (or_zero),
        /// End of the mute; 0 if the member is not muted.
        mute_until: Option<UnixSeconds> = "MuteUntil" | "ShutUpUntil" (or_zero),
        /// Name shown in the group.
        name_card: Option<String> = "NameCard" (bytes ..=50),
        /// Whether the member is online. Comes only if `member_info_filter` names it.
        online_status: Option<MemberOnlineStatus> = "OnlineStatus",
        /// Custom fields of the member.
        app_member_defined_data: Option<Vec<AppDefinedData>> = "AppMemberDefinedData",
    }
}

shape! {
    /// A group. Which fields come depends on the filter.
    pub struct GroupInfo {
        /// Id of the group.
        group_id: String = "GroupId",
        /// 0 if the group was read, else the code that says why not.
        error_code: ItemCode = "ErrorCode",
        /// Text of the service for that code.
        error_info: String = "ErrorInfo",
        /// Type, which never changes.
        r#type: Option<GroupType> = "Type",
        /// Name.
        name: Option<String> = "Name",
        /// SDKAppID of the app. Seen in samples of the documentation only.
        app_id: Option<u32> = "Appid",
        /// Introduction.
        introduction: Option<String> = "Introduction",
        /// Announcement.
        notification: Option<String> = "Notification",
        /// URL of the picture.
        face_url: Option<String> = "FaceUrl",
        /// Owner; empty if the group has none.
        owner_account: Option<String> = "Owner_Account",
        /// Time of creation.
        create_time: Option<UnixSeconds> = "CreateTime",
        /// Version of the details; rises with each change.
        info_seq: Option<u64> = "InfoSeq",
        /// Time of the last change of the details.
        last_info_time: Option<UnixSeconds> = "LastInfoTime" (or_zero),
        /// Time of the last message.
        last_msg_time: Option<UnixSeconds> = "LastMsgTime" (or_zero),
        /// Sequence number that the next message will get.
        next_msg_seq: Option<u32> = "NextMsgSeq",
        /// Number of members.
        member_count: Option<u32> = "MemberNum",
        /// Maximum number of members.
        max_member_count: Option<u32> = "MaxMemberNum",
        /// How requests to join are treated.
        apply_join_option: Option<ApplyJoinOption> = "ApplyJoinOption",
        /// How invitations are treated.
        invite_join_option: Option<InviteJoinOption> = "InviteJoinOption",
        /// Whether everyone is muted.
        mute_all_member: Option<OnOff> = "MuteAllMember" | "ShutUpAllMember",
        /// Whether a community has topics.
        support_topic: Option<Flag> = "SupportTopic",
        /// Whether permission groups decide what members may do. Unconfirmed.
        enable_permission: Option<Flag> = "EnablePermission",
        /// Permission bits that every member starts with. Unconfirmed.
        default_permission: Option<BigId> = "DefaultPermission",
        /// Custom fields of the group.
        app_defined_data: Option<Vec<AppDefinedData>> = "AppDefinedData",
        /// Members.
        members: Option<Vec<GroupMember>> = "MemberList",
    }
}

shape! {
    /// Groups that were read.
    pub struct GetGroupsReply {
        /// One entry for each group, with its own `error_code`.
        groups: Vec<GroupInfo> = "GroupInfo",
    }
}

shape! {
    /// A page of the app's groups.
    pub struct ListGroups {
        /// Page size, at most 10,000. Defaults to 10,000.
        limit: Option<u32> = "Limit" (range ..=10000),
        /// Position: 0 at first, then `next` of the last reply.
        next: Option<BigId> = "Next",
        /// Type of the groups to list. Defaults to all types.
        group_type: Option<GroupType> = "GroupType",
    }
}

shape! {
    /// Id of a group.
    pub struct GroupIdItem {
        /// Id of the group.
        group_id: String = "GroupId",
    }
}

shape! {
    /// A page of the app's groups.
    pub struct ListGroupsReply {
        /// Number of all groups of the app, or of those of `group_type`.
        total_count: u64 = "TotalCount",
        /// Ids of the groups.
        groups: Vec<GroupIdItem> = "GroupIdList",
        /// Position of the next page; 0 at the end.
        next: BigId = "Next",
    }
}

shape! {
    /// Fields of joined groups to return.
    pub struct JoinedGroupFilter {
        /// Fields of each group.
        group_base_info_filter: Option<Vec<GroupField>> = "GroupBaseInfoFilter",
        /// Fields that the user has in each group.
        self_info_filter: Option<Vec<JoinedGroupField>> = "SelfInfoFilter",
    }
}

shape! {
    /// A page of the groups that a user has joined.
    pub struct ListJoinedGroups {
        /// User id.
        member_account: UserId = "Member_Account",
        /// Whether to list `AVChatRoom` groups too; that list may be incomplete. Defaults to false.
        with_huge_groups: Option<Flag> = "WithHugeGroups",
        /// Whether to list `Private` groups that are not active yet. Defaults to false.
        with_no_active_groups: Option<Flag> = "WithNoActiveGroups",
        /// Page size, at most 5000. Defaults to all groups.
        limit: Option<u32> = "Limit" (range ..=5000),
        /// Position of the first group. Defaults to 0.
        offset: Option<u32> = "Offset",
        /// Type of the groups to list. Defaults to all types.
        group_type: Option<GroupType> = "GroupType",
        /// Lists only communities with topics. Needs `group_type` `Community`.
        support_topic: Option<Flag> = "SupportTopic",
        /// Fields to return. Defaults to the ids of the groups only.
        response_filter: Option<JoinedGroupFilter> = "ResponseFilter",
    }
}

shape! {
    /// What a user has in a group. Which fields come depends on the filter.
    pub struct JoinedGroupSelfInfo {
        /// Role.
        role: Option<GroupRole> = "Role",
        /// Time of joining.
        join_time: Option<UnixSeconds> = "JoinTime",
        /// How the user receives messages.
        msg_flag: Option<MsgFlag> = "MsgFlag",
        /// Sequence number of the last message that the user has read.
        msg_seq: Option<u32> = "MsgSeq",
        /// Sequence number read over all topics; communities with topics only. Seen in a sample only.
        gross_topic_read_seq: Option<u64> = "GrossTopicReadSeq",
    }
}

shape! {
    /// A group that a user has joined. Which fields beside the id come depends on the filter.
    pub struct JoinedGroup {
        /// Id of the group.
        group_id: String = "GroupId",
        /// What the user has in the group.
        self_info: Option<JoinedGroupSelfInfo> = "SelfInfo",
        /// Whether a community has topics.
        support_topic: Option<Flag> = "SupportTopic",
        /// Next sequence number over all topics; communities with topics only. Seen in a sample only.
        gross_topic_next_msg_seq: Option<u64> = "GrossTopicNextMsgSeq",
        /// Type.
        r#type: Option<GroupType> = "Type",
        /// Name.
        name: Option<String> = "Name",
        /// Introduction.
        introduction: Option<String> = "Introduction",
        /// Announcement.
        notification: Option<String> = "Notification",
        /// URL of the picture.
        face_url: Option<String> = "FaceUrl",
        /// Owner; empty if the group has none.
        owner_account: Option<String> = "Owner_Account",
        /// Time of creation.
        create_time: Option<UnixSeconds> = "CreateTime",
        /// Version of the details; rises with each change.
        info_seq: Option<u64> = "InfoSeq",
        /// Time of the last change of the details.
        last_info_time: Option<UnixSeconds> = "LastInfoTime" (or_zero),
        /// Time of the last message.
        last_msg_time: Option<UnixSeconds> = "LastMsgTime" (or_zero),
        /// Sequence number that the next message will get.
        next_msg_seq: Option<u32> = "NextMsgSeq",
        /// Number of members.
        member_count: Option<u32> = "MemberNum",
        /// Maximum number of members.
        max_member_count: Option<u32> = "MaxMemberNum",
        /// How requests to join are treated.
        apply_join_option: Option<ApplyJoinOption> = "ApplyJoinOption",
        /// How invitations are treated.
        invite_join_option: Option<InviteJoinOption> = "InviteJoinOption",
        /// Whether everyone is muted.
        mute_all_member: Option<OnOff> = "MuteAllMember" | "ShutUpAllMember",
    }
}

shape! {
    /// A page of the groups that a user has joined.
    pub struct ListJoinedGroupsReply {
        /// Number of all groups that match.
        total_count: u32 = "TotalCount",
        /// The groups of this page.
        groups: Vec<JoinedGroup> = "GroupIdList",
    }
}

shape! {
    /// Changes to a group. Fields that are left out stay as they are.
    pub struct UpdateGroup {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Name, at most 100 bytes (30 in older versions of the service).
        name: Option<String> = "Name" (bytes ..=100),
        /// Introduction, at most 400 bytes (240 in older versions).
        introduction: Option<String> = "Introduction" (bytes ..=400),
        /// Announcement, at most 400 bytes (300 in older versions).
        notification: Option<String> = "Notification" (bytes ..=400),
        /// URL of the picture, at most 500 bytes (100 in older versions).
        face_url: Option<String> = "FaceUrl" (bytes ..=500),
        /// Maximum number of members, bounded by the type of the group and the plan. No effect on `AVChatRoom`.
        max_member_count: Option<u32> = "MaxMemberNum",
        /// How requests to join are treated.
        apply_join_option: Option<ApplyJoinOption> = "ApplyJoinOption",
        /// Custom fields of the group. An empty value removes a field.
        app_defined_data: Option<Vec<AppDefinedData>> = "AppDefinedData",
        /// How invitations are treated. Not for `AVChatRoom`.
        invite_join_option: Option<InviteJoinOption> = "InviteJoinOption",
        /// Mutes everyone except the owner, the admins and the app's admins.
        mute_all_member: Option<OnOff> = "MuteAllMember" | "ShutUpAllMember",
        /// User in whose name the change is made. Defaults to the calling admin. Unconfirmed.
        from_account: Option<UserId> = "From_Account",
        /// Whether members can read what was sent before they joined; not for live groups and communities. Unconfirmed.
        history_msg_before_join: Option<OnOff> = "HistoryMsgBeforeJoin",
        /// Whether permission groups decide what members may do; communities with topics only. Unconfirmed.
        enable_permission: Option<Flag> = "EnablePermission",
        /// Permission bits that every member starts with. Unconfirmed.
        default_permission: Option<BigId> = "DefaultPermission",
    }
}

shape! {
    /// A group and its new owner.
    pub struct ChangeGroupOwner {
        /// Id of the group.
        group_id: String = "GroupId",
        /// New owner, who must be a member.
        new_owner_account: UserId = "NewOwner_Account",
        /// User in whose name the change is made. Unconfirmed.
        from_account: Option<UserId> = "From_Account",
    }
}

shape! {
    /// A group to delete.
    pub struct DeleteGroup {
        /// Id of the group.
        group_id: String = "GroupId",
    }
}

shape! {
    /// A user to add to a group.
    pub struct AddGroupMember {
        /// User id.
        member_account: UserId = "Member_Account",
    }
}

shape! {
    /// Users to add to a group.
    pub struct AddGroupMembers {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Adds them without notifying anyone. Defaults to false.
        silence: Option<Flag> = "Silence",
        /// 1 to 20 users.
        members: Vec<AddGroupMember> = "MemberList" (items 1..=20),
    }
}

shape! {
    /// What became of one user.
    pub struct GroupMemberResult {
        /// User id.
        member_account: String = "Member_Account",
        /// 0 for failed, 1 for done, 2 for already a member, 3 for waiting until the invited user agrees.
        result: u32 = "Result" (done [1, 2, 3]),
    }
}

shape! {
    /// What became of each user to add.
    pub struct AddGroupMembersReply {
        /// One entry for each user.
        members: Vec<GroupMemberResult> = "MemberList",
    }
}

shape! {
    /// Members to remove from a group.
    pub struct RemoveGroupMembers {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Removes them without notifying the group. Defaults to false. The removed members may still be told.
        silence: Option<Flag> = "Silence",
        /// Reason, shown in the notice.
        reason: Option<String> = "Reason",
        /// 1 to 100 user ids. Those of users who are not members are ignored.
        member_accounts: Vec<UserId> = "MemberToDel_Account" (items 1..=100),
    }
}

shape! {
    /// Members to read.
    pub struct GetGroupMembers {
        /// Id of the group.
        group_id: String = "GroupId",
        /// User ids of 1 to 50 members.
        member_accounts: Vec<UserId> = "Member_List_Account" (items 1..=50),
        /// Fields to return. Defaults to all.
        member_info_filter: Option<Vec<GroupMemberField>> = "MemberInfoFilter",
        /// Returns only members with one of these roles. Defaults to all roles.
        member_role_filter: Option<Vec<GroupRole>> = "MemberRoleFilter",
        /// Keys of custom fields to return.
        app_defined_data_filter_group_member: Option<Vec<String>> = "AppDefinedDataFilter_GroupMember",
    }
}

shape! {
    /// Members that were found.
    pub struct GetGroupMembersReply {
        /// Id of the group.
        group_id: Option<String> = "GroupId",
        /// The members found; users who are not members are left out.
        members: Vec<GroupMember> = "MemberList",
    }
}

shape! {
    /// A page of the members of a group.
    pub struct ListGroupMembers {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Fields to return. Defaults to all.
        member_info_filter: Option<Vec<GroupMemberField>> = "MemberInfoFilter",
        /// Lists only members with one of these roles. Defaults to all roles.
        member_role_filter: Option<Vec<GroupRole>> = "MemberRoleFilter",
        /// Keys of custom fields to return.
        app_defined_data_filter_group_member: Option<Vec<String>> = "AppDefinedDataFilter_GroupMember",
        /// Page size, at most 6000; the vendor's text says 200 and advises 100. Defaults to all members, which fails with
        /// 10018 if the reply is longer than 1 MB.
        limit: Option<u32> = "Limit" (range ..=6000),
        /// Position of the first member. Defaults to 0. Not for communities.
        offset: Option<u32> = "Offset",
        /// Position in a community, where it is required: an empty text at first (0 on older pages), then `next` of the
        /// last reply as it came. The iterator fills it in.
        next: Option<Value> = "Next",
    }
}

shape! {
    /// A page of the members of a group.
    pub struct ListGroupMembersReply {
        /// Number of all members.
        member_count: u32 = "MemberNum",
        /// The members of this page.
        members: Vec<GroupMember> = "MemberList",
        /// Position of the next page; communities only.
        next: Option<Value> = "Next",
    }
}

shape! {
    /// Users whose roles to look up.
    pub struct GetGroupMemberRoles {
        /// Id of the group.
        group_id: String = "GroupId",
        /// 1 to 500 user ids.
        user_accounts: Vec<UserId> = "User_Account" (items 1..=500),
    }
}

open_enum! {
    /// Role of a user in a group, or none.
    pub enum RoleInGroup {
        /// The owner.
        Owner = "Owner",
        /// An admin.
        Admin = "Admin",
        /// An ordinary member.
        Member = "Member",
        /// Not in the group.
        NotMember = "NotMember",
    }
}

shape! {
    /// Role of one user.
    pub struct GroupMemberRole {
        /// User id.
        member_account: String = "Member_Account",
        /// Role.
        role: RoleInGroup = "Role",
    }
}

shape! {
    /// Roles of users in a group.
    pub struct GetGroupMemberRolesReply {
        /// One entry for each user.
        roles: Vec<GroupMemberRole> = "UserIdList",
    }
}

shape! {
    /// Changes to one member. Fields that are left out stay as they are.
    pub struct UpdateGroupMember {
        /// Id of the group.
        group_id: String = "GroupId",
        /// User id of the member.
        member_account: UserId = "Member_Account",
        /// `Admin` makes an admin, `Member` an ordinary member.
        role: Option<GroupRole> = "Role",
        /// How the member receives messages.
        msg_flag: Option<MsgFlag> = "MsgFlag",
        /// Name shown in the group, at most 50 bytes.
        name_card: Option<String> = "NameCard" (bytes ..=50),
        /// Custom fields of the member. An empty value removes a field.
        app_member_defined_data: Option<Vec<AppDefinedData>> = "AppMemberDefinedData",
        /// Seconds of mute, counted from now; 0 ends the mute. Not for `Private`.
        mute_time: Option<u32> = "MuteTime" | "ShutUpTime",
    }
}

shape! {
    /// Users to mute in a group.
    pub struct MuteGroupMembers {
        /// Id of the group.
        group_id: String = "GroupId",
        /// 1 to 500 user ids.
        member_accounts: Vec<UserId> = "Members_Account" (items 1..=500),
        /// Seconds of mute, counted from now; 0 ends the mute, 4,294,967,295 mutes for ever.
        mute_time: u32 = "MuteTime" | "ShutUpTime",
        /// Mutes them in this topic of a community only.
        topic_id: Option<String> = "TopicId",
    }
}

shape! {
    /// A group whose muted members to list.
    pub struct ListMutedGroupMembers {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Lists those who are muted in this topic of a community.
        topic_id: Option<String> = "TopicId",
    }
}

shape! {
    /// A muted member.
    pub struct MutedGroupMember {
        /// User id.
        member_account: String = "Member_Account",
        /// End of the mute.
        muted_until: UnixSeconds = "MutedUntil",
    }
}

shape! {
    /// Muted members of a group.
    pub struct ListMutedGroupMembersReply {
        /// Id of the group.
        group_id: String = "GroupId",
        /// The muted members.
        muted_accounts: Vec<MutedGroupMember> = "MutedAccountList",
    }
}

shape! {
    /// A group whose muted members to list, the older way.
    pub struct GetGroupShuttedUin {
        /// Id of the group.
        group_id: String = "GroupId",
    }
}

shape! {
    /// A muted member, the older way.
    pub struct ShuttedUin {
        /// User id.
        member_account: String = "Member_Account",
        /// End of the mute.
        shutted_until: UnixSeconds = "ShuttedUntil",
    }
}

shape! {
    /// Muted members of a group, the older way.
    pub struct GetGroupShuttedUinReply {
        /// Id of the group.
        group_id: String = "GroupId",
        /// The muted members.
        shutted_uins: Vec<ShuttedUin> = "ShuttedUinList",
    }
}

shape! {
    /// Users to ban from a group.
    pub struct BanGroupMembers {
        /// Id of the group.
        group_id: String = "GroupId",
        /// 1 to 20 user ids.
        member_accounts: Vec<UserId> = "Members_Account" (items 1..=20),
        /// Seconds of the ban, counted from now.
        duration: u32 = "Duration",
        /// Reason, at most 1000 bytes.
        description: Option<String> = "Description" (bytes ..=1000),
    }
}

shape! {
    /// Users whose ban to end.
    pub struct UnbanGroupMembers {
        /// Id of the group.
        group_id: String = "GroupId",
        /// 1 to 20 user ids.
        member_accounts: Vec<UserId> = "Members_Account" (items 1..=20),
    }
}

shape! {
    /// A page of the banned users of a group.
    pub struct ListBannedGroupMembers {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Page size, at most 100.
        limit: Option<u32> = "Limit" (range ..=100),
        /// Position: 0 at first, then `next_offset` of the last reply.
        offset: u32 = "Offset",
    }
}

shape! {
    /// A banned user.
    pub struct BannedGroupMember {
        /// User id.
        member_account: String = "Member_Account",
        /// End of the ban.
        banned_until: UnixSeconds = "BannedUntil",
    }
}

shape! {
    /// A page of the banned users of a group.
    pub struct ListBannedGroupMembersReply {
        /// The banned users, in the order in which their bans end.
        banned_accounts: Vec<BannedGroupMember> = "BannedAccountList",
        /// Position of the next page; 0 at the end.
        next_offset: u32 = "NextOffset",
    }
}

shape! {
    /// A group whose online members to count.
    pub struct GetOnlineMemberCount {
        /// Id of the group.
        group_id: String = "GroupId",
    }
}

shape! {
    /// Number of online members.
    pub struct OnlineMemberCount {
        /// Number of members who are online.
        online_member_count: u32 = "OnlineMemberNum",
    }
}

shape! {
    /// An attribute of a group. Its wire names are in lower case.
    pub struct GroupAttribute {
        /// Key, at most 32 bytes.
        key: String = "key" (bytes 1..=32),
        /// Value, at most 4000 bytes.
        value: String = "value" (bytes ..=4000),
    }
}

shape! {
    /// Key of an attribute of a group.
    pub struct GroupAttributeKey {
        /// Key, at most 32 bytes.
        key: String = "key" (bytes 1..=32),
    }
}

shape! {
    /// A group whose attributes to read.
    pub struct GetGroupAttributes {
        /// Id of the group.
        group_id: String = "GroupId",
    }
}

shape! {
    /// Attributes of a group.
    pub struct GetGroupAttributesReply {
        /// The attributes.
        attributes: Vec<GroupAttribute> = "GroupAttrAry",
    }
}

shape! {
    /// Attributes to change. A group has at most 16, with values of at most 16,000 bytes together.
    pub struct UpdateGroupAttributes {
        /// Id of the group.
        group_id: String = "GroupId",
        /// 1 to 16 attributes.
        attributes: Vec<GroupAttribute> = "GroupAttr" (items 1..=16),
    }
}

shape! {
    /// All attributes that a group is to have. A group has at most 16, with values of at most 16,000 bytes together.
    pub struct SetGroupAttributes {
        /// Id of the group.
        group_id: String = "GroupId",
        /// 1 to 16 attributes.
        attributes: Vec<GroupAttribute> = "GroupAttr" (items 1..=16),
    }
}

shape! {
    /// Attributes to delete.
    pub struct DeleteGroupAttributes {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Keys of the attributes.
        attributes: Vec<GroupAttributeKey> = "GroupAttr",
    }
}

shape! {
    /// A group whose attributes to delete.
    pub struct ClearGroupAttributes {
        /// Id of the group.
        group_id: String = "GroupId",
    }
}

open_enum! {
    /// How counters change.
    pub enum CounterMode {
        /// Sets the counter to the value.
        Set = "Set",
        /// Adds the value.
        Increase = "Increase",
        /// Subtracts the value.
        Decrease = "Decrease",
    }
}

shape! {
    /// A counter of a group.
    pub struct GroupCounter {
        /// Key, at most 128 bytes.
        key: String = "Key" (bytes 1..=128),
        /// Value; in a change with `Increase` or `Decrease` the step.
        value: i64 = "Value",
    }
}

shape! {
    /// Counters to read.
    pub struct GetGroupCounters {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Keys of the counters. Defaults to all.
        keys: Option<Vec<String>> = "GroupCounterKeys",
    }
}

shape! {
    /// Counters of a group.
    pub struct GetGroupCountersReply {
        /// The counters.
        counters: Vec<GroupCounter> = "GroupCounter",
    }
}

shape! {
    /// Counters to change.
    pub struct UpdateGroupCounters {
        /// Id of the group.
        group_id: String = "GroupId",
        /// 1 to 20 counters.
        counters: Vec<GroupCounter> = "GroupCounter" (items 1..=20),
        /// How they change. The vendor does not state the default. `Increase` and `Decrease` count from 0 for a new key.
        mode: Option<CounterMode> = "Mode",
    }
}

shape! {
    /// Counters after a change.
    pub struct UpdateGroupCountersReply {
        /// The counters with their new values.
        counters: Vec<GroupCounter> = "GroupCounter",
    }
}

shape! {
    /// Counters to delete.
    pub struct DeleteGroupCounters {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Keys of the counters. Without this field, or with an empty list, all counters of the group are deleted.
        keys: Option<Vec<String>> = "GroupCounterKeys",
    }
}

shape! {
    /// A group to import from another system.
    pub struct ImportGroup {
        /// Type of the group. Not `AVChatRoom` (10007).
        r#type: GroupType = "Type" (own_group_type),
        /// Name, at most 100 bytes (30 in older versions of the service).
        name: String = "Name" (bytes 1..=100),
        /// Owner, an imported account, who joins at once. Without one, the group has no owner.
        owner_account: Option<UserId> = "Owner_Account",
        /// Id of your own choice: at most 48 bytes of printable ASCII. Must not start with `@TGS`, except in a community,
        /// where it must start with `@TGS#_`. With an id, a retry fails with 10021 instead of making another group.
        group_id: Option<String> = "GroupId" (bytes 1..=48, own_group_id),
        /// Introduction, at most 400 bytes (240 in older versions).
        introduction: Option<String> = "Introduction" (bytes ..=400),
        /// Announcement, at most 400 bytes (300 in older versions).
        notification: Option<String> = "Notification" (bytes ..=400),
        /// URL of the picture, at most 500 bytes (100 in older versions).
        face_url: Option<String> = "FaceUrl" (bytes ..=500),
        /// Maximum number of members, at most 6000. Defaults to 2000.
        max_member_count: Option<u32> = "MaxMemberCount" (range ..=6000),
        /// How requests to join are treated. Defaults to `NeedPermission`.
        apply_join_option: Option<ApplyJoinOption> = "ApplyJoinOption",
        /// Custom fields of the group.
        app_defined_data: Option<Vec<AppDefinedData>> = "AppDefinedData",
        /// Time of creation. Defaults to now.
        create_time: Option<UnixSeconds> = "CreateTime",
        /// Whether a community has topics. Defaults to false.
        support_topic: Option<Flag> = "SupportTopic",
    }
}

shape! {
    /// A group that was imported.
    pub struct ImportGroupReply {
        /// Id of the group.
        group_id: String = "GroupId",
    }
}

shape! {
    /// A member to import.
    pub struct ImportGroupMember {
        /// User id.
        member_account: UserId = "Member_Account",
        /// `Admin` for an admin. Defaults to an ordinary member.
        role: Option<GroupRole> = "Role",
        /// Time of joining: after the creation of the group and before now, or the import of this member fails.
        join_time: Option<UnixSeconds> = "JoinTime",
        /// Number of unread messages, cut to the number of messages of the group.
        unread_count: Option<u32> = "UnreadMsgNum",
    }
}

shape! {
    /// Members to import into a group.
    pub struct ImportGroupMembers {
        /// Id of the group.
        group_id: String = "GroupId",
        /// 1 to 100 members.
        members: Vec<ImportGroupMember> = "MemberList" (items 1..=100),
    }
}

shape! {
    /// What became of each member to import.
    pub struct ImportGroupMembersReply {
        /// One entry for each member.
        members: Vec<GroupMemberResult> = "MemberList",
    }
}

ops! {
    /// Creates a group.
    ///
    /// Without a `group_id` of your own, each call makes another group. With one, 10025 (already yours) after a lost
    /// reply tells that the first attempt worked. Members of a live group (`AVChatRoom`), its owner included, join by
    /// themselves through the client SDK.
    CREATE = "v4/group_open_http_svc/create_group", groups.create,
        CreateGroup => CreateGroupReply, rate: 200, retry: AfterCheck, doc: "1047/34895",
        errors: [
            10002, 10003, 10004, 10005, 10006, 10007, 10008, 10016, 10021, 10025, 10036, 10037, 10038, 10058, 80001
        ];

    /// Reads up to 50 groups by their ids.
    ///
    /// Each group comes back with its own `error_code`; the call succeeds even if no group was read.
    GET = "v4/group_open_http_svc/get_group_info", groups.get,
        GetGroups => GetGroupsReply, rate: 200, retry: Safe, doc: "1047/34961", batch: group_ids 50 each groups,
        errors: [10002, 10003, 10004, 10007, 10010, 10015, 10018];

    /// Lists the ids of all groups of the app, page by page.
    LIST = "v4/group_open_http_svc/get_appid_group_list", groups.list,
        ListGroups => ListGroupsReply, rate: 1, retry: Safe, doc: "1047/34960",
        page: Page {
            next: &[("next", Next::Reply("next"))],
            size: Some(("limit", 10_000)),
            items: &["groups"],
            until: &[Done::Blank("next")],
        },
        errors: [10002, 10004, 10007, 10018];

    /// Lists the groups that one user has joined.
    LIST_JOINED = "v4/group_open_http_svc/get_joined_group_list", groups.list_joined,
        ListJoinedGroups => ListJoinedGroupsReply, rate: 200, retry: Safe, doc: "1047/34925",
        page: Page {
            next: &[("offset", Next::Count)],
            size: Some(("limit", 5_000)),
            items: &["groups"],
            until: &[Done::Total("total_count")],
        },
        errors: [10002, 10003, 10004, 10018];

    /// Changes the details of a group, and mutes or unmutes everyone in it.
    UPDATE = "v4/group_open_http_svc/modify_group_base_info", groups.update,
        UpdateGroup => Empty, rate: 200, retry: Safe, doc: "1047/34962",
        errors: [10002, 10003, 10004, 10007, 10010, 10015, 10026, 80001];

    /// Hands a group over to another member, or gives an owner to a group that has none. Not for live groups (10007).
    // The reply to naming the present owner is not documented, but the state stays the same.
    CHANGE_OWNER = "v4/group_open_http_svc/change_group_owner", groups.change_owner,
        ChangeGroupOwner => Empty, rate: 200, retry: Safe, doc: "1047/34966",
        errors: [10002, 10004, 10007, 10010, 10015];

    /// Deletes a group for good. A group that is gone already answers 10010.
    DELETE = "v4/group_open_http_svc/destroy_group", groups.delete,
        DeleteGroup => Empty, rate: 200, retry: Safe, doc: "1047/34896",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Adds up to 20 users to a group. The result of each comes back in `members`.
    ///
    /// Not for live groups (10007). Older pages of the vendor allow 300 users in one call.
    ADD_MEMBERS = "v4/group_open_http_svc/add_group_member", groups.add_members,
        AddGroupMembers => AddGroupMembersReply, rate: 200, retry: Safe, doc: "1047/34921",
        batch: members 20 each members,
        errors: [10002, 10003, 10004, 10005, 10007, 10010, 10014, 10015, 10016, 10019, 10026, 10037];

    /// Removes up to 100 members from a group. The group stays even if the last member is removed.
    ///
    /// Not for live groups (10004): mute with `groups.mute_members` or ban with `groups.ban_members` instead.
    REMOVE_MEMBERS = "v4/group_open_http_svc/delete_group_member", groups.remove_members,
        RemoveGroupMembers => Empty, rate: 200, retry: Safe, doc: "1047/34949", batch: member_accounts 100,
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Reads up to 50 members by their user ids. Not for live groups.
    GET_MEMBERS = "v4/group_open_http_svc/get_specified_group_member_info", groups.get_members,
        GetGroupMembers => GetGroupMembersReply, rate: 200, retry: Safe, doc: "1047/64897", batch: member_accounts 50,
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Lists the members of a group, page by page: by `offset`, in a community by `next`. The iterator knows which.
    /// Not for live groups.
    // Only a community's reply has `next`: without it the last page is the one with fewer members than asked for.
    // That `next` is empty or 0 on a community's last page is inferred. The page size is the one of the page's text: 6000
    // members, which its table allows, can be longer than the 1 MB of a reply (10018).
    LIST_MEMBERS = "v4/group_open_http_svc/get_group_member_info", groups.list_members,
        ListGroupMembers => ListGroupMembersReply, rate: 200, retry: Safe, doc: "1047/34948",
        page: Page {
            next: &[("offset", Next::Count), ("next", Next::InCommunity("next"))],
            size: Some(("limit", 200)),
            items: &["members"],
            until: &[Done::Fewer, Done::Blank("next")],
        },
        errors: [10002, 10003, 10004, 10007, 10010, 10015, 10018];

    /// Looks up the roles of up to 500 users in a group, and who is not a member. Not for live groups (10007).
    GET_MEMBER_ROLES = "v4/group_open_http_svc/get_role_in_group", groups.get_member_roles,
        GetGroupMemberRoles => GetGroupMemberRolesReply, rate: 200, retry: Safe, doc: "1047/34963",
        batch: user_accounts 500,
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Changes one member: role, name card, mute, message setting and custom fields.
    ///
    /// Not for live groups, which keep no details of members: see `live_groups.update_admins`.
    UPDATE_MEMBER = "v4/group_open_http_svc/modify_group_member_info", groups.update_member,
        UpdateGroupMember => Empty, rate: 200, retry: Safe, doc: "1047/34900",
        errors: [10002, 10003, 10004, 10007, 10010, 10015, 80001];

    /// Mutes up to 500 users in a group for some seconds, or ends their mute.
    ///
    /// Not for `Private`. A muted user who leaves and joins again is still muted.
    MUTE_MEMBERS = "v4/group_open_http_svc/forbid_send_msg", groups.mute_members,
        MuteGroupMembers => Empty, rate: 200, retry: Safe, doc: "1047/34951", batch: member_accounts 500,
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Lists all muted members of a group.
    LIST_MUTED_MEMBERS = "v4/group_open_http_svc/get_group_muted_account", groups.list_muted_members,
        ListMutedGroupMembers => ListMutedGroupMembersReply, rate: 200, retry: Safe, doc: "1047/34964",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Lists all muted members of a group, the older way.
    GET_SHUTTED_UIN = "v4/group_open_http_svc/get_group_shutted_uin", groups.get_shutted_uin,
        GetGroupShuttedUin => GetGroupShuttedUinReply, rate: 200, retry: Safe, doc: "1047/34964",
        replaced_by: "groups.list_muted_members",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Bans up to 20 users from a group for some seconds. They get no messages and cannot join until the ban ends.
    ///
    /// Older pages of the vendor offer it for live groups only, or for all types but communities.
    BAN_MEMBERS = "v4/group_open_http_svc/ban_group_member", groups.ban_members,
        BanGroupMembers => Empty, rate: 200, retry: Safe, doc: "1047/50296", batch: member_accounts 20,
        edition: "Ultimate or Enterprise edition, with bans switched on in the console",
        errors: [10002, 10003, 10004, 10005, 10007];

    /// Ends the ban of up to 20 users.
    UNBAN_MEMBERS = "v4/group_open_http_svc/unban_group_member", groups.unban_members,
        UnbanGroupMembers => Empty, rate: 200, retry: Safe, doc: "1047/50297", batch: member_accounts 20,
        edition: "Ultimate or Enterprise edition, with bans switched on in the console",
        errors: [10002, 10003, 10004, 10005, 10007];

    /// Lists the banned users of a group, page by page.
    LIST_BANNED_MEMBERS = "v4/group_open_http_svc/get_group_ban_member", groups.list_banned_members,
        ListBannedGroupMembers => ListBannedGroupMembersReply, rate: 200, retry: Safe, doc: "1047/50295",
        page: Page {
            next: &[("offset", Next::Reply("next_offset"))],
            size: Some(("limit", 100)),
            items: &["banned_accounts"],
            until: &[Done::Blank("next_offset")],
        },
        edition: "Ultimate or Enterprise edition, with bans switched on in the console",
        errors: [10002, 10003, 10004, 10005, 10007];

    /// Counts who is online in a live group; one page of 2024 says in a group of any type.
    ///
    /// The number is refreshed every 10 seconds, so more frequent calls tell nothing new.
    GET_ONLINE_MEMBER_COUNT = "v4/group_open_http_svc/get_online_member_num", groups.get_online_member_count,
        GetOnlineMemberCount => OnlineMemberCount, rate: 200, retry: Safe, doc: "1047/38521",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Counts who is online in a community. The number is refreshed every 4 minutes.
    // The stored page ends before its rate and codes: the rate, 10007, 10010 and 10015 are those of the call above.
    GET_COMMUNITY_ONLINE_MEMBER_COUNT = "v4/million_group_open_http_svc/get_online_member_num",
        groups.get_community_online_member_count,
        GetOnlineMemberCount => OnlineMemberCount, rate: 200, retry: Safe, doc: "1047/66883",
        errors: [10002, 10003, 10004, 10007, 10010, 10015];

    /// Reads all attributes of a group.
    GET_ATTRIBUTES = "v4/group_open_attr_http_svc/get_group_attr", groups.get_attributes,
        GetGroupAttributes => GetGroupAttributesReply, rate: 200, retry: Safe, doc: "1047/44187",
        errors: [10002, 10004, 10007, 10010, 10015];

    /// Changes the attributes that you name and leaves the rest. At most 5 changes a second in one group (10049).
    UPDATE_ATTRIBUTES = "v4/group_open_http_svc/modify_group_attr", groups.update_attributes,
        UpdateGroupAttributes => Empty, rate: 200, retry: Safe, doc: "1047/44188",
        errors: [10002, 10004, 10007, 10010, 10015, 10045, 10046, 10047, 10048, 10049];

    /// Replaces all attributes of a group. At most 5 changes a second in one group (10049).
    SET_ATTRIBUTES = "v4/group_open_http_svc/set_group_attr", groups.set_attributes,
        SetGroupAttributes => Empty, rate: 200, retry: Safe, doc: "1047/44190",
        errors: [10002, 10004, 10007, 10010, 10015, 10045, 10046, 10047, 10048, 10049];

    /// Deletes the attributes that you name. An attribute that is gone already answers 10050.
    ///
    /// At most 5 changes a second in one group (10049).
    DELETE_ATTRIBUTES = "v4/group_open_http_svc/delete_group_attr", groups.delete_attributes,
        DeleteGroupAttributes => Empty, rate: 200, retry: Safe, doc: "1047/59499",
        errors: [10002, 10004, 10007, 10010, 10015, 10045, 10049, 10050];

    /// Deletes all attributes of a group. Not for communities. At most 5 changes a second in one group (10049).
    CLEAR_ATTRIBUTES = "v4/group_open_http_svc/clear_group_attr", groups.clear_attributes,
        ClearGroupAttributes => Empty, rate: 200, retry: Safe, doc: "1047/44189",
        errors: [10002, 10004, 10007, 10010, 10015, 10045, 10046, 10047, 10048, 10049];

    /// Reads the counters of a group that you name, or all. Not for communities.
    GET_COUNTERS = "v4/group_open_http_svc/get_group_counter", groups.get_counters,
        GetGroupCounters => GetGroupCountersReply, rate: 200, retry: Safe, doc: "1047/53427",
        edition: "Ultimate edition",
        errors: [10002, 10004, 10007, 10010, 10015, 10059];

    /// Sets, increases or decreases up to 20 counters of a group. Not for communities.
    // `Increase` and `Decrease` count again in a retry; only `Set` would be safe.
    UPDATE_COUNTERS = "v4/group_open_http_svc/update_group_counter", groups.update_counters,
        UpdateGroupCounters => UpdateGroupCountersReply, rate: 200, retry: Never, doc: "1047/53428",
        batch: counters 20, edition: "Ultimate edition",
        errors: [10002, 10004, 10007, 10010, 10015, 10059, 10063];

    /// Deletes the counters of a group that you name, or all. Not for communities.
    DELETE_COUNTERS = "v4/group_open_http_svc/delete_group_counter", groups.delete_counters,
        DeleteGroupCounters => Empty, rate: 200, retry: Safe, doc: "1047/53429",
        edition: "Ultimate edition",
        errors: [10002, 10004, 10007, 10010, 10015, 10059];

    /// Imports a group from another system. Calls no webhook and notifies nobody. Not for live groups (10007).
    ///
    /// Without a `group_id` of your own, each call makes another group. With one, 10021 after a lost reply tells that
    /// the first attempt worked.
    IMPORT_GROUP = "v4/group_open_http_svc/import_group", groups.import_group,
        ImportGroup => ImportGroupReply, rate: 200, retry: AfterCheck, doc: "1047/34967",
        errors: [10002, 10003, 10004, 10007, 10021, 80001];

    /// Imports up to 100 members of a group. Calls no webhook and notifies nobody. Not for live groups (10007).
    ///
    /// The result of each comes back in `members`. Older pages of the vendor allow 300 members in one call.
    IMPORT_MEMBERS = "v4/group_open_http_svc/import_group_member", groups.import_members,
        ImportGroupMembers => ImportGroupMembersReply, rate: 200, retry: Safe, doc: "1047/34969",
        batch: members 100 each members,
        errors: [10002, 10003, 10004, 10005, 10006, 10007, 10010, 10015];
}
