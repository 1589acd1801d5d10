//! What an answer of the app's backend means. Each webhook that asks has codes of its own.

use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use super::delivery::Reply;
use super::target::Late;
use crate::answer::{Answer, meaning};

/// What the app's backend has decided.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It may go on, with what the answer says beside its code.
    Allow(Map<String, Value>),
    /// It must not, and the caller gets this.
    Refuse {
        /// The code.
        code: i64,
        /// The text.
        info: String,
    },
    /// It must not, and the caller gets to see a success.
    Drop,
}

impl Default for Verdict {
    fn default() -> Self {
        Self::Allow(Map::new())
    }
}

/// What a webhook that asks takes for an answer.
struct Rules {
    command: &'static str,
    /// The code that the caller gets for a refusal without a code of the app's own.
    refused: i64,
    /// The codes of the app's own, which the caller gets with their text.
    own: Option<RangeInclusive<i64>>,
    /// Whether it is about a message: one can be dropped, and refused for want of an answer.
    is_message: bool,
}

const GROUP: RangeInclusive<i64> = 10_100..=10_200;
const MESSAGE: RangeInclusive<i64> = 120_001..=130_000;

const fn rules(command: &'static str, refused: i64, own: Option<RangeInclusive<i64>>, is_message: bool) -> Rules {
    Rules { command, refused, own, is_message }
}

/// Where a page does not say what a caller gets, it is the code of groups.
static RULES: [Rules; 9] = [
    rules("C2C.CallbackBeforeSendMsg", 20006, Some(MESSAGE), true),
    rules("Group.CallbackBeforeSendMsg", 10016, Some(GROUP), true),
    rules("Group.CallbackBeforeCreateGroup", 10016, Some(GROUP), false),
    rules("Group.CallbackBeforeApplyJoinGroup", 10016, Some(GROUP), false),
    rules("Group.CallbackBeforeInviteJoinGroup", 10016, Some(GROUP), false),
    rules("Group.CallbackBeforeCreateTopic", 10016, Some(GROUP), false),
    rules("OfficialAccount.CallbackBeforeCreateOfficialAccount", 10016, Some(MESSAGE), false),
    rules("OfficialAccount.CallbackBeforeAddSubscriber", 10016, None, false),
    rules("OfficialAccount.CallbackBeforeSendMsg", 10016, Some(MESSAGE), true),
];

/// What is decided for each account; the code of the answer says nothing.
const BY_ACCOUNT: [&str; 2] = ["Sns.CallbackPrevFriendAdd", "Sns.CallbackPrevFriendResponse"];

/// Whether a webhook asks; the answer to any other is not looked at.
pub fn decides(command: &str) -> bool {
    BY_ACCOUNT.contains(&command) || RULES.iter().any(|rules| rules.command == command)
}

impl Verdict {
    /// What an answer means. A code that the webhook does not have lets the event go on.
    pub fn of(command: &str, reply: &Reply, late: Late) -> Self {
        if BY_ACCOUNT.contains(&command) {
            return Self::Allow(reply.answer().unwrap_or_default());
        }
        let Some(rules) = RULES.iter().find(|rules| rules.command == command) else { return Self::default() };
        let refused = || Self::Refuse { code: rules.refused, info: meaning(rules.refused).to_owned() };
        let Ok(mut answer) = reply.answer() else {
            return if rules.is_message && late == Late::Refuse { refused() } else { Self::default() };
        };
        let code = answer.remove("ErrorCode").as_ref().and_then(Value::as_i64);
        let info = answer.remove("ErrorInfo");
        match code.unwrap_or_default() {
            0 => Self::Allow(answer),
            1 => refused(),
            2 if rules.is_message => Self::Drop,
            code if rules.own.as_ref().is_some_and(|own| own.contains(&code)) => {
                let info = info.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
                Self::Refuse { code, info }
            }
            _ => Self::default(),
        }
    }

    /// Ends a call that was refused. Gives what the answer says beside its code; a message that was dropped is none.
    pub fn pass(self) -> Result<Option<Map<String, Value>>, Answer> {
        match self {
            Self::Allow(answer) => Ok(Some(answer)),
            Self::Refuse { code, info } => Err(Answer::fail_with(code, info)),
            Self::Drop => Ok(None),
        }
    }

    /// For the control plane.
    pub fn show(&self) -> Value {
        match self {
            Self::Allow(_) => json!({"action": "allow"}),
            Self::Refuse { code, info } => json!({"action": "refuse", "code": code, "info": info}),
            Self::Drop => json!({"action": "drop"}),
        }
    }
}

/// Puts what an answer says in place of a message's elements and custom data.
pub fn replace(answer: &Map<String, Value>, elements: &mut Value, custom: &mut Option<String>) {
    let has_elements = |list: &&Value| list.as_array().is_some_and(|list| !list.is_empty());
    if let Some(new) = answer.get("MsgBody").filter(has_elements) {
        *elements = new.clone();
    }
    if let Some(new) = answer.get("CloudCustomData").and_then(Value::as_str) {
        *custom = Some(new.to_owned());
    }
}

/// The accounts that an answer names under a field, such as `RefusedMembers_Account`.
pub fn refused<'a>(answer: &'a Map<String, Value>, field: &str) -> Vec<&'a str> {
    answer.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The code and the text by which an answer refuses one account.
pub fn refused_account<'a>(answer: &'a Map<String, Value>, account: &str) -> Option<(i64, &'a str)> {
    let results = answer.get("ResultItem").and_then(Value::as_array)?;
    let result = results.iter().find(|result| result["To_Account"] == account)?;
    let code = result["ResultCode"].as_i64().filter(|code| *code != 0)?;
    Some((code, result["ResultInfo"].as_str().unwrap_or_default()))
}
