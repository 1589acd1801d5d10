//! Webhooks: requests of the service, and what to answer.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyModule};
use pythonize::pythonize;
use tencent_im_core::schema::names::Style;
use tencent_im_core::webhook::{self, REFUSAL, Receiver, check_request};

use crate::errors::raising;
use crate::input::reading;
use crate::package::Package;
use crate::result::read_event;

/// Takes the requests of one app.
#[pyclass(frozen, module = "tencent_im._native")]
pub struct NativeReceiver {
    receiver: Receiver,
    package: Py<Package>,
}

#[pymethods]
impl NativeReceiver {
    /// Opens a receiver from its settings by the names of `WebhookSettings` in the core.
    #[new]
    fn new(py: Python<'_>, package: Py<Package>, settings: &Bound<'_, PyDict>) -> PyResult<Self> {
        let receiver = raising(py, &package, || reading(settings, |input| Receiver::open(input, Style::Snake)))?;
        Ok(Self { receiver, package })
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

    /// Reads a request and gives the event's record.
    fn read<'py>(&self, py: Python<'py>, query: &str, body: &[u8], now: u64) -> PyResult<Bound<'py, PyAny>> {
        raising(py, &self.package, || {
            let event = self.receiver.read(query, body, now)?;
            read_event(py, self.package.get(), &event)
        })
    }
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
#[pyfunction]
pub fn sign_webhook(token: &str, request_time: u64) -> String {
    webhook::sign(token, request_time)
}
