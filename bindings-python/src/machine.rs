//! The call machine step by step on a clock that is an argument: what the package's tests run the shared flow scripts
//! with. The clients drive the same machine in `drive`.

use std::sync::Mutex;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use tencent_im_core::flow::{CallId, Host, Now, Step};
use tencent_im_core::http::{Failure, FailureKind, Reply};
use tencent_im_core::schema::names::Style;
use tencent_im_core::{Error, Kind};

use crate::errors::{Fault, Result, object, raising};
use crate::package::Package;
use crate::result::read;
use crate::runtime::lock;
use crate::settings::Settings;

/// One engine and its calls, without any I/O. A time is a pair of monotonic and Unix milliseconds.
#[pyclass(frozen, module = "tencent_im._native")]
pub struct CallMachine {
    host: Mutex<Host>,
    package: Py<Package>,
}

#[pymethods]
impl CallMachine {
    #[new]
    fn new(py: Python<'_>, package: Py<Package>, settings: &Bound<'_, PyDict>) -> PyResult<Self> {
        let host = raising(py, &package, || {
            let settings = Settings::read(settings)?;
            Ok(Mutex::new(Host::new(settings.engine(settings.plan()?, 0), Style::Snake)))
        })?;
        Ok(Self { host, package })
    }

    /// Seeds the random numbers: the next one drawn is the seed itself.
    fn seed(&self, seed: u64) {
        lock(&self.host).engine().seed(seed);
    }

    /// Begins a call from JSON texts; gives its number and its first step.
    fn start<'py>(
        &self,
        py: Python<'py>,
        op: &str,
        input: &str,
        options: Option<&str>,
        now: (u64, u64),
    ) -> PyResult<(CallId, Bound<'py, PyDict>)> {
        raising(py, &self.package, || {
            let (id, step) = lock(&self.host).start(op, input, options, time(now))?;
            Ok((id, describe(py, &self.package, step)?))
        })
    }

    /// What a call does next.
    fn poll<'py>(&self, py: Python<'py>, id: CallId, now: (u64, u64)) -> PyResult<Bound<'py, PyDict>> {
        self.step(py, |host| host.poll(id, time(now)))
    }

    /// Reports an answer.
    #[pyo3(signature = (id, status, body, date, now, retry_after=None, encoding=None))]
    #[expect(clippy::too_many_arguments, reason = "an answer and a time have so many parts")]
    fn on_reply<'py>(
        &self,
        py: Python<'py>,
        id: CallId,
        status: u16,
        body: &[u8],
        date: Option<String>,
        now: (u64, u64),
        retry_after: Option<String>,
        encoding: Option<String>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let reply = Reply { status, date, retry_after, encoding, body: body.to_vec() };
        self.step(py, |host| host.on_reply(id, reply, time(now)))
    }

    /// Reports a failure by its kind (not_sent, lost, timeout, too_large) and the HTTP library's words.
    #[pyo3(signature = (id, kind, now, detail=String::new()))]
    fn on_failure<'py>(
        &self,
        py: Python<'py>,
        id: CallId,
        kind: &str,
        now: (u64, u64),
        detail: String,
    ) -> PyResult<Bound<'py, PyDict>> {
        let kind = FailureKind::from_name(kind).unwrap_or(FailureKind::Lost);
        let failure = Failure { kind, detail };
        self.step(py, |host| host.on_failure(id, failure, time(now)))
    }

    /// Ends a call.
    fn cancel<'py>(&self, py: Python<'py>, id: CallId) -> PyResult<Bound<'py, PyDict>> {
        self.step(py, |host| {
            Step::Done(Err(host.cancel(id).unwrap_or_else(|| Error::new(Kind::Internal, "no such call"))))
        })
    }

    /// Calls under way.
    fn under_way(&self) -> usize {
        lock(&self.host).under_way()
    }
}

impl CallMachine {
    fn step<'py>(&self, py: Python<'py>, act: impl FnOnce(&mut Host) -> Step) -> PyResult<Bound<'py, PyDict>> {
        raising(py, &self.package, || {
            let step = act(&mut lock(&self.host));
            describe(py, &self.package, step)
        })
    }
}

fn time((mono_ms, unix_ms): (u64, u64)) -> Now {
    Now { mono_ms, unix_ms }
}

/// A step as a dict with one key: send, wait, result or error.
fn describe<'py>(py: Python<'py>, package: &Py<Package>, step: Step) -> Result<Bound<'py, PyDict>> {
    let described = PyDict::new(py);
    match step {
        Step::Send(request) => {
            let sent = PyDict::new(py);
            sent.set_item("url", request.url)?;
            sent.set_item("body", PyBytes::new(py, &request.body))?;
            sent.set_item("timeout_ms", request.timeout_ms)?;
            described.set_item("send", sent)?;
        }
        Step::Wait { until_ms } => described.set_item("wait", until_ms)?,
        Step::Done(Ok(answer)) => match read(py, package.get(), &answer) {
            Err(Fault::Core(error)) => described.set_item("error", object(py, package, &error)?)?,
            result => described.set_item("result", result?)?,
        },
        Step::Done(Err(error)) => described.set_item("error", object(py, package, &error)?)?,
    }
    Ok(described)
}
