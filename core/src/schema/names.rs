//! Names in the three styles: snake_case is stored, camelCase is computed, the wire name is stored too.

use std::borrow::Cow;

/// The style in which names are shown to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `user_id`: Python and Rust.
    Snake,
    /// `userId`: JavaScript.
    Camel,
    /// As the service spells it.
    Wire,
}

impl Style {
    /// A snake_case name in this style. Wire names are looked up in the tables and pass as they are.
    pub fn name(self, snake: &str) -> Cow<'_, str> {
        match self {
            Style::Camel if snake.bytes().any(|byte| byte == b'_') => Cow::Owned(camel(snake)),
            Style::Camel | Style::Snake | Style::Wire => Cow::Borrowed(snake),
        }
    }
}

/// Takes the `r#` off a Rust identifier such as `r#type`.
pub const fn plain(ident: &'static str) -> &'static str {
    match ident.as_bytes() {
        [b'r', b'#', ..] => ident.split_at(2).1,
        _ => ident,
    }
}

/// Where the other languages keep what a module such as `tencent_im_core::api::groups` declares: under its last name.
/// What `api` itself declares is common to all; what webhooks declare stands together.
#[cfg(feature = "modules")]
pub const fn module_of(path: &'static str) -> &'static str {
    if has_webhook(path.as_bytes()) {
        return "webhooks";
    }
    let mut start = path.len();
    while start > 0 && path.as_bytes()[start - 1] != b':' {
        start -= 1;
    }
    match path.split_at(start).1.as_bytes() {
        b"api" => "common",
        _ => path.split_at(start).1,
    }
}

/// Whether a path has the module `webhook` in it.
#[cfg(feature = "modules")]
const fn has_webhook(path: &[u8]) -> bool {
    let mut rest = path;
    while let [_, tail @ ..] = rest {
        if let [b':', b'w', b'e', b'b', b'h', b'o', b'o', b'k', b':', ..] = rest {
            return true;
        }
        rest = tail;
    }
    false
}

/// `user_id` becomes `userId`.
pub fn camel(snake: &str) -> String {
    let mut out = String::new();
    camel_into(snake, &mut out);
    out
}

/// The same, behind what a text holds already.
pub fn camel_into(snake: &str, out: &mut String) {
    out.reserve(snake.len());
    let mut rest = snake;
    // Part by part: most names have one or two.
    while let Some(at) = rest.bytes().position(|byte| byte == b'_') {
        let (part, tail) = (&rest[..at], &rest[at + 1..]);
        out.push_str(part);
        let mut chars = tail.chars();
        rest = match chars.next() {
            Some(first) if first != '_' => {
                out.push(first.to_ascii_uppercase());
                chars.as_str()
            }
            _ => tail,
        };
    }
    out.push_str(rest);
}

/// `user_id` becomes `UserId`.
pub fn pascal(snake: &str) -> String {
    let mut chars = camel_chars(snake);
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// `VideoFile` becomes `video_file`.
pub fn snake(pascal: &str) -> String {
    let mut out = String::with_capacity(pascal.len() + 4);
    for c in pascal.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Whether a key is the camelCase form of a snake_case name, without building it.
pub fn is_camel_of(snake: &str, key: &str) -> bool {
    camel_chars(snake).eq(key.chars())
}

fn camel_chars(snake: &str) -> impl Iterator<Item = char> + '_ {
    let mut upper = false;
    snake.chars().filter_map(move |c| match c {
        '_' => {
            upper = true;
            None
        }
        c if core::mem::take(&mut upper) => Some(c.to_ascii_uppercase()),
        c => Some(c),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles() {
        for (snake, expected) in [
            ("user_id", "userId"),
            ("nick", "nick"),
            ("is_need_detail", "isNeedDetail"),
            ("c2c_unread", "c2cUnread"),
            ("a__b_", "aB"),
        ] {
            assert_eq!(camel(snake), expected);
            assert_eq!(camel(snake), camel_chars(snake).collect::<String>());
            assert!(is_camel_of(snake, expected));
            assert!(!is_camel_of(snake, "userid"));
        }
        assert_eq!(pascal("import_account"), "ImportAccount");
        assert_eq!(snake("VideoFile"), "video_file");
        assert_eq!(plain("r#type"), "type");
        assert_eq!(plain("role"), "role");
    }
}
