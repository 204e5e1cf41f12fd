"""The verdict on calls under faults: counts and defects."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

LOST = "lost"
DOUBLED = "doubled"
MISREAD = "misread"
UNTYPED = "untyped"
LATE = "late"
NEEDLESS = "needless doubt"
DEFECTS = (LOST, DOUBLED, MISREAD, UNTYPED, LATE, NEEDLESS)
MOST_AMBIGUOUS = 0.02
CONFIDENCE = 0.999


def most_doubts(writes: int) -> int:
    """Return the most writes that may end in doubt.

    A share of 2 % of all writes may. In a sample the share varies, so the bound is the count
    that a share of 2 % stays within with a probability of 99.9 %: 6 of 60 writes, 23 of 560, 146 of 5,600.

    Args:
        writes: the number of writes.
    """
    doubts, within = -1, 0.0
    while doubts < writes and within < CONFIDENCE:
        doubts += 1
        ways = math.lgamma(writes + 1) - math.lgamma(doubts + 1) - math.lgamma(writes - doubts + 1)
        within += math.exp(ways + doubts * math.log(MOST_AMBIGUOUS) + (writes - doubts) * math.log(1 - MOST_AMBIGUOUS))
    return doubts


@dataclass
class Verdict:
    """The counts and defects of some calls, which can be added up.

    Attributes:
        operations: the number of calls.
        writes: the number of calls that write.
        requests: the number of requests.
        struck: the number of requests that a fault has struck.
        errors: the calls that ended in another error, by its class.
        doubts: the writes that ended in an AmbiguousOutcomeError, by operation and reason.
        defects: the kind and description of each defect.
        longest_seconds: the duration of the longest call, by the client's clock.
        seconds: the real duration, which is not compared.
    """

    operations: int = 0
    writes: int = 0
    requests: int = 0
    struck: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    defects: list[tuple[str, str]] = field(default_factory=list)
    longest_seconds: float = 0
    seconds: float = field(default=0, compare=False)

    @property
    def ambiguous(self) -> float:
        """The share of writes that ended in an AmbiguousOutcomeError."""
        return self.doubts.total() / max(1, self.writes)

    @property
    def is_good(self) -> bool:
        """True if there are no defects, and no more than a few writes were left in doubt."""
        return not self.defects and self.doubts.total() <= most_doubts(self.writes)

    def find(self, defect: str, what: str) -> None:
        """Record a defect."""
        self.defects.append((defect, what))

    def count(self, defect: str) -> int:
        """Return the number of defects of a kind."""
        return sum(kind == defect for kind, _ in self.defects)

    @classmethod
    def sum(cls, parts: Iterable[Self]) -> Self:
        """Return the sum of verdicts of concurrent users."""
        total = cls()
        for part in parts:
            for name in ("operations", "writes", "requests", "struck"):
                setattr(total, name, getattr(total, name) + getattr(part, name))
            total.errors += part.errors
            total.doubts += part.doubts
            total.defects += part.defects
            total.longest_seconds = max(total.longest_seconds, part.longest_seconds)
            total.seconds = max(total.seconds, part.seconds)
        return total
