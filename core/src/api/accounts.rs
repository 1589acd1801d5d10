//! Accounts: importing, deleting, checking, logging out, online status, global mute.

use super::Empty;
use crate::schema::{Flag, ItemCode, UserId, open_enum, ops, shape};

shape! {
    /// One account to import.
    pub struct ImportAccount {
        /// User id, 1 to 32 bytes. The service advises letters and digits.
        user_id: UserId = "Identifier" | "UserID",
        /// Nickname, at most 500 bytes. The same as the profile field `Tag_Profile_IM_Nick`.
        nick: Option<String> = "Nick" (bytes ..=500),
        /// Address of the profile photo, at most 500 bytes. The same as the profile field `Tag_Profile_IM_Image`.
        face_url: Option<String> = "FaceUrl" (bytes ..=500),
    }
}

shape! {
    /// One of many accounts to import.
    pub struct ImportAccountsItem {
        /// User id, 1 to 32 bytes. The service advises letters and digits.
        user_id: UserId = "UserID",
        /// Nickname, at most 500 bytes.
        nick: Option<String> = "Nick" (bytes ..=500),
        /// Address of the profile photo, at most 500 bytes.
        face_url: Option<String> = "FaceUrl" (bytes ..=500),
    }
}

shape! {
    /// Accounts to import: with their profiles, or by user id alone.
    pub struct ImportAccounts {
        /// 1 to 100 accounts with nickname and photo (the form documented since 2024).
        accounts: Option<Vec<ImportAccountsItem>> = "AccountList" (items 1..=100),
        /// 1 to 100 user ids alone (the older form).
        user_ids: Option<Vec<UserId>> = "Accounts" (items 1..=100),
    }
    exactly_one(accounts, user_ids);
}

shape! {
    /// What became of a batch import. A success may still hold failures: look at `fail_accounts`.
    pub struct ImportAccountsReply {
        /// User ids that were not imported. The service gives no reasons: import one alone to see its code.
        fail_accounts: Vec<String> = "FailAccounts",
    }
}

shape! {
    /// An account by its user id.
    pub struct AccountItem {
        /// User id, 1 to 32 bytes.
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
    pub struct DeleteAccountResult {
        /// User id.
        user_id: String = "UserID",
        /// 0 for success, else an error code, such as 70107 for an account that does not exist.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
    }
}

shape! {
    /// What became of each account to delete.
    pub struct DeleteAccountsReply {
        /// One result for each account.
        results: Vec<DeleteAccountResult> = "ResultItem",
    }
}

shape! {
    /// Accounts to check.
    pub struct CheckAccounts {
        /// 1 to 100 accounts.
        accounts: Vec<AccountItem> = "CheckItem" (items 1..=100),
    }
}

open_enum! {
    /// Whether an account exists.
    pub enum AccountStatus {
        /// Was imported, or logged in once.
        Imported = "Imported",
        /// Was neither imported nor logged in.
        NotImported = "NotImported",
    }
}

shape! {
    /// Whether one account exists.
    pub struct CheckAccountResult {
        /// User id.
        user_id: String = "UserID",
        /// 0 for success, else an error code.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
        /// Whether the account exists.
        account_status: Option<AccountStatus> = "AccountStatus",
    }
}

shape! {
    /// Whether each account exists.
    pub struct CheckAccountsReply {
        /// One result for each account.
        results: Vec<CheckAccountResult> = "ResultItem",
    }
}

shape! {
    /// An account to log out.
    pub struct KickAccount {
        /// User id, 1 to 32 bytes.
        user_id: UserId = "Identifier" | "UserID",
    }
}

shape! {
    /// Accounts whose online status to get.
    pub struct GetOnlineStatus {
        /// 1 to 500 user ids.
        user_ids: Vec<UserId> = "To_Account" (items 1..=500),
        /// Adds the status on each platform. Defaults to false.
        need_detail: Option<Flag> = "IsNeedDetail",
        /// Adds the device instance id. Defaults to false.
        return_instance_id: Option<Flag> = "IsReturnInstid",
        /// Adds the user's custom status. Defaults to false.
        return_custom_status: Option<Flag> = "IsReturnCustomStatus",
    }
}

open_enum! {
    /// Whether a user can be reached.
    pub enum OnlineStatus {
        /// Has a live connection.
        Online = "Online",
        /// Was killed or cut off less than 7 days ago and still gets offline push.
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
    /// The status of a user on one platform.
    pub struct PlatformStatus {
        /// The platform.
        platform: Platform = "Platform",
        /// The status on it.
        status: OnlineStatus = "Status",
    }
}

shape! {
    /// The status of a user over all platforms.
    pub struct UserOnlineStatus {
        /// User id.
        user_id: String = "To_Account",
        /// `Online` if any one device is.
        status: OnlineStatus = "Status" | "State",
        /// The status on each platform, if `need_detail` asked for it.
        detail: Option<Vec<PlatformStatus>> = "Detail",
    }
}

shape! {
    /// Why the status of a user could not be read.
    pub struct OnlineStatusError {
        /// User id.
        user_id: String = "To_Account",
        /// Why: 70107 means that the account does not exist.
        error_code: ItemCode = "ErrorCode",
    }
}

shape! {
    /// The online status of each account. A success may still hold failures: look at `errors`.
    pub struct GetOnlineStatusReply {
        /// The status of each account that could be read.
        results: Vec<UserOnlineStatus> = "QueryResult",
        /// Accounts whose status could not be read.
        errors: Vec<OnlineStatusError> = "ErrorList",
    }
}

shape! {
    /// Accounts whose online status to get, the older way.
    pub struct QueryState {
        /// 1 to 500 user ids.
        user_ids: Vec<UserId> = "To_Account" (items 1..=500),
        /// Adds the status on each platform. Defaults to false.
        need_detail: Option<Flag> = "IsNeedDetail",
    }
}

shape! {
    /// The status of a user over all platforms, the older way.
    pub struct UserState {
        /// User id.
        user_id: String = "To_Account",
        /// `Online` if any one device is.
        state: OnlineStatus = "State",
        /// The status on each platform, if `need_detail` asked for it.
        detail: Option<Vec<PlatformStatus>> = "Detail",
    }
}

shape! {
    /// The online status of each account, the older way.
    pub struct QueryStateReply {
        /// The status of each account that could be read.
        results: Vec<UserState> = "QueryResult",
        /// Accounts whose status could not be read.
        errors: Vec<OnlineStatusError> = "ErrorList",
    }
}

shape! {
    /// A global mute of one user. A time that is left out stays as it is (inferred).
    pub struct MuteAccount {
        /// User to mute.
        user_id: UserId = "Set_Account",
        /// Seconds of the mute in one-to-one chats. 0 ends it; 4,294,967,295 mutes for good.
        c2c_mute_time: Option<u32> = "C2CmsgNospeakingTime",
        /// Seconds of the mute in groups. 0 ends it; 4,294,967,295 mutes for good.
        group_mute_time: Option<u32> = "GroupmsgNospeakingTime",
    }
    at_least_one(c2c_mute_time, group_mute_time);
}

shape! {
    /// A user whose global mute to get.
    pub struct GetAccountMute {
        /// The user.
        user_id: UserId = "Get_Account",
    }
}

shape! {
    /// The global mute of a user.
    pub struct GetAccountMuteReply {
        /// Seconds left of the mute in one-to-one chats: 0 for none, 4,294,967,295 for good.
        c2c_mute_time: u32 = "C2CmsgNospeakingTime",
        /// Seconds left of the mute in groups: 0 for none, 4,294,967,295 for good.
        group_mute_time: u32 = "GroupmsgNospeakingTime",
    }
}

ops! {
    /// Imports one account, so that the user can chat and be sent messages before the first login.
    ///
    /// Importing it again changes nothing but the profile fields given.
    IMPORT_ACCOUNT = "v4/im_open_login_svc/account_import", accounts.import_account,
        ImportAccount => Empty, rate: 200, retry: Safe, doc: "1047/34953",
        errors: [40005, 40006, 40601, 70169, 70398, 70399, 70402, 70403, 70500];

    /// Imports up to 100 accounts. Those that failed come back in `fail_accounts` although the call succeeds.
    IMPORT_ACCOUNTS = "v4/im_open_login_svc/multiaccount_import", accounts.import_accounts,
        ImportAccounts => ImportAccountsReply, rate: 100, retry: Safe,
        doc: "1047/34954", batch: accounts 100 failed fail_accounts alone accounts.import_account as import_many,
        errors: [70169, 70202, 70398, 70399, 70402, 70403, 70500];

    /// Deletes up to 100 accounts with all their data, for good. Each result comes back in `results`.
    ///
    /// Outside the trial and development editions, deletion must be switched on in the console (71000) and a deleted
    /// user id cannot be imported again for three months (70399).
    DELETE = "v4/im_open_login_svc/account_delete", accounts.delete,
        DeleteAccounts => DeleteAccountsReply, rate: 100, retry: Safe,
        doc: "1047/34955", batch: accounts 100 each results,
        errors: [30006, 30007, 30008, 40006, 70107, 70169, 70202, 70402, 70403, 70500, 71000];

    /// Checks whether up to 100 accounts exist. One that does not exist is not an error.
    CHECK = "v4/im_open_login_svc/account_check", accounts.check,
        CheckAccounts => CheckAccountsReply, rate: 100, retry: Safe, doc: "269/38417", batch: accounts 100 each results,
        errors: [70169, 70202, 70402, 70403, 70500];

    /// Logs a user out everywhere by invalidating all its UserSigs. One made afterwards works again.
    KICK = "v4/im_open_login_svc/kick", accounts.kick,
        KickAccount => Empty, rate: 200, retry: Safe, doc: "1047/34957",
        errors: [70107, 70169, 70402, 70403, 70500];

    /// Gets the online status of up to 500 accounts. Accounts that failed come back in `errors`.
    GET_ONLINE_STATUS = "v4/openim/query_online_status", accounts.get_online_status,
        GetOnlineStatus => GetOnlineStatusReply, rate: 200, retry: Safe,
        doc: "1047/35477", batch: user_ids 500 failed errors,
        errors: [70107, 70169, 90001, 90003, 90009, 90011, 90992, 90994, 90995, 91000];

    /// Mutes a user in all one-to-one chats, in all groups, or both; or ends the mute.
    ///
    /// The muted user gets 20012 for a one-to-one message and 10017 for a group message.
    // A retry only moves the end of the mute by the delay between the two attempts.
    MUTE = "v4/openconfigsvr/setnospeaking", accounts.mute,
        MuteAccount => Empty, rate: 200, retry: Safe, doc: "1047/34923",
        errors: [130001, 130004, 130005, 130008, 130014];

    /// Gets the global mute of a user.
    GET_MUTE = "v4/openconfigsvr/getnospeaking", accounts.get_mute,
        GetAccountMute => GetAccountMuteReply, rate: 200, retry: Safe, doc: "1047/34924",
        errors: [130001, 130002, 130003, 130014];

    /// Gets the online status of up to 500 accounts, the older way.
    QUERY_STATE = "v4/openim/querystate", accounts.query_state,
        QueryState => QueryStateReply, rate: 200, retry: Safe, doc: "1047/35477", batch: user_ids 500 failed errors,
        replaced_by: "accounts.get_online_status",
        errors: [90001, 90003, 90009, 90011, 90992, 90994, 90995, 91000];
}
