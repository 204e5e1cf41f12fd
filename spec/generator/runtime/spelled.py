"""Values that dialects spell differently: open enums and constants, which equal each of their spellings."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum, nonmember
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from .dialect import FORMER_SPELLING, SPELLING

if TYPE_CHECKING:
    from collections.abc import Iterator

S = TypeVar("S", bound=str)
E = TypeVar("E", bound="OpenEnum")

# How a dialect spells values: enum, or Model.field of a constant, to name in Python to spelling on the wire.
Spelling = Mapping[str, Mapping[str, str]]
# The names in Python.
AS_IS: Spelling = MappingProxyType({})


def _equals(self: Any, other: object) -> Any:
    """Tells if a value is another, or a text that is one of its spellings."""
    same = _text_equals(self, other)
    if same is False and other.__class__ is not self.__class__:
        return other in self._other_spellings
    return same


_text_equals = str.__eq__
_text_hash = str.__hash__


class OpenEnum(StrEnum):
    """An enum that keeps values it does not know.

    A known value is found by its name in Python and as the contract spells it, in either case. It equals the text of
    its name in Python, and as a dialect spells it; its hash is that of the former. An unknown one becomes a member that
    is no part of the enum: it equals its raw text, keeps it through copy and pickle, and says `is_known == False`.
    """

    # Out of sight of type checkers, which narrow members of enums by `==` only where it is the usual one.
    if not TYPE_CHECKING:
        _other_spellings = nonmember(())
        __eq__ = _equals
        __ne__ = object.__ne__
        __hash__ = _text_hash

        def __init_subclass__(cls, **how: Any) -> None:
            super().__init_subclass__(**how)
            for member in cls:
                member._other_spellings = _other_spellings(member.value, cls.__name__)  # noqa: SLF001  its own

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        known: Self | None = _members(cls).get(value.casefold())
        if known is not None:
            return known
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown

    @property
    def is_known(self) -> bool:
        """True if the contract knows this value."""
        return self._name_ in type(self).__members__

    def __repr__(self) -> str:
        known = f".{self._name_}" if self.is_known else " unknown"
        return f"<{type(self).__name__}{known}: {self.value!r}>"


class SpelledConstant(str):  # noqa: SLOT000  few are made, one for each field
    """The one value of a field, which equals how either dialect spells it. Its hash is that of its name in Python."""

    def __new__(cls, value: str, domain: str) -> Self:
        """Create it from its name in Python, and the Model.field that it belongs to."""
        constant = super().__new__(cls, value)
        constant._domain = domain
        constant._other_spellings = _other_spellings(value, domain)
        return constant

    if TYPE_CHECKING:
        _domain: str
        _other_spellings: tuple[str, ...]
    else:
        __eq__ = _equals
        __ne__ = object.__ne__
        __hash__ = _text_hash

    def __reduce__(self) -> tuple[Any, ...]:
        return SpelledConstant, (str(self), self._domain)


def either_spelling(value: S, domain: str) -> S:
    """The value of a constant, which equals each of its spellings where dialects differ.

    Args:
        value: its name in Python.
        domain: the Model.field that it belongs to.
    """
    constant: Any = SpelledConstant(value, domain) if _other_spellings(value, domain) else value
    return constant  # type: ignore[no-any-return]  # for checkers it is the literal that it equals


def _other_spellings(value: str, domain: str) -> tuple[str, ...]:
    """Return the spellings of a value in the dialects, other than its name in Python."""
    spelled = (constant_text(value, domain, spelling) for spelling in (SPELLING, FORMER_SPELLING))
    return tuple(dict.fromkeys(text for text in spelled if text != value))


def spellings(name: str, domain: str) -> Iterator[str]:
    """Every way to spell a value that has this name in Python, in lower case.

    Args:
        name: its name in Python.
        domain: the enum, or Model.field of a constant, that it belongs to.
    """
    yield name.casefold()
    for spelling in (SPELLING, FORMER_SPELLING):
        yield constant_text(name, domain, spelling).casefold()


@cache
def _members(kind: type[E]) -> dict[str, E]:
    """The known members of an enum by all their spellings, in lower case."""
    return {text: member for member in kind for text in spellings(member.value, kind.__name__)}


class Members(dict[str, E]):
    """The members of an enum by how answers spell them: all in small letters, or all in capitals.

    Anything else is looked up by the enum itself, which keeps what it does not know.
    """

    def __init__(self, kind: type[E]) -> None:
        super().__init__((way, member) for text, member in _members(kind).items() for way in (text, text.upper()))
        # Values that differ by their case alone are told apart by it.
        self.update((member.value, member) for member in kind)
        self.kind = kind

    def __missing__(self, text: str) -> E:
        return self.kind(text)


@cache
def all_spellings(constant: str, domain: str) -> frozenset[str]:
    """The spellings of a constant as a set."""
    return frozenset(spellings(constant, domain))


def enum_text(value: object, domain: str, spelling: Spelling) -> object:
    """The JSON text of an enum member, or of a plain string in its place; one that is unknown stays what it is."""
    text = value.value if isinstance(value, Enum) else value
    return constant_text(text, domain, spelling) if isinstance(text, str) else text


def constant_text(value: str, domain: str, spelling: Spelling) -> str:
    """The JSON text of a constant."""
    return spelling[domain].get(value, str(value)) if domain in spelling else str(value)
