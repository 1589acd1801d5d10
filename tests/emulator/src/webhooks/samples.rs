//! The documented example of each webhook, from the vectors that every language reads.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

macro_rules! files {
    ($($name:literal)*) => {
        [$(include_str!(concat!("../../../vectors/webhooks/", $name, ".json"))),*]
    };
}

static FILES: [&str; 13] = files! {
    "alerts" "bots" "follows" "friends" "group_messages" "groups" "messages" "moderation" "official_accounts" "profiles"
    "push" "state" "topics"
};

static SAMPLES: LazyLock<BTreeMap<String, Value>> =
    LazyLock::new(|| FILES.iter().flat_map(|file| read(file)).collect());

/// The samples of one file, by the command.
fn read(file: &str) -> Vec<(String, Value)> {
    let file: Value = serde_json::from_str(file).unwrap_or_default();
    let vectors = file["vectors"].as_array().map_or(&[][..], Vec::as_slice);
    let sample = |vector: &Value| {
        let command = vector["name"].as_str()?.strip_prefix("the sample of ")?;
        let body = serde_json::from_str(vector["body"].as_str()?).ok()?;
        Some((command.to_owned(), body))
    };
    vectors.iter().filter_map(sample).collect()
}

/// The sample of a webhook, with the command as it is known here.
pub fn find(command: &str) -> Option<(&'static str, &'static Value)> {
    SAMPLES.get_key_value(command).map(|(command, body)| (command.as_str(), body))
}

/// All webhooks.
pub fn commands() -> impl Iterator<Item = &'static str> {
    SAMPLES.keys().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample under another name, or one that is not JSON, would be missing without a word.
    #[test]
    fn every_webhook_of_the_tables_has_one() {
        let declared: Vec<&str> = {
            let mut all: Vec<&str> = tencent_im_core::webhook::all().map(|webhook| webhook.command).collect();
            all.sort_unstable();
            all
        };
        assert_eq!(commands().collect::<Vec<_>>(), declared);
    }
}
