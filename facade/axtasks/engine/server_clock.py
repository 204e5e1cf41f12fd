"""The server's clock, read from the `Date` of its responses: when a request was sent, how old a run is."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from axtasks_api_beta.operation import Operation, Refusal

from .decode import DatedResponse, retry_after
from .effects import Flow, now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks.config.options import Clock

P = ParamSpec("P")
T = TypeVar("T")

# `Date` has whole seconds, and the moment a thing was created may be noted a little before its answer leaves.
SLACK = timedelta(seconds=1)
# What notes the creation of things may have another clock than what answers. None should be further off than this.
MOST_SKEW = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# `Date` is cut to whole seconds.
RESOLUTION_SECONDS = 1.0
# Where in what is left open the time is taken to be: a run that is thought younger than it is only gets looked at more.
SHARE_OF_DOUBT = 0.25


def with_date(operation: Operation[P, T]) -> Operation[P, DatedResponse[T]]:
    """The operation, with the server's time beside its answers."""

    def decode(status_code: int, headers: Mapping[str, str], content: bytes) -> DatedResponse[T] | Refusal:
        answer = operation.decode(status_code, headers, content)
        return answer if isinstance(answer, Refusal) else DatedResponse(answer, _date(headers))

    return Operation(operation.id, method=operation.method, path=operation.path, encode=operation.encode, decode=decode)


def _date(headers: Mapping[str, str]) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(headers.get("date", ""))
        # The oldest of the three forms names no zone, and means UTC.
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def sent_after(answer: DatedResponse[object], sent_at: float) -> Flow[datetime | None]:
    """The time by the server's clock at or after which a request was sent; None if the server tells no time.

    Args:
        answer: what was just read.
        sent_at: the monotonic time in seconds of the sending.
    """
    elapsed = timedelta(seconds=(yield from now()) - sent_at)
    try:
        return None if answer.date is None else answer.date - elapsed - SLACK
    except OverflowError:
        # A clock at the end or the beginning of time tells nothing.
        return None


class ServerClock:
    """What the server says of time on the way: what its clock shows, and how long to wait before asking again.

    Args:
        clock: the clock of the client.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # Between these two is what has to be added to the monotonic time; each answer may narrow it down.
        self._least = -math.inf
        self._most = math.inf
        self._asked_seconds = 0.0

    def observing(self, operation: Operation[P, T]) -> Operation[P, T]:
        """The operation, whose answers tell this clock the time."""

        def decode(status_code: int, headers: Mapping[str, str], content: bytes) -> T | Refusal:
            self._heed(headers)
            return operation.decode(status_code, headers, content)

        return Operation(
            operation.id, method=operation.method, path=operation.path, encode=operation.encode, decode=decode
        )

    def _heed(self, headers: Mapping[str, str]) -> None:
        self._asked_seconds = max(self._asked_seconds, retry_after(headers) or 0.0)
        date = _date(headers)
        if date is None:
            return
        least = (date - EPOCH).total_seconds() - self._clock.monotonic()
        most = least + RESOLUTION_SECONDS
        if least > self._most or most < self._least:
            # Another server answers, or somebody set its clock.
            self._least, self._most = least, most
        self._least, self._most = max(self._least, least), min(self._most, most)

    def seconds_since(self, moment: datetime) -> float:
        """Seconds since a time of the server, as near as can be told; 0 if it tells no time, or that is still to come.

        Args:
            moment: the time, with its offset.
        """
        if math.isinf(self._least):
            return 0.0
        shown = self._clock.monotonic() + self._least + SHARE_OF_DOUBT * (self._most - self._least)
        return max(0.0, shown - (moment - EPOCH).total_seconds())

    def asked_seconds(self) -> float:
        """How long the answers since the last time asked to wait; 0 if they did not."""
        asked, self._asked_seconds = self._asked_seconds, 0.0
        return asked
