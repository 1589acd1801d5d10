"""The commands by name, and the exit codes."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Sequence

import click

from .. import TencentImError, __version__
from . import FAILED, OK
from .failures import Failure, exit_code_of, show

#: The commands, in the order in which help lists them: each with its module, which is loaded when it is used.
_SECTIONS: dict[str, dict[str, str]] = {
    "Files of users": {
        "import": "importing",
        "check": "accounts",
        "export": "exporting",
        "status": "accounts",
        "kick": "accounts",
        "delete": "accounts",
    },
    "UserSigs": {"sign": "usersigs", "inspect": "usersigs", "explain": "usersigs"},
    "The service": {"call": "calls", "codes": "codes", "doctor": "doctor"},
    "Webhooks": {"webhooks": "webhooks"},
    "Around it": {"key": "keys", "emulator": "emulator", "completion": "completion"},
}
_MODULES = {name: module for section in _SECTIONS.values() for name, module in section.items()}


class Commands(click.Group):
    """The commands, each loaded when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _MODULES.get(cmd_name)
        if module is None:
            return None
        loaded = importlib.import_module(f".{module}", __package__)
        # `import` is a word of Python.
        command: click.Command = getattr(loaded, cmd_name, None) or getattr(loaded, f"{cmd_name}_")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], _MODULES, n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, _MODULES))
        for title, section in _SECTIONS.items():
            rows = []
            for name in section:
                command = self.get_command(ctx, name)
                if command is not None:
                    rows.append((name.ljust(width), command.get_short_help_str(formatter.width)))
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "--version", prog_name="tencent-im", message="%(prog)s %(version)s")
def commands() -> None:
    """Tencent Chat from the command line: UserSigs, accounts, and every call of its REST API.

    \b
    First steps:
      export TENCENT_IM_SDK_APP_ID=1400000000    the app; see the console
      read -rs TENCENT_IM_SECRET_KEY; export TENCENT_IM_SECRET_KEY
      tencent-im doctor                          does it all work?
      tencent-im import users.csv                accounts, any number of them
      tencent-im sign alice                      a UserSig for a chat client

    Settings come from options, environment variables (TENCENT_IM_SDK_APP_ID, TENCENT_IM_SECRET_KEY, TENCENT_IM_ADMIN,
    TENCENT_IM_REGION, TENCENT_IM_BASE_URL) and profiles in ~/.config/tencent-im/config.toml. The secret key comes from
    the environment, a file, the system's keyring or a prompt, never from an argument.

    Exit codes: 0 done, 1 something failed, 2 wrong arguments or settings, 130 interrupted.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit code.

    Args:
        arguments: What follows the program's name. Defaults to the process's arguments.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    as_json = "--json" in given
    # Commands show their own warnings; logging would write into the progress bar.
    logging.getLogger("tencent_im").addHandler(logging.NullHandler())
    try:
        returned = commands.main(
            given, prog_name="tencent-im", complete_var="_TENCENT_IM_COMPLETE", standalone_mode=False
        )
        sys.stdout.flush()
        return returned if isinstance(returned, int) else OK
    except BrokenPipeError:
        # Whoever read the results has gone; Python would say so once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_code_of(BrokenPipeError())
    except click.UsageError as error:
        if as_json:
            show(error, as_json=True)
        else:
            error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as error:
        click.echo("interrupted", err=True)
        return exit_code_of(error)
    except OSError as error:
        # A disk that is full, say. Named files are reported where they are written.
        where = error.filename or "standard output"
        show(Failure(f"{where}: {error.strerror or error}", exit_code=FAILED), as_json=as_json)
        return FAILED
    except (Failure, TencentImError, click.ClickException) as error:
        show(error, as_json=as_json)
        return exit_code_of(error)
