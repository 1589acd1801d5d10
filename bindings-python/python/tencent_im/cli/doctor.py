"""``doctor``: finds out why a configuration does not work, and says what to do.

What a look showed is said by the core, in the same words as in other languages: ``_say``.
"""

from __future__ import annotations

import os
import platform
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import click

from .. import CallTimeoutError, Client, ConfigError, TencentImError, TransportError, __version__
from .._native import doctor_say
from . import FAILED
from .config import config_path
from .failures import Failure, facts_of
from .options import as_json, client_options
from .output import write_json
from .settings import SecretKey, Settings


@dataclass(frozen=True)
class Check:
    """What one look showed."""

    name: str
    state: Literal["ok", "warning", "failed"]
    detail: str
    cure: str | None = None
    #: Regions that may know the app.
    regions_to_ask: Sequence[str] = ()


def _say(look: str, **facts: Any) -> list[Check]:
    return [Check(**check) for check in doctor_say({"look": look, **facts})]


@click.command()
@client_options
@as_json
def doctor(settings: Settings, as_json: bool) -> None:
    """Find out whether the configuration works, and if not, why and what to do.

    Looks at the app, its key, the address, and then asks the service whether the admin exists, which changes nothing.
    The answer also shows whether this machine's clock is right. Exits with 1 if something is wrong.
    """
    checks: list[Check] = []
    for check in examine(settings):
        checks.append(check)
        if not as_json:
            _show(check)
    is_good = all(check.state != "failed" for check in checks)
    if as_json:
        facts = [{name: getattr(check, name) for name in ("name", "state", "detail", "cure")} for check in checks]
        write_json({"ok": is_good, "checks": facts})
    elif is_good:
        click.echo("\nEverything works.")
    if not is_good:
        raise click.exceptions.Exit(FAILED)


def _show(check: Check) -> None:
    color = {"ok": "green", "warning": "yellow", "failed": "red"}[check.state]
    click.echo(f"{click.style(f'{check.state:8}', fg=color)} {check.name + ':':14} {check.detail}")
    if check.cure:
        click.echo(f"{'':9}{'cure:':14} {check.cure}")


def examine(settings: Settings) -> Iterator[Check]:
    """Looks at everything, in the order in which it matters. Ends early where nothing further can be seen."""
    yield Check("package", "ok", f"tencent-im {__version__}, Python {platform.python_version()}, {platform.platform()}")
    yield _configuration(settings)
    yield from _say("variables", names=list(os.environ))
    app, key = _app(settings), None
    yield app
    try:
        key = settings.secret_key()
    except Failure as failure:
        yield Check("secret key", "failed", failure.message, failure.cure)
    if key:
        yield from _key(key)
    if key is None or app.state == "failed":
        return
    try:
        yield from _service(settings)
    except ConfigError as error:
        yield Check("settings", "failed", f"{error.path}: {error.message}" if error.path else error.message, error.cure)


def _configuration(settings: Settings) -> Check:
    path = config_path()
    if settings.profile:
        return Check("profile", "ok", f"{settings.profile.name}, of {path}")
    exists = "has no default_profile" if path.exists() else "does not exist"
    return Check("profile", "ok", f"none: {path} {exists}")


def _app(settings: Settings) -> Check:
    setting = settings.values.get("sdk_app_id")
    if setting is None:
        try:
            return Check("app", "failed", str(settings.sdk_app_id))
        except Failure as failure:
            return Check("app", "failed", failure.message, failure.cure)
    return Check("app", "ok", f"{setting.value} (from {setting.source})")


def _key(key: SecretKey) -> list[Check]:
    file = re.search(r"\((.+)\)$", key.source)
    is_open = file is not None and os.name == "posix" and Path(file[1]).stat().st_mode & 0o077 != 0
    return _say("secret_key", key=key.value, source=key.source, open_file=file[1] if file and is_open else None)


def _service(settings: Settings) -> Iterator[Check]:
    """One call that changes nothing, and what its outcome says of everything on the way."""
    events: list[dict[str, Any]] = []
    admin = settings.get("admin") or "administrator"
    with settings.client(max_retries=0, rate_limits=False, on_event=events.append) as im:
        wanted = im.prepare("accounts.check", accounts=[admin])
        address = f"{urlsplit(wanted.url).scheme}://{urlsplit(wanted.url).netloc}"
        yield Check("address", "ok", f"{address} ({_address_source(settings)})")
        yield from _proxy(settings)
        began = time.monotonic()
        error = _failure_of(lambda: im.accounts.check(accounts=[admin]))
    took_ms = round((time.monotonic() - began) * 1000)
    skew_s = next((event["seconds"] for event in events if event["event"] == "skew_learned"), 0)
    facts = None if error is None else facts_of(error)
    checks = _say("answer", admin=admin, took_ms=took_ms, skew_s=skew_s, error=facts)
    if checks[-1].regions_to_ask and settings.get("base_url") is None:
        checks = [*checks[:-1], *(_region_of(settings, checks[-1].regions_to_ask) or checks[-1:])]
    yield from checks
    if isinstance(error, TransportError | CallTimeoutError):
        yield from _way(address, settings)


def _failure_of(action: Callable[[], object]) -> TencentImError | None:
    try:
        action()
    except TencentImError as error:
        return error
    return None


def _address_source(settings: Settings) -> str:
    for name in ("base_url", "region"):
        if setting := settings.values.get(name):
            return f"{name.replace('_', ' ')} from {setting.source}"
    return "the default region"


def _proxy(settings: Settings) -> Iterator[Check]:
    """Tells of a proxy, without the password that its URL may have."""
    setting = settings.values.get("proxy")
    found = [(setting.source, setting.value)] if setting else []
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        if not found and os.environ.get(name):
            found.append((name, os.environ[name]))
    for source, url in found:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or "?"
        yield Check("proxy", "ok", f"{host}:{parts.port or 'default port'} (from {source}); not for loopback addresses")


def _way(address: str, settings: Settings) -> Iterator[Check]:
    """Where on the way to the service it fails: name, connection or TLS. Looks past any proxy."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        yield from _say("dns", host=host, error=error.strerror)
        return
    yield from _say("dns", host=host, address=str(found[0][4][0]))
    try:
        with socket.create_connection((host, port), timeout=5) as connection:
            yield from _say("connection", host=host, port=port)
            if parts.scheme == "https":
                yield from _tls(connection, host, settings)
    except OSError as error:
        yield from _say("connection", host=host, port=port, error=error.strerror or "no answer in 5 s")


def _tls(connection: socket.socket, host: str, settings: Settings) -> list[Check]:
    authorities = settings.get("ca_certs")
    try:
        context = ssl.create_default_context(cafile=authorities)
        with context.wrap_socket(connection, server_hostname=host):
            return _say("tls")
    except ssl.SSLCertVerificationError as error:
        return _say("tls", error=error.verify_message, trust="set ca_certs in the profile to its CA certificate")
    except OSError as error:
        return _say("tls", error=getattr(error, "reason", None) or str(error))


def _region_of(settings: Settings, regions: Sequence[str]) -> list[Check]:
    """Asks regions whether they know the app."""

    def code_of(region: str) -> int | None:
        address = {"region": region, "base_url": None, "fallback_url": None}
        options = {"max_retries": 0, "timeout": 6, "attempt_timeout": 5, "rate_limits": False}
        with settings.client(**address, **options) as im:
            error = _failure_of(lambda: _ask(im))
        return error.code if error else 0

    with ThreadPoolExecutor(len(regions)) as pool:
        return _say("regions", codes=list(zip(regions, pool.map(code_of, regions), strict=True)))


def _ask(im: Client) -> object:
    return im.accounts.check(accounts=["administrator"])
