//! UserSig: against the vendor's vectors, against wrong arguments, against every known mistake, and against anything.

mod arguments;
mod explaining;
mod properties;
mod vectors;
