"""`doctor`."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cli_support import APP, Cli, environment_of, program
from conftest import SECRET_KEY, Emulator

from tencent_im.cli import doctor
from tencent_im.cli.settings import Settings


def by_name(checks: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(check for check in checks if check["name"] == name)


@pytest.fixture
def cli_of(cli: Cli, emulator: Emulator) -> Cli:
    cli.env(**environment_of(emulator))
    return cli


def test_all_is_well(cli_of: Cli) -> None:
    ran = cli_of("doctor")
    assert ran.lines[-1] == "Everything works."
    report = cli_of("doctor", "--json").json
    assert report["ok"] is True
    assert {check["state"] for check in report["checks"]} == {"ok"}
    assert "TENCENT_IM_BASE_URL" in by_name(report["checks"], "address")["detail"]


def failed(ran: Any) -> dict[str, dict[str, Any]]:
    report = ran.json
    assert report["ok"] is False
    return {check["name"]: check for check in report["checks"] if check["state"] == "failed"}


def test_a_wrong_key(cli_of: Cli) -> None:
    cli_of.env(TENCENT_IM_SECRET_KEY="0" * 64)
    found = failed(cli_of("doctor", "--json", expected=1))
    assert list(found) == ["UserSig"]
    assert "70009" in found["UserSig"]["detail"]
    assert found["UserSig"]["cure"]


def test_a_wrong_app(cli_of: Cli) -> None:
    found = failed(cli_of("doctor", "--app", "1400000099", "--json", expected=1))
    assert list(found) == ["app"]
    assert "70020" in found["app"]["detail"]


def test_a_name_that_is_no_admin(cli_of: Cli) -> None:
    found = failed(cli_of("doctor", "--admin", "somebody", "--json", expected=1))
    assert list(found) == ["admin"]
    assert "70403" in found["admin"]["detail"]


def test_a_wrong_clock(cli_of: Cli, emulator: Emulator) -> None:
    emulator.control("clock", {"offset_s": 3_600})
    clock = by_name(cli_of("doctor", "--json").json["checks"], "clock")
    assert (clock["state"], clock["detail"]) == ("warning", "this machine's clock is 3600 s slow")
    emulator.control("clock", {"offset_s": -3_600})
    assert "fast" in by_name(cli_of("doctor", "--json").json["checks"], "clock")["detail"]


def test_nobody_listens(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    cli.env(**APP, TENCENT_IM_BASE_URL=f"http://127.0.0.1:{port}")
    found = failed(cli("doctor", "--json", expected=1))
    assert list(found) == ["network", "connection"]
    assert f"127.0.0.1:{port}" in found["connection"]["cure"]


def test_a_server_without_tls(cli: Cli, emulator: Emulator) -> None:
    cli.env(**APP, TENCENT_IM_BASE_URL=emulator.url.replace("http:", "https:"))
    found = failed(cli("doctor", "--json", expected=1))
    assert list(found) == ["network", "TLS"]


def test_an_unknown_name(cli: Cli) -> None:
    cli.env(**APP, TENCENT_IM_BASE_URL="https://nowhere.invalid")
    found = failed(cli("doctor", "--json", expected=1))
    assert list(found) == ["network", "DNS"]


def test_warnings_are_checks_and_no_lines_of_a_log(emulator: Emulator) -> None:
    """As a program: pytest has handlers of its own."""
    emulator.control("clock", {"offset_s": 3_600})
    ran = program("doctor", environment=environment_of(emulator))
    assert "warning  clock:" in ran.out
    assert ran.err == ""


def test_what_is_missing(cli: Cli) -> None:
    assert list(failed(cli("doctor", "--json", expected=1))) == ["app", "secret key"]
    cli.env(**APP)
    cli.env(TENCENT_IM_REGION="atlantis")
    assert list(failed(cli("doctor", "--json", expected=1))) == ["settings"]


def test_oddities_are_warned_about(cli_of: Cli, tmp_path: Any) -> None:
    file = tmp_path / "key"
    file.write_text(SECRET_KEY)
    file.chmod(0o644)
    cli_of.env(TENCENT_IM_SECRETKEY="x", HTTPS_PROXY="http://user:password@proxy.example:3128")
    ran = cli_of("doctor", "--secret-key-file", str(file))
    assert "TENCENT_IM_SECRETKEY is not read" in ran.out
    assert "did you mean TENCENT_IM_SECRET_KEY?" in ran.out
    assert f"chmod 600 {file}" in ran.out
    assert "proxy.example:3128" in ran.out
    assert "password" not in ran.out


def test_the_region_of_the_app_is_found(cli: Cli, monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> None:
    """The other regions are asked. Here each is the emulator, which knows the app only by the address of one."""
    cli.env(**APP)
    asked: list[str] = []

    class Regions(Settings):
        def client(self, **more: Any) -> Any:
            region = more.pop("region", "china")
            asked.append(region)
            more.pop("fallback_url", None)
            app = "1400000099" if region != "tokyo" else APP["TENCENT_IM_SDK_APP_ID"]
            self.values["sdk_app_id"] = Settings({"sdk_app_id": app}).values["sdk_app_id"]
            return super().client(**{**more, "base_url": emulator.url})

    class OneByOne(ThreadPoolExecutor):
        def __init__(self, _: int) -> None:
            super().__init__(1)

    monkeypatch.setattr(doctor, "ThreadPoolExecutor", OneByOne)
    checks = list(doctor.examine(Regions({})))
    assert "tokyo" in asked
    assert (checks[-1].name, checks[-1].state, checks[-1].cure) == (
        "region",
        "failed",
        "--region tokyo, or TENCENT_IM_REGION",
    )
