//! Offline push settings, shared by messages and push tasks.
//!
//! Vendor's page: 1047/33527. Titles and texts longer than a phone maker allows are cut and end in three dots. Title
//! and text limits in UTF-16 units: Huawei 60 and 600, Honor 50 and 400, Xiaomi 50 and 128, OPPO 50 and 50 (128 with
//! `push_style` 1), vivo 40 and 100, Meizu 32 and 100.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::schema::{Flag, JsonText, UnixSeconds, open_enum, shape};

shape! {
    /// Offline push settings of a message or a push task. An APNs packet is 4 KB at most: keep `desc` and `ext`
    /// together below 3 KB.
    pub struct OfflinePushInfo {
        /// 0 pushes to devices that are not online, 1 never pushes offline. Defaults to 0.
        push_flag: Option<u32> = "PushFlag" (values [0, 1]),
        /// Title on iOS and Android.
        title: Option<String> = "Title",
        /// Push text. Defaults to the push texts of the elements, joined.
        desc: Option<String> = "Desc",
        /// Texts by the language of the device, before `title` and `desc`. Needs SDK 8.5.6870.
        multi_language_content: Option<Vec<PushLanguageContent>> = "MultiLanguageContent",
        /// Data passed through to the client. Keep it JSON: some phone makers drop anything else.
        ext: Option<JsonText> = "Ext",
        /// Android settings.
        android_info: Option<AndroidInfo> = "AndroidInfo",
        /// iOS settings.
        apns_info: Option<ApnsInfo> = "ApnsInfo",
        /// HarmonyOS settings.
        harmony_info: Option<HarmonyInfo> = "HarmonyInfo",
        /// Raises the badge by 1 to 99; APNs, Huawei, Honor and HarmonyOS. Without it the last three raise the badge by
        /// 1.
        badge_add_num: Option<u32> = "BadgeAddNum" (range 1..=99),
        /// Sets the badge to 0 to 999 (99 on Huawei, Honor and HarmonyOS). Overrides `badge_add_num`.
        badge_set_num: Option<u32> = "BadgeSetNum" (range 0..=999),
        /// Push template made in the console, such as `1400000000-1`.
        push_template_id: Option<String> = "PushTemplateId",
        /// Values of the template's own variables, not of those that the service fills (`timTitle` and the like).
        push_template_param: Option<BTreeMap<String, String>> = "PushTemplateParam",
    }
}

shape! {
    /// Push texts in one language.
    pub struct PushLanguageContent {
        /// Language code, such as `zh-hant` or `en`.
        language: String = "Language",
        /// Title.
        title: Option<String> = "Title",
        /// Text.
        desc: Option<String> = "Desc",
    }
}

open_enum! {
    /// How loudly an Android phone announces a push.
    pub enum AndroidImportance {
        /// Quietly.
        Low = "LOW",
        /// With sound.
        Normal = "NORMAL",
    }
}

open_enum! {
    /// How a vivo phone notifies.
    pub enum VivoNotifyType {
        /// Not at all.
        None = "1",
        /// Rings.
        Ring = "2",
        /// Vibrates.
        Vibrate = "3",
        /// Rings and vibrates.
        RingAndVibrate = "4",
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
        /// Sound file under `res/raw`, without its suffix. Older pages ask for a file path.
        sound: Option<String> = "Sound",
        /// 0 for the default style, 1 for large text; Huawei, Honor and OPPO. Defaults to 0.
        push_style: Option<u32> = "PushStyle" (values [0, 1]),
        /// Channel on MIUI 10 and later. Overrides the console's.
        xiaomi_channel_id: Option<String> = "XiaoMiChannelID",
        /// Channel on Android 8.0 and later. Overrides the console's.
        oppo_channel_id: Option<String> = "OPPOChannelID",
        /// OPPO message class, such as `IM` or `MARKETING`. Overrides the console's.
        oppo_category: Option<String> = "OPPOCategory",
        /// OPPO private message template. Without effect on content and marketing messages.
        oppo_private_msg_template_id: Option<String> = "OPPOPrivateMsgTemplateId",
        /// Values for the template's title.
        oppo_private_title_parameters: Option<BTreeMap<String, String>> = "OPPOPrivateTitleParameters",
        /// Values for the template's content.
        oppo_private_content_parameters: Option<BTreeMap<String, String>> = "OPPOPrivateContentParameters",
        /// OPPO reminder level: 1 for the bar, 2 for bar and lock screen, 16 for banner, vibration and sound too. Needs
        /// `oppo_category`.
        oppo_notify_level: Option<u32> = "OPPONotifyLevel" (values [1, 2, 16]),
        /// vivo message class, the older form: 0 for operation, 1 for system. Defaults to 1. Prefer `vivo_category`.
        vivo_classification: Option<u32> = "VIVOClassification" (values [0, 1]),
        /// vivo message class, such as `IM` or `MARKETING`. Overrides the console's.
        vivo_category: Option<String> = "VIVOCategory",
        /// How a vivo phone notifies. Defaults to ringing and vibrating.
        vivo_notify_type: Option<VivoNotifyType> = "VIVONotifyType",
        /// Channel on EMUI 10.0 and later. Overrides the console's.
        huawei_channel_id: Option<String> = "HuaWeiChannelID",
        /// Huawei reminder level. Defaults to `NORMAL`.
        huawei_importance: Option<AndroidImportance> = "HuaWeiImportance",
        /// Huawei message class, such as `IM` or `MARKETING`. Overrides the console's.
        huawei_category: Option<String> = "HuaWeiCategory",
        /// HTTPS address of the small icon, below 512 KB.
        huawei_image: Option<String> = "HuaWeiImage",
        /// Passes `ext` as the Intent parameter instead of the Action parameter. Defaults to false.
        ext_as_huawei_intent_param: Option<Flag> = "ExtAsHuaweiIntentParam",
        /// HTTPS address of the icon, below 512 KB.
        honor_image: Option<String> = "HonorImage",
        /// Honor message class. Defaults to `NORMAL`.
        honor_importance: Option<AndroidImportance> = "HonorImportance",
        /// Address of the icon, at most 1 MB.
        google_image: Option<String> = "GoogleImage",
        /// FCM priority.
        google_priority: Option<FcmPriority> = "GooglePriority",
        /// Channel on Android 8.0 and later. Needs push set up with a certificate file.
        google_channel_id: Option<String> = "GoogleChannelID",
        /// Meizu message class: 0 for public, 1 for private. Overrides the console's.
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
        /// Sound file of the app, with its suffix, at most 30 seconds long.
        sound: Option<String> = "Sound",
        /// 0 raises the badge, 1 does not. Defaults to 0 in chats, to 1 in `push.send`.
        badge_mode: Option<u32> = "BadgeMode" (values [0, 1]),
        /// APNs title. Overrides `title` of `offline_push_info`.
        title: Option<String> = "Title",
        /// APNs subtitle.
        sub_title: Option<String> = "SubTitle",
        /// Address of an image that the client may load.
        image: Option<String> = "Image",
        /// Turns on the notification service extension. Defaults to false.
        mutable_content: Option<Flag> = "MutableContent",
        /// Interruption level on iOS 15 and later.
        interruption_level: Option<InterruptionLevel> = "InterruptionLevel",
        /// Pushes silently. Apple advises at most 3 an hour.
        content_available: Option<Flag> = "ContentAvailable",
        /// Sends a VoIP push, or a normal one to a device without a VoIP token.
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
        /// The state, an object as the client expects it.
        content_state: Value = "ContentState",
        /// Unix time in seconds until which an ended activity stays on the lock screen. Defaults to now.
        dismissal_date: Option<UnixSeconds> = "DismissalDate",
    }
}

shape! {
    /// HarmonyOS push settings.
    pub struct HarmonyInfo {
        /// Title. Overrides `title` of `offline_push_info`.
        title: Option<String> = "Title",
        /// HarmonyOS message class. Overrides the console's.
        category: Option<String> = "Category",
        /// HTTPS address of the large icon.
        image: Option<String> = "Image",
        /// Sound file under `resources/rawfile`: MP3, WAV or MPEG.
        sound: Option<String> = "Sound",
        /// Seconds that the sound plays, 1 to 60. Only with `sound`.
        sound_duration: Option<u32> = "SoundDuration" (range 1..=60),
    }
}
