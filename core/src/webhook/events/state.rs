//! Users who come online and go offline.

use crate::schema::{open_enum, shape};
use crate::webhook::dsl::webhooks;

open_enum! {
    /// What happened to a user's connection.
    pub enum StateAction {
        /// The user logged in or reconnected.
        Login = "Login",
        /// The user logged out.
        Logout = "Logout",
        /// The connection broke.
        Disconnect = "Disconnect",
        /// The user set a custom status.
        CustomStatusChange = "CustomStatusChange",
    }
}

open_enum! {
    /// Why a user's state changed.
    pub enum StateReason {
        /// A login.
        Register = "Register",
        /// A logout.
        Unregister = "Unregister",
        /// The app was killed, crashed or closed the connection.
        LinkClose = "LinkClose",
        /// No heartbeat for 400 seconds.
        TimeOut = "TimeOut",
        /// A custom status.
        SetCustomStatus = "SetCustomStatus",
    }
}

shape! {
    /// What happened to a user.
    pub struct StateInfo {
        /// What happened.
        action: StateAction = "Action",
        /// The user.
        to_account: String = "To_Account",
        /// Why.
        reason: StateReason = "Reason",
        /// The new custom status, with `CustomStatusChange`.
        custom_status: Option<String> = "CustomStatus",
    }
}

shape! {
    /// A device that a login kicked off.
    pub struct KickedDevice {
        /// Its platform, such as `iOS`, `Android`, `Web`, `Windows`, `iPad`, `Mac` or `Linux`.
        platform: String = "Platform",
    }
}

shape! {
    /// A change of a user's state.
    pub struct StateChange {
        /// What happened.
        info: StateInfo = "Info",
        /// Other devices kicked off, with `Login` for `Register`.
        kicked_devices: Option<Vec<KickedDevice>> = "KickedDevice",
    }
}

webhooks! {
    /// Fires when a user comes online, goes offline, loses the connection or sets a custom status. May come in large
    /// numbers.
    STATE_CHANGE = "State.StateChange" (After) => StateChange, doc: "1047/34357";
}
