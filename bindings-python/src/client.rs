//! The class behind `Client` and `AsyncClient`: the calls of one app.

use std::sync::{Arc, Mutex, MutexGuard};

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyBytes, PyDict};
use tencent_im_core::api::find_op;
use tencent_im_core::flow::{Engine, Plan};
use tencent_im_core::http::Reply;
use tencent_im_core::reply::Answer;
use tencent_im_core::schema::Op;
use tencent_im_core::schema::names::Style;
use tencent_im_core::{Error, Kind};

use crate::call_options;
use crate::clock::{now, seed};
use crate::drive::Driven;
use crate::errors::{Fault, Result, object, panicked, raising};
use crate::events::Listener;
use crate::input::reading;
use crate::package::Package;
use crate::queue::{LoopQueue, StartedCall};
use crate::result::read;
use crate::runtime::{lock, wait, workers};
use crate::settings::{Settings, text, whole};
use crate::shared::{Shared, UnderWay};
use crate::signer::sign;
use crate::transport::Http;

/// A client.
#[pyclass(frozen, module = "tencent_im._native")]
pub struct NativeClient {
    settings: Settings,
    pub listener: Py<Listener>,
    /// Reads the callers' input without the engine: reading can run Python code, and no lock may be held around that.
    pub plan: Arc<Plan>,
    /// Locked by attached threads only, and never around Python code, so that no fork finds it locked.
    life: Mutex<Life>,
}

/// The part of a client that a process makes for itself.
#[derive(Default)]
struct Life {
    pid: u32,
    closed: bool,
    engine: Option<Arc<Mutex<Engine>>>,
    shared: Option<Arc<Shared>>,
}

#[pymethods]
impl NativeClient {
    /// Checks the settings. Nothing is connected and no thread started before the first call.
    #[new]
    fn new(py: Python<'_>, package: Py<Package>, settings: &Bound<'_, PyDict>) -> PyResult<Self> {
        let (mut settings, plan) = raising(py, &package, || {
            let settings = Settings::read(settings)?;
            let plan = settings.plan()?;
            Ok((settings, plan))
        })?;
        let on_event = settings.on_event.take();
        let listener = Py::new(py, Listener { package, on_event })?;
        Ok(Self { settings, listener, plan, life: Mutex::default() })
    }

    /// What the client's `repr` shows: app id, region, base URL.
    fn describe(&self) -> (u32, Option<&str>, Option<&str>) {
        let options = &self.settings.options;
        (self.settings.sdk_app_id, options.region.as_deref(), options.base_url.as_deref())
    }

    /// Makes a call and waits for its result.
    fn call<'py>(
        &self,
        py: Python<'py>,
        op: &Bound<'py, PyAny>,
        input: &Bound<'py, PyDict>,
        options: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let package = &self.listener.get().package;
        raising(py, package, || {
            let (driven, under_way) = self.begin(py, op, input, options)?;
            let driven = Arc::new(driven);
            let tell = || self.listener.get().tell(py, &driven.shared);
            // On a worker, not here: head, body and end of an answer come one by one, and each would wake this thread.
            let call = driven.clone();
            let mut work = driven.shared.workers.spawn(async move {
                // Counted until the worker is done with it: this thread may be in a handler that waits for that.
                let _counted = under_way;
                call.drive().await
            });
            let (interrupt, error) = match wait(py, &mut work, driven.shared.wanted.retries(), tell) {
                Ok(outcome) => {
                    let reply = outcome.unwrap_or_else(|stopped| Err(panicked(&*stopped.into_panic())));
                    match (tell(), reply) {
                        (Ok(()), reply) => return read(py, package.get(), &reply?),
                        (Err(interrupt), Ok(_)) => (interrupt, driven.cancelled_too_late()),
                        (Err(interrupt), Err(error)) => (interrupt, error),
                    }
                }
                Err(interrupt) => {
                    work.abort();
                    (interrupt, driven.cancel("the call was interrupted"))
                }
            };
            let _ = tell();
            interrupt.set_cause(py, Some(PyErr::from_value(object(py, package, &error)?)));
            Err(Fault::Python(interrupt))
        })
    }

    /// Begins a call whose outcome goes to an asyncio future of the queue's loop.
    fn start<'py>(
        slf: &Bound<'py, Self>,
        queue: &Bound<'py, LoopQueue>,
        future: Py<PyAny>,
        op: &Bound<'py, PyAny>,
        input: &Bound<'py, PyDict>,
        options: &Bound<'py, PyDict>,
    ) -> PyResult<StartedCall> {
        let (py, this) = (slf.py(), slf.get());
        raising(py, &this.listener.get().package, || {
            let (driven, under_way) = this.begin(py, op, input, options)?;
            Ok(LoopQueue::start(queue, driven, under_way, future, this.listener.clone_ref(py)))
        })
    }

    /// The request of a call, for callers with their own HTTP: the fields of `PreparedRequest`.
    fn prepare<'py>(
        &self,
        py: Python<'py>,
        op: &Bound<'py, PyAny>,
        input: &Bound<'py, PyDict>,
        options: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyDict>> {
        raising(py, &self.listener.get().package, || {
            let op = call_named(op)?;
            let options = call_options::split(&self.plan, op, input, options)?;
            let engine = self.engine(&mut *self.living(py)?)?;
            let mark = lock(&engine).draw_mark();
            let draft = reading(input, |input| self.plan.draft(op, input, Style::Snake, &options, mark))?;
            let request = lock(&engine).prepare_draft(draft, now())?;
            let fields = PyDict::new(py);
            fields.set_item("method", request.method)?;
            fields.set_item("url", request.url)?;
            fields.set_item("headers", request.headers.into_py_dict(py)?)?;
            fields.set_item("body", PyBytes::new(py, &request.body))?;
            fields.set_item("timeout", request.timeout_ms as f64 / 1000.0)?;
            Ok(fields)
        })
    }

    /// Reads an answer that another HTTP library got.
    fn parse<'py>(
        &self,
        py: Python<'py>,
        op: &Bound<'py, PyAny>,
        status: &Bound<'py, PyAny>,
        body: &[u8],
        date: Option<&Bound<'py, PyAny>>,
        retry_after: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        raising(py, &self.listener.get().package, || {
            let header = |value: Option<&Bound<'py, PyAny>>| {
                value.map(|value| Ok::<_, Fault>(text("headers", Kind::InvalidInput, value)?.into_owned())).transpose()
            };
            let (date, retry_after) = (header(date)?, header(retry_after)?);
            let status = u16::try_from(whole("status", Kind::InvalidInput, status)?).unwrap_or(u16::MAX);
            let reply = Reply { status, date, retry_after, body: body.to_vec(), ..Reply::default() };
            read(py, self.listener.get().package.get(), &Answer::check(call_named(op)?, reply)?)
        })
    }

    /// Signs a UserSig for a user of the client's app.
    #[pyo3(signature = (user_id, expire=None))]
    fn sign_user_sig(
        &self,
        py: Python<'_>,
        user_id: &Bound<'_, PyAny>,
        expire: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        raising(py, &self.listener.get().package, || sign(self.plan.signer(), user_id, expire, None))
    }

    /// Checks options for later calls.
    fn check_options(&self, py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<()> {
        raising(py, &self.listener.get().package, || call_options::check(&self.plan, options))
    }

    /// Refuses further calls; those under way go on.
    fn refuse(&self) {
        lock(&self.life).closed = true;
    }

    /// How many calls of this process are under way.
    fn under_way(&self) -> usize {
        let life = lock(&self.life);
        match &life.shared {
            Some(shared) if life.pid == std::process::id() => shared.under_way(),
            _ => 0,
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.listener)
    }

    /// Ends the calls under way and lets go of the connections. To close again does nothing.
    fn close(&self) {
        let before = std::mem::replace(&mut *lock(&self.life), Life { closed: true, ..Life::default() });
        if before.pid == std::process::id()
            && let Some(shared) = before.shared
        {
            shared.signal.shut_down();
        }
    }
}

/// The call of a name that a program gave.
fn call_named(name: &Bound<'_, PyAny>) -> Result<&'static Op> {
    Ok(find_op(&text("op", Kind::InvalidInput, name)?)?)
}

impl NativeClient {
    /// Checks a call and makes it ready to be driven.
    fn begin(
        &self,
        py: Python<'_>,
        op: &Bound<'_, PyAny>,
        input: &Bound<'_, PyDict>,
        options: &Bound<'_, PyDict>,
    ) -> Result<(Driven, UnderWay)> {
        let under_way = self.enter(py)?;
        let shared = under_way.shared().clone();
        self.listener.get().tune_in(py, &shared);
        let op = call_named(op)?;
        let options = call_options::split(&self.plan, op, input, options)?;
        let mark = lock(&shared.engine).draw_mark();
        let draft = reading(input, |input| self.plan.draft(op, input, Style::Snake, &options, mark))?;
        Ok((Driven { op, shared, call: Mutex::new(draft.begin(now())) }, under_way))
    }

    /// The client's life in this process. Fails when it is closed.
    fn living(&self, _py: Python<'_>) -> Result<MutexGuard<'_, Life>> {
        let mut life = lock(&self.life);
        if life.closed {
            return Err(Error::new(Kind::Config, "the client is closed")
                .cure("make a new one, or keep its with block open as long as it is used")
                .into());
        }
        let pid = std::process::id();
        if life.pid != pid {
            // A forked child starts anew: engine, random numbers and connections are its parent's.
            *life = Life { pid, ..Life::default() };
        }
        Ok(life)
    }

    fn engine(&self, life: &mut Life) -> Result<Arc<Mutex<Engine>>> {
        if let Some(engine) = &life.engine {
            return Ok(engine.clone());
        }
        let engine = Arc::new(Mutex::new(self.settings.engine(self.plan.clone(), seed()?)));
        life.engine = Some(engine.clone());
        Ok(engine)
    }

    /// Counts a call in. What the calls of this process share is made at the first one.
    pub fn enter(&self, py: Python<'_>) -> Result<UnderWay> {
        let mut life = self.living(py)?;
        if let Some(shared) = &life.shared {
            return Ok(UnderWay::new(shared.clone()));
        }
        let engine = self.engine(&mut life)?;
        let http = Http::new(&self.settings.network, self.plan.endpoint())?;
        let shared = Arc::new(Shared::new(engine, http, workers(py)?));
        life.shared = Some(shared.clone());
        Ok(UnderWay::new(shared))
    }
}
