"""A limit on how many requests are let in, by the mock's clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from axtasks.mock.problems import RefusalError, counted

if TYPE_CHECKING:
    from datetime import datetime

TEXT = re.compile(r"([1-9][0-9]{0,6})/([smh])", re.ASCII)
UNITS = {"s": ("second", 1_000), "m": ("minute", 60_000), "h": ("hour", 3_600_000)}
"""The word for each unit, and its milliseconds."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in a second, a minute or an hour: `10/s`, `600/m`, `1000/h`."""

    requests: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Limit:
        """The limit that a text such as `10/s` states.

        Raises:
            ValueError: it states none.
        """
        match = TEXT.fullmatch(text.strip())
        if match is None:
            raise ValueError(f'a limit has to be a number per s, m or h, such as "10/s", not "{text}"')
        return cls(int(match[1]), match[2])

    def __str__(self) -> str:
        return f"{self.requests}/{self.unit}"


class Bucket:
    """A bucket of tokens, full at first. A request takes one; a limit's worth of them comes back per unit of time.

    Counted in whole numbers, a token being as many parts as its unit has milliseconds: no request is let in or refused
    because of a rounding.
    """

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._unit, self._token = UNITS[limit.unit]
        self._parts = self._full = limit.requests * self._token
        self._seen_at: datetime | None = None

    def take(self, now: datetime) -> RefusalError | None:
        """None when the request is let in, or the 429 that says after how many seconds another one would be."""
        if self._seen_at is not None:
            passed = max(0, (now - self._seen_at) // timedelta(milliseconds=1))
            self._parts = min(self._full, self._parts + passed * self.limit.requests)
        self._seen_at = now
        if self._parts >= self._token:
            self._parts -= self._token
            return None
        milliseconds = -(-(self._token - self._parts) // self.limit.requests)
        seconds = -(-milliseconds // 1000)
        return RefusalError(
            429,
            f"more than {counted(self.limit.requests, 'request')} per {self._unit}; "
            f"try again in {counted(seconds, 'second')}",
            headers=(("Retry-After", str(seconds)),),
        )
