"""``emulator``: the local emulator of the service."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys

import click

from . import FAILED
from .failures import Failure
from .options import app_options, as_json
from .output import note, write_json
from .settings import Settings

_PROGRAM = "tencent-im-emulator"


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="Port to listen on. Defaults to a free one.")
@click.option("--rate-limits", is_flag=True, help="Enforce the documented rate limits.")
@click.option(
    "--webhook-url",
    metavar="URL",
    help="Send webhooks here, such as http://127.0.0.1:8000/im; signed if TENCENT_IM_WEBHOOK_TOKEN is set.",
)
@app_options
@as_json
def emulator(port: int, rate_limits: bool, webhook_url: str | None, settings: Settings, as_json: bool) -> None:
    """Start the local emulator of the service, for tests without an account. Ctrl-C stops it.

    Writes the environment variables that lead every program of this SDK to it. Without an app or a key it makes up its
    own.

    \b
    Example:
      tencent-im emulator --port 8080 --webhook-url http://127.0.0.1:8000/im
    """
    program = find_program()
    app = str(settings.get("sdk_app_id") or 1_400_000_001)
    found = settings.find_secret_key()
    key = found.value if found else secrets.token_hex(32)
    command = [program, "--port", str(port), "--until-stdin-closes", *(["--rate-limits"] if rate_limits else [])]
    command += [] if webhook_url is None else ["--webhook-url", webhook_url]
    # The key goes by the environment: others see arguments.
    environment = os.environ | {"TENCENT_IM_SDK_APP_ID": app, "TENCENT_IM_SECRET_KEY": key}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise Failure(
                "the emulator did not start", cure="see what it wrote above; --port chooses a port", exit_code=FAILED
            )
        url = json.loads(line)["url"]
        variables = {"TENCENT_IM_BASE_URL": url, "TENCENT_IM_SDK_APP_ID": app}
        if found is None:
            # Made up a moment ago, and good for nothing else.
            variables["TENCENT_IM_SECRET_KEY"] = key
        if as_json:
            write_json({"url": url, "pid": process.pid, "environment": variables})
        else:
            for name, value in variables.items():
                click.echo(f"export {name}={value}")
            note("The emulator runs until Ctrl-C.")
        sys.stdout.flush()
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGTERM)
            process.wait()
            return
        if code != 0:
            raise Failure(f"the emulator ended with exit code {code}", exit_code=FAILED)


def find_program() -> str:
    """Returns the path of the emulator's program.

    Raises:
        Failure: It is not installed.
    """
    named = os.environ.get("TENCENT_IM_EMULATOR")
    found = named if named and os.access(named, os.X_OK) else shutil.which(_PROGRAM)
    if found is None:
        raise Failure(
            f"the emulator is not installed: there is no {_PROGRAM} on the PATH",
            cure="build it from a checkout of tencent-im by `cargo install --path tests/emulator`, "
            "or name its program by TENCENT_IM_EMULATOR",
            exit_code=FAILED,
        )
    return found
