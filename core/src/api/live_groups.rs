//! What only live groups (`AVChatRoom`) have. Everything else about them is in `groups` and `group_messages`.

use super::Empty;
use super::elements::MsgElement;
use crate::schema::{BigId, Done, JsonText, Next, Page, UnixSeconds, UserId, ops, shape};

shape! {
    /// A page of the online members of a live group.
    pub struct ListOnlineMembers {
        /// Id of the live group.
        group_id: String = "GroupId",
        /// Position: 0 at first, then `next_timestamp` of the last reply.
        timestamp: BigId = "Timestamp",
        /// Lists only members with this mark. In a sample of the documentation, but not in its table of fields.
        mark: Option<u32> = "Mark",
    }
}

shape! {
    /// An online member of a live group.
    pub struct LiveMember {
        /// User id.
        member_account: String = "Member_Account",
        /// Time of joining.
        join_time: Option<UnixSeconds> = "JoinTime",
        /// Nickname.
        nick_name: Option<String> = "NickName",
        /// URL of the profile photo.
        avatar: Option<String> = "Avatar",
    }
}

shape! {
    /// A page of the online members of a live group.
    pub struct ListOnlineMembersReply {
        /// At most 500 members.
        members: Vec<LiveMember> = "MemberList",
        /// Position of the next page; 0 at the end.
        next_timestamp: BigId = "NextTimestamp",
    }
}

shape! {
    /// Users to look for in a live group.
    pub struct CheckLiveMembers {
        /// Id of the live group.
        group_id: String = "GroupId",
        /// User ids. The vendor states no maximum.
        member_accounts: Vec<UserId> = "Member_Account",
    }
}

shape! {
    /// Users who are in a live group.
    pub struct CheckLiveMembersReply {
        /// User ids of those asked for who are in the group.
        member_accounts: Vec<String> = "Member_Account",
    }
}

shape! {
    /// Marks of one member.
    pub struct MarkedMember {
        /// User id.
        member_account: UserId = "Member_Account",
        /// Marks of your own, from 1000 up, or those of the service: 500 counts the member as online for up to 3 days, 600
        /// hides the member from lists that do not ask for this mark.
        marks: Vec<u32> = "Marks",
    }
}

shape! {
    /// Members of a live group to mark.
    pub struct MarkLiveMembers {
        /// Id of the live group.
        group_id: String = "GroupId",
        /// 1 sets the marks, 2 removes them.
        command_type: u32 = "CommandType" (values [1, 2]),
        /// 1 to 500 members. A group has at most 10 marks, a mark at most 1000 members.
        members: Vec<MarkedMember> = "MemberList" (items 1..=500),
    }
}

shape! {
    /// Members of a live group who were marked.
    pub struct MarkLiveMembersReply {
        /// As in the request. Seen in a sample only.
        command_type: Option<u32> = "CommandType",
        /// The members who were changed; those who are offline are left out.
        members: Vec<MarkedMember> = "MemberList",
    }
}

shape! {
    /// A live group whose admins to list.
    pub struct ListLiveAdmins {
        /// Id of the live group.
        group_id: String = "GroupId",
    }
}

shape! {
    /// An admin of a live group.
    pub struct LiveAdmin {
        /// User id.
        admin_account: String = "Admin_Account",
        /// Nickname.
        nick_name: Option<String> = "NickName",
        /// URL of the profile photo.
        avatar: Option<String> = "Avatar",
    }
}

shape! {
    /// Admins of a live group.
    pub struct ListLiveAdminsReply {
        /// The admins. The name of the list is known from SDKs.
        admins: Vec<LiveAdmin> = "Admin_List",
    }
}

shape! {
    /// Users to make admins of a live group, or ordinary members.
    pub struct UpdateLiveAdmins {
        /// Id of the live group.
        group_id: String = "GroupId",
        /// 1 makes admins, 2 ordinary members.
        command_type: u32 = "CommandType" (values [1, 2]),
        /// User ids. A group has at most 5 admins.
        admin_accounts: Vec<UserId> = "Admin_Account",
    }
}

shape! {
    /// Accounts to add to the online members of a live group.
    pub struct AddLiveRobots {
        /// Id of the live group. Unconfirmed.
        group_id: String = "GroupId",
        /// User ids of the accounts. Unconfirmed.
        member_accounts: Vec<UserId> = "Member_Account",
    }
}

shape! {
    /// Accounts to remove from the online members of a live group.
    pub struct RemoveLiveRobots {
        /// Id of the live group.
        group_id: String = "GroupId",
        /// User ids of the accounts.
        member_accounts: Vec<UserId> = "Member_Account",
    }
}

shape! {
    /// A message to every live group of the app.
    pub struct BroadcastToLiveGroups {
        /// Sender, who must exist. Defaults to the calling admin.
        from_account: Option<UserId> = "From_Account",
        /// Random number by which the service recognizes a retry for 5 minutes. Drawn if left out.
        random: Option<u32> = "Random",
        /// The elements; together at most 12 KB.
        msg_body: Vec<MsgElement> = "MsgBody" (not_empty, size ..=12288),
        /// Data of the app, delivered with the message.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}

shape! {
    /// A message that was sent to every live group.
    pub struct BroadcastToLiveGroupsReply {
        /// Sequence number of the message.
        msg_seq: u32 = "MsgSeq",
    }
}

ops! {
    /// Lists who is online in a live group, at most 500 members a page, or only those with a mark.
    ///
    /// The list is refreshed every 10 seconds and holds the newest 1000 members; without the edition, or the switch in the
    /// console, the newest 30. Newer pages offer it for communities too.
    LIST_ONLINE_MEMBERS = "v4/group_open_avchatroom_http_svc/get_members", live_groups.list_online_members,
        ListOnlineMembers => ListOnlineMembersReply, rate: 200, retry: Safe, doc: "1047/50293",
        page: Page {
            next: &[("timestamp", Next::Reply("next_timestamp"))],
            size: None,
            items: &["members"],
            until: &[Done::Blank("next_timestamp")],
        },
        edition: "Ultimate edition (international: Pro, Pro Plus or Enterprise), with the list of online live group members switched on in the console",
        errors: [10001, 10002, 10003, 10004, 10007, 10010, 10015];

    /// Tells which of the users you name are in a live group, those beyond the newest 1000 members included.
    ///
    /// The answer is refreshed every 40 seconds.
    // The stored page ends before its codes: they are those of the call above.
    CHECK_MEMBERS = "v4/group_open_avchatroom_http_svc/check_members", live_groups.check_members,
        CheckLiveMembers => CheckLiveMembersReply, rate: 200, retry: Safe, doc: "1047/60523",
        edition: "Ultimate edition (international: Pro, Pro Plus or Enterprise), with the list of online live group members switched on in the console",
        errors: [10001, 10002, 10003, 10004, 10007, 10010, 10015];

    /// Sets or removes marks of up to 500 members of a live group. The members changed come back in `members`.
    ///
    /// A member must be online, except for mark 500, and loses the marks on leaving or going offline. Fails if every user
    /// named is offline or unknown.
    // Not a batch: a part of the members fails where the whole would not.
    MARK_MEMBERS = "v4/group_open_avchatroom_http_svc/modify_user_info", live_groups.mark_members,
        MarkLiveMembers => MarkLiveMembersReply, rate: 200, retry: Safe, doc: "1047/50294",
        edition: "Ultimate edition, with the list of online live group members switched on in the console",
        errors: [10001, 10002, 10003, 10004, 10007, 10010, 10015];

    /// Lists all admins of a live group.
    // The stored page ends before its reply and codes: the codes are those of listing the members.
    LIST_ADMINS = "v4/group_open_avchatroom_http_svc/get_admin_list", live_groups.list_admins,
        ListLiveAdmins => ListLiveAdminsReply, rate: 200, retry: Safe, doc: "1047/60524",
        edition: "Ultimate edition (international: Pro, Pro Plus or Enterprise), with the list of online live group members switched on in the console",
        errors: [10001, 10002, 10003, 10004, 10007, 10010, 10015];

    /// Makes users admins of a live group, or ordinary members again.
    ///
    /// An admin can mute members, and speak while everyone is muted. The users need not be in the group, and stay admins
    /// when they leave and come back.
    // The stored page ends before its reply and codes: the codes are those of listing the members.
    UPDATE_ADMINS = "v4/group_open_avchatroom_http_svc/modify_admin", live_groups.update_admins,
        UpdateLiveAdmins => Empty, rate: 200, retry: Safe, doc: "1047/60525",
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with the list of online live group members switched on in the console",
        errors: [10001, 10002, 10003, 10004, 10007, 10010, 10015];

    /// Adds accounts to the online members of a live group: sets their mark 500.
    // Only path, title and limits of the page were seen: the fields and codes are those of the call below, the rate that of
    // the others here. That a retry changes nothing is inferred.
    ADD_ROBOTS = "v4/group_open_avchatroom_http_svc/add_robots", live_groups.add_robots,
        AddLiveRobots => Empty, rate: 200, retry: Safe, doc: "1047/60527",
        edition: "International: Pro, Pro Plus or Enterprise edition, with the list of online live group members switched on in the console",
        errors: [10001, 10002, 10003, 10004, 10007, 10010, 10015];

    /// Removes accounts from the online members of a live group: takes away their mark 500.
    // The stored page ends before its codes: they are those of setting marks.
    REMOVE_ROBOTS = "v4/group_open_avchatroom_http_svc/del_robots", live_groups.remove_robots,
        RemoveLiveRobots => Empty, rate: 200, retry: Safe, doc: "1047/60526",
        edition: "Ultimate or Enterprise edition (international: Pro, Pro Plus or Enterprise), with the list of online live group members switched on in the console",
        errors: [10001, 10002, 10003, 10004, 10007, 10010, 10015];

    /// Sends one message to every live group of the app.
    ///
    /// Takes one call a second: put several elements into one message. Clients need SDK 6.5.2803 (enhanced) or web SDK
    /// 2.21.0.
    BROADCAST = "v4/group_open_http_svc/send_broadcast_msg", live_groups.broadcast,
        BroadcastToLiveGroups => BroadcastToLiveGroupsReply, rate: 1, retry: SameRandom within 300 draws (random),
        doc: "1047/49440",
        edition: "Ultimate edition, with broadcasts to live groups switched on in the console",
        errors: [10002, 10003, 10004, 10007, 10023];
}
