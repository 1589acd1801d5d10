//! Runs over many items.

use tencent_im_core::flow::{Next, Now};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::client::NativeClient;
use crate::thrown::thrown;

#[wasm_bindgen]
impl NativeClient {
    /// Opens a run of a call and gives its number. Nothing is sent.
    #[wasm_bindgen(js_name = openRun)]
    pub fn open_run(
        &mut self,
        op: &str,
        fields: &str,
        settings: &str,
        options: Option<String>,
    ) -> Result<u32, JsError> {
        self.0.open_run(op, fields, settings, options.as_deref()).map_err(thrown)
    }

    /// Offers items, a line of JSON each; then 0: there are more, 1: none for now, 2: none at all. Gives the lines that were
    /// skipped.
    #[wasm_bindgen(js_name = offerItems)]
    pub fn offer_items(&mut self, run: u32, lines: &str, next: u8) -> Result<Vec<u32>, JsError> {
        self.0.offer(run, lines, Next::of_number(next)).map_err(thrown)
    }

    /// The batches that may be sent now, as calls to be polled.
    pub fn batches(&mut self, run: u32, mono_ms: f64, unix_ms: f64) -> Result<Vec<u32>, JsError> {
        self.0.batches(run, Now::of_javascript(mono_ms, unix_ms)).map_err(thrown)
    }

    /// Settles the outcomes given before, all but the last so many, and gives those that have come.
    #[wasm_bindgen(js_name = takeOutcomes)]
    pub fn take_outcomes(&mut self, run: u32, but: u32) -> Result<String, JsError> {
        self.0.take(run, but as usize).map_err(thrown)
    }

    /// Settles as `takeOutcomes` does, and gives the checkpoint of the run as text.
    pub fn checkpoint(&mut self, run: u32, but: u32) -> Result<String, JsError> {
        let bulk = self.0.run(run).map_err(thrown)?;
        bulk.settle(but as usize);
        Ok(bulk.checkpoint().to_json())
    }

    /// Ends a run.
    #[wasm_bindgen(js_name = closeRun)]
    pub fn close_run(&mut self, run: u32) {
        self.0.close_run(run);
    }
}
