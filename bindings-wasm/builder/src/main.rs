//! Makes the JavaScript glue of the WebAssembly module.
//!
//! `tencent-im-wasm-builder <module.wasm> <directory> <name>` writes `<name>.js` and `<name>_bg.wasm`.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use wasm_bindgen_cli_support::Bindgen;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [module, directory, name] = args.as_slice() else {
        eprintln!("usage: tencent-im-wasm-builder <module.wasm> <directory> <name>");
        return ExitCode::from(2);
    };
    match write_glue(module, directory, name).and_then(|()| adapt(&Path::new(directory).join(format!("{name}.js")))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

fn write_glue(module: &str, directory: &str, name: &str) -> Outcome {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name(name)
        .typescript(false)
        // Without a default path: each runtime's entry knows where the module is, and CommonJS has no `import.meta`.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .web(true)?
        .generate(directory)?;
    Ok(())
}

/// What the glue takes for granted and not every runtime has.
const ADAPTATIONS: [(&str, &str); 3] = [
    // Next.js and Jest hand over a module whose class is not the one that this code sees.
    (
        "!(module instanceof WebAssembly.Module)",
        "Object.prototype.toString.call(module) !== '[object WebAssembly.Module]'",
    ),
    ("instance instanceof WebAssembly.Instance", "!('instance' in instance)"),
    // jest-environment-jsdom has neither class.
    ("let cachedTextDecoder", "import { TextDecoder, TextEncoder } from '../text.js';\n\nlet cachedTextDecoder"),
];

fn adapt(file: &Path) -> Outcome {
    let mut glue = fs::read_to_string(file)?;
    for (from, to) in ADAPTATIONS {
        if glue.matches(from).count() != 1 {
            return Err(format!("wasm-bindgen does not write `{from}` once, as it did").into());
        }
        glue = glue.replace(from, to);
    }
    fs::write(file, glue)?;
    Ok(())
}
