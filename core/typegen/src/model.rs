//! The tables, sorted for writing: groups of calls, and every shape and enum that they reach.

use std::collections::{BTreeMap, BTreeSet};

use tencent_im_core::api;
use tencent_im_core::schema::{Enum, Op, Shape, Ty, Union};

/// Everything that a facade is written from.
pub struct Model {
    /// Calls by group, both in the order of their declaration.
    pub groups: Vec<(&'static str, Vec<&'static Op>)>,
    /// Shapes that callers write, by name.
    pub inputs: BTreeMap<&'static str, &'static Shape>,
    /// Shapes that callers read, by name.
    pub outputs: BTreeMap<&'static str, &'static Shape>,
    /// Open enums, by name.
    pub enums: BTreeMap<&'static str, &'static Enum>,
    /// Tagged unions, by name.
    pub unions: BTreeMap<&'static str, &'static Union>,
}

impl Model {
    /// Reads the tables of the core.
    pub fn of_tables() -> Self {
        let mut model = Self {
            groups: Vec::new(),
            inputs: BTreeMap::new(),
            outputs: BTreeMap::new(),
            enums: BTreeMap::new(),
            unions: BTreeMap::new(),
        };
        for op in api::all() {
            match model.groups.iter_mut().find(|(group, _)| *group == op.group()) {
                Some((_, ops)) => ops.push(op),
                None => model.groups.push((op.group(), vec![op])),
            }
            model.add_shape((op.request)(), true);
            model.add_shape((op.reply)(), false);
        }
        model
    }

    fn add_shape(&mut self, shape: &'static Shape, input: bool) {
        let known = if input { &mut self.inputs } else { &mut self.outputs };
        if known.insert(shape.name, shape).is_none() {
            shape.fields.iter().for_each(|field| self.add(field.ty, input));
        }
    }

    fn add(&mut self, ty: Ty, input: bool) {
        match ty {
            Ty::Object(shape) => self.add_shape(shape(), input),
            Ty::List(item) | Ty::ListOrObject(item) | Ty::Map(item) => self.add(*item, input),
            Ty::Enum(set) => {
                self.enums.insert(set.name, set);
            }
            Ty::Union(union) => {
                let union = union();
                self.unions.insert(union.name, union);
                union.variants.iter().for_each(|(_, shape)| self.add_shape(shape(), input));
            }
            _ => {}
        }
    }

    /// The name of a shape where callers write it. Shapes that are read as well get a name of their own for writing,
    /// since input takes more forms than output has.
    pub fn input_name(&self, shape: &Shape) -> String {
        let both = self.outputs.contains_key(shape.name) && !shape.fields.is_empty();
        if both { format!("{}Input", shape.name) } else { shape.name.into() }
    }

    /// Names of fields that a reply may lack.
    pub fn optional_reply_fields(&self) -> BTreeSet<&'static str> {
        let fields = self.outputs.values().flat_map(|shape| shape.fields);
        fields.filter(|field| !field.required).map(|field| field.name).collect()
    }
}
