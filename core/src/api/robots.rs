//! Chatbot accounts.

use super::Empty;
use crate::schema::{Flag, UserId, ops, shape};

shape! {
    /// A chatbot to create.
    pub struct CreateRobot {
        /// User id, at most 32 bytes, which must begin with `@RBT#`.
        user_id: UserId = "UserID" (prefix "@RBT#"),
        /// Nickname.
        nick: Option<String> = "Nick",
        /// Address of the picture.
        face_url: Option<String> = "FaceUrl",
        /// Status text, at most 500 bytes.
        self_signature: Option<String> = "SelfSignature" (bytes ..=500),
    }
}

shape! {
    /// All chatbots of the app.
    pub struct ListRobotsReply {
        /// Their user ids.
        robot_accounts: Vec<String> = "Robot_Account",
    }
}

shape! {
    /// A chatbot to disable.
    pub struct DeleteRobot {
        /// Its user id, which begins with `@RBT#`.
        robot_account: UserId = "Robot_Account" (prefix "@RBT#"),
    }
}

shape! {
    /// The next piece of a chatbot's answer.
    pub struct SendRobotStreamChunk {
        /// The chatbot.
        from_account: UserId = "From_Account",
        /// Receiver.
        to_account: UserId = "To_Account",
        /// The piece of text.
        chunk: String = "Chunk",
        /// Key of the message, from the first reply. Required from the second call on.
        msg_key: Option<String> = "MsgKey",
        /// Ends the message with this piece.
        finish: Option<Flag> = "Finish",
    }
}

shape! {
    /// A chatbot's answer after a piece.
    pub struct SendRobotStreamChunkReply {
        /// Key of the message, to send with later pieces.
        msg_key: String = "MsgKey",
    }
}

ops! {
    /// Creates a chatbot. An app has at most 20.
    CREATE = "v4/openim_robot_http_svc/create_robot", robots.create,
        CreateRobot => Empty, rate: 200, retry: Safe, doc: "1047/55281", errors: [10002, 10004, 10008];

    /// Lists all chatbots of the app at once.
    LIST = "v4/openim_robot_http_svc/get_all_robots", robots.list,
        Empty => ListRobotsReply, rate: 200, retry: Safe, doc: "1047/55280", errors: [10002, 10008];

    /// Disables a chatbot. Its user id is not deleted.
    // What disabling it again answers is not documented; `list` tells.
    DELETE = "v4/openim_robot_http_svc/delete_robot", robots.delete,
        DeleteRobot => Empty, rate: none, retry: AfterCheck, doc: "269/89992";

    /// Sends a piece of a chatbot's answer, the older way.
    // Each call appends its piece.
    SEND_STREAM_CHUNK = "v4/openim_robot_http_svc/send_stream_msg", robots.send_stream_chunk,
        SendRobotStreamChunk => SendRobotStreamChunkReply, rate: 200, retry: Never, doc: "1047/71131",
        replaced_by: "messages.send_stream_chunks";
}
