//! Friends of a user, and the friend groups that they are sorted into.
//!
//! Parallel changes to one user's friends can clash (30008): change many friends in one call.

use serde_json::Value;

use super::Empty;
use crate::schema::{Done, Flag, ItemCode, Next, Page, UnixSeconds, UserId, open_enum, ops, shape};

shape! {
    /// What became of one account.
    pub struct AccountResult {
        /// The account.
        to_account: String = "To_Account",
        /// 0 for success, else an error code.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
    }
}

shape! {
    /// What became of each account. A success may still hold failures: look at each `result_code`.
    pub struct AccountResultsReply {
        /// One result for each account.
        results: Vec<AccountResult> = "ResultItem",
        /// Accounts that failed. Absent if none did.
        fail_accounts: Option<Vec<String>> = "Fail_Account",
    }
}

shape! {
    /// A field of a friend or of a friend's profile.
    pub struct FriendField {
        /// Name of the field: `Tag_SNS_IM_Remark`, `Tag_SNS_IM_Group`, `Tag_SNS_IM_AddSource`, `Tag_SNS_IM_AddWording`,
        /// `Tag_SNS_IM_AddTime`, a custom one (`Tag_SNS_Custom_` and up to 8 letters), or a profile field.
        tag: String = "Tag",
        /// Value, as the field asks: text of at most 500 bytes, a number, or for `Tag_SNS_IM_Group` a list of texts.
        value: Value = "Value",
    }
}

open_enum! {
    /// Whether a friendship is made in one or both friend lists.
    pub enum AddFriendType {
        /// Only in the list of `from_account`.
        Single = "Add_Type_Single",
        /// In both lists.
        Both = "Add_Type_Both",
    }
}

open_enum! {
    /// Whether a friendship ends in one or both friend lists.
    pub enum DeleteFriendType {
        /// Only in the list of `from_account`.
        Single = "Delete_Type_Single",
        /// In both lists.
        Both = "Delete_Type_Both",
    }
}

open_enum! {
    /// Whether to look into one or both friend lists.
    pub enum CheckFriendType {
        /// Only into the list of `from_account`.
        Single = "CheckResult_Type_Single",
        /// Into both lists.
        Both = "CheckResult_Type_Both",
    }
}

open_enum! {
    /// Who has whom in the friend list.
    pub enum FriendRelation {
        /// Not a friend of `from_account`; after a check of both lists: neither has the other.
        NoRelation = "CheckResult_Type_NoRelation",
        /// A friend of `from_account`; after a check of both lists: only this way.
        AWithB = "CheckResult_Type_AWithB",
        /// Only the other account has `from_account` in its list.
        BWithA = "CheckResult_Type_BWithA",
        /// Both have each other.
        BothWay = "CheckResult_Type_BothWay",
    }
}

open_enum! {
    /// Whether to list the friends of each friend group.
    pub enum NeedFriend {
        /// Lists them.
        Yes = "Need_Friend_Type_Yes",
    }
}

shape! {
    /// A friend to add.
    pub struct AddFriend {
        /// The friend.
        to_account: UserId = "To_Account",
        /// Note about the friend, at most 96 bytes.
        remark: Option<String> = "Remark" (bytes ..=96),
        /// Friend group to put the friend into, at most 30 bytes.
        group_name: Option<String> = "GroupName" (bytes 1..=30),
        /// Where the friendship comes from: `AddSource_Type_` and up to 8 letters.
        add_source: String = "AddSource",
        /// Words of the friend request, at most 256 bytes.
        add_wording: Option<String> = "AddWording" (bytes ..=256),
    }
}

shape! {
    /// Friends to add to one user.
    pub struct AddFriends {
        /// User who gets the friends.
        from_account: UserId = "From_Account",
        /// The friends.
        friends: Vec<AddFriend> = "AddFriendItem",
        /// One list or both. Defaults to both.
        add_type: Option<AddFriendType> = "AddType",
        /// Adds the friends without their confirmation. Defaults to false.
        force_add_flags: Option<Flag> = "ForceAddFlags",
    }
}

shape! {
    /// A friend to import.
    pub struct ImportFriend {
        /// The friend.
        to_account: UserId = "To_Account",
        /// Note about the friend, at most 96 bytes.
        remark: Option<String> = "Remark" (bytes ..=96),
        /// Unix time of the note, in seconds.
        remark_time: Option<UnixSeconds> = "RemarkTime",
        /// At most 32 friend groups, each at most 30 bytes.
        group_names: Option<Vec<String>> = "GroupName" (items ..=32, item_bytes 1..=30),
        /// Where the friendship comes from: `AddSource_Type_` and up to 8 letters.
        add_source: String = "AddSource",
        /// Words of the friend request, at most 256 bytes.
        add_wording: Option<String> = "AddWording" (bytes ..=256),
        /// Unix time at which the friendship began, in seconds.
        add_time: Option<UnixSeconds> = "AddTime",
        /// Custom fields.
        custom_items: Option<Vec<FriendField>> = "CustomItem",
    }
}

shape! {
    /// Friends to import for one user.
    pub struct ImportFriends {
        /// User who gets the friends.
        from_account: UserId = "From_Account",
        /// The friends. Put all friends of the user into one call.
        friends: Vec<ImportFriend> = "AddFriendItem",
    }
}

shape! {
    /// New fields of one friend.
    pub struct UpdateFriend {
        /// The friend.
        to_account: UserId = "To_Account",
        /// Fields to set: `Tag_SNS_IM_Remark`, `Tag_SNS_IM_Group` and custom ones.
        fields: Vec<FriendField> = "SnsItem",
    }
}

shape! {
    /// Changes of one user's friends.
    pub struct UpdateFriends {
        /// Owner of the friend list.
        from_account: UserId = "From_Account",
        /// Friends to change.
        friends: Vec<UpdateFriend> = "UpdateItem",
    }
}

shape! {
    /// Friends to remove from one user.
    pub struct RemoveFriends {
        /// Owner of the friend list.
        from_account: UserId = "From_Account",
        /// 1 to 1000 friends.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=1000),
        /// One list or both. Defaults to the list of `from_account`.
        delete_type: Option<DeleteFriendType> = "DeleteType",
    }
}

shape! {
    /// What became of each friend to remove. A success may still hold failures: look at each `result_code`.
    pub struct RemoveFriendsReply {
        /// One result for each account.
        results: Vec<AccountResult> = "ResultItem",
    }
}

shape! {
    /// A user whose friends to remove, all of them.
    pub struct ClearFriends {
        /// Owner of the friend list.
        from_account: UserId = "From_Account",
        /// One list or both. Defaults to the list of `from_account`.
        delete_type: Option<DeleteFriendType> = "DeleteType",
    }
}

shape! {
    /// Friendships to check.
    pub struct CheckFriends {
        /// User whose friendships to check.
        from_account: UserId = "From_Account",
        /// 1 to 1000 accounts.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=1000),
        /// One list or both.
        check_type: CheckFriendType = "CheckType",
    }
}

shape! {
    /// Whether one account is a friend.
    pub struct FriendCheckResult {
        /// The account.
        to_account: String = "To_Account",
        /// The relation. Means nothing unless `result_code` is 0.
        relation: Option<FriendRelation> = "Relation",
        /// 0 for success, else an error code.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
    }
}

shape! {
    /// Whether each account is a friend.
    pub struct CheckFriendsReply {
        /// One result for each account.
        results: Vec<FriendCheckResult> = "InfoItem",
        /// Accounts that failed. Absent if none did.
        fail_accounts: Option<Vec<String>> = "Fail_Account",
    }
}

shape! {
    /// A page of a user's friend list.
    pub struct ListFriends {
        /// Owner of the friend list.
        from_account: UserId = "From_Account",
        /// Position of the page's first friend: 0, then the last reply's `next_start_index`.
        start_index: u32 = "StartIndex",
        /// `standard_sequence` of an earlier reply. While it is still current, the reply leaves standard fields out.
        standard_sequence: Option<u64> = "StandardSequence",
        /// `custom_sequence` of an earlier reply. While it is still current, the reply leaves custom fields out.
        custom_sequence: Option<u64> = "CustomSequence",
    }
}

shape! {
    /// A friend in a friend list.
    pub struct Friend {
        /// The friend.
        to_account: String = "To_Account",
        /// Fields of the friend, none of the profile.
        fields: Vec<FriendField> = "ValueItem",
    }
}

shape! {
    /// A page of a friend list. The service chooses its size.
    pub struct ListFriendsReply {
        /// The friends.
        friends: Vec<Friend> = "UserDataItem",
        /// Version of the standard fields.
        standard_sequence: u64 = "StandardSequence",
        /// Version of the custom fields.
        custom_sequence: u64 = "CustomSequence",
        /// Number of all friends.
        friend_num: u32 = "FriendNum",
        /// Not 0 on the last page.
        complete_flag: u32 = "CompleteFlag",
        /// Position of the next page.
        next_start_index: u32 = "NextStartIndex",
    }
}

shape! {
    /// Friends whose fields to get.
    pub struct GetFriends {
        /// Owner of the friend list.
        from_account: UserId = "From_Account",
        /// The friends. More than 100 may fail, since the reply gets too long.
        to_accounts: Vec<UserId> = "To_Account",
        /// Names of the fields to get, of friends (`Tag_SNS_…`) and of profiles (`Tag_Profile_…`).
        tags: Vec<String> = "TagList",
    }
}

shape! {
    /// The fields of one friend.
    pub struct FriendInfo {
        /// The friend.
        to_account: String = "To_Account",
        /// Fields that have a value. Absent if the account failed.
        fields: Option<Vec<FriendField>> = "SnsProfileItem",
        /// 0 for success, else an error code, such as 30001 for an account that is not a friend.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
    }
}

shape! {
    /// The fields of each friend. A success may still hold failures: look at each `result_code`.
    pub struct GetFriendsReply {
        /// One result for each friend.
        results: Vec<FriendInfo> = "InfoItem",
        /// Accounts that failed. Absent if none did.
        fail_accounts: Option<Vec<String>> = "Fail_Account",
    }
}

shape! {
    /// Friend groups to create for one user.
    pub struct CreateFriendGroups {
        /// Owner of the friend groups. A user has at most 32.
        from_account: UserId = "From_Account",
        /// Names of the new friend groups, each at most 30 bytes.
        group_names: Vec<String> = "GroupName" (item_bytes 1..=30),
        /// Friends to put into every new friend group.
        to_accounts: Option<Vec<UserId>> = "To_Account",
    }
}

shape! {
    /// What became of friend groups to create.
    pub struct CreateFriendGroupsReply {
        /// One result for each friend. Absent if `to_accounts` was left out.
        results: Option<Vec<AccountResult>> = "ResultItem",
        /// Accounts that failed. Absent if none did.
        fail_accounts: Option<Vec<String>> = "Fail_Account",
        /// Version of the list of friend groups.
        current_sequence: u64 = "CurrentSequence",
    }
}

shape! {
    /// Friend groups to delete.
    pub struct DeleteFriendGroups {
        /// Owner of the friend groups.
        from_account: UserId = "From_Account",
        /// Names of the friend groups.
        group_names: Vec<String> = "GroupName",
    }
}

shape! {
    /// The list of friend groups after a deletion.
    pub struct DeleteFriendGroupsReply {
        /// Version of the list of friend groups.
        current_sequence: u64 = "CurrentSequence",
    }
}

shape! {
    /// Friend groups to list.
    pub struct ListFriendGroups {
        /// Owner of the friend groups.
        from_account: UserId = "From_Account",
        /// `current_sequence` of an earlier reply, 0 at first. Ignored if `group_names` is given.
        last_sequence: u64 = "LastSequence",
        /// Lists the friends of each friend group too. Ignored if `group_names` is given.
        need_friend: Option<NeedFriend> = "NeedFriend",
        /// Friend groups to list. Defaults to all.
        group_names: Option<Vec<String>> = "GroupName",
    }
}

shape! {
    /// A friend group.
    pub struct FriendGroup {
        /// Its name.
        group_name: String = "GroupName",
        /// Number of friends in it.
        friend_number: u32 = "FriendNumber",
        /// The friends, if `need_friend` asked for them.
        to_accounts: Option<Vec<String>> = "To_Account",
    }
}

shape! {
    /// Friend groups of a user.
    pub struct ListFriendGroupsReply {
        /// The friend groups.
        groups: Vec<FriendGroup> = "ResultItem",
        /// Version of the list of friend groups.
        current_sequence: u64 = "CurrentSequence",
    }
}

ops! {
    /// Adds friends to a user. Each result comes back in `results`.
    ///
    /// 30539 means that the friend has to confirm first. A user has at most 3000 friends.
    // What adding a friend again answers is not documented, and one who has to confirm may be asked twice: `check`
    // tells.
    ADD = "v4/sns/friend_add", friends.add,
        AddFriends => AccountResultsReply, rate: 200, retry: AfterCheck, doc: "1047/34902",
        errors: [
            30001, 30002, 30003, 30004, 30005, 30006, 30007, 30008, 30009, 30010, 30011, 30012, 30014, 30515, 30516,
            30525, 30539, 30540
        ];

    /// Gets fields of friends, and of their profiles, that you name.
    GET = "v4/sns/friend_get_list", friends.get,
        GetFriends => GetFriendsReply, rate: 200, retry: Safe, doc: "1047/34910",
        batch: to_accounts 100 each results, errors: [30001, 30003, 30004, 30006, 30007];

    /// Lists all friends of a user, page by page.
    LIST = "v4/sns/friend_get", friends.list,
        ListFriends => ListFriendsReply, rate: 200, retry: Safe, doc: "1047/34908",
        page: Page {
            next: &[("start_index", Next::Reply("next_start_index"))],
            size: None,
            items: &["friends"],
            until: &[Done::Set("complete_flag")],
        },
        errors: [30001, 30003, 30004, 30006, 30007];

    /// Changes notes, friend groups and custom fields of a user's friends. Each result comes back in `results`.
    UPDATE = "v4/sns/friend_update", friends.update,
        UpdateFriends => AccountResultsReply, rate: 200, retry: Safe, doc: "1047/34904",
        errors: [30001, 30002, 30003, 30004, 30005, 30006, 30007, 30008, 30011];

    /// Removes up to 1000 friends from a user. Each result comes back in `results`.
    ///
    /// Removing an account that is not a friend answers 31704 for it and changes nothing.
    REMOVE = "v4/sns/friend_delete", friends.remove,
        RemoveFriends => RemoveFriendsReply, rate: 200, retry: Safe, doc: "1047/34905",
        batch: to_accounts 1000 each results,
        errors: [30001, 30002, 30003, 30004, 30006, 30007, 30008, 31704, 31707];

    /// Removes all friends of a user, with all fields kept about them.
    CLEAR = "v4/sns/friend_delete_all", friends.clear,
        ClearFriends => Empty, rate: 200, retry: Safe, doc: "1047/34906",
        errors: [30001, 30003, 30004, 30006, 30007, 30008];

    /// Checks whether up to 1000 accounts are friends of a user.
    CHECK = "v4/sns/friend_check", friends.check,
        CheckFriends => CheckFriendsReply, rate: 200, retry: Safe, doc: "1047/34907",
        batch: to_accounts 1000 each results, errors: [30001, 30003, 30004, 30006, 30007];

    /// Creates friend groups, with friends in them if you name some.
    // What creating a friend group again answers is not documented; `list_groups` tells.
    CREATE_GROUPS = "v4/sns/group_add", friends.create_groups,
        CreateFriendGroups => CreateFriendGroupsReply, rate: 200, retry: AfterCheck, doc: "1047/34950",
        errors: [30001, 30002, 30003, 30004, 30005, 30006, 30007, 30008, 30011, 32216];

    /// Deletes friend groups.
    // What deleting a friend group again answers is not documented; `list_groups` tells.
    DELETE_GROUPS = "v4/sns/group_delete", friends.delete_groups,
        DeleteFriendGroups => DeleteFriendGroupsReply, rate: 200, retry: AfterCheck, doc: "1047/34926",
        errors: [30001, 30003, 30004, 30006, 30007, 30008];

    /// Lists friend groups of a user: those you name, or all.
    LIST_GROUPS = "v4/sns/group_get", friends.list_groups,
        ListFriendGroups => ListFriendGroupsReply, rate: 200, retry: Safe, doc: "1047/40123",
        errors: [30001, 30003, 30004, 30006, 30007];

    /// Imports one-way friends of a user from another system, with times and notes. Each result comes back in
    /// `results`.
    // What importing a friend again does is not documented; `check` and `get` tell.
    IMPORT_FRIENDS = "v4/sns/friend_import", friends.import_friends,
        ImportFriends => AccountResultsReply, rate: 200, retry: AfterCheck, doc: "1047/34903",
        errors: [30001, 30002, 30003, 30004, 30005, 30006, 30007, 30008, 30010, 30011];
}
