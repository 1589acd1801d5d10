//! The macros that declare shapes and calls. Each declaration becomes a constant table, read by the walker, and a
//! plain serde struct for Rust callers. See `api/accounts.rs` for what a family looks like.

/// Declares an object.
///
/// ```text
/// shape! {
///     /// One account to import.
///     pub struct ImportAccount {
///         /// User name.
///         user_id: UserId = "Identifier" | "UserID",        // the first wire name is the default, the others are aliases
///         /// Nickname.
///         nick: Option<String> = "Nick" (bytes ..=500),     // an Option may be left out; limits in parentheses
///     }
///     exactly_one(accounts, user_ids);                      // rules over several fields, after the body
/// }
/// ```
///
/// Limits are `bytes`, `chars`, `items`, `item_bytes` and `range`, each `min..=max` or `..=max`, and
/// `values [..]`; `prefix "@.."`, which stands alone; `or_zero` on a time whose 0 has a meaning; `done [..]` on the number
/// that tells what became of an item, unless that is an [`ItemCode`](super::ItemCode).
/// Rules are `exactly_one`, `at_least_one` and `at_most_one` over fields, or over groups of fields in brackets, and
/// `requires([kind 1 2], field)`: the field is required where the number `kind` is 1 or 2.
macro_rules! shape {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $field_doc:literal])*
                $field:ident : $ty:ty = $wire:literal $(| $alias:literal)* $(( $($limits:tt)* ))?
            ),* $(,)?
        }
        $( $rule:ident ( $($alternative:tt),+ $(,)? ); )*
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $(
                $(#[doc = $field_doc])*
                #[serde(rename = $wire $(, alias = $alias)*, skip_serializing_if = "crate::schema::Typed::left_out")]
                pub $field: $ty,
            )*
        }

        impl $name {
            /// Its table.
            pub const fn shape() -> &'static $crate::schema::Shape {
                static FIELDS: &[$crate::schema::Field] = &[$(
                    $crate::schema::Field {
                        name: $crate::schema::names::plain(stringify!($field)),
                        wire: $wire,
                        aliases: &[$($alias),*],
                        ty: <$ty as $crate::schema::Typed>::TY,
                        required: <$ty as $crate::schema::Typed>::REQUIRED,
                        limits: $crate::schema::limits!($($($limits)*)?),
                        #[cfg(feature = "docs")]
                        doc: &[$($field_doc),*],
                    },
                )*];
                static SHAPE: $crate::schema::Shape = $crate::schema::Shape {
                    name: stringify!($name),
                    #[cfg(feature = "modules")]
                    module: $crate::schema::names::module_of(module_path!()),
                    fields: FIELDS,
                    rules: &[$( $crate::schema::rule!($rule $($alternative)+) ),*],
                    #[cfg(feature = "docs")]
                    doc: &[$($doc),*],
                };
                &SHAPE
            }
        }

        impl $crate::schema::Typed for $name {
            const TY: $crate::schema::Ty = $crate::schema::Ty::Object(Self::shape);
        }
    };
}

/// Declares an object of settings: a [`shape!`] that can be taken from checked values.
macro_rules! settings {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $field_doc:literal])*
                $field:ident : $ty:ty = $key:literal $(( $($limits:tt)* ))?
            ),* $(,)?
        }
        $($rules:tt)*
    ) => {
        $crate::schema::shape! {
            $(#[doc = $doc])*
            pub struct $name {
                $( $(#[doc = $field_doc])* $field: $ty = $key $(( $($limits)* ))?, )*
            }
            $($rules)*
        }

        impl $crate::schema::Settings for $name {
            fn take(checked: &mut serde_json::Map<String, serde_json::Value>) -> Option<Self> {
                Some(Self { $( $field: $crate::schema::Setting::take(checked, $key)?, )* })
            }
        }
    };
}

/// The limits of a field as a constant list.
macro_rules! limits {
    (prefix $prefix:literal) => { &[$crate::schema::Limit::Prefix($prefix)] };
    ($($kind:ident $($min:literal)? $(..= $max:literal)? $([ $($value:literal),* ])?),* $(,)?) => {
        &[$( $crate::schema::limits!(@one $kind [$($min)?] [$($max)?] [$($($value),*)?]) ),*]
    };
    (@one bytes [$($min:literal)?] [$max:literal] []) => { $crate::schema::Limit::Bytes(0 $(+ $min)?, $max) };
    (@one chars [$($min:literal)?] [$max:literal] []) => { $crate::schema::Limit::Chars(0 $(+ $min)?, $max) };
    (@one items [$($min:literal)?] [$max:literal] []) => { $crate::schema::Limit::Items(0 $(+ $min)?, $max) };
    (@one item_bytes [$($min:literal)?] [$max:literal] []) => { $crate::schema::Limit::ItemBytes(0 $(+ $min)?, $max) };
    (@one range [$($min:literal)?] [$max:literal] []) => { $crate::schema::Limit::Range(0 $(+ $min)?, $max) };
    (@one not_empty [] [] []) => { $crate::schema::Limit::Items(1, u32::MAX) };
    (@one size [] [$max:literal] []) => { $crate::schema::Limit::Size($max) };
    (@one own_group_type [] [] []) => { $crate::schema::Limit::OwnGroupType };
    (@one own_group_id [] [] []) => { $crate::schema::Limit::OwnGroupId };
    (@one or_zero [] [] []) => { $crate::schema::Limit::OrZero };
    (@one values [] [] [$($value:literal),*]) => { $crate::schema::Limit::Values(&[$($value),*]) };
    (@one done [] [] [$($value:literal),*]) => { $crate::schema::Limit::Done(&[$($value),*]) };
}

/// One rule over several fields.
macro_rules! rule {
    (exactly_one $($alternative:tt)+) => { $crate::schema::Rule::ExactlyOne(&[$( $crate::schema::rule!(@fields $alternative) ),+]) };
    (at_least_one $($alternative:tt)+) => { $crate::schema::Rule::AtLeastOne(&[$( $crate::schema::rule!(@fields $alternative) ),+]) };
    (at_most_one $($alternative:tt)+) => { $crate::schema::Rule::AtMostOne(&[$( $crate::schema::rule!(@fields $alternative) ),+]) };
    (requires [$when:ident $($value:literal)+] $field:ident) => {
        $crate::schema::Rule::Requires {
            when: $crate::schema::names::plain(stringify!($when)),
            is: &[$($value),+],
            field: $crate::schema::names::plain(stringify!($field)),
        }
    };
    (@fields [$($field:ident),+]) => { &[$(stringify!($field)),+] };
    (@fields $field:ident) => { &[stringify!($field)] };
}

/// Declares an open set of texts: values that are not known today are kept as `Other`.
macro_rules! open_enum {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident {
            $( $(#[doc = $variant_doc:literal])* $variant:ident = $text:literal ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[doc = $variant_doc])* $variant, )*
            /// A value that this version does not know.
            Other(String),
        }

        impl $name {
            /// The text on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )*
                    _ => Self::Other(text.into()),
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::Other(String::new())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Ok(Self::from(&*text))
            }
        }

        impl $crate::schema::Typed for $name {
            const TY: $crate::schema::Ty = {
                static ENUM: $crate::schema::Enum = $crate::schema::Enum {
                    name: stringify!($name),
                    values: &[$($text),*],
                    #[cfg(feature = "modules")]
                    module: $crate::schema::names::module_of(module_path!()),
                    #[cfg(feature = "docs")]
                    doc: &[$($doc),*],
                };
                $crate::schema::Ty::Enum(&ENUM)
            };
        }
    };
}

/// Declares an object whose tag decides the shape of its content.
///
/// ```text
/// union_of! {
///     /// One element of a message.
///     pub enum Element: msg_type = "MsgType", msg_content = "MsgContent" {
///         /// Text.
///         Text(TextContent) = "TIMTextElem",
///     }
/// }
/// ```
macro_rules! union_of {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident : $tag:ident = $tag_wire:literal, $content:ident = $content_wire:literal {
            $( $(#[doc = $variant_doc:literal])* $variant:ident($ty:ty) = $text:literal ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[doc = $variant_doc])* $variant($ty), )*
            /// A tag that this version does not know, with its content as it came.
            Other(String, serde_json::Value),
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(Some(2))?;
                match self {
                    $( Self::$variant(content) => {
                        map.serialize_entry($tag_wire, $text)?;
                        map.serialize_entry($content_wire, content)?;
                    } )*
                    Self::Other(tag, content) => {
                        map.serialize_entry($tag_wire, tag)?;
                        map.serialize_entry($content_wire, content)?;
                    }
                }
                map.end()
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(Default, serde::Deserialize)]
                #[serde(default)]
                struct Raw {
                    #[serde(rename = $tag_wire)]
                    tag: String,
                    #[serde(rename = $content_wire)]
                    content: serde_json::Value,
                }
                let mut raw = Raw::deserialize(deserializer)?;
                if raw.content.is_null() {
                    raw.content = serde_json::Map::new().into();
                }
                match raw.tag.as_str() {
                    $( $text => serde_json::from_value(raw.content).map(Self::$variant).map_err(serde::de::Error::custom), )*
                    _ => Ok(Self::Other(raw.tag, raw.content)),
                }
            }
        }

        impl $name {
            /// Its table.
            pub const fn table() -> &'static $crate::schema::Union {
                static UNION: $crate::schema::Union = $crate::schema::Union {
                    name: stringify!($name),
                    tag: $crate::schema::union_of!(@field $tag, $tag_wire, $crate::schema::Ty::Text),
                    content: $crate::schema::union_of!(@field $content, $content_wire, $crate::schema::Ty::Json),
                    variants: &[$( ($text, <$ty>::shape) ),*],
                    #[cfg(feature = "modules")]
                    module: $crate::schema::names::module_of(module_path!()),
                    #[cfg(feature = "docs")]
                    doc: &[$($doc),*],
                    #[cfg(feature = "modules")]
                    variant_names: &[$( stringify!($variant) ),*],
                    #[cfg(feature = "docs")]
                    variant_docs: &[$( &[$($variant_doc),*] ),*],
                };
                &UNION
            }
        }

        impl $crate::schema::Typed for $name {
            const TY: $crate::schema::Ty = $crate::schema::Ty::Union(Self::table);
        }
    };
    (@field $name:ident, $wire:literal, $ty:expr) => {
        $crate::schema::Field {
            name: $crate::schema::names::plain(stringify!($name)),
            wire: $wire,
            aliases: &[],
            ty: $ty,
            required: true,
            limits: &[],
            #[cfg(feature = "docs")]
            doc: &[],
        }
    };
}

/// Declares the calls of one family, and a list `OPS` of them all.
///
/// ```text
/// ops! {
///     /// Imports one account; importing it again changes nothing.
///     IMPORT_ACCOUNT = "v4/im_open_login_svc/account_import", accounts.import_account,
///         ImportAccount => Empty, rate: 200, retry: Safe, doc: "1047/34953";
/// }
/// ```
///
/// `rate:` is a second's calls, or `none`, or `100 per 86_400_000 gap 1_000` (milliseconds), or
/// `12_000 per 60_000 by to_accounts` (entries of a list instead of calls).
/// `retry:` is `Safe`, `SameRandom within 300`, `AfterCheck` or `Never` ([`RetryClass`](super::RetryClass)), with
/// `draws (field, ..)` for the fields by which the service recognizes a retry.
/// After `doc:` may follow, in this order,
/// `batch: field max` ([`Batch`](super::Batch)), with `failed list` or `each list` for the reply's list of outcomes,
/// `alone group.method` for the call that says why an item failed, and `as method` for the name of the call over any
/// number of items;
/// `page: Page { .. }`; `replaced_by: "group.method"`; `edition: "words"`; and `errors: [codes]`, the codes that the
/// call's own page names.
macro_rules! ops {
    ($(
        $(#[doc = $doc:literal])*
        $op:ident = $path:literal, $group:ident . $method:ident,
            $request:ty => $reply:ty,
            rate: $rate:tt $(per $per:literal)? $(gap $gap:literal)? $(by $by:ident)?,
            retry: $retry:ident $(within $window_s:literal)? $(draws ( $($drawn:ident),+ ))?,
            doc: $page_id:literal
            $(, batch: $batch:ident $batch_max:literal $($outcome:ident $outcomes:ident)?
                $(alone $alone_group:ident . $alone:ident)? $(as $many:ident)?)?
            $(, page: $page:expr)?
            $(, replaced_by: $replaced_by:literal)?
            $(, edition: $edition:literal)?
            $(, errors: [$($error:literal),* $(,)?])?;
    )*) => {
        $(
            $(#[doc = $doc])*
            #[doc = concat!("\n\n`", $path, "`, vendor's page ", $page_id, ".")]
            pub static $op: $crate::schema::Endpoint<$request, $reply> = $crate::schema::Endpoint::new($crate::schema::Op {
                name: concat!(stringify!($group), ".", stringify!($method)),
                path: $path,
                request: <$request>::shape,
                reply: <$reply>::shape,
                rate: $crate::schema::ops!(@rate $rate [$($per)?] [$($gap)?] [$($by)?]),
                retry: $crate::schema::RetryClass::$retry $({ window_s: $window_s })?,
                draws: &[$($(stringify!($drawn)),+)?],
                batch: $crate::schema::ops!(@option $($crate::schema::Batch {
                    field: stringify!($batch),
                    max: $batch_max,
                    outcome: $crate::schema::ops!(@outcome $($outcome $outcomes)?),
                    alone: $crate::schema::ops!(@option $(concat!(stringify!($alone_group), ".", stringify!($alone)))?),
                    many: $crate::schema::ops!(@option $(stringify!($many))?),
                })?),
                page: $crate::schema::ops!(@option $($page)?),
                replaced_by: $crate::schema::ops!(@option $($replaced_by)?),
                edition: $crate::schema::ops!(@option $($edition)?),
                page_id: $page_id,
                #[cfg(feature = "docs")]
                doc: &[$($doc),*],
                #[cfg(feature = "docs")]
                errors: &[$($($error),*)?],
            });
        )*

        /// All calls of this family.
        pub static OPS: &[&$crate::schema::Op] = &[$($op.op()),*];
    };
    (@rate none [] [] []) => { None };
    (@rate $calls:literal [$($per:literal)?] [$($gap:literal)?] [$($by:ident)?]) => {
        Some($crate::schema::Rate {
            calls: $calls,
            per_ms: $crate::schema::ops!(@or 1_000 $($per)?),
            gap_ms: $crate::schema::ops!(@or 0 $($gap)?),
            per_item: $crate::schema::ops!(@option $(stringify!($by))?),
        })
    };
    (@outcome) => { $crate::schema::Outcome::All };
    (@outcome failed $list:ident) => { $crate::schema::Outcome::Failed(stringify!($list)) };
    (@outcome each $list:ident) => { $crate::schema::Outcome::Each(stringify!($list)) };
    (@option) => { None };
    (@option $some:expr) => { Some($some) };
    (@or $default:literal) => { $default };
    (@or $default:literal $given:literal) => { $given };
}

pub(crate) use {limits, open_enum, ops, rule, settings, shape, union_of};
