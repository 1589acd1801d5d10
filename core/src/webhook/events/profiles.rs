//! Changes of profiles.

use crate::api::profiles::ProfileField;
use crate::schema::shape;
use crate::webhook::dsl::webhooks;

shape! {
    /// A change of a user's profile.
    pub struct ProfileSet {
        /// Who made the change.
        operator_account: String = "Operator_Account",
        /// The user.
        from_account: String = "From_Account",
        /// The fields that were changed, with their new values.
        fields: Vec<ProfileField> = "ProfileItem",
    }
}

webhooks! {
    /// Fires when a user's profile was changed, by a client or by a call.
    PROFILE_SET = "Profile.CallbackPortraitSet" (After) => ProfileSet, doc: "1047/48733";
}
