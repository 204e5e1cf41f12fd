"""The clock every timestamp and every `Date` header comes from, and the form timestamps have on the wire."""

from __future__ import annotations

import math
import re
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

# Room is left so that whatever is planned ahead of the clock still has a date.
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)", re.ASCII
)


def to_milliseconds(moment: datetime) -> datetime:
    """The moment, cut to the precision of the wire."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@lru_cache(maxsize=4096)
def timestamp(moment: datetime) -> str:
    """The moment as the API writes it: UTC, milliseconds, `Z`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_date_time(text: str) -> datetime | None:
    """The moment that an ISO 8601 date-time with an offset names; None for any other text."""
    if DATE_TIME.fullmatch(text) is None:
        return None
    try:
        return to_milliseconds(datetime.fromisoformat(text.upper()).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


class Clock:
    """Time that can be given, frozen and moved on; it never goes back by itself.

    It starts at `now`, or at the real time when that is left out, and runs on from there unless it is `frozen`.
    """

    def __init__(self, now: datetime | None = None, frozen: bool = False) -> None:
        if now is not None and now.tzinfo is None:
            raise ValueError("the clock needs a start with a time zone, such as datetime(2026, 3, 10, tzinfo=UTC)")
        self._given = None if now is None else now.astimezone(UTC)
        self._frozen = frozen
        self.reset()

    def now(self) -> datetime:
        """The time, in UTC and whole milliseconds."""
        passed = timedelta() if self._frozen else timedelta(seconds=time.monotonic() - self._anchor)
        return to_milliseconds(self._start + self._offset + passed)

    def advance(self, seconds: float) -> datetime:
        """Move on by so many seconds and get the new time."""
        if not math.isfinite(seconds) or seconds < 0:
            raise ValueError(f"the clock can only be advanced by a number of seconds, 0 or more, not by {seconds}")
        if seconds > (LATEST - self.now()).total_seconds():
            raise ValueError(f"the clock cannot be advanced beyond {timestamp(LATEST)}")
        self._offset += timedelta(seconds=seconds)
        return self.now()

    def reset(self) -> None:
        """Go back to the start: the given one, or the real time."""
        self._start = datetime.now(UTC) if self._given is None else self._given
        self._offset = timedelta()
        self._anchor = time.monotonic()
