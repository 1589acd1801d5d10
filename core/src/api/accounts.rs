//! Accounts: importing, deleting, checking, logging out, online state.

use super::Empty;
use crate::schema::{Flag, ItemCode, UserId, open_enum, ops, shape};

shape! {
    /// An account to import.
    pub struct ImportAccount {
        /// User name, 1 to 32 bytes. Letters and digits are advised.
        user_id: UserId = "Identifier" | "UserID",
        /// Nickname, at most 500 bytes; the same as the profile field `Tag_Profile_IM_Nick`.
        nick: Option<String> = "Nick" (bytes ..=500),
        /// Address of the profile photo, at most 500 bytes; the same as the profile field `Tag_Profile_IM_Image`.
        face_url: Option<String> = "FaceUrl" (bytes ..=500),
    }
}

shape! {
    /// One of many accounts to import.
    pub struct ImportAccountsItem {
        /// User name, 1 to 32 bytes. Letters and digits are advised.
        user_id: UserId = "UserID",
        /// Nickname, at most 500 bytes.
        nick: Option<String> = "Nick" (bytes ..=500),
        /// Address of the profile photo, at most 500 bytes.
        face_url: Option<String> = "FaceUrl" (bytes ..=500),
    }
}

shape! {
    /// Accounts to import: either with their profiles, or by name alone.
    pub struct ImportAccounts {
        /// 1 to 100 accounts with nickname and photo (the form documented since 2024).
        accounts: Option<Vec<ImportAccountsItem>> = "AccountList" (items 1..=100),
        /// 1 to 100 user names alone (the older form).
        user_ids: Option<Vec<UserId>> = "Accounts" (items 1..=100),
    }
    exactly_one(accounts, user_ids);
}

shape! {
    /// What became of a batch import. A success may still hold failures: look at `fail_accounts`.
    pub struct ImportAccountsReply {
        /// Names that were not imported. The service gives no reason for each: import one alone to see its code.
        fail_accounts: Vec<String> = "FailAccounts",
    }
}

shape! {
    /// An account by name.
    pub struct AccountItem {
        /// User name, 1 to 32 bytes.
        user_id: UserId = "UserID",
    }
}

impl<T: Into<String>> From<T> for AccountItem {
    fn from(user_id: T) -> Self {
        Self { user_id: UserId(user_id.into()) }
    }
}

shape! {
    /// Accounts to delete.
    pub struct DeleteAccounts {
        /// 1 to 100 accounts.
        accounts: Vec<AccountItem> = "DeleteItem" (items 1..=100),
    }
}

shape! {
    /// What became of one account to delete.
    pub struct DeleteResult {
        /// User name.
        user_id: String = "UserID",
        /// 0: deleted; any other value is an error code, such as 70107 for an account that does not exist.
        result_code: ItemCode = "ResultCode",
        /// The service's text, empty on success.
        result_info: String = "ResultInfo",
    }
}

shape! {
    /// What became of each account to delete.
    pub struct DeleteAccountsReply {
        /// One result for each account.
        results: Vec<DeleteResult> = "ResultItem",
    }
}

shape! {
    /// Accounts to look up.
    pub struct CheckAccounts {
        /// 1 to 100 accounts.
        accounts: Vec<AccountItem> = "CheckItem" (items 1..=100),
    }
}

open_enum! {
    /// Whether an account exists.
    pub enum AccountStatus {
        /// It was imported, or logged in once.
        Imported = "Imported",
        /// It was not.
        NotImported = "NotImported",
    }
}

shape! {
    /// The state of one account looked up.
    pub struct CheckResult {
        /// User name.
        user_id: String = "UserID",
        /// 0: looked up; any other value is an error code.
        result_code: ItemCode = "ResultCode",
        /// The service's text, empty on success.
        result_info: String = "ResultInfo",
        /// Whether the account exists.
        account_status: Option<AccountStatus> = "AccountStatus",
    }
}

shape! {
    /// The state of each account looked up.
    pub struct CheckAccountsReply {
        /// One result for each account.
        results: Vec<CheckResult> = "ResultItem",
    }
}

shape! {
    /// An account to log out.
    pub struct Kick {
        /// User name, 1 to 32 bytes.
        user_id: UserId = "Identifier" | "UserID",
    }
}

shape! {
    /// Accounts whose online state to ask for.
    pub struct QueryOnlineStatus {
        /// 1 to 500 user names.
        user_ids: Vec<UserId> = "To_Account" (items 1..=500),
        /// Adds the state on each platform.
        need_detail: Option<Flag> = "IsNeedDetail",
        /// Adds the device instance id.
        return_instance_id: Option<Flag> = "IsReturnInstid",
        /// Adds the user's custom status.
        return_custom_status: Option<Flag> = "IsReturnCustomStatus",
    }
}

open_enum! {
    /// Whether a user can be reached.
    pub enum OnlineStatus {
        /// Has a live connection.
        Online = "Online",
        /// Was killed or cut off and still gets offline push, for 7 days.
        PushOnline = "PushOnline",
        /// Logged out, or not seen for 7 days.
        Offline = "Offline",
    }
}

open_enum! {
    /// The platform of a login.
    pub enum Platform {
        /// iPhone.
        IPhone = "iPhone",
        /// Android.
        Android = "Android",
        /// Browser.
        Web = "Web",
        /// Windows or Linux.
        Pc = "PC",
        /// iPad.
        IPad = "iPad",
        /// macOS.
        Mac = "Mac",
    }
}

shape! {
    /// The state of a user on one platform.
    pub struct PlatformStatus {
        /// The platform.
        platform: Platform = "Platform",
        /// The state there.
        status: OnlineStatus = "Status",
    }
}

shape! {
    /// The state of a user over all platforms.
    pub struct UserOnlineStatus {
        /// User name.
        user_id: String = "To_Account",
        /// Online where any one device is.
        status: OnlineStatus = "Status",
        /// The state on each platform, where it was asked for.
        detail: Option<Vec<PlatformStatus>> = "Detail",
    }
}

shape! {
    /// Why a user's state could not be read.
    pub struct OnlineStatusError {
        /// User name.
        user_id: String = "To_Account",
        /// The code; 70107 means that there is no such account.
        error_code: ItemCode = "ErrorCode",
    }
}

shape! {
    /// The online state of each account. A success may still hold failures: look at `errors`.
    pub struct QueryOnlineStatusReply {
        /// The state of each account that could be read.
        results: Vec<UserOnlineStatus> = "QueryResult",
        /// Accounts whose state could not be read.
        errors: Vec<OnlineStatusError> = "ErrorList",
    }
}

shape! {
    /// Accounts whose online state to ask for, the older way.
    pub struct QueryState {
        /// 1 to 500 user names.
        user_ids: Vec<UserId> = "To_Account" (items 1..=500),
        /// Adds the state on each platform.
        need_detail: Option<Flag> = "IsNeedDetail",
    }
}

shape! {
    /// The state of a user over all platforms, the older way.
    pub struct UserState {
        /// User name.
        user_id: String = "To_Account",
        /// Online where any one device is.
        state: OnlineStatus = "State",
        /// The state on each platform, where it was asked for.
        detail: Option<Vec<PlatformStatus>> = "Detail",
    }
}

shape! {
    /// The online state of each account, the older way.
    pub struct QueryStateReply {
        /// The state of each account that could be read.
        results: Vec<UserState> = "QueryResult",
        /// Accounts whose state could not be read.
        errors: Vec<OnlineStatusError> = "ErrorList",
    }
}

ops! {
    /// Imports one account: gives an app's own user an internal id, so that it can use the service.
    ///
    /// Importing it again keeps that one id. An account that was never imported and never logged in cannot be sent messages.
    IMPORT_ACCOUNT = "v4/im_open_login_svc/account_import", accounts.import_account,
        ImportAccount => Empty, rate: 200, retry: Safe, doc: "1047/34953",
        errors: [40005, 40006, 40601, 70169, 70398, 70399, 70402, 70403, 70500];

    /// Imports up to 100 accounts. Names that failed come back in `fail_accounts` although the call succeeds.
    IMPORT_ACCOUNTS = "v4/im_open_login_svc/multiaccount_import", accounts.import_accounts,
        ImportAccounts => ImportAccountsReply, rate: 100, retry: Safe, doc: "1047/34954", batch: accounts 100 failed fail_accounts,
        errors: [70169, 70202, 70398, 70399, 70402, 70403, 70500];

    /// Deletes up to 100 accounts with all their data, for good. The result of each comes back in `results`.
    ///
    /// Outside the trial and development editions the name cannot be imported again for three months (70399),
    /// and deletion must be switched on in the console (71000).
    DELETE = "v4/im_open_login_svc/account_delete", accounts.delete,
        DeleteAccounts => DeleteAccountsReply, rate: 100, retry: Safe, doc: "1047/34955", batch: accounts 100 each results,
        errors: [30006, 30007, 30008, 40006, 70107, 70169, 70202, 70402, 70403, 70500, 71000];

    /// Asks whether up to 100 accounts were imported. A name that was not is no error.
    CHECK = "v4/im_open_login_svc/account_check", accounts.check,
        CheckAccounts => CheckAccountsReply, rate: 100, retry: Safe, doc: "269/38417", batch: accounts 100 each results,
        errors: [70169, 70202, 70402, 70403, 70500];

    /// Invalidates the UserSigs that a user has: logs it out. One made afterwards works again.
    KICK = "v4/im_open_login_svc/kick", accounts.kick,
        Kick => Empty, rate: 200, retry: Safe, doc: "1047/34957",
        errors: [70107, 70169, 70402, 70403, 70500];

    /// Asks for the online state of up to 500 accounts. Accounts that failed come back in `errors`.
    GET_ONLINE_STATUS = "v4/openim/query_online_status", accounts.get_online_status,
        QueryOnlineStatus => QueryOnlineStatusReply, rate: 200, retry: Safe, doc: "1047/35477", batch: user_ids 500 failed errors,
        errors: [70107, 70169, 90001, 90003, 90009, 90011, 90992, 90994, 90995, 91000];

    /// Asks for the online state of up to 500 accounts, the older way.
    QUERY_STATE = "v4/openim/querystate", accounts.query_state,
        QueryState => QueryStateReply, rate: 200, retry: Safe, doc: "1047/35477", batch: user_ids 500 failed errors,
        replaced_by: "accounts.get_online_status",
        errors: [90001, 90003, 90009, 90011, 90992, 90994, 90995, 91000];
}
