//! The classes of errors, one for each kind, by which languages tell failures apart.

use tencent_im_core::Kind;

/// The name of a kind's class: not one that JavaScript or Python have for something else.
pub fn class_name(kind: Kind) -> String {
    let name = match kind {
        Kind::Permission => "PermissionDenied",
        Kind::Timeout => "CallTimeout",
        Kind::Cancelled => "CallCancelled",
        kind => kind.as_str(),
    };
    format!("{name}Error")
}

/// All kinds with the names of their classes.
pub fn classes() -> impl Iterator<Item = (Kind, String)> {
    Kind::ALL.iter().map(|kind| (*kind, class_name(*kind)))
}
