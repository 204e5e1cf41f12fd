"""How much of its work a run gets done. Nothing here has any state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model import Counts

if TYPE_CHECKING:
    import random
    from collections.abc import Collection

ERROR_RATE = 0.0025
SKIP_RATE = 0.0275
DONE_BEFORE_FAILING = (0.1, 0.6)


def examples_to_run(held: Collection[str], chosen: Collection[str] | None, max_examples: int | None) -> tuple[int, int]:
    """How many examples an experiment runs, and how many chosen ones it skips because the dataset lacks them."""
    if chosen is None:
        return (len(held) if max_examples is None else min(max_examples, len(held))), 0
    known = len(set(chosen) & set(held))
    return known, len(set(chosen)) - known


def evaluation_counts(items: int, labelled: int, dice: random.Random) -> Counts:
    """Count how an evaluation of items goes: labelled ones are passed over, a few break, a few more are skipped."""
    fresh = items - labelled
    errors = _some(fresh, ERROR_RATE, dice)
    skipped = _some(fresh - errors, SKIP_RATE, dice)
    return Counts(successes=fresh - errors - skipped, errors=errors, skipped=skipped + labelled)


def experiment_counts(examples: int, skipped: int, dice: random.Random) -> Counts:
    """How an experiment over so many examples goes: a success is an example that got an answer (J26)."""
    errors = _some(examples, ERROR_RATE, dice)
    return Counts(successes=examples - errors, errors=errors, skipped=skipped)


def counts_of_failure(planned: Counts, dice: random.Random) -> Counts:
    """What a run that breaks on its way has to show: some of what would have gone well, and the rest in error."""
    successes = round(planned.successes * dice.uniform(*DONE_BEFORE_FAILING))
    return Counts(successes, planned.errors + planned.successes - successes, planned.skipped)


def _some(items: int, rate: float, dice: random.Random) -> int:
    return min(items, round(items * rate * dice.uniform(0.5, 1.5)))
