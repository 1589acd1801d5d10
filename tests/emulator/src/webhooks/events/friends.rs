//! Friends and blocked users: pairs of the owner of a list and who came onto it, or left it.

use serde_json::{Value, json};

use super::joined;
use crate::answer::Answer;
use crate::families::Context;
use crate::webhooks::verdict::Verdict;

/// Who has whom on a list.
pub type Pair = (String, String);

fn pairs(pairs: &[Pair]) -> Value {
    pairs.iter().map(|(from, to)| json!({"From_Account": from, "To_Account": to})).collect()
}

/// An administrator has made `user` and others friends.
pub fn added(context: &mut Context<'_>, user: &str, new: &[Pair], is_forced: bool) {
    let admin = context.caller;
    tell_added(
        context,
        user,
        new,
        json!({"ClientCmd": "friend_add", "Admin_Account": admin, "ForceFlag": u8::from(is_forced)}),
    );
}

/// `user` and others are friends now, because of its request or of the answer to it.
pub fn added_by_client(context: &mut Context<'_>, user: &str, command: &str, new: &[Pair]) {
    tell_added(context, user, new, json!({"ClientCmd": command, "Admin_Account": "", "ForceFlag": 0}));
}

fn tell_added(context: &mut Context<'_>, user: &str, new: &[Pair], about: Value) {
    if new.is_empty() {
        return;
    }
    context.tell("Sns.CallbackFriendAdd", |_| {
        let pair = |(from, to): &Pair| json!({"From_Account": from, "To_Account": to, "Initiator_Account": user});
        joined(json!({"PairList": new.iter().map(pair).collect::<Vec<_>>()}), about)
    });
}

/// A user asks for friends by a client. The answer decides about each.
pub fn before_add(context: &mut Context<'_>, from: &str, items: &[Value]) -> Result<Verdict, Answer> {
    context.ask("Sns.CallbackPrevFriendAdd", |context| {
        json!({
            "Requester_Account": from,
            "From_Account": from,
            "FriendItem": items,
            "AddType": "Add_Type_Both",
            "ForceAddFlags": 0,
            "EventTime": context.now_ms,
        })
    })
}

/// A user answers requests by a client: accepts and adds back, or declines.
pub fn before_response(context: &mut Context<'_>, user: &str, answers: &[(&String, bool)]) -> Result<Verdict, Answer> {
    context.ask("Sns.CallbackPrevFriendResponse", |context| {
        let item = |(from, is_accepted): &(&String, bool)| {
            let action = if *is_accepted { "Response_Action_AgreeAndAdd" } else { "Response_Action_Reject" };
            json!({"To_Account": from, "ResponseAction": action})
        };
        json!({
            "Requester_Account": user,
            "From_Account": user,
            "ResponseFriendItem": answers.iter().map(item).collect::<Vec<_>>(),
            "EventTime": context.now_ms,
        })
    })
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
