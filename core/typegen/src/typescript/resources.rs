//! `js/resources`: a class for each group of calls.

use std::collections::BTreeSet;

use tencent_im_core::schema::names::{Style, camel, pascal};

use super::{HEAD, PACKAGE, Page, import};
use crate::Files;
use crate::docs;
use crate::model::{Group, Model, param_name};

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
    }
    page.text.push_str("}\n");
    format!(
        "{HEAD}\n{}import {{ APIResource }} from '../resource.js';\n{}{}",
        import("../options.js", &BTreeSet::from(["CallOptions".into()])),
        page.imports("", "../types/"),
        page.text
    )
}
