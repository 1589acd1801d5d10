//! Official accounts (official channels on pages since 2025), their subscribers and messages.
//!
//! Calls without a page of their own are known from SDKs only; their pages are given as the list of all calls.

use super::Empty;
use super::elements::MsgElement;
use super::messages::{ForbidCallback, SendControl};
use super::push_info::OfflinePushInfo;
use crate::schema::{Done, Flag, ItemCode, JsonText, Next, Page, UnixSeconds, UserId, open_enum, ops, shape};

shape! {
    /// An official account to create.
    pub struct CreateOfficialAccount {
        /// Owner. Must be imported.
        owner_account: UserId = "Owner_Account",
        /// Id of your own, which must begin with `@TOA#_`. Defaults to one that the service makes.
        official_account: Option<String> = "OfficialAccountUserID" (prefix "@TOA#_"),
        /// Name, at most 150 bytes.
        name: String = "Name" (bytes 1..=150),
        /// Introduction, at most 400 bytes.
        introduction: Option<String> = "Introduction" (bytes ..=400),
        /// Address of the picture, at most 500 bytes.
        face_url: Option<String> = "FaceUrl" (bytes ..=500),
        /// Most subscribers. Defaults to 100,000.
        max_subscriber_num: Option<u32> = "MaxSubscriberNum",
        /// Organization behind it, at most 500 bytes.
        organization: Option<String> = "Organization" (bytes ..=500),
        /// The app's own data, at most 3000 bytes.
        custom_string: Option<JsonText> = "CustomString" (bytes ..=3000),
    }
}

shape! {
    /// An official account that was created.
    pub struct CreateOfficialAccountReply {
        /// Its id.
        official_account: String = "OfficialAccountUserID",
    }
}

shape! {
    /// An official account, by its id.
    pub struct OfficialAccountItem {
        /// Its id.
        official_account: String = "Official_Account",
    }
}

open_enum! {
    /// A field of an official account.
    pub enum OfficialAccountField {
        /// When it was created.
        CreateTime = "CreateTime",
        /// Name.
        Name = "Name",
        /// Owner.
        OwnerAccount = "Owner_Account",
        /// Time of the last message.
        LastMsgTime = "LastMsgTime",
        /// Number of subscribers.
        SubscriberNum = "SubscriberNum",
        /// Introduction.
        Introduction = "Introduction",
        /// Picture.
        FaceUrl = "FaceUrl",
        /// Organization.
        Organization = "Organization",
        /// Custom data.
        CustomString = "CustomString",
    }
}

open_enum! {
    /// A field of a subscription.
    pub enum SubscriptionField {
        /// When it began.
        SubscribeTime = "SubscribeTime",
        /// Custom data of the subscriber.
        CustomString = "CustomString",
    }
}

shape! {
    /// Which fields to return.
    pub struct OfficialAccountFilter {
        /// Fields of the official account. Defaults to all.
        base_info: Option<Vec<OfficialAccountField>> = "OfficialAccountBaseInfoFilter",
        /// Fields of the subscription. Only in `official_accounts.list_subscribed`.
        self_info: Option<Vec<SubscriptionField>> = "SelfInfoFilter",
    }
}

shape! {
    /// Official accounts to get.
    pub struct GetOfficialAccounts {
        /// 1 to 50 official accounts.
        official_accounts: Vec<OfficialAccountItem> = "OfficialAccountIdList" (items 1..=50),
        /// Which fields to return. Defaults to all.
        response_filter: Option<OfficialAccountFilter> = "ResponseFilter",
    }
}

shape! {
    /// A user's subscription to an official account.
    pub struct OfficialAccountSelfInfo {
        /// Unix time at which it began, in seconds.
        subscribe_time: UnixSeconds = "SubscribeTime",
        /// Custom data of the subscriber.
        custom_string: JsonText = "CustomString",
    }
}

shape! {
    /// An official account. Only the fields asked for are there.
    pub struct OfficialAccountInfo {
        /// Its id. Unconfirmed.
        official_account: Option<String> = "Official_Account",
        /// Unix time at which it was created, in seconds.
        create_time: Option<UnixSeconds> = "CreateTime",
        /// Name.
        name: Option<String> = "Name",
        /// Owner.
        owner_account: Option<String> = "Owner_Account",
        /// Unix time of the last message, in seconds.
        last_msg_time: Option<UnixSeconds> = "LastMsgTime",
        /// Number of subscribers.
        subscriber_num: Option<u32> = "SubscriberNum",
        /// Introduction.
        introduction: Option<String> = "Introduction",
        /// Address of the picture.
        face_url: Option<String> = "FaceUrl",
        /// Organization behind it.
        organization: Option<String> = "Organization",
        /// The app's own data.
        custom_string: Option<JsonText> = "CustomString",
        /// The user's subscription. Only in `official_accounts.list_subscribed`.
        self_info: Option<OfficialAccountSelfInfo> = "SelfInfo",
        /// Result for this entry. Unconfirmed.
        error_code: Option<ItemCode> = "ErrorCode",
        /// Error text for this entry. Unconfirmed.
        error_info: Option<String> = "ErrorInfo",
        /// `OK` or `FAIL` for this entry. Unconfirmed.
        action_status: Option<String> = "ActionStatus",
    }
}

shape! {
    /// Official accounts by id.
    pub struct GetOfficialAccountsReply {
        /// One entry for each official account.
        official_accounts: Vec<OfficialAccountInfo> = "OfficialAccountInfoList",
    }
}

shape! {
    /// A user whose subscriptions to list.
    pub struct ListSubscribedOfficialAccounts {
        /// The user.
        subscriber_account: UserId = "Subscriber_Account",
        /// Official accounts per page, at most 200. Defaults to 200.
        limit: Option<u32> = "Limit" (range ..=200),
        /// Position of the page: left out, then the last reply's `next`.
        offset: Option<u32> = "Offset",
        /// Which fields to return.
        response_filter: Option<OfficialAccountFilter> = "ResponseFilter",
    }
}

shape! {
    /// A page of official accounts that a user subscribes to.
    pub struct ListSubscribedOfficialAccountsReply {
        /// The official accounts.
        official_accounts: Vec<OfficialAccountInfo> = "OfficialAccountInfoList",
        /// Number of all that the user subscribes to.
        total_count: u32 = "TotalCount",
        /// Whether this is the last page.
        complete_flag: Flag = "CompleteFlag",
        /// Position of the next page.
        next: u32 = "Next",
    }
}

shape! {
    /// New data of an official account.
    pub struct UpdateOfficialAccount {
        /// The official account.
        official_account: String = "Official_Account",
        /// Name, at most 150 bytes.
        name: Option<String> = "Name" (bytes 1..=150),
        /// Introduction, at most 400 bytes.
        introduction: Option<String> = "Introduction" (bytes ..=400),
        /// Address of the picture, at most 500 bytes.
        face_url: Option<String> = "FaceUrl" (bytes ..=500),
        /// Organization behind it, at most 500 bytes.
        organization: Option<String> = "Organization" (bytes ..=500),
        /// The app's own data, at most 3000 bytes.
        custom_string: Option<JsonText> = "CustomString" (bytes ..=3000),
        /// Most subscribers. At creation it defaults to 100,000.
        max_subscriber_num: Option<u32> = "MaxSubscriberNum",
    }
}

shape! {
    /// An official account to delete.
    pub struct DeleteOfficialAccount {
        /// The official account.
        official_account: String = "Official_Account",
    }
}

shape! {
    /// A user to subscribe or unsubscribe.
    pub struct SubscriberItem {
        /// The user.
        subscriber_account: UserId = "Subscriber_Account",
    }
}

shape! {
    /// Users to subscribe to an official account.
    pub struct AddSubscribers {
        /// The official account.
        official_account: String = "Official_Account",
        /// The users.
        subscribers: Vec<SubscriberItem> = "SubscriberList",
    }
}

shape! {
    /// What became of one subscriber.
    pub struct SubscriberResult {
        /// The user.
        subscriber_account: String = "Subscriber_Account",
        /// 0 for a failure, 1 for a success, 2 if there was nothing to do.
        result: u32 = "Result" (done [1, 2]),
    }
}

shape! {
    /// What became of each subscriber. A success may still hold failures: look at each `result`.
    pub struct SubscribersReply {
        /// One result for each user.
        results: Vec<SubscriberResult> = "SubscriberList",
    }
}

shape! {
    /// Users to unsubscribe from an official account. The page contradicts itself, so either list may be the right one.
    pub struct RemoveSubscribers {
        /// The official account.
        official_account: String = "Official_Account",
        /// The users, as in the page's sample.
        subscriber_accounts: Option<Vec<UserId>> = "SubscriberToDel_Account",
        /// The users, as in the page's field table.
        subscribers: Option<Vec<SubscriberItem>> = "SubscriberList",
    }
    exactly_one(subscriber_accounts, subscribers);
}

shape! {
    /// A page of an official account's subscribers.
    pub struct ListSubscribers {
        /// The official account.
        official_account: String = "Official_Account",
        /// Subscribers per page, at most 200. Defaults to all. Unconfirmed.
        limit: Option<u32> = "Limit",
        /// Empty at first, then the last reply's `next`.
        next: String = "Next",
    }
}

shape! {
    /// A subscriber of an official account.
    pub struct Subscriber {
        /// The user.
        subscriber_account: String = "Subscriber_Account",
        /// Unix time at which the subscription began, in seconds.
        subscribe_time: UnixSeconds = "SubscribeTime",
        /// Custom data of the subscriber.
        custom_string: JsonText = "CustomString",
        /// How the user receives messages. Unconfirmed.
        msg_flag: Option<i32> = "MsgFlag",
        /// Unix time of the last message sent, in seconds.
        last_send_msg_time: UnixSeconds = "LastSendMsgTime",
    }
}

shape! {
    /// A page of subscribers.
    pub struct ListSubscribersReply {
        /// Position of the next page, empty on the last one.
        next: String = "Next",
        /// Number of all subscribers.
        subscriber_num: u32 = "SubscriberNum",
        /// The subscribers.
        subscribers: Vec<Subscriber> = "SubscriberList",
    }
}

shape! {
    /// New custom data of a subscriber.
    pub struct UpdateSubscriber {
        /// The official account.
        official_account: String = "Official_Account",
        /// The subscriber.
        subscriber_account: UserId = "Subscriber_Account",
        /// Custom data of the subscriber.
        custom_string: Option<JsonText> = "CustomString",
    }
}

shape! {
    /// A message from an official account to all its subscribers.
    pub struct SendOfficialAccountMessage {
        /// The official account.
        official_account: String = "Official_Account",
        /// Recognizes a retry for 5 minutes. Defaults to a random number.
        random: Option<u32> = "Random",
        /// Elements, together at most 12 KB, at most one of them a `TIMCustomElem`.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// Offline push settings. The page does not describe its fields. Unconfirmed.
        offline_push_info: Option<OfflinePushInfo> = "OfflinePushInfo",
        /// Webhooks to skip for this message.
        forbid_callback_control: Option<Vec<ForbidCallback>> = "ForbidCallbackControl",
        /// Reaches online subscribers only. Defaults to false.
        online_only_flag: Option<Flag> = "OnlineOnlyFlag",
        /// Send options for this message: `NoLastMsg` is the one documented. Not with `online_only_flag`.
        send_msg_control: Option<Vec<SendControl>> = "SendMsgControl",
        /// The app's own data, stored with the message.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}

shape! {
    /// A message sent by an official account.
    pub struct SendOfficialAccountMessageReply {
        /// Unix time of sending, in seconds.
        msg_time: UnixSeconds = "MsgTime",
        /// Key of the message, to recall it by.
        msg_key: String = "MsgKey",
    }
}

shape! {
    /// A page of an official account's history.
    pub struct ListOfficialAccountMessages {
        /// The official account.
        official_account: String = "Official_Account",
        /// Key at which the page continues: left out, then the last reply's `last_msg_key`.
        last_msg_key: Option<String> = "LastMsgKey",
        /// Messages per page, at most 20. Unconfirmed.
        req_msg_number: u32 = "ReqMsgNumber",
        /// Lists recalled messages too. Defaults to false.
        with_recalled_msg: Option<Flag> = "WithRecalledMsg",
    }
}

shape! {
    /// A message in an official account's history.
    pub struct OfficialAccountMessage {
        /// Sender.
        from_account: String = "From_Account",
        /// 1 for a message that was deleted or has expired and has no body, 2 for a recalled one.
        is_place_msg: u32 = "IsPlaceMsg",
        /// Whether it is a system message. Unconfirmed.
        is_system_msg: Option<Flag> = "IsSystemMsg",
        /// Elements.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// Key of the message, to recall it by.
        msg_key: String = "MsgKey",
        /// Priority, from 1 for high to 4 for lowest. Unconfirmed.
        msg_priority: Option<u32> = "MsgPriority",
        /// Random number.
        msg_random: u32 = "MsgRandom",
        /// Sequence number.
        msg_seq: u32 = "MsgSeq",
        /// Unix time of the message, in seconds.
        msg_time_stamp: UnixSeconds = "MsgTimeStamp",
    }
}

shape! {
    /// A page of an official account's messages.
    pub struct ListOfficialAccountMessagesReply {
        /// The official account.
        official_account: String = "Official_Account",
        /// 1 for the last page, 2 if all earlier messages have expired, 0 if there is more.
        is_finished: u32 = "IsFinished",
        /// The messages.
        msg_list: Vec<OfficialAccountMessage> = "RspMsgList",
        /// Key at which the next page continues.
        last_msg_key: String = "LastMsgKey",
    }
}

shape! {
    /// Messages of an official account to recall.
    pub struct RecallOfficialAccountMessages {
        /// The official account.
        official_account: String = "Official_Account",
        /// Keys of 1 to 10 messages. Whether the service takes texts or objects is unconfirmed.
        msg_keys: Vec<String> = "MsgKeyList" (items 1..=10),
        /// Why, at most 100 bytes.
        reason: Option<String> = "Reason" (bytes ..=100),
    }
}

shape! {
    /// What became of one message to recall.
    pub struct RecallOfficialAccountMessageResult {
        /// Key of the message.
        msg_key: String = "MsgKey",
        /// 0 for success, else an error code.
        ret_code: ItemCode = "RetCode",
        /// Sequence number of the message. Unconfirmed.
        msg_seq: Option<u32> = "MsgSeq",
    }
}

shape! {
    /// What became of each message to recall. A success may still hold failures: look at each `ret_code`.
    pub struct RecallOfficialAccountMessagesReply {
        /// One result for each message.
        results: Vec<RecallOfficialAccountMessageResult> = "RecallRetList",
    }
}

ops! {
    /// Creates an official account.
    ///
    /// Without an id of your own every call makes another one. The console has a trial of 5 official accounts for a
    /// month.
    CREATE = "v4/official_account_open_http_svc/create_official_account", official_accounts.create,
        CreateOfficialAccount => CreateOfficialAccountReply, rate: 200, retry: Never, doc: "1047/60755",
        edition: "Enterprise edition";

    /// Gets up to 50 official accounts by id.
    // No outcome for each item: the id and the code of an entry are unconfirmed.
    GET = "v4/official_account_open_http_svc/get_official_account_info", official_accounts.get,
        GetOfficialAccounts => GetOfficialAccountsReply, rate: 200, retry: Safe, doc: "1047/60758",
        batch: official_accounts 50, edition: "Enterprise edition";

    /// Lists the official accounts that a user subscribes to, page by page. Known from SDKs only.
    LIST_SUBSCRIBED = "v4/official_account_open_http_svc/get_subscribed_official_account_list",
        official_accounts.list_subscribed,
        ListSubscribedOfficialAccounts => ListSubscribedOfficialAccountsReply, rate: none, retry: Safe,
        doc: "1047/34621",
        page: Page {
            next: &[("offset", Next::Reply("next"))],
            size: Some(("limit", 200)),
            items: &["official_accounts"],
            until: &[Done::Set("complete_flag")],
        };

    /// Changes the data of an official account. What you leave out stays as it is. Known from SDKs only.
    UPDATE = "v4/official_account_open_http_svc/modify_official_account_base_info", official_accounts.update,
        UpdateOfficialAccount => Empty, rate: none, retry: Safe, doc: "1047/34621";

    /// Deletes an official account. Known from SDKs only.
    // What deleting it again answers is not documented; `get` tells whether it is gone.
    DELETE = "v4/official_account_open_http_svc/destroy_official_account", official_accounts.delete,
        DeleteOfficialAccount => Empty, rate: none, retry: AfterCheck, doc: "1047/34621";

    /// Subscribes users to an official account. Known from SDKs only.
    ///
    /// A user who subscribes already gets the `result` 2.
    ADD_SUBSCRIBERS = "v4/official_account_open_http_svc/add_subscriber", official_accounts.add_subscribers,
        AddSubscribers => SubscribersReply, rate: none, retry: Safe, doc: "1047/34621";

    /// Unsubscribes users from an official account.
    ///
    /// A user who does not subscribe gets the `result` 2.
    REMOVE_SUBSCRIBERS = "v4/official_account_open_http_svc/delete_subscriber", official_accounts.remove_subscribers,
        RemoveSubscribers => SubscribersReply, rate: 200, retry: Safe, doc: "1047/60761",
        edition: "Enterprise edition", errors: [6017, 10004, 20001, 20005, 130002];

    /// Lists the subscribers of an official account, page by page. Known from SDKs only.
    LIST_SUBSCRIBERS = "v4/official_account_open_http_svc/get_subscriber_info", official_accounts.list_subscribers,
        ListSubscribers => ListSubscribersReply, rate: none, retry: Safe, doc: "1047/34621",
        page: Page {
            next: &[("next", Next::Reply("next"))],
            size: Some(("limit", 200)),
            items: &["subscribers"],
            until: &[Done::Blank("next")],
        };

    /// Changes the custom data of one subscriber. Known from SDKs only.
    UPDATE_SUBSCRIBER = "v4/official_account_open_http_svc/modify_subscriber_info", official_accounts.update_subscriber,
        UpdateSubscriber => Empty, rate: none, retry: Safe, doc: "1047/34621";

    /// Sends a message from an official account to all its subscribers.
    ///
    /// An official account can send one message a second and two broadcasts an hour. Within 5 minutes the service drops
    /// a message with the same content.
    SEND_MESSAGE = "v4/official_account_open_http_svc/send_official_account_msg", official_accounts.send_message,
        SendOfficialAccountMessage => SendOfficialAccountMessageReply, rate: 200,
        retry: SameRandom within 300 draws (random), doc: "1047/60810", edition: "Enterprise edition";

    /// Lists the messages of an official account, page by page. Known from SDKs only.
    LIST_MESSAGES = "v4/official_account_open_http_svc/official_account_msg_get_simple",
        official_accounts.list_messages,
        ListOfficialAccountMessages => ListOfficialAccountMessagesReply, rate: none, retry: Safe, doc: "1047/34621",
        page: Page {
            next: &[("last_msg_key", Next::Reply("last_msg_key"))],
            size: Some(("req_msg_number", 20)),
            items: &["msg_list"],
            until: &[Done::Set("is_finished")],
        };

    /// Recalls up to 10 messages of an official account. Each result comes back in `results`. Known from SDKs only.
    // What recalling a message again answers is not documented; `list_messages` tells.
    RECALL_MESSAGES = "v4/official_account_open_http_svc/official_account_msg_recall",
        official_accounts.recall_messages,
        RecallOfficialAccountMessages => RecallOfficialAccountMessagesReply, rate: none, retry: AfterCheck,
        doc: "1047/34621", batch: msg_keys 10 each results;
}
