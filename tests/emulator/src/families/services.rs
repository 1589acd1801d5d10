//! What the pages say about a service as a whole: the codes that its calls share.

use crate::answer::Envelope;

/// The codes of one service, by its name in the path.
pub struct Service {
    name: &'static str,
    /// The caller is not an admin.
    pub not_admin: i64,
    /// The body is not a JSON object.
    pub bad_json: i64,
    /// A field breaks its rules.
    pub bad_field: i64,
    /// What its answers have of the envelope.
    pub envelope: Envelope,
}

const fn service(name: &'static str, not_admin: i64, bad_json: i64, bad_field: i64) -> Service {
    Service { name, not_admin, bad_json, bad_field, envelope: Envelope::Whole }
}

static SERVICES: &[Service] = &[
    // Its pages list 70402 and 70403 and nothing else for what the caller got wrong.
    service("im_open_login_svc", 70403, 70402, 70402),
    // 90001 is broken JSON by its pages; the calls tell some faults of fields apart by themselves.
    service("openim", 90009, 90001, 90001),
    service("timpush", 90009, 90001, 90001),
    service("all_member_push", 90009, 90001, 90001),
    // The group services give 10004 for every bad argument and 10007 for every refusal.
    service("group_open_http_svc", 10007, 10004, 10004),
    service("group_open_attr_http_svc", 10007, 10004, 10004),
    service("group_open_avchatroom_http_svc", 10007, 10004, 10004),
    service("million_group_open_http_svc", 10007, 10004, 10004),
    service("openim_msg_ext_http_svc", 10007, 10004, 10004),
    // 10008 of its pages is a bad request, such as one by somebody who is not an admin.
    service("openim_robot_http_svc", 10008, 10004, 10004),
    // The only page of it with codes.
    service("official_account_open_http_svc", 130002, 20001, 6017),
    service("sns", 30004, 30001, 30001),
    // Its pages have no codes; it stands among the calls of sns.
    service("follow", 30004, 30001, 30001),
    service("profile", 40004, 40001, 40001),
    service("recentcontact", 50003, 50002, 50002),
    Service { envelope: Envelope::WithoutStatus, ..service("openconfigsvr", 60010, 130001, 130001) },
    Service { envelope: Envelope::WithoutInfo, ..service("ConfigSvc", 60010, 60003, 60003) },
    service("open_msg_svc", 1002, 1001, 1002),
    service("im_msg_audit", 2004, 60003, 2003),
    service("im_msg_audit_mgr", 2004, 60003, 2003),
];

/// What holds where a service's pages say nothing: the codes common to all calls.
static COMMON: Service = service("", 60010, 60003, 60003);

/// The service of a path.
pub fn of(path: &str) -> &'static Service {
    let name = path.split('/').nth(1).unwrap_or_default();
    SERVICES.iter().find(|service| service.name == name).unwrap_or(&COMMON)
}
