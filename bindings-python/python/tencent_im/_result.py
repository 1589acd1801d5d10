"""Results: dicts whose known keys read as attributes, too."""

from __future__ import annotations

from collections.abc import Iterator
from operator import methodcaller
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar


class Result(dict[str, Any]):
    """What a call gave. A plain dict in every way (``json.dumps``, ``pickle``, ``==``), nested ones included.

    ``result.fail_accounts`` is ``result["fail_accounts"]``. A documented field that the service left out reads as
    None. A field that this version does not know yet is there under its wire name.
    """

    __slots__ = ()

    _fields: ClassVar[frozenset[str]] = frozenset()
    """The documented fields: what each subclass annotates."""

    def __init_subclass__(cls) -> None:
        cls._fields |= {name for name in cls.__annotations__ if not name.startswith("_")}

    # Hidden from type checkers, so that they find misspelt fields of the typed results.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in self._fields:
                # From the second time on it is read without a call of Python.
                setattr(type(self), name, property(methodcaller("get", name)))
                return self.get(name)
            try:
                return self[name]
            except KeyError:
                pass
            known = ", ".join(map(str, self)) or "none"
            raise AttributeError(f"{type(self).__name__} has no field {name!r}; its fields: {known}")

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"fields are set by key: result[{name!r}] = …")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(key for key in self if isinstance(key, str))]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({super().__repr__()})"

    def copy(self) -> Result:
        """A shallow copy of the same class."""
        return type(self)(self)


class Item(Result):
    """One of many items of a reply, which succeeded or failed alone."""

    __slots__ = ()

    _code: ClassVar[str]
    """The field that tells what became of the item."""
    _successes: ClassVar[frozenset[int]] = frozenset({0})
    """The numbers by which it tells a success."""
    _operation: ClassVar[str | None] = None
    """The call whose codes the number is one of; None if it is not a code."""

    @property
    def ok(self) -> bool:
        """Whether the item succeeded."""
        code = self.get(self._code)
        return code is None or (isinstance(code, int) and code in self._successes)

    @property
    def cause(self) -> str | None:
        """Why the item failed, if its code is documented."""
        return self._meaning()[0]

    @property
    def cure(self) -> str | None:
        """What to do about it, if the code is documented."""
        return self._meaning()[1]

    def _meaning(self) -> tuple[str | None, str | None]:
        # Imported here: the native module imports this one.
        from ._native import meaning_of_code

        if self.ok or self._operation is None:
            return None, None
        return meaning_of_code(self._operation, self[self._code])


class ItemsReply(Result):
    """A reply whose items succeed or fail alone: the call may succeed although items failed."""

    __slots__ = ()

    _failed: ClassVar[tuple[str, ...]] = ()
    """Lists that name items that failed."""

    def raise_for_items(self: _ItemsReply) -> _ItemsReply:
        """Returns the reply if every item succeeded.

        Raises:
            PartialError: items failed: they are its ``items``. The others took effect.
        """
        from ._native import partial_error

        failed = [*_failed_names(self, self._failed), *_failed_items(self, "")]
        if failed:
            first = failed[0][-1]
            op = first._operation if isinstance(first, Item) else None
            error = partial_error(op, [(path, code) for path, code, _ in failed])
            error.items = [item for *_, item in failed]
            raise error
        return self


_ItemsReply = TypeVar("_ItemsReply", bound=ItemsReply)


def _failed_names(reply: Result, lists: tuple[str, ...]) -> Iterator[tuple[str, int | None, Any]]:
    for name in lists:
        for at, item in enumerate(reply.get(name) or ()):
            yield f"{name}[{at}]", None, item


def _failed_items(value: Any, path: str) -> Iterator[tuple[str, int | None, Any]]:
    if isinstance(value, Item) and not value.ok:
        code = value[value._code]
        yield path, code if isinstance(code, int) and value._operation else None, value
    if isinstance(value, Result):
        for name, inner in value.items():
            yield from _failed_items(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _failed_items(inner, f"{path}[{at}]")


class UserSig(Result):
    """What a UserSig states."""

    __slots__ = ()

    version: str
    """Version of the scheme, ``2.0``."""
    sdk_app_id: int
    """The app."""
    user_id: str
    """The user."""
    issued_at: int
    """Time of signing, in Unix seconds."""
    expire: int
    """Lifetime from then, in seconds."""
    expires_at: int
    """The last second in which it is good, in Unix seconds."""
    remaining: int
    """Seconds until then; below 0 when it has expired."""
    userbuf: str | None
    """Extra data, such as that of a PrivateMapKey, in base64."""


class UserSigExplanation(Result):
    """What a UserSig suffers from."""

    __slots__ = ()

    ok: bool
    """Whether the service would take it, as far as can be told from what was given."""
    code: int | None
    """The code that the service would answer."""
    mistake: str | None
    """Name of the mistake."""
    cause: str | None
    """Why the service would refuse it."""
    cure: str | None
    """What to do about it."""
    user_sig: UserSig | None
    """What it states, where it can be read."""


class PrivateMapKey(Result):
    """What a PrivateMapKey states: who may enter which room of TRTC, and do what there."""

    __slots__ = ()

    user_id: str
    """The user."""
    sdk_app_id: int
    """The app."""
    room_id: int | None
    """The room's number, where it has one."""
    room_name: str | None
    """The room's name, where it has one."""
    expires_at: int
    """The last second in which it is good, in Unix seconds."""
    privileges: list[str]
    """The rights by name, such as ``enter_room``."""


# As programs import them.
Result.__module__ = UserSig.__module__ = UserSigExplanation.__module__ = PrivateMapKey.__module__ = "tencent_im"
