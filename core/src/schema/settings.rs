//! Settings as their Rust types, taken field by field from what the walker has checked.
//!
//! serde would do it, too, but has a visitor for every struct: 60 kB of the WebAssembly module.

use serde_json::{Map, Value};

use super::{Redacted, UserId};

/// A struct of settings.
pub trait Settings: Sized {
    /// Takes its fields out of checked values; `None` if the table and the Rust type differ.
    fn take(checked: &mut Map<String, Value>) -> Option<Self>;
}

/// A type that a setting can have.
pub trait Setting: Sized {
    /// Reads a checked value.
    fn of(value: Value) -> Option<Self>;

    /// What a setting is that was left out; `None` for one that must be given.
    fn absent() -> Option<Self> {
        None
    }

    /// Takes the setting of a name out of checked values.
    fn take(checked: &mut Map<String, Value>, name: &str) -> Option<Self> {
        checked.remove(name).map_or_else(Self::absent, Self::of)
    }
}

impl<T: Setting> Setting for Option<T> {
    fn of(value: Value) -> Option<Self> {
        T::of(value).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Setting> Setting for Vec<T> {
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Array(items) => items.into_iter().map(T::of).collect(),
            _ => None,
        }
    }
}

impl Setting for String {
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

macro_rules! setting {
    ($($ty:ty => $read:expr,)*) => { $(
        impl Setting for $ty {
            fn of(value: Value) -> Option<Self> {
                let read: fn(Value) -> Option<Self> = $read;
                read(value)
            }
        }
    )* };
}

setting! {
    Value => Some,
    bool => |value| value.as_bool(),
    u32 => |value| u32::try_from(value.as_u64()?).ok(),
    u64 => |value| value.as_u64(),
    f64 => |value| value.as_f64(),
    UserId => |value| String::of(value).map(UserId),
    Redacted => |value| String::of(value).map(Redacted),
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    crate::schema::settings! {
        /// Sample.
        pub struct Sample {
            /// Must be given.
            name: String = "name",
            /// Of each type.
            count: Option<u32> = "count",
            /// Of each type.
            keys: Option<Vec<Redacted>> = "keys",
            /// Of each type.
            share: Option<f64> = "share",
        }
    }

    fn take(json: Value) -> Option<Sample> {
        <Sample as Settings>::take(&mut Map::of(json)?)
    }

    impl Setting for Map<String, Value> {
        fn of(value: Value) -> Option<Self> {
            match value {
                Value::Object(map) => Some(map),
                _ => None,
            }
        }
    }

    #[test]
    fn fields_are_taken_by_type() {
        assert_eq!(take(json!({"name": "n"})), Some(Sample { name: "n".into(), ..Sample::default() }));
        let all = take(json!({"name": "n", "count": 7, "keys": ["k"], "share": 1})).expect("all are of their types");
        assert_eq!((all.count, all.share), (Some(7), Some(1.0)));
        assert_eq!(all.keys, Some(vec![Redacted("k".into())]));
    }

    #[test]
    fn a_missing_or_wrong_value_is_no_setting() {
        for wrong in [
            json!({}),
            json!({"name": 1}),
            json!({"name": "n", "count": -1}),
            json!({"name": "n", "count": 4_294_967_296u64}),
            json!({"name": "n", "keys": "k"}),
            json!({"name": "n", "keys": [1]}),
            json!({"name": "n", "share": "1"}),
        ] {
            assert_eq!(take(wrong.clone()), None, "{wrong}");
        }
    }
}
