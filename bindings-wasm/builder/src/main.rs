//! Makes the JavaScript glue of the WebAssembly module.
//!
//! `tencent-im-wasm-builder <module.wasm> <directory>` writes `tencent_im.js` and `tencent_im_bg.wasm`.

use std::env;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [module, directory] = args.as_slice() else {
        eprintln!("usage: tencent-im-wasm-builder <module.wasm> <directory>");
        return ExitCode::from(2);
    };
    match glue(module, directory) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

fn glue(module: &str, directory: &str) -> Result<(), impl std::fmt::Debug> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name("tencent_im")
        .typescript(false)
        // No path of its own: each runtime's entry knows where the module is, and `import.meta` is no CommonJS.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .web(true)?
        .generate(directory)
}
