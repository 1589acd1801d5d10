"""Every Python sample of the README runs as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, SDK_APP_ID, SECRET_KEY, Emulator

README = (ROOT / "bindings-python" / "README.md").read_text(encoding="utf-8")
SAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("sample", SAMPLES)
def test_sample(emulator: Emulator, tmp_path: Path, sample: str) -> None:
    environment = os.environ | {
        "TENCENT_IM_SDK_APP_ID": str(SDK_APP_ID),
        "TENCENT_IM_SECRET_KEY": SECRET_KEY,
        "TENCENT_IM_BASE_URL": emulator.url,
    }
    # A sample may leave files where it runs.
    done = subprocess.run(
        [sys.executable, "-c", sample], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_there_are_samples() -> None:
    assert len(SAMPLES) == 12


@pytest.mark.parametrize("name", ["Client", "Webhooks"])
def test_every_setting_is_in_the_table(name: str) -> None:
    import inspect

    import tencent_im

    settings = set(inspect.signature(getattr(tencent_im, name)).parameters) - {"unknown"}
    section = README.partition("## Webhooks\n" if name == "Webhooks" else "## Settings\n")[2].partition("\n## ")[0]
    assert settings == set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE))
