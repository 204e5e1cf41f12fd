"""Tests of the data window and the search start, which come from the times of a DAG run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from axtasks import InvalidArgumentError
from axtasks.airflow.schedule import DagRunTimes, resolve_since, resolve_window

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 8, tzinfo=UTC)
LATER = MIDNIGHT + timedelta(hours=3)
# How Airflow 3 fills in the times of a DAG run.
CRON = DagRunTimes(MIDNIGHT, LATER, MIDNIGHT, (MIDNIGHT, MIDNIGHT))
DATA_INTERVAL = DagRunTimes(MIDNIGHT, LATER, MIDNIGHT - DAY, (MIDNIGHT - DAY, MIDNIGHT))
MANUAL = DagRunTimes(LATER, LATER)
ASSET = DagRunTimes(LATER, LATER, None, (None, None))
MONTH = DagRunTimes(MIDNIGHT, LATER, MIDNIGHT, (MIDNIGHT - 31 * DAY, MIDNIGHT))
ENDS = (MIDNIGHT - DAY, MIDNIGHT)
EAST = timezone(timedelta(hours=2))

WINDOWS: list[tuple[str, Any, DagRunTimes, tuple[datetime, datetime]]] = [
    ("a data interval", None, DATA_INTERVAL, ENDS),
    ("a length from a cron schedule", DAY, CRON, ENDS),
    ("a length from the start of a data interval", DAY, DATA_INTERVAL, (MIDNIGHT - 2 * DAY, MIDNIGHT - DAY)),
    ("a length by hand", DAY, MANUAL, (LATER - DAY, LATER)),
    ("a length from an asset", DAY, ASSET, (LATER - DAY, LATER)),
    ("two times", ENDS, MANUAL, ENDS),
    ("two texts", ["2026-03-07T00:00:00+00:00", "2026-03-08 00:00:00+00:00"], MANUAL, ENDS),
    ("another zone", (ENDS[0].astimezone(EAST), ENDS[1].astimezone(EAST)), MANUAL, ENDS),
    ("two ends before a data interval", ENDS, MONTH, ENDS),
    ("30 days", 30 * DAY, CRON, (MIDNIGHT - 30 * DAY, MIDNIGHT)),
]


@pytest.mark.parametrize(("window", "times", "ends"), [pytest.param(*case[1:], id=case[0]) for case in WINDOWS])
def test_a_window_is_computed_from_the_times_of_the_dag_run(
    window: Any, times: DagRunTimes, ends: tuple[datetime, datetime]
) -> None:
    found = resolve_window(window, times)

    assert found == ends
    assert [end.tzinfo for end in found] == [UTC, UTC]


def test_a_window_is_the_same_at_each_start_of_the_dag_run() -> None:
    again = CRON._replace(start_date=LATER + DAY)

    assert resolve_window(DAY, again) == resolve_window(DAY, CRON)


NO_WINDOW = r"no window: .*window=timedelta\(days=1\).*CronDataIntervalTimetable"
REFUSED: list[tuple[str, Any, DagRunTimes, str]] = [
    ("cron without a window", None, CRON, NO_WINDOW),
    ("by hand without a window", None, MANUAL, NO_WINDOW),
    ("an asset without a window", None, ASSET, NO_WINDOW),
    ("a month of 31 days", None, MONTH, "31 days long.*`ax tasks backfill`"),
    ("a length of 31 days", 31 * DAY, CRON, "`ax tasks backfill`"),
    ("no length", timedelta(), CRON, "has to end after its start"),
    ("ends the other way round", ENDS[::-1], CRON, "has to end after its start"),
    ("one end", [MIDNIGHT], CRON, "two ends, and has 1"),
    ("a text", "1d", CRON, "a timedelta or two ends, not str"),
    ("a number", 3600, CRON, "a timedelta or two ends, not int"),
    ("a template of nothing", ["None", "None"], CRON, "as in ISO 8601, not 'None'"),
    ("an end without a zone", ["2026-03-07", "2026-03-08T00:00Z"], CRON, "start of the window has no time zone"),
    ("an end that UTC does not have", ["0001-01-01T00:00+05:00", MIDNIGHT], CRON, "outside the years 1 to 9999 in UTC"),
    ("a number as an end", [1, 2], CRON, "has to be a datetime, not int"),
]


@pytest.mark.parametrize(("window", "times", "said"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_invalid_windows_are_refused(window: Any, times: DagRunTimes, said: str) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        resolve_window(window, times)


SINCE: list[tuple[str, Any, DagRunTimes, datetime]] = [
    ("the start of the DAG run", None, CRON, LATER),
    ("the earliest start where it has none", None, DagRunTimes(MIDNIGHT), MIDNIGHT),
    ("a time", MIDNIGHT, CRON, MIDNIGHT),
    ("a text", "2026-03-08T00:00:00Z", CRON, MIDNIGHT),
]


@pytest.mark.parametrize(("since", "times", "moment"), [pytest.param(*case[1:], id=case[0]) for case in SINCE])
def test_runs_count_since(since: Any, times: DagRunTimes, moment: datetime) -> None:
    assert resolve_since(since, times) == moment
