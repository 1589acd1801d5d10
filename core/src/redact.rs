//! Takes UserSigs and passwords out of any text before a person or a log sees it.
//!
//! Gateways echo the URL that they could not serve, services quote the signature that they refuse, HTTP libraries put
//! the whole address into their messages: in plain, percent-encoded, as JSON escapes, or one inside the other. Every
//! text that comes from outside passes through here, in the core and in all bindings, so there is one list of rules:
//!
//! - the UserSig in force, however short the piece that is shown;
//! - every long run of base64 that begins as zlib data does, which is what all signers make;
//! - the whole query of a URL that holds one of these, since it names the app and its admin, too;
//! - the value after a name such as `usersig=` or `password:`, wherever it stands;
//! - user and password in front of a URL's host.
//!
//! Time is linear in the length of the text. Redacting a text again changes nothing.

use core::ops::Range;

/// What stands in place of a secret.
const HIDDEN: &str = "(hidden)";

/// Shortest run that is taken for an unknown UserSig, in characters. Real ones have more than 100.
const SHORTEST_SIG: usize = 40;

/// Shortest beginning of the UserSig in force that is hidden, in characters.
const SHORTEST_KNOWN: usize = 12;

/// Shortest next line of a UserSig that was broken into lines, in characters.
const SHORTEST_LINE: usize = 16;

/// Longest detail of an HTTP library that an error keeps, in characters.
const MAX_DETAIL_CHARS: usize = 300;

/// Names whose value is secret, in lower case and without `_` and `-`.
const NAMES: [&str; 6] = ["usersig", "secretkey", "password", "passwd", "authorization", "privatemapkey"];

/// Returns the text without its secrets.
pub fn redact(text: &str) -> String {
    redact_known(text, &[])
}

/// Returns the text without its secrets, among which are these UserSigs.
pub(crate) fn redact_known(text: &str, known: &[&str]) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let end = match first {
            '?' => query_end(text, at, 1, known, &mut clean),
            // Every spelling of the letters that a UserSig or a secret's name can begin with, and of a question mark.
            '%' | '\\' | '&' | 'a'..='z' | 'A'..='Z' | '0'..='9' | '*' => sig_end(text, at, known)
                .or_else(|| name_end(text, at, &mut clean))
                .or_else(|| query_end(text, at, question_mark(text, at)?, known, &mut clean)),
            ':' => login_end(text, at, &mut clean),
            _ => None,
        };
        match end {
            Some(end) => {
                clean.push_str(HIDDEN);
                at = end;
            }
            None => {
                clean.push(first);
                at += first.len_utf8();
            }
        }
    }
    clean
}

/// Returns an HTTP library's words on one line, without secrets and not longer than 300 characters.
pub(crate) fn redact_detail(text: &str, known: &[&str]) -> String {
    // No more is looked at than can matter: a UserSig that is cut here has its beginning hidden already.
    let start: String = text.chars().take(16 * MAX_DETAIL_CHARS).collect();
    let clean = redact_known(&start, known);
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_DETAIL_CHARS).collect()
}

/// Where the UserSig ends that begins here, if one does.
fn sig_end(text: &str, at: usize, known: &[&str]) -> Option<usize> {
    let (first, _) = letter(text, at)?;
    if known.iter().any(|sig| begins_with(text, at, first, sig)) || (first == b'e' && is_zlib(text, at)) {
        return Some(run_end(text, at));
    }
    None
}

/// Whether a good part of a known UserSig, in either alphabet, begins here.
fn begins_with(text: &str, mut at: usize, first: u8, sig: &str) -> bool {
    let mut letters = sig.bytes().map(of_service).enumerate();
    if letters.next().map(|(_, letter)| letter) != Some(of_service(first)) {
        return false;
    }
    at += letter(text, at).map_or(0, |(_, length)| length);
    for (matched, wanted) in letters {
        match letter(text, at) {
            Some((found, length)) if of_service(found) == wanted => at += length,
            _ => return matched >= SHORTEST_KNOWN,
        }
    }
    true
}

/// Whether a long run of base64 begins here whose first bytes are the head of zlib data (RFC 1950) with the usual
/// window: 0x78, then a byte that makes the two a multiple of 31. All of 78 01, 78 5E, 78 9C and 78 DA are.
fn is_zlib(text: &str, mut at: usize) -> bool {
    let mut head = [0; 3];
    for count in 0..SHORTEST_SIG {
        let Some((found, length)) = letter(text, at) else { return false };
        if let Some(place) = head.get_mut(count) {
            *place = found;
        }
        if count == 2 {
            let [Some(first), Some(second), Some(third)] = head.map(sextet) else { return false };
            let bytes = first << 10 | second << 4 | third >> 2;
            if bytes >> 8 != 0x78 || bytes % 31 != 0 {
                return false;
            }
        }
        at += length;
    }
    true
}

/// The end of a run of letters, and of the further lines of one that was broken into lines.
fn run_end(text: &str, at: usize) -> usize {
    let mut end = line_end(text, at).0;
    loop {
        let mut next = end;
        while let Some(length) = line_break(text, next) {
            next += length;
        }
        let (next_end, letters) = line_end(text, next);
        if next == end || letters < SHORTEST_LINE {
            return end;
        }
        end = next_end;
    }
}

/// The end of a run of letters, and how many they are.
fn line_end(text: &str, mut at: usize) -> (usize, usize) {
    let mut count = 0;
    while let Some((_, length)) = letter(text, at) {
        at += length;
        count += 1;
    }
    (at, count)
}

/// The length of a line break in any spelling.
fn line_break(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    ["\n", "\r", "\\n", "\\r", "%0A", "%0D", "%0a", "%0d"]
        .iter()
        .find(|spelling| rest.starts_with(*spelling))
        .map(|found| found.len())
}

/// Returns where the query of a URL ends whose question mark, of this length, stands here, if it holds a secret. Adds the
/// mark to `clean`.
fn query_end(text: &str, at: usize, mark: usize, known: &[&str], clean: &mut String) -> Option<usize> {
    let start = at + mark;
    let (mut end, mut holds_secret, mut parentheses) = (start, false, 0u32);
    while let Some(first) = text[end..].chars().next() {
        if let Some(secret) = sig_end(text, end, known).or_else(|| secret_value(text, end).map(|value| value.end)) {
            (end, holds_secret) = (secret, true);
            continue;
        }
        let rest = &text[end..];
        match first {
            '"' | '\'' | '<' | '>' => break,
            '&' if ["&quot;", "&#34;", "&#39;", "&lt;", "&gt;"].iter().any(|mark| starts_with(rest, mark)) => break,
            '\\' if json_escaped(rest.as_bytes()).is_none() => break,
            // As in "request for url (https://host/path?query): refused".
            ')' if parentheses == 0 => break,
            // The next question mark has its own turn, so that many of them in one word are gone through once.
            _ if !holds_secret && (first == '?' || question_mark(text, end).is_some()) => break,
            _ if first.is_whitespace() => break,
            '(' => parentheses += 1,
            ')' => parentheses -= 1,
            _ => {}
        }
        end += first.len_utf8();
    }
    holds_secret.then(|| {
        clean.push_str(&text[at..start]);
        // What ends a sentence is not part of the query.
        start + text[start..end].trim_end_matches(['.', ',', ':', ';']).len()
    })
}

/// Returns the length of a question mark that stands here percent-encoded or as a JSON escape.
fn question_mark(text: &str, at: usize) -> Option<usize> {
    let rest = text.as_bytes().get(at..)?;
    let (found, length) = match rest.first()? {
        b'%' => percent_encoded(rest)?,
        b'\\' => json_escaped(rest)?,
        _ => return None,
    };
    (found == b'?').then_some(length)
}

/// Returns where the value ends whose secret name begins here. Adds the name and the separator to `clean`.
fn name_end(text: &str, at: usize, clean: &mut String) -> Option<usize> {
    let value = secret_value(text, at)?;
    clean.push_str(&text[at..value.start]);
    Some(value.end)
}

/// Returns where the value is whose secret name begins here.
fn secret_value(text: &str, at: usize) -> Option<Range<usize>> {
    let (name, after_name) = secret_name(text, at)?;
    let mut value = after_name;
    let mut has_mark = false;
    while let Some((length, is_mark)) = separator(&text[value..]) {
        value += length;
        has_mark |= is_mark;
    }
    // Blanks alone part two words: "the UserSig has expired".
    if !has_mark {
        return None;
    }
    if name == "authorization" {
        let scheme = ["basic", "bearer", "digest"].into_iter().find(|scheme| starts_with(&text[value..], scheme));
        value += scheme.map_or(0, str::len);
        while let Some((length, _)) = separator(&text[value..]) {
            value += length;
        }
    }
    let end = match name {
        "usersig" | "privatemapkey" | "secretkey" => run_end(text, value),
        _ => {
            let ends = |c: char| c.is_whitespace() || "&,;\"'<>\\()".contains(c);
            text[value..].find(ends).map_or(text.len(), |length| value + length)
        }
    };
    (end > value).then_some(value..end)
}

/// The secret's name that begins here, and where it ends.
fn secret_name(text: &str, at: usize) -> Option<(&'static str, usize)> {
    let bytes = text.as_bytes();
    NAMES.into_iter().find_map(|name| {
        let mut end = at;
        for (count, wanted) in name.bytes().enumerate() {
            if count > 0 && matches!(bytes.get(end), Some(b'_' | b'-')) {
                end += 1;
            }
            if bytes.get(end)?.to_ascii_lowercase() != wanted {
                return None;
            }
            end += 1;
        }
        Some((name, end))
    })
}

/// What may stand between a name and its value: its length, and whether it is more than a blank.
fn separator(text: &str) -> Option<(usize, bool)> {
    const MARKS: [&str; 10] = ["=", ":", "\"", "'", "\\", "%3D", "%3A", "%22", "%27", "&quot;"];
    const BLANKS: [&str; 4] = [" ", "\t", "+", "%20"];
    if let Some(mark) = MARKS.into_iter().find(|mark| starts_with(text, mark)) {
        return Some((mark.len(), true));
    }
    // Encoded twice: %253D.
    if starts_with(text, "%25") && ["3D", "3A", "22"].iter().any(|mark| starts_with(&text[3..], mark)) {
        return Some((5, true));
    }
    BLANKS.into_iter().find(|blank| starts_with(text, blank)).map(|blank| (blank.len(), false))
}

/// Where user and password end that follow a `://`. Adds that to `clean`.
fn login_end(text: &str, at: usize, clean: &mut String) -> Option<usize> {
    const START: &str = "://";
    if !text[at..].starts_with(START) {
        return None;
    }
    let start = at + START.len();
    // The next address has its own turn. Looked for first, so that many of them in one word are gone through once.
    let address = text[start..].split(START).next().unwrap_or_default();
    let is_end = |c: char| c.is_whitespace() || "\"'<>".contains(c);
    let address = address.split(is_end).next().unwrap_or_default();
    let authority = address.split(['/', '?', '#']).next().unwrap_or_default();
    // A password that was not percent-encoded may have a slash in it.
    let login = match authority.rfind('@') {
        Some(end) => end,
        None if authority.contains(':') => address.rfind('@')?,
        None => return None,
    };
    (login > 0).then(|| {
        clean.push_str(START);
        start + login
    })
}

fn starts_with(text: &str, start: &str) -> bool {
    text.as_bytes().get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()))
}

/// The letter of base64, in the service's alphabet or the standard one, that stands here in any spelling, and the
/// spelling's length: itself, `%2A` (also encoded again), `\u002a` and `\/` (with more backslashes where JSON stands in
/// JSON), `&#42;`.
fn letter(text: &str, at: usize) -> Option<(u8, usize)> {
    let rest = text.as_bytes().get(at..)?;
    let (letter, length) = match rest.first()? {
        b'%' => percent_encoded(rest)?,
        b'\\' => json_escaped(rest)?,
        b'&' => html_escaped(rest)?,
        &plain => (plain, 1),
    };
    (letter.is_ascii_alphanumeric() || b"*-_+/=".contains(&letter)).then_some((letter, length))
}

fn percent_encoded(rest: &[u8]) -> Option<(u8, usize)> {
    let mut at = 1;
    // So many times encoded, at most.
    for _ in 0..3 {
        if rest[at..].starts_with(b"25") {
            at += 2;
        }
    }
    Some((hex(rest.get(at..at + 2)?)?, at + 2))
}

fn json_escaped(rest: &[u8]) -> Option<(u8, usize)> {
    let at = rest.iter().take(7).take_while(|byte| **byte == b'\\').count();
    match rest.get(at)? {
        b'/' => Some((b'/', at + 1)),
        b'u' if rest.get(at + 1..at + 3)? == b"00" => Some((hex(rest.get(at + 3..at + 5)?)?, at + 5)),
        _ => None,
    }
}

fn html_escaped(rest: &[u8]) -> Option<(u8, usize)> {
    let number = rest.strip_prefix(b"&#")?;
    let length = number.iter().take(5).position(|byte| *byte == b';')?;
    let digits = core::str::from_utf8(&number[..length]).ok()?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u8::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    Some((code.ok()?, 2 + length + 1))
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? << 4 | digit(digits[1])?).ok()
}

/// The service's letter for one of the standard alphabet.
fn of_service(letter: u8) -> u8 {
    match letter {
        b'+' => b'*',
        b'/' => b'-',
        b'=' => b'_',
        other => other,
    }
}

/// The six bits of a letter of either alphabet.
fn sextet(letter: u8) -> Option<u32> {
    Some(u32::from(match of_service(letter) {
        upper @ b'A'..=b'Z' => upper - b'A',
        lower @ b'a'..=b'z' => lower - b'a' + 26,
        digit @ b'0'..=b'9' => digit - b'0' + 52,
        b'*' => 62,
        b'-' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests;
