//! Runs over many items by number, beside the calls of a [`Host`]. The batches of a run are calls as any other; at its end
//! each tells the run.

use std::collections::HashMap;

use super::{Bulk, CallId, Host, Now, ResolvedOptions, RunSettings, Step};
use crate::api::find_op;
use crate::error::{Error, Kind, Result};
use crate::http::Reply;
use crate::reply::Answer;
use crate::schema::walk::{self, Json};

/// The number of a run in its [`Host`].
pub type RunNumber = u32;

/// The runs of a host.
#[derive(Debug, Default)]
pub struct Runs {
    runs: HashMap<RunNumber, Run>,
    next: RunNumber,
    /// Whose batch a call is.
    batches: HashMap<CallId, (RunNumber, u64)>,
    /// [`Runs::end_batch`], once there is a run. Reached through a pointer, so that a WebAssembly module that opens no runs
    /// leaves out all that they need, 29 kB of gzip.
    end_batch: Option<fn(&mut Runs, CallId, Step) -> Step>,
}

#[derive(Debug)]
struct Run {
    bulk: Bulk,
    options: ResolvedOptions,
}

impl Runs {
    /// Tells a run that a batch of it has ended. What its caller gets is an empty answer: the run has the outcomes.
    pub(super) fn ended(&mut self, call: CallId, step: Step) -> Step {
        match self.end_batch {
            Some(end_batch) => end_batch(self, call, step),
            None => step,
        }
    }

    fn end_batch(&mut self, call: CallId, step: Step) -> Step {
        let Some((run, batch)) = self.batches.remove(&call) else { return step };
        let Step::Done(result) = step else { return step };
        let Some(run) = self.runs.get_mut(&run) else { return Step::Done(result) };
        let op = run.bulk.op();
        run.bulk.on_result(batch, result);
        let reply = Reply { status: 200, body: b"{}".to_vec(), ..Reply::default() };
        Step::Done(Ok(Answer { op, reply, attempts: 0 }))
    }

    /// Forgets that a call was the batch of a run.
    pub(super) fn forget(&mut self, call: CallId) {
        self.batches.remove(&call);
    }
}

impl Host {
    /// Opens a run of a call, from JSON texts: its other fields, and options of its calls.
    pub fn open_run(
        &mut self,
        op: &str,
        fields: &str,
        settings: RunSettings<'_>,
        options: Option<&str>,
    ) -> Result<RunNumber> {
        let op = find_op(op)?;
        let options = self.options(options)?;
        let fields = walk::plain(&mut Json(fields), settings.style)?;
        let bulk = self.engine.plan().bulk(op, fields, settings, &options)?;
        self.runs.end_batch = Some(Runs::end_batch);
        self.runs.next = self.runs.next.wrapping_add(1).max(1);
        self.runs.runs.insert(self.runs.next, Run { bulk, options });
        Ok(self.runs.next)
    }

    /// A run under way.
    pub fn run(&mut self, number: RunNumber) -> Result<&mut Bulk> {
        let run = self.runs.runs.get_mut(&number).map(|run| &mut run.bulk);
        run.ok_or_else(|| Error::new(Kind::Internal, "no such run"))
    }

    /// The batches of a run that may be sent now, as calls to be polled.
    pub fn batches(&mut self, number: RunNumber, now: Now) -> Result<Vec<CallId>> {
        let mut calls = Vec::new();
        loop {
            let Some(batch) = self.run(number)?.next_batch() else { return Ok(calls) };
            let Some(run) = self.runs.runs.get(&number) else { return Ok(calls) };
            let id = batch.id;
            let draft = self.engine.plan().draft_of(batch, &run.options);
            let call = self.insert(draft.begin(now), now);
            self.runs.batches.insert(call, (number, id));
            calls.push(call);
        }
    }

    /// Forgets a run. Its calls under way are to be cancelled by themselves.
    pub fn close_run(&mut self, number: RunNumber) {
        self.runs.runs.remove(&number);
    }
}
