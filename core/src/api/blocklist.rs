//! Whom a user blocks.

use super::friends::AccountResultsReply;
use crate::schema::{Done, ItemCode, Next, Page, UnixSeconds, UserId, open_enum, ops, shape};

open_enum! {
    /// Whether to look into one or both blocklists.
    pub enum CheckBlockType {
        /// Only into the blocklist of `from_account`.
        Single = "BlackCheckResult_Type_Single",
        /// Into both blocklists.
        Both = "BlackCheckResult_Type_Both",
    }
}

open_enum! {
    /// Who blocks whom.
    pub enum BlockRelation {
        /// Not blocked by `from_account`; after a check of both blocklists: neither blocks the other.
        No = "BlackCheckResult_Type_NO",
        /// Blocked by `from_account`; after a check of both blocklists: only this way.
        AWithB = "BlackCheckResult_Type_AWithB",
        /// Only the other account blocks `from_account`.
        BWithA = "BlackCheckResult_Type_BWithA",
        /// Both block each other.
        BothWay = "BlackCheckResult_Type_BothWay",
    }
}

shape! {
    /// Accounts to block.
    pub struct BlockAccounts {
        /// Owner of the blocklist. It holds at most 1000 accounts.
        from_account: UserId = "From_Account",
        /// 1 to 1000 accounts.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=1000),
    }
}

shape! {
    /// Accounts to unblock.
    pub struct UnblockAccounts {
        /// Owner of the blocklist.
        from_account: UserId = "From_Account",
        /// 1 to 1000 accounts.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=1000),
    }
}

shape! {
    /// A page of a user's blocklist.
    pub struct ListBlockedAccounts {
        /// Owner of the blocklist.
        from_account: UserId = "From_Account",
        /// Position of the page: 0, then the last reply's `start_index`.
        start_index: u32 = "StartIndex",
        /// Most accounts on the page.
        max_limited: u32 = "MaxLimited",
        /// `current_sequence` of an earlier reply, 0 at first.
        last_sequence: u64 = "LastSequence",
    }
}

shape! {
    /// A blocked account.
    pub struct BlockedAccount {
        /// The account.
        to_account: String = "To_Account",
        /// Unix time at which it was blocked, in seconds.
        add_black_time_stamp: UnixSeconds = "AddBlackTimeStamp",
    }
}

shape! {
    /// A page of blocked accounts.
    pub struct ListBlockedAccountsReply {
        /// The accounts.
        accounts: Vec<BlockedAccount> = "BlackListItem",
        /// Position of the next page, 0 on the last one.
        start_index: u32 = "StartIndex",
        /// Version of the blocklist.
        current_sequence: u64 = "CurruentSequence",
    }
}

shape! {
    /// Accounts to look for in blocklists.
    pub struct CheckBlockedAccounts {
        /// User whose blocklist to check.
        from_account: UserId = "From_Account",
        /// 1 to 1000 accounts.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=1000),
        /// One blocklist or both.
        check_type: CheckBlockType = "CheckType",
    }
}

shape! {
    /// Whether one account is blocked.
    pub struct BlockCheckResult {
        /// The account.
        to_account: String = "To_Account",
        /// The relation. Means nothing unless `result_code` is 0.
        relation: Option<BlockRelation> = "Relation",
        /// 0 for success, else an error code.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
    }
}

shape! {
    /// Whether each account is blocked.
    pub struct CheckBlockedAccountsReply {
        /// One result for each account.
        results: Vec<BlockCheckResult> = "BlackListCheckItem",
        /// Accounts that failed. Absent if none did.
        fail_accounts: Option<Vec<String>> = "Fail_Account",
    }
}

ops! {
    /// Blocks up to 1000 accounts for a user. Each result comes back in `results`.
    ///
    /// Blocking ends a friendship both ways: the blocked account can no longer message the user or ask to be friends.
    /// Blocking an account again answers 30001 for it and changes nothing.
    ADD = "v4/sns/black_list_add", blocklist.add,
        BlockAccounts => AccountResultsReply, rate: 200, retry: Safe, doc: "1047/34911",
        batch: to_accounts 1000 each results, errors: [30001, 30002, 30003, 30004, 30006, 30007, 30008, 30013];

    /// Unblocks up to 1000 accounts for a user. Each result comes back in `results`.
    // What unblocking an account again answers is not documented; `check` tells.
    REMOVE = "v4/sns/black_list_delete", blocklist.remove,
        UnblockAccounts => AccountResultsReply, rate: 200, retry: AfterCheck, doc: "1047/34912",
        batch: to_accounts 1000 each results, errors: [30001, 30003, 30004, 30006, 30007, 30008];

    /// Lists the accounts that a user blocks, page by page.
    LIST = "v4/sns/black_list_get", blocklist.list,
        ListBlockedAccounts => ListBlockedAccountsReply, rate: 200, retry: Safe, doc: "1047/34914",
        page: Page {
            next: &[("start_index", Next::Reply("start_index"))],
            size: None,
            items: &["accounts"],
            until: &[Done::Blank("start_index")],
        },
        errors: [30001, 30003, 30004, 30006, 30007];

    /// Checks whether a user blocks up to 1000 accounts, or is blocked by them.
    CHECK = "v4/sns/black_list_check", blocklist.check,
        CheckBlockedAccounts => CheckBlockedAccountsReply, rate: 200, retry: Safe, doc: "1047/34913",
        batch: to_accounts 1000 each results, errors: [30001, 30003, 30004, 30006, 30007];
}
