//! Alerts about limits.

use crate::schema::shape;
use crate::webhook::dsl::webhooks;

shape! {
    /// The daily number of new groups nears its limit.
    pub struct DailyGroupQuotaAlarm {
        /// Growth of the number of groups today.
        quota_used: u64 = "QuotaUsed",
        /// Limit of a day.
        quota: u64 = "Quota",
    }
}

shape! {
    /// A call is made too often.
    pub struct RequestOverLimit {
        /// Service in the path of the call, such as `openim`.
        service_name: String = "ServiceName",
        /// Command in the path of the call, such as `batchsendmsg`.
        command: String = "Command",
        /// Calls per second that were made.
        request: u64 = "Request",
        /// Calls per second that are allowed.
        limit: u64 = "Limit",
    }
}

webhooks! {
    /// Fires when the number of groups has grown by more than 70 % of the daily limit.
    DAILY_GROUP_QUOTA_ALARM = "Group.CallbackOnDailyGroupQuotaAlarm" (Alert) => DailyGroupQuotaAlarm,
        doc: "1047/57455";

    /// Fires when a call is made at more than 80 % of its rate limit. Has no switch: it comes as soon as a URL is set.
    REQUEST_OVER_LIMIT = "Alert.RequestOverLimit" (Alert) => RequestOverLimit, doc: "1047/60256";
}
