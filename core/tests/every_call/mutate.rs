//! Single mistakes in a valid request, each with the path at which it must be refused.

use serde_json::{Value, json};
use tencent_im_core::schema::{Limit, Rule, Shape, Ty};

use super::sample::{self, Random};

/// A request with one mistake.
pub struct Mistake {
    pub what: String,
    pub request: Value,
    pub path: String,
}

/// Every mistake that the tables forbid, one at a time.
pub fn mistakes(shape: &'static Shape, request: &Value) -> Vec<Mistake> {
    let mut found = Vec::new();
    in_object(shape, request, "", &mut |what, path, change| {
        let mut changed = request.clone();
        change(&mut changed);
        found.push(Mistake { what, request: changed, path });
    });
    found
}

/// Takes what is wrong, the path where it is told, and the change that makes it.
type Take<'a> = dyn FnMut(String, String, &dyn Fn(&mut Value)) + 'a;

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.into() } else { format!("{path}.{name}") }
}

/// The value at a path such as `members[0].user_id`.
fn at<'v>(root: &'v mut Value, path: &str) -> &'v mut Value {
    let mut place = root;
    for step in path.split(['.', '[', ']']).filter(|step| !step.is_empty()) {
        place = match place {
            Value::Array(items) => &mut items[step.parse::<usize>().expect("an index")],
            other => other.get_mut(step).unwrap_or_else(|| panic!("{step} of {path}")),
        };
    }
    place
}

fn in_object(shape: &'static Shape, object: &Value, path: &str, take: &mut Take<'_>) {
    take(format!("an unknown field in {}", shape.name), join(path, "zz_unheard_of"), &|request| {
        at(request, path)["zz_unheard_of"] = json!(1);
    });
    for field in shape.fields {
        let here = join(path, field.name);
        match object.get(field.name) {
            Some(value) => {
                if field.required {
                    take(format!("{here} is missing"), here.clone(), &|request| {
                        at(request, path).as_object_mut().expect("an object").remove(field.name);
                    });
                }
                in_value(field.limits, &field.ty, value, &here, take);
            }
            None => assert!(!field.required, "{here} was left out of a valid request"),
        }
    }
    for rule in shape.rules {
        match *rule {
            Rule::Requires { when, is, field } => {
                if object[when].as_i64().is_some_and(|number| is.contains(&number)) {
                    let here = join(path, field);
                    take(format!("{here} is missing for this {when}"), here.clone(), &|request| {
                        at(request, path).as_object_mut().expect("an object").remove(field);
                    });
                }
            }
            rule => broken_rule(shape, rule, path, take),
        }
    }
}

fn broken_rule(shape: &'static Shape, rule: Rule, path: &str, take: &mut Take<'_>) {
    let groups = rule.alternatives();
    // Where a number requires one of them, it is missing before anything is counted.
    let is_needed =
        |name: &str| shape.rules.iter().any(|rule| matches!(rule, Rule::Requires { field, .. } if *field == name));
    if groups.iter().copied().flatten().any(|name| is_needed(name)) {
        return;
    }
    if !matches!(rule, Rule::AtMostOne(_)) {
        take("none of the alternatives".into(), path.to_owned(), &|request| {
            let object = at(request, path).as_object_mut().expect("an object");
            object.retain(|name, _| !groups.iter().any(|group| group.contains(&name.as_str())));
        });
    }
    if !matches!(rule, Rule::AtLeastOne(_)) {
        take("two of the alternatives".into(), path.to_owned(), &|request| {
            for name in groups[..2].iter().copied().flatten() {
                let field = shape.fields.iter().find(|field| field.name == *name).expect("a field of the rule");
                let given = sample::value(&field.ty, field.limits, &mut Random(1), 0);
                at(request, path).as_object_mut().expect("an object").entry(*name).or_insert(given);
            }
        });
    }
}

fn in_value(limits: &'static [Limit], ty: &Ty, value: &Value, path: &str, take: &mut Take<'_>) {
    let mut wrong = |what: &str, with: Value| {
        take(format!("{path}: {what}"), path.to_owned(), &|request| *at(request, path) = with.clone());
    };
    match ty {
        Ty::Json => return,
        Ty::Bool | Ty::Flag => wrong("text for true or false", json!("perhaps")),
        Ty::Int(_) | Ty::BigId | Ty::ItemCode => {
            wrong("a list for a number", json!([1]));
            wrong("a fraction", json!(1.5));
            wrong("too great for any width", json!(1e300));
        }
        Ty::Time(_) => {
            wrong("text for a time", json!("soon"));
            wrong(
                "the wrong unit or no time",
                json!(if value.as_u64() > Some(10_000_000_000) { 1_700_000_000_u64 } else { 1_700_000_000_000_u64 }),
            );
            wrong("before 1970", json!(-1));
        }
        Ty::Number => wrong("text for a number", json!("many")),
        Ty::Text => wrong("a number for text", json!(7)),
        Ty::Enum(_) => {
            wrong("a number for text", json!(7));
            wrong("no value", json!(""));
            wrong("a letter twice", value.as_str().map_or(json!(7), |text| json!(format!("{}{text}", &text[..1]))));
        }
        Ty::JsonText => wrong("an object for JSON text", json!({"a": 1})),
        Ty::UserId => {
            wrong("a number for a user id", json!(7));
            wrong("no user id", json!(""));
            wrong("33 bytes", json!("u".repeat(33)));
            wrong("a control character", json!("a\nb"));
        }
        Ty::Object(_) | Ty::Union(_) => wrong("a list for an object", json!([])),
        Ty::List(_) | Ty::ListOrObject(_) => wrong("a number for a list", json!(7)),
        Ty::Map(_) => wrong("a list for an object", json!([])),
    }
    for limit in limits {
        match (*limit, value) {
            (
                Limit::Bytes(least, most) | Limit::Chars(least, most) | Limit::ItemBytes(least, most),
                Value::String(_),
            ) => {
                wrong("too long", json!("x".repeat(most as usize + 1)));
                if least > 0 {
                    wrong("too short", json!("x".repeat(least as usize - 1)));
                }
            }
            (Limit::Prefix(prefix), Value::String(text)) => {
                wrong("another beginning", json!(text.trim_start_matches(prefix)));
            }
            (Limit::Range(least, most), Value::Number(_)) => {
                if let Some(above) = most.checked_add(1) {
                    wrong("above the range", json!(above));
                }
                if least > 0 {
                    wrong("below the range", json!(least - 1));
                }
            }
            (Limit::Values(values), Value::Number(_)) => {
                let none = (0..).find(|number| !values.contains(number)).unwrap_or_default();
                wrong("none of the values", json!(none));
            }
            (Limit::Items(least, most), Value::Array(items)) => {
                if let Some(item) = items.first()
                    && most < u32::MAX
                {
                    wrong("too many items", Value::Array(vec![item.clone(); most as usize + 1]));
                }
                if least > 0 {
                    wrong("too few items", json!([]));
                }
            }
            _ => {}
        }
    }
    match (ty, value) {
        (Ty::Object(shape), Value::Object(_)) => in_object(shape(), value, path, take),
        (Ty::Union(union), Value::Object(_)) => {
            let (tag, content) = (union().tag.name, union().content.name);
            let variant = union().variants.iter().find(|(known, _)| value[tag] == *known);
            if let Some((_, shape)) = variant {
                in_object(shape(), &value[content], &join(path, content), take);
            }
        }
        (Ty::List(item) | Ty::ListOrObject(item), Value::Array(items)) => {
            // One is enough: the others are alike.
            if let Some(first) = items.first() {
                in_value(sample::of_items(limits), item, first, &format!("{path}[0]"), take);
            }
        }
        (Ty::Map(item), Value::Object(entries)) => {
            if let Some((key, entry)) = entries.iter().next() {
                in_value(&[], item, entry, &join(path, key), take);
            }
        }
        _ => {}
    }
}
