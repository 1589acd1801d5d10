//! Runs over many items for JavaScript: items come as lines of JSON, outcomes go as one text.

use serde_json::{Map, Value};

use super::{Bulk, CallId, Checkpoint, Counts, ItemOutcome, Now, Offered, RunNumber, RunSettings, TextClient};
use crate::error::{Error, Kind, Result};
use crate::json::object_of;
use crate::options::{CallOptions, check_names};
use crate::schema::names::Style;
use crate::schema::walk::Json;

/// Options of a run that JavaScript takes out of what it was given: a misspelt one is among the options of its calls.
const OPTIONS_OF_RUNS: &str = "inFlight,onProgress,checkpoint,source,resume,dryRun,signal";

/// What comes after the items of [`TextClient::offer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// More of them.
    More,
    /// None for now.
    Pause,
    /// None at all.
    End,
}

impl Next {
    /// By its number in JavaScript: 0, 1, 2.
    pub fn of_number(number: u8) -> Self {
        match number {
            0 => Self::More,
            1 => Self::Pause,
            _ => Self::End,
        }
    }
}

impl TextClient {
    /// Opens a run. `settings` is JSON text: `inFlight`, `source`, `dryRun`, and in `resume` the checkpoint of an
    /// earlier run.
    pub fn open_run(&mut self, op: &str, fields: &str, settings: &str, options: Option<&str>) -> Result<RunNumber> {
        let settings =
            object_of(settings).map_err(|error| Error::new(Kind::InvalidInput, error.to_string()).at("options"))?;
        let text = |name: &str| match settings.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(Error::new(Kind::InvalidInput, "expected text").at(name).cure("pass text")),
        };
        let in_flight = match settings.get("inFlight") {
            None | Some(Value::Null) => None,
            // What is no number of batches is refused as one that is too small.
            Some(given) => Some(given.as_u64().unwrap_or(0)),
        };
        if let Some(options) = options {
            check_names(CallOptions::shape(), options, OPTIONS_OF_RUNS, Style::Camel)?;
        }
        let is_dry = match settings.get("dryRun") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(given)) => *given,
            Some(_) => {
                let error = Error::new(Kind::InvalidInput, "expected a boolean").at("dryRun");
                return Err(error.cure("pass true or false"));
            }
        };
        let label = text("source")?.unwrap_or_default();
        let of_run = RunSettings { style: Style::Camel, in_flight, label, is_dry };
        let resumed = text("resume")?.map(Checkpoint::from_json).transpose()?;
        let number = self.host()?.open_run(op, fields, of_run, options)?;
        if let Some(checkpoint) = resumed
            && let Err(error) = self.host()?.run(number)?.resume(checkpoint)
        {
            self.host()?.close_run(number);
            return Err(error);
        }
        Ok(number)
    }

    /// A run under way.
    pub fn run(&mut self, run: RunNumber) -> Result<&mut Bulk> {
        self.host()?.run(run)
    }

    /// Offers items, each the JSON on a line of its own. A line that begins with `!` stands for an item that could not be
    /// written as JSON: an object with `message`, `path` and `cure` follows. Gives the lines that were skipped.
    pub fn offer(&mut self, run: RunNumber, lines: &str, next: Next) -> Result<Vec<u32>> {
        let bulk = self.host()?.run(run)?;
        let mut skipped = Vec::new();
        for (line, at) in lines.lines().zip(0..) {
            let offered = match line.strip_prefix('!') {
                Some(facts) => bulk.refuse(unwritable(facts)),
                None => bulk.offer(&mut Json(line)),
            };
            if offered == Offered::Skipped {
                skipped.push(at);
            }
        }
        match next {
            Next::More => {}
            Next::Pause => bulk.flush(),
            Next::End => bulk.end_of_items(),
        }
        Ok(skipped)
    }

    /// The batches that may be sent now, as calls to be polled.
    pub fn batches(&mut self, run: RunNumber, now: Now) -> Result<Vec<CallId>> {
        self.host()?.batches(run, now)
    }

    /// Settles the outcomes given before, all but the last so many, and gives how the run stands with the outcomes that
    /// have come, as JSON text.
    pub fn take(&mut self, run: RunNumber, but: usize) -> Result<String> {
        let bulk = self.host()?.run(run)?;
        bulk.settle(but);
        let mut outcomes = Vec::new();
        while let Some((number, outcome)) = bulk.take_outcome() {
            outcomes.push(outcome_text(number, &outcome)?);
        }
        let Counts { done, failed, refused, unknown, duplicates } = bulk.counts();
        let earlier = bulk.checkpoint();
        let stopped = bulk.stopped().map_or_else(|| "null".into(), |error| error.to_json(Style::Camel));
        let numbers = [
            ("room", bulk.room() as u64),
            ("inFlight", bulk.in_flight() as u64),
            ("inDoubt", earlier.in_doubt()),
            ("earlierFailed", earlier.counts.without_success()),
            ("done", done),
            ("failed", failed),
            ("refused", refused),
            ("unknown", unknown),
            ("duplicates", duplicates),
            ("skipped", bulk.skipped()),
        ];
        let numbers: String = numbers.iter().map(|(name, number)| format!(r#","{name}":{number}"#)).collect();
        let state = format!(r#"{{"isIdle":{},"stopped":{stopped}{numbers}}}"#, bulk.is_idle());
        Ok(format!(r#"{{"outcomes":[{}],"state":{state}}}"#, outcomes.join(",")))
    }

    /// Forgets a run.
    pub fn close_run(&mut self, run: RunNumber) {
        if let Ok(host) = self.host() {
            host.close_run(run);
        }
    }
}

fn outcome_text(number: u64, outcome: &ItemOutcome) -> Result<String> {
    let mut text = format!(r#"{{"number":{number},"outcome":"{}""#, outcome.name());
    if let Some(error) = outcome.error() {
        text += &format!(r#","error":{}"#, error.to_json(Style::Camel));
    }
    if let ItemOutcome::Done(Some(reply)) = outcome {
        text += &format!(r#","reply":{}"#, reply.to_javascript()?);
    }
    Ok(text + "}")
}

/// The error of an item that JavaScript could not write as JSON.
fn unwritable(facts: &str) -> Error {
    let facts: Map<String, Value> = object_of(facts).unwrap_or_default();
    let text = |name: &str| facts.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut error = Error::new(Kind::InvalidInput, text("message").unwrap_or_else(|| "it cannot be written".into()));
    error.path = text("path").map(|path| path.as_str().into());
    error.cure = text("cure").map(Into::into);
    error
}
