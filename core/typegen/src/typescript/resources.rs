//! `js/resources`: a class for each group of calls.

use std::collections::BTreeSet;

use tencent_im_core::schema::names::{Style, camel, pascal};
use tencent_im_core::schema::{Field, Op, Outcome, item_shape};

use super::{HEAD, PACKAGE, Page, import};
use crate::Files;
use crate::docs;
use crate::model::{Group, Model, batch_list, is_alternative, is_position, iterator_name, page_items, param_name};

/// Writes the directory.
pub fn write(model: &Model, files: &mut Files) {
    let mut index = format!("{HEAD}\n/** The calls of the service, one class for each group. */\n\n");
    let mut groups: Vec<&Group> = model.groups.iter().collect();
    groups.sort_unstable_by_key(|group| group.name);
    for group in groups {
        index.push_str(&format!("export {{ {} }} from './{}.js';\n", pascal(group.name), group.name));
        files.insert(format!("{PACKAGE}/resources/{}.ts", group.name), of_group(group));
    }
    files.insert(format!("{PACKAGE}/resources/index.ts"), index);
    let lists: BTreeSet<String> = model.items.values().flatten().map(|list| format!("'{}'", camel(list))).collect();
    let lists: Vec<String> = lists.into_iter().collect();
    files.insert(
        format!("{PACKAGE}/resources/failed_names.ts"),
        format!(
            "{HEAD}\n/** Lists of replies that name the items that failed. */\nexport const FAILED_NAMES: readonly string[] = [{}];\n",
            lists.join(", ")
        ),
    );
}

fn of_group(group: &Group) -> String {
    let mut page = Page::default();
    page.text.push('\n');
    page.comment("", &[docs::localized(group.doc, Style::Camel)]);
    page.put(format_args!("export class {} extends APIResource {{", pascal(group.name)));
    for (at, op) in group.ops.iter().enumerate() {
        let (request, reply) = ((op.request)(), (op.reply)());
        if at > 0 {
            page.text.push('\n');
        }
        page.comment("  ", &docs::of_op(op, Style::Camel));
        let needs_input = request.fields.iter().any(|field| field.required) || !request.rules.is_empty();
        let default = if needs_input { "" } else { " = {}" };
        let params = page.imported(request.module, param_name(request.name));
        let result = page.imported(reply.module, reply.name.into());
        page.put(format_args!(
            "  {}(params: {params}{default}, options?: CallOptions): Promise<{result}> {{\n    return this._client._call('{}', params, options);\n  }}",
            camel(op.method()),
            op.name
        ));
        if let Some(name) = op.many() {
            run(&mut page, op, &name);
        }
        if op.page.is_some() {
            let types: BTreeSet<String> = page_items(op).into_iter().map(|ty| page.type_of(ty, false)).collect();
            let item = types.into_iter().collect::<Vec<_>>().join(" | ");
            page.text.push('\n');
            page.comment("  ", &docs::of_iterator(op, Style::Camel));
            let filled: Vec<String> = (request.fields.iter())
                .filter(|field| field.required && is_position(op, field.name))
                .map(|field| format!("'{}'", camel(field.name)))
                .collect();
            let params = if filled.is_empty() { params } else { format!("Filled<{params}, {}>", filled.join(" | ")) };
            let is_needed = |field: &Field| field.required && !is_position(op, field.name);
            let needs_input = request.fields.iter().any(is_needed) || !request.rules.is_empty();
            let default = if needs_input { "" } else { " = {}" };
            page.put(format_args!(
                "  {}(params: {params}{default}, options?: PageOptions): Pages<{result}, {item}> {{\n    return new Pages(this._client, '{}', params, options);\n  }}",
                camel(&iterator_name(op.method())),
                op.name
            ));
        }
    }
    page.text.push_str("}\n");
    let has_runs = group.ops.iter().any(|op| op.many().is_some());
    let runs = if has_runs { "import { BulkRun, type RunOptions } from '../bulk.js';\n" } else { "" };
    let has_pages = group.ops.iter().any(|op| op.page.is_some());
    let filled = if page.text.contains("Filled<") { "type Filled, " } else { "" };
    let pages = if has_pages {
        format!("import {{ {filled}type PageOptions, Pages }} from '../pages.js';\n")
    } else {
        String::new()
    };
    format!(
        "{HEAD}\n{runs}{}{pages}import {{ APIResource }} from '../resource.js';\n{}{}",
        import("../options.js", &BTreeSet::from(["CallOptions".into()])),
        page.imports("", "../types/"),
        page.text
    )
}

/// The method that makes a call for many items.
fn run(page: &mut Page, op: &Op, name: &str) {
    let Some((list, batch)) = batch_list(op) else { return };
    let request = (op.request)();
    let reply = match batch.outcome {
        Outcome::Each(list) => item_shape(op.reply, list).map(|shape| page.imported(shape.module, shape.name.into())),
        Outcome::All | Outcome::Failed(_) => None,
    };
    let reply = reply.unwrap_or_else(|| "undefined".into());
    let is_other = |field: &&Field| field.name != list.name && !is_alternative(op, list.name, field.name);
    let others: Vec<&Field> = request.fields.iter().filter(is_other).collect();
    let list_name = camel(list.name);
    page.text.push('\n');
    let mut doc = docs::of_run(op, Style::Camel);
    doc.extend([String::new(), format!("@param {list_name} {}", docs::of_run_items(list, Style::Camel))]);
    page.comment("  ", &doc);
    page.put(format_args!("  {}<Item>(", camel(name)));
    page.put(format_args!("    {list_name}: Iterable<Item> | AsyncIterable<Item>,"));
    if !others.is_empty() {
        let left_out: Vec<String> = (request.fields.iter())
            .filter(|field| !others.iter().any(|other| other.name == field.name))
            .map(|field| format!("'{}'", camel(field.name)))
            .collect();
        let params = page.imported(request.module, param_name(request.name));
        let default = if others.iter().any(|field| field.required) { "" } else { " = {}" };
        page.put(format_args!("    params: Omit<{params}, {}>{default},", left_out.join(" | ")));
    }
    page.put(format_args!("    options?: RunOptions,\n  ): BulkRun<Item, {reply}> {{"));
    let fields = if others.is_empty() { "{}" } else { "params" };
    page.put(format_args!(
        "    return new BulkRun(this._client, '{}', {list_name}, {fields}, options);\n  }}",
        op.name
    ));
}
