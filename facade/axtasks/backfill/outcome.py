"""The results of a backfill: windows that are settled, and a plan of what is left."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from axtasks_api.models import TaskRun


class WindowState(StrEnum):
    """The state of a window. SPLIT was cut short, and its halves follow; CUT_SHORT is left so."""

    DONE = auto()
    EMPTY = auto()
    FAILED = auto()
    CANCELLED = auto()
    SPLIT = auto()
    CUT_SHORT = auto()
    IN_DOUBT = auto()
    # Of a plan alone.
    RUNNING = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class WindowOutcome:
    """The outcome of one window of a backfill.

    Attributes:
        start: the start of the window.
        end: its end, which is no part of it.
        run: the run that decides; None if that is in doubt.
        outcome: `done`; `empty`, where there was nothing to evaluate; `failed` or `cancelled`; `split`, where the run
            ended at its limit of spans and both halves follow; `cut_short`, where it did and is left so; `in_doubt`,
            where the response to the trigger was lost and no run is found.
        cap_known: False if the run's counters may not count all spans that it took, since the task samples, filters,
            has several evaluators or evaluates traces or sessions: a window that is `done` may be cut short then.
    """

    start: datetime
    end: datetime
    run: TaskRun | None
    outcome: WindowState
    cap_known: bool


@dataclass(frozen=True, slots=True)
class PlannedWindow:
    """A window of a backfill as it stands before anything is triggered.

    Attributes:
        start: the start of the window.
        end: its end, which is no part of it.
        state: `done`, `running`, `missing`, `empty`, `failed`, `cancelled`, `split` or `cut_short`.
        run: the run that decides; None for a missing one.
        spans_expected: how many spans a missing one is expected to have, by earlier runs; None if they tell nothing.
    """

    start: datetime
    end: datetime
    state: WindowState
    run: TaskRun | None
    spans_expected: int | None


@dataclass(frozen=True, slots=True)
class BackfillPlan:
    """The windows of a backfill, and what is left to do.

    Attributes:
        windows: the windows, in order.
        requests: about how many requests it would take, without those that wait for runs to end.
        seconds_expected: about how many seconds it would take, by earlier runs; None if none has ended.
    """

    windows: list[PlannedWindow]
    requests: int
    seconds_expected: float | None
