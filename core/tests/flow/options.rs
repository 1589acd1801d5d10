//! Settings that cannot work.

use crate::{KEY, engine};
use serde_json::json;
use tencent_im_core::flow::Engine;
use tencent_im_core::options::ClientOptions;
use tencent_im_core::schema::names::Style;
use tencent_im_core::{Kind, SecretKey};

#[test]
fn nonsense_options_are_refused_by_name() {
    let cases = [
        (json!({"timeout_ms": 0}), "timeout_ms"),
        (json!({"timeout_ms": -1}), "timeout_ms"),
        (json!({"attempt_timeout_ms": 1.5}), "attempt_timeout_ms"),
        (json!({"max_retries": 21}), "max_retries"),
        (json!({"sig_expire_s": 1}), "sig_expire_s"),
        (json!({"rate_share": 0}), "rate_share"),
        (json!({"rate_share": 1.5}), "rate_share"),
        (json!({"rate_limits": {"accounts.import_account": 0}}), "rate_limits.accounts.import_account"),
        (json!({"rate_limits": {"accounts.importacount": 5}}), "rate_limits.accounts.importacount"),
        (json!({"rate_limits": 5}), "rate_limits"),
        (json!({"timeout_ms": 1_000, "attempt_timeout_ms": 1_001}), "timeout_ms"),
        (json!({"attempt_timeout_ms": 30_001}), "attempt_timeout_ms"),
        (json!({"backoff_ms": 0}), "backoff_ms"),
        (json!({"backoff_ms": 5_001}), "backoff_ms"),
        (json!({"backoff_ms": 300, "max_backoff_ms": 299}), "max_backoff_ms"),
        (json!({"retry_budget": -1}), "retry_budget"),
        (json!({"fallback_url": "http://127.0.0.1:1"}), "fallback_url"),
        (json!({"base_url": "http://127.0.0.1:1", "fallback_url": "http://10.0.0.1"}), "fallback_url"),
        (json!({"base_url": "http://127.0.0.1:1", "fallback_url": "http://127.0.0.1:1/"}), "fallback_url"),
        (json!({"region": "mars"}), "region"),
        (json!({"base_url": "http://example.com"}), "base_url"),
        (json!({"account_field": "UserId"}), "account_field"),
        (json!({"timout_ms": 5}), "timout_ms"),
    ];
    for (options, path) in cases {
        let refused = ClientOptions::read(&mut options.clone(), Style::Snake)
            .and_then(|options| Engine::new(1, &SecretKey::new(KEY)?, &options, 0))
            .expect_err("nonsense");
        assert_eq!((refused.kind, refused.path.as_deref()), (Kind::Config, Some(path)), "{options}: {refused}");
        assert!(refused.cure.is_some(), "{refused}");
    }
    let options = ClientOptions::default();
    assert_eq!(
        Engine::new(0, &SecretKey::new(KEY).expect("a key"), &options, 0).expect_err("app 0").kind,
        Kind::Config
    );
    assert_eq!(SecretKey::new("").expect_err("no key").path.as_deref(), Some("secret_key"));
}

#[test]
fn nonsense_options_of_a_call_are_refused_by_name() {
    let engine = engine(json!({"timeout_ms": 20_000, "attempt_timeout_ms": 5_000}));
    for (options, snake, camel) in [
        (json!({"timeout_ms": 0}), "timeout_ms", "timeoutMs"),
        (json!({"timeout_ms": 100, "attempt_timeout_ms": 101}), "timeout_ms", "timeoutMs"),
        (json!({"attempt_timeout_ms": 20_001}), "attempt_timeout_ms", "attemptTimeoutMs"),
        (json!({"backoff_ms": 5_001}), "backoff_ms", "backoffMs"),
        (json!({"use_retry_budget": 1.5}), "use_retry_budget", "useRetryBudget"),
    ] {
        for (style, path) in [(Style::Snake, snake), (Style::Camel, camel)] {
            let refused = engine.plan().read_options(&mut options.clone(), style).expect_err("nonsense");
            let shown = refused.path.as_ref().map(|place| place.show(style));
            assert_eq!((refused.kind, shown.as_deref()), (Kind::Config, Some(path)), "{options}: {refused}");
            assert!(refused.cure.is_some(), "{refused}");
        }
    }
    // Less time than the client gives a try is a wish like any other.
    assert!(engine.plan().read_options(&mut json!({"timeout_ms": 1_000}), Style::Snake).is_ok());
}

#[test]
fn names_of_settings_are_those_of_the_callers_language() {
    let options = ClientOptions::read(&mut json!({"base_url": "http://10.0.0.1"}), Style::Snake).expect("read");
    let key = SecretKey::new("k".repeat(64)).expect("a key");
    let error = Engine::new(1_400_000_001, &key, &options, 0).expect_err("plain http");
    let cure = |style| error.to_record(style)["cure"].as_str().expect("a cure").to_owned();
    assert!(cure(Style::Camel).contains("set allowHttp if"), "{error}");
    assert!(cure(Style::Snake).contains("set allow_http if"), "{error}");
    assert_eq!(error.to_record(Style::Camel)["path"], "baseUrl");
    assert!(error.text(Style::Camel).starts_with("baseUrl: ") && error.to_string().starts_with("base_url: "));
}
