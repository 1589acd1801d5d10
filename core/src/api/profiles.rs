//! Profiles of users: nickname, photo, custom fields.

use serde_json::Value;

use super::Empty;
use crate::schema::{ItemCode, UserId, ops, shape};

shape! {
    /// A field of a user's profile.
    pub struct ProfileField {
        /// Name of the field: a standard one, or `Tag_Profile_Custom_` and up to 8 letters set up in the console.
        ///
        /// Texts of at most 500 bytes: `Tag_Profile_IM_Nick`, `Tag_Profile_IM_SelfSignature`, `Tag_Profile_IM_Image`;
        /// at most 16 bytes: `Tag_Profile_IM_Location`. Numbers: `Tag_Profile_IM_BirthDay` (such as 20190419),
        /// `Tag_Profile_IM_Language`, `Tag_Profile_IM_Level`, `Tag_Profile_IM_Role`, `Tag_Profile_IM_MsgSettings` (1
        /// receives no messages). Choices: `Tag_Profile_IM_Gender` (`Gender_Type_Unknown`, `Gender_Type_Female`,
        /// `Gender_Type_Male`), `Tag_Profile_IM_AllowType` (`AllowType_Type_NeedConfirm`, `AllowType_Type_AllowAny`,
        /// `AllowType_Type_DenyAny`), `Tag_Profile_IM_AdminForbidType` (`AdminForbid_Type_None`,
        /// `AdminForbid_Type_SendOut`).
        tag: String = "Tag",
        /// Value: text or a number, as the field asks, at most 500 bytes.
        value: Value = "Value",
    }
}

shape! {
    /// Users whose profiles to get.
    pub struct GetProfiles {
        /// 1 to 100 users. All must be imported.
        to_accounts: Vec<UserId> = "To_Account" (items 1..=100),
        /// Names of the fields to get, such as `Tag_Profile_IM_Nick`.
        tags: Vec<String> = "TagList",
    }
}

shape! {
    /// The profile of one user.
    pub struct UserProfile {
        /// The user.
        to_account: String = "To_Account",
        /// The fields asked for. Absent if the user failed.
        fields: Option<Vec<ProfileField>> = "ProfileItem",
        /// 0 for success, else an error code.
        result_code: ItemCode = "ResultCode",
        /// Error text, empty on success.
        result_info: String = "ResultInfo",
    }
}

shape! {
    /// Profiles of users. A success may still hold failures: look at each `result_code`.
    pub struct GetProfilesReply {
        /// One entry for each user.
        profiles: Vec<UserProfile> = "UserProfileItem",
        /// Users that failed. Absent if none did.
        fail_accounts: Option<Vec<String>> = "Fail_Account",
    }
}

shape! {
    /// A change of one user's profile.
    pub struct UpdateProfile {
        /// The user.
        from_account: UserId = "From_Account",
        /// Fields to set. The others stay as they are.
        fields: Vec<ProfileField> = "ProfileItem",
    }
}

ops! {
    /// Gets profile fields of up to 100 users, friends and strangers alike.
    GET = "v4/profile/portrait_get", profiles.get,
        GetProfiles => GetProfilesReply, rate: 200, retry: Safe, doc: "269/1639",
        batch: to_accounts 100 each profiles, errors: [40001, 40002, 40003, 40004, 40006, 40007, 40009];

    /// Sets profile fields of one user. Clients are told of the change.
    // Inferred: a retry writes the same values again.
    UPDATE = "v4/profile/portrait_set", profiles.update,
        UpdateProfile => Empty, rate: 200, retry: Safe, doc: "1047/34916",
        errors: [40001, 40003, 40004, 40005, 40006, 40008, 40009, 40601, 40605, 40610];
}
