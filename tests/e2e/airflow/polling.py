"""Polling for a state until a deadline."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

INTERVAL = 0.25
Found = TypeVar("Found")


def until(probe: Callable[[], Found], *, seconds: float, what: str) -> Found:
    """Return the first true result of a probe.

    Raises:
        AssertionError: No result was true in time; the message has the last one.
    """
    end = monotonic() + seconds
    while not (found := probe()):
        assert monotonic() < end, f"not within {seconds:.0f} s: {what}; the last result is {found!r}"
        sleep(INTERVAL)
    return found
