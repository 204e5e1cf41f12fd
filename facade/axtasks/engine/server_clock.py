"""The server's clock, read from the `Date` of its responses: when a request was sent, how old a run is."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from axtasks_api.operation import Operation, Refusal

from .decode import DatedResponse, http_date, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from axtasks.config.options import Clock

P = ParamSpec("P")
T = TypeVar("T")

# `Date` has whole seconds, and the server may note a creation a little before its response leaves.
SLACK = timedelta(seconds=1)
# The largest difference between the clocks that note creations and those that date responses.
MOST_SKEW = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_TIME, LAST_TIME = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
# `Date` is cut to whole seconds.
RESOLUTION_SECONDS = 1.0
# Where in the interval left open the time is assumed: a run that is assumed too young is only polled more often.
INTERVAL_SHARE = 0.25


def shifted(time: datetime, by: timedelta) -> datetime:
    """Return a time moved by a span, or the first or the last time of all: servers send the year 1 for no time."""
    try:
        return time + by
    except OverflowError:
        return FIRST_TIME if by < timedelta() else LAST_TIME


def _replace_decode(
    operation: Operation[P, Any], decode: Callable[[int, Mapping[str, str], bytes], T | Refusal]
) -> Operation[P, T]:
    """Return the operation with another decoder of its responses."""
    return Operation(operation.id, method=operation.method, path=operation.path, encode=operation.encode, decode=decode)


def with_date(operation: Operation[P, T]) -> Operation[P, DatedResponse[T]]:
    """Return the operation with the server's time beside each decoded response."""

    def decode(status_code: int, headers: Mapping[str, str], content: bytes) -> DatedResponse[T] | Refusal:
        value = operation.decode(status_code, headers, content)
        return value if isinstance(value, Refusal) else DatedResponse(value, http_date(headers.get("date", "")))

    return _replace_decode(operation, decode)


def sent_after(response: DatedResponse[object], sent_at: float, clock: Clock) -> datetime | None:
    """Return the earliest time by the server's clock at which a request was sent; None if it sends no `Date`.

    Args:
        response: a response that was just received.
        sent_at: the monotonic time in seconds at which the request was sent.
        clock: the client's clock.
    """
    elapsed = timedelta(seconds=clock.monotonic() - sent_at)
    try:
        return None if response.date is None else response.date - elapsed - SLACK
    except OverflowError:
        # The server's date is at an end of what a datetime can hold.
        return None


class ServerClock:
    """The server's time and the longest `Retry-After`, from the headers of its responses."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # Bounds of the offset from the monotonic time to the server's; each response may narrow them.
        self._least = -math.inf
        self._most = math.inf
        self._retry_after = 0.0

    def observe(self, operation: Operation[P, T]) -> Operation[P, T]:
        """Return the operation with the headers of its responses read by this clock."""

        def decode(status_code: int, headers: Mapping[str, str], content: bytes) -> T | Refusal:
            self._read(headers)
            return operation.decode(status_code, headers, content)

        return _replace_decode(operation, decode)

    def _read(self, headers: Mapping[str, str]) -> None:
        self._retry_after = max(self._retry_after, retry_after(headers) or 0.0)
        date = http_date(headers.get("date", ""))
        if date is None:
            return
        least = (date - EPOCH).total_seconds() - self._clock.monotonic()
        most = least + RESOLUTION_SECONDS
        if least > self._most or most < self._least:
            # Another server responded, or its clock was set.
            self._least, self._most = least, most
        self._least, self._most = max(self._least, least), min(self._most, most)

    def seconds_since(self, time: datetime) -> float:
        """Return about how many seconds ago a time of the server was; 0 if it is to come or no `Date` was received."""
        if math.isinf(self._least):
            return 0.0
        server_now = self._clock.monotonic() + self._least + INTERVAL_SHARE * (self._most - self._least)
        return max(0.0, server_now - (time - EPOCH).total_seconds())

    def take_retry_after(self) -> float:
        """Return the longest `Retry-After` in seconds since the last call of this method; 0 if there was none."""
        seconds, self._retry_after = self._retry_after, 0.0
        return seconds
