"""Merges flags, environment variables and a profile into settings, and makes clients from them.

Flags take precedence, then a profile selected by name, then the environment, then the default profile. The address
(region, base URL) always comes from a single source.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import Client, Signer
from .config import Profile, read_profile
from .failures import Failure

SERVICE = "tencent-im"
"""Service name of the keys in the system's keyring. The user name is the SDKAppID."""

_VARIABLES = {
    "sdk_app_id": "TENCENT_IM_SDK_APP_ID",
    "admin": "TENCENT_IM_ADMIN",
    "region": "TENCENT_IM_REGION",
    "base_url": "TENCENT_IM_BASE_URL",
}
_SECRET_KEY = "TENCENT_IM_SECRET_KEY"
_ADDRESS = ("region", "base_url", "fallback_url")
_FLAGS = {"sdk_app_id": "--app"}


@dataclass(frozen=True)
class Setting:
    """A value and its source."""

    value: Any
    source: str


@dataclass(frozen=True)
class SecretKey:
    """The secret key and its source. Its ``repr`` omits the key."""

    value: str
    source: str

    def __repr__(self) -> str:
        return f"SecretKey(source={self.source!r})"


class Settings:
    """Settings merged from flags, environment variables and a profile.

    Args:
        flags: Command line options, keyed by the names of the client's settings. None means not given.
        profile: Name of a profile in the configuration file.
        secret_key_file: File that contains only the secret key.
    """

    def __init__(
        self, flags: Mapping[str, Any], *, profile: str | None = None, secret_key_file: str | None = None
    ) -> None:
        self.profile: Profile | None = read_profile(profile)
        self._secret_key_file = secret_key_file
        given = {name: value for name, value in flags.items() if value is not None}
        self.values: dict[str, Setting] = {
            name: Setting(value, _FLAGS.get(name, f"--{name.replace('_', '-')}")) for name, value in given.items()
        }
        environment = {name: os.environ[v] for name, v in _VARIABLES.items() if os.environ.get(v, "").strip()}
        sources = [({name: Setting(value, _VARIABLES[name]) for name, value in environment.items()})]
        if self.profile:
            of_profile = {
                name: Setting(value, f"profile {self.profile.name}")
                for name, value in self.profile.values.items()
                if name != "secret_key_file"
            }
            sources.insert(0 if self.profile.is_chosen else 1, of_profile)
        for source in sources:
            has_address = any(name in self.values for name in _ADDRESS)
            for name, setting in source.items():
                if name not in _ADDRESS or not has_address:
                    self.values.setdefault(name, setting)

    def get(self, name: str) -> Any:
        """Returns a setting; None if it is not set."""
        setting = self.values.get(name)
        return setting.value if setting else None

    @property
    def sdk_app_id(self) -> Any:
        """SDKAppID of the app.

        Raises:
            Failure: No app is set.
        """
        app = self.get("sdk_app_id")
        if app is None:
            raise Failure(
                "no app is set", cure="pass its SDKAppID with --app, TENCENT_IM_SDK_APP_ID, or a profile (--profile)"
            )
        return app

    def secret_key(self, *, ask: bool = True) -> SecretKey:
        """Returns the secret key: from a file, the environment, the keyring, or the user.

        Args:
            ask: Asks the user if there is none.

        Raises:
            Failure: There is no key, or its file cannot be read.
        """
        found = self.find_secret_key()
        if found is None and ask and sys.stdin.isatty():
            import click

            found = SecretKey(click.prompt("Secret key", hide_input=True, err=True, type=str), "prompt")
        if found is None:
            raise Failure(
                "no secret key is set",
                cure=f"set {_SECRET_KEY}, pass a file with --secret-key-file, or store it with `tencent-im key store`",
            )
        return found

    def find_secret_key(self) -> SecretKey | None:
        """Returns the secret key without asking; None if there is none."""
        of_profile = self.profile.values.get("secret_key_file") if self.profile else None
        of_environment = os.environ.get(_SECRET_KEY, "").strip()
        if self._secret_key_file:
            return _read_key(self._secret_key_file, "--secret-key-file")
        if of_profile and self.profile and self.profile.is_chosen:
            return _read_key(of_profile, f"profile {self.profile.name}")
        if of_environment:
            return SecretKey(of_environment, _SECRET_KEY)
        if of_profile and self.profile:
            return _read_key(of_profile, f"profile {self.profile.name}")
        app = self.get("sdk_app_id")
        stored = None if app is None else stored_key(str(app))
        return SecretKey(stored, "keyring") if stored else None

    def client(self, **more: Any) -> Client:
        """Makes a client of the settings. ``more`` are further settings of the client."""
        app, key = self.sdk_app_id, self.secret_key()
        others = {name: setting.value for name, setting in self.values.items() if name != "sdk_app_id"}
        for name in ("proxy", "ca_certs"):
            if name == "ca_certs" and name in others:
                others[name] = str(Path(others[name]).expanduser())
        with _without_address_variables():
            return Client(app, key.value, **{**others, **more})

    def signer(self) -> Signer:
        """Makes a signer of the settings."""
        return Signer(self.sdk_app_id, self.secret_key().value)


class _without_address_variables:
    """Hides the variables of the environment: what they say is among the settings already, if it counts."""

    def __enter__(self) -> None:
        self._hidden = {name: os.environ.pop(name) for name in _VARIABLES.values() if name in os.environ}

    def __exit__(self, *_: object) -> None:
        os.environ.update(self._hidden)


def key_file(path: str) -> Path:
    """Returns the path of a key's file."""
    return Path(path).expanduser()


def _read_key(path: str, source: str) -> SecretKey:
    file = key_file(path)
    try:
        text = file.read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Failure(
            f"{source}: {file} is not text", cure="put the secret key from the console into it, and nothing else"
        ) from None
    except OSError as error:
        raise Failure(f"{source}: {file} cannot be read: {error.strerror}") from None
    if not text or len(text.splitlines()) > 1:
        raise Failure(
            f"{source}: {file} holds {'nothing' if not text else 'more than one line'}",
            cure="put the secret key from the console into it, and nothing else",
        )
    return SecretKey(text, f"{source} ({file})")


def stored_key(app: str) -> str | None:
    """Returns the key that the system's keyring has for an app; None if there is no key or no keyring."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    try:
        return keyring.get_password(SERVICE, app)
    except keyring.errors.KeyringError:
        return None
