//! A client's keyword arguments and the environment, checked by the core's table of settings.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyString};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tencent_im_core::credentials::check_app_id;
use tencent_im_core::flow::{Engine, Event, Plan};
use tencent_im_core::options::{ClientOptions, PlaceVariables};
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::{Field, Limit, Shape, nearest};
use tencent_im_core::variables::{ADMIN, APP_ID, BASE_URL, REGION, SECRET_KEY, parse_app_id, read_variable};
use tencent_im_core::{Error, Kind, SecretKey};

use crate::errors::{Result, config};
use crate::events::read_hook;
use crate::hidden::revealed;
use crate::input::reading;
use crate::names::python_name;
use crate::proxies::Proxies;
use crate::transport::Network;

/// Connections at the same time where the caller names no number.
const DEFAULT_MAX_CONNECTIONS: usize = 100;

/// Most connections that may be asked for: beyond, one machine's ports run out.
const MOST_CONNECTIONS: u64 = 20_000;

/// Settings that are not the core's.
const OWN: [&str; 6] = ["sdk_app_id", "secret_key", "proxy", "ca_certs", "max_connections", "on_event"];

/// A client's settings.
pub struct Settings {
    /// The app.
    pub sdk_app_id: u32,
    /// Its key.
    pub key: SecretKey,
    /// What the core wants to know.
    pub options: ClientOptions,
    /// What HTTP wants to know.
    pub network: Network,
    /// The settings that the environment filled in, with their variables.
    from_environment: Vec<(&'static str, &'static str)>,
    /// What to tell the log once.
    announced: Option<Event>,
    /// Who hears of what happens.
    pub on_event: Option<Py<PyAny>>,
}

impl Settings {
    /// Reads the keyword arguments; None stands for what is not given. The environment fills the gaps.
    pub fn read(given: &Bound<'_, PyDict>) -> Result<Self> {
        let py = given.py();
        let of_core = PyDict::new(py);
        let mut own: [Option<Bound<'_, PyAny>>; 6] = [const { None }; 6];
        for (name, value) in given.iter() {
            let name = name.extract::<String>()?;
            let value = revealed(value);
            if value.is_none() {
                continue;
            }
            if let Some(at) = OWN.iter().position(|known| *known == name) {
                own[at] = Some(value);
            } else {
                put(&of_core, ClientOptions::shape(), &name, value)?;
            }
        }
        let [app_id, key, proxy, ca_certs, max_connections, on_event] = own;
        let mut from_environment = Vec::new();
        if !of_core.contains("admin")?
            && let Some(admin) = environment(py, ADMIN)?
        {
            of_core.set_item("admin", admin)?;
            from_environment.push(("admin", ADMIN));
        }
        let network = Network {
            proxy: proxy.map(|proxy| read_proxy(&proxy)).transpose()?.flatten(),
            ca_certs: ca_certs.map(|certificates| read_certificates(&certificates)).transpose()?,
            max_connections: match max_connections {
                Some(number) => read_max_connections(&number)?,
                None => DEFAULT_MAX_CONNECTIONS,
            },
        };
        let sdk_app_id = self::app_id(py, app_id.as_ref())?;
        let key = secret_key(py, key.as_ref())?;
        let mut options = reading(&of_core, |input| {
            ClientOptions::read(input, Style::Snake).map_err(|error| named(error, &from_environment))
        })?;
        let variables = PlaceVariables { region: environment(py, REGION)?, base_url: environment(py, BASE_URL)? };
        let filled = options.fill_place(variables);
        from_environment.extend(filled.from);
        Ok(Self {
            sdk_app_id,
            key,
            options,
            from_environment,
            announced: filled.event,
            network,
            on_event: on_event.map(|hook| read_hook("on_event", hook)).transpose()?,
        })
    }

    /// What never changes about a client with these settings.
    pub fn plan(&self) -> Result<Arc<Plan>, Error> {
        Plan::new(self.sdk_app_id, &self.key, &self.options)
            .map(Arc::new)
            .map_err(|error| named(error, &self.from_environment))
    }

    /// A new engine of that plan.
    pub fn engine(&self, plan: Arc<Plan>, seed: u64) -> Engine {
        let mut engine = Engine::of_plan(plan, seed);
        self.announced.iter().for_each(|event| engine.announce(event.clone()));
        engine
    }
}

/// Names the variable in the error of a setting that the environment filled in.
fn named(error: Error, from_environment: &[(&str, &'static str)]) -> Error {
    let variable = from_environment.iter().find(|(name, _)| error.path.as_deref() == Some(*name));
    match variable {
        Some((_, variable)) => error.at(*variable),
        None => error,
    }
}

/// Files a setting under the core's name.
pub fn put(of_core: &Bound<'_, PyDict>, shape: &'static Shape, name: &str, value: Bound<'_, PyAny>) -> Result<()> {
    let Some(field) = shape.fields.iter().find(|field| python_name(field.name) == name) else {
        return Err(unknown(shape, name).into());
    };
    put_field(of_core, field, value)
}

/// Files a setting whose field is known.
pub fn put_field(of_core: &Bound<'_, PyDict>, field: &Field, value: Bound<'_, PyAny>) -> Result<()> {
    if field.name.ends_with("_ms") {
        of_core.set_item(field.name, milliseconds(field, &value)?)?;
    } else {
        of_core.set_item(field.name, value)?;
    }
    Ok(())
}

fn unknown(shape: &'static Shape, name: &str) -> Error {
    let own: &[&str] = if std::ptr::eq(shape, ClientOptions::shape()) { &OWN } else { &[] };
    let names = || own.iter().copied().chain(shape.fields.iter().map(|field| python_name(field.name)));
    let shown: String = name.chars().take(64).collect();
    let message = match nearest(name, names()) {
        Some(near) => format!("unknown setting, did you mean {near}?"),
        None => "unknown setting".into(),
    };
    let known = names().collect::<Vec<_>>().join(", ");
    Error::new(Kind::Config, message).at(shown).cure(format!("known settings: {known}"))
}

/// A time in seconds as whole milliseconds, at least 1 and within the field's limit.
fn milliseconds(field: &Field, value: &Bound<'_, PyAny>) -> Result<u64> {
    let most_ms = field.limits.iter().find_map(|limit| match limit {
        Limit::Range(_, most_ms) => Some(*most_ms),
        _ => None,
    });
    let most = most_ms.unwrap_or(i64::MAX) as f64 / 1000.0;
    let fault = |message: String| {
        let cure = format!("pass a number of seconds above 0, up to {most}");
        Error::new(Kind::Config, message).at(python_name(field.name)).cure(cure).into()
    };
    let is_number = value.is_instance_of::<PyFloat>()
        || value.is_instance_of::<PyInt>()
        || value.hasattr("__float__")? && !value.is_instance_of::<PyString>();
    if !is_number || value.is_instance_of::<PyBool>() {
        return Err(fault(format!("expected a number of seconds, got {}", type_name(value))));
    }
    match value.extract::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= most => Ok(((seconds * 1000.0).ceil() as u64).max(1)),
        Ok(seconds) => Err(fault(format!("{seconds} seconds is out of range"))),
        Err(_) => Err(fault("the number of seconds is too large".into())),
    }
}

/// A whole number from 0.
pub fn whole(path: &str, kind: Kind, value: &Bound<'_, PyAny>) -> Result<u64> {
    let fault = |message: String| Error::new(kind, message).at(path).cure("pass a whole number from 0").into();
    if value.is_instance_of::<PyBool>() {
        return Err(fault("expected a whole number, got bool".into()));
    }
    value.extract::<u64>().map_err(|_| {
        if value.is_instance_of::<PyInt>() {
            fault("the number is out of range".into())
        } else {
            fault(format!("expected a whole number, got {}", type_name(value)))
        }
    })
}

/// A text.
pub fn text<'a>(path: &str, kind: Kind, value: &'a Bound<'_, PyAny>) -> Result<std::borrow::Cow<'a, str>> {
    let fault = |message: String| Error::new(kind, message).at(path).cure("pass a str").into();
    let text = value.cast::<PyString>().map_err(|_| fault(format!("expected text, got {}", type_name(value))))?;
    text.to_cow().map_err(|_| fault("the text has half a surrogate pair in it".into()))
}

/// True or false.
pub fn boolean(name: &str, value: &Bound<'_, PyAny>) -> Result<bool> {
    let fault = || {
        let message = format!("expected True or False, got {}", type_name(value));
        Error::new(Kind::InvalidInput, message).at(name).cure("pass True or False")
    };
    Ok(value.cast::<PyBool>().map_err(|_| fault())?.is_true())
}

/// The path of a file.
pub fn path(name: &str, value: &Bound<'_, PyAny>) -> Result<PathBuf> {
    value.extract().map_err(|_| {
        let message = format!("expected a path, got {}", type_name(value));
        Error::new(Kind::InvalidInput, message).at(name).cure("pass a str or a pathlib.Path").into()
    })
}

/// The name of a value's type: never the value, it may be a secret.
pub fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "something else".into(), |name| name.to_string())
}

/// A variable of the environment; None when it is blank. Fails when quotation marks or invisible characters were copied
/// into it.
pub fn environment(py: Python<'_>, name: &str) -> Result<Option<String>> {
    // From `os.environ`, which programs change, rather than from the process.
    let value = py.import("os")?.getattr("environ")?.call_method1("get", (name, ""))?;
    let value = text(name, Kind::Config, &value)?;
    Ok(read_variable(name, &value)?.map(str::to_owned))
}

/// The app id, from the caller or the environment. Digits as text are taken, too: configuration files hold them.
pub fn app_id(py: Python<'_>, given: Option<&Bound<'_, PyAny>>) -> Result<u32> {
    const PATH: &str = "sdk_app_id";
    match given {
        Some(given) if given.is_instance_of::<PyString>() => Ok(parse_app_id(&text(PATH, Kind::Config, given)?)?),
        Some(given) => {
            const CURE: &str = "take the SDKAppID from the console, for example 1400000000";
            let id = u32::try_from(whole(PATH, Kind::Config, given)?);
            Ok(check_app_id(id.map_err(|_| config(PATH, "the SDKAppID is over 4294967295", CURE))?)?)
        }
        None => match environment(py, APP_ID)? {
            Some(value) => Ok(parse_app_id(&value).map_err(|error| error.at(APP_ID))?),
            None => Err(config(PATH, "no SDKAppID is given", "pass sdk_app_id, or set TENCENT_IM_SDK_APP_ID")),
        },
    }
}

/// The secret key, from the caller or the environment.
pub fn secret_key(py: Python<'_>, given: Option<&Bound<'_, PyAny>>) -> Result<SecretKey> {
    match given {
        Some(given) => Ok(SecretKey::new(text("secret_key", Kind::Config, given)?.into_owned())?),
        None => Ok(SecretKey::new(secret_key_of_environment(py)?).map_err(|error| error.at(SECRET_KEY))?),
    }
}

/// The secret key of the environment, without what surrounds it there.
pub fn secret_key_of_environment(py: Python<'_>) -> Result<String> {
    environment(py, SECRET_KEY)?
        .ok_or_else(|| config("secret_key", "no secret key is given", "pass secret_key, or set TENCENT_IM_SECRET_KEY"))
}

fn read_max_connections(number: &Bound<'_, PyAny>) -> Result<usize> {
    const PATH: &str = "max_connections";
    match whole(PATH, Kind::Config, number)? {
        number @ 1..=MOST_CONNECTIONS => Ok(number as usize),
        _ => Err(config(PATH, "the number of connections is out of range", "use 1 to 20000")),
    }
}

/// A blank one is none, as in the environment.
fn read_proxy(proxy: &Bound<'_, PyAny>) -> Result<Option<Arc<Proxies>>> {
    const PATH: &str = "proxy";
    let address = text(PATH, Kind::Config, proxy)?;
    if address.trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(Arc::new(Proxies::set(PATH, &address)?)))
}

fn read_certificates(source: &Bound<'_, PyAny>) -> Result<Arc<RootCertStore>> {
    const CURE: &str = "pass the path of a PEM file with CA certificates, or the PEM itself as bytes";
    let fault = |message: String| config("ca_certs", message, CURE);
    let pem = if let Ok(bytes) = source.cast::<PyBytes>() {
        bytes.as_bytes().to_vec()
    } else if let Ok(path) = source.extract::<PathBuf>() {
        std::fs::read(path).map_err(|error| fault(format!("the file cannot be read: {error}")))?
    } else {
        return Err(fault(format!("expected a path or bytes, got {}", type_name(source))));
    };
    let mut certificates = RootCertStore::empty();
    for der in CertificateDer::pem_slice_iter(&pem) {
        let der = der.map_err(|_| fault("the PEM is broken".into()))?;
        certificates.add(der).map_err(|_| fault("a certificate cannot be used as a CA".into()))?;
    }
    if certificates.is_empty() {
        return Err(fault("no certificate found".into()));
    }
    Ok(Arc::new(certificates))
}
