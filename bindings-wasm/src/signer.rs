//! Signing UserSigs; the module of `tencent-im-wasm/usersig` has this alone.

use tencent_im_core::usersig::Signer;
use tencent_im_core::{Result, SecretKey};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::thrown::thrown;

/// Signs one UserSig, with the key prepared for it alone.
#[wasm_bindgen(js_name = signUserSig)]
pub fn sign_user_sig(
    sdk_app_id: u32,
    secret_key: String,
    user_id: &str,
    now_s: f64,
    expire_s: f64,
) -> Result<String, JsError> {
    let sign = || Signer::new(sdk_app_id, &SecretKey::new(secret_key)?)?.sign(user_id, now_s as u64, expire_s as u64);
    sign().map_err(thrown)
}

/// Opens a signer.
#[wasm_bindgen(js_name = openSigner)]
pub fn open_signer(sdk_app_id: u32, secret_key: String) -> Result<NativeSigner, JsError> {
    let open = || Ok(NativeSigner(Signer::new(sdk_app_id, &SecretKey::new(secret_key)?)?));
    open().map_err(thrown)
}

/// Signs for one app, with the key taken in.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NativeSigner(Signer);

#[wasm_bindgen]
impl NativeSigner {
    /// Signs a UserSig for a user.
    #[wasm_bindgen(js_name = signUserSig)]
    pub fn sign_user_sig(&self, user_id: &str, now_s: f64, expire_s: f64) -> Result<String, JsError> {
        self.0.sign(user_id, now_s as u64, expire_s as u64).map_err(thrown)
    }

    /// Signs for users whose ids are joined by line breaks; so are the UserSigs.
    #[wasm_bindgen(js_name = signMany)]
    pub fn sign_many(&self, user_ids: &str, now_s: f64, expire_s: f64) -> Result<String, JsError> {
        let signed = self.0.sign_many(user_ids.split('\n'), now_s as u64, expire_s as u64);
        signed.map(|user_sigs| user_sigs.join("\n")).map_err(thrown)
    }
}
