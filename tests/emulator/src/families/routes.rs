//! Which paths are served: each that the core's tables declare, and each that a family here spells out by hand.

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
    /// The path, such as `v4/openim/querystate`.
    pub path: &'static str,
    /// The call as the core declares it, by which the body is checked.
    pub op: Option<&'static Op>,
    /// What it does, where a family spells that out; the answer is made from the reply's table elsewhere.
    pub call: Option<&'static Call>,
    /// Its service's codes.
    pub service: &'static Service,
}

impl Route {
    /// The name that callers know, such as `accounts.query_state`.
    pub fn name(&self) -> &'static str {
        self.op.map_or("", |op| op.name)
    }
}

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| routes_of(api::all()));

static BY_PATH: LazyLock<HashMap<&'static str, &'static Route>> =
    LazyLock::new(|| ROUTES.iter().map(|route| (route.path, route)).collect());

/// The routes of these calls and of all that a family spells out.
pub fn routes_of(ops: impl Iterator<Item = &'static Op>) -> Vec<Route> {
    let calls: HashMap<&str, &'static Call> = all_calls().map(|call| (call.path, call)).collect();
    let declared: Vec<(&'static str, Option<&'static Op>)> = ops.map(|op| (op.path, Some(op))).collect();
    let is_declared = |path: &str| declared.iter().any(|(declared, _)| *declared == path);
    let by_hand_only = all_calls().map(|call| (call.path, None)).filter(|(path, _)| !is_declared(path));
    let paths = declared.iter().copied().chain(by_hand_only);
    let route = |(index, (path, op)): (usize, (&'static str, Option<&'static Op>))| Route {
        index,
        path,
        op,
        call: calls.get(path).copied(),
        service: services::of(path),
    };
    paths.enumerate().map(route).collect()
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
