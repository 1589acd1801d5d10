//! Every spelling of a secret, and what must stay.

use super::*;

/// One of each head that zlib writes, as the levels of compression come.
const SIGS: [&str; 4] = [
    "eAEtzEsLgkAUBeD-MtuEmaszkBAtIgihReGD1OaR1wsVh4lq",
    "eF4tzEsLgkAUBeD-MtuEmaszkBAtIgihReGD1OaR1wsVh4lq",
    "eJwtzEsLgkAUBeD*MtuEmaszkBAtIgihReGD1OaR1wsVh4lq",
    "eNotzEsLgkAUBeD-MtuEmaszkBAtIgihReGD1OaR1wsVh4__",
];

fn spellings(sig: &str) -> Vec<String> {
    let each = |spell: fn(u8) -> String| sig.bytes().map(spell).collect::<String>();
    let standard = sig.replace('*', "+").replace('-', "/").replace('_', "=");
    vec![
        sig.to_owned(),
        sig.replace('*', "%2A").replace('-', "%2d").replace('_', "%5F"),
        sig.replace('*', "%252A").replace('-', "%252D").replace('_', "%255F"),
        each(|byte| format!("%{byte:02X}")),
        each(|byte| format!("\\u{byte:04x}")),
        each(|byte| format!("\\\\u{byte:04x}")),
        each(|byte| format!("&#{byte};")),
        each(|byte| format!("&#x{byte:x};")),
        standard.replace('/', "\\/"),
        standard.replace('/', "\\\\\\/"),
        standard.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"),
        standard,
    ]
}

#[test]
fn every_head_of_zlib_is_hidden_in_every_spelling() {
    for sig in SIGS {
        for spelt in spellings(sig) {
            for (before, after) in [
                ("bad sig ", " given"),
                ("<p>bad argument 3: ", "</p>"),
                ("%3D", "&random=1"),
                ("{\\\"sig\\\":\\\"", "\\\"}"),
                ("", ""),
                ("票据", "无效"),
            ] {
                let clean = redact(&format!("{before}{spelt}{after}"));
                assert_eq!(clean, format!("{before}(hidden){after}"), "{spelt}");
            }
        }
    }
}

#[test]
fn what_only_looks_like_one_stays() {
    for text in [
        "the UserSig has expired, 用户 eJ",
        "usersig",
        "eJwtzEsLgkAUBeD",
        // No head of zlib.
        "eKwtzEsLgkAUBeD-MtuEmaszkBAtIgihReGD1OaR1wsVh4lq",
        "the group everyoneInTheWholeWideWorldIsInvitedToJoinNow is gone",
        "https://console.tim.qq.com/v4/im_open_login_svc/account_import",
        "connect ECONNREFUSED 127.0.0.1:8080",
        "http://[::1]:80/a",
        "a password is needed",
        "100%",
        "\\",
        "\\u00",
        "&#",
        "%25",
        "://",
        "://@",
    ] {
        assert_eq!(redact(text), text);
    }
}

#[test]
fn values_behind_secret_names_are_hidden() {
    for (text, clean) in [
        ("sdkappid=1&usersig=abc&random=1", "sdkappid=1&usersig=(hidden)&random=1"),
        ("usersig%253Dabc%2526x", "usersig%253D(hidden)%2526x"),
        (r#"{"usersig":"abc","random":1}"#, r#"{"usersig":"(hidden)","random":1}"#),
        (r#"{\"user_sig\":\"abc\"}"#, r#"{\"user_sig\":\"(hidden)\"}"#),
        ("UserSig: abc, bad", "UserSig: (hidden), bad"),
        ("password=p%40ss&x", "password=(hidden)&x"),
        ("Proxy-Authorization: Basic dXNlcjpw\r\nHost: a", "Proxy-Authorization: Basic (hidden)\r\nHost: a"),
        ("secret_key=5bd2850fff3ecb11", "secret_key=(hidden)"),
        ("SecretKey: '5bd2'", "SecretKey: '(hidden)'"),
    ] {
        assert_eq!(redact(text), clean);
        assert_eq!(redact(clean), clean, "again");
    }
}

#[test]
fn a_query_that_holds_a_secret_is_hidden_whole() {
    let sig = SIGS[0];
    for (text, clean) in [
        ("/v4/x?sdkappid=1&usersig=abc&random=1", "/v4/x?(hidden)"),
        ("for url (https://a/v4/x?a=1&usersig=abc&random=1): refused", "for url (https://a/v4/x?(hidden)): refused"),
        ("no https://a/?identifier=root&usersig=abc, sorry", "no https://a/?(hidden), sorry"),
        ("next=%2Fv4%3Fsdkappid%3D1%26usersig%3Dabc%26random%3D1 x", "next=%2Fv4%3F(hidden) x"),
        ("%252Fv4%253Fa%253D1%2526usersig%253Dabc%2526x", "%252Fv4%253F(hidden)"),
        (
            r#"{"url":"https:\/\/a\/v4?a=1\u0026usersig=a\/b\u0026random=1","b":1}"#,
            r#"{"url":"https:\/\/a\/v4?(hidden)","b":1}"#,
        ),
        (r#"{\"url\":\"/v4\u003fa=1&usersig=ab\"}"#, r#"{\"url\":\"/v4\u003f(hidden)\"}"#),
        ("<a href='/v4?a=1&amp;usersig=abc&amp;random=1'>", "<a href='/v4?(hidden)'>"),
        ("&lt;/v4?a=1&amp;usersig=abc&gt; x", "&lt;/v4?(hidden)&gt; x"),
        // Hidden in part by somebody else already.
        ("/v4?a=1&usersig=abc(...)&random=1 x", "/v4?(hidden) x"),
        ("why? usersig=abc", "why? usersig=(hidden)"),
        ("/a?b=1 /c?d=2?usersig=abc", "/a?b=1 /c?d=2?(hidden)"),
    ] {
        assert_eq!(redact(text), clean);
        assert_eq!(redact(clean), clean, "again");
    }
    assert_eq!(redact(&format!("/v4?s={sig}&random=1 x")), "/v4?(hidden) x");
    assert_eq!(redact("/search?q=usersigs&page=2"), "/search?q=usersigs&page=2");
}

#[test]
fn logins_of_addresses_are_hidden() {
    for (text, clean) in [
        ("proxy http://user:pass@proxy.test:3128 failed", "proxy http://(hidden)@proxy.test:3128 failed"),
        ("socks5h://user:p@ss@[::1]:1080", "socks5h://(hidden)@[::1]:1080"),
        ("https://user:pa/ss@proxy.test", "https://(hidden)@proxy.test"),
        ("https://host.test/@name", "https://host.test/@name"),
        ("http://a http://user:x@b", "http://a http://(hidden)@b"),
        ("'http://token@b'", "'http://(hidden)@b'"),
    ] {
        assert_eq!(redact(text), clean);
        assert_eq!(redact(clean), clean, "again");
    }
}

#[test]
fn the_signature_in_force_is_hidden_even_in_part() {
    // Not the work of zlib, so nothing else would tell it.
    let known = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo-*_";
    for (text, clean) in [
        (known.to_owned(), "(hidden)"),
        (format!("bad {}...", &known[..20]), "bad (hidden)..."),
        (known.replace('-', "/").replace('*', "+").replace('_', "%3D"), "(hidden)"),
        (known[..11].to_owned(), &known[..11]),
        ("QUJDREVHHHHHHHHHHHH".to_owned(), "QUJDREVHHHHHHHHHHHH"),
    ] {
        assert_eq!(redact_known(&text, &["", known]), clean);
    }
}

#[test]
fn a_signature_broken_into_lines_is_hidden_whole() {
    let (first, second) = ("eJwtzEsLgkAUBeD-MtuEmaszkBAtIgihReGD1OaR1wsV", "MtuEmaszkBAtIgihReGD");
    for line_break in ["\n", "\r\n", "\\r\\n", "%0D%0A"] {
        assert_eq!(redact(&format!("{first}{line_break}{second}\nHost: a")), "(hidden)\nHost: a");
    }
}

#[test]
fn a_detail_is_one_short_line() {
    let sig = SIGS[0];
    assert_eq!(redact_detail(&format!("  no\n way:\t{sig}"), &[]), "no way: (hidden)");
    assert_eq!(redact_detail(&"x y ".repeat(1_000_000), &[]).chars().count(), MAX_DETAIL_CHARS);
}

#[test]
fn megabytes_are_gone_through_once() {
    // Each would take hours if the time were not linear.
    for hostile in [
        "?",
        "?usersig",
        "?usersig=a",
        "%3F",
        "?a(",
        "eJw",
        "eJwt",
        "\\",
        "%25",
        "%",
        "&#",
        "usersig",
        "usersig\"",
        "://",
        "://a:",
        "://:@",
        "e",
        "eJwt\n",
    ] {
        let text = hostile.repeat(2_000_000 / hostile.len());
        assert!(!redact_known(&text, &[&SIGS[0].repeat(10)]).is_empty());
    }
}
