//! Stream messages: one message whose text arrives in chunks. Shared by one-to-one and group calls.
//!
//! Vendor's pages: 269/128596 and 269/128597.

use crate::schema::{open_enum, shape, union_of};

union_of! {
    /// The one element of a stream message.
    pub enum StreamElement: msg_type = "MsgType", msg_content = "MsgContent" {
        /// Chunks of text.
        Stream(StreamContent) = "TIMStreamElem",
    }
}

shape! {
    /// Content of a `TIMStreamElem`. The whole message must stay below 128 KB.
    pub struct StreamContent {
        /// The new chunks.
        chunks: Vec<StreamChunk> = "Chunks",
        /// Text shown by clients that cannot display stream messages.
        compatible_text: Option<String> = "CompatibleText",
        /// Id of the stream, from the first reply. Required from the second call on.
        stream_msg_id: Option<String> = "StreamMsgID",
    }
}

open_enum! {
    /// Kind of a chunk.
    pub enum StreamEventType {
        /// Text.
        Data = "data",
    }
}

shape! {
    /// One chunk of a stream message.
    pub struct StreamChunk {
        /// Kind of the chunk.
        event_type: StreamEventType = "EventType",
        /// Position in the stream. Starts at 1 and rises.
        index: u32 = "Index" (range 1..=4294967295),
        /// Text of the chunk, in Markdown.
        markdown: String = "Markdown",
        /// Whether this chunk ends the stream. The service refuses later ones.
        is_last: bool = "IsLast",
    }
}
