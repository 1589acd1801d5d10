//! Friends and blocked users.

use crate::api::friends::{AddFriend, AddFriendType};
use crate::schema::{Flag, open_enum, shape};
use crate::webhook::dsl::webhooks;
use crate::webhook::{Asked, Codes};

/// The app's own codes, for each account.
const CODES: Codes = Codes { first: 38_000, last: 39_000 };

shape! {
    /// A friend request that is about to be made.
    pub struct BeforeFriendAdd {
        /// Who sent the request.
        requester_account: String = "Requester_Account",
        /// User who wants the friends.
        from_account: String = "From_Account",
        /// The wanted friends.
        friends: Vec<AddFriend> = "FriendItem",
        /// One list or both.
        add_type: AddFriendType = "AddType",
        /// Whether the friends are added without their confirmation.
        force_add_flags: Flag = "ForceAddFlags",
    }
}

open_enum! {
    /// An answer to a friend request.
    pub enum FriendResponseAction {
        /// Accepts, and adds the other user, too.
        AgreeAndAdd = "Response_Action_AgreeAndAdd",
        /// Accepts.
        Agree = "Response_Action_Agree",
        /// Declines.
        Reject = "Response_Action_Reject",
    }
}

shape! {
    /// An answer to one friend request.
    pub struct FriendResponse {
        /// User who had asked.
        to_account: String = "To_Account",
        /// Note about the friend.
        remark: Option<String> = "Remark",
        /// Friend group.
        tag_name: Option<String> = "TagName",
        /// The answer.
        response_action: FriendResponseAction = "ResponseAction",
    }
}

shape! {
    /// Answers to friend requests that are about to be given.
    pub struct BeforeFriendResponse {
        /// Who sent the answers.
        requester_account: String = "Requester_Account",
        /// User who answers.
        from_account: String = "From_Account",
        /// The answers.
        friends: Vec<FriendResponse> = "ResponseFriendItem",
    }
}

shape! {
    /// A friend that was added to a list.
    pub struct FriendPair {
        /// Owner of the list.
        from_account: String = "From_Account",
        /// The new friend.
        to_account: String = "To_Account",
        /// Who had asked.
        initiator_account: String = "Initiator_Account",
    }
}

shape! {
    /// Friends that were added.
    pub struct AfterFriendAdd {
        /// The new entries of friend lists.
        pairs: Vec<FriendPair> = "PairList",
        /// What caused it: `friend_add` or `FriendAdd` for a request, `friend_response` or `FriendResponse` for an answer.
        client_cmd: String = "ClientCmd",
        /// App admin, if a call added them. Otherwise empty.
        admin_account: String = "Admin_Account",
        /// Whether they were added without their confirmation.
        force_flag: Flag = "ForceFlag",
    }
}

shape! {
    /// One entry of a user's list.
    pub struct AccountPair {
        /// Owner of the list.
        from_account: String = "From_Account",
        /// The other user.
        to_account: String = "To_Account",
    }
}

shape! {
    /// Entries of users' lists that were added or removed.
    pub struct AccountPairs {
        /// The entries.
        pairs: Vec<AccountPair> = "PairList",
    }
}

webhooks! {
    /// Fires before a client adds friends. Not for calls.
    BEFORE_FRIEND_ADD = "Sns.CallbackPrevFriendAdd"
        (Before(EachAccount { asked: Asked { list: "FriendItem", account: "To_Account" }, codes: CODES }))
        => BeforeFriendAdd, doc: "1047/43468";

    /// Fires before a client answers friend requests. Not for calls.
    BEFORE_FRIEND_RESPONSE = "Sns.CallbackPrevFriendResponse"
        (Before(EachAccount { asked: Asked { list: "ResponseFriendItem", account: "To_Account" }, codes: CODES }))
        => BeforeFriendResponse, doc: "1047/43467";

    /// Fires when friends were added, by a client or by a call. Not for imports.
    AFTER_FRIEND_ADD = "Sns.CallbackFriendAdd" (After) => AfterFriendAdd, doc: "1047/34359";

    /// Fires when friends were deleted: `to_account` left the list of `from_account`.
    AFTER_FRIEND_DELETE = "Sns.CallbackFriendDelete" (After) => AccountPairs, doc: "1047/34360";

    /// Fires when users were blocked: `from_account` blocks `to_account`.
    AFTER_BLOCK = "Sns.CallbackBlackListAdd" (After) => AccountPairs, doc: "1047/34361";

    /// Fires when users were unblocked: `from_account` no longer blocks `to_account`.
    AFTER_UNBLOCK = "Sns.CallbackBlackListDelete" (After) => AccountPairs, doc: "1047/34362";
}
