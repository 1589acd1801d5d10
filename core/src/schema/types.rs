//! Which Rust type stands for which table type.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Op, TimeUnit, Ty, Width};
use crate::error::{Code, lookup_for};

/// A Rust type that a table can describe.
pub trait Typed {
    /// Its table type.
    const TY: Ty;
    /// Whether a field of it must be given.
    const REQUIRED: bool = true;
    /// Whether the value is left out of the body.
    fn left_out(&self) -> bool {
        false
    }
}

/// A user id: 1 to 32 bytes of UTF-8 without control characters. Letters and digits are advised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub String);

impl<T: Into<String>> From<T> for UserId {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// Text that `Debug` never shows, such as a secret key among settings.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted(pub String);

impl core::fmt::Debug for Redacted {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Redacted(..)")
    }
}

/// A yes or no that is 1 or 0 on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag(pub bool);

impl Serialize for Flag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0.into())
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Flag(match Value::deserialize(deserializer)? {
            Value::Bool(flag) => flag,
            Value::Number(number) => number.as_f64() != Some(0.0),
            _ => return Err(D::Error::custom("expected 0 or 1")),
        }))
    }
}

macro_rules! newtypes {
    ($($(#[$doc:meta])* $name:ident($inner:ty),)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl<T: Into<$inner>> From<T> for $name {
            fn from(value: T) -> Self {
                Self(value.into())
            }
        }
    )* };
}

newtypes! {
    /// A 64-bit id or cursor.
    BigId(u64),
    /// Seconds since 1970. In a request 0, a value that can only be milliseconds, and the far future are refused.
    UnixSeconds(u64),
    /// Milliseconds since 1970. In a request 0, a value that can only be seconds, and the far future are refused.
    UnixMillis(u64),
    /// The outcome of one item among many: 0 for success, else one of the service's codes.
    ItemCode(i32),
    /// Text that is often JSON of the app's own.
    JsonText(String),
}

impl ItemCode {
    /// Whether the item succeeded.
    pub fn is_ok(&self) -> bool {
        self.0 == 0
    }

    /// What the code means in the reply of a call, if it is documented and not a success.
    pub fn meaning(&self, op: &Op) -> Option<&'static Code> {
        if self.is_ok() { None } else { lookup_for(op, self.0.into()) }
    }
}

/// A list where some replies hold an object instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ListOrObject<T> {
    /// The list.
    List(Vec<T>),
    /// The object.
    Object(serde_json::Map<String, Value>),
}

impl<T> Default for ListOrObject<T> {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl<T: Typed> Typed for ListOrObject<T> {
    const TY: Ty = Ty::ListOrObject(&T::TY);
}

macro_rules! typed {
    ($($rust:ty => $ty:expr,)*) => { $(impl Typed for $rust { const TY: Ty = $ty; })* };
}

typed! {
    bool => Ty::Bool,
    Flag => Ty::Flag,
    u32 => Ty::Int(Width::U32),
    i32 => Ty::Int(Width::I32),
    u64 => Ty::Int(Width::U64),
    i64 => Ty::Int(Width::I64),
    f64 => Ty::Number,
    BigId => Ty::BigId,
    UnixSeconds => Ty::Time(TimeUnit::Seconds),
    UnixMillis => Ty::Time(TimeUnit::Millis),
    ItemCode => Ty::ItemCode,
    JsonText => Ty::JsonText,
    String => Ty::Text,
    UserId => Ty::UserId,
    Redacted => Ty::Text,
    Value => Ty::Json,
}

impl<T: Typed> Typed for Option<T> {
    const TY: Ty = T::TY;
    const REQUIRED: bool = false;
    fn left_out(&self) -> bool {
        self.is_none()
    }
}

impl<T: Typed> Typed for Vec<T> {
    const TY: Ty = Ty::List(&T::TY);
}

impl<T: Typed> Typed for BTreeMap<String, T> {
    const TY: Ty = Ty::Map(&T::TY);
}
