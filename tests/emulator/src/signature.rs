//! The UserSig check, with a memory for those already checked: the same one comes with every request of a client.

use std::collections::HashMap;

use tencent_im_core::usersig::{Expect, UserbufRule, verify};
use tencent_im_core::{Result, SecretKey};

use crate::answer::Answer;

/// How many good UserSigs are remembered; a client has one, so this is many clients.
const REMEMBERED: usize = 1024;

/// The keys of one app and the UserSigs that they were found to fit.
#[derive(Debug)]
pub struct Signatures {
    sdk_app_id: u32,
    keys: Vec<SecretKey>,
    good: HashMap<String, Good>,
}

/// What a good UserSig states.
#[derive(Clone, Debug)]
struct Good {
    user_id: String,
    issued_at_s: i64,
    expires_at_s: i64,
}

impl Signatures {
    /// For an app with these keys, each of which is good.
    pub fn new(sdk_app_id: u32, keys: &[String]) -> Result<Self> {
        let keys = keys.iter().map(SecretKey::new).collect::<Result<_>>()?;
        Ok(Self { sdk_app_id, keys, good: HashMap::new() })
    }

    /// Checks a UserSig and says when it was signed, in Unix seconds.
    ///
    /// What was verified once stays true for this app, key set and text; name and expiry are looked at every time.
    /// A UserSig with a userbuf passes: the pages say nothing against it, and the vendor's signers make them.
    pub fn check(&mut self, identifier: &str, user_sig: &str, now_s: u64) -> Result<i64, Answer> {
        if let Some(good) = self.good.get(user_sig)
            && good.user_id == identifier
            && i64::try_from(now_s).is_ok_and(|now_s| now_s <= good.expires_at_s)
        {
            return Ok(good.issued_at_s);
        }
        let expect = Expect {
            sdk_app_id: Some(self.sdk_app_id),
            user_id: Some(identifier),
            userbuf: UserbufRule::Any,
            ..Expect::at(now_s)
        };
        let stated = verify(user_sig, &self.keys, &expect)
            .map_err(|error| Answer::fail_with(error.code.unwrap_or(70005), error.message.clone()))?;
        if self.good.len() >= REMEMBERED {
            self.good.clear();
        }
        let good =
            Good { issued_at_s: stated.issued_at_s, expires_at_s: stated.expires_at_s(), user_id: stated.user_id };
        let issued_at_s = good.issued_at_s;
        self.good.insert(user_sig.to_owned(), good);
        Ok(issued_at_s)
    }
}
