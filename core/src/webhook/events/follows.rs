//! Who follows whom.

use crate::api::follows::FollowItem;
use crate::schema::shape;
use crate::webhook::dsl::webhooks;

shape! {
    /// Users that someone followed.
    pub struct AfterFollow {
        /// The follower.
        from_account: String = "From_Account",
        /// The users now followed.
        users: Vec<FollowItem> = "FollowList",
    }
}

shape! {
    /// Users that someone stopped following.
    pub struct AfterUnfollow {
        /// The former follower.
        from_account: String = "From_Account",
        /// The users no longer followed.
        to_accounts: Vec<String> = "To_Account",
    }
}

webhooks! {
    /// Fires when a user followed others.
    AFTER_FOLLOW = "Follow.CallbackAfterFollowAdd" (After) => AfterFollow, doc: "1047/70355";

    /// Fires when a user stopped following others.
    AFTER_UNFOLLOW = "Follow.CallbackAfterFollowDelete" (After) => AfterUnfollow, doc: "1047/70356";
}
