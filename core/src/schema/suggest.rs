//! The nearest known name for a misspelt one.

/// Finds the known name that a misspelt one most likely means, or nothing when none is near.
///
/// Case and underscores do not count, so that `UserId`, `userid` and `user-id` all lead to `user_id`.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A name is short; a longer text is no misspelling, and the distance is quadratic.
    if given.len() > 64 {
        return None;
    }
    let given = letters(given);
    let most = (given.len() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(&given, &letters(name)), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_the_near_and_only_the_near() {
        let known = ["user_id", "nick", "face_url"];
        assert_eq!(nearest("nik", known), Some("nick"));
        assert_eq!(nearest("UserID", known), Some("user_id"));
        assert_eq!(nearest("user-id", known), Some("user_id"));
        assert_eq!(nearest("faceUlr", known), Some("face_url"));
        assert_eq!(nearest("avatar", known), None);
        assert_eq!(nearest(&"n".repeat(1000), known), None);
    }
}
