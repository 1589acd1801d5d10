"""What the installed package says of itself."""

from __future__ import annotations

from importlib.metadata import metadata

from conftest import ROOT

import tencent_im


def test_metadata() -> None:
    package = metadata("tencent-im")
    assert package["Version"] == tencent_im.__version__
    assert package["License-Expression"] == "MIT OR Apache-2.0"
    assert package.get_all("License-File") == ["LICENSE"]
    assert [url.partition(", ")[0] for url in package.get_all("Project-URL") or []] == [
        "Homepage",
        "REST API of the service",
        "UserSig",
    ]
    # The importlib of Python 3.10 and later puts the body of the file here.
    assert package["Description"].startswith("# tencent-im for Python")


def test_the_licenses_are_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Permission is hereby granted, free of charge" in text
    assert "END OF TERMS AND CONDITIONS" in text
    # A wheel can hold only files of its own directory.
    assert (ROOT / "bindings-python" / "LICENSE").read_text(encoding="utf-8") == text
