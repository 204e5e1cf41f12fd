"""The runs of a task that fit into a grid, kept small: a run of a year's backfill is one of many thousands."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from axtasks_api import models

from axtasks.reconcile.run_states import DEFAULT_MAX_SPANS, Settled, count_items, is_completed, settle

if TYPE_CHECKING:
    from axtasks_api.models import TaskRun

    from .windows import Grid, Window


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BUCKET = timedelta(days=30)


class Density:
    """Spans per hour, averaged over 30 days: those of the nearest such time with runs are expected elsewhere."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[float, float]] = {}
        self._has_seen_nothing = False

    def add(self, window: Window, items: int) -> None:
        """Note the items of a run that took all of its window."""
        bucket = _bucket(window)
        known_items, hours = self._known.get(bucket, (0.0, 0.0))
        self._known[bucket] = (known_items + items, hours + window.hours)

    def add_nothing(self) -> None:
        """Note a run that was cancelled as it found nothing: no data, or none without labels."""
        self._has_seen_nothing = True

    def expect(self, window: Window, *, may_have_labels: bool = False) -> float | None:
        """Return how many spans a window is expected to have; None if nothing is known.

        Args:
            window: the window.
            may_have_labels: whether a run that found nothing tells nothing here, as an earlier one left labels.
        """
        if not self._known:
            return 0.0 if self._has_seen_nothing and not may_have_labels else None
        bucket = _bucket(window)
        nearest = min(self._known, key=lambda other: (abs(other - bucket), other))
        items, hours = self._known[nearest]
        return items / hours * window.hours


def _bucket(window: Window) -> int:
    return (window.start + window.length / 2 - EPOCH) // BUCKET


def reaches_limit(run: TaskRun, *, max_spans: int) -> bool:
    """Return True if a completed run took as many items as it may have been allowed to."""
    items = count_items(run) if is_completed(run) else None
    return items is not None and (items >= max_spans or items == DEFAULT_MAX_SPANS)


class RunHistory:
    """The runs whose windows are base windows or their halvings, by window.

    A run is kept as JSON, which takes a third of the memory of a model.

    Args:
        grid: the base windows.
        max_spans: the most spans of a run.

    Attributes:
        density: the spans that the runs tell of.
    """

    def __init__(self, grid: Grid, *, max_spans: int) -> None:
        self.density = Density()
        self._grid = grid
        self._max_spans = max_spans
        self._texts: dict[tuple[int, int], bytes | list[bytes]] = {}
        self._split: set[tuple[int, int]] = set()
        self._durations: tuple[float, int] = (0.0, 0)

    def add(self, run: TaskRun, *, window: Window | None = None) -> None:
        """Keep a run of the grid, in place of what was known of it.

        Args:
            run: the run; one whose window is not on the grid is left out.
            window: the window that it was triggered for, should it not echo it.
        """
        start, end = (run.data_start_time, run.data_end_time) if window is None else window
        path = [] if start is None or end is None else self._grid.path_to(start, end)
        if not path:
            return
        window = path[-1]
        self._split.update(map(_key, path[:-1]))
        earlier = {each.id: each for each in self.runs(window)}
        was_known_to_end = run.id in earlier and earlier[run.id].run_finished_at is not None
        texts = [_text(each) for each in {**earlier, run.id: run}.values()]
        self._texts[_key(window)] = texts[0] if len(texts) == 1 else texts
        if not was_known_to_end:
            self._learn(run, window)

    def runs(self, window: Window) -> list[TaskRun]:
        """Return the runs of just this window."""
        kept = self._texts.get(_key(window), [])
        return [models.TaskRun.from_dict(json.loads(text)) for text in ([kept] if isinstance(kept, bytes) else kept)]

    def ids(self, window: Window) -> set[str]:
        """Return the ids of the runs of just this window."""
        return {run.id for run in self.runs(window)}

    def settle(self, window: Window) -> Settled | None:
        """Return what the runs of just this window come to; None if there are none."""
        return settle(self.runs(window), self.is_cut_short)

    def is_cut_short(self, run: TaskRun) -> bool:
        """Return True if a run may have left something of its window."""
        return reaches_limit(run, max_spans=self._max_spans)

    def has_runs_within(self, window: Window) -> bool:
        """Return True if there are runs of halvings of a window."""
        return _key(window) in self._split

    def mean_seconds(self) -> float | None:
        """Return how long runs took on average, from their start to their end; None if none has ended."""
        seconds, count = self._durations
        return seconds / count if count else None

    def _learn(self, run: TaskRun, window: Window) -> None:
        if run.run_started_at is not None and run.run_finished_at is not None:
            seconds, count = self._durations
            self._durations = (seconds + (run.run_finished_at - run.run_started_at).total_seconds(), count + 1)
        items = count_items(run) if is_completed(run) else None
        if items is not None and not self.is_cut_short(run):
            self.density.add(window, items)
        elif run.is_empty and run.status == models.TaskRunStatus.CANCELLED:
            self.density.add_nothing()


def _key(window: Window) -> tuple[int, int]:
    return int(window.start.timestamp()), int(window.end.timestamp())


def _text(run: TaskRun) -> bytes:
    return json.dumps(run.to_dict(), separators=(",", ":")).encode()
