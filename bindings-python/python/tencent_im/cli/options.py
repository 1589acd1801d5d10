"""Options shared by several commands."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from .settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

_SPANS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def seconds(ctx: click.Context, param: click.Parameter, value: str) -> int:
    """Parses a duration, as a click ``callback``: seconds, or a number with a unit."""
    match = re.fullmatch(r"(\d{1,12})([smhd]?)", value.strip())
    if match is None:
        raise click.BadParameter(f"{value!r} is not a time. Write seconds, or 90m, 12h, 7d.", ctx, param)
    return int(match[1]) * _SPANS[match[2] or "s"]


def _regions(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from .._native import regions

    return [CompletionItem(name, help=host) for name, host in regions().items() if name.startswith(incomplete)]


def _profiles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from .config import profile_names

    return [name for name in profile_names() if name.startswith(incomplete)]


_APP = [
    click.option("--profile", metavar="NAME", shell_complete=_profiles, help="Profile in the configuration file."),
    click.option("--app", "sdk_app_id", metavar="ID", help="SDKAppID of the app."),
    click.option(
        "--secret-key-file",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        help="File that contains only the secret key. The key is never an argument, since other users can see those.",
    ),
]

_NETWORK = [
    click.option("--region", metavar="NAME", shell_complete=_regions, help="Region of the app. Defaults to china."),
    click.option("--base-url", metavar="URL", help="Address to use instead of a region's, such as an emulator's."),
    click.option("--admin", metavar="NAME", help="Name of an app admin. Defaults to administrator."),
    click.option(
        "--proxy", metavar="URL", help="Proxy for all requests. If it needs a password, set HTTPS_PROXY instead."
    ),
    click.option("--timeout", metavar="SECONDS", type=float, help="Total time of a call. Defaults to 30."),
    click.option("--max-retries", metavar="N", type=int, help="Retries of a call. Defaults to 3."),
]

as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON, errors too.")


def _with_settings(options: list[Callable[[F], F]], names: list[str]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            flags = {name: kwargs.pop(name) for name in names}
            profile, key_file = kwargs.pop("profile"), kwargs.pop("secret_key_file")
            settings = Settings(flags, profile=profile, secret_key_file=key_file)
            return function(*args, settings=settings, **kwargs)

        decorated: Any = wrapped
        for option in reversed(options):
            decorated = option(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def app_options(function: F) -> F:
    """Adds options for the app and its key, and passes them to the command as ``settings``."""
    return _with_settings(_APP, ["sdk_app_id"])(function)


def client_options(function: F) -> F:
    """Adds options for the app, its key and its address, and passes them to the command as ``settings``."""
    names = ["sdk_app_id", "region", "base_url", "admin", "proxy", "timeout", "max_retries"]
    return _with_settings([*_APP, *_NETWORK], names)(function)
