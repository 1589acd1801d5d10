//! Doc texts shared by the languages.

use tencent_im_core::error::lookup_for;
use tencent_im_core::schema::names::{Style, camel};
use tencent_im_core::schema::{Field, Op, Rate, RetryClass, Rule, Shape, Ty};

/// A doc comment's lines without their leading space.
pub fn lines(doc: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    doc.iter().map(|line| line.strip_prefix(' ').unwrap_or(line))
}

/// A field's or call's name in a language.
pub fn name(snake: &str, style: Style) -> String {
    if style == Style::Camel { camel(snake) } else { snake.into() }
}

/// Replaces the names of fields in backticks by a language's own; the service's names have capitals and stay.
pub fn localized(text: &str, style: Style) -> String {
    let parts = text.split('`').enumerate();
    let is_ours = |part: &str| !part.contains(|c: char| c.is_ascii_uppercase() || c == '/');
    let parts = parts.map(|(at, part)| match at % 2 {
        1 if is_ours(part) => format!("`{}`", name(part, style)),
        1 => format!("`{part}`"),
        _ => part.into(),
    });
    parts.collect()
}

/// What a call does, its limits, whether it is retried, its page.
pub fn of_op(op: &Op, style: Style) -> Vec<String> {
    let mut text: Vec<String> = lines(op.doc).map(|line| localized(line, style)).collect();
    if let Some(other) = op.replaced_by {
        text.push(String::new());
        text.push(format!("Deprecated: use `{}`.", name(other, style)));
    }
    text.push(String::new());
    if let Some(edition) = op.edition {
        text.push(format!("Requires: {}.", edition.trim_end_matches('.')));
    }
    if let Some(rate) = op.rate {
        text.push(of_rate(rate, style));
    }
    text.push(of_retry(op.retry));
    for rule in (op.request)().rules {
        text.push(of_rule(*rule, style));
    }
    if !op.errors.is_empty() {
        text.push(String::new());
        text.push("Error codes:".into());
        for code in op.errors {
            if let Some(row) = lookup_for(op, (*code).into()) {
                text.push(format!("- {code} ({}): {}.", row.kind, row.cause));
            }
        }
    }
    text.push(String::new());
    text.push(format!("Vendor's page: {}", op.doc_url()));
    text
}

/// What the iterator of a paged call does.
pub fn of_iterator(op: &Op, style: Style) -> Vec<String> {
    let method = name(op.method(), style);
    let mut text = vec![format!("Iterates over the items of all pages of `{method}`, fetched as they are asked for.")];
    if let Some((field, most)) = op.page.and_then(|page| page.size) {
        text.push(String::new());
        text.push(format!("`{}` is the page size. Defaults to {most}, the maximum.", name(field, style)));
    }
    text
}

/// What the method over many items does.
pub fn of_run(op: &Op, style: Style) -> Vec<String> {
    let most = op.batch.map_or(1, |batch| batch.max);
    let method = name(op.method(), style);
    let mut text = vec![
        format!("Makes `{method}` for any number of items, up to {most} in each call."),
        String::new(),
        "Iterating over the run reads and sends the items, and gives the result of each in order of completion.".into(),
    ];
    if let Some(alone) = op.batch.and_then(|batch| batch.alone) {
        let alone = name(alone.split_once('.').map_or(alone, |(_, method)| method), style);
        text.push(format!("An item that fails without a reason is tried alone by `{alone}`, which gives one."));
    }
    text.push(match op.retry {
        RetryClass::Safe => "An item that comes twice is sent once.".into(),
        _ => "An item that comes twice is sent once; one whose answer is lost is `unknown` and not sent again.".into(),
    });
    text
}

/// What the items of a run are.
pub fn of_run_items(list: &Field, style: Style) -> String {
    let each = match list.ty {
        Ty::List(Ty::Object(shape)) => {
            let names = shape().fields.iter().map(|field| format!("`{}`", name(field.name, style)));
            let known = format!("objects with {}", names.collect::<Vec<_>>().join(", "));
            match shape().shorthand() {
                Some(field) => format!("{known}, or each the `{}` alone", name(field.name, style)),
                None => known,
            }
        }
        _ => "of the kind that the single call takes".into(),
    };
    format!("The items, from any iterable: {each}.")
}

/// The rate in words.
fn of_rate(rate: Rate, style: Style) -> String {
    let what = rate.per_item.map_or("calls".into(), |list| format!("items of `{}`", name(list, style)));
    let gap = if rate.gap_ms > 0 { format!(", at least {} apart", time(rate.gap_ms.into())) } else { String::new() };
    format!("Rate limit: {} {what} per {} for the whole app{gap}.", rate.calls, period(rate.per_ms))
}

/// A period in words: what follows "per".
pub fn period(ms: u64) -> String {
    match ms {
        1_000 => "second".into(),
        60_000 => "minute".into(),
        3_600_000 => "hour".into(),
        86_400_000 => "day".into(),
        ms => time(ms),
    }
}

fn time(ms: u64) -> String {
    if ms.is_multiple_of(1_000) { format!("{} s", ms / 1_000) } else { format!("{ms} ms") }
}

fn of_retry(retry: RetryClass) -> String {
    match retry {
        RetryClass::Safe => "Idempotent: retried automatically.".into(),
        RetryClass::SameRandom { window_s } => {
            format!("Retried automatically: the service drops a duplicate for {window_s} s.")
        }
        RetryClass::AfterCheck => {
            "Not retried after a lost answer, since a retry may act twice: check the state first.".into()
        }
        RetryClass::Never => "Not retried after a lost answer, since a retry may act twice.".into(),
    }
}

fn of_rule(rule: Rule, style: Style) -> String {
    let (words, alternatives) = match rule {
        Rule::ExactlyOne(alternatives) => ("Exactly one", alternatives),
        Rule::AtLeastOne(alternatives) => ("At least one", alternatives),
        Rule::AtMostOne(alternatives) => ("At most one", alternatives),
        Rule::Requires { when, is, field } => {
            let values: Vec<String> = is.iter().map(i64::to_string).collect();
            return format!(
                "`{}` is required if `{}` is {}.",
                name(field, style),
                name(when, style),
                values.join(" or ")
            );
        }
    };
    let names = alternatives.iter().map(|group| {
        let names: Vec<String> = group.iter().map(|field| format!("`{}`", name(field, style))).collect();
        names.join(" with ")
    });
    format!("{words} of {}.", names.collect::<Vec<_>>().join(", "))
}

/// A shape's doc with its rules.
pub fn of_shape(shape: &Shape, style: Style) -> Vec<String> {
    let rules = shape.rules.iter().map(|rule| of_rule(*rule, style));
    lines(shape.doc).map(|line| localized(line, style)).chain(rules).collect()
}

/// A field's doc.
pub fn of_field(doc: &'static [&'static str], style: Style) -> String {
    lines(doc).map(|line| localized(line, style)).collect::<Vec<_>>().join(" ")
}
