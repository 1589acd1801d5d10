"""``call``: any call of the service from the command line."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from .._native import calls as declared_calls
from .._pages import Pages
from .._result import ItemsReply
from .failures import Failure
from .options import as_json, client_options
from .output import is_terminal, write_json, write_table
from .settings import Settings


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in declared_calls() if name.startswith(incomplete)]


@click.command()
@click.argument("call", metavar="[CALL]", required=False, shell_complete=_names)
@click.argument("fields", metavar="[FIELDS]", required=False)
@click.option("--list", "wants_list", is_flag=True, help="List the calls: all, or those whose name has CALL in it.")
@click.option("--describe", is_flag=True, help="Show what the call takes, its limits and its error codes.")
@click.option("--all-pages", is_flag=True, help="Fetch every page, and write one item a line.")
@click.option("--idempotent", is_flag=True, help="Retry the call although an earlier attempt may have taken effect.")
@client_options
@as_json
def call(
    call: str | None,
    fields: str | None,
    wants_list: bool,
    describe: bool,
    all_pages: bool,
    idempotent: bool,
    settings: Settings,
    as_json: bool,
) -> None:
    """Make any call to the service and write its answer as JSON.

    CALL is a name such as groups.create, or a path such as v4/openim/sendmsg. FIELDS is a JSON object; `-` reads it
    from standard input and @FILE from a file. Exits with 1 if the call, or any item of it, fails.

    \b
    Examples:
      tencent-im call accounts.check '{"accounts": ["alice", "bob"]}'
      tencent-im call groups.create --describe
      tencent-im call --list members
      tencent-im call groups.list_members '{"group_id": "books"}' --all-pages
      tencent-im call v4/openim/querystate '{"To_Account": ["alice"]}' --idempotent
    """
    if wants_list:
        return _list(call or "", as_json)
    if call is None:
        raise click.UsageError("Missing argument 'CALL'. `tencent-im call --list` lists the calls.")
    if describe:
        return click.echo(_description(call))
    given = _read_fields(fields)
    with settings.client() as im:
        if all_pages:
            pages: Pages[Any, Any] = Pages(im._call, call, given, {}, None)
            for item in pages:
                write_json(item)
            return None
        result = im.call(call, given, **({"idempotent": True} if idempotent else {}))
    write_json(result, pretty=is_terminal() and not as_json)
    if isinstance(result, ItemsReply):
        result.raise_for_items()
    return None


def _list(part: str, as_json: bool) -> None:
    rows = []
    for name, replacement in declared_calls().items():
        if part in name:
            method = _method(name)
            summary = (inspect.getdoc(method) or "").partition("\n")[0] if method else ""
            rows.append((name, f"(deprecated: use {replacement}) {summary}" if replacement else summary))
    if not rows:
        raise Failure(f"no call has {part} in its name", cure="tencent-im call --list lists all of them")
    if as_json:
        write_json([{"name": name, "summary": summary} for name, summary in rows])
    else:
        write_table(["call", "what it does"], rows)


def _description(name: str) -> str:
    method = _method(name)
    if method is None:
        raise _unknown(name)
    signature = inspect.signature(method)
    required = [
        parameter.name
        for parameter in signature.parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty
    ]
    text = (inspect.getdoc(method) or "").replace("\nArgs:\n", "\nFields:\n")
    lines = [line for line in text.splitlines() if "**options:" not in line]
    head = f"{name}   required: {', '.join(required) or 'nothing'}"
    return "\n".join([head, "", *lines]).rstrip()


def _method(name: str) -> Any:
    """The method of ``Client`` that makes a call; None if there is none."""
    group, _, method = name.partition(".")
    if name not in declared_calls():
        return None
    module = importlib.import_module(f"tencent_im.resources.{group}")
    return getattr(getattr(module, "".join(map(str.capitalize, group.split("_")))), method, None)


def _unknown(name: str) -> Failure:
    import difflib

    near = difflib.get_close_matches(name, declared_calls(), n=1)
    return Failure(
        f"unknown call {name}" + (f", did you mean {near[0]}?" if near else ""),
        cure="tencent-im call --list lists the calls",
    )


def _read_fields(fields: str | None) -> dict[str, Any]:
    source, text = "FIELDS", fields or "{}"
    if text == "-":
        source, text = "standard input", sys.stdin.read()
    elif text.startswith("@"):
        source = text[1:]
        try:
            text = Path(source).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise Failure(f"{source} is not UTF-8", cure="save it as UTF-8") from None
        except OSError as error:
            raise Failure(f"{source} cannot be read: {error.strerror}") from None
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Failure(
            f"{source} is not JSON: {error}", cure="""write an object, such as '{"user_id": "alice"}'"""
        ) from None
    if not isinstance(value, dict):
        raise Failure(
            f"{source} is not a JSON object", cure="""write the fields of the call, such as '{"user_id": "alice"}'"""
        )
    return value
