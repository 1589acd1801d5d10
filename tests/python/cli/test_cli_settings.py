"""Where settings come from: flags, environment, profiles, keyring."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_support import APP, Cli
from conftest import SDK_APP_ID, SECRET_KEY, Emulator

import tencent_im
from tencent_im.cli.failures import Failure
from tencent_im.cli.settings import SERVICE, SecretKey, Settings

OTHER_KEY = "0" * 64


@pytest.fixture
def config(cli: Cli, tmp_path: Path) -> Path:
    """The configuration file, not there yet."""
    path = tmp_path / "config.toml"
    cli.env(TENCENT_IM_CONFIG=str(path))
    return path


def app_of(cli: Cli, *arguments: str) -> int:
    return int(tencent_im.inspect_user_sig(cli("sign", "a", *arguments).lines[0]).sdk_app_id)


def test_a_flag_comes_before_a_chosen_profile_before_the_environment_before_the_default_profile(
    cli: Cli, config: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text(SECRET_KEY)
    profiles = [
        f'[profiles.{name}]\nsdk_app_id = {app}\nsecret_key_file = "{key}"' for name, app in [("one", 1), ("two", 2)]
    ]
    config.write_text("\n".join(['default_profile = "one"', *profiles]))
    assert app_of(cli) == 1
    cli.env(TENCENT_IM_PROFILE="two")
    assert app_of(cli) == 2
    assert app_of(cli, "--profile", "one") == 1
    cli.env(**APP)
    assert app_of(cli) == 2
    cli.env(TENCENT_IM_PROFILE="")
    assert app_of(cli) == SDK_APP_ID
    assert app_of(cli, "--profile", "one") == 1
    assert app_of(cli, "--profile", "one", "--app", "3") == 3


def test_the_address_is_taken_from_one_place_as_a_whole(cli: Cli, config: Path) -> None:
    config.write_text('[profiles.one]\nsdk_app_id = 1\nregion = "tokyo"')
    cli.env(TENCENT_IM_BASE_URL="http://127.0.0.1:1")
    assert Settings({}, profile="one").get("base_url") is None
    assert Settings({}, profile="one").get("region") == "tokyo"
    assert Settings({}).get("base_url") == "http://127.0.0.1:1"
    assert Settings({"region": "seoul"}).get("base_url") is None
    # The environment does not come in by the back door.
    cli.env(**APP)
    assert "region='seoul'" in repr(Settings({"region": "seoul"}).client())
    assert "base_url='http://127.0.0.1:1'" in repr(Settings({}).client())


def test_a_profile_leads_to_its_service(cli: Cli, config: Path, emulator: Emulator, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(SECRET_KEY)
    config.write_text(
        f'[profiles.local]\nsdk_app_id = {SDK_APP_ID}\nbase_url = "{emulator.url}"\nsecret_key_file = "{key}"\n'
        "max_retries = 0\ntimeout = 10\n"
    )
    cli("call", "accounts.import_account", '{"user_id": "alice"}', "--profile", "local")
    assert emulator.requests() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[profiles.one]\nsecret_key = 'x'", "a secret key does not belong"),
        ("[profiles.one]\nregoin = 'x'", "did you mean region?"),
        ("[profiles.one]\nregion = 1", "int is the wrong type"),
        ("[profiles.one]\nmax_retries = true", "bool is the wrong type"),
        ("[profiles.on]\nregion = 'x'", "did you mean on?"),
        ("profiles = 1", "not a table"),
        ("[profiles]\none = 1", "not a table"),
        ("region = 'x'\n[profiles.one]", "unknown setting"),
        ("[profiles.one", "not TOML"),
        ("default_profile = 'one'", "no profile one"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_the_place(cli: Cli, config: Path, text: str, words: str) -> None:
    config.write_text(text)
    ran = cli("sign", "a", "--profile", "one", expected=2)
    assert words in ran.err
    assert str(config) in ran.err
    assert "cure: " in ran.err


def test_a_file_that_is_not_utf_8(cli: Cli, config: Path) -> None:
    config.write_bytes(b"# \xff")
    assert "not UTF-8" in cli("sign", "a", expected=2).err


def test_a_chosen_profile_needs_the_file(cli: Cli, config: Path) -> None:
    assert "no configuration file" in cli("sign", "a", "--profile", "one", expected=2).err


def test_what_is_missing_is_named_with_its_cure(cli: Cli, config: Path) -> None:
    assert "--app" in cli("sign", "a", expected=2).err
    cli.env(TENCENT_IM_SDK_APP_ID="1")
    ran = cli("sign", "a", expected=2)
    assert "no secret key" in ran.err
    assert "TENCENT_IM_SECRET_KEY" in ran.err


class Keyring:
    """A keyring in memory, by the functions of the library."""

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def _look(self) -> None:
        import keyring.errors

        if self.is_locked:
            raise keyring.errors.KeyringLocked(f"locked, with {SECRET_KEY} in the message")

    def get_password(self, service: str, name: str) -> str | None:
        self._look()
        return self.keys.get((service, name))

    def set_password(self, service: str, name: str, key: str) -> None:
        self._look()
        self.keys[service, name] = key

    def delete_password(self, service: str, name: str) -> None:
        self._look()
        del self.keys[service, name]


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    import keyring

    ring = Keyring()
    for name in ["get_password", "set_password", "delete_password"]:
        monkeypatch.setattr(keyring, name, getattr(ring, name))
    return ring


def test_the_keyring_keeps_the_key(cli: Cli, config: Path, keyring: Keyring) -> None:
    app = str(SDK_APP_ID)
    assert "stored" in cli("key", "store", "--app", app, stdin=f"{SECRET_KEY}\n").err
    assert keyring.keys == {(SERVICE, app): SECRET_KEY}
    tencent_im.verify_user_sig(cli("sign", "a", "--app", app).lines[0], secret_key=SECRET_KEY)
    # A key of the environment comes first.
    cli.env(TENCENT_IM_SECRET_KEY=OTHER_KEY)
    tencent_im.verify_user_sig(cli("sign", "a", "--app", app).lines[0], secret_key=OTHER_KEY)
    cli("key", "forget", "--app", app)
    assert keyring.keys == {}
    assert "no key of app" in cli("key", "forget", "--app", app, expected=1).err


def test_what_cannot_be_a_key_is_not_stored(cli: Cli, config: Path, keyring: Keyring) -> None:
    assert "error: " in cli("key", "store", "--app", "1", stdin=f'"{SECRET_KEY}"', expected=2).err
    assert "error: " in cli("key", "store", "--app", "1", stdin="", expected=2).err
    assert keyring.keys == {}


def test_a_locked_keyring_is_a_plain_error(cli: Cli, config: Path, keyring: Keyring) -> None:
    keyring.is_locked = True
    assert "KeyringLocked" in cli("key", "store", "--app", "1", stdin=SECRET_KEY, expected=1).err
    assert "no secret key" in cli("sign", "a", "--app", "1", expected=2).err


def test_the_key_is_not_in_any_repr() -> None:
    assert SECRET_KEY not in repr(SecretKey(SECRET_KEY, "here"))


def test_settings_without_a_key_fail_only_where_one_is_needed(cli: Cli, config: Path) -> None:
    with pytest.raises(Failure):
        Settings({"sdk_app_id": "1"}).client()
    assert Settings({}).find_secret_key() is None
