//! Starting and stopping.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::config::Config;
use crate::connection::{Connection, Connections};
use crate::control;
use crate::service;
use crate::world::World;

/// A running emulator, in a thread of its own. Dropping it stops it and ends its connections.
#[derive(Debug)]
pub struct Emulator {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts one; it answers from the moment this returns.
    ///
    /// Fails where the configuration makes no sense or the port cannot be had.
    pub fn start(config: Config) -> io::Result<Self> {
        let wanted = SocketAddr::new(config.host, config.port);
        let world =
            World::new(config).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
        let (stop, stopped) = oneshot::channel();
        let (ready, bound) = mpsc::channel();
        // One thread is what a server of a few dozen microseconds a request needs; the client under test gets the rest.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("tencent-im-emulator".into()).spawn(move || {
            runtime.block_on(async {
                let listener = match TcpListener::bind(wanted).await {
                    Ok(listener) => listener,
                    Err(error) => return drop(ready.send(Err(error))),
                };
                // The one who waits is gone only if its thread died.
                drop(ready.send(listener.local_addr()));
                serve(listener, Arc::new(world), stopped).await;
            });
            // Dropping the runtime ends all connections, also those that hang.
        })?;
        let address = bound.recv().map_err(|_| io::Error::other("the emulator's thread died"))??;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops it and waits until its port is free.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic in there was printed by the thread itself.
            let _ = thread.join();
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.end();
    }
}

/// Serves until the other end of `stopped` is dropped.
async fn serve(listener: TcpListener, world: Arc<World>, stopped: oneshot::Receiver<()>) {
    let router = Router::new()
        .merge(control::routes())
        .fallback(service::serve)
        .with_state(world.clone())
        .into_make_service_with_connect_info::<Connection>();
    let server = tokio::spawn(async move { axum::serve(Connections::new(listener, world), router).await });
    let _ = stopped.await;
    server.abort();
}
