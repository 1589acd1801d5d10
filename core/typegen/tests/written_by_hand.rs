//! Facts of the core that documents state by hand: the defaults of settings, the number of error codes.

use std::fs;
use std::path::Path;

use tencent_im_core::error::CODES;
use tencent_im_core::options as defaults;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The settings that have a default of the core: in Rust, in JavaScript and in Python, with the default in each.
fn settings() -> Vec<(&'static str, &'static str, String, &'static str, String)> {
    let count = |rust, script, value: u32| (rust, script, with_commas(value), rust, with_commas(value));
    let time =
        |rust, script, ms: u32, python| (rust, script, with_commas(ms), python, (f64::from(ms) / 1000.0).to_string());
    let seconds = with_commas(defaults::DEFAULT_SIG_EXPIRE_S);
    vec![
        time("timeout_ms", "timeoutMs", defaults::DEFAULT_TIMEOUT_MS, "timeout"),
        time("attempt_timeout_ms", "attemptTimeoutMs", defaults::DEFAULT_ATTEMPT_TIMEOUT_MS, "attempt_timeout"),
        time("backoff_ms", "backoffMs", defaults::DEFAULT_BACKOFF_MS, "backoff"),
        time("max_backoff_ms", "maxBackoffMs", defaults::DEFAULT_MAX_BACKOFF_MS, "max_backoff"),
        count("max_retries", "maxRetries", defaults::DEFAULT_MAX_RETRIES),
        count("retry_budget", "retryBudget", defaults::DEFAULT_RETRY_BUDGET),
        ("sig_expire_s", "sigExpireS", seconds.clone(), "sig_expire", seconds),
    ]
}

fn with_commas(number: u32) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", number / 1000, number % 1000),
    }
}

/// The text before a field that a line declares, from the field before it on.
fn doc_above<'t>(text: &'t str, name: &str, start: &str) -> &'t str {
    let field = format!("\n{start}{name}");
    let ends = [": ", "?: "].iter().find_map(|colon| text.find(&format!("{field}{colon}")));
    let above = &text[..ends.unwrap_or_else(|| panic!("no {name}"))];
    let begins = above.rfind(";\n").max(above.rfind(",\n"));
    &above[begins.unwrap_or(0)..]
}

/// The row of a table that has a setting in its first column, alone or with others.
fn row<'t>(text: &'t str, name: &str) -> &'t str {
    let is_row = |line: &&str| line.split(" | ").next().is_some_and(|cell| cell.contains(&format!("`{name}`")));
    text.lines().filter(|line| line.starts_with("| `")).find(is_row).unwrap_or_else(|| panic!("no row {name}"))
}

#[test]
fn documented_defaults_are_those_of_the_core() {
    let (rust, script) = (read("core/src/options.rs"), read("bindings-wasm/js/options.ts"));
    let client = read("bindings-python/python/tencent_im/_client.py");
    let [for_python, for_node, for_edge] =
        ["python", "node", "wasm"].map(|binding| read(&format!("bindings-{binding}/README.md")));
    for (in_rust, in_script, value, in_python, python_value) in settings() {
        let is_in = |place: &str, text: &str, wanted: String| {
            assert!(text.contains(&wanted), "{place}: `{wanted}` is expected of {in_rust}, not:\n{text}");
        };
        let client_doc = &client[client.find(&format!("\n            {in_python}: ")).expect(in_python)..];
        let client_doc = client_doc.split(&format!("Defaults to {python_value}.")).next().unwrap_or_default();
        assert!(client_doc.lines().count() < 5, "_client.py: the default of {in_python} is {python_value}");
        is_in("options.rs", doc_above(&rust, in_rust, "        "), format!("efaults to {value}"));
        is_in("options.ts", doc_above(&script, in_script, "  "), format!("Defaults to {value}."));
        is_in("bindings-python/README.md", row(&for_python, in_python), format!(" | {python_value} |"));
        is_in("bindings-node/README.md", row(&for_node, in_script), format!(" {value}"));
        if !["retryBudget", "sigExpireS"].contains(&in_script) {
            is_in("bindings-wasm/README.md", row(&for_edge, in_script), format!(" {value}"));
        }
    }
    let flags = read("bindings-python/python/tencent_im/cli/options.py");
    for (flag, value) in
        [("--timeout", defaults::DEFAULT_TIMEOUT_MS / 1000), ("--max-retries", defaults::DEFAULT_MAX_RETRIES)]
    {
        let line = flags.lines().find(|line| line.contains(&format!("\"{flag}\""))).expect(flag);
        assert!(line.contains(&format!("Defaults to {value}.")), "cli/options.py: {line}");
    }
}

#[test]
fn the_readme_counts_the_codes() {
    let stated = format!("{} documented codes", CODES.len());
    assert!(read("README.md").contains(&stated), "README.md: it is {stated}");
}
