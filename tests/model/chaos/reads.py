"""Calls that only read, with the check of their result."""

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
        call: makes the call.
        is_right: returns True if the result is correct.
        is_list: True if the result is a list to be read over all pages.
        most_seconds: the longest duration; that of any call when None.
    """

    call: Callable[[Any], Any]
    is_right: Callable[[Any], bool]
    is_list: bool = False
    most_seconds: float | None = None


def read_one(call: Callable[[Any], Any], thing_id: str) -> Read:
    """Return a read of one resource."""
    return Read(call, lambda found: bool(found.id == thing_id))


def read_list(call: Callable[[Any], Any], ids: set[str]) -> Read:
    """Return a read of a list that has all of these ids, no id twice, and perhaps others."""

    def is_right(items: list[Any]) -> bool:
        seen = [item.id for item in items]
        return len(set(seen)) == len(seen) and ids <= set(seen)

    return Read(call, is_right, is_list=True)


def read_until_ended(run_id: str, *, most_seconds: float) -> Read:
    """Return a wait for a run."""
    return Read(
        lambda client: client.tasks.wait_for_run(run_id, poll_interval=0.1, timeout=most_seconds),
        lambda run: bool(run.id == run_id and run.status in ENDED),
        # The last poll may start at the deadline.
        most_seconds=most_seconds + 5,
    )
