"""The window and the time that runs count from, out of the times of a DAG run. Airflow is not imported here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from axtasks.errors import InvalidArgumentError
from axtasks.text import in_days
from axtasks.validation import LONGEST_WINDOW, kind_of, timestamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    WindowArgument = timedelta | Sequence[datetime | str]

ENDS = 2


class DagRunTimes(NamedTuple):
    """The times of a DAG run.

    Attributes:
        run_after: the earliest time at which it could start.
        start_date: the time of its start; of its last one, if it had ended and was cleared.
        logical_date: the time that it stands for; None if it was triggered by an asset.
        interval: the start and the end of its data; both may be None, or the same.
    """

    run_after: datetime
    start_date: datetime | None = None
    logical_date: datetime | None = None
    interval: tuple[datetime | None, datetime | None] = (None, None)


def resolve_window(window: WindowArgument | None, times: DagRunTimes) -> tuple[datetime, datetime]:
    """Return both ends of the window of a run, the same at each try: those given, else those of the data interval.

    Args:
        window: a length, which ends at the logical date, or at `run_after` where there is none; or both ends, as times
            or as text of ISO 8601, with time zones.
        times: the times of the DAG run.

    Raises:
        InvalidArgumentError: there is neither, or the window cannot be one.
    """
    if window is None:
        start, end = times.interval
        if start is None or end is None or start == end:
            raise InvalidArgumentError(
                "the task evaluates a project and has no window: this DAG run has no data interval of any length. Give"
                " window=timedelta(days=1), or schedule the DAG by CronDataIntervalTimetable"
            )
    elif isinstance(window, timedelta):
        end = _in_utc("the logical date", times.logical_date or times.run_after)
        start = end - window
    else:
        start, end = _ends(window)
    return _check(_in_utc("start of the window", start), _in_utc("end of the window", end))


def resolve_since(since: datetime | str | None, times: DagRunTimes) -> datetime:
    """Return the time since when runs count: the one given, else the start of the DAG run.

    Raises:
        InvalidArgumentError: it is not a time with a time zone.
    """
    if since is None:
        return _in_utc("since", times.start_date or times.run_after)
    return _parsed("since", since)


def _ends(window: object) -> tuple[datetime, datetime]:
    if isinstance(window, str) or not isinstance(window, Iterable):
        raise InvalidArgumentError(f"window has to be a timedelta or two ends, not {kind_of(window)}")
    ends = list(window)
    if len(ends) != ENDS:
        raise InvalidArgumentError(f"window has to have two ends, and has {len(ends)}")
    return _parsed("start of the window", ends[0]), _parsed("end of the window", ends[1])


def _parsed(name: str, value: object) -> datetime:
    """Return a time that is a datetime, or text as templates give it."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise InvalidArgumentError(f"{name} has to be a time as in ISO 8601, not {value!r}") from None
    return _in_utc(name, value)


def _in_utc(name: str, value: object) -> datetime:
    """Return a time in UTC and in the class of the standard library: Airflow's are of pendulum."""
    utc = timestamp(name, value).astimezone(UTC)
    return datetime.combine(utc.date(), utc.time(), UTC)


def _check(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    length = end - start
    if length <= timedelta():
        raise InvalidArgumentError(f"the window has to end after its start: {start} to {end}")
    if length > LONGEST_WINDOW:
        raise InvalidArgumentError(
            f"the window is {in_days(length)} long, and {LONGEST_WINDOW.days} days is the most that the server takes:"
            " evaluate a longer time with `ax tasks backfill`"
        )
    return start, end
