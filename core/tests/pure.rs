//! The core does no I/O, reads no clock, draws no randomness and knows no environment: its sources do not even name them.

use std::fs;
use std::path::{Path, PathBuf};

/// What must not stand in the sources. Time, a random seed and HTTP are arguments.
const FORBIDDEN: [&str; 9] =
    ["std::time", "std::env", "std::net", "std::fs", "std::thread", "std::process", "getrandom", "rand::", "std::io"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_sources_name_no_io() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    assert!(files.len() > 25, "only {} sources found", files.len());
    for file in files {
        let text = fs::read_to_string(&file).expect("a readable source");
        for word in FORBIDDEN {
            assert!(!text.contains(word), "{} names {word}", file.display());
        }
    }
}

#[test]
fn unsafe_code_is_forbidden() {
    let root = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("the crate's root");
    assert!(root.contains("#![forbid(unsafe_code)]"));
}
