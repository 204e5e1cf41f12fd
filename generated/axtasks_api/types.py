# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
"""Shared types: the sentinel for what is not sent, and the answer of the generated functions."""

from collections.abc import Mapping
from typing import Generic, Literal, TypeVar

T = TypeVar("T")


class Unset:
    """The type of `UNSET`: not sent at all, which is something else than null.

    update(query_filter="a")   changes the filter
    update(query_filter=None)  clears it
    update()                   leaves it alone
    """

    __slots__ = ()

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()


class Response(Generic[T]):
    """The answer of a generated function, with what was parsed from it."""

    __slots__ = ("content", "headers", "parsed", "status_code")

    def __init__(self, *, status_code: int, content: bytes, headers: Mapping[str, str], parsed: T | None) -> None:
        self.status_code = status_code
        self.content = content
        self.headers = headers
        self.parsed = parsed


__all__ = ["UNSET", "Response", "Unset"]
