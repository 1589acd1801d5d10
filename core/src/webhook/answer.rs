//! Turns a decision into the body of an answer, checked against its webhook: the service ignores what it does not know, so
//! a wrong code would let a message pass.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Answers, Codes, Event, Timing, Webhook, find, shown};
use crate::api::elements::MsgElement;
use crate::error::{Error, Kind, Result};
use crate::json::object;
use crate::schema::names::Style;
use crate::schema::walk::{self, Input};
use crate::schema::{JsonText, nearest_value, shape};

/// The body for a request that is refused. It tells its sender nothing.
pub const REFUSAL: &str = r#"{"ActionStatus":"FAIL","ErrorCode":1,"ErrorInfo":"refused"}"#;

/// The code of a rejection without a code of the app's own.
const REJECT: i32 = 1;
/// The code that drops a message.
const DROP: i32 = 2;

shape! {
    /// What is decided about one account.
    pub struct AccountDecision {
        /// The account, as the event names it.
        account: String = "To_Account",
        /// 0 allows; the app's own code, 38000 to 39000, refuses.
        code: i32 = "ResultCode",
        /// Text for the log.
        info: Option<String> = "ResultInfo",
    }
}

/// What to answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Decision {
    /// Lets the event go on, unchanged. For an event that has happened, the acknowledgement.
    #[default]
    Allow,
    /// Stops the event.
    Reject {
        /// A code of the app's own, within the range of the webhook: it reaches the sender, and so does `info`. Without
        /// one, the sender gets the service's code.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<i32>,
        /// Text for the sender.
        #[serde(skip_serializing_if = "Option::is_none")]
        info: Option<String>,
    },
    /// Stops a message, while its sender sees a success.
    Drop,
    /// Delivers another message instead.
    Replace {
        /// Its elements. Those of the event if `None`.
        #[serde(rename = "MsgBody", skip_serializing_if = "Option::is_none")]
        msg_body: Option<Vec<MsgElement>>,
        /// Its custom data. That of the event if `None`.
        #[serde(rename = "CloudCustomData", skip_serializing_if = "Option::is_none")]
        cloud_custom_data: Option<String>,
    },
    /// Leaves these accounts out, and lets the event go on for the others.
    Refuse {
        /// The accounts, as the event names them.
        accounts: Vec<String>,
    },
    /// Decides for each account. Those that are not named are allowed.
    Decide {
        /// The decisions.
        results: Vec<AccountDecision>,
    },
}

shape! {
    /// A decision in any language: the action, and the fields that it takes.
    pub struct DecisionFields {
        /// `allow`, `reject`, `drop`, `replace`, `refuse` or `decide`.
        action: String = "action",
        /// Code of a rejection.
        code: Option<i32> = "code",
        /// Text of a rejection.
        info: Option<String> = "info",
        /// New elements.
        msg_body: Option<Vec<MsgElement>> = "MsgBody" (not_empty),
        /// New custom data.
        cloud_custom_data: Option<JsonText> = "CloudCustomData",
        /// Accounts to refuse.
        accounts: Option<Vec<String>> = "accounts",
        /// A decision for each account.
        results: Option<Vec<AccountDecision>> = "results",
    }
}

/// The actions, and the fields that each takes, by their names in [`DecisionFields`] and on the wire.
static ACTIONS: &[(&str, &[(&str, &str)])] = &[
    ("allow", &[]),
    ("reject", &[("code", "code"), ("info", "info")]),
    ("drop", &[]),
    ("replace", &[("msg_body", "MsgBody"), ("cloud_custom_data", "CloudCustomData")]),
    ("refuse", &[("accounts", "accounts")]),
    ("decide", &[("results", "results")]),
];

impl Event {
    /// Gives the body to answer with. Fails with [`Kind::InvalidInput`] if the webhook does not take the decision.
    pub fn answer(&self, decision: &Decision) -> Result<Vec<u8>> {
        match decision {
            // These hold nothing that the tables could refuse.
            Decision::Allow => decided(&self.command, &self.accounts, "allow", Map::new()),
            Decision::Drop => decided(&self.command, &self.accounts, "drop", Map::new()),
            Decision::Reject { code, info } => {
                let given = [("code", code.map(Value::from)), ("info", info.as_deref().map(Value::from))];
                let fields = given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
                decided(&self.command, &self.accounts, "reject", object(fields))
            }
            Decision::Replace { .. } | Decision::Refuse { .. } | Decision::Decide { .. } => {
                let mut input =
                    serde_json::to_value(decision).map_err(|error| Error::new(Kind::Internal, error.to_string()))?;
                answer(&self.command, &self.accounts, &mut input, Style::Snake)
            }
        }
    }
}

/// Gives the body to answer an event with: its command, its [`accounts`](Event::accounts), and a decision of the form of
/// [`DecisionFields`].
///
/// Fails with [`Kind::InvalidInput`] if the webhook does not take the decision: a code out of its range, a rejection of what
/// has happened, an account that the event does not name.
pub fn answer(command: &str, accounts: &[String], decision: &mut dyn Input, style: Style) -> Result<Vec<u8>> {
    let read =
        walk::checked(DecisionFields::shape, decision, style).and_then(|fields| Ok((action_of(&fields)?, fields)));
    match read {
        Ok((action, fields)) => decided(command, accounts, action, fields),
        Err(error) => Err(about(find(command), error)),
    }
}

fn decided(command: &str, accounts: &[String], action: &'static str, fields: Map<String, Value>) -> Result<Vec<u8>> {
    let webhook = find(command);
    let body = match webhook.map(|webhook| webhook.timing) {
        Some(Timing::Before(answers)) => Before { answers, accounts, fields }.decide(action),
        timing if action != "allow" => Err(only_acknowledged(timing)),
        _ => Ok(body(0, "", [])),
    };
    body.map(|body| Value::Object(body).to_string().into_bytes()).map_err(|error| about(webhook, error))
}

fn about(webhook: Option<&'static Webhook>, mut error: Error) -> Error {
    error.operation = webhook.map(|webhook| webhook.command);
    error
}

fn invalid(at: &'static str, message: impl Into<String>) -> Error {
    Error::new(Kind::InvalidInput, message.into()).at(at)
}

fn only_acknowledged(timing: Option<Timing>) -> Error {
    let why = match timing {
        Some(Timing::After | Timing::Bot) => "the event has happened: it can only be acknowledged",
        Some(_) => "an alert can only be acknowledged",
        None => "this version does not know the webhook: it can only be acknowledged",
    };
    invalid("action", why).cure("answer allow")
}

/// The action, and that no field is given that it does not take.
fn action_of(fields: &Map<String, Value>) -> Result<&'static str> {
    let given = fields.get("action").and_then(Value::as_str).unwrap_or_default();
    let Some((action, takes)) = ACTIONS.iter().find(|(action, _)| *action == given) else {
        let names = ACTIONS.iter().map(|(action, _)| *action);
        let hint =
            nearest_value(given, names.clone()).map_or_else(String::new, |near| format!(", did you mean {near}?"));
        return Err(invalid("action", format!("unknown action{hint}"))
            .cure(format!("use one of {}", names.collect::<Vec<_>>().join(", "))));
    };
    for (name, wire) in ACTIONS.iter().flat_map(|(_, takes)| takes.iter()) {
        if fields.contains_key(*wire) && !takes.contains(&(*name, *wire)) {
            return Err(
                invalid(name, format!("{action} does not take it")).cure("leave it out, or choose another action")
            );
        }
    }
    Ok(action)
}

/// An answer's body. A code of the app's own stands in an answer that is OK, too: FAIL would say that the app itself failed.
fn body<const N: usize>(code: i32, info: &str, more: [(&str, Value); N]) -> Map<String, Value> {
    let always = [("ActionStatus", json!("OK")), ("ErrorCode", json!(code)), ("ErrorInfo", json!(info))];
    object(always.into_iter().chain(more).map(|(key, value)| (key.to_owned(), value)))
}

/// A decision about an event that has not happened yet.
struct Before<'a> {
    answers: Answers,
    accounts: &'a [String],
    fields: Map<String, Value>,
}

impl Before<'_> {
    fn decide(mut self, action: &'static str) -> Result<Map<String, Value>> {
        let actions = self.answers.actions();
        if !actions.contains(&action) {
            return Err(invalid("action", format!("the webhook does not take {action}"))
                .cure(format!("use one of {}", actions.join(", "))));
        }
        let info = self.take_text("info");
        match (action, self.answers) {
            ("allow", Answers::EachAccount { .. }) => Ok(self.results(|_| (0, String::new()))),
            ("reject", Answers::EachAccount { codes, .. }) => {
                let code = own_code("code", self.code(), codes, codes.first)?;
                Ok(self.results(|_| (code, info.clone())))
            }
            ("reject", answers) => {
                let code = match (self.code(), answers.codes()) {
                    (None | Some(1), _) => REJECT,
                    (Some(code), Some(codes)) => own_code("code", Some(code), codes, REJECT)?,
                    (Some(code), None) => {
                        return Err(invalid("code", format!("{code}: the webhook takes no code of the app's own"))
                            .cure("leave it out"));
                    }
                };
                Ok(body(code, &info, []))
            }
            ("drop", _) => Ok(body(DROP, "", [])),
            ("replace", _) => self.replaced(),
            ("refuse", Answers::Accounts { refused, .. }) => {
                let refuse = self.refused()?;
                Ok(body(0, "", [(refused, json!(refuse))]))
            }
            ("refuse", Answers::EachAccount { codes, .. }) => {
                let refused = self.refused()?;
                Ok(self.results(|account| {
                    (if refused.iter().any(|name| name == account) { codes.first } else { 0 }, String::new())
                }))
            }
            ("decide", Answers::EachAccount { codes, .. }) => self.decided(codes),
            _ => Ok(body(0, "", [])),
        }
    }

    fn take_text(&mut self, name: &str) -> String {
        match self.fields.remove(name) {
            Some(Value::String(text)) => text,
            _ => String::new(),
        }
    }

    fn take_list(&mut self, name: &str) -> Option<Vec<Value>> {
        match self.fields.remove(name) {
            Some(Value::Array(items)) => Some(items),
            _ => None,
        }
    }

    fn code(&self) -> Option<i64> {
        self.fields.get("code").and_then(Value::as_i64)
    }

    fn replaced(mut self) -> Result<Map<String, Value>> {
        let mut answer = body(0, "", []);
        for name in ["MsgBody", "CloudCustomData"] {
            answer.extend(self.fields.remove_entry(name));
        }
        if answer.len() == body(0, "", []).len() {
            return Err(invalid("msg_body", "there is nothing to replace the message with")
                .cure("pass new elements or new custom data, or answer allow"));
        }
        Ok(answer)
    }

    /// One result for each account of the event: the service wants them all.
    fn results(&self, decide: impl Fn(&str) -> (i32, String)) -> Map<String, Value> {
        let results = self.accounts.iter().map(|account| {
            let (code, info) = decide(account);
            json!({"To_Account": account, "ResultCode": code, "ResultInfo": info})
        });
        body(0, "", [("ResultItem", results.collect())])
    }

    fn check_account(&self, account: &str, at: String) -> Result<()> {
        if self.accounts.iter().any(|asked| asked == account) {
            return Ok(());
        }
        Err(Error::new(Kind::InvalidInput, format!("the event does not name {:?}", shown(account)))
            .at(at)
            .cure("use the accounts of the event"))
    }

    fn refused(&mut self) -> Result<Vec<String>> {
        let Some(accounts) = self.take_list("accounts") else {
            return Err(invalid("accounts", "required field is missing").cure("name the accounts to refuse"));
        };
        let accounts: Vec<String> = accounts.iter().filter_map(|account| account.as_str().map(str::to_owned)).collect();
        for (at, account) in accounts.iter().enumerate() {
            self.check_account(account, format!("accounts[{at}]"))?;
        }
        Ok(accounts)
    }

    fn decided(mut self, codes: Codes) -> Result<Map<String, Value>> {
        let Some(results) = self.take_list("results") else {
            return Err(invalid("results", "required field is missing").cure("give a decision for each account"));
        };
        let mut by_account: Map<String, Value> = Map::new();
        for (at, mut result) in results.into_iter().enumerate() {
            let account = result["To_Account"].as_str().unwrap_or_default().to_owned();
            self.check_account(&account, format!("results[{at}].account"))?;
            let code = result["ResultCode"].as_i64();
            let code = if code == Some(0) { 0 } else { own_code(format!("results[{at}].code"), code, codes, 0)? };
            result["ResultCode"] = json!(code);
            if by_account.insert(account, result).is_some() {
                return Err(Error::new(Kind::InvalidInput, "the account is decided twice")
                    .at(format!("results[{at}].account"))
                    .cure("decide once for each account"));
            }
        }
        Ok(self.results(|account| {
            let decided = by_account.get(account);
            let code = decided.and_then(|result| result["ResultCode"].as_i64()).unwrap_or_default();
            let info = decided.and_then(|result| result.get("ResultInfo")?.as_str()).unwrap_or_default();
            // Within the range of codes, which are of 32 bits.
            (i32::try_from(code).unwrap_or_default(), info.to_owned())
        }))
    }
}

/// A code of the app's own, or the default.
fn own_code(at: impl Into<crate::error::Path>, code: Option<i64>, codes: Codes, default: i32) -> Result<i32> {
    let Some(code) = code else { return Ok(default) };
    match i32::try_from(code) {
        Ok(own) if (codes.first..=codes.last).contains(&own) => Ok(own),
        _ => Err(Error::new(
            Kind::InvalidInput,
            format!("{code} is not a code that the webhook takes: the service would let the event pass"),
        )
        .at(at)
        .cure(format!("use {} to {}", codes.first, codes.last))),
    }
}
