"""The measuring harness: interleaved rounds, medians, ratios to a baseline, and a comparison with an earlier run.

Times on a shared machine drift by a quarter and more. Cases are therefore measured in turn, round by round, and only
their ratios to a baseline of the same round are kept and compared over time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Measure = Callable[[], float]
Suite = Callable[[], AbstractContextManager["Iterable[Group]"]]
"""What is measured, with all that has to be up meanwhile."""

FORMAT = 1
HEADINGS = ("what", "case", "median", "range", "ratio", "earlier ratio")


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that are measured in the same unit, with ratios to one of them, the baseline.

    In each round all of them are measured in turn, `turns` times: more often for short cases, which noise affects most.
    """

    what: str
    unit: str
    baseline: str
    cases: Mapping[str, Measure]
    turns: int = 1

    def __post_init__(self) -> None:
        if self.baseline not in self.cases:
            raise ValueError(f"{self.what}: the baseline {self.baseline!r} is none of {', '.join(self.cases)}")


@dataclass(frozen=True, slots=True)
class Result:
    """One case: its rounds, and the median of its ratios to the baseline of the same round."""

    what: str
    case: str
    unit: str
    rounds: tuple[float, ...]
    ratio: float

    @property
    def median(self) -> float:
        """The median of the rounds."""
        return median(self.rounds)

    @property
    def key(self) -> str:
        """The identity of a case across runs."""
        return f"{self.what}: {self.case}"


def run(groups: Iterable[Group], rounds: int) -> list[Result]:
    """Measure every case in each round, one after the other."""
    listed = list(groups)
    found: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
        for group in listed:
            for case, measure in list(group.cases.items()) * group.turns:
                found.setdefault((group.what, case), []).append(measure())
    return [
        Result(group.what, case, group.unit, tuple(found[group.what, case]), _ratio(found, group, case))
        for group in listed
        for case in group.cases
    ]


def _ratio(found: Mapping[tuple[str, str], Sequence[float]], group: Group, case: str) -> float:
    pairs = zip(found[group.what, case], found[group.what, group.baseline], strict=True)
    return median(measured / baseline for measured, baseline in pairs)


def table(results: Iterable[Result], earlier: Mapping[str, float]) -> str:
    """Return the results as a Markdown table, beside the ratios of an earlier run."""
    rows = [HEADINGS, *_rows(results, earlier)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _rows(results: Iterable[Result], earlier: Mapping[str, float]) -> Iterator[tuple[str, ...]]:
    previous = None
    for result in results:
        known = earlier.get(result.key)
        yield (
            "" if result.what == previous else result.what,
            result.case,
            f"{_number(result.median)} {result.unit}",
            f"{_number(min(result.rounds))} to {_number(max(result.rounds))}",
            _number(result.ratio),
            "" if known is None else f"{_number(known)} ({(result.ratio / known - 1) * 100:+.0f} %)",
        )
        previous = result.what


def _number(value: float) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def write(path: Path, results: Iterable[Result], about: Mapping[str, str]) -> None:
    """Write the results for later comparisons."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {"format": FORMAT, "about": dict(about), "results": [asdict(result) for result in results]}
    path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def read_ratios(path: Path) -> dict[str, float]:
    """Return the ratios of an earlier run, by the keys of its results.

    Raises:
        ValueError: the file is not one of `write`.
    """
    kept = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(kept, dict) or kept.get("format") != FORMAT:
        raise ValueError(f"{path} does not hold results of format {FORMAT}")
    results = [Result(**{**each, "rounds": tuple(each["rounds"])}) for each in kept["results"]]
    return {result.key: result.ratio for result in results}
