//! Verifying, reading and explaining UserSigs; PrivateMapKeys.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyModule, PyString};
use pythonize::pythonize;
use serde_json::Value;
use tencent_im_core::schema::names::Style;
use tencent_im_core::usersig::{inspect_value, tool, verify_value};
use tencent_im_core::variables::{APP_ID, SECRET_KEY};
use tencent_im_core::{Error, Kind};

use crate::clock::unix_s;
use crate::errors::{Result, raising};
use crate::input::reading;
use crate::package::Imported;
use crate::settings::{app_id, environment, secret_key_of_environment, text, whole};

/// Verifies a UserSig and gives what it states.
///
/// Many texts carry one signature, so the text is not a key for a deny list: deny the user, or what was issued before a
/// time.
#[pyfunction]
#[pyo3(pass_module, signature = (
    user_sig, *, secret_key=None, sdk_app_id=None, user_id=None, now=None, leeway=None, allow_userbuf=None
))]
#[expect(clippy::too_many_arguments, reason = "they are Python's keywords")]
pub fn verify_user_sig<'py>(
    module: &Bound<'py, PyModule>,
    user_sig: &Bound<'py, PyAny>,
    secret_key: Option<&Bound<'py, PyAny>>,
    sdk_app_id: Option<&Bound<'py, PyAny>>,
    user_id: Option<&Bound<'py, PyAny>>,
    now: Option<&Bound<'py, PyAny>>,
    leeway: Option<&Bound<'py, PyAny>>,
    allow_userbuf: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = module.py();
    raising(py, module, || {
        let user_sig = text("user_sig", Kind::InvalidInput, user_sig)?;
        let params = PyDict::new(py);
        match secret_key {
            None => params.set_item("secret_key", [secret_key_of_environment(py)?])?,
            keys => put_keys(&params, keys)?,
        }
        put_app_id(&params, sdk_app_id)?;
        params.set_item("user_id", user_id)?;
        params.set_item("now", time(now)?)?;
        params.set_item("leeway", leeway)?;
        params.set_item("allow_userbuf", allow_userbuf)?;
        let stated = reading(&params, |params| verify_value(&user_sig, params, Style::Snake))?;
        result(module, "UserSig", &stated)
    })
}

/// Tells what a UserSig suffers from, with the code that the service would answer.
#[pyfunction]
#[pyo3(pass_module, signature = (user_sig, *, secret_key=None, sdk_app_id=None, user_id=None, region=None, now=None))]
pub fn explain_user_sig<'py>(
    module: &Bound<'py, PyModule>,
    user_sig: &Bound<'py, PyAny>,
    secret_key: Option<&Bound<'py, PyAny>>,
    sdk_app_id: Option<&Bound<'py, PyAny>>,
    user_id: Option<&Bound<'py, PyAny>>,
    region: Option<&Bound<'py, PyAny>>,
    now: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = module.py();
    raising(py, module, || {
        let params = PyDict::new(py);
        params.set_item("user_sig", user_sig)?;
        match secret_key {
            None if environment(py, SECRET_KEY)?.is_none() => {}
            None => params.set_item("secret_key", [secret_key_of_environment(py)?])?,
            keys => put_keys(&params, keys)?,
        }
        put_app_id(&params, sdk_app_id)?;
        params.set_item("user_id", user_id)?;
        params.set_item("region", region)?;
        params.set_item("now", time(now)?)?;
        let explanation = result(module, "UserSigExplanation", &run("explain_user_sig", &params)?)?;
        if let Ok(stated) = explanation.get_item("user_sig")?.cast_into::<PyDict>() {
            explanation.set_item("user_sig", class(module, "UserSig")?.call1((stated,))?)?;
        }
        Ok(explanation)
    })
}

/// Signs a PrivateMapKey: lets one user into one room of TRTC.
#[pyfunction]
#[pyo3(pass_module, signature = (
    *, user_id, expire, room_id=None, room_name=None, privileges=None, sdk_app_id=None, secret_key=None, now=None
))]
#[expect(clippy::too_many_arguments, reason = "they are Python's keywords")]
pub fn sign_private_map_key(
    module: &Bound<'_, PyModule>,
    user_id: &Bound<'_, PyAny>,
    expire: &Bound<'_, PyAny>,
    room_id: Option<&Bound<'_, PyAny>>,
    room_name: Option<&Bound<'_, PyAny>>,
    privileges: Option<&Bound<'_, PyAny>>,
    sdk_app_id: Option<&Bound<'_, PyAny>>,
    secret_key: Option<&Bound<'_, PyAny>>,
    now: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let py = module.py();
    raising(py, module, || {
        let params = PyDict::new(py);
        params.set_item("user_id", user_id)?;
        params.set_item("expire", expire)?;
        params.set_item("room_id", room_id)?;
        params.set_item("room_name", room_name)?;
        params.set_item("privileges", privileges)?;
        params.set_item("sdk_app_id", app_id(py, sdk_app_id)?)?;
        match secret_key {
            Some(key) => params.set_item("secret_key", text("secret_key", Kind::Config, key)?)?,
            None => params.set_item("secret_key", secret_key_of_environment(py)?)?,
        }
        params.set_item("now", time(now)?)?;
        match run("sign_private_map_key", &params)? {
            Value::String(key) => Ok(key),
            _ => Err(Error::new(Kind::Internal, "the signature is not text").into()),
        }
    })
}

/// Reads a PrivateMapKey, without any key: it may be forged.
#[pyfunction(pass_module)]
pub fn parse_private_map_key<'py>(
    module: &Bound<'py, PyModule>,
    private_map_key: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = module.py();
    raising(py, module, || {
        let params = PyDict::new(py);
        params.set_item("private_map_key", private_map_key)?;
        result(module, "PrivateMapKey", &run("parse_private_map_key", &params)?)
    })
}

fn run(name: &str, params: &Bound<'_, PyDict>) -> Result<Value> {
    reading(params, |params| tool(name, params, Style::Snake))
}

/// One key, or a row of them for the days of a key's rotation. The table checks what is in it.
fn put_keys(params: &Bound<'_, PyDict>, keys: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    match keys {
        Some(key) if key.is_instance_of::<PyString>() => params.set_item("secret_key", [key]),
        keys => params.set_item("secret_key", keys),
    }
}

/// The app is checked where it is known from anywhere.
fn put_app_id(params: &Bound<'_, PyDict>, given: Option<&Bound<'_, PyAny>>) -> Result<()> {
    let py = params.py();
    if given.is_some() || environment(py, APP_ID)?.is_some() {
        params.set_item("sdk_app_id", app_id(py, given)?)?;
    }
    Ok(())
}

/// Tells what a UserSig states, without any key: it may be forged.
#[pyfunction]
#[pyo3(pass_module, signature = (user_sig, *, now=None))]
pub fn inspect_user_sig<'py>(
    module: &Bound<'py, PyModule>,
    user_sig: &Bound<'py, PyAny>,
    now: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = module.py();
    raising(py, module, || {
        let user_sig = text("user_sig", Kind::InvalidInput, user_sig)?;
        result(module, "UserSig", &inspect_value(&user_sig, time(now)?, Style::Snake)?)
    })
}

/// The time in Unix seconds: what the caller says, as `time.time()` gives it, or the clock's.
pub fn time(now: Option<&Bound<'_, PyAny>>) -> Result<u64> {
    match now {
        None => Ok(unix_s()),
        Some(now) if now.is_instance_of::<PyFloat>() => match now.extract::<f64>()? {
            now if now >= 0.0 && now < u64::MAX as f64 => Ok(now as u64),
            _ => Err(Error::new(Kind::InvalidInput, "the time is out of range")
                .at("now")
                .cure("pass Unix seconds, such as time.time()")
                .into()),
        },
        Some(now) => whole("now", Kind::InvalidInput, now),
    }
}

fn result<'py>(module: &Bound<'py, PyModule>, class_name: &str, value: &Value) -> Result<Bound<'py, PyAny>> {
    Ok(class(module, class_name)?.call1((pythonize(module.py(), value).map_err(PyErr::from)?,))?)
}

fn class<'py>(module: &Bound<'py, PyModule>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let py = module.py();
    module.package(py)?.get().results.bind(py).getattr(name)
}
