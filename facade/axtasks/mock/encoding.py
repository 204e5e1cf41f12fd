"""JSON as the mock writes it: compact, with what was written before taken from memory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from .changes import Tracked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .views import View

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A payload that is JSON already."""

    text: bytes


def encode(payload: object) -> bytes:
    """The payload as JSON."""
    if isinstance(payload, Encoded):
        return payload.text
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def written(thing: T, show: Callable[[T], View]) -> bytes:
    """The JSON of a thing; that of one that can change is kept until it does."""
    if isinstance(thing, Tracked):
        return thing.written(lambda it: encode(show(it)))
    return encode(show(thing))


def one(thing: T, show: Callable[[T], View]) -> Encoded:
    """A thing as a payload."""
    return Encoded(written(thing, show))


def listed(name: str, rows: Iterable[bytes], pagination: View) -> Encoded:
    """A page of things that are written already as a payload."""
    return Encoded(b'{%s:[%s],"pagination":%s}' % (encode(name), b",".join(rows), encode(pagination)))
