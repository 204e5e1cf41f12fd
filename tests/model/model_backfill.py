"""The prediction for `tasks.backfill`.

The model does not predict how far windows are halved, which depends on the expected number of spans. It checks that
the reported windows cover the time span, each once, and that no settled window is triggered again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from axtasks import FutureTimeError, NotApplicableError

from tests.model.model_compare import check_equal, check_run
from tests.model.model_ensure_run import ACTIVE, CUT, DONE, EMPTY, SECOND, combined_state, is_over
from tests.model.model_names import LATER, Refusal, check_reference, invalid_argument
from tests.model.model_prediction import Prediction, Problems
from tests.model.model_runs import is_aware_time
from tests.model.model_script import DifferenceError
from tests.model.model_state import DEFAULT_MAX_SPANS, EVALUATIONS, Model, Run, Task
from tests.model.model_tasks import found_task
from tests.model.model_work import over_spans
from tests.model.rules_tasks import LONGEST_WINDOW

if TYPE_CHECKING:
    from tests.model.model_ensure_run import CombinedState
    from tests.model.model_world import Json

    Window = tuple[datetime, datetime]

HOUR = timedelta(hours=1)
FLAGS = ("split", "newest_first", "override_evaluations", "retry_failed")
FAILED_STATES = (EMPTY, "failed", "cancelled")
SPLIT = "split"


def whole_seconds(moment: datetime) -> datetime:
    """Return a time in whole seconds."""
    return moment.replace(microsecond=0)


def halves(window: Window) -> list[Window]:
    """Return the halves of a window; none if they would be shorter than an hour."""
    start, end = window
    if end - start < 2 * HOUR:
        return []
    middle = whole_seconds(start + (end - start) / 2)
    return [(start, middle), (middle, end)]


def _wrong_arguments(reference: Any, named: Json) -> list[Refusal | None]:
    found: list[Refusal | None] = [
        invalid_argument(name) for name in ("start", "end") if not is_aware_time(named[name])
    ]
    if not found and whole_seconds(named["start"]) >= whole_seconds(named["end"]):
        found.append(invalid_argument("start"))
    length = named.get("window", LONGEST_WINDOW)
    if not isinstance(length, timedelta) or not HOUR <= length <= LONGEST_WINDOW or length.microseconds:
        found.append(invalid_argument("window"))
    for name in ("concurrency", "max_spans"):
        value = named.get(name)
        if name in named and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            found.append(invalid_argument(name))
    found += [invalid_argument(name) for name in FLAGS if not isinstance(named.get(name, False), bool)]
    if named.get("since") is not None and not is_aware_time(named["since"]):
        found.append(invalid_argument("since"))
    return [*found, *check_reference("task", reference)]


def is_endless(model: Model, task: Task) -> bool:
    """Return True if a backfill could wait without end, because runs do not end by themselves."""
    return model.lifecycle.seconds is None or any(run.ends_at is None and not run.has_ended for run in task.runs)


def backfill(model: Model, default: str | None, reference: Any, named: Json) -> Prediction:
    """Predict the outcomes of all windows."""
    problems = Problems()
    problems.add(*_wrong_arguments(reference, named))
    if problems.found:
        return Prediction(problems.found)
    task = found_task(model, problems, reference, named.get("space"), default)
    if task is None:
        return Prediction(problems.found)
    if task.type not in EVALUATIONS or not task.is_over_project:
        return Prediction([Refusal(LATER, NotApplicableError)])
    date = whole_seconds(model.now)
    moments = {"end": whole_seconds(named["end"]), "since": named.get("since")}
    future = [name for name, moment in moments.items() if moment is not None and moment > date + SECOND]
    if future:
        return Prediction([Refusal(LATER, FutureTimeError, text=name) for name in future])
    if is_endless(model, task):
        raise DifferenceError("it would wait for ever")
    return Prediction([], _Windows(model, task, named).apply)


class _Windows:
    """The windows of a backfill, before and after it."""

    def __init__(self, model: Model, task: Task, named: Json) -> None:
        self.model, self.task, self.named = model, task, named
        since = named.get("since")
        if since is None and named.get("override_evaluations"):
            since = whole_seconds(model.now) - SECOND
        self.known = [run for run in task.runs if since is None or run.created_at >= since]
        self.made: list[Run] = []
        self.reported: dict[Window, Any] = {}
        self.before: dict[Window, CombinedState | None] = {}
        for base in self.bases():
            self._settle_before(base)

    def bases(self) -> list[Window]:
        """Return the base windows; the last one may be shorter."""
        start, end = whole_seconds(self.named["start"]), whole_seconds(self.named["end"])
        length = self.named.get("window", LONGEST_WINDOW)
        count = -((start - end) // length)
        return [(start + length * number, min(start + length * (number + 1), end)) for number in range(count)]

    def is_cut(self, items: int) -> bool:
        """Return True if a completed run with this number of items may have left some."""
        return items >= (self.named.get("max_spans") or DEFAULT_MAX_SPANS) or items == DEFAULT_MAX_SPANS

    def combined_state(self, window: Window, runs: list[Run]) -> CombinedState | None:
        """Return the combined state of the runs of just this window."""
        return combined_state([run for run in runs if is_over(run, window)], self.is_cut)

    def _settle_before(self, window: Window) -> None:
        self.before[window] = self.combined_state(window, self.known)
        for half in halves(window):
            self._settle_before(half)

    def apply(self, seen: list[Any], first: datetime, last: datetime) -> None:
        """Check the outcomes, and add the triggered runs to the model."""
        cap_known = self._is_cap_known()
        for outcome in seen:
            window = outcome.start, outcome.end
            if window in self.reported:
                raise DifferenceError(f"{window} was reported twice")
            self.reported[window] = outcome
            check_equal(f"cap_known of {window}", outcome.cap_known, cap_known)
        self._make(seen, first)
        self.model.advance(last)
        for outcome in seen:
            run = self.model.run(outcome.run.id)
            assert run is not None
            check_run(outcome.run, run, self.model)
            if not is_over(run, (outcome.start, outcome.end)):
                raise DifferenceError(f"{run.id} over {run.window} was reported with {outcome.start} to {outcome.end}")
        for base in self.bases():
            self._check(base, was_cut=False)
        if self.reported:
            raise DifferenceError(f"these are no windows of it: {list(self.reported)}")

    def _make(self, seen: list[Any], first: datetime) -> None:
        """Add the triggered runs to the model."""
        known = {run.id for run in self.model.runs()}
        new = [outcome.run for outcome in seen if outcome.run is not None and outcome.run.id not in known]
        options = {"most": self.named.get("max_spans"), "override": self.named.get("override_evaluations", False)}
        for run in sorted(new, key=lambda run: run.created_at):
            if run.created_at < first:
                raise DifferenceError(f"{run.id} is none of the runs that were known, and older than the backfill")
            self.model.advance(run.created_at)
            window = run.data_start_time, run.data_end_time
            work = over_spans(self.model, self.task, window, now=run.created_at, **options)
            made = Run(self.task, run.id, run.created_at, self.model.lifecycle, work, window)
            self.task.runs.append(made)
            self.made.append(made)

    def _check(self, window: Window, *, was_cut: bool) -> None:
        """Check the outcome and the triggers of a window, or of its halves."""
        before, made = self.before[window], [run for run in self.made if is_over(run, window)]
        reported = self.reported.pop(window, None)
        if reported is None:
            if not halves(window):
                raise DifferenceError(f"{window} was not reported")
            if before is not None and before.state in {ACTIVE, DONE, CUT}:
                raise DifferenceError(f"{window} was not reported, although its runs are {before.state}")
            check_equal(f"runs triggered over {window}", len(made), 0)
        else:
            least, most = self._triggers(before)
            if not least <= len(made) <= most:
                raise DifferenceError(f"{len(made)} runs were triggered over {window}, of which the runs are {before}")
            self._check_outcome(window, reported, was_cut=was_cut)
        if reported is None or reported.outcome == SPLIT:
            for half in halves(window):
                self._check(half, was_cut=was_cut or reported is not None)

    def _triggers(self, before: CombinedState | None) -> tuple[int, int]:
        """Return the fewest and the most triggers for a reported window."""
        if before is None:
            return 1, 1
        may_retry = self.named.get("retry_failed", False)
        if before.state in {ACTIVE, None}:
            return 0, int(may_retry)
        return (int(may_retry),) * 2 if before.state in FAILED_STATES else (0, 0)

    def _check_outcome(self, window: Window, reported: Any, *, was_cut: bool) -> None:
        found = self.combined_state(window, [*self.known, *self.made])
        assert found is not None
        state = found.state
        # Labels of a run over a larger window may have filled the limit.
        states = {state, CUT} if state == EMPTY and was_cut else {state}
        has_parts = bool(halves(window))
        has_runs_within = any(self._has_runs(half) for half in halves(window))
        splits = has_parts and (self.named.get("split", True) or has_runs_within)
        expected = {(SPLIT if splits else "cut_short") if each == CUT else each for each in states}
        if state is not None and reported.outcome not in expected:
            raise DifferenceError(f"{window} was reported as {reported.outcome!s}, and should be {expected}")
        if state is not None and reported.run.id not in {run.id for run in found.runs}:
            raise DifferenceError(f"{window} was reported with {reported.run.id}, and should be of {found.runs}")

    def _has_runs(self, window: Window) -> bool:
        runs = [*self.known, *self.made]
        return any(is_over(run, window) for run in runs) or any(self._has_runs(half) for half in halves(window))

    def _is_cap_known(self) -> bool:
        """Return True if the counters include all spans of a run: without sampling, filters, or a second evaluator."""
        fields = self.task.fields
        evaluators = fields["evaluators"]
        is_filtered = fields["query_filter"] or any(each.get("query_filter") for each in evaluators)
        return fields["sampling_rate"] in {None, 1} and not is_filtered and len(evaluators) == 1
