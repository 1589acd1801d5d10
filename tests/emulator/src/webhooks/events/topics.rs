//! Topics of communities. These bodies have no time.

use serde_json::{Value, json};

use super::{joined, texts};
use crate::answer::Answer;
use crate::families::Context;
use crate::webhooks::verdict::Verdict;

pub fn before_create(context: &mut Context<'_>, name: &str) -> Result<Verdict, Answer> {
    context.ask(
        "Group.CallbackBeforeCreateTopic",
        |context| json!({"Operator_Account": context.caller, "Type": "Community", "Name": name}),
    )
}

pub fn created(context: &mut Context<'_>, group_id: &str, id: &str, name: &str) {
    context.tell("Group.CallbackAfterCreateTopic", |context| {
        let owner = context.state.groups.get(group_id).and_then(|group| group.owner.as_deref());
        json!({
            "GroupId": group_id,
            "TopicId": id,
            "Operator_Account": context.caller,
            "Owner_Account": owner.unwrap_or_default(),
            "Type": "Community",
            "Name": name,
        })
    });
}

pub fn destroyed(context: &mut Context<'_>, group_id: &str, ids: &[&str]) {
    if !ids.is_empty() {
        context.tell(
            "Group.CallbackAfterTopicDestroyed",
            |_| json!({"GroupId": group_id, "Type": "Community", "TopicIdList": ids}),
        );
    }
}

/// The page shows the community only, not which topic it is.
pub fn info_changed(context: &mut Context<'_>, request: &Value) {
    let mut changed = texts(request, ["TopicName", "Introduction", "Notification", "FaceUrl"]);
    if let Some(name) = changed.remove("TopicName") {
        changed.insert("Name".into(), name);
    }
    if changed.is_empty() {
        return;
    }
    context.tell("Group.CallbackAfterTopicInfoChanged", |context| {
        let about = json!({"GroupId": request["GroupId"], "Type": "Community", "Operator_Account": context.caller});
        joined(about, Value::Object(changed))
    });
}
