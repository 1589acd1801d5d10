//! Friends of a user: adding and removing them, what is kept about them. Friend groups are in [`groups`].

mod fields;
mod groups;
mod lists;
pub mod requests;

use serde_json::{Value, json};

use super::body::{given, list, text, texts, uint};
use super::profiles::{ALLOW_TYPE, FORBID_TYPE, value_of};
use super::{Call, Context};
use crate::answer::{Answer, Outcome, meaning};
use crate::state::relations::Friend;
use crate::webhooks::events;
use crate::webhooks::events::friends::Pair;

/// The family.
pub static CALLS: &[Call] = &[
    Call::new("v4/sns/friend_add", add),
    Call::new("v4/sns/friend_import", import_friends),
    Call::new("v4/sns/friend_update", fields::update),
    Call::new("v4/sns/friend_delete", remove),
    Call::new("v4/sns/friend_delete_all", clear),
    Call::new("v4/sns/friend_check", lists::check),
    Call::new("v4/sns/friend_get", lists::list_all),
    Call::new("v4/sns/friend_get_list", lists::get),
    Call::new("v4/sns/group_add", groups::create),
    Call::new("v4/sns/group_delete", groups::delete),
    Call::new("v4/sns/group_get", groups::list_groups),
];

/// The account does not exist.
pub const NO_ACCOUNT: i64 = 30003;

const MAX_FRIENDS: usize = 3_000;
const MAX_GROUPS: usize = 32;

/// The results of a call that has one for each account.
pub struct Results {
    items: Vec<Value>,
    failed: Vec<Value>,
}

impl Results {
    /// Without an entry.
    pub fn new() -> Self {
        Self { items: Vec::new(), failed: Vec::new() }
    }

    /// Adds what became of an account. The text is the service's name of the error where a page shows it.
    pub fn add(&mut self, account: &str, code: i64, info: &str) {
        self.add_item(code, json!({"To_Account": account, "ResultCode": code, "ResultInfo": info}), account);
    }

    /// Adds an entry with more fields.
    pub fn add_item(&mut self, code: i64, item: Value, account: &str) {
        // A request that waits for the other's consent is a success in waiting.
        if code != 0 && code != requests::PENDING {
            self.failed.push(account.into());
        }
        self.items.push(item);
    }

    /// The answer: the list of failures comes only where there are some.
    pub fn answer(self, list: &'static str) -> Answer {
        let answer = Answer::ok().with(list, self.items);
        let answer = if self.failed.is_empty() { answer } else { answer.with("Fail_Account", self.failed) };
        answer.with("ErrorDisplay", "")
    }
}

/// Whether a source has the form that is asked for: the prefix and 1 to 8 letters.
fn is_source(source: &str) -> bool {
    source.strip_prefix("AddSource_Type_").is_some_and(|keyword| {
        (1..=8).contains(&keyword.len()) && keyword.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

/// The code with which one account cannot become a friend of another.
fn fault_of_adding(context: &Context<'_>, from: &str, item: &Value, is_forced: bool) -> Option<i64> {
    let (to, state) = (text(item, "To_Account"), &context.state);
    if let Some(code) = context.fault(to, NO_ACCOUNT) {
        return Some(code);
    }
    let friends = |of: &str| state.relations.get(of).map_or(0, |relation| relation.friends.len());
    let is_new_group = |name: &str| {
        state.relations.get(from).is_some_and(|relation| {
            relation.groups.len() >= MAX_GROUPS && !relation.groups.iter().any(|known| known == name)
        })
    };
    match () {
        () if to == from => Some(30001),
        () if !is_source(text(item, "AddSource")) => Some(30001),
        () if state.relations.blocks(from, to) => Some(30515),
        () if state.relations.blocks(to, from) => Some(30525),
        () if state.relations.is_friend(from, to) => None,
        () if friends(from) >= MAX_FRIENDS => Some(30010),
        () if friends(to) >= MAX_FRIENDS => Some(30014),
        () if is_new_group(text(item, "GroupName")) => Some(30011),
        () if is_forced => None,
        () => match value_of(&state.accounts[to], ALLOW_TYPE) {
            Some(allow) if allow == "AllowType_Type_DenyAny" => Some(30516),
            Some(allow) if allow == "AllowType_Type_NeedConfirm" => Some(requests::PENDING),
            _ => None,
        },
    }
}

/// Adding somebody who is a friend already succeeds and changes nothing: the page does not say what it does.
fn add(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let is_forced = uint(body, "ForceAddFlags") == Some(1);
    let forbidden = value_of(&context.state.accounts[from], FORBID_TYPE);
    if !is_forced && forbidden.is_some_and(|forbidden| forbidden == "AdminForbid_Type_SendOut") {
        return Err(Answer::fail(30009));
    }
    let is_both = one_of(body, "AddType", "Add_Type_Both", "Add_Type_Single", "Add_Type_Both")?;
    let (mut results, mut new) = (Results::new(), Vec::new());
    for item in list(body, "AddFriendItem") {
        let to = text(item, "To_Account");
        let (code, pairs) = request(context, from, item, is_forced, is_both);
        new.extend(pairs);
        results.add(to, code, meaning(code));
    }
    events::friends::added(context, from, &new, is_forced);
    Ok(results.answer("ResultItem").changed(new.len() as u64))
}

/// Makes two users friends, or notes the request if the other must agree first. Gives the code and the new entries.
fn request(context: &mut Context<'_>, from: &str, item: &Value, is_forced: bool, is_both: bool) -> (i64, Vec<Pair>) {
    let code = fault_of_adding(context, from, item, is_forced).unwrap_or(0);
    let mut new = Vec::new();
    match code {
        0 => new = befriend(context, from, item, is_both),
        requests::PENDING => context.state.relations.of(text(item, "To_Account")).note_request(from),
        _ => {}
    }
    (code, new)
}

/// Puts one user on the other's list, or each on that of the other. Gives the new entries.
fn befriend(context: &mut Context<'_>, from: &str, item: &Value, is_both: bool) -> Vec<Pair> {
    let (to, added_s) = (text(item, "To_Account"), context.now_s);
    let relations = &mut context.state.relations;
    let mut new = Vec::new();
    if !relations.is_friend(from, to) {
        relations.of(from).put_friend(Friend {
            account: to.to_owned(),
            remark: given(item, "Remark"),
            groups: given(item, "GroupName").filter(|name| !name.is_empty()).into_iter().collect(),
            source: given(item, "AddSource"),
            wording: given(item, "AddWording"),
            added_s,
            ..Friend::default()
        });
        new.push((from.to_owned(), to.to_owned()));
    }
    if is_both && !relations.is_friend(to, from) {
        let source = given(item, "AddSource");
        relations.of(to).put_friend(Friend { account: from.to_owned(), source, added_s, ..Friend::default() });
        new.push((to.to_owned(), from.to_owned()));
    }
    new
}

/// One-way only, with the times of the other system.
fn import_friends(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let now_s = context.now_s;
    let (mut results, mut effects) = (Results::new(), 0);
    for item in list(body, "AddFriendItem") {
        let to = text(item, "To_Account");
        let groups: Vec<String> = texts(item, "GroupName").map(str::to_owned).collect();
        let relation = context.state.relations.get(from);
        let (friends, known): (usize, &[String]) =
            relation.map_or((0, &[]), |relation| (relation.friends.len(), &relation.groups));
        let new_groups = groups.iter().filter(|group| !known.contains(group)).count();
        let code = match context.fault(to, NO_ACCOUNT) {
            Some(code) => code,
            None if to == from || !is_source(text(item, "AddSource")) => 30001,
            None if friends >= MAX_FRIENDS => 30010,
            None if known.len() + new_groups > MAX_GROUPS => 30011,
            None => 0,
        };
        results.add(to, code, meaning(code));
        if code != 0 {
            continue;
        }
        let custom = list(item, "CustomItem").iter();
        let friend = Friend {
            account: to.to_owned(),
            remark: given(item, "Remark"),
            groups,
            source: given(item, "AddSource"),
            wording: given(item, "AddWording"),
            added_s: uint(item, "AddTime").unwrap_or(now_s),
            custom: custom.map(|entry| (text(entry, "Tag").to_owned(), entry["Value"].clone())).collect(),
        };
        let relation = context.state.relations.of(from);
        if relation.friend(to) != Some(&friend) {
            relation.put_friend(friend);
            effects += 1;
        }
    }
    Ok(results.answer("ResultItem").changed(effects))
}

/// Which of two values a field has, or the default.
pub fn one_of(body: &Value, field: &str, default: &str, off: &str, on: &str) -> Result<bool, Answer> {
    match body[field].as_str().unwrap_or(default) {
        value if value == on => Ok(true),
        value if value == off => Ok(false),
        _ => Err(Answer::fail_with(30001, format!("{field}: {off} or {on}"))),
    }
}

fn remove(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let is_both = one_of(body, "DeleteType", "Delete_Type_Single", "Delete_Type_Single", "Delete_Type_Both")?;
    let (mut items, mut gone) = (Vec::new(), Vec::new());
    for to in texts(body, "To_Account") {
        let relations = &mut context.state.relations;
        let here = relations.of(from).remove_friend(to);
        let there = is_both && relations.of(to).remove_friend(from);
        gone.extend(here.then(|| (from.to_owned(), to.to_owned())));
        gone.extend(there.then(|| (to.to_owned(), from.to_owned())));
        let code = if here || there { 0 } else { 31704 };
        items.push(json!({"To_Account": to, "ResultCode": code, "ResultInfo": meaning(code)}));
    }
    events::friends::deleted(context, &gone);
    Ok(Answer::ok().with("ResultItem", items).with("ErrorDisplay", "").changed(gone.len() as u64))
}

fn clear(context: &mut Context<'_>, body: &Value) -> Outcome {
    let from = text(body, "From_Account");
    context.need(from, NO_ACCOUNT)?;
    let is_both = one_of(body, "DeleteType", "Delete_Type_Single", "Delete_Type_Single", "Delete_Type_Both")?;
    let relations = &mut context.state.relations;
    let friends: Vec<String> =
        relations.get(from).map_or_else(Vec::new, |known| known.friends.iter().map(|f| f.account.clone()).collect());
    let mut gone = Vec::new();
    for friend in &friends {
        relations.of(from).remove_friend(friend);
        gone.push((from.to_owned(), friend.clone()));
        if is_both && relations.of(friend).remove_friend(from) {
            gone.push((friend.clone(), from.to_owned()));
        }
    }
    events::friends::deleted(context, &gone);
    Ok(Answer::ok().with("ErrorDisplay", "").changed(friends.len() as u64))
}
