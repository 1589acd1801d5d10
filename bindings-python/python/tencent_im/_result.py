"""Results: dicts whose known keys read as attributes, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn


class Result(dict[str, Any]):
    """What a call gave. A plain dict in every way (``json.dumps``, ``pickle``, ``==``), nested ones included.

    ``result.fail_accounts`` is ``result["fail_accounts"]``. A documented field that the service left out reads as
    None. A field that this version does not know yet is there under its wire name.
    """

    __slots__ = ()

    _fields: ClassVar[frozenset[str]] = frozenset()
    """The documented fields: what each subclass annotates."""

    def __init_subclass__(cls) -> None:
        cls._fields |= cls.__annotations__.keys()

    # Hidden from type checkers, so that they find misspelt fields of the typed results.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            try:
                return self[name]
            except KeyError:
                pass
            if name in self._fields:
                return None
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
