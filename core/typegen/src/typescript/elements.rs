//! `js/elements.ts`: a constructor for each message element.

use std::collections::BTreeSet;

use tencent_im_core::schema::names::{Style, camel};
use tencent_im_core::schema::{Field, Shape};

use super::{HEAD, PACKAGE, Page};
use crate::Files;
use crate::constructors::{Constructor, constant, is_json, offline_push_info};
use crate::docs;
use crate::model::{Model, param_name};

const INTRODUCTION: &str = "
/**
 * Constructors of message elements: `msgBody: [elements.text('hi')]`.
 *
 * Custom data may be anything that `JSON.stringify` takes: it is written as text once. Text stays as it is.
 */

";

/// Writes the file.
pub fn write(model: &Model, files: &mut Files) {
    let mut page = Page::default();
    for constructor in Constructor::all(model) {
        element(&mut page, &constructor);
    }
    other(&mut page, model);
    if let Some(shape) = offline_push_info(model) {
        settings(&mut page, shape);
    }
    let imports = page.imports("", "./types/");
    let text = format!(
        "{HEAD}{INTRODUCTION}import {{ type Data, jsonText, type WithData, type WithDefaults }} from './data.js';\n{imports}{}",
        page.text
    );
    files.insert(format!("{PACKAGE}/elements.ts"), text);
}

/// The names of a shape's fields whose text is often JSON, as texts.
fn json_names(fields: &[&Field]) -> BTreeSet<String> {
    fields.iter().filter(|field| is_json(field)).map(|field| format!("'{}'", camel(field.name))).collect()
}

/// A content's type without the named fields, and with data where it has text that is often JSON.
fn content_type(page: &mut Page, shape: &'static Shape, left_out: Option<&Field>) -> String {
    let class = page.imported(shape.module, param_name(shape.name));
    let fields: Vec<&Field> =
        shape.fields.iter().filter(|field| left_out.is_none_or(|out| out.name != field.name)).collect();
    let class = left_out.map_or(class.clone(), |out| format!("Omit<{class}, '{}'>", camel(out.name)));
    let constants = fields.iter().filter(|field| constant(field).is_some());
    let constants: Vec<String> = constants.map(|field| format!("'{}'", camel(field.name))).collect();
    let class = if constants.is_empty() { class } else { format!("WithDefaults<{class}, {}>", constants.join(" | ")) };
    let names: Vec<String> = json_names(&fields).into_iter().collect();
    if names.is_empty() { class } else { format!("WithData<{class}, {}>", names.join(" | ")) }
}

/// Writes the fields that are often JSON as text.
fn written(source: &str, fields: &[&Field]) -> String {
    let names: Vec<String> = json_names(fields).into_iter().collect();
    if names.is_empty() { source.into() } else { format!("jsonText({source}, {})", names.join(", ")) }
}

fn element(page: &mut Page, constructor: &Constructor) {
    let Constructor { name, union, tag, content, doc } = constructor;
    let class = page.imported(union.module, param_name(&union.class_name(tag)));
    let (tag_name, content_name) = (camel(union.tag.name), camel(union.content.name));
    let all: Vec<&Field> = content.fields.iter().collect();
    page.text.push('\n');
    page.comment("", &[docs::of_field(doc, Style::Camel)]);
    let (parameters, value) = match constructor.leading() {
        // One value alone, or before the others.
        Some(first) => {
            let own = camel(first.name);
            let ty = if is_json(first) { "Data".into() } else { page.type_of(first.ty, true) };
            if content.fields.len() == 1 {
                (format!("{own}: {ty}"), written(&format!("{{ {own} }}"), &all))
            } else {
                let rest = content_type(page, content, Some(first));
                (format!("{own}: {ty}, content: {rest} = {{}}"), written(&format!("{{ ...content, {own} }}"), &all))
            }
        }
        None => {
            let constants =
                all.iter().filter_map(|field| Some(format!("{}: {}, ", camel(field.name), constant(field)?)));
            let constants: String = constants.collect();
            let source = if constants.is_empty() { "content".into() } else { format!("{{ {constants}...content }}") };
            (format!("content: {}", content_type(page, content, None)), written(&source, &all))
        }
    };
    page.put(format_args!(
        "export function {}({parameters}): {class} {{\n  return {{ {tag_name}: '{tag}', {content_name}: {value} }};\n}}",
        camel(name)
    ));
}

/// The constructor for elements that this version does not know.
fn other(page: &mut Page, model: &Model) {
    for union in model.modules.get("elements").iter().flat_map(|module| module.input_unions.values()) {
        let class = page.imported(union.module, param_name(union.name));
        let (tag, content) = (camel(union.tag.name), camel(union.content.name));
        page.text.push('\n');
        page.comment(
            "",
            &["An element that this version does not know, or one that the compiler shall let pass.".into()],
        );
        page.put(format_args!(
            "export function other({tag}: string, {content}: unknown): {class} {{\n  return {{ {tag}, {content} }} as {class};\n}}"
        ));
    }
}

fn settings(page: &mut Page, shape: &'static Shape) {
    let class = page.imported(shape.module, param_name(shape.name));
    let fields: Vec<&Field> = shape.fields.iter().collect();
    let ty = content_type(page, shape, None);
    page.text.push('\n');
    page.comment("", &docs::of_shape(shape, Style::Camel));
    page.put(format_args!(
        "export function offlinePushInfo(settings: {ty}): {class} {{\n  return {};\n}}",
        written("settings", &fields)
    ));
}
