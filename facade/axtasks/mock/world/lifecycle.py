"""Lifecycles of runs: they move on by the clock, by reads, or by hand, and end in a status.

A lifecycle is written `immediate`, `time:SECONDS`, `reads:N` or `manual`, and may be followed by how the run ends:
`reads:3 failed`. What makes runs is not here: `simulation.runs` queues those of continuous tasks too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from axtasks.mock.clock import to_milliseconds
from axtasks.mock.contract import vocabulary
from axtasks.mock.problems import quoted

DEFAULT_RUN_SECONDS = 2.0
PENDING_SHARE = 0.2
MOST_SECONDS = 1_000_000_000
MOST_READS = 1_000_000
FORMS = "immediate, time:SECONDS, reads:N or manual"


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The pace and the end of runs; with neither seconds nor reads they wait to be moved by hand."""

    seconds: float | None = None
    reads: int | None = None
    outcome: str = vocabulary.COMPLETED

    def __str__(self) -> str:
        """The pace, in the form that `parse` reads."""
        if self.reads is not None:
            return f"reads:{self.reads}"
        if self.seconds is None:
            return "manual"
        return f"time:{self.seconds:.15g}" if self.seconds else "immediate"

    @property
    def text(self) -> str:
        """The pace and the end, in the form that `parse` reads."""
        return str(self) if self.outcome == vocabulary.COMPLETED else f"{self} {self.outcome}"

    def times(self, created_at: datetime) -> tuple[datetime, datetime] | None:
        """Return the start and the end of a run; None for one that does not go by the clock."""
        if self.seconds is None:
            return None
        starts_at = created_at + timedelta(seconds=self.seconds * PENDING_SHARE)
        return to_milliseconds(starts_at), to_milliseconds(created_at + timedelta(seconds=self.seconds))


def parse(text: str) -> Lifecycle:
    """The lifecycle that a text such as `time:2` or `manual failed` describes."""
    pace, _, outcome = text.strip().partition(" ")
    kind, colon, amount = pace.partition(":")
    ends = parse_outcome(outcome.strip()) if outcome else vocabulary.COMPLETED
    if kind == "immediate" and not colon:
        return Lifecycle(seconds=0, outcome=ends)
    if kind == "manual" and not colon:
        return Lifecycle(outcome=ends)
    if kind == "time" and amount:
        return Lifecycle(seconds=_seconds(amount), outcome=ends)
    if kind == "reads" and amount:
        return Lifecycle(reads=_reads(amount), outcome=ends)
    raise ValueError(f"a lifecycle is {FORMS}, not {quoted(text)}")


def of_seconds(run_seconds: float) -> Lifecycle:
    """The lifecycle of runs that take so long and complete."""
    if not 0 <= run_seconds <= MOST_SECONDS:
        raise ValueError(f"run_seconds has to be between 0 and {MOST_SECONDS}, not {run_seconds}")
    return Lifecycle(seconds=run_seconds)


def parse_outcome(text: str) -> str:
    """The status in which a run is to end."""
    for status in vocabulary.OUTCOMES:
        if text.casefold() == status.casefold():
            return status
    raise ValueError(f"a run ends as one of {', '.join(vocabulary.OUTCOMES)}, not {quoted(text)}")


def _seconds(amount: str) -> float:
    try:
        seconds = float(amount)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= MOST_SECONDS:
        raise ValueError(f"time:SECONDS takes a number between 0 and {MOST_SECONDS}, not {quoted(amount)}")
    return seconds


def _reads(amount: str) -> int:
    reads = int(amount) if amount.isascii() and amount.isdecimal() and len(amount) <= len(str(MOST_READS)) else 0
    if not 1 <= reads <= MOST_READS:
        raise ValueError(f"reads:N takes a whole number between 1 and {MOST_READS}, not {quoted(amount)}")
    return reads
