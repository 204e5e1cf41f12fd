"""The clock every timestamp and every `Date` header comes from, and the form timestamps have on the wire."""

from __future__ import annotations

import math
import re
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

# Room is left so that whatever is planned ahead of the clock, or lies before it, still has a date.
EARLIEST, LATEST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
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
    """The moment, of the year 1000 or later, that an ISO 8601 date-time with an offset names; None for other text."""
    if DATE_TIME.fullmatch(text) is None:
        return None
    try:
        moment = to_milliseconds(datetime.fromisoformat(text.upper()).astimezone(UTC))
    except (ValueError, OverflowError):
        return None
    return None if moment < EARLIEST else moment


class Clock:
    """Time that can be given, frozen and moved on; it never goes back by itself.

    It starts at `now`, or at the real time when that is left out, and runs on from there unless it is `frozen`.
    """

    advanced: timedelta
    """The time by which it was moved on since its start."""
    _elapsed: tuple[timedelta, float | None]
    """The time that had passed when it last ran on, and when that was; None while frozen. Threads read both at once."""

    def __init__(self, now: datetime | None = None, frozen: bool = False) -> None:
        if now is not None and now.tzinfo is None:
            raise ValueError("the clock needs a start with a time zone, such as datetime(2026, 3, 10, tzinfo=UTC)")
        if now is not None and not EARLIEST <= now <= LATEST:
            raise ValueError(f"the clock starts between {timestamp(EARLIEST)} and {timestamp(LATEST)}, not at {now}")
        self._given = None if now is None else now.astimezone(UTC)
        self._frozen_at_start = frozen
        self.reset()

    def now(self) -> datetime:
        """The time, in UTC and whole milliseconds."""
        return to_milliseconds(self._start + self.advanced + self._passed())

    @property
    def is_frozen(self) -> bool:
        """True if it stands still until it is moved."""
        return self._elapsed[1] is None

    def freeze(self) -> datetime:
        """Stand still from now on, at the time that is returned."""
        self._elapsed = self._passed(), None
        return self.now()

    def unfreeze(self) -> datetime:
        """Run on from the time at which it stood still."""
        if self.is_frozen:
            self._elapsed = self._elapsed[0], time.monotonic()
        return self.now()

    def set(self, moment: datetime) -> datetime:
        """Move on to a moment that is not in the past, and get the new time."""
        if moment.tzinfo is None:
            raise ValueError("the clock can only be set to a moment with a time zone")
        if moment > LATEST:
            raise ValueError(f"the clock cannot be set beyond {timestamp(LATEST)}")
        now = self.now()
        if moment < now:
            raise ValueError(f"the clock cannot be set back, from {timestamp(now)} to {timestamp(moment)}")
        self.advanced += moment - now
        return self.now()

    def advance(self, seconds: float) -> datetime:
        """Move on by so many seconds and get the new time."""
        if not math.isfinite(seconds) or seconds < 0:
            raise ValueError(f"the clock can only be advanced by a number of seconds, 0 or more, not by {seconds}")
        if seconds > (LATEST - self.now()).total_seconds():
            raise ValueError(f"the clock cannot be advanced beyond {timestamp(LATEST)}")
        self.advanced += timedelta(seconds=seconds)
        return self.now()

    def resume(self, advanced: timedelta, not_before: datetime) -> None:
        """Be moved on as far as an earlier clock was, and further if need be, so that time does not go back."""
        self.advanced = advanced
        self.advanced += max(not_before - self.now(), timedelta())

    def reset(self) -> None:
        """Go back to the start: the given one, or the real time."""
        self._start = datetime.now(UTC) if self._given is None else self._given
        self.advanced = timedelta()
        self._elapsed = timedelta(), None if self._frozen_at_start else time.monotonic()

    def _passed(self) -> timedelta:
        """The time that has passed since the start, but for moves of the clock."""
        passed, since = self._elapsed
        return passed if since is None else passed + timedelta(seconds=time.monotonic() - since)
