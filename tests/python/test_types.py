"""What type checkers see. mypy and pyright read this file; an ignored line without an error fails it."""

from __future__ import annotations

from conftest import Emulator

from tencent_im import AsyncClient, Client, Result
from tencent_im.types import CheckAccountResult, Empty, ImportAccountsItemParam, ImportAccountsReply


def test_calls_are_typed(im: Client, emulator: Emulator) -> None:
    accounts: list[ImportAccountsItemParam | str] = [{"user_id": "alice", "nick": "Alice"}, "bob"]
    imported: ImportAccountsReply = im.accounts.import_accounts(accounts=accounts)
    names: list[str] = imported.fail_accounts
    first: CheckAccountResult = im.accounts.check(accounts=["alice"]).results[0]
    status: str | None = first.account_status
    assert (names, status) == ([], "Imported")
    plain: Result = im.accounts.import_account(user_id="alice")
    assert isinstance(plain, Empty)


def mistakes(im: Client, asynchronous: AsyncClient) -> None:
    """Never run: each line is an error to the checker."""
    im.accounts.import_account()  # type: ignore[call-arg]
    im.accounts.import_account("alice")  # type: ignore[call-arg]
    im.accounts.import_account(user_id=5)  # type: ignore[arg-type]
    im.accounts.import_account(user_id="a", nik="x")  # type: ignore[call-arg]
    im.accounts.import_accounts(accounts=[{"user_id": "a", "nik": "x"}])  # type: ignore[list-item]
    _ = im.accounts.import_accounts(user_ids=["a"]).fail_account  # type: ignore[attr-defined]
    _ = asynchronous.accounts.kick(user_id="a").results  # type: ignore[attr-defined]
    Client(regoin="tokyo")  # type: ignore[arg-type]
    Client(secret_key=b"key")  # type: ignore[arg-type]
