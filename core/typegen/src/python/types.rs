//! `tencent_im/types`: TypedDicts of what callers write, classes of what they read, and the options of a call.

use tencent_im_core::options::CallOptions;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{Enum, Field, Shape, Ty, Union};

use super::{HEAD, PACKAGE, Page, import};
use crate::Files;
use crate::docs;
use crate::model::{Model, Module, param_name};

/// Names that a field may not have in a class body, since annotations beside it use them.
const USED_IN_ANNOTATIONS: [&str; 6] = ["bool", "dict", "float", "int", "list", "str"];

/// Writes the package.
pub fn write(model: &Model, files: &mut Files) {
    let mut names: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, module) in &model.modules {
        names.push((name, names_of(module)));
        files.insert(format!("{PACKAGE}/types/{name}.py"), of_module(name, module, model));
    }
    names.push(("options", vec!["CallOptions".into()]));
    files.insert(format!("{PACKAGE}/types/options.py"), options());
    files.insert(format!("{PACKAGE}/types/__init__.py"), package(&names));
}

/// The types of a module. A call's own parameters are keywords of its method; only what stands inside them is a type.
fn names_of(module: &Module) -> Vec<String> {
    let variants = |unions: &std::collections::BTreeMap<&str, &Union>, is_input: bool| -> Vec<String> {
        unions.values().flat_map(|union| variants(union, is_input)).map(|(name, ..)| name).collect()
    };
    let mut names: Vec<String> =
        module.inputs.keys().chain(module.input_unions.keys()).map(|name| param_name(name)).collect();
    names.extend(
        module.outputs.keys().chain(module.enums.keys()).chain(module.output_unions.keys()).map(|name| (*name).into()),
    );
    names.extend(variants(&module.input_unions, true));
    names.extend(variants(&module.output_unions, false));
    names.extend(module.output_unions.values().map(|union| union.class_name("")));
    names.sort();
    names
}

fn of_module(name: &'static str, module: &Module, model: &Model) -> String {
    let mut page = Page::default();
    for set in module.enums.values() {
        enumeration(&mut page, set);
    }
    for shape in module.inputs.values() {
        typed_dict(&mut page, shape);
    }
    for union in module.input_unions.values() {
        union_type(&mut page, union, true);
    }
    for shape in module.outputs.values() {
        result(&mut page, shape, model);
    }
    for union in module.output_unions.values() {
        union_type(&mut page, union, false);
    }
    let annotations = page.imports(name, ".");
    let mut typing = Vec::new();
    let has_unions = !module.input_unions.is_empty() || !module.output_unions.is_empty();
    for (is_used, name) in [
        (!annotations.is_empty(), "TYPE_CHECKING"),
        (!module.enums.is_empty() || has_unions, "Literal"),
        (!module.inputs.is_empty() || !module.input_unions.is_empty(), "TypedDict"),
        (!module.enums.is_empty() || has_unions, "Union"),
    ] {
        if is_used {
            typing.push(name);
        }
    }
    let mut out = format!("{HEAD}\"\"\"Types of ``{name}``.\"\"\"\n\nfrom __future__ import annotations\n");
    if !typing.is_empty() {
        out.push_str(&format!("\nfrom typing import {}\n", typing.join(", ")));
    }
    if !module.outputs.is_empty() || !module.output_unions.is_empty() {
        let used = |name: &&&str| page.text.contains(&format!("({name}")) || page.text.contains(&format!(", {name})"));
        let bases: Vec<&str> = ["Item", "ItemsReply", "Result"].iter().filter(used).copied().collect();
        out.push_str(&format!("\nfrom .._result import {}\n", bases.join(", ")));
    }
    out + &annotations + &page.text
}

fn enumeration(page: &mut Page, set: &Enum) {
    let values: Vec<String> = set.values.iter().map(|value| format!("\"{value}\"")).collect();
    page.put(format_args!(""));
    page.union(set.name, &[format!("Literal[{}]", values.join(", ")), "str".into()]);
    page.doc("", &[format!("{} The service may add values.", docs::of_field(set.doc, Style::Snake))]);
}

fn typed_dict(page: &mut Page, shape: &Shape) {
    page.put(format_args!("\n\nclass {}(TypedDict):", param_name(shape.name)));
    page.doc("    ", &[docs::of_shape(shape, Style::Snake).join(" ")]);
    if !shape.fields.is_empty() {
        page.text.push('\n');
    }
    for field in shape.fields {
        check_name(shape.name, field);
        let ty = page.type_of(field.ty, true);
        if field.required {
            page.put(format_args!("    {}: {ty}", field.name));
        } else {
            let not_required = page.helper("NotRequired");
            page.put(format_args!("    {}: {not_required}[{ty} | None]", field.name));
        }
        page.doc("    ", &[docs::of_field(field.doc, Style::Snake)]);
    }
}

fn result(page: &mut Page, shape: &Shape, model: &Model) {
    let (code, failed) = (shape.outcome(), model.items.get(shape.name));
    let bases = match (code, failed) {
        (None, None) => "Result",
        (Some(_), None) => "Item",
        (None, Some(_)) => "ItemsReply",
        (Some(_), Some(_)) => "Item, ItemsReply",
    };
    page.put(format_args!("\n\nclass {}({bases}):", shape.name));
    page.doc("    ", &[docs::of_shape(shape, Style::Snake).join(" ")]);
    page.put(format_args!("\n    __slots__ = ()"));
    if let Some((code, successes)) = code {
        page.put(format_args!("    _code = \"{}\"", code.name));
        match (successes, code.ty) {
            (_, Ty::ItemCode) => page.put(format_args!("    _operation = \"{}\"", model.operation_of(shape))),
            (numbers, _) => page.put(format_args!("    _successes = frozenset({{{}}})", join(numbers))),
        }
    }
    if let Some(failed) = failed.filter(|failed| !failed.is_empty()) {
        let failed: Vec<String> = failed.iter().map(|list| format!("\"{list}\",")).collect();
        page.put(format_args!("    _failed = ({})", failed.join(" ")));
    }
    let of_items = ["ok", "cause", "cure", "raise_for_items"];
    let hidden =
        shape.fields.iter().find(|field| (code.is_some() || failed.is_some()) && of_items.contains(&field.name));
    assert!(
        hidden.is_none(),
        "{}.{} hides a property of items: rename the field",
        shape.name,
        hidden.map_or("", |field| field.name)
    );
    if !shape.fields.is_empty() {
        page.text.push('\n');
    }
    for field in shape.fields {
        check_name(shape.name, field);
        assert!(
            !METHODS_OF_DICT.contains(&field.name),
            "{}.{} hides behind a method of Python's dict: rename the field",
            shape.name,
            field.name
        );
        let ty = page.type_of(field.ty, false);
        let none = if field.required || matches!(field.ty, Ty::Json) { "" } else { " | None" };
        page.put(format_args!("    {}: {ty}{none}", field.name));
        page.doc("    ", &[docs::of_field(field.doc, Style::Snake)]);
    }
}

fn join(numbers: &[i64]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A union's variants: name of the type, tag, type of the content, what it is.
fn variants(union: &Union, is_input: bool) -> Vec<(String, &'static str, Ty, &'static [&'static str])> {
    let name = |tag: &str| {
        let name = union.class_name(tag);
        if is_input { param_name(&name) } else { name }
    };
    let known = union.variants.iter().zip(union.variant_docs);
    known.map(|((tag, table), doc)| (name(tag), *tag, Ty::Object(*table), *doc)).collect()
}

/// A class for each tag. A tag that is not known is an `Other…` where it is read; where it is written it needs a
/// constructor of its own, so that misspelt tags and contents are found.
fn union_type(page: &mut Page, union: &Union, is_input: bool) {
    let base = if is_input { "TypedDict" } else { "Result" };
    let slots = if is_input { "" } else { "    __slots__ = ()\n\n" };
    let mut members = Vec::new();
    for (name, tag, content, doc) in variants(union, is_input) {
        page.put(format_args!("\n\nclass {name}({base}):"));
        page.doc("    ", &[docs::of_field(doc, Style::Snake)]);
        let content = page.type_of(content, is_input);
        page.put(format_args!(
            "\n{slots}    {}: Literal[\"{tag}\"]\n    {}: {content}",
            union.tag.name, union.content.name
        ));
        members.push(name);
    }
    if !is_input {
        let name = union.class_name("");
        page.put(format_args!("\n\nclass {name}({base}):"));
        page.doc("    ", &["One that this version does not know.".into()]);
        let any = page.helper("Any");
        page.put(format_args!("\n{slots}    {}: str\n    {}: {any}", union.tag.name, union.content.name));
        members.push(name);
    }
    let name = if is_input { param_name(union.name) } else { union.name.into() };
    page.text.push_str("\n\n");
    page.union(&name, &members);
    page.doc(
        "",
        &[docs::lines(union.doc).map(|line| docs::localized(line, Style::Snake)).collect::<Vec<_>>().join(" ")],
    );
}

fn check_name(shape: &str, field: &Field) {
    let name = field.name;
    assert!(!USED_IN_ANNOTATIONS.contains(&name), "{shape}.{name} hides a type of Python: rename the field");
    assert!(!KEYWORDS.contains(&name), "{shape}.{name} is a keyword of Python: rename the field");
}

const METHODS_OF_DICT: [&str; 11] =
    ["clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"];

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// An option's name in Python, where times are seconds.
pub fn option_name(core: &str) -> &str {
    core.strip_suffix("_ms").unwrap_or(core)
}

fn options() -> String {
    let shape = CallOptions::shape();
    let mut page = Page::default();
    page.put(format_args!("\n\nclass CallOptions(TypedDict, total=False):"));
    page.doc("    ", &[docs::of_shape(shape, Style::Snake).join(" ")]);
    page.text.push('\n');
    for field in shape.fields {
        let is_time = field.name.ends_with("_ms");
        let ty = match field.ty {
            _ if is_time => "float".into(),
            // Of the options only the raw body is any JSON, and that an object.
            Ty::Json => format!("{}[str, {}]", page.helper("Mapping"), page.helper("Any")),
            ty => page.type_of(ty, true),
        };
        page.put(format_args!("    {}: {ty} | None", option_name(field.name)));
        page.doc("    ", &[docs::of_field(field.doc, Style::Snake).replace("in milliseconds", "in seconds")]);
    }
    format!(
        "{HEAD}\"\"\"Options of calls.\"\"\"\n\nfrom __future__ import annotations\n\nfrom typing import TYPE_CHECKING, TypedDict\n{}{}",
        page.imports("options", "."),
        page.text
    )
}

/// The package itself: every name from one place, each module loaded when a name of it is first asked for.
fn package(names: &[(&str, Vec<String>)]) -> String {
    let mut out = format!(
        "{HEAD}\"\"\"The types of what calls take and give: ``from tencent_im.types import CheckAccountResult``.\"\"\"\n\n\
         from __future__ import annotations\n\nfrom importlib import import_module\nfrom typing import TYPE_CHECKING, Any\n\nif TYPE_CHECKING:\n"
    );
    for (module, names) in names {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        out.push_str(&import(&format!(".{module}"), &names, "    "));
    }
    let mut all: Vec<(&str, &str)> =
        names.iter().flat_map(|(module, names)| names.iter().map(|name| (name.as_str(), *module))).collect();
    all.sort_unstable();
    out.push_str("\n__all__ = [\n");
    for (name, _) in &all {
        out.push_str(&format!("    \"{name}\",\n"));
    }
    out.push_str("]\n\n_MODULES = {\n");
    for (name, module) in &all {
        out.push_str(&format!("    \"{name}\": \"{module}\",\n"));
    }
    out.push_str(LAZY);
    out
}

/// Loads a type's module. Hidden from type checkers, so that they find misspelt names.
const LAZY: &str = r#"}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
        return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]
"#;
