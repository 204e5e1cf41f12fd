"""Counts of responses per operation: how many requests succeeded, and how many met each documented error."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from tests.model import contract

LEAST_SHARE = 0.2
"""The least share of the requests that fit the schemas and succeed."""


def _counters(counts: dict[str, dict[str, int]]) -> dict[str, Counter[int]]:
    return {name: Counter({int(status): count for status, count in each.items()}) for name, each in counts.items()}


@dataclass
class ResponseCounts:
    """Counts of responses by operation and status, for requests that fit the schemas and for others."""

    fitting: dict[str, Counter[int]] = field(default_factory=dict)
    others: dict[str, Counter[int]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str) -> ResponseCounts:
        """Parse the counts."""
        counts = json.loads(text)
        return cls(*(_counters(counts[part]) for part in ("fitting", "others")))

    def to_json(self) -> str:
        """Serialize the counts."""
        return json.dumps({"fitting": self.fitting, "others": self.others})

    def record(self, operation: str, status: int, *, fits: bool) -> None:
        """Count a response."""
        counts = self.fitting if fits else self.others
        counts.setdefault(operation, Counter())[status] += 1

    def share(self, operation: str) -> float:
        """Return the share of the requests that fit the schemas and succeeded."""
        counts = self.fitting.get(operation, Counter())
        carried_out = sum(count for status, count in counts.items() if status < 300)
        return carried_out / counts.total() if counts else 0.0

    def below_minimum(self) -> list[str]:
        """Return the operations with too small a share of successes."""
        return [name for name in contract.operations() if self.share(name) < LEAST_SHARE]

    def report(self) -> str:
        """Return a table with a row for each operation."""
        errors = sorted(
            {status for each in contract.operations().values() for status in each.statuses if status >= 400}
        )
        lines = [
            f"{'operation':18} {'fitting':>7} {'2xx':>6} {'share':>6}  " + " ".join(f"{each:>5}" for each in errors)
        ]
        for name, operation in contract.operations().items():
            fitting, others = self.fitting.get(name, Counter()), self.others.get(name, Counter())
            met = fitting + others
            shown = " ".join(f"{met[each] if each in operation.statuses else '':>5}" for each in errors)
            carried_out = sum(count for status, count in fitting.items() if status < 300)
            mark = "  RED" if name in self.below_minimum() else ""
            lines.append(f"{name:18} {fitting.total():>7} {carried_out:>6} {self.share(name):>6.0%}  {shown}{mark}")
        return "\n".join(lines)
