"""The state of one request's work, from the runs that were triggered for it: what is under way, done or left to do.

`ensure_run` and `backfill` decide by it. Pure: no request is sent here.
"""

from __future__ import annotations

from enum import StrEnum, auto
from typing import TYPE_CHECKING, NamedTuple

from axtasks_api import models

from axtasks.polling.outcome import has_ended, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from axtasks_api.models import TaskRun

# The most spans that a run takes where its trigger gave no `max_spans`.
DEFAULT_MAX_SPANS = 10_000


class RunState(StrEnum):
    """The state of a run, as far as it matters for whether to trigger another one.

    CUT_SHORT goes before EMPTY, and EMPTY before DONE.
    """

    ACTIVE = auto()
    CUT_SHORT = auto()
    EMPTY = auto()
    DONE = auto()
    FAILED = auto()
    CANCELLED = auto()


class Settled(NamedTuple):
    """The state that several runs for the same work come to, and the run that decides it."""

    state: RunState
    run: TaskRun


def age_order(run: TaskRun) -> tuple[datetime, str]:
    """Return the key that sorts runs from the first to the last, the same for all who sort them."""
    return run.created_at, run.id


def count_items(run: TaskRun) -> int | None:
    """Return how many items a run took: successes, errors and skipped ones; None if it lacks a counter."""
    counters: list[object] = [getattr(run, name, None) for name in ("num_successes", "num_errors", "num_skipped")]
    numbers = [counter for counter in counters if isinstance(counter, int)]
    return sum(numbers) if len(numbers) == len(counters) else None


def did_work(run: TaskRun) -> bool:
    """Return True if a run evaluated something, with success or in error."""
    return (count_items(run) or 0) > (getattr(run, "num_skipped", 0) or 0)


def is_completed(run: TaskRun) -> bool:
    """Return True for a run that completed."""
    return run.status == models.TaskRunStatus.COMPLETED


def may_have_been_cut_short(run: TaskRun, *, max_spans: int | None) -> bool:
    """Return True if a run took exactly the default limit of spans and more are asked for.

    A run does not tell its limit. One that took as many as are asked for now has nothing left to do for this request.
    """
    wants_more = max_spans is not None and max_spans > DEFAULT_MAX_SPANS
    return wants_more and is_completed(run) and count_items(run) == DEFAULT_MAX_SPANS


def state_of(run: TaskRun, *, is_cut_short: bool) -> RunState:
    """Return the state of a run.

    Args:
        run: the run.
        is_cut_short: whether it ended at its limit of spans, so that more may be left in its window.

    Raises:
        UnknownRunStatusError: its status is not known to this version.
    """
    if not has_ended(run):
        return RunState.ACTIVE
    if is_cut_short:
        return RunState.CUT_SHORT
    if run.is_empty:
        # What a completed run below its limit skipped has labels.
        return RunState.DONE if is_completed(run) and run.num_skipped else RunState.EMPTY
    if is_completed(run):
        return RunState.DONE
    return RunState.FAILED if run.status == models.TaskRunStatus.FAILED else RunState.CANCELLED


def settle(runs: Iterable[TaskRun], is_cut_short: Callable[[TaskRun], bool]) -> Settled | None:
    """Return the state that all runs for the same work come to; None if there are none.

    A run that is under way decides, the first of several, as it stands when two callers trigger at once. Then one that
    did all of it, then one that was cut short. Otherwise the last run decides; an empty one counts as done after a run
    that did work, since the server finds nothing left to evaluate then.

    Args:
        runs: the runs, in any order.
        is_cut_short: tells for a run whether it ended at its limit of spans.

    Raises:
        UnknownRunStatusError: the status of one is not known to this version.
    """
    states = [Settled(state_of(run, is_cut_short=is_cut_short(run)), run) for run in sorted(runs, key=age_order)]
    if not states:
        return None
    for found in states:
        if found.state is RunState.ACTIVE:
            return found
    for state in (RunState.DONE, RunState.CUT_SHORT):
        if found_last := [found for found in states if found.state is state]:
            return found_last[-1]
    last = states[-1]
    if last.state is RunState.EMPTY and any(did_work(found.run) for found in states):
        return Settled(RunState.DONE, last.run)
    return last


def is_left_to_do(settled: Settled | None, retrigger: Collection[str]) -> bool:
    """Return True if a run has to be triggered.

    Args:
        settled: what the earlier runs come to.
        retrigger: the ends after which it is triggered anew, among failed, cancelled and empty. A failed run that
            evaluated nothing goes by either of its names.
    """
    if settled is None or settled.state is RunState.CUT_SHORT:
        return True
    names = {str(settled.state)}
    if status_of(settled.run) == models.TaskRunStatus.FAILED and settled.state is RunState.EMPTY:
        names.add(str(RunState.FAILED))
    return not names.isdisjoint(retrigger)
