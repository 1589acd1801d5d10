"""Receives the service's webhooks: verified, typed, and answered in time.

| module | what it does |
| --- | --- |
| ``_decisions`` | the decisions that handlers return |
| ``_event`` | the events that handlers receive |
| ``_commands`` | the names of the webhooks and their types; generated |
| ``_settings`` | settings |
| ``_store`` | deduplication of events |
| ``_faults`` | errors of this package |
| ``_body`` | queries and bodies as different servers pass them |
| ``_threads`` | threads and an event loop for handlers |
| ``_eager`` | tasks that start immediately |
| ``_runner`` | running handlers, before and after the answer |
| ``_webhooks`` | the receiver |
| ``_asgi``, ``_wsgi`` | the receiver behind a web server |
| ``_sample``, ``_samples`` | sample requests for testing handlers; ``_samples`` is generated |

``import tencent_im`` loads none of this.
"""

from .._native import sign_webhook
from ._answer import Answer
from ._commands import Command
from ._decisions import (
    AccountsDecision,
    Acknowledgement,
    Allow,
    Decide,
    Decision,
    DenyDecision,
    Drop,
    EachAccountDecision,
    MessageDecision,
    Refuse,
    Reject,
    Replace,
    allow,
    decide,
    drop,
    refuse,
    reject,
    replace,
)
from ._event import AnyHandler, ErrorHook, Event, Handler
from ._sample import SampleRequest, sample_request
from ._settings import LateAnswer
from ._store import MemoryStore, Store
from ._webhooks import Webhooks

__all__ = [
    "AccountsDecision",
    "Acknowledgement",
    "Allow",
    "Answer",
    "AnyHandler",
    "Command",
    "Decide",
    "Decision",
    "DenyDecision",
    "Drop",
    "EachAccountDecision",
    "ErrorHook",
    "Event",
    "Handler",
    "LateAnswer",
    "MemoryStore",
    "MessageDecision",
    "Refuse",
    "Reject",
    "Replace",
    "SampleRequest",
    "Store",
    "Webhooks",
    "allow",
    "decide",
    "drop",
    "refuse",
    "reject",
    "replace",
    "sample_request",
    "sign_webhook",
]

# As programs import them.
for _name in __all__:
    _value = globals()[_name]
    if isinstance(_value, type):
        _value.__module__ = __name__
Webhooks.__module__ = "tencent_im"
