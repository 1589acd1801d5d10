//! Message elements: what a message body is made of. Shared by one-to-one, group and push calls.
//!
//! Vendor's page: message formats, 1047/33527.

use crate::schema::{JsonText, shape, union_of};

union_of! {
    /// One element of a message. A message may hold many, but only one of kind `TIMCustomElem`; all together at most 12 KB.
    pub enum MsgElement: msg_type = "MsgType", msg_content = "MsgContent" {
        /// Text.
        Text(TextContent) = "TIMTextElem",
        /// A place.
        Location(LocationContent) = "TIMLocationElem",
        /// An emoji of the app's own.
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
        /// The text; also the push text.
        text: String = "Text",
    }
}

shape! {
    /// Content of a `TIMLocationElem`.
    pub struct LocationContent {
        /// Description of the place.
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
        /// Index of the emoji; its meaning is the app's.
        index: i32 = "Index",
        /// Extra data.
        data: Option<JsonText> = "Data",
    }
}

shape! {
    /// Content of a `TIMCustomElem`. Alone and without a description it gets no offline push.
    pub struct CustomContent {
        /// The app's data; never part of the push.
        data: Option<JsonText> = "Data",
        /// Description and push text.
        desc: Option<String> = "Desc",
        /// Extension; the key `ext` of an APNs push.
        ext: Option<JsonText> = "Ext",
        /// APNs sound.
        sound: Option<String> = "Sound",
    }
}

shape! {
    /// Content of a `TIMSoundElem`.
    pub struct SoundContent {
        /// Download address.
        url: Option<String> = "Url",
        /// Globally unique id, usually the file's MD5.
        uuid: String = "UUID",
        /// Size in bytes.
        size: Option<u32> = "Size",
        /// Length in seconds.
        second: Option<u32> = "Second",
        /// 2: it downloads from `url`.
        download_flag: Option<u32> = "Download_Flag" (values [2]),
    }
}

shape! {
    /// Content of a `TIMImageElem`.
    pub struct ImageContent {
        /// Globally unique id, usually the file's MD5.
        uuid: String = "UUID",
        /// 1 JPG, 2 GIF, 3 PNG, 4 BMP, 255 another.
        image_format: Option<u32> = "ImageFormat" (values [1, 2, 3, 4, 255]),
        /// The original, the large and the thumbnail version.
        image_info: Vec<ImageInfo> = "ImageInfoArray",
    }
}

shape! {
    /// One version of an image.
    pub struct ImageInfo {
        /// 1 original, 2 large, 3 thumbnail.
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
    /// Content of a `TIMFileElem`.
    pub struct FileContent {
        /// Download address.
        url: Option<String> = "Url",
        /// Globally unique id, usually the file's MD5.
        uuid: String = "UUID",
        /// Size in bytes.
        file_size: Option<u32> = "FileSize",
        /// File name.
        file_name: Option<String> = "FileName",
        /// 2: it downloads from `url`.
        download_flag: Option<u32> = "Download_Flag" (values [2]),
    }
}

shape! {
    /// Content of a `TIMVideoFileElem`.
    pub struct VideoFileContent {
        /// Download address of the video.
        video_url: Option<String> = "VideoUrl",
        /// Globally unique id of the video.
        video_uuid: String = "VideoUUID",
        /// Size in bytes.
        video_size: Option<u32> = "VideoSize",
        /// Length in seconds.
        video_second: Option<u32> = "VideoSecond",
        /// Format, such as mp4.
        video_format: Option<String> = "VideoFormat",
        /// 2: it downloads from `video_url`.
        video_download_flag: Option<u32> = "VideoDownloadFlag" (values [2]),
        /// Download address of the thumbnail.
        thumb_url: Option<String> = "ThumbUrl",
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
        /// 2: it downloads from `thumb_url`.
        thumb_download_flag: Option<u32> = "ThumbDownloadFlag" (values [2]),
    }
}

shape! {
    /// Content of a `TIMRelayElem`: several messages forwarded as one. Needs native SDK 5.2.210 or web SDK 2.10.1.
    pub struct RelayContent {
        /// Title.
        title: Option<String> = "Title",
        /// Number of messages inside.
        msg_num: Option<u32> = "MsgNum",
        /// What older SDKs show instead.
        compatible_text: Option<String> = "CompatibleText",
        /// Preview lines.
        abstract_list: Option<Vec<String>> = "AbstractList",
        /// The messages, where together they are at most 12 KB.
        msg_list: Option<Vec<RelayMsg>> = "MsgList",
        /// Key of the stored messages, where they are longer.
        json_msg_key: Option<String> = "JsonMsgKey",
    }
    exactly_one(msg_list, json_msg_key);
}

shape! {
    /// One message inside a `TIMRelayElem`.
    pub struct RelayMsg {
        /// Sender.
        from_account: Option<String> = "From_Account",
        /// Receiver; one-to-one messages only.
        to_account: Option<String> = "To_Account",
        /// Group; group messages only.
        group_id: Option<String> = "GroupId",
        /// Sequence number.
        msg_seq: Option<u32> = "MsgSeq",
        /// Random number.
        msg_random: Option<u32> = "MsgRandom",
        /// Time in Unix seconds.
        msg_time_stamp: Option<u64> = "MsgTimeStamp",
        /// The elements.
        msg_body: Option<Vec<MsgElement>> = "MsgBody",
        /// Custom data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
    }
}
