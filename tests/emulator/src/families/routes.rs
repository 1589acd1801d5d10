//! Which paths are served: each that the core's tables declare. A family here may spell out what a call does.

use std::collections::HashMap;
use std::sync::LazyLock;

use tencent_im_core::api;
use tencent_im_core::schema::Op;

use super::services::{self, Service};
use super::{Call, FAMILIES};

/// One path that is served.
pub struct Route {
    /// Its place among all routes.
    pub index: usize,
    /// The call as the core declares it, by which the body is checked.
    pub op: &'static Op,
    /// What it does, where a family spells that out; the answer is made from the reply's table elsewhere.
    pub call: Option<&'static Call>,
    /// Its service's codes.
    pub service: &'static Service,
}

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| routes_of(api::all()));

static BY_PATH: LazyLock<HashMap<&'static str, &'static Route>> =
    LazyLock::new(|| ROUTES.iter().map(|route| (route.op.path, route)).collect());

/// The routes of these calls.
pub fn routes_of(ops: impl Iterator<Item = &'static Op>) -> Vec<Route> {
    let calls: HashMap<&str, &'static Call> = all_calls().map(|call| (call.path, call)).collect();
    let route = |(index, op): (usize, &'static Op)| Route {
        index,
        op,
        call: calls.get(op.path).copied(),
        service: services::of(op.path),
    };
    ops.enumerate().map(route).collect()
}

/// The calls that families spell out.
pub fn all_calls() -> impl Iterator<Item = &'static Call> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// All paths that are served.
pub fn routes() -> &'static [Route] {
    &ROUTES
}

/// Finds a call by the path of a request, such as `/v4/openim/querystate`.
pub fn find(path: &str) -> Option<&'static Route> {
    BY_PATH.get(path.strip_prefix('/')?).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// A function for a path that is not declared would never be asked, and one of two for the same path neither.
    #[test]
    fn every_path_with_state_is_declared_and_there_once() {
        let declared: HashSet<&str> = api::all().map(|op| op.path).collect();
        let mut seen = HashSet::new();
        for call in all_calls() {
            assert!(declared.contains(call.path), "{} is not declared", call.path);
            assert!(seen.insert(call.path), "{} is there twice", call.path);
        }
    }
}
