//! Content moderation: checking content, keeping keyword lists.

use crate::schema::{Done, ItemCode, Next, Page, open_enum, ops, shape};

open_enum! {
    /// Kind of content to check.
    pub enum ContentType {
        /// Text.
        Text = "Text",
        /// An image.
        Image = "Image",
        /// Sound.
        Audio = "Audio",
        /// A video.
        Video = "Video",
    }
}

open_enum! {
    /// Advice after a check.
    pub enum ModerationResult {
        /// Let it pass.
        Pass = "Pass",
        /// Let a person look at it.
        Review = "Review",
        /// Block it.
        Block = "Block",
    }
}

open_enum! {
    /// What content is about.
    pub enum ModerationLabel {
        /// Nothing objectionable.
        Normal = "Normal",
        /// Politics.
        Polity = "Polity",
        /// Pornography.
        Porn = "Porn",
        /// Something illegal.
        Illegal = "Illegal",
        /// Abuse.
        Abuse = "Abuse",
        /// Terror.
        Terror = "Terror",
        /// Advertising.
        Ad = "Ad",
        /// Sexually suggestive content.
        Sexy = "Sexy",
        /// Several of these.
        Composite = "Composite",
    }
}

shape! {
    /// Content to check.
    pub struct CheckContent {
        /// `C2C`, `Group`, `UserInfo`, `GroupInfo`, `GroupMemberInfo`, `RelationChain`, or the id of a configuration of
        /// the app's own.
        audit_name: String = "AuditName",
        /// Kind of content.
        content_type: ContentType = "ContentType",
        /// The text, or the address of the file, at most 8 KB. An image has at most 5 MB.
        content: String = "Content" (bytes ..=8192),
        /// Sender, for the records.
        ext_sender: Option<String> = "ExtSender",
        /// Receiver, for the records.
        ext_receiver: Option<String> = "ExtReceiver",
    }
}

shape! {
    /// The outcome of a check. For sound and video it comes later, by webhook.
    pub struct CheckContentReply {
        /// Id of the request.
        request_id: String = "RequestId",
        /// Advice.
        result: Option<ModerationResult> = "Result",
        /// How objectionable it is, 0 to 100.
        score: Option<u32> = "Score",
        /// What was found.
        label: Option<ModerationLabel> = "Label",
        /// Keywords found. None if a model found it.
        keywords: Option<Vec<String>> = "Keywords",
    }
}

shape! {
    /// One of many contents to check.
    pub struct ContentToCheck {
        /// Number of your own, different for each content of the call.
        content_id: u32 = "ContentId",
        /// `Text` or `Image`.
        content_type: ContentType = "ContentType",
        /// The text, or the address of the image, at most 8 KB. An image has at most 5 MB.
        content: String = "Content" (bytes ..=8192),
    }
}

shape! {
    /// Texts and images to check.
    pub struct CheckContents {
        /// `C2C`, `Group`, `UserInfo`, `GroupInfo`, `GroupMemberInfo`, `RelationChain`, or the id of a configuration of
        /// the app's own.
        audit_name: String = "AuditName",
        /// 1 to 10 texts and images.
        contents: Vec<ContentToCheck> = "Contents" (items 1..=10),
        /// Sender, for the records.
        ext_sender: Option<String> = "ExtSender",
        /// Receiver, for the records.
        ext_receiver: Option<String> = "ExtReceiver",
    }
}

shape! {
    /// The outcome of one of many checks.
    pub struct CheckContentResult {
        /// Number of the content.
        content_id: u32 = "ContentId",
        /// 0 for success, else an error code.
        error_code: ItemCode = "ErrorCode",
        /// Error text.
        error_info: String = "ErrorInfo",
        /// Advice.
        result: Option<ModerationResult> = "Result",
        /// How objectionable it is, 0 to 100.
        score: Option<u32> = "Score",
        /// What was found.
        label: Option<ModerationLabel> = "Label",
        /// What was found, in more detail.
        sub_label: Option<String> = "SubLabel",
        /// Keywords found.
        keywords: Option<Vec<String>> = "Keywords",
        /// Id of the check.
        request_id: String = "RequestId",
    }
}

shape! {
    /// The outcome of each check. A success may still hold failures: look at each `error_code`.
    pub struct CheckContentsReply {
        /// One result for each content.
        results: Vec<CheckContentResult> = "AuditResults",
    }
}

shape! {
    /// A page of the app's keyword libraries.
    pub struct ListKeywordLibraries {
        /// SDKAppID of the app.
        sdk_app_id: u32 = "SdkAppId",
        /// Position of the page, 0 at first.
        offset: u32 = "Offset",
        /// Keyword libraries per page, at most 100.
        limit: u32 = "Limit" (range ..=100),
    }
}

shape! {
    /// A keyword library.
    pub struct KeywordLibrary {
        /// Its id, the `lib_id` of other calls.
        id: String = "ID",
        /// Name.
        lib_name: String = "LibName",
        /// Description.
        describe: String = "Describe",
        /// When it was created, as text such as `2023-02-20 13:53:44 +0800 CST`.
        create_time: String = "CreateTime",
        /// What a hit leads to, such as `Block`.
        suggestion: String = "Suggestion",
    }
}

shape! {
    /// A page of keyword libraries.
    pub struct ListKeywordLibrariesReply {
        /// Id of the request.
        request_id: String = "RequestId",
        /// Number of all keyword libraries.
        total_count: u32 = "TotalCount",
        /// The keyword libraries.
        libraries: Vec<KeywordLibrary> = "Infos",
    }
}

shape! {
    /// A page of a keyword library.
    pub struct ListKeywords {
        /// SDKAppID of the app.
        sdk_app_id: u32 = "SdkAppId",
        /// Position of the page, 0 at first.
        offset: u32 = "Offset",
        /// Keywords per page, at most 100.
        limit: u32 = "Limit" (range ..=100),
        /// The keyword library.
        lib_id: String = "LibID",
        /// Text to search for. If left out, all keywords are listed.
        content: Option<String> = "Content",
    }
}

shape! {
    /// A keyword of a library.
    pub struct CloudKeyword {
        /// Its id.
        id: String = "ID",
        /// The keyword.
        content: String = "Content",
        /// When it was added, as text such as `2023-06-24 23:45:04`.
        create_time: String = "CreateTime",
        /// What it is about.
        label: Option<String> = "Label",
    }
}

shape! {
    /// A page of keywords.
    pub struct ListKeywordsReply {
        /// Id of the request.
        request_id: String = "RequestId",
        /// Number of all keywords.
        total_count: u32 = "TotalCount",
        /// The keywords.
        keywords: Vec<CloudKeyword> = "Infos",
    }
}

shape! {
    /// A keyword to add.
    pub struct NewKeyword {
        /// The keyword.
        content: String = "Content",
        /// What it is about.
        label: Option<ModerationLabel> = "Label",
    }
}

shape! {
    /// Keywords to add to a library.
    pub struct AddKeywords {
        /// SDKAppID of the app.
        sdk_app_id: u32 = "SdkAppId",
        /// The keyword library.
        lib_id: String = "LibID",
        /// The keywords. 2016 means that there are too many; how many the service takes is not documented.
        keywords: Vec<NewKeyword> = "UserKeywords",
    }
}

shape! {
    /// A change of keywords that was made.
    pub struct KeywordsReply {
        /// Id of the request.
        request_id: String = "RequestId",
    }
}

shape! {
    /// Keywords to remove from a library.
    pub struct RemoveKeywords {
        /// SDKAppID of the app.
        sdk_app_id: u32 = "SdkAppId",
        /// The keyword library.
        lib_id: String = "LibID",
        /// 1 to 10 keywords.
        keywords: Vec<String> = "Keywords" (items 1..=10),
    }
}

shape! {
    /// What became of one keyword to remove.
    pub struct RemoveKeywordResult {
        /// Its id.
        keyword_id: String = "KeywordID",
        /// The keyword.
        keyword: String = "Keyword",
        /// Whether it was removed.
        deleted: bool = "Deleted" (done [1]),
        /// Why not.
        error_info: String = "ErrorInfo",
    }
}

shape! {
    /// What became of each keyword to remove. A success may still hold failures: look at each `deleted`.
    pub struct RemoveKeywordsReply {
        /// Id of the request.
        request_id: String = "RequestId",
        /// Number of keywords removed.
        count: u32 = "Count",
        /// One result for each keyword.
        results: Vec<RemoveKeywordResult> = "Details",
    }
}

shape! {
    /// A word or regular expression of the local filter.
    pub struct LocalKeyword {
        /// Its id.
        id: Option<u64> = "Id",
        /// The word or regular expression.
        keyword: Option<String> = "Keyword",
        /// 1 for a word, 2 for a regular expression.
        word_type: Option<u32> = "WordType" (values [1, 2]),
        /// 1 replaces what matches, 2 blocks the message.
        filter_type: Option<u32> = "FilterType" (values [1, 2]),
        /// What replaces it.
        replaced_content: Option<String> = "ReplacedContent",
        /// When it last changed, as text. Only in replies.
        update_time: Option<String> = "UpdateTime",
    }
}

shape! {
    /// A page of the local filter.
    pub struct ListLocalKeywords {
        /// SDKAppID of the app.
        sdk_app_id: u32 = "SdkAppId",
        /// Lists only words that replace (1) or only those that block (2). Defaults to both.
        filter_type: Option<u32> = "FilterType" (values [1, 2]),
        /// Position of the page, 0 at first.
        offset: u32 = "Offset",
        /// Words per page, at most 100.
        limit: u32 = "Limit" (range ..=100),
        /// Text to search for. If left out, all words are listed.
        keyword: Option<String> = "Keyword",
    }
}

shape! {
    /// A page of the local filter's words and regular expressions.
    pub struct ListLocalKeywordsReply {
        /// Id of the request.
        request_id: String = "RequestId",
        /// The words and regular expressions.
        keywords: Vec<LocalKeyword> = "LocalAuditWords",
        /// Number of all words of the app.
        total_count: u32 = "TotalCount",
        /// Number of all regular expressions of the app.
        total_reg_count: u32 = "TotalRegCount",
        /// Number of words that the search finds.
        cur_count: u32 = "CurCount",
        /// Number of regular expressions that the search finds.
        cur_reg_count: u32 = "CurRegCount",
    }
}

shape! {
    /// Words and regular expressions to add to the local filter.
    pub struct AddLocalKeywords {
        /// SDKAppID of the app.
        sdk_app_id: u32 = "SdkAppId",
        /// 1 to 10 words and regular expressions.
        keywords: Vec<LocalKeyword> = "LocalAuditWords" (items 1..=10),
    }
}

shape! {
    /// Words and regular expressions to remove from the local filter.
    pub struct RemoveLocalKeywords {
        /// SDKAppID of the app.
        sdk_app_id: u32 = "SdkAppId",
        /// 1 to 10 words and regular expressions.
        keywords: Vec<LocalKeyword> = "LocalAuditWords" (items 1..=10),
    }
}

ops! {
    /// Checks one text, image, sound or video. Every check is paid for.
    ///
    /// The outcome for text and images is in the reply; that for sound and video comes by webhook.
    CHECK_CONTENT = "v4/im_msg_audit/content_moderation", moderation.check_content,
        CheckContent => CheckContentReply, rate: 200, retry: Safe, doc: "1047/77827",
        errors: [2001, 2002, 2003, 2004, 2015, 60003, 60020, 60022, 93000];

    /// Checks up to 10 texts and images. Every check is paid for.
    CHECK_CONTENTS = "v4/im_msg_audit/batch_content_moderation", moderation.check_contents,
        CheckContents => CheckContentsReply, rate: 200, retry: Safe, doc: "1047/77828",
        batch: contents 10 each results;

    /// Lists the keyword libraries of the app, page by page.
    LIST_KEYWORD_LIBRARIES = "v4/im_msg_audit_mgr/get_cloud_audit_keywords_ids", moderation.list_keyword_libraries,
        ListKeywordLibraries => ListKeywordLibrariesReply, rate: 200, retry: Safe, doc: "1047/77829",
        page: Page {
            next: &[("offset", Next::Count)],
            size: Some(("limit", 100)),
            items: &["libraries"],
            until: &[Done::Total("total_count")],
        };

    /// Lists the keywords of a library, or searches in them, page by page.
    LIST_KEYWORDS = "v4/im_msg_audit_mgr/get_cloud_audit_keywords", moderation.list_keywords,
        ListKeywords => ListKeywordsReply, rate: 200, retry: Safe, doc: "1047/77830",
        page: Page {
            next: &[("offset", Next::Count)],
            size: Some(("limit", 100)),
            items: &["keywords"],
            until: &[Done::Total("total_count")],
        };

    /// Adds keywords to a library.
    // What adding a keyword again does is not documented; `list_keywords` tells.
    ADD_KEYWORDS = "v4/im_msg_audit_mgr/add_cloud_audit_keywords", moderation.add_keywords,
        AddKeywords => KeywordsReply, rate: 200, retry: AfterCheck, doc: "1047/77831",
        errors: [2001, 2002, 2003, 2004, 2015, 2016];

    /// Removes up to 10 keywords from a library. Each result comes back in `results`.
    // What removing a keyword again answers is not documented; `list_keywords` tells. Not a batch: a result is
    // known by an id that the request does not have.
    REMOVE_KEYWORDS = "v4/im_msg_audit_mgr/delete_cloud_audit_keywords", moderation.remove_keywords,
        RemoveKeywords => RemoveKeywordsReply, rate: 200, retry: AfterCheck, doc: "1047/77832";

    /// Lists the words and regular expressions of the local filter, or searches in them, page by page. Known from SDKs
    /// only.
    LIST_LOCAL_KEYWORDS = "v4/im_msg_audit_mgr/get_local_audit_keywords", moderation.list_local_keywords,
        ListLocalKeywords => ListLocalKeywordsReply, rate: none, retry: Safe, doc: "1047/34621",
        page: Page {
            next: &[("offset", Next::Count)],
            size: Some(("limit", 100)),
            items: &["keywords"],
            until: &[Done::Total("cur_count")],
        };

    /// Adds up to 10 words and regular expressions to the local filter. Known from SDKs only.
    // What adding a word again does is not documented; `list_local_keywords` tells.
    ADD_LOCAL_KEYWORDS = "v4/im_msg_audit_mgr/add_local_audit_keywords", moderation.add_local_keywords,
        AddLocalKeywords => KeywordsReply, rate: none, retry: AfterCheck, doc: "1047/34621", batch: keywords 10;

    /// Removes up to 10 words and regular expressions from the local filter. Known from SDKs only.
    // What removing a word again answers is not documented; `list_local_keywords` tells.
    REMOVE_LOCAL_KEYWORDS = "v4/im_msg_audit_mgr/delete_local_audit_keywords", moderation.remove_local_keywords,
        RemoveLocalKeywords => KeywordsReply, rate: none, retry: AfterCheck, doc: "1047/34621", batch: keywords 10;
}
