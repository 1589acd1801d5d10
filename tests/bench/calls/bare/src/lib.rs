//! reqwest as Python can have it at the least cost: a pool, one worker thread, the GIL released while a call waits.

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use reqwest::Client;
use reqwest::redirect::Policy;
use tokio::runtime::{Builder, Runtime};

/// A pool of connections and the thread that serves it.
#[pyclass(frozen)]
struct Bare {
    runtime: Runtime,
    client: Client,
}

#[pymethods]
impl Bare {
    #[new]
    fn new(max_idle: usize, user_agent: &str) -> PyResult<Self> {
        // Fails when there is one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_io().enable_time().build()?;
        let client = Client::builder()
            .user_agent(user_agent)
            .http1_only()
            .redirect(Policy::none())
            .tcp_nodelay(true)
            .pool_max_idle_per_host(max_idle)
            .no_proxy()
            .build()
            .map_err(os_error)?;
        Ok(Self { runtime, client })
    }

    /// Posts JSON and gives the answer's status and body.
    fn post<'py>(&self, py: Python<'py>, url: &str, body: &[u8]) -> PyResult<(u16, Bound<'py, PyBytes>)> {
        let body = body.to_vec();
        let (status, answer) = py.detach(|| {
            self.runtime.block_on(async {
                let request = self.client.post(url).header("content-type", "application/json").body(body);
                let answer = request.send().await.map_err(os_error)?;
                let status = answer.status().as_u16();
                answer.bytes().await.map(|bytes| (status, bytes)).map_err(os_error)
            })
        })?;
        Ok((status, PyBytes::new(py, &answer)))
    }
}

fn os_error(error: reqwest::Error) -> PyErr {
    PyOSError::new_err(error.without_url().to_string())
}

/// The extension module.
#[pymodule]
fn tencent_im_bench_bare(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Bare>()
}
