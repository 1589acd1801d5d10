//! What holds of the tables as a whole.

use std::collections::BTreeMap;

use super::EVERYTHING;
use crate::schema::names::camel;
use crate::schema::{Shape, Ty};

/// Every shape that can be reached from a table.
fn shapes(ty: Ty, found: &mut BTreeMap<&'static str, &'static Shape>) {
    match ty {
        Ty::Object(shape) => shapes_of(shape(), found),
        Ty::List(item) | Ty::ListOrObject(item) | Ty::Map(item) => shapes(*item, found),
        Ty::Union(union) => union().variants.iter().for_each(|(_, shape)| shapes_of(shape(), found)),
        _ => {}
    }
}

fn shapes_of(shape: &'static Shape, found: &mut BTreeMap<&'static str, &'static Shape>) {
    match found.insert(shape.name, shape) {
        None => shape.fields.iter().for_each(|field| shapes(field.ty, found)),
        Some(other) => assert!(std::ptr::eq(shape, other), "two shapes are called {}", shape.name),
    }
}

#[test]
fn no_two_fields_of_a_shape_collide_in_any_style() {
    let mut found = BTreeMap::new();
    for op in crate::api::all().chain([EVERYTHING.op()]) {
        shapes_of((op.request)(), &mut found);
        shapes_of((op.reply)(), &mut found);
    }
    assert!(found.len() > 20);
    for shape in found.values() {
        assert!(shape.fields.len() <= 128, "{}", shape.name);
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        for field in shape.fields {
            let own = [field.name.to_owned(), camel(field.name), field.wire.to_owned()];
            for name in own.into_iter().chain(field.aliases.iter().map(|alias| alias.to_string())) {
                let owner = owners.insert(name.clone(), field.name);
                assert!(owner.is_none_or(|owner| owner == field.name), "{}: {name} means two fields", shape.name);
            }
        }
    }
}

#[test]
fn calls_have_unique_names_and_paths() {
    let mut names: Vec<_> = crate::api::all().map(|op| op.name).collect();
    let mut paths: Vec<_> = crate::api::all().map(|op| op.path).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!((names.len(), paths.len()), (count, count));
    assert!(crate::api::all().all(|op| op.replaced_by.is_none_or(|other| crate::api::find(other).is_some())));
}

/// Enums and unions by name; two of one name must be one and the same.
fn names_of(ty: Ty, found: &mut BTreeMap<&'static str, *const ()>) {
    let named = match ty {
        Ty::Enum(set) => Some((set.name, std::ptr::from_ref(set).cast())),
        Ty::Union(union) => Some((union().name, std::ptr::from_ref(union()).cast())),
        Ty::List(item) | Ty::ListOrObject(item) | Ty::Map(item) => return names_of(*item, found),
        _ => None,
    };
    if let Some((name, at)) = named {
        assert_eq!(*found.entry(name).or_insert(at), at, "two types are called {name}");
    }
}

#[test]
fn a_name_stands_for_one_type() {
    let mut found = BTreeMap::new();
    for op in crate::api::all() {
        shapes_of((op.request)(), &mut found);
        shapes_of((op.reply)(), &mut found);
    }
    let mut names = BTreeMap::new();
    found.values().flat_map(|shape| shape.fields).for_each(|field| names_of(field.ty, &mut names));
    assert!(names.len() > 20, "{}", names.len());
    for name in names.keys() {
        assert!(!found.contains_key(name), "a shape and another type are called {name}");
    }
}
