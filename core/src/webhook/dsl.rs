//! The macro that declares webhooks.

/// Declares the webhooks of one file, and a list `WEBHOOKS` of them all.
///
/// ```text
/// webhooks! {
///     /// Fires before a one-to-one message is delivered.
///     BEFORE_SEND_MSG = "C2C.CallbackBeforeSendMsg" (Before(Message { codes: CODES })) => C2cBeforeSendMsg,
///         id: (from_account, to_account, msg_key), doc: "1047/34364";
/// }
/// ```
///
/// The [`Timing`](super::Timing) stands in parentheses. `id:` names the fields of the body that tell the event from all
/// others of its command; without it, the whole body does. Include the accounts: a user can choose a key, but not another
/// sender. `edition: "words"` may follow `doc:`.
macro_rules! webhooks {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident = $command:literal ($timing:expr) => $body:ty,
            $(id: ($($id:ident),+),)?
            doc: $page_id:literal
            $(, edition: $edition:literal)?;
    )*) => {
        $(
            $(#[doc = $doc])*
            #[doc = concat!("\n\n`", $command, "`, vendor's page ", $page_id, ".")]
            pub static $name: $crate::webhook::EventOf<$body> = $crate::webhook::EventOf::new($crate::webhook::Webhook {
                command: $command,
                timing: {
                    #[allow(unused_imports, reason = "most webhooks answer nothing")]
                    use $crate::webhook::{Answers::*, Timing::*};
                    $timing
                },
                body: <$body>::shape,
                id: &[$($(stringify!($id)),+)?],
                page_id: $page_id,
                #[cfg(feature = "docs")]
                edition: $crate::webhook::dsl::webhooks!(@option $($edition)?),
                #[cfg(feature = "docs")]
                doc: &[$($doc),*],
            });
        )*

        /// All webhooks of this file.
        pub static WEBHOOKS: &[&$crate::webhook::Webhook] = &[$($name.webhook()),*];
    };
    (@option) => { None };
    (@option $some:expr) => { Some($some) };
}

pub(crate) use webhooks;
