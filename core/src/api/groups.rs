//! Groups: creating them, their messages, their counters.

use crate::schema::{Flag, UserId, open_enum, ops, shape};

open_enum! {
    /// Type of a group, by its name on the wire: Work groups are `Private`, Meeting groups `ChatRoom`.
    pub enum GroupType {
        /// Anybody may ask to join.
        Public = "Public",
        /// Members invite; now called Work.
        Private = "Private",
        /// Join and leave at will; now called Meeting.
        ChatRoom = "ChatRoom",
        /// Live group: no limit of members, no history.
        AVChatRoom = "AVChatRoom",
        /// Community: up to 100,000 members, topics.
        Community = "Community",
    }
}

open_enum! {
    /// How requests to join are treated.
    pub enum ApplyJoinOption {
        /// Anybody joins.
        FreeAccess = "FreeAccess",
        /// An admin must agree.
        NeedPermission = "NeedPermission",
        /// Nobody joins.
        DisableApply = "DisableApply",
    }
}

open_enum! {
    /// How invitations are treated.
    pub enum InviteJoinOption {
        /// Anybody invited joins.
        FreeAccess = "FreeAccess",
        /// An admin must agree.
        NeedPermission = "NeedPermission",
        /// Nobody is invited.
        DisableInvite = "DisableInvite",
    }
}

shape! {
    /// A custom field of a group or a member; its key must first be set up in the console.
    pub struct AppDefinedData {
        /// Key, at most 16 bytes.
        key: String = "Key" (bytes 1..=16),
        /// Value, at most 512 bytes; empty removes the field in a change.
        value: String = "Value" (bytes ..=512),
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

shape! {
    /// A first member of a group.
    pub struct CreateGroupMember {
        /// The member.
        member_account: UserId = "Member_Account",
        /// `Admin` for an admin; an ordinary member where none is given.
        role: Option<GroupRole> = "Role",
        /// Custom fields of the member.
        app_member_defined_data: Option<Vec<AppDefinedData>> = "AppMemberDefinedData",
    }
}

shape! {
    /// A group to create.
    pub struct CreateGroup {
        /// Type.
        r#type: GroupType = "Type",
        /// Name, at most 100 bytes (30 at older versions of the service).
        name: String = "Name" (bytes 1..=100),
        /// Owner, an imported account, who joins at once; without one the group has no owner.
        owner_account: Option<UserId> = "Owner_Account",
        /// Id of your own choice, at most 48 bytes. With one, a repeat answers 10025 or 10021 instead of making another group.
        group_id: Option<String> = "GroupId" (bytes 1..=48),
        /// Introduction, at most 400 bytes (240 at older versions).
        introduction: Option<String> = "Introduction" (bytes ..=400),
        /// Announcement, at most 400 bytes (300 at older versions).
        notification: Option<String> = "Notification" (bytes ..=400),
        /// Address of the picture, at most 500 bytes (100 at older versions).
        face_url: Option<String> = "FaceUrl" (bytes ..=500),
        /// Most members; the plan's limit where none is given.
        max_member_count: Option<u32> = "MaxMemberCount",
        /// How requests to join are treated; `NeedPermission` where none is given.
        apply_join_option: Option<ApplyJoinOption> = "ApplyJoinOption",
        /// How invitations are treated.
        invite_join_option: Option<InviteJoinOption> = "InviteJoinOption",
        /// Makes a community with topics.
        support_topic: Option<Flag> = "SupportTopic",
        /// Custom fields of the group.
        app_defined_data: Option<Vec<AppDefinedData>> = "AppDefinedData",
        /// Up to 100 first members; not for `AVChatRoom`.
        members: Option<Vec<CreateGroupMember>> = "MemberList" (items ..=100),
    }
}

shape! {
    /// A group that was created.
    pub struct CreateGroupReply {
        /// Its id.
        group_id: String = "GroupId",
    }
}

open_enum! {
    /// How counters change.
    pub enum CounterMode {
        /// To the value.
        Set = "Set",
        /// Up by the value.
        Increase = "Increase",
        /// Down by the value.
        Decrease = "Decrease",
    }
}

shape! {
    /// A counter of a group.
    pub struct GroupCounter {
        /// Key, at most 128 bytes.
        key: String = "Key" (bytes 1..=128),
        /// Value, or the step.
        value: i64 = "Value",
    }
}

shape! {
    /// Counters to change.
    pub struct UpdateGroupCounter {
        /// The group.
        group_id: String = "GroupId",
        /// 1 to 20 counters.
        counters: Vec<GroupCounter> = "GroupCounter" (items 1..=20),
        /// How they change.
        mode: Option<CounterMode> = "Mode",
    }
}

shape! {
    /// Counters after a change.
    pub struct UpdateGroupCounterReply {
        /// Their new values.
        counters: Vec<GroupCounter> = "GroupCounter",
    }
}

ops! {
    /// Creates a group.
    ///
    /// Without a `group_id` of your own every call makes another group. With one, 10025 (already yours) after a lost
    /// answer tells that the first call worked.
    CREATE = "v4/group_open_http_svc/create_group", groups.create,
        CreateGroup => CreateGroupReply, rate: 200, retry: AfterCheck, doc: "1047/34895",
        errors: [
            10002, 10003, 10004, 10005, 10006, 10007, 10008, 10016, 10021, 10025, 10036, 10037, 10038, 10058, 80001
        ];

    /// Sets, raises or lowers up to 20 counters of a group. Needs the ultimate edition; not for communities.
    UPDATE_COUNTERS = "v4/group_open_http_svc/update_group_counter", groups.update_counters,
        UpdateGroupCounter => UpdateGroupCounterReply, rate: 200, retry: Never, doc: "1047/53428",
        errors: [10002, 10004, 10007, 10010, 10015, 10059, 10063];
}
