//! The pages of calls: `docs/calls.md` with all of them, and the README's overview by group.

use tencent_im_core::schema::RetryClass;
use tencent_im_core::schema::names::{Style, camel};

use crate::Files;
use crate::docs;
use crate::model::{Group, Model};

const HEAD: &str = concat!(
    "<!-- ",
    origin!(),
    " -->

# Calls

Rust and Python use the names below, JavaScript their camelCase: `groupMessages.send`. A rate limit holds for the whole
app. *Safe* calls are retried automatically. *Dropped* ones too: the service drops a duplicate. After a lost answer the
others end with an error that says whether the call may have taken effect.

*Many* is the method that takes any number of items and makes the call for each batch of them: the name of the call
with `_many`, except `import_many`. A call has one if its items are independent and its reply tells no more than what
became of each.
"
);

/// Writes the page of all calls.
pub fn write(model: &Model, files: &mut Files) {
    let mut out = HEAD.to_owned();
    for group in &model.groups {
        out.push_str(&format!("\n## {}\n\n{}\n\n", group.name, group.doc));
        out.push_str("| call | what | service's command | rate limit | retry | many |\n|---|---|---|---|---|---|\n");
        for op in &group.ops {
            let mut what =
                docs::localized(&docs::lines(op.doc).next().unwrap_or_default().replace('|', "\\|"), Style::Snake);
            if let Some(other) = op.replaced_by {
                what.push_str(&format!(" Deprecated: use `{other}`."));
            }
            let rate = op.rate.map_or_else(
                || "–".into(),
                |rate| {
                    let counted = rate.per_item.map_or(String::new(), |list| format!(" of `{list}`"));
                    format!("{}{counted} per {}", rate.calls, docs::period(rate.per_ms))
                },
            );
            let retry = match op.retry {
                RetryClass::Safe => "safe".into(),
                RetryClass::SameRandom { window_s } => format!("dropped for {window_s} s"),
                RetryClass::AfterCheck => "check first".into(),
                RetryClass::Never => "may act twice".to_owned(),
            };
            let command = op.path.trim_start_matches("v4/");
            let page = op.doc_url();
            let many = op.many().map_or_else(|| "–".into(), |many| format!("`{many}`"));
            out.push_str(&format!(
                "| `{}` | {what} | [{command}]({page}) | {rate} | {retry} | {many} |\n",
                op.method()
            ));
        }
    }
    files.insert("docs/calls.md".into(), out);
}

/// The README's overview.
pub fn overview(model: &Model) -> String {
    let mut out = String::from("| Python, Rust | JavaScript | calls | what |\n|---|---|---|---|\n");
    for Group { name, doc, ops } in &model.groups {
        let count = ops.len();
        out.push_str(&format!(
            "| [`{name}`](docs/calls.md#{name}) | `{}` | {count} | {} |\n",
            camel(name),
            docs::localized(doc, Style::Snake)
        ));
    }
    out.push_str(&format!("| | | **{}** | |\n", model.groups.iter().map(|group| group.ops.len()).sum::<usize>()));
    out
}
