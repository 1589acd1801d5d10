"""``sign``, ``inspect``, ``explain``: UserSigs, the tokens with which chat clients log in."""

from __future__ import annotations

import sys
from typing import Any

import click

from .. import UserSig, explain_user_sig, inspect_user_sig
from . import FAILED
from .failures import Failure
from .options import app_options, as_json, client_options, seconds
from .output import moment, span, write_facts, write_json
from .settings import Settings


@click.command()
@click.argument("users", metavar="USER...", nargs=-1, required=True)
@click.option(
    "--expire", callback=seconds, default="180d", show_default=True, help="Lifetime: seconds, or 90m, 12h, 7d."
)
@app_options
@as_json
def sign(users: tuple[str, ...], expire: int, settings: Settings, as_json: bool) -> None:
    """Sign UserSigs, the tokens with which chat clients log in.

    For one user, writes only the UserSig. For several, writes one line each: the user, a tab, the UserSig. Whoever
    holds a UserSig can act as that user until it expires: give each user only their own.

    \b
    Examples:
      tencent-im sign alice
      tencent-im sign alice bob --expire 7d --json
    """
    sigs = settings.signer().sign_many(users, expire=expire)
    if as_json:
        write_json([{"user_id": user, "user_sig": sig} for user, sig in zip(users, sigs, strict=True)])
    elif len(users) == 1:
        click.echo(sigs[0])
    else:
        for user, sig in zip(users, sigs, strict=True):
            click.echo(f"{user}\t{sig}")


@click.command()
@click.argument("user_sig", metavar="[USERSIG]", default="-")
@as_json
def inspect(user_sig: str, as_json: bool) -> None:
    """Show what a UserSig states, without a key. It may be forged.

    Reads it from standard input if it is omitted or `-`, so that it does not appear in the list of processes.

    \b
    Example:
      tencent-im sign alice | tencent-im inspect
    """
    stated = inspect_user_sig(_given(user_sig))
    if as_json:
        write_json(stated)
    else:
        write_facts(_stated(stated))


@click.command()
@click.argument("user_sig", metavar="[USERSIG]", default="-")
@click.option("--user", metavar="NAME", help="The user that it should be for.")
@client_options
@as_json
def explain(user_sig: str, user: str | None, settings: Settings, as_json: bool) -> None:
    """Find out why the service refuses a UserSig, and what to do about it.

    Checks it against what you know: the user (--user), the app, its key, the region. Anything you leave out is not
    checked. Reads the UserSig from standard input if it is omitted or `-`. Exits with 1 if something is wrong with it.

    \b
    Example:
      tencent-im explain --user alice < usersig.txt
    """
    found = settings.find_secret_key()
    report = explain_user_sig(
        _given(user_sig),
        user_id=user,
        sdk_app_id=settings.get("sdk_app_id"),
        secret_key=found.value if found else [],
        region=settings.get("region"),
    )
    if as_json:
        write_json({**report, "key_checked": found is not None})
    else:
        facts: dict[str, Any] = {"code": report.code, "cause": report.cause, "cure": report.cure}
        write_facts({"verdict": "good" if report.ok else "nothing wrong is seen" if _is_fine(report) else "bad"})
        write_facts(facts)
        if report.user_sig:
            click.echo()
            write_facts(_stated(report.user_sig))
    if not _is_fine(report):
        raise click.exceptions.Exit(FAILED)


def _is_fine(report: Any) -> bool:
    """Whether no mistake is seen. Without a key, a good UserSig is not called good."""
    return bool(report.ok) or report.mistake == "no_key_given"


def _given(user_sig: str) -> str:
    if user_sig != "-":
        return user_sig
    if sys.stdin.isatty():
        return str(click.prompt("UserSig", hide_input=True, err=True)).strip()
    text = sys.stdin.read(65_536).strip()
    if not text:
        raise Failure("standard input has no UserSig", cure="pass one on standard input, or as an argument")
    return text


def _stated(sig: UserSig) -> dict[str, Any]:
    when = f"{span(sig.remaining)} {'left' if sig.remaining >= 0 else 'ago'}"
    return {
        "user": sig.user_id,
        "app": sig.sdk_app_id,
        "signed": moment(sig.issued_at),
        "expires": f"{moment(sig.expires_at)} ({when})",
        "userbuf": sig.userbuf,
        "version": sig.version,
    }
