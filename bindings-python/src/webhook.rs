//! Webhooks: requests of the service, and what to answer.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyList, PyModule, PyTuple};
use pythonize::pythonize;
use tencent_im_core::schema::names::Style;
use tencent_im_core::variables::WEBHOOK_TOKEN;
use tencent_im_core::webhook::{self, Event, Platform, REFUSAL, Receiver, check_request};
use tencent_im_core::{Error, Kind};

use crate::errors::{Result, raising};
use crate::hidden::revealed;
use crate::input::reading;
use crate::package::Package;
use crate::result::read_event;
use crate::settings::{app_id, environment, text, whole};

/// Takes the requests of one app.
#[pyclass(frozen, module = "tencent_im._native")]
pub struct NativeReceiver {
    receiver: Receiver,
    package: Py<Package>,
}

#[pymethods]
impl NativeReceiver {
    /// Opens a receiver from its settings by the names of `WebhookSettings` in the core; None stands for what is not
    /// given. `token` is a list of hidden texts. The environment fills in the app and the token.
    #[new]
    fn new(py: Python<'_>, package: Py<Package>, settings: &Bound<'_, PyDict>) -> PyResult<Self> {
        let receiver = raising(py, &package, || open(settings))?;
        Ok(Self { receiver, package })
    }

    /// The app.
    fn sdk_app_id(&self) -> u32 {
        self.receiver.sdk_app_id()
    }

    /// Whether requests must be signed.
    fn verifies(&self) -> bool {
        self.receiver.verifies()
    }

    /// Checks what is known of a request before its body.
    fn check_request(
        &self,
        py: Python<'_>,
        method: &str,
        content_type: Option<&str>,
        body_bytes: Option<u64>,
    ) -> PyResult<()> {
        raising(py, &self.package, || Ok(check_request(&self.receiver, method, content_type, body_bytes)?))
    }

    /// Checks and reads a request, and gives the event: command, kind, id, platform, client_ip, event_time, accounts, body.
    fn read<'py>(
        &self,
        py: Python<'py>,
        method: &str,
        content_type: Option<&str>,
        query: &str,
        body: &[u8],
        now: u64,
    ) -> PyResult<Bound<'py, PyTuple>> {
        raising(py, &self.package, || {
            check_request(&self.receiver, method, content_type, Some(body.len() as u64))?;
            let event = self.receiver.read(query, body, now)?;
            let body = read_event(py, self.package.get(), &event)?;
            let Event { command, id, client_ip, event_time_ms, accounts, .. } = &event;
            let platform = event.platform.map(Platform::as_str);
            // The answer names them all: a handler cannot take one out.
            let accounts = PyTuple::new(py, accounts)?;
            Ok((command, event.kind(), id, platform, client_ip, event_time_ms, accounts, body).into_pyobject(py)?)
        })
    }
}

fn open(settings: &Bound<'_, PyDict>) -> Result<Receiver> {
    let py = settings.py();
    let given = PyDict::new(py);
    for (name, value) in settings.iter().filter(|(_, value)| !value.is_none()) {
        given.set_item(name, value)?;
    }
    given.set_item("sdk_app_id", app_id(py, given.get_item("sdk_app_id")?.as_ref())?)?;
    if let Some(tokens) = given.get_item("token")? {
        let tokens: Vec<_> = tokens.try_iter()?.map(|token| token.map(revealed)).collect::<PyResult<_>>()?;
        given.set_item("token", PyList::new(py, tokens)?)?;
        return reading(&given, |input| Receiver::open(input, Style::Snake));
    }
    let is_wanted = given.get_item("verify")?.is_none_or(|verify| !verify.is(PyBool::new(py, false)));
    let token = if is_wanted { environment(py, WEBHOOK_TOKEN)? } else { None };
    if let Some(token) = &token {
        given.set_item("token", [token])?;
    }
    reading(&given, |input| {
        let of_environment = |error: Error| match error.path.as_deref() {
            Some("token[0]") if token.is_some() => error.at(WEBHOOK_TOKEN),
            _ => error,
        };
        Receiver::open(input, Style::Snake).map_err(of_environment)
    })
}

/// Gives the body to answer an event with.
#[pyfunction(pass_module)]
pub fn answer_webhook<'py>(
    module: &Bound<'py, PyModule>,
    command: &str,
    accounts: Vec<String>,
    decision: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyBytes>> {
    let py = module.py();
    raising(py, module, || {
        let body = reading(decision, |decision| webhook::answer(command, &accounts, decision, Style::Snake))?;
        Ok(PyBytes::new(py, &body))
    })
}

/// Refuses a name that no webhook has.
#[pyfunction(pass_module)]
pub fn check_webhook(module: &Bound<'_, PyModule>, command: &Bound<'_, PyAny>) -> PyResult<()> {
    raising(module.py(), module, || Ok(webhook::named(&text("command", Kind::Config, command)?).map(|_| ())?))
}

/// The body for a request that is refused.
#[pyfunction]
pub fn webhook_refusal(py: Python<'_>) -> Bound<'_, PyBytes> {
    PyBytes::new(py, REFUSAL.as_bytes())
}

/// Every webhook, with what an answer can do.
#[pyfunction]
pub fn list_webhooks(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    Ok(pythonize(py, &webhook::list(Style::Snake))?)
}

/// Signs as the service does.
#[pyfunction(pass_module)]
pub fn sign_webhook(
    module: &Bound<'_, PyModule>,
    token: &Bound<'_, PyAny>,
    request_time: &Bound<'_, PyAny>,
) -> PyResult<String> {
    raising(module.py(), module, || {
        let request_time = whole("request_time", Kind::InvalidInput, request_time)?;
        Ok(webhook::sign(&text("token", Kind::InvalidInput, token)?, request_time))
    })
}
