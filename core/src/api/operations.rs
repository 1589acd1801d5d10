//! What concerns the whole app: statistics, history files, server addresses, media files.

use super::Empty;
use crate::schema::{ItemCode, open_enum, ops, shape};

open_enum! {
    /// A statistic of the app.
    pub enum StatisticsField {
        /// Name of the app.
        AppName = "AppName",
        /// SDKAppID.
        AppId = "AppId",
        /// Name of the customer.
        Company = "Company",
        /// Active users.
        ActiveUserNum = "ActiveUserNum",
        /// New accounts.
        RegistUserNumOneDay = "RegistUserNumOneDay",
        /// Accounts in all.
        RegistUserNumTotal = "RegistUserNumTotal",
        /// Logins.
        LoginTimes = "LoginTimes",
        /// Users that logged in.
        LoginUserNum = "LoginUserNum",
        /// Messages sent.
        UpMsgNum = "UpMsgNum",
        /// Users that sent messages.
        SendMsgUserNum = "SendMsgUserNum",
        /// APNs pushes.
        ApnsMsgNum = "APNSMsgNum",
        /// One-to-one messages sent.
        C2cUpMsgNum = "C2CUpMsgNum",
        /// One-to-one messages delivered.
        C2cDownMsgNum = "C2CDownMsgNum",
        /// Users that sent one-to-one messages.
        C2cSendMsgUserNum = "C2CSendMsgUserNum",
        /// APNs pushes of one-to-one messages.
        C2cApnsMsgNum = "C2CAPNSMsgNum",
        /// Most users online at once.
        MaxOnlineNum = "MaxOnlineNum",
        /// Messages delivered, one-to-one and group.
        DownMsgNum = "DownMsgNum",
        /// Friendships added.
        ChainIncrease = "ChainIncrease",
        /// Friendships removed.
        ChainDecrease = "ChainDecrease",
        /// Group messages sent.
        GroupUpMsgNum = "GroupUpMsgNum",
        /// Group messages delivered.
        GroupDownMsgNum = "GroupDownMsgNum",
        /// Users that sent group messages.
        GroupSendMsgUserNum = "GroupSendMsgUserNum",
        /// APNs pushes of group messages.
        GroupApnsMsgNum = "GroupAPNSMsgNum",
        /// Groups with messages.
        GroupSendMsgGroupNum = "GroupSendMsgGroupNum",
        /// Joins of groups.
        GroupJoinGroupTimes = "GroupJoinGroupTimes",
        /// Leaves of groups.
        GroupQuitGroupTimes = "GroupQuitGroupTimes",
        /// New groups.
        GroupNewGroupNum = "GroupNewGroupNum",
        /// Groups in all.
        GroupAllGroupNum = "GroupAllGroupNum",
        /// Groups deleted.
        GroupDestroyGroupNum = "GroupDestroyGroupNum",
        /// Webhook requests.
        CallBackReq = "CallBackReq",
        /// Webhook answers.
        CallBackRsp = "CallBackRsp",
        /// The day, as `YYYYMMDD`, in Beijing time.
        Date = "Date",
    }
}

shape! {
    /// Statistics to get.
    pub struct GetStatistics {
        /// The statistics to return. Defaults to all.
        request_fields: Option<Vec<StatisticsField>> = "RequestField",
    }
}

shape! {
    /// Statistics of one day, all of them text. Only those asked for are there.
    pub struct DailyStatistics {
        /// Name of the app.
        app_name: Option<String> = "AppName",
        /// SDKAppID.
        app_id: Option<String> = "AppId",
        /// Name of the customer.
        company: Option<String> = "Company",
        /// Active users.
        active_user_num: Option<String> = "ActiveUserNum",
        /// New accounts.
        regist_user_num_one_day: Option<String> = "RegistUserNumOneDay",
        /// Accounts in all.
        regist_user_num_total: Option<String> = "RegistUserNumTotal",
        /// Logins.
        login_times: Option<String> = "LoginTimes",
        /// Users that logged in.
        login_user_num: Option<String> = "LoginUserNum",
        /// Messages sent.
        up_msg_num: Option<String> = "UpMsgNum",
        /// Users that sent messages.
        send_msg_user_num: Option<String> = "SendMsgUserNum",
        /// APNs pushes.
        apns_msg_num: Option<String> = "APNSMsgNum",
        /// One-to-one messages sent.
        c2c_up_msg_num: Option<String> = "C2CUpMsgNum",
        /// One-to-one messages delivered.
        c2c_down_msg_num: Option<String> = "C2CDownMsgNum",
        /// Users that sent one-to-one messages.
        c2c_send_msg_user_num: Option<String> = "C2CSendMsgUserNum",
        /// APNs pushes of one-to-one messages.
        c2c_apns_msg_num: Option<String> = "C2CAPNSMsgNum",
        /// Most users online at once.
        max_online_num: Option<String> = "MaxOnlineNum",
        /// Messages delivered, one-to-one and group.
        down_msg_num: Option<String> = "DownMsgNum",
        /// Friendships added.
        chain_increase: Option<String> = "ChainIncrease",
        /// Friendships removed.
        chain_decrease: Option<String> = "ChainDecrease",
        /// Group messages sent.
        group_up_msg_num: Option<String> = "GroupUpMsgNum",
        /// Group messages delivered.
        group_down_msg_num: Option<String> = "GroupDownMsgNum",
        /// Users that sent group messages.
        group_send_msg_user_num: Option<String> = "GroupSendMsgUserNum",
        /// APNs pushes of group messages.
        group_apns_msg_num: Option<String> = "GroupAPNSMsgNum",
        /// Groups with messages.
        group_send_msg_group_num: Option<String> = "GroupSendMsgGroupNum",
        /// Joins of groups.
        group_join_group_times: Option<String> = "GroupJoinGroupTimes",
        /// Leaves of groups.
        group_quit_group_times: Option<String> = "GroupQuitGroupTimes",
        /// New groups.
        group_new_group_num: Option<String> = "GroupNewGroupNum",
        /// Groups in all.
        group_all_group_num: Option<String> = "GroupAllGroupNum",
        /// Groups deleted.
        group_destroy_group_num: Option<String> = "GroupDestroyGroupNum",
        /// Webhook requests.
        call_back_req: Option<String> = "CallBackReq",
        /// Webhook answers.
        call_back_rsp: Option<String> = "CallBackRsp",
        /// The day, as `YYYYMMDD`, in Beijing time.
        date: Option<String> = "Date",
    }
}

shape! {
    /// Statistics of the last days.
    pub struct GetStatisticsReply {
        /// One entry for each of up to 30 days.
        days: Vec<DailyStatistics> = "Result",
    }
}

open_enum! {
    /// Kind of chat.
    pub enum ChatType {
        /// One-to-one.
        C2c = "C2C",
        /// Group.
        Group = "Group",
    }
}

shape! {
    /// An hour of messages to export.
    pub struct ExportHistory {
        /// One-to-one or group messages.
        chat_type: ChatType = "ChatType",
        /// The hour in Beijing time, as `YYYYMMDDHH`, within the last 7 days.
        msg_time: String = "MsgTime" (bytes 10..=10),
    }
}

shape! {
    /// A file with messages: gzip of UTF-8 JSON with one message per line.
    pub struct HistoryFile {
        /// Download address.
        url: String = "URL",
        /// When the address stops working, as `YYYY-MM-DD hh:mm:ss`, presumably in Beijing time.
        expire_time: String = "ExpireTime",
        /// Size in bytes before compression.
        file_size: u64 = "FileSize",
        /// MD5 before compression.
        file_md5: String = "FileMD5",
        /// Size in bytes of the compressed file.
        gzip_size: u64 = "GzipSize",
        /// MD5 of the compressed file.
        gzip_md5: String = "GzipMD5",
    }
}

shape! {
    /// Files with the messages of one hour.
    pub struct ExportHistoryReply {
        /// The files.
        files: Vec<HistoryFile> = "File",
    }
}

shape! {
    /// Addresses of the service.
    pub struct ListServerIpsReply {
        /// IPv4 addresses and ranges such as `183.192.202.0/25`.
        ips: Vec<String> = "IPList",
    }
}

shape! {
    /// A media file to ban.
    pub struct BanFile {
        /// Address of the file, from the URL field of a message.
        raw_url: String = "RawURL",
    }
}

shape! {
    /// A media file whose ban to lift.
    pub struct UnbanFile {
        /// Address of the file, from the URL field of a message.
        raw_url: String = "RawURL",
    }
}

shape! {
    /// A media file to sign.
    pub struct FileToSign {
        /// Number of your own, which the reply repeats.
        resource_id: u32 = "ResourceID",
        /// Address of the file, from the URL field of a message.
        raw_url: String = "RawURL",
    }
}

shape! {
    /// Media files to sign.
    pub struct SignFiles {
        /// The files.
        files: Vec<FileToSign> = "RawURLs",
    }
}

shape! {
    /// A signed media file.
    pub struct SignedFile {
        /// Number from the request.
        resource_id: u32 = "ResourceID",
        /// 0 for success, else an error code.
        code: ItemCode = "Code",
        /// Error text.
        desc: String = "Desc",
        /// Download address that works for 15 minutes, also for a banned file.
        pre_sig_url: String = "PreSigURL",
        /// 0 for an open file, 1 for a banned one, 2 for one that is missing, perhaps since it expired.
        status: u32 = "Status",
    }
}

shape! {
    /// Signed media files. A success may still hold failures: look at each `code`.
    pub struct SignFilesReply {
        /// One entry for each file.
        files: Vec<SignedFile> = "PreSigURLs",
    }
}

ops! {
    /// Gets usage statistics of each of the last 30 days, in Beijing time.
    GET_STATISTICS = "v4/openconfigsvr/getappinfo", operations.get_statistics,
        GetStatistics => GetStatisticsReply, rate: 200, retry: Safe, doc: "1047/34886",
        errors: [130001, 130009, 130010, 130011, 130012];

    /// Gets download addresses of files with all messages of one hour, one-to-one or group.
    ///
    /// An hour's file is made within about two hours of its end (1004 until then) and kept for 7 days.
    // A retry gives a fresh address.
    EXPORT_HISTORY = "v4/open_msg_svc/get_history", operations.export_history,
        ExportHistory => ExportHistoryReply, rate: 10, retry: Safe, doc: "1047/34885",
        errors: [1001, 1002, 1003, 1004, 1005];

    /// Lists the IP addresses of the service, all at once. They change over time.
    // The page's query field `nettype`, which picks addresses by network and region, has no place in a body.
    LIST_SERVER_IPS = "v4/ConfigSvc/GetIPList", operations.list_server_ips,
        Empty => ListServerIpsReply, rate: 200, retry: Safe, doc: "1047/36742";

    /// Bans an image, video or other file that was sent in a chat, so that ordinary download addresses stop working.
    ///
    /// Works for files that a Chat SDK uploaded.
    BAN_FILE = "v4/im_cos_msg/forbid_illegal_object", operations.ban_file,
        BanFile => Empty, rate: none, retry: Safe, doc: "1047/34621";

    /// Lifts the ban on a file.
    UNBAN_FILE = "v4/im_cos_msg/allow_banned_object", operations.unban_file,
        UnbanFile => Empty, rate: none, retry: Safe, doc: "1047/34621";

    /// Signs download addresses of files, which then open banned files too, and tells each file's state.
    // A retry gives a fresh signature.
    SIGN_FILES = "v4/im_cos_msg/get_cos_sig", operations.sign_files,
        SignFiles => SignFilesReply, rate: none, retry: Safe, doc: "269/74777";
}
