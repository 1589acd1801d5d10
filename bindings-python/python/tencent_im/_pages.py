"""Iterating over paged calls."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._native import NativePages, package

if TYPE_CHECKING:
    from ._resource import AsyncCaller, Caller

Reply = TypeVar("Reply")
Item = TypeVar("Item")


def _plain(value: Any) -> Any:
    """A number of numpy, say, as one of Python."""
    return value.item() if hasattr(value, "item") else str(value)


class _Position(Generic[Reply, Item]):
    """Where an iteration stands: its page, and the items taken of it."""

    def __init__(self, op: str, fields: Mapping[str, Any], options: Mapping[str, Any], resume: str | None) -> None:
        self._op = op
        self._fields = fields
        self._options = options
        given = {name: value for name, value in fields.items() if value is not None and not isinstance(value, list)}
        self._native = NativePages(package, op, json.dumps(given, default=_plain), resume)
        facts = json.loads(self._native.facts())
        self._lists: list[str] = facts["items"]
        self._reads: list[str] = facts["reads"]
        #: Items of the first page that an earlier iteration took.
        self._skip: int = facts["skip"]
        self._items: list[Item] = []
        self._taken = 0

    @property
    def cursor(self) -> str | None:
        """Text from which a later iteration continues: pass it as ``resume``. None after the last item.

        Items added or removed in the meantime may be seen twice or not at all.
        """
        return self._native.cursor(self._taken if self._taken < len(self._items) else 0)

    def _next_fields(self) -> dict[str, Any] | None:
        position = self._native.next()
        return None if position is None else {**self._fields, **json.loads(position)}

    def _take(self, reply: Any) -> Reply:
        self._native.turn(json.dumps({name: self._read(reply.get(name)) for name in self._reads}))
        self._items = [item for name in self._lists for item in reply.get(name) or ()]
        self._taken, self._skip = self._skip, 0
        return reply  # type: ignore[no-any-return]

    def _read(self, value: Any) -> Any:
        """The part of a value that the machine looks at."""
        if isinstance(value, list):
            return [{name: item.get(name) for name in self._reads} if isinstance(item, dict) else 0 for item in value]
        return None if isinstance(value, dict) else value

    def _next_item(self) -> Item:
        item = self._items[self._taken]
        self._taken += 1
        return item

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._op}>"


class Pages(_Position[Reply, Item], Iterator[Item]):
    """All items of a paged call, fetched page by page as they are asked for.

    >>> for member in im.groups.iter_members(group_id="g"):
    ...     print(member.member_account)
    """

    def __init__(
        self, call: Caller, op: str, fields: Mapping[str, Any], options: Mapping[str, Any], resume: str | None
    ) -> None:
        super().__init__(op, fields, options, resume)
        self._call = call

    def __iter__(self) -> Pages[Reply, Item]:
        return self

    def __next__(self) -> Item:
        while self._taken >= len(self._items):
            if self._load() is None:
                raise StopIteration
        return self._next_item()

    def _load(self) -> Reply | None:
        fields = self._next_fields()
        return None if fields is None else self._take(self._call(self._op, fields, {**self._options}))

    def by_page(self) -> Iterator[Reply]:
        """The pages that are left, as whole replies."""
        while (reply := self._load()) is not None:
            self._taken = len(self._items)
            yield reply


class AsyncPages(_Position[Reply, Item], AsyncIterator[Item]):
    """All items of a paged call, fetched page by page as they are asked for.

    >>> async for member in im.groups.iter_members(group_id="g"):
    ...     print(member.member_account)
    """

    def __init__(
        self, call: AsyncCaller, op: str, fields: Mapping[str, Any], options: Mapping[str, Any], resume: str | None
    ) -> None:
        super().__init__(op, fields, options, resume)
        self._call = call

    def __aiter__(self) -> AsyncPages[Reply, Item]:
        return self

    async def __anext__(self) -> Item:
        while self._taken >= len(self._items):
            if await self._load() is None:
                raise StopAsyncIteration
        return self._next_item()

    async def _load(self) -> Reply | None:
        fields = self._next_fields()
        return None if fields is None else self._take(await self._call(self._op, fields, {**self._options}))

    async def by_page(self) -> AsyncIterator[Reply]:
        """The pages that are left, as whole replies."""
        while (reply := await self._load()) is not None:
            self._taken = len(self._items)
            yield reply
