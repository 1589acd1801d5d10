//! Where in the caller's data or settings something is wrong.

use core::fmt;
use core::ops::Deref;
use std::borrow::Cow;

use crate::schema::names::Style;

/// Longest key shown, in characters.
const MAX_KEY_CHARS: usize = 64;

/// Whether a character of a text from outside may stand in a message: it neither controls a terminal nor ends a line of a
/// log, and does not turn the direction of what follows.
pub(crate) fn is_plain(character: char) -> bool {
    !character.is_control() && !matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A field or setting, by its name in snake_case; shown in the style of the caller's language.
    Field(Cow<'static, str>),
    /// A key of the caller's own, shown as it is.
    Key(String),
    /// A place in a list.
    Index(usize),
}

/// A path, such as `accounts[3].face_url`. As a `str` it has Rust's names.
#[derive(Clone, PartialEq, Eq)]
pub struct Path {
    steps: Vec<Step>,
    text: String,
}

impl Path {
    /// A path of steps.
    pub fn new(steps: Vec<Step>) -> Self {
        let text = show(&steps, Style::Snake);
        Self { steps, text }
    }

    /// The steps.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The path with other names for its fields.
    pub(super) fn rename(self, name: impl Fn(&str) -> &str) -> Self {
        let rename = |step| match step {
            Step::Field(field) => Step::Field(name(&field).to_owned().into()),
            step => step,
        };
        Self::new(self.steps.into_iter().map(rename).collect())
    }

    /// The path with names in a language's style.
    pub fn show(&self, style: Style) -> String {
        show(&self.steps, style)
    }
}

fn show(steps: &[Step], style: Style) -> String {
    let mut text = String::new();
    for step in steps {
        if !text.is_empty() && !matches!(step, Step::Index(_)) {
            text.push('.');
        }
        match step {
            Step::Index(index) => text.push_str(&format!("[{index}]")),
            Step::Field(name) => text.push_str(&style.name(name)),
            Step::Key(key) => {
                text.extend(key.chars().take(MAX_KEY_CHARS).map(|c| if is_plain(c) { c } else { '\u{fffd}' }));
            }
        }
    }
    text
}

/// Reads names and indexes, such as `user_ids[3]`. What does not begin as a field's name does is a key.
impl From<&str> for Path {
    fn from(text: &str) -> Self {
        let mut steps = Vec::new();
        for part in text.split('.') {
            let (name, indexes) = part.split_at(part.find('[').unwrap_or(part.len()));
            if name.starts_with(|first: char| first.is_ascii_lowercase()) {
                steps.push(Step::Field(name.to_owned().into()));
            } else if !name.is_empty() {
                steps.push(Step::Key(name.into()));
            }
            let indexes = indexes.split(['[', ']']).filter(|index| !index.is_empty());
            steps.extend(indexes.map(|index| index.parse().map_or_else(|_| Step::Key(index.into()), Step::Index)));
        }
        Self::new(steps)
    }
}

impl From<String> for Path {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl Deref for Path {
    type Target = str;
    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// Names of settings in a text stand in backquotes, and are shown in a language's style without them.
pub(super) fn in_style(text: &str, style: Style) -> Cow<'_, str> {
    if !text.contains('`') {
        return Cow::Borrowed(text);
    }
    let parts = text.split('`').enumerate();
    Cow::Owned(parts.map(|(at, part)| if at % 2 == 1 { style.name(part) } else { Cow::Borrowed(part) }).collect())
}

/// Gives the names in backquotes other names.
pub(super) fn rename_in(text: Cow<'static, str>, name: impl Fn(&str) -> &str) -> Cow<'static, str> {
    if !text.contains('`') {
        return text;
    }
    let parts: Vec<&str> =
        text.split('`').enumerate().map(|(at, part)| if at % 2 == 1 { name(part) } else { part }).collect();
    Cow::Owned(parts.join("`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Kind};

    #[test]
    fn paths_are_shown_in_a_style() {
        for (text, camel) in [
            ("base_url", "baseUrl"),
            ("user_ids[3]", "userIds[3]"),
            ("accounts[0].face_url", "accounts[0].faceUrl"),
            ("rows[0][1]", "rows[0][1]"),
            ("TENCENT_IM_SECRET_KEY", "TENCENT_IM_SECRET_KEY"),
            ("", ""),
        ] {
            let path = Path::from(text);
            assert_eq!((&*path, path.show(Style::Camel).as_str()), (text, camel));
        }
        let own = Path::new(vec![Step::Field("rate_limits".into()), Step::Key("my_key".into()), Step::Index(0)]);
        assert_eq!((&*own, &*own.show(Style::Camel)), ("rate_limits.my_key[0]", "rateLimits.my_key[0]"));
        let hostile = Path::new(vec![Step::Key("a\nb\u{1b}[31m\u{202e}你".into())]);
        assert_eq!(&*hostile, "a\u{fffd}b\u{fffd}[31m\u{fffd}你");
    }

    #[test]
    fn settings_are_renamed_everywhere_but_in_keys_of_the_caller() {
        fn rename(name: &str) -> &str {
            name.strip_suffix("_ms").unwrap_or(name)
        }
        let path = Path::new(vec![Step::Field("timeout_ms".into()), Step::Key("own_ms".into()), Step::Index(0)]);
        assert_eq!(&*path.rename(rename), "timeout.own_ms[0]");
        assert_eq!(rename_in("give `timeout_ms`, not own_ms".into(), rename), "give `timeout`, not own_ms");
        let error = |kind| Error::new(kind, "a `b_ms`").at("b_ms").cause("c `b_ms`").cure("d `b_ms`");
        let renamed = error(Kind::Config).rename_settings(rename);
        assert_eq!(renamed.to_string(), "b: a b. Cause: c b. Cure: d b");
        let other = error(Kind::InvalidInput);
        assert_eq!(other.clone().rename_settings(rename), other);
    }

    #[test]
    fn names_in_texts_are_shown_in_a_style() {
        let text = "give `base_url`, or `region`";
        assert_eq!(in_style(text, Style::Camel), "give baseUrl, or region");
        assert_eq!(in_style(text, Style::Snake), "give base_url, or region");
    }
}
