"""``doctor``: finds out why a configuration does not work, and says what to do."""

from __future__ import annotations

import difflib
import os
import platform
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import click

from .. import (
    AuthError,
    CallTimeoutError,
    Client,
    ConfigError,
    PermissionDeniedError,
    SignatureError,
    TencentImError,
    TransportError,
    __version__,
)
from .._native import regions
from . import FAILED
from .config import config_path
from .failures import Failure
from .options import as_json, client_options
from .output import write_json
from .settings import SecretKey, Settings

#: What the service answers about an app of another region, or one that does not exist.
_ELSEWHERE = {70016, 70020}
_KNOWN_VARIABLES = [
    f"TENCENT_IM_{name}"
    for name in [
        "SDK_APP_ID",
        "SECRET_KEY",
        "ADMIN",
        "REGION",
        "BASE_URL",
        "WEBHOOK_TOKEN",
        "PROFILE",
        "CONFIG",
        "EMULATOR",
    ]
]


@dataclass(frozen=True)
class Check:
    """What one look showed."""

    name: str
    state: Literal["ok", "warning", "failed"]
    detail: str
    cure: str | None = None


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
        write_json({"ok": is_good, "checks": [asdict(check) for check in checks]})
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
    yield from _variables()
    app, key = _app(settings), None
    yield app
    try:
        key = settings.secret_key()
    except Failure as failure:
        yield Check("secret key", "failed", failure.message, failure.cure)
    if key:
        yield from _key(settings, key)
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


def _variables() -> Iterator[Check]:
    """Variables that nobody reads, and that are probably misspelt."""
    for name in os.environ:
        if name.startswith(("TENCENT_IM", "TENCENTIM")) and name not in _KNOWN_VARIABLES:
            near = difflib.get_close_matches(name, _KNOWN_VARIABLES, n=1)
            cure = f"did you mean {near[0]}?" if near else f"the variables are {', '.join(_KNOWN_VARIABLES)}"
            yield Check("environment", "warning", f"{name} is not read", cure)


def _app(settings: Settings) -> Check:
    setting = settings.values.get("sdk_app_id")
    if setting is None:
        try:
            return Check("app", "failed", str(settings.sdk_app_id))
        except Failure as failure:
            return Check("app", "failed", failure.message, failure.cure)
    return Check("app", "ok", f"{setting.value} (from {setting.source})")


def _key(settings: Settings, key: SecretKey) -> Iterator[Check]:
    yield Check("secret key", "ok", f"from {key.source}")
    if not re.fullmatch(r"[0-9a-f]{64}", key.value):
        yield Check(
            "secret key",
            "warning",
            f"it has {len(key.value)} characters; keys of the console have 64 digits and letters a to f",
            "copy it again from the console: Chat > the app > Basic Configuration > Key",
        )
    file = re.search(r"\((.+)\)$", key.source)
    if file and os.name == "posix":
        mode = Path(file[1]).stat().st_mode
        if mode & 0o077:
            yield Check("secret key", "warning", f"others can read {file[1]}", f"chmod 600 {file[1]}")


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
    took = f"{(time.monotonic() - began) * 1000:.0f} ms"
    skew = next((event["seconds"] for event in events if event["event"] == "skew_learned"), 0)
    if isinstance(error, TransportError | CallTimeoutError):
        yield Check("network", "failed", error.message, error.cure)
        yield from _way(address, settings)
        return
    yield Check("network", "ok", f"the service answered in {took}")
    if skew:
        yield Check(
            "clock",
            "warning",
            f"this machine's clock is {abs(skew)} s {'slow' if skew > 0 else 'fast'}",
            "set it by a time server (NTP); until then this SDK uses the service's time",
        )
    else:
        yield Check("clock", "ok", "within 3 s of the service's")
    yield from _verdict(settings, admin, error)


def _verdict(settings: Settings, admin: str, error: TencentImError | None) -> Iterator[Check]:
    if error is None:
        yield Check("UserSig", "ok", "the app takes the key")
        yield Check("admin", "ok", f"{admin} may make calls")
        return
    where = f"{error.message} (code {error.code})" if error.code else error.message
    detail = f"{where}: {error.cause}" if error.cause else where
    if isinstance(error, AuthError) and error.code in _ELSEWHERE and settings.get("base_url") is None:
        found = _region_of(settings)
        if found:
            yield Check(
                "region", "failed", f"the app is in the region {found}", f"--region {found}, or TENCENT_IM_REGION"
            )
            return
    name = "admin" if isinstance(error, PermissionDeniedError) else "service"
    if isinstance(error, SignatureError):
        name = "UserSig"
    elif isinstance(error, AuthError):
        name = "app"
    yield Check(name, "failed", detail, error.cure)


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
        cure = "check the name, the DNS server (/etc/resolv.conf), and whether this machine is online"
        yield Check("DNS", "failed", f"{host}: {error.strerror}", cure)
        return
    yield Check("DNS", "ok", f"{host} is {found[0][4][0]}")
    try:
        with socket.create_connection((host, port), timeout=5) as connection:
            yield Check("connection", "ok", f"port {port} accepts connections")
            if parts.scheme == "https":
                yield _tls(connection, host, settings)
    except OSError as error:
        cure = f"let this machine reach {host}:{port}: check firewall and security group, or set a proxy (--proxy)"
        yield Check("connection", "failed", f"{host}:{port}: {error.strerror or 'no answer in 5 s'}", cure)


def _tls(connection: socket.socket, host: str, settings: Settings) -> Check:
    authorities = settings.get("ca_certs")
    try:
        context = ssl.create_default_context(cafile=authorities)
        with context.wrap_socket(connection, server_hostname=host):
            return Check("TLS", "ok", "the certificate is valid")
    except ssl.SSLCertVerificationError as error:
        cure = "if a proxy of your company inspects TLS, set ca_certs in the profile to its CA certificate"
        return Check("TLS", "failed", error.verify_message, cure)
    except OSError as error:
        cure = "check whether something on the way intercepts the connection"
        return Check("TLS", "failed", getattr(error, "reason", None) or str(error), cure)


def _region_of(settings: Settings) -> str | None:
    """Asks the other regions whether they know the app."""

    def knows(region: str) -> bool:
        address = {"region": region, "base_url": None, "fallback_url": None}
        options = {"max_retries": 0, "timeout": 6, "attempt_timeout": 5, "rate_limits": False}
        with settings.client(**address, **options) as im:
            error = _failure_of(lambda: _ask(im))
        return not (error and (error.code is None or error.code in _ELSEWHERE))

    names = list(regions())
    with ThreadPoolExecutor(len(names)) as pool:
        return next((name for name, is_there in zip(names, pool.map(knows, names), strict=True) if is_there), None)


def _ask(im: Client) -> object:
    return im.accounts.check(accounts=["administrator"])
