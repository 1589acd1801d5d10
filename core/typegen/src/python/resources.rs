//! `tencent_im/resources`: a module for each group of calls, with a class for each kind of client; and the properties
//! by which the clients reach them.

use std::collections::BTreeSet;

use tencent_im_core::schema::names::{Style, pascal};
use tencent_im_core::schema::{Field, Op, Outcome, item_shape};

use super::{HEAD, PACKAGE, Page};
use crate::Files;
use crate::docs;
use crate::model::{Group, Model, batch_list, is_alternative, is_position, iterator_name, page_items};

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
            if op.page.is_some() {
                iterator(&mut page, op, is_async);
            }
            if let Some(name) = op.many() {
                run(&mut page, op, &name, is_async);
            }
        }
    }
    let has_runs = group.ops.iter().any(|op| op.many().is_some());
    if has_runs {
        page.runs.extend(["AsyncBulkRun", "BulkRun", "Item", "RunOptions"]);
    }
    format!(
        "{HEAD}# Every call gives what its shape is typed as.\n# mypy: disable-error-code=\"no-any-return\"\n\
         \"\"\"The calls of the group ``{}``.\"\"\"\n\nfrom __future__ import annotations\n\n\
         from typing import TYPE_CHECKING\n\n{}from .._resource import AsyncResource, Resource\n{}{}",
        group.name,
        if group.ops.iter().any(|op| op.page.is_some()) { "from .._pages import AsyncPages, Pages\n" } else { "" },
        page.imports("", "..types."),
        page.text
    )
}

fn method(page: &mut Page, op: &Op, is_async: bool) {
    let reply = (op.reply)();
    let result = page.imported(reply.module, reply.name.into());
    page.put(format_args!("\n    def {}(\n        self,", op.method()));
    let fields = parameters(page, op);
    if !fields.is_empty() {
        page.put(format_args!("        *,"));
    }
    put_parameters(page, &fields);
    page.put(format_args!("        **options: Unpack[CallOptions],"));
    // No `async def`: it would add a second coroutine to that of the client, which each waiting call keeps.
    let result = if is_async {
        format!("{}[{}, {}, {result}]", page.helper("Coroutine"), page.helper("Any"), "Any")
    } else {
        result
    };
    page.put(format_args!("    ) -> {result}:"));
    let mut doc = docs::of_op(op, Style::Snake);
    put_arguments(&mut doc, &fields);
    doc.push("    **options: Options of the call: see ``CallOptions``.".into());
    page.doc("        ", &doc);
    let pairs = pairs(&fields);
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

/// A parameter of a method.
#[derive(Clone)]
struct Parameter {
    field: &'static Field,
    annotation: String,
    is_optional: bool,
}

/// Parameters of a call, the required ones first.
fn parameters(page: &mut Page, op: &Op) -> Vec<Parameter> {
    let (required, optional): (Vec<&Field>, Vec<&Field>) =
        (op.request)().fields.iter().partition(|field| field.required);
    let parameter = |field: &'static Field| Parameter {
        field,
        annotation: page.type_of(field.ty, true),
        is_optional: !field.required,
    };
    required.into_iter().chain(optional).map(parameter).collect()
}

fn put_parameters(page: &mut Page, fields: &[Parameter]) {
    for Parameter { field, annotation, is_optional } in fields {
        let default = if *is_optional { " | None = None" } else { "" };
        page.put(format_args!("        {}: {annotation}{default},", field.name));
    }
}

fn put_arguments(doc: &mut Vec<String>, fields: &[Parameter]) {
    doc.extend([String::new(), "Args:".into()]);
    for Parameter { field, .. } in fields {
        doc.push(format!("    {}: {}", field.name, docs::of_field(field.doc, Style::Snake)));
    }
}

fn pairs(fields: &[Parameter]) -> Vec<String> {
    fields.iter().map(|Parameter { field, .. }| format!("\"{0}\": {0}", field.name)).collect()
}

/// The iterator of a paged call.
fn iterator(page: &mut Page, op: &Op, is_async: bool) {
    let prefix = if is_async { "Async" } else { "" };
    let reply = (op.reply)();
    let item = item_type(page, op);
    let result = format!("{prefix}Pages[{}, {item}]", page.imported(reply.module, reply.name.into()));
    page.put(format_args!("\n    def {}(\n        self,\n        *,", iterator_name(op.method())));
    let (mut fields, mut filled) = (parameters(page, op), Vec::new());
    fields.retain(|parameter| {
        let is_filled = is_position(op, parameter.field.name);
        if is_filled {
            filled.push(Parameter { is_optional: true, ..parameter.clone() });
        }
        !is_filled
    });
    fields.extend(filled);
    put_parameters(page, &fields);
    page.put(format_args!("        resume: str | None = None,\n        **options: Unpack[CallOptions],"));
    page.put(format_args!("    ) -> {result}:"));
    let mut doc = docs::of_iterator(op, Style::Snake);
    put_arguments(&mut doc, &fields);
    doc.push("    resume: The ``cursor`` of an earlier iteration, to continue it.".into());
    doc.push("    **options: Options of each call: see ``CallOptions``.".into());
    page.doc("        ", &doc);
    page.put(format_args!(
        "        return {prefix}Pages(\n            self._call,\n            \"{}\",\n            {{\n                {},\n            }},\n            options,\n            resume,\n        )",
        op.name,
        pairs(&fields).join(",\n                ")
    ));
}

/// The method that makes a call for many items.
fn run(page: &mut Page, op: &Op, name: &str, is_async: bool) {
    let Some((list, batch)) = batch_list(op) else { return };
    let prefix = if is_async { "Async" } else { "" };
    let reply = match batch.outcome {
        Outcome::Each(list) => item_shape(op.reply, list).map(|shape| page.imported(shape.module, shape.name.into())),
        Outcome::All | Outcome::Failed(_) => None,
    };
    let result = format!("{prefix}BulkRun[Item, {}]", reply.as_deref().unwrap_or("None"));
    let items = format!("{}[Item]", page.helper("Iterable"));
    let items = if is_async { format!("{items} | {}[Item]", page.helper("AsyncIterable")) } else { items };
    page.put(format_args!("\n    def {name}(\n        self,\n        {}: {items},", list.name));
    let mut fields = parameters(page, op);
    fields
        .retain(|parameter| parameter.field.name != list.name && !is_alternative(op, list.name, parameter.field.name));
    if !fields.is_empty() {
        page.put(format_args!("        *,"));
    }
    put_parameters(page, &fields);
    page.put(format_args!("        **options: Unpack[RunOptions],"));
    page.put(format_args!("    ) -> {result}:"));
    let mut doc = docs::of_run(op, Style::Snake);
    doc.extend([String::new(), "Args:".into()]);
    doc.push(format!("    {}: {}", list.name, docs::of_run_items(list, Style::Snake)));
    for Parameter { field, .. } in &fields {
        doc.push(format!("    {}: {}", field.name, docs::of_field(field.doc, Style::Snake)));
    }
    doc.push("    **options: Options of the run and of its calls: see ``RunOptions`` and ``CallOptions``.".into());
    page.doc("        ", &doc);
    page.put(format_args!(
        "        return self._run(\"{}\", {}, {{{}}}, options)",
        op.name,
        list.name,
        pairs(&fields).join(", ")
    ));
}

/// The type of the items of a paged call.
fn item_type(page: &mut Page, op: &Op) -> String {
    let types: BTreeSet<String> = page_items(op).into_iter().map(|ty| page.type_of(ty, false)).collect();
    types.into_iter().collect::<Vec<_>>().join(" | ")
}

fn properties(model: &Model) -> String {
    let mut out = format!(
        "{HEAD}\"\"\"The groups of calls as properties of the clients. A group's module is loaded when it is first used.\"\"\"\n\n\
         from __future__ import annotations\n\nfrom functools import cached_property\nfrom typing import TYPE_CHECKING\n\n\
         if TYPE_CHECKING:\n    from ._resource import AsyncCaller, AsyncRunner, Caller, Runner\n"
    );
    let mut groups: Vec<&Group> = model.groups.iter().collect();
    groups.sort_unstable_by_key(|group| group.name);
    for Group { name, .. } in groups {
        out.push_str(&format!("    from .resources.{name} import Async{0}, {0}\n", pascal(name)));
    }
    for (prefix, kind) in [("", "Client"), ("Async", "AsyncClient")] {
        out.push_str(&format!(
            "\n\nclass {prefix}Resources:\n    \"\"\"The groups of calls of ``{kind}``.\"\"\"\n\n    _call: {prefix}Caller\n    _run: {prefix}Runner\n"
        ));
        for Group { name, doc, .. } in &model.groups {
            let class = format!("{prefix}{}", pascal(name));
            out.push_str(&format!(
                "\n    @cached_property\n    def {name}(self) -> {class}:\n        \"\"\"{}\"\"\"\n        \
                 from .resources.{name} import {class}\n\n        return {class}(self._call, self._run)\n",
                docs::localized(doc, Style::Snake)
            ));
        }
    }
    out
}
