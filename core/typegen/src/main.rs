//! Writes the facades from the tables of the core: TypeScript, Python, and the README's table of calls.
//!
//! `cargo run -p tencent-im-typegen` writes the files, `-- --check` only compares and fails on a difference.

mod docs;
mod model;
mod python;
mod readme;
mod typescript;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    let check = env::args().any(|arg| arg == "--check");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match run(&root, check) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("generated files are out of date: run `cargo run -p tencent-im-typegen` and commit the result");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("cannot write the generated files: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes or compares every generated file. Gives false when a compared one differs.
fn run(root: &Path, check: bool) -> io::Result<bool> {
    let model = model::Model::of_tables();
    let readme = root.join("README.md");
    let files = [
        (root.join("bindings-wasm/js/generated.ts"), typescript::write(&model)),
        (root.join("bindings-python/python/tencent_im/_generated.py"), python::write(&model)),
        (readme.clone(), readme::update(&fs::read_to_string(&readme)?, &model)?),
    ];
    let mut same = true;
    for (path, wanted) in files {
        // A missing file differs from any other.
        if fs::read_to_string(&path).is_ok_and(|found| found == wanted) {
            continue;
        }
        same = false;
        let verb = if check { "differs" } else { "written" };
        println!("{verb}: {}", path.strip_prefix(root).unwrap_or(&path).display());
        if !check {
            fs::write(path, wanted)?;
        }
    }
    Ok(same || !check)
}
