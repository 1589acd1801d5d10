"""Profiles of the configuration file: settings of several apps under names of their own.

The file is TOML, by default ``~/.config/tencent-im/config.toml``::

    default_profile = "test"

    [profiles.test]
    sdk_app_id = 1400000000
    region = "singapore"
    secret_key_file = "~/.config/tencent-im/test.key"
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .failures import Failure

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: What a profile may set, and the type of each.
KEYS: Mapping[str, type | tuple[type, ...]] = {
    "sdk_app_id": (int, str),
    "secret_key_file": str,
    "region": str,
    "base_url": str,
    "fallback_url": str,
    "admin": str,
    "allow_http": bool,
    "account_field": str,
    "timeout": (int, float),
    "attempt_timeout": (int, float),
    "max_retries": int,
    "rate_share": (int, float),
    "proxy": str,
    "ca_certs": str,
    "max_connections": int,
}


@dataclass(frozen=True)
class Profile:
    """Settings of one app."""

    name: str
    values: Mapping[str, Any]
    #: Whether the user asked for this one, so that it comes before the environment.
    is_chosen: bool


def config_path() -> Path:
    """Returns where the configuration file is, whether it exists or not."""
    if path := os.environ.get("TENCENT_IM_CONFIG"):
        return Path(path).expanduser()
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "tencent-im" / "config.toml"


def read_profile(chosen: str | None) -> Profile | None:
    """Reads the profile that was chosen by name, or the default one; None if there is neither.

    Raises:
        Failure: The file cannot be read, the profile does not exist, or one of its settings is wrong.
    """
    chosen = chosen or os.environ.get("TENCENT_IM_PROFILE") or None
    path = config_path()
    document = _read(path)
    if document is None:
        if chosen:
            raise Failure(
                f"profile {chosen}: there is no configuration file {path}",
                cure=f"write it, with [profiles.{chosen}] in it, or leave the profile out",
            )
        return None
    profiles = document.get("profiles", {})
    if not isinstance(profiles, dict):
        raise Failure(f"{path}: profiles is not a table", cure="write each profile as [profiles.NAME]")
    default = document.get("default_profile")
    for name in document.keys() - {"profiles", "default_profile"}:
        raise Failure(
            f"{path}: {name}: unknown setting{_hint(name, ['profiles', 'default_profile'])}",
            cure="put the settings of an app under [profiles.NAME]",
        )
    wanted = chosen or default
    if wanted is None:
        return None
    if wanted not in profiles:
        known = ", ".join(profiles) or "none"
        where = "--profile or TENCENT_IM_PROFILE" if chosen else "default_profile"
        raise Failure(
            f"{path} has no profile {wanted}{_hint(str(wanted), profiles)}",
            cure=f"choose one of its profiles by {where}: {known}",
        )
    _check(path, wanted, profiles[wanted])
    return Profile(wanted, profiles[wanted], is_chosen=chosen is not None)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise Failure(f"{path} is not UTF-8: {error.reason} at byte {error.start}", cure="save it as UTF-8") from None
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise Failure(f"{path} is not TOML: {error}", cure="see https://toml.io for how it is written") from None


def _check(path: Path, name: str, values: Any) -> None:
    if not isinstance(values, dict):
        raise Failure(f"{path}: profiles.{name} is not a table", cure=f"write the profile as [profiles.{name}]")
    for key, value in values.items():
        where = f"{path}: profiles.{name}.{key}"
        if key == "secret_key":
            raise Failure(
                f"{where}: a secret key does not belong in a file of settings, which gets copied and shared",
                cure="put it in a file of its own, named by secret_key_file, or store it by `tencent-im key store`",
            )
        if key not in KEYS:
            raise Failure(
                f"{where}: unknown setting{_hint(key, KEYS)}", cure=f"the settings of a profile are {', '.join(KEYS)}"
            )
        kinds = KEYS[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            # Not the value: a proxy may hold a password.
            raise Failure(f"{where}: {type(value).__name__} is the wrong type", cure=f"write {_word(kinds)}")


def _word(kinds: type | tuple[type, ...]) -> str:
    words = {int: "a whole number", float: "a number", str: "text in quotation marks", bool: "true or false"}
    return words[kinds] if isinstance(kinds, type) else words[kinds[-1] if float in kinds else kinds[0]]


def _hint(name: str, known: Any) -> str:
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1)
    return f", did you mean {near[0]}?" if near else ""


def profile_names() -> list[str]:
    """Returns the names of all profiles, for completion; none if the file cannot be read."""
    try:
        profiles = (_read(config_path()) or {}).get("profiles")
    except Failure:
        return []
    return list(profiles) if isinstance(profiles, dict) else []
