//! Offline push settings, shared by messages and push tasks.
//!
//! Vendor's page: 1047/33527. Titles and texts that are longer than a phone maker allows are cut and end in three dots.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::schema::{Flag, JsonText, open_enum, shape};

shape! {
    /// Offline push settings of a message or a push task. An APNs packet is 4 KB at most: keep `desc` and `ext`
    /// together below 3 KB.
    pub struct OfflinePushInfo {
        /// 0 pushes offline where the device is not online, 1 never pushes offline.
        push_flag: Option<u32> = "PushFlag" (values [0, 1]),
        /// Title on iOS and Android.
        title: Option<String> = "Title",
        /// Push text; overrides the elements' own.
        desc: Option<String> = "Desc",
        /// Texts by the device's language (SDK 8.5.6870 and later).
        multi_language_content: Option<Vec<PushLanguageContent>> = "MultiLanguageContent",
        /// Data passed through. Keep it JSON: some phone makers drop anything else.
        ext: Option<JsonText> = "Ext",
        /// Android settings.
        android_info: Option<AndroidInfo> = "AndroidInfo",
        /// iOS settings.
        apns_info: Option<ApnsInfo> = "ApnsInfo",
        /// HarmonyOS settings.
        harmony_info: Option<HarmonyInfo> = "HarmonyInfo",
        /// Raises the badge by this, 1 to 99; APNs, Huawei, Honor and Harmony.
        badge_add_num: Option<u32> = "BadgeAddNum" (range 1..=99),
        /// Sets the badge, 0 to 999 (99 on Huawei, Honor and Harmony); wins over `badge_add_num`.
        badge_set_num: Option<u32> = "BadgeSetNum" (range 0..=999),
        /// Push template made in the console, of the form 1400000000-1.
        push_template_id: Option<String> = "PushTemplateId",
        /// Values of the template's own variables.
        push_template_param: Option<BTreeMap<String, String>> = "PushTemplateParam",
    }
}

shape! {
    /// Push texts in one language.
    pub struct PushLanguageContent {
        /// Language code such as zh-hant or en.
        language: String = "Language",
        /// Title.
        title: Option<String> = "Title",
        /// Text.
        desc: Option<String> = "Desc",
    }
}

open_enum! {
    /// How loudly an Android phone tells of a push.
    pub enum AndroidImportance {
        /// Quietly.
        Low = "LOW",
        /// With sound.
        Normal = "NORMAL",
    }
}

open_enum! {
    /// FCM priority.
    pub enum FcmPriority {
        /// Normal.
        Normal = "normal",
        /// High.
        High = "high",
    }
}

shape! {
    /// Android push settings, by phone maker.
    pub struct AndroidInfo {
        /// Sound file; the newest page says its name without suffix, under res/raw.
        sound: Option<String> = "Sound",
        /// 0 default, 1 large text; Huawei, Honor and OPPO.
        push_style: Option<u32> = "PushStyle" (values [0, 1]),
        /// Channel, MIUI 10 and later; overrides the console's.
        xiaomi_channel_id: Option<String> = "XiaoMiChannelID",
        /// Channel, Android 8.0 and later; overrides the console's.
        oppo_channel_id: Option<String> = "OPPOChannelID",
        /// OPPO message class, such as IM or MARKETING.
        oppo_category: Option<String> = "OPPOCategory",
        /// OPPO private message template.
        oppo_private_msg_template_id: Option<String> = "OPPOPrivateMsgTemplateId",
        /// Values for the template's title.
        oppo_private_title_parameters: Option<BTreeMap<String, String>> = "OPPOPrivateTitleParameters",
        /// Values for the template's content.
        oppo_private_content_parameters: Option<BTreeMap<String, String>> = "OPPOPrivateContentParameters",
        /// OPPO reminder level: 1 bar, 2 bar and lock screen, 16 all; needs `oppo_category`.
        oppo_notify_level: Option<u32> = "OPPONotifyLevel" (values [1, 2, 16]),
        /// vivo message class, older form: 0 operation, 1 system.
        vivo_classification: Option<u32> = "VIVOClassification" (values [0, 1]),
        /// vivo message class, such as IM or MARKETING.
        vivo_category: Option<String> = "VIVOCategory",
        /// vivo notification type: 1 none, 2 ring, 3 vibrate, 4 both.
        vivo_notify_type: Option<String> = "VIVONotifyType",
        /// Channel, EMUI 10.0 and later; overrides the console's.
        huawei_channel_id: Option<String> = "HuaWeiChannelID",
        /// Huawei reminder level.
        huawei_importance: Option<AndroidImportance> = "HuaWeiImportance",
        /// Huawei message class, such as IM or MARKETING.
        huawei_category: Option<String> = "HuaWeiCategory",
        /// HTTPS address of the small icon, below 512 KB.
        huawei_image: Option<String> = "HuaWeiImage",
        /// Whether `ext` is the Intent parameter instead of the Action parameter.
        ext_as_huawei_intent_param: Option<Flag> = "ExtAsHuaweiIntentParam",
        /// HTTPS address of the icon, below 512 KB.
        honor_image: Option<String> = "HonorImage",
        /// Honor message class.
        honor_importance: Option<AndroidImportance> = "HonorImportance",
        /// Address of the icon, at most 1 MB.
        google_image: Option<String> = "GoogleImage",
        /// FCM priority.
        google_priority: Option<FcmPriority> = "GooglePriority",
        /// Channel, Android 8.0 and later.
        google_channel_id: Option<String> = "GoogleChannelID",
        /// Meizu message class: 0 public, 1 private.
        meizu_notice_msg_type: Option<u32> = "MeiZuNoticeMsgType" (values [0, 1]),
    }
}

open_enum! {
    /// iOS interruption level, iOS 15 and later.
    pub enum InterruptionLevel {
        /// Lights the screen.
        Active = "active",
        /// Passes the mute switch.
        Critical = "critical",
        /// Only lands in the list.
        Passive = "passive",
        /// Passes focus modes.
        TimeSensitive = "time-sensitive",
    }
}

shape! {
    /// iOS push settings.
    pub struct ApnsInfo {
        /// Sound file with suffix, part of the app, 30 s at most.
        sound: Option<String> = "Sound",
        /// 0 counts in the badge, 1 does not.
        badge_mode: Option<u32> = "BadgeMode" (values [0, 1]),
        /// APNs title; overrides the common one.
        title: Option<String> = "Title",
        /// APNs subtitle.
        sub_title: Option<String> = "SubTitle",
        /// Address of an image that the client may load.
        image: Option<String> = "Image",
        /// Turns on the notification service extension.
        mutable_content: Option<Flag> = "MutableContent",
        /// Interruption level.
        interruption_level: Option<InterruptionLevel> = "InterruptionLevel",
        /// Silent push; at most 3 an hour are advised.
        content_available: Option<Flag> = "ContentAvailable",
        /// VoIP push.
        is_voip_push: Option<Flag> = "IsVoipPush",
        /// Updates or ends a Live Activity.
        live_activity: Option<LiveActivity> = "LiveActivity",
    }
}

open_enum! {
    /// What to do with a Live Activity.
    pub enum LiveActivityEvent {
        /// Change it.
        Update = "update",
        /// End it.
        End = "end",
    }
}

shape! {
    /// A change of a Live Activity.
    pub struct LiveActivity {
        /// Its id on the client, at most 64 bytes.
        la_id: String = "LaId" (bytes 1..=64),
        /// What to do.
        event: LiveActivityEvent = "Event",
        /// The state, as the client expects it.
        content_state: Value = "ContentState",
        /// Unix time until which an ended activity stays on the lock screen.
        dismissal_date: Option<u64> = "DismissalDate",
    }
}

shape! {
    /// HarmonyOS push settings.
    pub struct HarmonyInfo {
        /// Title; overrides the common one.
        title: Option<String> = "Title",
        /// HarmonyOS message class.
        category: Option<String> = "Category",
        /// HTTPS address of the large icon.
        image: Option<String> = "Image",
        /// Sound file under resources/rawfile.
        sound: Option<String> = "Sound",
        /// Seconds that the sound plays, 1 to 60.
        sound_duration: Option<u32> = "SoundDuration" (range 1..=60),
    }
}
