//! Friend groups.

use serde_json::{Value, json};

use super::fields::MAX_GROUP_BYTES;
use super::{MAX_GROUPS, NO_ACCOUNT, Results};
use crate::answer::{Answer, Outcome, meaning};
use crate::families::Context;
use crate::families::body::{list, text, texts};

/// The account to put into a group is not a friend.
const NOT_A_FRIEND: i64 = 32216;

/// A group that is there already is left as it is and takes the friends named.
pub(super) fn create(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let names: Vec<&str> = texts(body, "GroupName").collect();
    if names.is_empty() || names.iter().any(|name| !(1..=MAX_GROUP_BYTES).contains(&name.len())) {
        return Err(Answer::fail_with(30001, "GroupName: names of 1 to 30 bytes"));
    }
    let relation = context.state.relations.of(from);
    let new = names.iter().filter(|name| !relation.groups.iter().any(|known| known == *name)).count();
    if relation.groups.len() + new > MAX_GROUPS {
        return Err(Answer::fail(30011));
    }
    let mut effects = names.iter().filter(|name| relation.add_group(name)).count() as u64;
    let mut results = Results::new();
    for to in texts(body, "To_Account") {
        match context.state.relations.of(from).friend_mut(to) {
            None => results.add(to, NOT_A_FRIEND, "Err_SNS_GroupAdd_ToTinyId_Not_Friend"),
            Some(friend) => {
                for name in &names {
                    if !friend.groups.iter().any(|known| known == name) {
                        friend.groups.push((*name).to_owned());
                        effects += 1;
                    }
                }
                results.add(to, 0, meaning(0));
            }
        }
    }
    let sequence = context.state.relations.of(from).group_sequence;
    let answer = if list(body, "To_Account").is_empty() {
        Answer::ok().with("ErrorDisplay", "")
    } else {
        results.answer("ResultItem")
    };
    Ok(answer.with("CurrentSequence", sequence).changed(effects))
}

/// A group that is not there is passed over; the friends of one that goes stay friends.
pub(super) fn delete(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let relation = context.state.relations.of(from);
    let effects = texts(body, "GroupName").filter(|name| relation.remove_group(name)).count();
    Ok(Answer::ok().with("CurrentSequence", relation.group_sequence).with("ErrorDisplay", "").changed(effects as u64))
}

/// Those named, or all. Friends come where they are asked for.
pub(super) fn list_groups(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let with_friends = body["NeedFriend"] == "Need_Friend_Type_Yes";
    let relation = context.state.relations.of(from);
    let is_wanted =
        |name: &str| list(body, "GroupName").is_empty() || texts(body, "GroupName").any(|named| named == name);
    let show = |name: &String| {
        let friends = relation.friends.iter().filter(|friend| friend.groups.contains(name));
        let friends: Vec<&str> = friends.map(|friend| friend.account.as_str()).collect();
        let mut shown = json!({"GroupName": name, "FriendNumber": friends.len()});
        if with_friends {
            shown["To_Account"] = json!(friends);
        }
        shown
    };
    let groups: Vec<Value> = relation.groups.iter().filter(|name| is_wanted(name)).map(show).collect();
    Ok(Answer::ok()
        .with("ResultItem", groups)
        .with("CurrentSequence", relation.group_sequence)
        .with("ErrorDisplay", ""))
}
