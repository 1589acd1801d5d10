//! Official accounts, their subscribers and messages. The vendor's pages call them official channels since 2025.

use crate::api::elements::MsgElement;
use crate::api::official_accounts::SubscriberItem;
use crate::schema::{Flag, JsonText, UnixSeconds, shape};
use crate::webhook::dsl::webhooks;
use crate::webhook::{Asked, Codes};

/// The app's own codes. They reach the caller.
const CODES: Codes = Codes { first: 120_001, last: 130_000 };

shape! {
    /// An official account that is about to be created.
    pub struct OfficialAccountBeforeCreate {
        /// Who asks.
        operator_account: String = "Operator_Account",
        /// Future owner.
        owner_account: String = "Owner_Account",
        /// Name.
        name: String = "Name",
    }
}

shape! {
    /// An official account that was created.
    pub struct OfficialAccountAfterCreate {
        /// Who created it.
        operator_account: String = "Operator_Account",
        /// The official account: begins with `@TOA#`.
        official_account: String = "Official_Account",
        /// Owner.
        owner_account: String = "Owner_Account",
        /// Name.
        name: String = "Name",
    }
}

shape! {
    /// A change of an official account. Only the fields that changed are present.
    pub struct OfficialAccountInfoChanged {
        /// The official account.
        official_account: String = "Official_Account",
        /// Who changed it.
        operator_account: String = "Operator_Account",
        /// New introduction.
        introduction: Option<String> = "Introduction",
        /// New name.
        name: Option<String> = "Name",
        /// New URL of the picture.
        face_url: Option<String> = "FaceUrl",
        /// New organization.
        organization: Option<String> = "Organization",
    }
}

shape! {
    /// An official account that was destroyed.
    pub struct OfficialAccountDestroyed {
        /// The official account.
        official_account: String = "Official_Account",
        /// Owner.
        owner_account: String = "Owner_Account",
        /// Name.
        name: String = "Name",
    }
}

shape! {
    /// Users who subscribe to an official account or unsubscribe from it.
    pub struct OfficialAccountSubscribers {
        /// The official account.
        official_account: String = "Official_Account",
        /// Who does it.
        operator_account: String = "Operator_Account",
        /// The users.
        subscribers: Vec<SubscriberItem> = "SubscribeAccountList",
    }
}

shape! {
    /// An official account that reached its maximum of subscribers.
    pub struct OfficialAccountFull {
        /// The official account.
        official_account: String = "Official_Account",
    }
}

shape! {
    /// A message of an official account that is about to be sent.
    pub struct OfficialAccountBeforeSendMsg {
        /// The official account.
        official_account: String = "Official_Account",
        /// Whether it is for online subscribers only.
        online_only_flag: Flag = "OnlineOnlyFlag",
        /// The elements.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// The app's own data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}

shape! {
    /// A message of an official account that was sent.
    pub struct OfficialAccountAfterSendMsg {
        /// The official account.
        official_account: String = "Official_Account",
        /// Key of the message.
        msg_key: String = "MsgKey",
        /// Unix time in seconds.
        msg_time: UnixSeconds = "MsgTime",
        /// Whether it was for online subscribers only.
        online_only_flag: Flag = "OnlineOnlyFlag",
        /// The elements, as they were delivered.
        msg_body: Vec<MsgElement> = "MsgBody",
        /// The app's own data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}

shape! {
    /// Key of a message.
    pub struct MsgKeyItem {
        /// The key.
        msg_key: String = "MsgKey",
    }
}

shape! {
    /// Messages of an official account that were recalled.
    pub struct OfficialAccountMsgWithdraw {
        /// The official account.
        official_account: String = "Official_Account",
        /// The messages.
        messages: Vec<MsgKeyItem> = "WithdrawMsgList",
    }
}

webhooks! {
    /// Fires before an official account is created.
    OFFICIAL_ACCOUNT_BEFORE_CREATE = "OfficialAccount.CallbackBeforeCreateOfficialAccount"
        (Before(Deny { codes: CODES })) => OfficialAccountBeforeCreate, doc: "1047/60795";

    /// Fires when an official account was created.
    OFFICIAL_ACCOUNT_AFTER_CREATE = "OfficialAccount.CallbackAfterCreateOfficialAccount" (After)
        => OfficialAccountAfterCreate, doc: "1047/60796";

    /// Fires when an official account was changed.
    OFFICIAL_ACCOUNT_INFO_CHANGED = "OfficialAccount.CallbackAfterOfficialAccountInfoChanged" (After)
        => OfficialAccountInfoChanged, doc: "1047/60797";

    /// Fires when an official account was destroyed.
    OFFICIAL_ACCOUNT_DESTROYED = "OfficialAccount.CallbackAfterOfficialAccountDestroyed" (After)
        => OfficialAccountDestroyed, doc: "1047/60798";

    /// Fires before users subscribe to an official account, by a client or by a call.
    BEFORE_ADD_SUBSCRIBER = "OfficialAccount.CallbackBeforeAddSubscriber"
        (Before(Accounts {
            asked: Asked { list: "SubscribeAccountList", account: "Subscriber_Account" },
            refused: "RefusedSubscribers_Account",
            codes: None,
        }))
        => OfficialAccountSubscribers, doc: "1047/60799";

    /// Fires when users subscribed to an official account.
    AFTER_ADD_SUBSCRIBER = "OfficialAccount.CallbackAfterAddSubscriber" (After) => OfficialAccountSubscribers,
        doc: "1047/60800";

    /// Fires when the last free place of an official account was taken.
    OFFICIAL_ACCOUNT_FULL = "OfficialAccount.CallbackAfterOfficialAccountFull" (After) => OfficialAccountFull,
        doc: "1047/60801";

    /// Fires when users unsubscribed from an official account.
    AFTER_DELETE_SUBSCRIBER = "OfficialAccount.CallbackAfterDeleteSubscriber" (After) => OfficialAccountSubscribers,
        doc: "1047/60802";

    /// Fires before a message of an official account is sent.
    OFFICIAL_ACCOUNT_BEFORE_SEND_MSG = "OfficialAccount.CallbackBeforeSendMsg" (Before(Message { codes: CODES }))
        => OfficialAccountBeforeSendMsg, doc: "1047/60803";

    /// Fires when a message of an official account was sent.
    OFFICIAL_ACCOUNT_AFTER_SEND_MSG = "OfficialAccount.CallbackAfterSendMsg" (After) => OfficialAccountAfterSendMsg,
        id: (official_account, msg_key), doc: "1047/60804";

    /// Fires when messages of an official account were recalled.
    OFFICIAL_ACCOUNT_MSG_WITHDRAW = "OfficialAccount.CallbackAfterMsgWithDraw" (After) => OfficialAccountMsgWithdraw,
        doc: "1047/60805";
}
