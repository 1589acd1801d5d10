//! Random valid requests, made from the tables.

use serde_json::{Map, Value, json};
use tencent_im_core::schema::{Limit, Rule, Shape, TimeUnit, Ty, Width};

/// A small generator of random numbers (SplitMix64): the same seed gives the same request everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: i128, most: i128) -> i128 {
        least + i128::from(self.next()).rem_euclid(most - least + 1)
    }

    pub fn is_heads(&mut self) -> bool {
        self.next() & 1 == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.next() as usize % from.len()]
    }

    fn letters(&mut self, count: usize) -> String {
        (0..count).map(|_| *self.pick(b"abcdefghijklmnopqrstuvwxyz0123456789") as char).collect()
    }
}

/// Levels below which optional fields are left out, so that messages within messages end.
const MOST_LEVELS: usize = 6;

/// A request that the table allows, with names in snake_case.
pub fn request(shape: &'static Shape, random: &mut Random) -> Value {
    object(shape, random, 0)
}

fn object(shape: &'static Shape, random: &mut Random, level: usize) -> Value {
    let chosen = choose(shape, random, level);
    let fields = shape.fields.iter().filter(|field| chosen.contains(&field.name));
    let mut object: Value =
        fields.map(|field| (field.name.to_owned(), value(&field.ty, field.limits, random, level + 1))).collect();
    for rule in shape.rules {
        let Rule::Requires { when, is, field: needed } = rule else { continue };
        if object.get(when).and_then(Value::as_i64).is_some_and(|number| is.contains(&number))
            && object.get(needed).is_none()
        {
            let field = shape.fields.iter().find(|field| field.name == *needed).expect("a field of the rule");
            let excluded =
                shape.rules.iter().filter(|rule| rule.alternatives().iter().any(|group| group.contains(needed)));
            for name in excluded.flat_map(|rule| rule.alternatives().iter().copied().flatten()) {
                object.as_object_mut().expect("an object").remove(*name);
            }
            object[*needed] = value(&field.ty, field.limits, random, level + 1);
        }
    }
    // The id of a community has a form of its own.
    let own_id = shape.fields.iter().find(|field| field.limits.contains(&Limit::OwnGroupId));
    if let Some(id) = own_id.and_then(|field| object.get(field.name)?.as_str())
        && object["type"] == "Community"
    {
        object["group_id"] = format!("@TGS#_{}", id.chars().take(12).collect::<String>()).into();
    }
    object
}

/// The fields to give: all required ones, and others so that every rule holds.
fn choose(shape: &'static Shape, random: &mut Random, level: usize) -> Vec<&'static str> {
    let mut chosen: Vec<&'static str> = Vec::new();
    for field in shape.fields {
        if field.required || level < MOST_LEVELS && random.is_heads() {
            chosen.push(field.name);
        }
    }
    for rule in shape.rules {
        let groups = rule.alternatives();
        if groups.is_empty() {
            continue;
        }
        let kept: Vec<&str> = random.pick(groups).to_vec();
        if !matches!(rule, Rule::AtLeastOne(_)) {
            let is_ruled = |name: &str| groups.iter().any(|group| group.contains(&name));
            chosen.retain(|name| !is_ruled(name) || kept.contains(name));
        }
        for name in kept {
            if !chosen.contains(&name) {
                chosen.push(name);
            }
        }
    }
    chosen
}

/// A value that a type and its limits allow.
pub fn value(ty: &Ty, limits: &'static [Limit], random: &mut Random, level: usize) -> Value {
    match ty {
        Ty::Bool | Ty::Flag => random.is_heads().into(),
        Ty::Int(width) => whole(*width, limits, random),
        Ty::BigId => random.next().into(),
        Ty::ItemCode => 0.into(),
        Ty::Time(TimeUnit::Seconds) => json!(1_700_000_000_u64 + random.next() % 1_000),
        Ty::Time(TimeUnit::Millis) => json!(1_700_000_000_000_u64 + random.next() % 1_000),
        Ty::Number => json!(random.between(0, 10) as f64 / 2.0),
        Ty::Text | Ty::JsonText => text(limits, random),
        Ty::UserId => {
            let prefix = prefix(limits);
            let length = random.between(1, 32 - prefix.len() as i128) as usize;
            format!("{prefix}{}", random.letters(length)).into()
        }
        Ty::Json => json!({"any": [1, null, "x"]}),
        Ty::Enum(set) => (*random.pick(set.values)).into(),
        Ty::Object(shape) => object(shape(), random, level),
        Ty::Union(union) => {
            let (tag, content) =
                *random.pick(if level < MOST_LEVELS { union().variants } else { &union().variants[..1] });
            json!({union().tag.name: tag, union().content.name: object(content(), random, level + 1)})
        }
        Ty::List(item) | Ty::ListOrObject(item) => {
            let (least, most) = items(limits);
            let count = random.between(least.into(), i128::from(most.min(least + 2))) as usize;
            (0..count).map(|_| value(item, of_items(limits), random, level + 1)).collect()
        }
        Ty::Map(item) => {
            let count = random.between(1, 2) as usize;
            let entries = (0..count).map(|at| (format!("key{at}"), value(item, &[], random, level + 1)));
            Value::Object(entries.collect::<Map<String, Value>>())
        }
    }
}

/// The limits that a list hands on to its items.
pub fn of_items(limits: &'static [Limit]) -> &'static [Limit] {
    limits.iter().position(|limit| matches!(limit, Limit::ItemBytes(..))).map_or(&[], |at| &limits[at..=at])
}

fn items(limits: &[Limit]) -> (u32, u32) {
    let bound = limits
        .iter()
        .find_map(|limit| if let Limit::Items(least, most) = limit { Some((*least, *most)) } else { None });
    bound.unwrap_or((1, 3))
}

fn whole(width: Width, limits: &[Limit], random: &mut Random) -> Value {
    let (mut least, mut most) = width.bounds();
    for limit in limits {
        match limit {
            Limit::Values(values) => return (*random.pick(values)).into(),
            Limit::Range(min, max) => (least, most) = (least.max((*min).into()), most.min((*max).into())),
            _ => {}
        }
    }
    let number = if random.is_heads() { random.between(least.max(0), most.min(9).max(least.max(0))) } else { most };
    u64::try_from(number).map_or_else(|_| json!(number as i64), |number| json!(number))
}

/// How a text has to begin.
fn prefix(limits: &[Limit]) -> &'static str {
    limits
        .iter()
        .find_map(|limit| if let Limit::Prefix(prefix) = limit { Some(*prefix) } else { None })
        .unwrap_or_default()
}

fn text(limits: &[Limit], random: &mut Random) -> Value {
    let bound = limits.iter().find_map(|limit| match limit {
        Limit::Bytes(least, most) | Limit::Chars(least, most) | Limit::ItemBytes(least, most) => Some((*least, *most)),
        _ => None,
    });
    let (least, most) = bound.unwrap_or((1, 12));
    let length = random.between(least.into(), i128::from(most.min(least.max(1) + 11))) as usize;
    format!("{}{}", prefix(limits), random.letters(length)).into()
}
