//! `js/types`: interfaces of what callers write and of what they read.

use tencent_im_core::schema::names::{Style, camel};
use tencent_im_core::schema::{Enum, Shape, Union};

use super::{HEAD, PACKAGE, Page};
use crate::Files;
use crate::docs;
use crate::model::{Model, Module, param_name};

/// Writes the directory.
pub fn write(model: &Model, files: &mut Files) {
    let mut index = format!("{HEAD}\n/** The types of what calls take and give. */\n\n");
    for (name, module) in &model.modules {
        index.push_str(&format!("export type * from './{name}.js';\n"));
        files.insert(format!("{PACKAGE}/types/{name}.ts"), of_module(name, module));
    }
    files.insert(format!("{PACKAGE}/types/index.ts"), index);
}

fn of_module(name: &'static str, module: &Module) -> String {
    let mut page = Page::default();
    for set in module.enums.values() {
        enumeration(&mut page, set);
    }
    for shape in module.all_inputs().into_values() {
        interface(&mut page, shape, true);
    }
    for union in module.input_unions.values() {
        union_type(&mut page, union, true);
    }
    for shape in module.outputs.values() {
        interface(&mut page, shape, false);
    }
    for union in module.output_unions.values() {
        union_type(&mut page, union, false);
    }
    let imports = page.imports(name, "./");
    let gap = if imports.is_empty() { "" } else { "\n" };
    format!("{HEAD}{gap}{imports}{}", page.text)
}

fn enumeration(page: &mut Page, set: &Enum) {
    page.text.push('\n');
    page.comment("", &docs::lines(set.doc).map(|line| docs::localized(line, Style::Camel)).collect::<Vec<_>>());
    let values = set.values.iter().map(|value| format!("'{value}'"));
    page.union(set.name, &values.chain(["(string & {})".into()]).collect::<Vec<_>>());
}

fn interface(page: &mut Page, shape: &Shape, is_input: bool) {
    let name = if is_input { param_name(shape.name) } else { shape.name.into() };
    page.text.push('\n');
    page.comment("", &docs::of_shape(shape, Style::Camel));
    if shape.fields.is_empty() {
        page.put(format_args!("export type {name} = Record<string, never>;"));
        return;
    }
    page.put(format_args!("export interface {name} {{"));
    for field in shape.fields {
        page.comment("  ", &[docs::of_field(field.doc, Style::Camel)]);
        let mark = if field.required { "" } else { "?" };
        let null = if field.required || !is_input { "" } else { " | null | undefined" };
        let ty = page.type_of(field.ty, is_input);
        page.put(format_args!("  {}{mark}: {ty}{null};", camel(field.name)));
    }
    if !is_input && shape.outcome().is_some() {
        page.text.push_str(OUTCOME);
    }
    page.text.push_str("}\n");
}

/// What an item has beside its code: the core adds it.
const OUTCOME: &str = "\
  /** Whether the item succeeded. */
  ok: boolean;
  /** Why the item failed, if its code is documented. */
  cause?: string;
  /** What to do about it, if its code is documented. */
  cure?: string;
";

/// One interface for each tag. Unknown tags have a type of their own, outside the union: inside, comparisons of tags
/// could no longer narrow the content, and misspelt contents would pass.
fn union_type(page: &mut Page, union: &Union, is_input: bool) {
    let (tag, content) = (camel(union.tag.name), camel(union.content.name));
    let named = |name: String| if is_input { param_name(&name) } else { name };
    let mut members = Vec::new();
    for ((text, shape), doc) in union.variants.iter().zip(union.variant_docs) {
        let name = named(union.class_name(text));
        page.text.push('\n');
        page.comment("", &[docs::of_field(doc, Style::Camel)]);
        let ty = page.type_of(tencent_im_core::schema::Ty::Object(*shape), is_input);
        page.put(format_args!("export interface {name} {{\n  {tag}: '{text}';\n  {content}: {ty};\n}}"));
        members.push(name);
    }
    if !is_input {
        let name = union.class_name("");
        page.text.push('\n');
        let doc = format!(
            "One that this version does not know. `{}` leaves it out, since a comparison of tags would not: cast to this.",
            union.name
        );
        page.comment("", &[doc]);
        page.put(format_args!("export interface {name} {{\n  {tag}: string;\n  {content}: unknown;\n}}"));
    }
    page.text.push('\n');
    page.comment("", &docs::lines(union.doc).map(|line| docs::localized(line, Style::Camel)).collect::<Vec<_>>());
    page.union(&named(union.name.into()), &members);
}
