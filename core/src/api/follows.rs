//! Who follows whom.

use super::friends::AccountResult;
use super::profiles::ProfileField;
use crate::schema::{Done, ItemCode, Next, Page, UnixSeconds, UserId, ops, shape};

shape! {
    /// A user to follow.
    pub struct FollowItem {
        /// The user.
        to_account: UserId = "To_Account",
    }
}

shape! {
    /// Users to follow.
    pub struct FollowUsers {
        /// The follower.
        from_account: UserId = "From_Account",
        /// 1 to 20 users to follow.
        users: Vec<FollowItem> = "FollowItem" (items 1..=20),
    }
}

shape! {
    /// Users to stop following.
    pub struct UnfollowUsers {
        /// The follower.
        from_account: UserId = "From_Account",
        /// 1 to 20 users.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=20),
    }
}

shape! {
    /// What became of each follow. A success may still hold failures: look at each `result_code`.
    pub struct FollowResultsReply {
        /// One result for each user.
        results: Vec<AccountResult> = "ResultItem",
    }
}

shape! {
    /// A page of one user's followers or followed users.
    pub struct ListFollows {
        /// The user.
        from_account: UserId = "From_Account",
        /// 1 lists followers, 2 lists followed users, 3 lists mutual follows.
        follow_type: u32 = "FollowType" (values [1, 2, 3]),
        /// Empty at first, then the last reply's `next_cursor`.
        start_cursor: String = "StartCursor",
        /// Users per page, at most 1000. Defaults to 100.
        want_num: Option<u32> = "WantNum" (range 1..=1000),
    }
}

shape! {
    /// A follower or a followed user.
    pub struct Follow {
        /// The user.
        to_account: String = "To_Account",
        /// Unix time at which the follow began, in seconds.
        follow_time: UnixSeconds = "FollowTime",
        /// Profile fields of the user.
        profile_items: Option<Vec<ProfileField>> = "ProfileItem",
    }
}

shape! {
    /// A page of followers or followed users.
    pub struct ListFollowsReply {
        /// The users.
        follows: Vec<Follow> = "FollowItem",
        /// Position of the next page, empty on the last one.
        next_cursor: String = "NextCursor",
    }
}

shape! {
    /// Users whose relation to one user to check.
    pub struct CheckFollows {
        /// The one user.
        from_account: UserId = "From_Account",
        /// 1 to 100 users to check.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=100),
    }
}

shape! {
    /// Who follows whom.
    pub struct FollowCheckResult {
        /// The user checked.
        to_account: String = "To_Account",
        /// 0 for success, else an error code.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
        /// 0: neither follows the other; 1: `to_account` follows `from_account`; 2: the other way; 3: mutual.
        follow_type: u32 = "FollowType",
    }
}

shape! {
    /// The relation to each user.
    pub struct CheckFollowsReply {
        /// One result for each user.
        results: Vec<FollowCheckResult> = "ResultItem",
    }
}

shape! {
    /// Users whose follows to count.
    pub struct GetFollowCounts {
        /// User on whose behalf to count.
        from_account: UserId = "From_Account",
        /// 1 to 20 users to count for.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=20),
    }
}

shape! {
    /// The follows of one user, counted.
    pub struct FollowCounts {
        /// The user.
        to_account: String = "To_Account",
        /// 0 for success, else an error code.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
        /// Users that this one follows.
        following_count: u32 = "FollowingCount",
        /// Followers.
        follower_count: u32 = "FollowerCount",
        /// Mutual follows.
        mutual_following_count: u32 = "MutualFollowingCount",
    }
}

shape! {
    /// The follows of each user, counted.
    pub struct GetFollowCountsReply {
        /// One entry for each user.
        results: Vec<FollowCounts> = "FollowInfo",
    }
}

ops! {
    /// Makes a user follow up to 20 others. Each result comes back in `results`.
    // What following a user again answers is not documented; `check` tells.
    ADD = "v4/follow/follow_add", follows.add,
        FollowUsers => FollowResultsReply, rate: 200, retry: AfterCheck, doc: "1047/70345",
        batch: users 20 each results, edition: "Pro, Pro Plus or Enterprise edition, with follows switched on";

    /// Makes a user stop following up to 20 others. Each result comes back in `results`.
    // What unfollowing a user again answers is not documented; `check` tells.
    REMOVE = "v4/follow/follow_delete", follows.remove,
        UnfollowUsers => FollowResultsReply, rate: 200, retry: AfterCheck, doc: "1047/70346",
        batch: to_accounts 20 each results, edition: "Pro, Pro Plus or Enterprise edition, with follows switched on";

    /// Lists a user's followers, followed users or mutual follows, page by page.
    LIST = "v4/follow/follow_get", follows.list,
        ListFollows => ListFollowsReply, rate: 200, retry: Safe, doc: "1047/70347",
        page: Page {
            next: &[("start_cursor", Next::Reply("next_cursor"))],
            size: Some(("want_num", 1000)),
            items: &["follows"],
            until: &[Done::Blank("next_cursor")],
        },
        edition: "Pro, Pro Plus or Enterprise edition, with follows switched on";

    /// Checks which of up to 100 users follow one user, or are followed by it.
    CHECK = "v4/follow/follow_check", follows.check,
        CheckFollows => CheckFollowsReply, rate: 200, retry: Safe, doc: "1047/70349",
        batch: to_accounts 100 each results, edition: "Pro, Pro Plus or Enterprise edition, with follows switched on";

    /// Counts followers, followed users and mutual follows of up to 20 users.
    GET_COUNTS = "v4/follow/follow_get_info", follows.get_counts,
        GetFollowCounts => GetFollowCountsReply, rate: 200, retry: Safe, doc: "1047/70350",
        batch: to_accounts 20 each results, edition: "Pro, Pro Plus or Enterprise edition, with follows switched on";
}
