//! UserSigs without a client.

use napi::{Env, JsString};
use napi_derive::napi;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::walk::Json;
use tencent_im_core::usersig::{Signer, inspect_value, tool, verify_value};
use tencent_im_core::{SecretKey, variables};

use crate::guard::throwing;
use crate::numbers::{app_id, seconds};

/// Reads an environment variable's text; nothing when it is blank.
#[napi]
pub fn read_variable(name: String, value: String) -> napi::Result<Option<String>> {
    throwing(|| Ok(variables::read_variable(&name, &value)?.map(str::to_owned)))
}

/// Signs one UserSig, with the key prepared for it alone.
#[napi]
pub fn sign_user_sig<'env>(
    env: &'env Env,
    sdk_app_id: f64,
    secret_key: String,
    user_id: String,
    now_s: f64,
    expire_s: f64,
) -> napi::Result<JsString<'env>> {
    let signed = throwing(|| {
        let signer = Signer::new(app_id(sdk_app_id)?, &SecretKey::new(secret_key)?)?;
        signer.sign(&user_id, seconds("now", now_s)?, seconds("expire", expire_s)?)
    })?;
    ascii(env, signed)
}

/// Opens a signer.
#[napi]
pub fn open_signer(sdk_app_id: f64, secret_key: String) -> napi::Result<NativeSigner> {
    throwing(|| Ok(NativeSigner { signer: Signer::new(app_id(sdk_app_id)?, &SecretKey::new(secret_key)?)? }))
}

/// Signs for one app, with the key taken in.
#[napi]
pub struct NativeSigner {
    signer: Signer,
}

#[napi]
impl NativeSigner {
    /// Signs a UserSig for a user.
    #[napi]
    pub fn sign_user_sig<'env>(
        &self,
        env: &'env Env,
        user_id: String,
        now_s: f64,
        expire_s: f64,
    ) -> napi::Result<JsString<'env>> {
        ascii(env, throwing(|| self.signer.sign(&user_id, seconds("now", now_s)?, seconds("expire", expire_s)?))?)
    }

    /// Signs for users whose ids are joined by line breaks; so are the UserSigs.
    #[napi]
    pub fn sign_many<'env>(
        &self,
        env: &'env Env,
        user_ids: String,
        now_s: f64,
        expire_s: f64,
    ) -> napi::Result<JsString<'env>> {
        let joined = throwing(|| {
            let (now_s, expire_s) = (seconds("now", now_s)?, seconds("expire", expire_s)?);
            Ok(self.signer.sign_many(user_ids.split('\n'), now_s, expire_s)?.join("\n"))
        })?;
        ascii(env, joined)
    }
}

/// A text of ASCII characters alone, as UserSigs are: JavaScript takes it as Latin-1, without looking at each byte.
pub fn ascii(env: &Env, text: String) -> napi::Result<JsString<'_>> {
    env.create_string_latin1(text)
}

/// Checks a UserSig with the app's key and gives what it states, as JSON text.
#[napi]
pub fn verify_user_sig(user_sig: String, params_json: String) -> napi::Result<String> {
    throwing(|| verify_value(&user_sig, &mut Json(&params_json), Style::Camel).map(|facts| facts.to_string()))
}

/// Reads a UserSig without a key and gives what it states, as JSON text.
#[napi]
pub fn inspect_user_sig(user_sig: String, now_s: f64) -> napi::Result<String> {
    throwing(|| inspect_value(&user_sig, seconds("now", now_s)?, Style::Camel).map(|facts| facts.to_string()))
}

/// Runs a further function by its name in the core, with parameters and result as JSON text.
#[napi]
pub fn user_sig_tool(name: String, params_json: String) -> napi::Result<String> {
    throwing(|| tool(&name, &mut Json(&params_json), Style::Camel).map(|facts| facts.to_string()))
}
