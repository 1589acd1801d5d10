//! Groups and their members.

use std::collections::BTreeMap;

use crate::api::groups::{AppDefinedData, GroupAttribute, GroupRole, GroupType};
use crate::schema::{open_enum, shape};
use crate::webhook::dsl::webhooks;
use crate::webhook::{Asked, Codes};

/// The app's own codes. They reach the caller.
pub(super) const DENY_CODES: Codes = Codes { first: 10_100, last: 10_200 };

shape! {
    /// A member in an event.
    pub struct EventMember {
        /// User id of the member.
        member_account: String = "Member_Account",
    }
}

shape! {
    /// A group that is about to be created.
    pub struct GroupBeforeCreate {
        /// Who asks.
        operator_account: String = "Operator_Account",
        /// Future owner.
        owner_account: String = "Owner_Account",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// Name.
        name: String = "Name",
        /// Groups of this type that the user has created so far.
        create_group_num: u32 = "CreateGroupNum",
        /// Groups that the user has created so far, by type. Unconfirmed.
        created_group_num: Option<BTreeMap<String, u32>> = "CreatedGroupNum",
        /// How invitations will be treated. Unconfirmed.
        invite_option: Option<String> = "InviteOption",
        /// First members.
        members: Vec<EventMember> = "MemberList",
    }
}

shape! {
    /// A group that was created.
    pub struct GroupAfterCreate {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Who created it.
        operator_account: String = "Operator_Account",
        /// Owner.
        owner_account: String = "Owner_Account",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// Name.
        name: String = "Name",
        /// First members.
        members: Vec<EventMember> = "MemberList",
        /// Custom fields, where the app has them switched on.
        user_defined_data: Option<Vec<AppDefinedData>> = "UserDefinedDataList",
    }
}

shape! {
    /// A user who asks to join a group.
    pub struct GroupBeforeApplyJoin {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// The user.
        requestor_account: String = "Requestor_Account",
    }
}

shape! {
    /// Users who are about to be added to a group.
    pub struct GroupBeforeInviteJoin {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// Who invites.
        operator_account: String = "Operator_Account",
        /// The users.
        destination_members: Vec<EventMember> = "DestinationMembers",
    }
}

open_enum! {
    /// How members joined a group.
    pub enum JoinType {
        /// They asked to join.
        Apply = "Apply",
        /// They were invited.
        Invited = "Invited",
    }
}

shape! {
    /// Members who joined a group.
    pub struct GroupAfterMemberJoin {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// How they joined.
        join_type: JoinType = "JoinType",
        /// Who made the request.
        operator_account: String = "Operator_Account",
        /// The new members.
        members: Vec<EventMember> = "NewMemberList",
    }
}

open_enum! {
    /// How members left a group.
    pub enum ExitType {
        /// They were removed.
        Kicked = "Kicked",
        /// They left.
        Quit = "Quit",
    }
}

shape! {
    /// Members who left a group or were removed.
    pub struct GroupAfterMemberExit {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// How they left.
        exit_type: ExitType = "ExitType",
        /// Who did it: for `Quit` the member.
        operator_account: String = "Operator_Account",
        /// The members who are gone.
        members: Vec<EventMember> = "ExitMemberList",
    }
}

shape! {
    /// A group that reached its maximum of members.
    pub struct GroupFull {
        /// Id of the group.
        group_id: String = "GroupId",
    }
}

shape! {
    /// A group that was dissolved.
    pub struct GroupAfterDestroyed {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// Owner.
        owner_account: String = "Owner_Account",
        /// Name.
        name: String = "Name",
        /// Members at the end.
        members: Vec<EventMember> = "MemberList",
    }
}

shape! {
    /// A change of a group. Only the fields that changed are present.
    pub struct GroupAfterInfoChanged {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
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
        /// Changed custom fields.
        user_defined_data: Option<Vec<AppDefinedData>> = "UserDefinedDataList",
    }
}

shape! {
    /// A change of a member.
    pub struct GroupAfterMemberFieldChanged {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// Who changed it.
        operator_account: String = "Operator_Account",
        /// The member.
        member_account: String = "Member_Account" | "Modified_Account",
        /// New role.
        role: Option<GroupRole> = "Role",
        /// New name card.
        name_card: Option<String> = "NameCard",
    }
}

open_enum! {
    /// How attributes of a group were changed.
    pub enum AttributeChange {
        /// All were replaced.
        Set = "set",
        /// Some were changed.
        Modify = "modify",
        /// All were removed.
        Clear = "clear",
        /// Some were removed.
        Delete = "delete",
    }
}

shape! {
    /// A change of a group's attributes.
    pub struct GroupAfterAttrChanged {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// Who changed them.
        operator_account: String = "Operator_Account",
        /// How they were changed.
        option_type: AttributeChange = "OptionType",
        /// The attributes.
        attributes: Vec<GroupAttribute> = "GroupAttr",
    }
}

shape! {
    /// A change of a group's owner.
    pub struct GroupAfterChangeOwner {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group.
        r#type: GroupType = "Type",
        /// Who did it.
        operator_account: String = "Operator_Account",
        /// Former owner.
        old_owner_account: String = "OldOwner_Account",
        /// New owner.
        new_owner_account: String = "NewOwner_Account",
    }
}

open_enum! {
    /// What happened to members of a live group.
    pub enum MemberStateChange {
        /// They had no network for more than 20 seconds. With several devices, the last one.
        Offline = "Offline",
        /// They came back.
        Online = "Online",
    }
}

shape! {
    /// Members of a live group who dropped out or came back.
    pub struct GroupMemberState {
        /// Id of the group.
        group_id: String = "GroupId",
        /// Type of the group: `AVChatRoom`.
        r#type: Option<GroupType> = "Type",
        /// What happened.
        event_type: MemberStateChange = "EventType",
        /// The members.
        members: Vec<EventMember> = "MemberList",
    }
}

webhooks! {
    /// Fires before a group is created.
    BEFORE_CREATE_GROUP = "Group.CallbackBeforeCreateGroup" (Before(Deny { codes: DENY_CODES })) => GroupBeforeCreate,
        doc: "1047/34355";

    /// Fires when a group was created.
    AFTER_CREATE_GROUP = "Group.CallbackAfterCreateGroup" (After) => GroupAfterCreate, doc: "1047/34355";

    /// Fires before a user joins, or before an admin is asked to approve. An answer that allows it does not replace the
    /// approval.
    BEFORE_APPLY_JOIN_GROUP = "Group.CallbackBeforeApplyJoinGroup" (Before(Deny { codes: DENY_CODES }))
        => GroupBeforeApplyJoin, doc: "1047/34355";

    /// Fires before users are added to a group, by a client or by a call.
    BEFORE_INVITE_JOIN_GROUP = "Group.CallbackBeforeInviteJoinGroup"
        (Before(Accounts {
            asked: Asked { list: "DestinationMembers", account: "Member_Account" },
            refused: "RefusedMembers_Account",
            codes: Some(DENY_CODES),
        }))
        => GroupBeforeInviteJoin, doc: "1047/34355";

    /// Fires when members joined a group.
    AFTER_NEW_MEMBER_JOIN = "Group.CallbackAfterNewMemberJoin" (After) => GroupAfterMemberJoin, doc: "1047/34372";

    /// Fires when members left a group or were removed.
    AFTER_MEMBER_EXIT = "Group.CallbackAfterMemberExit" (After) => GroupAfterMemberExit, doc: "1047/34355";

    /// Fires when the last free place of a group was taken.
    AFTER_GROUP_FULL = "Group.CallbackAfterGroupFull" (After) => GroupFull, doc: "1047/34355";

    /// Fires when a group was dissolved.
    AFTER_GROUP_DESTROYED = "Group.CallbackAfterGroupDestroyed" (After) => GroupAfterDestroyed, doc: "1047/34355";

    /// Fires when a group's name, introduction, announcement or picture was changed.
    AFTER_GROUP_INFO_CHANGED = "Group.CallbackAfterGroupInfoChanged" (After) => GroupAfterInfoChanged,
        doc: "1047/34378";

    /// Fires when a member's role or name card was changed.
    AFTER_MEMBER_FIELD_CHANGED = "Group.CallbackAfterMemberFieldChanged" (After) => GroupAfterMemberFieldChanged,
        doc: "1047/60393";

    /// Fires when attributes of a group were changed.
    AFTER_GROUP_ATTR_CHANGED = "Group.CallbackAfterGroupAttrChanged" (After) => GroupAfterAttrChanged,
        doc: "1047/60394";

    /// Fires when a group has a new owner.
    AFTER_CHANGE_GROUP_OWNER = "Group.CallbackAfterChangeGroupOwner" (After) => GroupAfterChangeOwner,
        doc: "1047/60396";

    /// Fires when a member of a live group dropped out or came back.
    ON_MEMBER_STATE_CHANGE = "Group.CallbackOnMemberStateChange" (After) => GroupMemberState,
        doc: "1047/48734", edition: "the ultimate edition, with the list of online members switched on";
}
