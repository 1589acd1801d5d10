//! What the languages' constructors of message elements have in common: which there are, and what they take.

use tencent_im_core::schema::names::snake;
use tencent_im_core::schema::{Field, Limit, Shape, Ty, Union};

use crate::model::Model;

/// A constructor of a tagged object.
pub struct Constructor {
    /// Its name, snake_case.
    pub name: String,
    /// The union, and the tag that it writes.
    pub union: &'static Union,
    pub tag: &'static str,
    /// The content.
    pub content: &'static Shape,
    /// What it makes.
    pub doc: &'static [&'static str],
}

impl Constructor {
    /// The constructors of every union that callers write, in the order of their declaration.
    pub fn all(model: &Model) -> Vec<Self> {
        let unions = model.modules.values().flat_map(|module| module.input_unions.values());
        let constructors = unions.flat_map(|union| {
            let variants = union.variants.iter().zip(union.variant_names).zip(union.variant_docs);
            variants.map(|(((tag, content), name), doc)| Self {
                name: snake(name),
                union,
                tag,
                content: content(),
                doc,
            })
        });
        let constructors: Vec<Self> = constructors.collect();
        for (at, one) in constructors.iter().enumerate() {
            assert!(constructors[..at].iter().all(|other| other.name != one.name), "two constructors {}", one.name);
        }
        constructors
    }

    /// The field that stands before the others, without its name: the only one that must be given, or data that comes
    /// first.
    pub fn leading(&self) -> Option<&'static Field> {
        let mut required = self.content.fields.iter().filter(|field| field.required && constant(field).is_none());
        match (required.next(), required.next()) {
            (Some(only), None) => Some(only),
            (None, _) => self.content.fields.first().filter(|field| is_json(field)),
            _ => None,
        }
    }

    /// The other fields, those first that must be given.
    pub fn others(&self) -> Vec<&'static Field> {
        let leading = self.leading();
        let fields = self.content.fields.iter().filter(|field| leading.is_none_or(|other| other.name != field.name));
        let (required, optional): (Vec<&Field>, Vec<&Field>) =
            fields.partition(|field| field.required && constant(field).is_none());
        [required, optional].concat()
    }
}

/// Whether a field's text is often JSON: constructors write that themselves.
pub fn is_json(field: &Field) -> bool {
    matches!(field.ty, Ty::JsonText)
}

/// The only value that a field may have, which constructors fill in.
pub fn constant(field: &Field) -> Option<i64> {
    field.limits.iter().find_map(|limit| match limit {
        Limit::Values([only]) if field.required => Some(*only),
        _ => None,
    })
}

/// The offline push settings, which have a constructor, too.
pub fn offline_push_info(model: &Model) -> Option<&'static Shape> {
    model.modules.get("push_info")?.inputs.get("OfflinePushInfo").copied()
}
