//! `tencent_im/webhooks/_commands.py`: for each webhook, what its handler is given and may return; `_samples.py`: a body of
//! each.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;
use tencent_im_core::schema::names::Style;
use tencent_im_core::webhook::{self, Answers, Webhook};

use super::{HEAD, PACKAGE, Page, import};
use crate::Files;
use crate::docs;

const INTRODUCTION: &str = r#""""The webhooks by name: what a handler is given, and what it may return."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, overload

from ._decisions import AccountsDecision, Acknowledgement, DenyDecision, EachAccountDecision, MessageDecision
from ._event import Handler

if TYPE_CHECKING:
"#;

/// The docstring of `on`, for all webhooks.
const DOC: &str = r#"        """Registers the handler of a webhook. Works as a decorator, too.

        Webhooks that decide have one handler; the others may have several.

        Args:
            command: The webhook, such as ``C2C.CallbackBeforeSendMsg``.
            handler: A function of one ``Event``, sync or async.

        Raises:
            ConfigError: No webhook has the name, or it has a handler already that decides.
        """
"#;

/// Writes the modules.
pub fn write(files: &mut Files) -> io::Result<()> {
    files.insert(format!("{PACKAGE}/webhooks/_commands.py"), commands());
    files.insert(format!("{PACKAGE}/webhooks/_samples.py"), samples()?);
    Ok(())
}

/// The vendor's own samples, which stand in the vectors of the tests.
fn samples() -> io::Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/webhooks");
    let mut bodies: BTreeMap<String, String> = BTreeMap::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let file: Value = serde_json::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
        for vector in file["vectors"].as_array().into_iter().flatten() {
            let name = vector["name"].as_str().unwrap_or_default();
            if let (Some(command), Some(body)) = (name.strip_prefix("the sample of "), vector["body"].as_str()) {
                bodies.insert(command.into(), body.into());
            }
        }
    }
    let mut page = Page::default();
    page.put(format_args!(
        "{HEAD}\"\"\"A body of each webhook, as the vendor's pages show it.\"\"\"\n\nSAMPLES: dict[str, str] = {{"
    ));
    for webhook in webhook::all() {
        let body = bodies.get(webhook.command).ok_or_else(|| {
            io::Error::other(format!("tests/vectors/webhooks has no vector named `the sample of {}`", webhook.command))
        })?;
        // What JSON writes as a text is a text of Python, too.
        page.put(format_args!("    \"{}\": {},", webhook.command, Value::from(body.as_str())));
    }
    page.put(format_args!("}}\n\"\"\"JSON by the name of the webhook.\"\"\""));
    Ok(page.text)
}

fn commands() -> String {
    let mut page = Page::default();
    page.put(format_args!("\nCommand = Literal["));
    for webhook in webhook::all() {
        page.put(format_args!("    \"{}\",", webhook.command));
    }
    page.put(format_args!("]"));
    page.doc("", &["A webhook that this version knows.".into()]);
    page.put(format_args!("\n\nclass Registry(ABC):"));
    page.doc("    ", &["Takes the handlers.".into()]);
    page.put(format_args!("\n    @abstractmethod\n    def _register(self, command: str, handler: Any) -> Any:"));
    page.doc("        ", &["Registers a handler, or gives a decorator that does.".into()]);
    for webhook in webhook::all() {
        overloads(&mut page, webhook);
    }
    page.put(format_args!("\n    def on(self, command: str, handler: Any = None, /) -> Any:"));
    page.text.push_str(DOC);
    page.put(format_args!("        return self._register(command, handler)"));
    let imports: String = page
        .types
        .iter()
        .map(|(module, names)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            import(&format!("..types.{module}"), &names, "    ")
        })
        .collect();
    format!("{HEAD}{INTRODUCTION}{imports}{}", page.text)
}

/// The two ways of registering: at once, and as a decorator.
fn overloads(page: &mut Page, webhook: &Webhook) {
    let shape = (webhook.body)();
    let body = page.imported(shape.module, shape.name.into());
    let decision = match webhook.answers() {
        None => "Acknowledgement",
        Some(Answers::Deny { .. }) => "DenyDecision",
        Some(Answers::Message { .. }) => "MessageDecision",
        Some(Answers::Accounts { .. }) => "AccountsDecision",
        Some(Answers::EachAccount { .. }) => "EachAccountDecision",
    };
    let handler = format!("Handler[{body}, {decision}]");
    let mut doc: Vec<String> = docs::lines(webhook.doc).map(|line| docs::localized(line, Style::Snake)).collect();
    if let Some(edition) = webhook.edition {
        doc.push(format!("Needs {edition}."));
    }
    let lines = [doc.join(" "), String::new(), webhook.doc_url()];
    page.put(format_args!("\n    @overload"));
    page.put(format_args!(
        "    def on(self, command: Literal[\"{}\"], handler: {handler}, /) -> {handler}:",
        webhook.command
    ));
    page.doc("        ", &lines);
    page.put(format_args!("\n    @overload"));
    page.put(format_args!(
        "    def on(self, command: Literal[\"{}\"], /) -> Callable[[{handler}], {handler}]:",
        webhook.command
    ));
    page.doc("        ", &lines);
}
