//! `tencent_im/elements.py`: a constructor for each message element.

use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{Field, Shape};

use super::{HEAD, PACKAGE, Page};
use crate::Files;
use crate::constructors::{Constructor, constant, is_json, offline_push_info};
use crate::docs;
use crate::model::{Model, param_name};

const INTRODUCTION: &str = r#""""Constructors of message elements: ``msg_body=[elements.text("hi")]``.

Custom data may be anything that ``json.dumps`` takes: it is written as text once. Text stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ._json import given, json_text
"#;

/// What the caller's own data may be.
const DATA: &str = "str | Mapping[str, Any] | Sequence[Any]";

/// Writes the module.
pub fn write(model: &Model, files: &mut Files) {
    let mut page = Page::default();
    for constructor in Constructor::all(model) {
        element(&mut page, &constructor);
    }
    other(&mut page, model);
    if let Some(shape) = offline_push_info(model) {
        settings(&mut page, shape);
    }
    page.helpers.remove("Any");
    let text = format!("{HEAD}{INTRODUCTION}{}{}", page.imports("", ".types."), page.text);
    files.insert(format!("{PACKAGE}/elements.py"), text);
}

fn element(page: &mut Page, constructor: &Constructor) {
    let Constructor { name, union, tag, content, doc } = constructor;
    let class = page.imported(union.module, param_name(&union.class_name(tag)));
    let leading: Vec<&Field> = constructor.leading().into_iter().collect();
    let others = constructor.others();
    signature(page, name, &leading, &others, &class);
    body_doc(page, &docs::of_field(doc, Style::Snake), leading.iter().chain(&others).copied());
    let content_class = page.imported(content.module, param_name(content.name));
    page.put(format_args!(
        "    content = given({})\n    return {{\"{}\": \"{tag}\", \"{}\": cast(\"{content_class}\", content)}}",
        arguments(leading.iter().chain(&others).copied()),
        union.tag.name,
        union.content.name
    ));
}

/// The constructor for elements that this version does not know.
fn other(page: &mut Page, model: &Model) {
    for union in model.modules.get("elements").iter().flat_map(|module| module.input_unions.values()) {
        let class = page.imported(union.module, param_name(union.name));
        let (tag, content) = (union.tag.name, union.content.name);
        page.put(format_args!("\n\ndef other({tag}: str, {content}: Any) -> {class}:"));
        page.doc(
            "    ",
            &["An element that this version does not know, or one that type checkers shall let pass.".into()],
        );
        page.put(format_args!("    return cast(\"{class}\", {{\"{tag}\": {tag}, \"{content}\": {content}}})"));
    }
}

fn settings(page: &mut Page, shape: &'static Shape) {
    let class = page.imported(shape.module, param_name(shape.name));
    let fields: Vec<&Field> = shape.fields.iter().collect();
    signature(page, "offline_push_info", &[], &fields, &class);
    body_doc(page, &docs::of_shape(shape, Style::Snake).join(" "), shape.fields.iter());
    page.put(format_args!("    return cast(\"{class}\", given({}))", arguments(shape.fields.iter())));
}

fn signature(page: &mut Page, name: &str, leading: &[&'static Field], others: &[&'static Field], class: &str) {
    page.put(format_args!("\n\ndef {name}("));
    for (at, field) in leading.iter().chain(others).enumerate() {
        if at == leading.len() {
            page.put(format_args!("    *,"));
        }
        let ty = if is_json(field) {
            page.helper("Mapping");
            page.helper("Sequence");
            DATA.into()
        } else {
            page.type_of(field.ty, true)
        };
        let optional = match constant(field) {
            Some(value) => format!(" = {value}"),
            None if field.required => String::new(),
            None => " | None = None".into(),
        };
        page.put(format_args!("    {}: {ty}{optional},", field.name));
    }
    page.put(format_args!(") -> {class}:"));
}

fn body_doc(page: &mut Page, first: &str, fields: impl Iterator<Item = &'static Field>) {
    let mut lines = vec![first.to_owned(), String::new(), "Args:".into()];
    lines.extend(fields.map(|field| format!("    {}: {}", field.name, docs::of_field(field.doc, Style::Snake))));
    page.doc("    ", &lines);
}

fn arguments(fields: impl Iterator<Item = &'static Field>) -> String {
    let arguments = fields.map(|field| match field.name {
        name if is_json(field) => format!("{name}=json_text(\"{name}\", {name})"),
        name => format!("{name}={name}"),
    });
    arguments.collect::<Vec<_>>().join(", ")
}
