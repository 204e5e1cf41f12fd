"""Benchmarks of requests per call and of report delays, in virtual time."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from math import ceil
from statistics import fmean
from typing import TYPE_CHECKING

from axtasks.mock import default_world as known

from tests.bench.harness import Group
from tests.unit.pace import Play, any_lengths

if TYPE_CHECKING:
    from collections.abc import Iterator

VENDOR_POLL_SECONDS = 5.0
LENGTH = 12.0
IN_TURN, TOGETHER = "waited for one after another", "waited for together"
WINDOW = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC)


def requests() -> Iterator[Group]:
    """Yield the groups of requests per trigger."""
    task, name, space = known.CHAT_QUALITY, "Chat Quality Monitor", known.DEMO
    yield Group(
        "requests of a trigger, the task given by",
        "",
        "its id",
        {
            "its id": partial(_asked, task),
            "its name and the id of its space": partial(_asked, name, space=space),
            "its name and the name of its space": partial(_asked, name, space="demo"),
            "the same names again": partial(_asked, name, space="demo", again=True),
        },
    )


def _asked(task: str, *, space: str | None = None, again: bool = False) -> float:
    """Return the number of requests of a trigger."""
    play = Play()

    def trigger() -> None:
        run = play.client.tasks.trigger_run(task, space=space, data_start_time=WINDOW[0], data_end_time=WINDOW[1])
        play.client.tasks.cancel_run(run.id)

    if again:
        trigger()
    # One of them cancels.
    return play.requests_of(trigger) - 1


def waiting() -> Iterator[Group]:
    """Yield the groups of delays, and of requests per wait."""
    fixed = f"a poll every {VENDOR_POLL_SECONDS:.0f} s"
    none, ten = "no earlier runs", "ten earlier runs"
    yield Group(
        "how late a run of 0.3 to 30 s is told, of its length",
        "%",
        fixed,
        {
            fixed: lambda: 100 * fmean(-length % VENDOR_POLL_SECONDS / length for length in any_lengths(24)),
            none: partial(_late, 0),
            ten: partial(_late, 10),
        },
    )
    yield Group(
        "requests of a wait for a run of 12 s",
        "",
        fixed,
        {fixed: lambda: 1 + ceil(LENGTH / VENDOR_POLL_SECONDS), none: partial(_looks, 0), ten: partial(_looks, 10)},
    )
    for at, what, unit in ((0, "how late 100 runs are told that end within 12 s", "s"), (1, "requests for them", "")):
        cases = {name: partial(_hundred, at, in_turn=name == IN_TURN) for name in (IN_TURN, TOGETHER)}
        yield Group(what, unit, IN_TURN, cases)


def _late(earlier: int) -> float:
    """Return the mean delay of waits, in percent of the run's length, in virtual time."""
    shares = []
    for length in any_lengths(24):
        play = Play()
        play.earlier([length] * earlier)
        shares.append(play.wait(length).share_late)
    return 100 * fmean(shares)


def _looks(earlier: int) -> float:
    """Return the number of requests of a wait."""
    play = Play()
    play.earlier([LENGTH] * earlier)
    return play.wait(LENGTH).requests


def _hundred(at: int, *, in_turn: bool) -> float:
    """Return the mean delay of a hundred runs in seconds, or the number of requests."""
    play = Play()
    runs, tasks = play.hundred(), play.client.tasks
    return play.told((tasks.wait_for_run(run.id) for run in runs) if in_turn else tasks.as_completed(runs))[at]
