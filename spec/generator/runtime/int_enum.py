"""Open enums of integers."""

from __future__ import annotations

from enum import IntEnum
from typing import Self, TypeVar

from .codec import decode_int, expected

E = TypeVar("E", bound="OpenIntEnum")


class OpenIntEnum(IntEnum):
    """An enum of integers that keeps values it does not know; such a one is no part of it, and equals its number."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        unknown = int.__new__(cls, value)
        unknown._name_ = str(value)
        unknown._value_ = value
        return unknown

    @property
    def is_known(self) -> bool:
        """True if the contract knows this value."""
        return self._name_ in type(self).__members__

    def __repr__(self) -> str:
        known = f".{self._name_}" if self.is_known else " unknown"
        return f"<{type(self).__name__}{known}: {self.value!r}>"


def decode_int_enum(kind: type[E], value: object, *, is_strict: bool = False) -> E:
    """A value of an enum of integers, or a DecodeError; where it is strict, only a known one is a value."""
    member = kind(decode_int(value))
    if is_strict and not member.is_known:
        expected(f"one of {', '.join(str(known.value) for known in kind)}", value)
    return member
