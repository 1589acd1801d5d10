//! Signing. A `Signer` takes the key in once; no key outlives the object or the call that it was passed to.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyModule, PyString, PyType};
use tencent_im_core::usersig::{DEFAULT_EXPIRE_S, Signer};
use tencent_im_core::{Error, Kind};

use crate::errors::{Fault, Result, raising};
use crate::package::{Imported, Package};
use crate::settings::{app_id, text, type_name, whole};
use crate::usersig::time;

/// Signatures between two looks at what other threads and signals want.
const BATCH: usize = 1024;

/// Signs UserSigs for one app: the tokens with which chat clients log in. Threads may share one.
///
/// The app id and the key come from TENCENT_IM_SDK_APP_ID and TENCENT_IM_SECRET_KEY where they are not given.
#[pyclass(frozen, subclass, name = "NativeSigner", module = "tencent_im._native")]
pub struct PySigner {
    signer: Signer,
    package: Py<Package>,
}

#[pymethods]
impl PySigner {
    #[new]
    #[classmethod]
    #[pyo3(signature = (sdk_app_id=None, secret_key=None))]
    fn new(
        class: &Bound<'_, PyType>,
        sdk_app_id: Option<&Bound<'_, PyAny>>,
        secret_key: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let py = class.py();
        let signer = raising(py, class, || {
            Ok(Signer::new(app_id(py, sdk_app_id)?, &crate::settings::secret_key(py, secret_key)?)?)
        })?;
        Ok(Self { signer, package: class.package(py)?.unbind() })
    }

    /// Signs a UserSig for a user, 1 to 32 bytes; `expire` is its lifetime in seconds from `now`, in Unix seconds.
    #[pyo3(signature = (user_id, *, expire=None, now=None), text_signature = "($self, user_id, *, expire=15552000, now=None)")]
    fn sign<'py>(
        &self,
        py: Python<'py>,
        user_id: &Bound<'py, PyAny>,
        expire: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyString>> {
        raising(py, &self.package, || Ok(PyString::new(py, &sign(&self.signer, user_id, expire, now)?)))
    }

    /// Signs one UserSig for each user, or none: an error names the user as `user_ids[3]`.
    #[pyo3(signature = (user_ids, *, expire=None, now=None), text_signature = "($self, user_ids, *, expire=15552000, now=None)")]
    fn sign_many<'py>(
        &self,
        py: Python<'py>,
        user_ids: &Bound<'py, PyAny>,
        expire: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyList>> {
        raising(py, &self.package, || {
            let (now_s, expire_s) = (time(now)?, lifetime(expire)?);
            let sigs = PyList::empty(py);
            for (i, user_id) in users(user_ids)?.try_iter()?.enumerate() {
                let user_id = user_id?;
                let sig = text("user_id", Kind::InvalidInput, &user_id)
                    .and_then(|user_id| Ok(self.signer.sign(&user_id, now_s, expire_s)?))
                    .map_err(|fault| in_list(fault, i))?;
                sigs.append(PyString::new(py, &sig))?;
                if i % BATCH == BATCH - 1 {
                    py.check_signals()?;
                    // Other threads get their turn.
                    py.detach(|| ());
                }
            }
            Ok(sigs)
        })
    }

    /// The app.
    #[getter]
    fn sdk_app_id(&self) -> u32 {
        self.signer.sdk_app_id()
    }

    fn __repr__(&self) -> String {
        format!("Signer(sdk_app_id={})", self.signer.sdk_app_id())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err("a Signer holds the secret key and is not pickled: make one where it is needed"))
    }
}

/// Signs a UserSig for a user of an app. To sign many, make a `Signer`: it takes the key in only once.
#[pyfunction]
#[pyo3(
    pass_module,
    signature = (user_id, *, sdk_app_id=None, secret_key=None, expire=None, now=None),
    text_signature = "(user_id, *, sdk_app_id=None, secret_key=None, expire=15552000, now=None)"
)]
pub fn sign_user_sig<'py>(
    module: &Bound<'py, PyModule>,
    user_id: &Bound<'py, PyAny>,
    sdk_app_id: Option<&Bound<'py, PyAny>>,
    secret_key: Option<&Bound<'py, PyAny>>,
    expire: Option<&Bound<'py, PyAny>>,
    now: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyString>> {
    let py = module.py();
    raising(py, module, || {
        let signer = Signer::new(app_id(py, sdk_app_id)?, &crate::settings::secret_key(py, secret_key)?)?;
        Ok(PyString::new(py, &sign(&signer, user_id, expire, now)?))
    })
}

/// Signs with a signer that stands already.
pub fn sign(
    signer: &Signer,
    user_id: &Bound<'_, PyAny>,
    expire: Option<&Bound<'_, PyAny>>,
    now: Option<&Bound<'_, PyAny>>,
) -> Result<String> {
    let expire_s = lifetime(expire)?;
    Ok(signer.sign(&text("user_id", Kind::InvalidInput, user_id)?, time(now)?, expire_s)?)
}

fn lifetime(expire: Option<&Bound<'_, PyAny>>) -> Result<u64> {
    match expire {
        Some(expire) => whole("expire", Kind::InvalidInput, expire),
        None => Ok(DEFAULT_EXPIRE_S),
    }
}

/// The users of a list. A str is refused, although Python would iterate over its characters.
fn users<'a, 'py>(user_ids: &'a Bound<'py, PyAny>) -> Result<&'a Bound<'py, PyAny>> {
    if user_ids.is_instance_of::<PyString>() || user_ids.is_instance_of::<PyBytes>() || !user_ids.hasattr("__iter__")? {
        let message = format!("expected a list of user names, got {}", type_name(user_ids));
        return Err(Error::new(Kind::InvalidInput, message).at("user_ids").cure("pass a list of str").into());
    }
    Ok(user_ids)
}

/// Says which user of a list it is.
fn in_list(fault: Fault, i: usize) -> Fault {
    match fault {
        Fault::Core(error) if error.path.as_deref() == Some("user_id") => error.at(format!("user_ids[{i}]")).into(),
        fault => fault,
    }
}
