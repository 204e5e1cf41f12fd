"""Tells people about runs that evaluated nothing, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .command import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from axtasks import TaskRun

OVERRIDE = "give --override-evaluations to evaluate again what has labels"
WINDOW = "give another window (--data-start-time, --data-end-time)"
CREDENTIALS = "look at the credentials and the model of the AI integration"


def say_which_are_empty(runs: Iterable[TaskRun], options: Mapping[str, Any]) -> None:
    """Tells on standard error, for each run that evaluated nothing, what can be done about it.

    Args:
        runs: runs, whether they have ended or not.
        options: the command's options by name.
    """
    for run in runs:
        if run.is_empty:
            say(f"Run {run.id} {_cause_and_cure(run)}.", options)


def _cause_and_cure(run: TaskRun) -> str:
    statuses = type(run.status)
    if run.status is statuses.FAILED:
        return f"failed before anything was evaluated; {CREDENTIALS}"
    if run.status is statuses.CANCELLED:
        return f"evaluated nothing, and the server cancelled it; {OVERRIDE}, {WINDOW}, or {CREDENTIALS}"
    if run.experiment_id:
        return "ran no example; give --example-ids that are in the dataset, or none for all examples"
    if run.num_skipped:
        return f"evaluated nothing and skipped {run.num_skipped}; {OVERRIDE}"
    if run.data_start_time is not None:
        return f"evaluated nothing, as nothing matched; {WINDOW}"
    return "evaluated nothing, as its experiments have no results; give others with --experiment-ids"
