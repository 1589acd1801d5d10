//! Extensions: key-values on one message. Shared by one-to-one and group calls.
//!
//! Vendor's pages: 1047/51195, 1047/51194, 1047/52170 and 1047/52169.

use crate::schema::{Flag, ItemCode, shape};

shape! {
    /// A key-value of a message.
    pub struct MsgExtension {
        /// Key, at most 100 bytes.
        key: String = "Key" (bytes 1..=100),
        /// Value, at most 1000 bytes. Empty when deleting.
        value: String = "Value" (bytes ..=1000),
        /// Version of the key-value: 0 before the first change. Ignored for app admins, who make these calls.
        seq: Option<u32> = "Seq",
    }
}

shape! {
    /// Outcome of one key-value.
    pub struct MsgExtensionResult {
        /// 0 for success; 23001 for an outdated `seq`.
        error_code: ItemCode = "ErrorCode",
        /// The key-value as it stands now.
        extension: MsgExtension = "Extension",
    }
}

shape! {
    /// Outcome of a change of extensions.
    pub struct UpdateExtensionsReply {
        /// Outcome of each key-value.
        extensions: Vec<MsgExtensionResult> = "ExtensionList",
    }
}

shape! {
    /// Extensions of a message.
    pub struct ListExtensionsReply {
        /// At most 200 key-values, in the order of `seq`.
        extensions: Vec<MsgExtension> = "ExtensionList",
        /// Whether these are the last ones.
        complete_flag: Flag = "CompleteFlag",
        /// Largest `seq` of all key-values of the message.
        latest_seq: u32 = "LatestSeq",
        /// `seq` of the last clearing. Forget stored key-values up to and including it.
        clear_seq: u32 = "ClearSeq",
    }
}
