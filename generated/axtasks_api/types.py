# Generated from spec/openapi.yaml by "make generate"; do not edit.
"""Shared types: the sentinel for what is not sent, and the answer of the generated functions."""

from collections.abc import Mapping
from typing import ClassVar, Generic, Literal, TypeVar

T = TypeVar("T")


class Unset:
    """The type of `UNSET`: not sent at all, which is something else than null.

    update(query_filter="a")   changes the filter
    update(query_filter=None)  clears it
    update()                   leaves it alone
    """

    __slots__ = ()
    # What `is_unset` knows this class by, and that of the package of another dialect.
    is_not_sent: ClassVar[bool] = True

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()


def is_unset(value: object) -> bool:
    """Whether a value is `UNSET`, be it this one or that of the package of another dialect."""
    return getattr(value, "is_not_sent", False) is True


class Response(Generic[T]):
    """The answer of a generated function, with what was parsed from it."""

    __slots__ = ("content", "headers", "parsed", "status_code")

    def __init__(self, *, status_code: int, content: bytes, headers: Mapping[str, str], parsed: T | None) -> None:
        self.status_code = status_code
        self.content = content
        self.headers = headers
        self.parsed = parsed


__all__ = ["UNSET", "Response", "Unset", "is_unset"]
