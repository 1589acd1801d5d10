//! Friends and blocked users: pairs of the owner of a list and who came onto it, or left it.

use serde_json::{Value, json};

use crate::families::Context;

/// Who has whom on a list.
pub type Pair = (String, String);

fn pairs(pairs: &[Pair]) -> Value {
    pairs.iter().map(|(from, to)| json!({"From_Account": from, "To_Account": to})).collect()
}

/// An administrator has made `user` and others friends.
pub fn added(context: &mut Context<'_>, user: &str, new: &[Pair], is_forced: bool) {
    if new.is_empty() {
        return;
    }
    context.tell("Sns.CallbackFriendAdd", |context| {
        let pair = |(from, to): &Pair| json!({"From_Account": from, "To_Account": to, "Initiator_Account": user});
        json!({
            "PairList": new.iter().map(pair).collect::<Vec<_>>(),
            "ClientCmd": "friend_add",
            "Admin_Account": context.caller,
            "ForceFlag": u8::from(is_forced),
        })
    });
}

pub fn deleted(context: &mut Context<'_>, gone: &[Pair]) {
    if !gone.is_empty() {
        context.tell("Sns.CallbackFriendDelete", |_| json!({"PairList": pairs(gone)}));
    }
}

pub fn blocked(context: &mut Context<'_>, new: &[Pair]) {
    if !new.is_empty() {
        context.tell("Sns.CallbackBlackListAdd", |_| json!({"PairList": pairs(new)}));
    }
}

pub fn unblocked(context: &mut Context<'_>, gone: &[Pair]) {
    if !gone.is_empty() {
        context.tell("Sns.CallbackBlackListDelete", |_| json!({"PairList": pairs(gone)}));
    }
}
