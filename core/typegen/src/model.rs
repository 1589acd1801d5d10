//! The tables, sorted for writing: groups of calls, and every type that they reach, by the module that declares it.
//!
//! Names and places of types never depend on what else is declared: an input `X` is always `XParam`, a result always
//! `X`, and both stand in the module of the file in `core/src/api` that declares `X`, whichever groups use it.

use std::collections::BTreeMap;
use std::ptr;

use tencent_im_core::schema::{Batch, Enum, Field, Op, Outcome, Rule, Shape, Table, Ty, Union};
use tencent_im_core::{api, webhook};

use crate::groups::GROUPS;

/// Everything that a facade is written from.
pub struct Model {
    /// Calls by group, both in the order in which they are shown.
    pub groups: Vec<Group>,
    /// Types by module.
    pub modules: BTreeMap<&'static str, Module>,
    /// Results of calls whose items succeed or fail alone, by name: their lists that name failed items.
    pub items: BTreeMap<&'static str, Vec<&'static str>>,
}

/// A group of calls.
pub struct Group {
    /// Its name, such as `group_messages`.
    pub name: &'static str,
    /// What its calls are about.
    pub doc: &'static str,
    /// The calls, in the order of their declaration.
    pub ops: Vec<&'static Op>,
}

/// The types of one module, by name.
#[derive(Default)]
pub struct Module {
    /// Shapes that are the parameters of a call.
    pub requests: BTreeMap<&'static str, &'static Shape>,
    /// Shapes that stand inside the parameters of a call.
    pub inputs: BTreeMap<&'static str, &'static Shape>,
    /// Shapes of results, and of what stands inside them.
    pub outputs: BTreeMap<&'static str, &'static Shape>,
    /// Open enums.
    pub enums: BTreeMap<&'static str, &'static Enum>,
    /// Tagged unions that callers write.
    pub input_unions: BTreeMap<&'static str, &'static Union>,
    /// Tagged unions that callers read.
    pub output_unions: BTreeMap<&'static str, &'static Union>,
}

/// Files a table under its name. Gives whether it is new. Two tables of one name would be one type in every language.
fn file<T>(known: &mut BTreeMap<&'static str, &'static T>, name: &'static str, table: &'static T) -> bool {
    match known.insert(name, table) {
        None => true,
        Some(before) => {
            assert!(ptr::eq(before, table), "two different tables have the name {name}: rename one");
            false
        }
    }
}

/// The name of a shape or union where callers write it.
pub fn param_name(name: &str) -> String {
    format!("{name}Param")
}

/// The list of a reply that names failed items, if it holds no more than their names.
fn failed_names(op: &Op) -> Option<&'static str> {
    let Some(Outcome::Failed(list)) = op.batch.map(|batch| batch.outcome) else { return None };
    let field = (op.reply)().fields.iter().find(|field| field.name == list)?;
    if let Ty::List(Ty::Object(_)) = field.ty { None } else { Some(list) }
}

/// Whether a shape is another one, or holds it.
fn reaches(shape: &'static Shape, wanted: &Shape, seen: &mut Vec<&'static str>) -> bool {
    if ptr::eq(shape, wanted) {
        return true;
    }
    if seen.contains(&shape.name) {
        return false;
    }
    seen.push(shape.name);
    shape.fields.iter().any(|field| match field.ty {
        Ty::Object(table) => reaches(table(), wanted, seen),
        Ty::List(Ty::Object(table)) | Ty::Map(Ty::Object(table)) => reaches(table(), wanted, seen),
        _ => false,
    })
}

/// Whether a shape, or something inside it, has the code of an item.
fn has_items(shape: &'static Shape, seen: &mut Vec<&'static str>) -> bool {
    if seen.contains(&shape.name) {
        return false;
    }
    seen.push(shape.name);
    shape.outcome().is_some()
        || shape.fields.iter().any(|field| match field.ty {
            Ty::Object(table) => has_items(table(), seen),
            Ty::List(Ty::Object(table)) | Ty::Map(Ty::Object(table)) => has_items(table(), seen),
            _ => false,
        })
}

impl Model {
    /// Reads the tables of the core.
    pub fn of_tables() -> Self {
        let mut model = Self { groups: Vec::new(), modules: BTreeMap::new(), items: BTreeMap::new() };
        for op in api::all() {
            assert!(GROUPS.iter().any(|(name, _)| *name == op.group()), "{} is missing in groups.rs", op.group());
            let request = (op.request)();
            model.module(request.module).requests.insert(request.name, request);
            request.fields.iter().for_each(|field| model.add(field.ty, true));
            model.add_output(op.reply);
            let names = failed_names(op);
            if names.is_some() || has_items((op.reply)(), &mut Vec::new()) {
                model.items.entry((op.reply)().name).or_default().extend(names);
            }
        }
        for webhook in webhook::all() {
            model.add_output(webhook.body);
        }
        for (name, doc) in GROUPS {
            let ops: Vec<&Op> = api::all().filter(|op| op.group() == *name).collect();
            if !ops.is_empty() {
                model.groups.push(Group { name, doc, ops });
            }
        }
        model.check_names();
        model
    }

    fn module(&mut self, module: &'static str) -> &mut Module {
        self.modules.entry(module).or_default()
    }

    fn add_input(&mut self, table: Table) {
        let shape = table();
        if file(&mut self.module(shape.module).inputs, shape.name, shape) {
            shape.fields.iter().for_each(|field| self.add(field.ty, true));
        }
    }

    fn add_output(&mut self, table: Table) {
        let shape = table();
        if file(&mut self.module(shape.module).outputs, shape.name, shape) {
            shape.fields.iter().for_each(|field| self.add(field.ty, false));
        }
    }

    fn add(&mut self, ty: Ty, is_input: bool) {
        match ty {
            Ty::Object(table) if is_input => self.add_input(table),
            Ty::Object(table) => self.add_output(table),
            Ty::List(item) | Ty::ListOrObject(item) | Ty::Map(item) => self.add(*item, is_input),
            Ty::Enum(set) => {
                file(&mut self.module(set.module).enums, set.name, set);
            }
            Ty::Union(union) => {
                let union = union();
                let module = self.module(union.module);
                let known = if is_input { &mut module.input_unions } else { &mut module.output_unions };
                if file(known, union.name, union) {
                    union.variants.iter().for_each(|(_, shape)| self.add(Ty::Object(*shape), is_input));
                }
            }
            _ => {}
        }
    }

    /// The first call whose result holds a shape: it says what the shape's code means, as codes differ between services.
    pub fn operation_of(&self, shape: &Shape) -> &'static str {
        let holds = |op: &&&'static Op| reaches((op.reply)(), shape, &mut Vec::new());
        self.groups.iter().flat_map(|group| &group.ops).find(holds).map_or("", |op| op.name)
    }

    /// Every name of a type is there once, over all modules, so that they can be imported from one place.
    fn check_names(&self) {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (place, module) in &self.modules {
            for name in module.names() {
                if let Some(other) = seen.insert(name.clone(), place) {
                    panic!("the type {name} is in the modules {other} and {place}: rename one");
                }
            }
        }
    }
}

impl Module {
    /// Shapes that callers write, the parameters of calls included.
    pub fn all_inputs(&self) -> BTreeMap<&'static str, &'static Shape> {
        self.requests.iter().chain(&self.inputs).map(|(name, shape)| (*name, *shape)).collect()
    }

    /// The names of its types, those of calls' own parameters included.
    pub fn names(&self) -> Vec<String> {
        let inputs = self.all_inputs();
        let mut names: Vec<String> =
            inputs.keys().copied().chain(self.input_unions.keys().copied()).map(param_name).collect();
        names.extend(
            self.outputs.keys().chain(self.enums.keys()).chain(self.output_unions.keys()).map(|name| (*name).into()),
        );
        names.sort();
        names
    }
}

/// The name of the iterator over a paged call: `list_members` has `iter_members`.
pub fn iterator_name(method: &str) -> String {
    match method.strip_prefix("list") {
        Some(rest) => format!("iter{rest}"),
        None => format!("iter_{method}"),
    }
}

/// The list of a call's independent items, and what is known of it.
pub fn batch_list(op: &Op) -> Option<(&'static Field, Batch)> {
    let batch = op.batch?;
    Some(((op.request)().fields.iter().find(|field| field.name == batch.field)?, batch))
}

/// Whether a field of a call may be given only where another one is not.
pub fn is_alternative(op: &Op, list: &str, field: &str) -> bool {
    (op.request)().rules.iter().any(|rule| match rule {
        Rule::ExactlyOne(groups) | Rule::AtMostOne(groups) => {
            let holds = |name: &str| groups.iter().position(|group| group.contains(&name));
            holds(list).is_some() && holds(field).is_some() && holds(list) != holds(field)
        }
        Rule::AtLeastOne(_) | Rule::Requires { .. } => false,
    })
}

/// Whether the iterator over a paged call fills a field by itself: the page size, and where each page begins.
pub fn is_position(op: &Op, field: &str) -> bool {
    op.page.is_some_and(|page| {
        page.size.is_some_and(|(size, _)| size == field) || page.next.iter().any(|(target, _)| *target == field)
    })
}

/// The types of the items of a paged call, one for each of its lists.
pub fn page_items(op: &Op) -> Vec<Ty> {
    let fields = (op.reply)().fields;
    let lists =
        op.page.iter().flat_map(|page| page.items).filter_map(|list| fields.iter().find(|field| field.name == *list));
    lists.filter_map(|field| if let Ty::List(item) = field.ty { Some(*item) } else { None }).collect()
}
