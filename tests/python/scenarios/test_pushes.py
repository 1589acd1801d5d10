"""Pushes, and the tags and attributes that they are addressed by."""

from __future__ import annotations

import time
from typing import Any

import pytest
from conftest import SDK_APP_ID, Emulator

from tencent_im import Client, ConflictError, elements


@pytest.fixture
def im(either: Client) -> Client:
    either.accounts.import_accounts(user_ids=["ann", "bob"]).raise_for_items()
    return either


def receivers(emulator: Emulator) -> list[list[str]]:
    """Whom each push reached, the oldest push first."""
    pushes = emulator.control("state")["apps"][str(SDK_APP_ID)]["pushes"]
    return [push["receivers"] for push in pushes]


def test_tags(im: Client) -> None:
    added = im.push.add_user_tags(
        user_tags=[{"to_account": "ann", "tags": ["a", "b"]}, {"to_account": "nobody", "tags": ["a"]}]
    )
    assert added.errors is not None
    assert [(error.to_account, error.error_code, error.ok) for error in added.errors] == [("nobody", 70107, False)]
    assert added.errors[0].cure
    im.push.remove_user_tags(user_tags=[{"to_account": "ann", "tags": ["a"]}]).raise_for_items()
    assert im.push.get_user_tags(to_accounts=["ann"]).user_tags == [{"to_account": "ann", "tags": ["b"]}]
    im.push.add_user_tags(replace=True, user_tags=[{"to_account": "ann", "tags": ["c"]}])
    assert im.legacy_push.get_user_tags(to_accounts=["ann"]).user_tags == [{"to_account": "ann", "tags": ["c"]}]
    im.push.clear_user_tags(to_accounts=["ann"]).raise_for_items()
    assert im.push.get_user_tags(to_accounts=["ann"]).user_tags == [{"to_account": "ann", "tags": []}]


def test_attributes(im: Client) -> None:
    im.push.set_attribute_names(names={"0": "sex", "1": "city"}, types={"0": 0})
    assert im.push.get_attribute_names().names == {"0": "sex", "1": "city"}
    assert im.legacy_push.get_attribute_names().names == {"0": "sex", "1": "city"}
    # Names of attributes are data, in no style of any language.
    im.push.set_user_attributes(
        user_attributes=[{"to_account": "ann", "attributes": {"sex": "f", "city": "Rome"}}]
    ).raise_for_items()
    [ann] = im.push.get_user_attributes(to_accounts=["ann"]).user_attributes
    assert ann.attributes == {"sex": "f", "city": "Rome"}
    im.push.delete_user_attributes(user_attributes=[{"to_account": "ann", "names": ["sex"]}]).raise_for_items()
    assert im.push.get_user_attributes(to_accounts=["ann"]).user_attributes[0].attributes == {"city": "Rome"}


def test_pushes_reach_those_they_are_for(im: Client, emulator: Emulator) -> None:
    im.push.add_user_tags(user_tags=[{"to_account": "ann", "tags": ["a"]}])
    info = elements.offline_push_info(title="news", desc="hi")
    pushed = im.push.broadcast(
        from_account="administrator",
        condition={"tags_or": ["a"]},
        offline_push_info=info,
        msg_body=[elements.text("x")],
    )
    sent = im.push.send(from_account="administrator", to_accounts=["bob", "nobody"], offline_push_info=info)
    assert sent.errors is not None
    assert [(error.to_account, error.error_code) for error in sent.errors] == [("nobody", 70107)]
    assert receivers(emulator) == [["ann"], ["bob"]]
    im.push.recall(task_id=pushed.task_id, offline_push_info=info)
    with pytest.raises(ConflictError) as raised:
        im.push.recall(task_id=pushed.task_id, offline_push_info=info)
    assert (raised.value.code, raised.value.operation) == (90050, "push.recall")
    assert raised.value.cause
    assert raised.value.cure


def test_statistics_are_typed(im: Client) -> None:
    end = int(time.time())
    span: dict[str, Any] = {"start_time": end - 3600, "end_time": end}
    [result] = im.push.get_broadcast_statistics(**span, task_ids=["t"]).results
    assert isinstance(result.platform_statistics[0].push_platform, int)
    [errors] = im.push.get_broadcast_error_counts(**span, task_ids=["t"]).results
    assert isinstance(errors.ready_to_send_loss[0].err_count, int)
    assert isinstance(im.push.get_message_statistics(**span).total_count, int)
    assert isinstance(im.push.get_message_error_counts(**span).ready_to_send_loss[0].err_code, str)
    for trace in (
        im.push.get_broadcast_trace(task_id="t", user_id="ann"),
        im.push.get_message_trace(push_id="p"),
    ):
        stages = trace.instance_trace[0].offline_push_stat
        assert stages is not None
        assert stages.offline_stat is not None
        assert stages.offline_stat.ok


def test_the_older_service(im: Client, emulator: Emulator) -> None:
    im.legacy_push.add_user_tags(user_tags=[{"to_account": "bob", "tags": ["a", "b"]}])
    im.legacy_push.remove_user_tags(user_tags=[{"to_account": "bob", "tags": ["b"]}])
    assert im.legacy_push.get_user_tags(to_accounts=["bob"]).user_tags == [{"to_account": "bob", "tags": ["a"]}]
    im.legacy_push.set_attribute_names(names={"0": "sex"})
    im.legacy_push.set_user_attributes(user_attributes=[{"to_account": "bob", "attributes": {"sex": "m"}}])
    assert im.legacy_push.get_user_attributes(to_accounts=["bob"]).user_attributes[0].attributes == {"sex": "m"}
    im.legacy_push.delete_user_attributes(user_attributes=[{"to_account": "bob", "names": ["sex"]}])
    task_id = im.legacy_push.broadcast(
        msg_body=[elements.text("hi")], msg_random=7, condition={"tags_and": ["a"]}
    ).task_id
    again = im.legacy_push.broadcast(msg_body=[elements.text("hi")], msg_random=7, condition={"tags_and": ["a"]})
    assert again.task_id == task_id
    assert receivers(emulator) == [["bob"]]
    im.legacy_push.clear_user_tags(to_accounts=["bob"])
    assert im.legacy_push.get_user_tags(to_accounts=["bob"]).user_tags == [{"to_account": "bob", "tags": []}]
