"""Equivalent mutants: changes without any effect, each with the reason. They count as survivors, but are no gaps."""

from __future__ import annotations

from typing import NamedTuple


class Equivalent(NamedTuple):
    """A change without an effect.

    Attributes:
        file: the file, below `facade/axtasks`.
        taken: the text that it removes.
        put: the text that it inserts.
        reason: the reason that it has no effect.
    """

    file: str
    taken: str
    put: str
    reason: str


_SMALL = "small whole numbers are always the same objects"
_MEMBER = "members of an enum are single objects, and equal nothing else"
_WORDS = "of the three words a run can end with, in alphabetical order, it is the first, or the last"

EQUIVALENT: tuple[Equivalent, ...] = (
    Equivalent(
        "engine/attempts.py",
        "if isinstance(outcome, Applied) or probes == most or self.is_too_late(seconds):",
        "if isinstance(outcome, Applied) or probes is most or self.is_too_late(seconds):",
        _SMALL,
    ),
    Equivalent(
        "engine/attempts.py",
        "refused = failure is FailureKind.FINAL",
        "refused = failure == FailureKind.FINAL",
        _MEMBER,
    ),
    Equivalent(
        "mock/simulation/runs.py",
        "if plan.outcome == vocabulary.FAILED:",
        "if plan.outcome >= vocabulary.FAILED:",
        _WORDS,
    ),
    Equivalent(
        "mock/simulation/runs.py",
        "if plan.experiment is None or run.experiment_id is not None or plan.outcome == vocabulary.CANCELLED:",
        "if plan.experiment is None or run.experiment_id is not None or plan.outcome <= vocabulary.CANCELLED:",
        _WORDS,
    ),
    Equivalent(
        "mock/operations/filters.py",
        "if must_exist and state.holds(KINDS[name], identifier) is False:",
        "if must_exist and state.holds(KINDS[name], identifier) == False:",
        "it is true, false or None, and None is not equal to false",
    ),
    Equivalent(
        "mock/simulation/runs.py",
        "return Counts() if plan.outcome == vocabulary.CANCELLED else plan.counts",
        "return Counts() if plan.outcome <= vocabulary.CANCELLED else plan.counts",
        _WORDS,
    ),
    Equivalent(
        "mock/simulation/runs.py",
        "if run.reads >= plan.reads:",
        "if run.reads == plan.reads:",
        "each read counts one, and is compared at once",
    ),
    Equivalent(
        "engine/retry.py",
        "if self._left < self.FULL:",
        "if self._left != self.FULL:",
        "adding to all of it leaves all of it",
    ),
    Equivalent(
        "engine/retry.py",
        "if self._left < self.FULL:",
        "if self._left is not self.FULL:",
        "adding to all of it leaves all of it",
    ),
    Equivalent(
        "mock/simulation/workload.py",
        "@lru_cache(maxsize=256)",
        "@lru_cache(maxsize= 257)",
        "it only remembers one more",
    ),
)
