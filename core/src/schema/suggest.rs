//! The nearest known name for a misspelt one.

/// Finds the known name that a misspelt one most likely means, or nothing when none is near.
///
/// Case and underscores do not count, so that `UserId`, `userid` and `user-id` all lead to `user_id`.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A name is short; a longer text is not a misspelling, and the distance is quadratic.
    if given.len() > 64 {
        return None;
    }
    let given = letters(given);
    let most = (given.len() / 3).max(1);
    within(&given, most, known)
}

/// Finds the documented value that another one most likely means. Stricter than for names: a value that only resembles a
/// documented one may be one that the service has learned since.
pub fn nearest_value<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if given.len() > 64 {
        return None;
    }
    let given = letters(given);
    within(&given, (given.len() / 6).clamp(1, 2), known)
}

fn within<'a>(given: &str, most: usize, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |name: &str| {
        let name = letters(name);
        // Cut short, such as TextElem for TIMTextElem.
        if given.len() >= 4 && name.contains(given) { most } else { strsim::osa_distance(given, &name) }
    };
    known
        .into_iter()
        .map(|name| (distance(name), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// What counts of a name. Known names are ASCII, so no other letters have a case here: their tables are 5 kB.
fn letters(name: &str) -> String {
    let matters = |c: &char| c.is_ascii_alphanumeric() || !c.is_ascii();
    name.chars().filter(matters).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_value};

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

    #[test]
    fn values_must_be_nearer() {
        let types = ["Public", "Private", "ChatRoom", "AVChatRoom", "Community"];
        for (given, near) in
            [("Pubic", "Public"), ("public", "Public"), ("chat_room", "ChatRoom"), ("AVChatRom", "AVChatRoom")]
        {
            assert_eq!(nearest_value(given, types), Some(near));
        }
        let elements = ["TIMTextElem", "TIMFaceElem", "TIMSoundElem", "TIMVideoFileElem"];
        assert_eq!(nearest_value("TextElem", elements), Some("TIMTextElem"));
        assert_eq!(nearest_value("VideoFile", elements), Some("TIMVideoFileElem"));
        assert_eq!(nearest_value("TIMTxtElem", elements), Some("TIMTextElem"));
        for new in ["TIMMapElem", "TIMStreamElem", "TIMEmojiElem", "Channel", "PublicV2x"] {
            assert_eq!(nearest_value(new, elements.into_iter().chain(types)), None, "{new}");
        }
    }
}
