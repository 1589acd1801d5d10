//! Replies whose items succeed or fail alone: a call that succeeded may hold items that failed.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Kind, Result, lookup, lookup_for};
use crate::schema::{Endpoint, Op, Outcome, Table, Ty};

/// An item that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedItem {
    /// Where it stands in the reply, such as `results[1]`.
    pub path: String,
    /// Its code, if the service sent one.
    pub code: Option<i64>,
}

impl<Request, Reply: Serialize> Endpoint<Request, Reply> {
    /// Passes if every item of a reply succeeded.
    ///
    /// # Errors
    ///
    /// [`Kind::Partial`] with the first item that failed. The others took effect.
    pub fn check_items(&self, reply: &Reply) -> Result<()> {
        let value = serde_json::to_value(reply).map_err(|error| Error::new(Kind::Internal, error.to_string()))?;
        let mut failed = Vec::new();
        if let Some(Outcome::Failed(list)) = self.batch.map(|batch| batch.outcome) {
            add_names(self.reply, list, &value, &mut failed);
        }
        add_objects(Ty::Object(self.reply), &value, "", &mut failed);
        partial(Some(self.op()), &failed).map_or(Ok(()), |error| Err(error.during(self.name)))
    }
}

/// The error of items of a reply that failed; nothing if there are none. The call says what their codes mean.
pub fn partial(op: Option<&Op>, failed: &[FailedItem]) -> Option<Error> {
    let first = failed.first()?;
    let row = first.code.and_then(|code| op.map_or_else(|| lookup(code), |op| lookup_for(op, code)));
    let meaning = Meaning { cause: row.map(|row| row.cause.into()), cure: row.map(|row| row.cure.into()) };
    Some(partial_as(failed.len(), first.clone(), meaning))
}

/// What an item's code means, as it stands beside the code in replies of JavaScript.
#[derive(Clone, Debug, Default)]
pub struct Meaning {
    /// Why the item failed.
    pub cause: Option<Cow<'static, str>>,
    /// What to do about it.
    pub cure: Option<Cow<'static, str>>,
}

/// The error of `count` failed items, for replies that do not know their call: the first item and what its code means.
pub fn partial_as(count: usize, first: FailedItem, meaning: Meaning) -> Error {
    let message = match count {
        1 => "an item failed".into(),
        _ => format!("{count} items failed, this one first"),
    };
    let mut error = Error::new(Kind::Partial, message).at(first.path);
    error.code = first.code;
    error.cause = meaning.cause;
    error.cure = meaning.cure.or(Some("look at each item; those that did not fail took effect".into()));
    error.maybe_applied = true;
    error
}

/// Adds the names in a list of failures.
fn add_names(table: Table, list: &str, reply: &Value, failed: &mut Vec<FailedItem>) {
    let Some(field) = table().fields.iter().find(|field| field.name == list) else { return };
    if let (Ty::List(item), Some(names)) = (field.ty, reply.get(field.wire).and_then(Value::as_array))
        && !matches!(item, Ty::Object(_))
    {
        failed.extend((0..names.len()).map(|at| FailedItem { path: format!("{list}[{at}]"), code: None }));
    }
}

/// What an item says of its outcome: a number, or whether it was done.
pub(crate) fn number(value: &Value) -> Option<i64> {
    value.as_bool().map(i64::from).or_else(|| value.as_i64())
}

/// Adds the objects that tell of a failure.
fn add_objects(ty: Ty, value: &Value, path: &str, failed: &mut Vec<FailedItem>) {
    match (ty, value) {
        (Ty::Object(table), Value::Object(entries)) => {
            if let Some((field, successes)) = table().outcome()
                && let Some(number) = entries.get(field.wire).and_then(number)
                && !successes.contains(&number)
            {
                let code = Some(number).filter(|_| matches!(field.ty, Ty::ItemCode));
                failed.push(FailedItem { path: path.into(), code });
            }
            for field in table().fields {
                let path = if path.is_empty() { field.name.into() } else { format!("{path}.{}", field.name) };
                if let Some(value) = entries.get(field.wire) {
                    add_objects(field.ty, value, &path, failed);
                }
            }
        }
        (Ty::List(item), Value::Array(values)) => {
            for (at, value) in values.iter().enumerate() {
                add_objects(*item, value, &format!("{path}[{at}]"), failed);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::api::{self, accounts, moderation, official_accounts};
    use crate::error::Kind;
    use crate::schema::{ItemCode, Outcome, Ty};

    #[test]
    fn the_first_failed_item_is_named_with_its_code() {
        let result = |code| accounts::DeleteAccountResult { result_code: ItemCode(code), ..Default::default() };
        let reply =
            |codes: &[i32]| accounts::DeleteAccountsReply { results: codes.iter().copied().map(result).collect() };
        assert_eq!(accounts::DELETE.check_items(&reply(&[0, 0])), Ok(()));
        assert_eq!(accounts::DELETE.check_items(&reply(&[])), Ok(()));
        let error = accounts::DELETE.check_items(&reply(&[0, 70107, 70107])).unwrap_err();
        assert_eq!((error.kind, error.code, error.path.as_deref()), (Kind::Partial, Some(70107), Some("results[1]")));
        assert_eq!(error.operation, Some("accounts.delete"));
        assert_eq!(error.message, "2 items failed, this one first");
        assert!(error.cause.is_some() && error.cure.is_some());
    }

    #[test]
    fn a_list_of_failed_names_counts() {
        let reply = accounts::ImportAccountsReply { fail_accounts: vec!["a".into()] };
        let error = accounts::IMPORT_ACCOUNTS.check_items(&reply).unwrap_err();
        assert_eq!((error.path.as_deref(), error.code), (Some("fail_accounts[0]"), None));
        assert_eq!(accounts::IMPORT_ACCOUNTS.check_items(&Default::default()), Ok(()));
    }

    #[test]
    fn other_numbers_and_flags_tell_as_well() {
        let results = |numbers: &[u32]| {
            let result = |result| official_accounts::SubscriberResult { result, ..Default::default() };
            official_accounts::SubscribersReply { results: numbers.iter().copied().map(result).collect() }
        };
        let add = &official_accounts::ADD_SUBSCRIBERS;
        assert_eq!(add.check_items(&results(&[1, 2])), Ok(()));
        let error = add.check_items(&results(&[1, 0])).unwrap_err();
        assert_eq!((error.code, error.path.as_deref()), (None, Some("results[1]")));
        let removed = |deleted| moderation::RemoveKeywordsReply {
            results: vec![moderation::RemoveKeywordResult { deleted, ..Default::default() }],
            ..Default::default()
        };
        assert_eq!(moderation::REMOVE_KEYWORDS.check_items(&removed(true)), Ok(()));
        let error = moderation::REMOVE_KEYWORDS.check_items(&removed(false)).unwrap_err();
        assert_eq!((error.kind, error.path.as_deref()), (Kind::Partial, Some("results[0]")));
    }

    /// JavaScript counts a list of names where no item tells of itself, since its replies do not know their call.
    #[test]
    fn a_reply_has_either_a_list_of_failed_names_or_items_that_tell() {
        fn tells(ty: Ty, levels: usize) -> bool {
            match ty {
                Ty::Object(table) if levels > 0 => {
                    table().outcome().is_some() || table().fields.iter().any(|field| tells(field.ty, levels - 1))
                }
                Ty::List(item) => tells(*item, levels),
                _ => false,
            }
        }
        for op in api::all() {
            let Some(Outcome::Failed(list)) = op.batch.map(|batch| batch.outcome) else { continue };
            let field = (op.reply)().fields.iter().find(|field| field.name == list).expect(op.name);
            let is_names = !matches!(field.ty, Ty::List(Ty::Object(_)));
            assert_ne!(is_names, tells(Ty::Object(op.reply), 4), "{}", op.name);
        }
    }

    #[test]
    fn a_code_says_what_it_means() {
        let meaning = |code| ItemCode(code).meaning(accounts::DELETE.op()).map(|row| row.kind);
        assert_eq!((ItemCode(0).is_ok(), meaning(0)), (true, None));
        assert_eq!((ItemCode(70107).is_ok(), meaning(70107)), (false, Some(Kind::NotFound)));
    }
}
