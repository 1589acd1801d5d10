//! Message elements: what a message body is made of. Shared by one-to-one, group and push calls.
//!
//! Vendor's page: message formats, 1047/33527.

use crate::schema::{JsonText, UnixSeconds, shape, union_of};

union_of! {
    /// One element of a message. A message may hold many, but only one `TIMCustomElem`, and at most 12 KB in all.
    pub enum MsgElement: msg_type = "MsgType", msg_content = "MsgContent" {
        /// Text.
        Text(TextContent) = "TIMTextElem",
        /// A location.
        Location(LocationContent) = "TIMLocationElem",
        /// An emoji of the app.
        Face(FaceContent) = "TIMFaceElem",
        /// The app's own data.
        Custom(CustomContent) = "TIMCustomElem",
        /// Sound.
        Sound(SoundContent) = "TIMSoundElem",
        /// An image in up to three sizes.
        Image(ImageContent) = "TIMImageElem",
        /// A file.
        File(FileContent) = "TIMFileElem",
        /// A video with its thumbnail.
        Video(VideoFileContent) = "TIMVideoFileElem",
        /// Several messages forwarded as one.
        Relay(RelayContent) = "TIMRelayElem",
    }
}

shape! {
    /// Content of a `TIMTextElem`.
    pub struct TextContent {
        /// The text, which is also the push text.
        text: String = "Text",
    }
}

shape! {
    /// Content of a `TIMLocationElem`.
    pub struct LocationContent {
        /// Description of the location.
        desc: Option<String> = "Desc",
        /// Latitude in degrees.
        latitude: f64 = "Latitude",
        /// Longitude in degrees.
        longitude: f64 = "Longitude",
    }
}

shape! {
    /// Content of a `TIMFaceElem`.
    pub struct FaceContent {
        /// Index of the emoji. The app gives it a meaning.
        index: i32 = "Index",
        /// Extra data.
        data: Option<JsonText> = "Data",
    }
}

shape! {
    /// Content of a `TIMCustomElem`. A message of this element alone, without a description here or in
    /// `offline_push_info`, gets no offline push.
    pub struct CustomContent {
        /// The app's own data, never part of the push.
        data: Option<JsonText> = "Data",
        /// Description and push text. `desc` of `offline_push_info` overrides it.
        desc: Option<String> = "Desc",
        /// Extension, sent as the key `ext` of an APNs push.
        ext: Option<JsonText> = "Ext",
        /// APNs sound.
        sound: Option<String> = "Sound",
    }
}

shape! {
    /// Content of a `TIMSoundElem`. Messages from client SDK 3 and older lack `url` and `download_flag`.
    pub struct SoundContent {
        /// Download address.
        url: String = "Url",
        /// Globally unique id, usually the file's MD5.
        uuid: String = "UUID",
        /// Size in bytes.
        size: Option<u32> = "Size",
        /// Length in seconds.
        second: Option<u32> = "Second",
        /// 2: clients download it from `url`.
        download_flag: u32 = "Download_Flag" (values [2]),
    }
}

shape! {
    /// Content of a `TIMImageElem`.
    pub struct ImageContent {
        /// Globally unique id, usually the file's MD5.
        uuid: String = "UUID",
        /// 1 for JPG, 2 for GIF, 3 for PNG, 4 for BMP, 255 for any other format.
        image_format: Option<u32> = "ImageFormat" (values [1, 2, 3, 4, 255]),
        /// The original, the large and the thumbnail version.
        image_info: Vec<ImageInfo> = "ImageInfoArray",
    }
}

shape! {
    /// One version of an image.
    pub struct ImageInfo {
        /// 1 for the original, 2 for the large version, 3 for the thumbnail.
        r#type: u32 = "Type" (values [1, 2, 3]),
        /// Size in bytes.
        size: Option<u32> = "Size",
        /// Width in pixels.
        width: u32 = "Width",
        /// Height in pixels.
        height: u32 = "Height",
        /// Download address.
        url: String = "URL",
    }
}

shape! {
    /// Content of a `TIMFileElem`. Messages from client SDK 3 and older lack `url` and `download_flag`.
    pub struct FileContent {
        /// Download address.
        url: String = "Url",
        /// Globally unique id, usually the file's MD5.
        uuid: String = "UUID",
        /// Size in bytes.
        file_size: Option<u32> = "FileSize",
        /// File name.
        file_name: Option<String> = "FileName",
        /// 2: clients download it from `url`.
        download_flag: u32 = "Download_Flag" (values [2]),
    }
}

shape! {
    /// Content of a `TIMVideoFileElem`. Messages from client SDK 3 and older lack the addresses and the flags.
    pub struct VideoFileContent {
        /// Download address of the video.
        video_url: String = "VideoUrl",
        /// Globally unique id of the video.
        video_uuid: String = "VideoUUID",
        /// Size in bytes.
        video_size: Option<u32> = "VideoSize",
        /// Length in seconds.
        video_second: Option<u32> = "VideoSecond",
        /// Format, such as mp4.
        video_format: Option<String> = "VideoFormat",
        /// 2: clients download it from `video_url`.
        video_download_flag: u32 = "VideoDownloadFlag" (values [2]),
        /// Download address of the thumbnail.
        thumb_url: String = "ThumbUrl",
        /// Globally unique id of the thumbnail.
        thumb_uuid: String = "ThumbUUID",
        /// Size in bytes.
        thumb_size: Option<u32> = "ThumbSize",
        /// Width in pixels.
        thumb_width: u32 = "ThumbWidth",
        /// Height in pixels.
        thumb_height: u32 = "ThumbHeight",
        /// Format, such as JPG or BMP.
        thumb_format: Option<String> = "ThumbFormat",
        /// 2: clients download it from `thumb_url`.
        thumb_download_flag: u32 = "ThumbDownloadFlag" (values [2]),
    }
}

shape! {
    /// Content of a `TIMRelayElem`: several messages forwarded as one. Needs native SDK 5.2.210 or web SDK 2.10.1.
    pub struct RelayContent {
        /// Title.
        title: Option<String> = "Title",
        /// Number of messages inside.
        msg_num: Option<u32> = "MsgNum",
        /// Text that older SDKs show instead.
        compatible_text: Option<String> = "CompatibleText",
        /// Preview lines.
        abstract_list: Option<Vec<String>> = "AbstractList",
        /// The messages, if they have at most 12 KB in all.
        msg_list: Option<Vec<RelayMsg>> = "MsgList",
        /// Key of the stored messages, if they have more.
        json_msg_key: Option<String> = "JsonMsgKey",
    }
    exactly_one(msg_list, json_msg_key);
}

shape! {
    /// One message inside a `TIMRelayElem`.
    pub struct RelayMsg {
        /// Sender.
        from_account: Option<String> = "From_Account",
        /// Receiver of a one-to-one message.
        to_account: Option<String> = "To_Account",
        /// Group of a group message.
        group_id: Option<String> = "GroupId",
        /// Sequence number.
        msg_seq: Option<u32> = "MsgSeq",
        /// Random number.
        msg_random: Option<u32> = "MsgRandom",
        /// Unix time in seconds.
        msg_time_stamp: Option<UnixSeconds> = "MsgTimeStamp",
        /// The elements.
        msg_body: Option<Vec<MsgElement>> = "MsgBody",
        /// The app's own data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}
