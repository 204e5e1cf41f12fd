"""Decides window by window what is settled, what is to be waited for, and what is to be triggered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING, NamedTuple

from axtasks.errors import UnknownRunStatusError
from axtasks.reconcile.run_states import RunState

from .outcome import WindowState
from .windows import is_near_probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks_api.models import TaskRun

    from axtasks.reconcile.run_states import Settled

    from .history import RunHistory
    from .windows import Grid, Window

# Of the limit that a part is expected to take at most, as spans do not come evenly.
SHARE_OF_LIMIT = 0.8


class Action(StrEnum):
    """The next action for a part of a backfill."""

    TELL = auto()
    ADOPT = auto()
    TRIGGER = auto()
    WAIT = auto()


STATES = {
    RunState.DONE: WindowState.DONE,
    RunState.EMPTY: WindowState.EMPTY,
    RunState.FAILED: WindowState.FAILED,
    RunState.CANCELLED: WindowState.CANCELLED,
}


class Part(NamedTuple):
    """A window to decide on: a base window or a halving.

    Attributes:
        window: the window.
        was_cut_short: whether a run of a window around it was cut short, so that some of its spans have labels.
    """

    window: Window
    was_cut_short: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A part, and what is next for it.

    Attributes:
        action: the action.
        part: the part; None for a wait.
        state: what is told of it, for TELL.
        run: the run that decides.
    """

    action: Action
    part: Part | None = None
    state: WindowState | None = None
    run: TaskRun | None = None


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A window of a plan.

    Attributes:
        window: the window.
        state: its state.
        run: the run that decides; None if it is missing.
        spans_expected: how many spans a missing one is expected to have; None if nothing is known.
    """

    window: Window
    state: WindowState
    run: TaskRun | None = None
    spans_expected: float | None = None


class Planner:
    """Goes through the windows of a grid by what their runs come to.

    Args:
        grid: the base windows.
        history: the runs.
        max_spans: the most spans of a run.
        split: whether windows that were cut short are halved.
        newest_first: whether the newest windows come first.
        retry_failed: whether failed, cancelled and empty windows are triggered again, once.
    """

    def __init__(
        self, grid: Grid, history: RunHistory, *, max_spans: int, split: bool, newest_first: bool, retry_failed: bool
    ) -> None:
        self._history = history
        self._max_spans = max_spans
        self._split = split
        self._newest_first = newest_first
        self._retry_failed = retry_failed
        self._bases: Iterator[Window] = grid.windows(newest_first=newest_first)
        self._parts: list[Part] = []
        # Triggered by this planner: what they end with is told, and not tried again.
        self._tried: set[Window] = set()

    def next_step(self, *, is_idle: bool) -> Step | None:
        """Return the next step; None when all windows were told.

        Args:
            is_idle: whether no run is under way, whose end could tell how many spans there are.

        Raises:
            UnknownRunStatusError: a run has a status that this version does not know; it is decided on again next.
        """
        while (part := self._next_part()) is not None:
            try:
                step = self._decide(part, is_idle=is_idle)
            except UnknownRunStatusError:
                self.put_back(part)
                raise
            if step is not None:
                return step
        return None

    def put_back(self, part: Part) -> None:
        """Decide on a part again, next."""
        self._parts.append(part)

    def note_tried(self, part: Part) -> None:
        """Note that a part was triggered."""
        self._tried.add(part.window)

    def plan(self) -> Iterator[PlannedPart]:
        """Yield all windows with what is known of them, and trigger nothing."""
        while (part := self._next_part()) is not None:
            step = self._decide(part, is_idle=False)
            if step is None:
                continue
            if step.action is Action.TELL and step.state is not None:
                yield PlannedPart(part.window, step.state, step.run)
            elif step.action is Action.ADOPT:
                yield PlannedPart(part.window, WindowState.RUNNING, step.run)
            else:
                if step.action is Action.WAIT:
                    self._parts.pop()
                yield PlannedPart(part.window, WindowState.MISSING, spans_expected=self._expect(part))

    def _next_part(self) -> Part | None:
        if not self._parts:
            base = next(self._bases, None)
            if base is None:
                return None
            self._parts.append(Part(base))
        return self._parts.pop()

    def _decide(self, part: Part, *, is_idle: bool) -> Step | None:
        """Return the step for a part; None if its halves take its place."""
        window = part.window
        settled = self._history.settle(window)
        if settled is not None and settled.state in {RunState.ACTIVE, RunState.DONE}:
            is_active = settled.state is RunState.ACTIVE
            return Step(Action.ADOPT if is_active else Action.TELL, part, STATES.get(settled.state), settled.run)
        has_runs_within = self._history.has_runs_within(window)
        if settled is not None and self._is_cut_short(part, settled):
            is_split = (self._split or has_runs_within) and self._halve(part, was_cut_short=True)
            return Step(Action.TELL, part, WindowState.SPLIT if is_split else WindowState.CUT_SHORT, settled.run)
        if has_runs_within and self._halve(part):
            return None
        if settled is None or (self._retry_failed and window not in self._tried):
            return self._trigger(part, is_idle=is_idle)
        return Step(Action.TELL, part, STATES[settled.state], settled.run)

    def _is_cut_short(self, part: Part, settled: Settled) -> bool:
        if settled.state is RunState.CUT_SHORT:
            return True
        if settled.state is not RunState.EMPTY or not part.was_cut_short:
            return False
        # The limit may have been met by spans that have labels from the run around it.
        return (self._expect(part) or 0) > self._max_spans and part.window.halves() is not None

    def _trigger(self, part: Part, *, is_idle: bool) -> Step | None:
        expected = self._expect(part)
        if expected is None:
            if not is_idle:
                self._parts.append(part)
                return Step(Action.WAIT, part)
            is_small = is_near_probe(part.window)
        else:
            # The limit may be a number that no float can hold.
            is_small = expected / SHARE_OF_LIMIT <= self._max_spans
        if not is_small and self._halve(part, was_cut_short=part.was_cut_short):
            return None
        return Step(Action.TRIGGER, part)

    def _expect(self, part: Part) -> float | None:
        return self._history.density.expect(part.window, may_have_labels=part.was_cut_short)

    def _halve(self, part: Part, *, was_cut_short: bool = False) -> bool:
        """Put the halves of a part in its place; return False if they would be too short."""
        halves = part.window.halves()
        if halves is None:
            return False
        is_cut_short = was_cut_short or part.was_cut_short
        parts = [Part(half, is_cut_short) for half in halves]
        # The spans that were taken first have labels, so that the last ones tell how many there are.
        is_backwards = self._newest_first or (is_cut_short and self._expect(parts[0]) is None)
        self._parts += parts if is_backwards else parts[::-1]
        return True
