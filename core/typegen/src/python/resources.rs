//! `tencent_im/resources`: a module for each group of calls, with a class for each kind of client; and the properties
//! by which the clients reach them.

use tencent_im_core::schema::names::{Style, pascal};
use tencent_im_core::schema::{Field, Op};

use super::{HEAD, PACKAGE, Page};
use crate::Files;
use crate::docs;
use crate::model::{Group, Model};

/// Writes the package, and the clients' properties.
pub fn write(model: &Model, files: &mut Files) {
    for group in &model.groups {
        files.insert(format!("{PACKAGE}/resources/{}.py", group.name), of_group(group));
    }
    let doc = "\"\"\"The calls of the service, one module for each group. Clients load them when they are first used.\"\"\"\n";
    files.insert(format!("{PACKAGE}/resources/__init__.py"), format!("{HEAD}{doc}"));
    files.insert(format!("{PACKAGE}/_resources.py"), properties(model));
}

fn of_group(group: &Group) -> String {
    let mut page = Page::default();
    page.imported("options", "CallOptions".into());
    page.helper("Unpack");
    for is_async in [false, true] {
        let prefix = if is_async { "Async" } else { "" };
        page.put(format_args!("\n\nclass {prefix}{}({prefix}Resource):", pascal(group.name)));
        page.doc("    ", &[docs::localized(group.doc, Style::Snake)]);
        page.put(format_args!("\n    __slots__ = ()"));
        for op in &group.ops {
            method(&mut page, op, is_async);
        }
    }
    format!(
        "{HEAD}# Every call gives what its shape is typed as.\n# mypy: disable-error-code=\"no-any-return\"\n\
         \"\"\"The calls of the group ``{}``.\"\"\"\n\nfrom __future__ import annotations\n\n\
         from typing import TYPE_CHECKING\n\nfrom .._resource import AsyncResource, Resource\n{}{}",
        group.name,
        page.imports("", "..types."),
        page.text
    )
}

fn method(page: &mut Page, op: &Op, is_async: bool) {
    let request = (op.request)();
    let (required, optional): (Vec<&Field>, Vec<&Field>) = request.fields.iter().partition(|field| field.required);
    let reply = (op.reply)();
    let result = page.imported(reply.module, reply.name.into());
    page.put(format_args!("\n    def {}(\n        self,", op.method()));
    if !request.fields.is_empty() {
        page.put(format_args!("        *,"));
    }
    for field in &required {
        let ty = page.type_of(field.ty, true);
        page.put(format_args!("        {}: {ty},", field.name));
    }
    for field in &optional {
        let ty = page.type_of(field.ty, true);
        page.put(format_args!("        {}: {ty} | None = None,", field.name));
    }
    page.put(format_args!("        **options: Unpack[CallOptions],"));
    // No `async def`: it would add a second coroutine to that of the client, which each waiting call keeps.
    let result = if is_async {
        format!("{}[{}, {}, {result}]", page.helper("Coroutine"), page.helper("Any"), "Any")
    } else {
        result
    };
    page.put(format_args!("    ) -> {result}:"));
    let mut doc = docs::of_op(op, Style::Snake);
    doc.extend([String::new(), "Args:".into()]);
    for field in required.iter().chain(&optional) {
        doc.push(format!("    {}: {}", field.name, docs::of_field(field.doc, Style::Snake)));
    }
    doc.push("    **options: Options of the call: see ``CallOptions``.".into());
    page.doc("        ", &doc);
    let pairs: Vec<String> =
        required.iter().chain(&optional).map(|field| format!("\"{0}\": {0}", field.name)).collect();
    let line = format!("        return self._call(\"{}\", {{{}}}, options)", op.name, pairs.join(", "));
    if line.len() <= super::WIDTH {
        page.put(format_args!("{line}"));
    } else {
        page.put(format_args!(
            "        return self._call(\n            \"{}\",\n            {{\n                {},\n            }},\n            options,\n        )",
            op.name,
            pairs.join(",\n                ")
        ));
    }
}

fn properties(model: &Model) -> String {
    let mut out = format!(
        "{HEAD}\"\"\"The groups of calls as properties of the clients. A group's module is loaded when it is first used.\"\"\"\n\n\
         from __future__ import annotations\n\nfrom functools import cached_property\nfrom typing import TYPE_CHECKING\n\n\
         if TYPE_CHECKING:\n    from ._resource import AsyncCaller, Caller\n"
    );
    let mut groups: Vec<&Group> = model.groups.iter().collect();
    groups.sort_unstable_by_key(|group| group.name);
    for Group { name, .. } in groups {
        out.push_str(&format!("    from .resources.{name} import Async{0}, {0}\n", pascal(name)));
    }
    for (prefix, kind) in [("", "Client"), ("Async", "AsyncClient")] {
        out.push_str(&format!(
            "\n\nclass {prefix}Resources:\n    \"\"\"The groups of calls of ``{kind}``.\"\"\"\n\n    _call: {prefix}Caller\n"
        ));
        for Group { name, doc, .. } in &model.groups {
            let class = format!("{prefix}{}", pascal(name));
            out.push_str(&format!(
                "\n    @cached_property\n    def {name}(self) -> {class}:\n        \"\"\"{}\"\"\"\n        \
                 from .resources.{name} import {class}\n\n        return {class}(self._call)\n",
                docs::localized(doc, Style::Snake)
            ));
        }
    }
    out
}
