//! The Python facade: a module of types for each file of the core's tables, a module for each group of calls, and the
//! properties by which clients reach the groups.

mod elements;
mod errors;
mod resources;
mod types;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Arguments, Write};
use std::io;

use tencent_im_core::schema::Ty;

use crate::Files;
use crate::model::{Model, param_name};

const PACKAGE: &str = "bindings-python/python/tencent_im";
const HEAD: &str = concat!("# ", origin!(), "\n# ruff: noqa: E501\n");
const WIDTH: usize = 120;

/// Writes all Python files.
pub fn write(model: &Model, files: &mut Files) -> io::Result<()> {
    types::write(model, files);
    resources::write(model, files);
    elements::write(model, files);
    errors::write(files);
    webhooks::write(files)
}

/// What a file is written to, and the names that it needs from elsewhere.
#[derive(Default)]
struct Page {
    text: String,
    /// Types by the module that has them.
    types: BTreeMap<&'static str, BTreeSet<String>>,
    /// Names that methods over many items need.
    runs: BTreeSet<&'static str>,
    /// Names of `typing`, `collections.abc` and `typing_extensions`, for annotations alone.
    helpers: BTreeSet<&'static str>,
}

impl Page {
    fn put(&mut self, line: Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    /// A docstring.
    fn doc(&mut self, indent: &str, lines: &[String]) {
        let lines: Vec<String> = lines.iter().map(|line| line.replace('\\', "\\\\").replace("\"\"\"", "'''")).collect();
        match &lines[..] {
            [line] => self.put(format_args!("{indent}\"\"\"{line}\"\"\"")),
            [first, rest @ ..] => {
                self.put(format_args!("{indent}\"\"\"{first}"));
                for line in rest {
                    self.put(format_args!("{}{line}", if line.is_empty() { "" } else { indent }));
                }
                self.put(format_args!("{indent}\"\"\""));
            }
            [] => {}
        }
    }

    /// `X = Union[…]`, on one line where that is short enough.
    fn union(&mut self, name: &str, members: &[String]) {
        let line = format!("{name} = Union[{}]", members.join(", "));
        if line.len() <= WIDTH {
            self.put(format_args!("{line}"));
        } else {
            self.put(format_args!("{name} = Union[\n    {},\n]", members.join(",\n    ")));
        }
    }

    fn helper(&mut self, name: &'static str) -> &'static str {
        self.helpers.insert(name);
        name
    }

    fn imported(&mut self, module: &'static str, name: String) -> String {
        self.types.entry(module).or_default().insert(name.clone());
        name
    }

    /// The annotation of a type, in what callers write or in what they read.
    fn type_of(&mut self, ty: Ty, is_input: bool) -> String {
        match ty {
            Ty::Bool | Ty::Flag => "bool".into(),
            Ty::Int(_) | Ty::BigId | Ty::Time(_) | Ty::ItemCode => "int".into(),
            Ty::Number => "float".into(),
            Ty::Text | Ty::JsonText | Ty::UserId => "str".into(),
            Ty::Json => self.helper("Any").into(),
            Ty::Enum(set) => self.imported(set.module, set.name.into()),
            Ty::Object(shape) => {
                let shape = shape();
                let name = if is_input { param_name(shape.name) } else { shape.name.into() };
                let name = self.imported(shape.module, name);
                if is_input && shape.shorthand().is_some() { format!("{name} | str") } else { name }
            }
            Ty::Union(union) => {
                let union = union();
                let name = if is_input { param_name(union.name) } else { union.name.into() };
                self.imported(union.module, name)
            }
            Ty::ListOrObject(item) => {
                let list = self.type_of(Ty::List(item), is_input);
                format!("{list} | dict[str, {}]", self.helper("Any"))
            }
            Ty::List(item) if is_input => format!("{}[{}]", self.helper("Sequence"), self.type_of(*item, true)),
            Ty::List(item) => format!("list[{}]", self.type_of(*item, false)),
            Ty::Map(value) if is_input => format!("{}[str, {}]", self.helper("Mapping"), self.type_of(*value, true)),
            Ty::Map(value) => format!("dict[str, {}]", self.type_of(*value, false)),
        }
    }

    /// The imports for annotations alone, but for types of the module itself. `types` is the package of types as seen
    /// from there.
    fn imports(&self, own: &str, types: &str) -> String {
        const SOURCES: [(&str, &[&str]); 3] = [
            ("collections.abc", &["AsyncIterable", "Coroutine", "Iterable", "Mapping", "Sequence"]),
            ("typing", &["Any"]),
            ("typing_extensions", &["NotRequired", "Unpack"]),
        ];
        let mut blocks = [String::new(), String::new(), String::new()];
        for (source, names) in SOURCES {
            let used: Vec<&str> = names.iter().copied().filter(|name| self.helpers.contains(name)).collect();
            let block = usize::from(source == "typing_extensions");
            if !used.is_empty() {
                blocks[block].push_str(&format!("    from {source} import {}\n", used.join(", ")));
            }
        }
        if !self.runs.is_empty() {
            let names: Vec<&str> = self.runs.iter().copied().collect();
            blocks[2].push_str(&import(".._bulk", &names, "    "));
        }
        for (module, names) in self.types.iter().filter(|(module, _)| **module != own) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            blocks[2].push_str(&import(&format!("{types}{module}"), &names, "    "));
        }
        let blocks: Vec<String> = blocks.into_iter().filter(|block| !block.is_empty()).collect();
        if blocks.is_empty() { String::new() } else { format!("\nif TYPE_CHECKING:\n{}", blocks.join("\n")) }
    }
}

/// An import statement, on one line where that is short enough.
fn import(module: &str, names: &[&str], indent: &str) -> String {
    let line = format!("{indent}from {module} import {}\n", names.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    format!("{indent}from {module} import (\n{indent}    {},\n{indent})\n", names.join(&format!(",\n{indent}    ")))
}
