"""What becomes of a run: when it starts and ends, how much it covers and how that goes. Nothing here has any state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .clock import to_milliseconds
from .model import Counts

if TYPE_CHECKING:
    import random
    from collections.abc import Collection

SPANS_IN_WINDOW = 5000
PENDING_SHARE = 0.2
ERROR_RATE = 0.0025
SKIP_RATE = 0.0275


def times(created_at: datetime, run_seconds: float) -> tuple[datetime, datetime]:
    """When a run starts and when it ends."""
    starts_at = created_at + timedelta(seconds=run_seconds * PENDING_SHARE)
    return to_milliseconds(starts_at), to_milliseconds(created_at + timedelta(seconds=run_seconds))


def spans_to_evaluate(sampling_rate: float | None, max_spans: int) -> int:
    """How many spans a run over a project covers; no sampling rate means all of them."""
    rate = 1 if sampling_rate is None else sampling_rate
    return min(max_spans, round(SPANS_IN_WINDOW * rate))


def results_to_evaluate(examples: int, experiments: int, max_spans: int) -> int:
    """How many results a run over experiments of a dataset covers."""
    return min(max_spans, examples * experiments)


def examples_to_run(held: Collection[str], chosen: Collection[str] | None, max_examples: int | None) -> tuple[int, int]:
    """How many examples an experiment runs, and how many chosen ones it skips because the dataset lacks them."""
    if chosen is None:
        return (len(held) if max_examples is None else min(max_examples, len(held))), 0
    known = len(set(chosen) & set(held))
    return known, len(set(chosen)) - known


def evaluation_counts(items: int, dice: random.Random) -> Counts:
    """How an evaluation of so many items goes: a few break, a few more are passed over."""
    errors = _some(items, ERROR_RATE, dice)
    skipped = _some(items - errors, SKIP_RATE, dice)
    return Counts(successes=items - errors - skipped, errors=errors, skipped=skipped)


def experiment_counts(examples: int, skipped: int, dice: random.Random) -> Counts:
    """How an experiment over so many examples goes: a success is an example that got an answer."""
    errors = _some(examples, ERROR_RATE, dice)
    return Counts(successes=examples - errors, errors=errors, skipped=skipped)


def _some(items: int, rate: float, dice: random.Random) -> int:
    return min(items, round(items * rate * dice.uniform(0.5, 1.5)))
