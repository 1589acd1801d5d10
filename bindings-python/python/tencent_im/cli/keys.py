"""``key``: keeps the secret key in the system's keyring."""

from __future__ import annotations

import sys
from typing import Any

import click

from . import FAILED
from .failures import Failure
from .options import app_options
from .output import note
from .settings import SERVICE, Settings


@click.group()
def key() -> None:
    """Keep the secret key in the system's keyring.

    The keyring is that of macOS, Windows, GNOME or KDE. Commands look there if neither --secret-key-file nor
    TENCENT_IM_SECRET_KEY names a key.
    """


@key.command()
@app_options
def store(settings: Settings) -> None:
    """Store the key of an app. Asks for it, or reads it from standard input."""
    app = str(settings.sdk_app_id)
    keyring = _keyring()
    if sys.stdin.isatty():
        value = str(click.prompt(f"Secret key of app {app}", hide_input=True, err=True)).strip()
    else:
        value = sys.stdin.read(4_096).strip()
    # Refuses what cannot be a key, before it is stored.
    from .. import Signer

    Signer(app, value)
    _run(lambda: keyring.set_password(SERVICE, app, value))
    note(f"stored the key of app {app}")


@key.command()
@app_options
def forget(settings: Settings) -> None:
    """Remove the key of an app from the keyring."""
    app = str(settings.sdk_app_id)
    keyring = _keyring()
    if _run(lambda: keyring.get_password(SERVICE, app)) is None:
        raise Failure(f"the keyring has no key of app {app}", exit_code=FAILED)
    _run(lambda: keyring.delete_password(SERVICE, app))
    note(f"removed the key of app {app}")


def _keyring() -> Any:
    try:
        import keyring
    except ImportError:
        raise Failure("keyring is not installed", cure="pip install 'tencent-im[cli]'") from None
    return keyring


def _run(action: Any) -> Any:
    import keyring.errors

    try:
        return action()
    except keyring.errors.KeyringError as error:
        # The name of the class: some backends put the value into the message.
        raise Failure(
            f"the system's keyring does not work ({type(error).__name__})",
            cure="unlock it, or use --secret-key-file or TENCENT_IM_SECRET_KEY",
            exit_code=FAILED,
        ) from None
