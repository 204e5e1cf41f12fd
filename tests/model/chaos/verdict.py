"""What a part of the chaos came to: how much was done, and everything that should not have been."""

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
    """The most writes that may end in doubt.

    A share of at most 2 % of all writes may. Chance has more or fewer of them in a sample, so the bound is the count
    that a share of 2 % stays within with a probability of 99.9 %: 6 of 60 writes, 23 of 560, 146 of 5,600.

    Args:
        writes: how many writes there were.
    """
    doubts, within = -1, 0.0
    while doubts < writes and within < CONFIDENCE:
        doubts += 1
        ways = math.lgamma(writes + 1) - math.lgamma(doubts + 1) - math.lgamma(writes - doubts + 1)
        within += math.exp(ways + doubts * math.log(MOST_AMBIGUOUS) + (writes - doubts) * math.log(1 - MOST_AMBIGUOUS))
    return doubts


@dataclass
class Verdict:
    """Counts that can be added up.

    Attributes:
        operations: the calls that were made.
        writes: how many of them change something.
        requests: the requests that they came to.
        struck: how many requests a fault has struck.
        errors: the calls that ended in an error of ours, by its class.
        doubts: the writes that ended in an AmbiguousOutcomeError, by what was written.
        defects: what is wrong, and what exactly.
        longest_seconds: how long the longest call took, by the client's clock.
        seconds: how long all of it took in real time, which is no part of what is compared.
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
        """Whether nothing is wrong, and no more than a few writes were left in doubt."""
        return not self.defects and self.doubts.total() <= most_doubts(self.writes)

    def find(self, defect: str, what: str) -> None:
        """Notes that something is wrong."""
        self.defects.append((defect, what))

    def count(self, defect: str) -> int:
        """How often something is wrong."""
        return sum(kind == defect for kind, _ in self.defects)

    @classmethod
    def sum(cls, parts: Iterable[Self]) -> Self:
        """All parts together, which went on at the same time."""
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
