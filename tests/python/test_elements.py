"""Constructors of message elements, and elements in replies."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tencent_im import Client, InvalidInputError, elements
from tencent_im.types import MsgElementParam, OtherElement, TextElement

IM = Client(7, "key")


def body_of(*parts: MsgElementParam) -> list[dict[str, Any]]:
    request = IM.prepare("messages.send", to_account="a", msg_body=parts, msg_random=1, msg_seq=1)
    body: list[dict[str, Any]] = json.loads(request.body)["MsgBody"]
    return body


def test_every_element_has_a_constructor() -> None:
    body = body_of(
        elements.text("hi"),
        elements.location(latitude=1.5, longitude=-2, desc="here"),
        elements.face(1, data="x"),
        elements.custom({"kind": "order", "id": 7}, desc="an order", ext=[1]),
        elements.sound(uuid="s", url="https://example.com/a.mp3", second=3),
        elements.image(uuid="u", image_info=[{"type": 1, "width": 1, "height": 2, "url": "https://example.com/a.png"}]),
        elements.file(uuid="f", url="https://example.com/a.txt", file_name="a.txt"),
        elements.video(
            video_url="https://example.com/a.mp4",
            video_uuid="v",
            thumb_url="https://example.com/a.png",
            thumb_uuid="t",
            thumb_width=1,
            thumb_height=2,
        ),
        elements.relay(title="t", msg_list=[{"from_account": "b", "msg_body": [elements.text("inside")]}]),
    )
    tags = ["Text", "Location", "Face", "Custom", "Sound", "Image", "File", "VideoFile", "Relay"]
    assert [element["MsgType"] for element in body] == [f"TIM{tag}Elem" for tag in tags]
    assert body[0]["MsgContent"] == {"Text": "hi"}
    assert body[3]["MsgContent"] == {"Data": '{"kind":"order","id":7}', "Desc": "an order", "Ext": "[1]"}
    assert body[4]["MsgContent"]["Download_Flag"] == 2
    assert body[8]["MsgContent"]["MsgList"][0]["MsgBody"][0]["MsgContent"] == {"Text": "inside"}


def test_data_is_written_as_json_once() -> None:
    assert elements.custom({"a": "é"})["msg_content"] == {"data": '{"a":"é"}'}
    assert elements.custom('{"a":1}')["msg_content"] == {"data": '{"a":1}'}
    assert elements.custom()["msg_content"] == {}
    assert elements.offline_push_info(title="t", ext={"a": 1}) == {"title": "t", "ext": '{"a":1}'}


LOOP: list[Any] = []
LOOP.append(LOOP)


@pytest.mark.parametrize("data", [LOOP, [object()], {"a": math.nan}, {1, 2}, b"bytes"])
def test_data_that_json_cannot_hold(data: Any) -> None:
    with pytest.raises(InvalidInputError) as raised:
        elements.custom(data)
    assert raised.value.path == "data"
    assert raised.value.message.startswith("the data cannot be written as JSON: ")
    assert raised.value.cure == "pass text, or data that can be written as JSON"


def test_unknown_elements() -> None:
    body = body_of(elements.other("TIMHologramElem", {"Depth": 3}))
    assert body == [{"MsgType": "TIMHologramElem", "MsgContent": {"Depth": 3}}]


def test_elements_of_replies_have_the_class_of_their_tag() -> None:
    parts = [
        {"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}},
        {"MsgContent": {"Text": "hi"}, "MsgType": "TIMTextElem"},
        {"MsgType": "TIMHologramElem", "MsgContent": {"Depth": 3}},
        {"MsgContent": {"Depth": 3}},
    ]
    body = json.dumps({"ErrorCode": 0, "Complete": 1, "MsgCnt": 1, "MsgList": [{"MsgBody": parts}]})
    reply: Any = IM.parse("messages.list", status=200, body=body)
    read = reply.msg_list[0].msg_body
    assert [type(element) for element in read] == [TextElement, TextElement, OtherElement, OtherElement]
    assert read[0].msg_content.text == "hi"
    assert read[1] == {"msg_type": "TIMTextElem", "msg_content": {"text": "hi"}}
    assert read[2].msg_content == {"Depth": 3}
    assert read[3].msg_type is None
