//! The TypeScript facade: a file of types for each file of the core's tables, a class for each group of calls, and the
//! client's fields by which they are reached.

mod elements;
pub mod errors;
mod resources;
mod types;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Arguments, Write};

use tencent_im_core::schema::Ty;
use tencent_im_core::schema::names::{Style, camel, pascal};

use crate::Files;
use crate::docs;
use crate::model::{Group, Model, param_name};

const PACKAGE: &str = "bindings-wasm/js";
const HEAD: &str = concat!("// ", origin!(), "\n");
const WIDTH: usize = 120;

/// Writes all TypeScript files.
pub fn write(model: &Model, files: &mut Files) {
    types::write(model, files);
    resources::write(model, files);
    elements::write(model, files);
    webhooks::write(files);
    errors::write(files);
}

/// The client's fields, one for each group.
pub fn groups(model: &Model) -> String {
    let fields = model.groups.iter().map(|Group { name, doc, .. }| {
        format!(
            "  /** {} */\n  readonly {} = new resources.{}(this);\n",
            docs::localized(doc, Style::Camel),
            camel(name),
            pascal(name)
        )
    });
    fields.collect()
}

/// What a file is written to, and the types that it needs from elsewhere.
#[derive(Default)]
struct Page {
    text: String,
    types: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Page {
    fn put(&mut self, line: Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    fn comment(&mut self, indent: &str, lines: &[String]) {
        let lines: Vec<String> = lines.iter().map(|line| line.replace("*/", "* /")).collect();
        match &lines[..] {
            [line] => self.put(format_args!("{indent}/** {line} */")),
            _ => {
                self.put(format_args!("{indent}/**"));
                for line in lines {
                    self.put(format_args!("{indent} *{}{line}", if line.is_empty() { "" } else { " " }));
                }
                self.put(format_args!("{indent} */"));
            }
        }
    }

    /// `export type X = A | B;`, on one line where that is short enough.
    fn union(&mut self, name: &str, members: &[String]) {
        let line = format!("export type {name} = {};", members.join(" | "));
        if line.len() <= WIDTH {
            self.put(format_args!("{line}"));
        } else {
            self.put(format_args!("export type {name} =\n  | {};", members.join("\n  | ")));
        }
    }

    fn imported(&mut self, module: &'static str, name: String) -> String {
        self.types.entry(module).or_default().insert(name.clone());
        name
    }

    /// A type, in what callers write or in what they read.
    fn type_of(&mut self, ty: Ty, is_input: bool) -> String {
        match ty {
            Ty::Bool => "boolean".into(),
            Ty::Flag => if is_input { "boolean | 0 | 1" } else { "boolean" }.into(),
            Ty::BigId => if is_input { "string | number | bigint" } else { "string" }.into(),
            Ty::Int(_) | Ty::Time(_) | Ty::ItemCode | Ty::Number => "number".into(),
            Ty::Text | Ty::JsonText | Ty::UserId => "string".into(),
            Ty::Json => "unknown".into(),
            Ty::Enum(set) => self.imported(set.module, set.name.into()),
            Ty::Object(shape) => {
                let shape = shape();
                let name = if is_input { param_name(shape.name) } else { shape.name.into() };
                let name = self.imported(shape.module, name);
                if is_input && shape.shorthand().is_some() { format!("{name} | string") } else { name }
            }
            Ty::Union(union) => {
                let union = union();
                let name = if is_input { param_name(union.name) } else { union.name.into() };
                self.imported(union.module, name)
            }
            Ty::ListOrObject(item) => format!("{} | Record<string, unknown>", self.type_of(Ty::List(item), is_input)),
            Ty::List(item) => {
                let item = self.type_of(*item, is_input);
                let item = if item.contains('|') { format!("({item})") } else { item };
                if is_input { format!("readonly {item}[]") } else { format!("{item}[]") }
            }
            Ty::Map(value) => {
                let value = self.type_of(*value, is_input);
                if is_input { format!("Readonly<Record<string, {value}>>") } else { format!("Record<string, {value}>") }
            }
        }
    }

    /// The imports, but for types of the module itself. `types` is the directory of types as seen from there.
    fn imports(&self, own: &str, types: &str) -> String {
        let modules = self.types.iter().filter(|(module, _)| **module != own);
        modules.map(|(module, names)| import(&format!("{types}{module}.js"), names)).collect()
    }
}

/// An import statement, on one line where that is short enough.
fn import(module: &str, names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let line = format!("import type {{ {} }} from '{module}';\n", names.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    format!("import type {{\n  {},\n}} from '{module}';\n", names.join(",\n  "))
}
