//! Cloud search, a paid plug-in of the China and Singapore sites.

use super::groups::GroupType;
use crate::schema::{BigId, Done, Flag, Next, Page, open_enum, ops, shape};

open_enum! {
    /// Gender of the users to find.
    pub enum SearchGender {
        /// Female.
        Female = "Gender_Type_Female",
        /// Male.
        Male = "Gender_Type_Male",
    }
}

shape! {
    /// What users to find.
    pub struct SearchUsers {
        /// Words in the nickname, or an exact user id.
        keywords: Vec<String> = "Keywords",
        /// Whether all keywords must match. Defaults to false: any.
        keyword_match_type: Option<Flag> = "KeywordMatchType",
        /// Finds only users of this gender. Defaults to any.
        user_gender_type: Option<SearchGender> = "UserGenderType",
        /// Earliest birthday, as the app writes `Tag_Profile_IM_BirthDay`, such as 19900101.
        user_birth_start: Option<u32> = "UserBirthStart",
        /// Latest birthday, above `user_birth_start`.
        user_birth_end: Option<u32> = "UserBirthEnd",
        /// Users per page, at most 100.
        count: u32 = "Count" (range ..=100),
        /// Left out or empty at first, then the last reply's `cursor`.
        cursor: Option<String> = "Cursor",
    }
}

shape! {
    /// A profile field of a user found.
    pub struct FoundProfileField {
        /// Name of the field, such as `Tag_Profile_IM_Nick`.
        tag: String = "Tag",
        /// Value of a text field.
        str_value: Option<String> = "StrValue",
        /// Value of a number field. Unconfirmed.
        int_value: Option<i64> = "IntValue",
    }
}

shape! {
    /// A user found.
    pub struct FoundUser {
        /// User id.
        user_id: String = "UserID",
        /// Profile fields.
        profile_items: Vec<FoundProfileField> = "ProfileItems",
    }
}

shape! {
    /// A page of users found.
    pub struct SearchUsersReply {
        /// Whether this is the last page.
        is_finish: bool = "IsFinish",
        /// Number of all users found.
        total_count: u32 = "TotalCount",
        /// The users.
        users: Vec<FoundUser> = "Users",
        /// Position of the next page.
        cursor: String = "Cursor",
    }
}

shape! {
    /// What groups to find.
    pub struct SearchGroups {
        /// Words in the name, or an exact group id.
        keywords: Vec<String> = "Keywords",
        /// Whether all keywords must match. Defaults to false: any.
        keyword_match_type: Option<Flag> = "KeywordMatchType",
        /// Finds only groups of these types: `Private`, `Public`, `ChatRoom`, `Community`. Defaults to any.
        group_types: Option<Vec<GroupType>> = "GroupType",
        /// Groups per page, at most 100.
        count: u32 = "Count" (range ..=100),
        /// Left out or empty at first, then the last reply's `cursor`.
        cursor: Option<String> = "Cursor",
    }
}

shape! {
    /// A group found.
    pub struct FoundGroup {
        /// Type.
        group_type: GroupType = "GroupType",
        /// Its id.
        group_id: String = "GroupID",
        /// Name.
        group_name: String = "GroupName",
        /// Number of members.
        member_num: u32 = "GroupMemberNum",
        /// Address of the picture.
        face_url: String = "GroupFaceUrl",
        /// Introduction.
        introduction: String = "GroupIntroduction",
        /// User id of the owner.
        owner_user_id: String = "GroupOwnerUserID",
        /// Internal id of the owner.
        owner_tiny_id: BigId = "GroupOwnerTinyID",
        /// Nickname of the owner.
        owner_user_name: String = "GroupOwnerUserName",
    }
}

shape! {
    /// A page of groups found.
    pub struct SearchGroupsReply {
        /// Whether this is the last page.
        is_finish: bool = "IsFinish",
        /// Number of all groups found.
        total_count: u32 = "TotalCount",
        /// The groups.
        groups: Vec<FoundGroup> = "Groups",
        /// Position of the next page.
        cursor: String = "Cursor",
    }
}

shape! {
    /// What group members to find.
    pub struct SearchGroupMembers {
        /// Words in the name card or the nickname, or an exact user id.
        keywords: Vec<String> = "Keywords",
        /// Whether all keywords must match. Defaults to false: any.
        keyword_match_type: Option<Flag> = "KeywordMatchType",
        /// Looks only into groups of these types. Defaults to any.
        group_types: Option<Vec<GroupType>> = "GroupType",
        /// Looks only into these groups. Defaults to any.
        group_ids: Option<Vec<String>> = "GroupIdList",
        /// Members per page, at most 100.
        count: u32 = "Count" (range ..=100),
        /// Left out or empty at first, then the last reply's `cursor`.
        cursor: Option<String> = "Cursor",
    }
}

shape! {
    /// A group member found.
    pub struct FoundGroupMember {
        /// Type of the group.
        group_type: GroupType = "GroupType",
        /// The group.
        group_id: String = "GroupID",
        /// Name of the group.
        group_name: String = "GroupName",
        /// User id of the member.
        user_id: String = "GroupMemberUserID",
        /// Internal id of the member.
        tiny_id: BigId = "GroupMemberTinyID",
        /// Nickname.
        user_name: String = "GroupMemberUserName",
        /// Name card in the group.
        name_card: String = "GroupMemberNameCard",
    }
}

shape! {
    /// A page of group members found.
    pub struct SearchGroupMembersReply {
        /// Whether this is the last page.
        is_finish: bool = "IsFinish",
        /// Number of all members found.
        total_count: u32 = "TotalCount",
        /// The members.
        members: Vec<FoundGroupMember> = "GroupMembers",
        /// Position of the next page.
        cursor: String = "Cursor",
    }
}

ops! {
    /// Finds users by nickname, gender and birthday, or by exact user id.
    USERS = "v4/user_search/search", search.users,
        SearchUsers => SearchUsersReply, rate: 2, retry: Safe, doc: "269/114547",
        page: Page {
            next: &[("cursor", Next::Reply("cursor"))],
            size: Some(("count", 100)),
            items: &["users"],
            until: &[Done::Set("is_finish")],
        },
        edition: "Cloud search plug-in with user search switched on, China and Singapore sites only",
        errors: [60020];

    /// Finds groups by name or exact group id.
    GROUPS = "v4/group_search/search", search.groups,
        SearchGroups => SearchGroupsReply, rate: 2, retry: Safe, doc: "269/114549",
        page: Page {
            next: &[("cursor", Next::Reply("cursor"))],
            size: Some(("count", 100)),
            items: &["groups"],
            until: &[Done::Set("is_finish")],
        },
        edition: "Cloud search plug-in, China and Singapore sites only";

    /// Finds group members by name card, nickname or exact user id.
    GROUP_MEMBERS = "v4/group_member_search/search", search.group_members,
        SearchGroupMembers => SearchGroupMembersReply, rate: 2, retry: Safe, doc: "269/114548",
        page: Page {
            next: &[("cursor", Next::Reply("cursor"))],
            size: Some(("count", 100)),
            items: &["members"],
            until: &[Done::Set("is_finish")],
        },
        edition: "Cloud search plug-in, China and Singapore sites only";
}
