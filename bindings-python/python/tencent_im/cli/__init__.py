"""The command line ``tencent-im``. Its libraries are an extra: ``pip install tencent-im[cli]``.

| module | what it does |
| --- | --- |
| ``failures`` | errors of the command line, and how errors are shown |
| ``output`` | results as text, tables or JSON |
| ``config`` | profiles of the configuration file |
| ``settings`` | flags, environment and profile together; the secret key; clients |
| ``options`` | the options that commands share |
| ``app`` | the commands by name, exit codes |
| ``source`` | the bytes of an input file, line by line |
| ``columns`` | which column of a file is which field |
| ``rows`` | rows of CSV and JSON Lines files |
| ``files`` | the input of commands that work on files of users; rows that fail |
| ``progress`` | the progress bar |
| ``runs`` | runs over files of users |
| ``importing`` | ``import`` |
| ``exporting`` | ``export`` |
| ``accounts`` | ``check``, ``delete``, ``kick``, ``status`` |
| ``usersigs`` | ``sign``, ``inspect``, ``explain`` |
| ``codes`` | ``codes`` |
| ``calls`` | ``call`` |
| ``webhooks`` | ``webhooks``: receives events, sends samples |
| ``keys`` | ``key``: the secret key in the system's keyring |
| ``doctor`` | ``doctor`` |
| ``emulator`` | ``emulator`` |
| ``completion`` | ``completion`` |

``import tencent_im`` loads none of this.
"""

from __future__ import annotations

import sys

#: Exit codes, the same for every command.
OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


def main() -> None:
    """Runs the command line with the program's arguments, and exits."""
    try:
        from .app import run

        sys.exit(run())
    except ImportError as error:
        name = (error.name or "").partition(".")[0]
        if name not in {"click", "rich"}:
            raise
        print(f"tencent-im: {name} is not installed\ncure: pip install 'tencent-im[cli]'", file=sys.stderr)
        sys.exit(USAGE)
