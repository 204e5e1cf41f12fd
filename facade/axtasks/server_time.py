"""When something was sent, by the clock of the server: told from the `Date` of a later answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar

from axtasks_api.operation import Operation, Refusal

from .effects import Flow, now

if TYPE_CHECKING:
    from collections.abc import Mapping

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# `Date` has whole seconds, and the moment a thing was created may be noted a little before its answer leaves.
SLACK = timedelta(seconds=1)
# What notes the creation of things may have another clock than what answers. None should be further off than this.
MOST_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Dated(Generic[T_co]):
    """What an operation answered, and when by the clock of the server; None where it did not say."""

    value: T_co
    date: datetime | None


def dated(operation: Operation[P, T]) -> Operation[P, Dated[T]]:
    """The operation, with the server's time beside its answers."""

    def decode(status_code: int, headers: Mapping[str, str], content: bytes) -> Dated[T] | Refusal:
        answer = operation.decode(status_code, headers, content)
        return answer if isinstance(answer, Refusal) else Dated(answer, _date(headers))

    return Operation(operation.id, method=operation.method, path=operation.path, encode=operation.encode, decode=decode)


def _date(headers: Mapping[str, str]) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(headers.get("date", ""))
        # The oldest of the three forms names no zone, and means UTC.
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def sent_after(answer: Dated[object], sent_at: float) -> Flow[datetime | None]:
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
