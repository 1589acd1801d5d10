//! `js/webhooks/commands.ts`: what each webhook carries and what its handler may answer.

use tencent_im_core::schema::Ty;
use tencent_im_core::schema::names::Style;
use tencent_im_core::webhook::{self, Answers, Webhook};

use super::{HEAD, PACKAGE, Page};
use crate::Files;
use crate::docs;

const INTRODUCTION: &str = "/** Every webhook by its command: when it fires, the body of its events, and the actions that an answer can take. */\n";

/// Writes the file.
pub fn write(files: &mut Files) {
    let mut page = Page::default();
    page.text.push('\n');
    page.text.push_str(INTRODUCTION);
    page.put(format_args!("export interface Commands {{"));
    for webhook in webhook::all() {
        command(&mut page, webhook);
    }
    page.put(format_args!("}}"));
    let imports = page.imports("", "../types/");
    files.insert(format!("{PACKAGE}/webhooks/commands.ts"), format!("{HEAD}\n{imports}{}", page.text));
}

fn command(page: &mut Page, webhook: &'static Webhook) {
    let mut doc: Vec<String> = docs::lines(webhook.doc).map(|line| docs::localized(line, Style::Camel)).collect();
    doc.push(String::new());
    if let Some(edition) = webhook.edition {
        doc.push(format!("Requires: {}.", edition.trim_end_matches('.')));
    }
    if let Some(codes) = webhook.answers().and_then(Answers::codes) {
        doc.push(format!("Codes of a rejection: {} to {}.", codes.first, codes.last));
    }
    doc.push(format!("Vendor's page: {}", webhook.doc_url()));
    page.comment("  ", &doc);
    let body = page.type_of(Ty::Object(webhook.body), false);
    let actions = webhook.answers().map_or(&["allow"][..], |answers| answers.actions());
    let actions: Vec<String> = actions.iter().map(|action| format!("'{action}'")).collect();
    let accounts = match webhook.answers().and_then(Answers::asked) {
        Some(_) => "readonly string[]",
        None => "undefined",
    };
    page.put(format_args!("  '{}': {{", webhook.command));
    page.put(format_args!("    kind: '{}';", webhook.timing.as_str()));
    page.put(format_args!("    body: {body};"));
    page.put(format_args!("    actions: {};", actions.join(" | ")));
    page.put(format_args!("    accounts: {accounts};"));
    page.put(format_args!("  }};"));
}
