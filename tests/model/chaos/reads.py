"""Calls that only read, and what is to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ENDED = {"completed", "failed", "cancelled"}


@dataclass(frozen=True)
class Read:
    """A call that only reads.

    Attributes:
        call: makes it.
        is_right: whether what it came to is what is there.
        is_list: whether it is to be followed through all pages; what it came to are then the items.
        most_seconds: how long it may take; as long as any call when None.
    """

    call: Callable[[Any], Any]
    is_right: Callable[[Any], bool]
    is_list: bool = False
    most_seconds: float | None = None


def thing(call: Callable[[Any], Any], thing_id: str) -> Read:
    """One thing."""
    return Read(call, lambda found: bool(found.id == thing_id))


def things(call: Callable[[Any], Any], ids: set[str]) -> Read:
    """A list that has all of these and nothing twice; there may be others."""

    def is_right(items: list[Any]) -> bool:
        seen = [item.id for item in items]
        return len(set(seen)) == len(seen) and ids <= set(seen)

    return Read(call, is_right, is_list=True)


def ended(run_id: str, *, most_seconds: float) -> Read:
    """A run that is waited for."""
    return Read(
        lambda client: client.tasks.wait_for_run(run_id, poll_interval=0.1, timeout=most_seconds),
        lambda run: bool(run.id == run_id and run.status in ENDED),
        # The last look, at the deadline itself, may take its own time.
        most_seconds=most_seconds + 5,
    )
