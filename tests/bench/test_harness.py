"""Tests of the benchmarks' arithmetic and reports, independent of run times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bench import harness, load
from tests.bench.harness import Group, Result

if TYPE_CHECKING:
    from pathlib import Path


def scripted(*values: float) -> harness.Measure:
    """Return a measurement that gives these values, one after the other."""
    rest = iter(values)
    return lambda: next(rest)


def results() -> list[Result]:
    """Return three rounds of two cases; the machine was half as fast in the second."""
    cases = {"ours": scripted(20, 40, 30), "bare": scripted(10, 20, 10)}
    return harness.run([Group("start", "ms", "bare", cases)], 3)


def test_rounds_are_interleaved() -> None:
    """Every case is measured before any is measured again."""
    order: list[str] = []

    def measure(name: str) -> harness.Measure:
        def measured() -> float:
            order.append(name)
            return 1

        return measured

    groups = [
        Group("a", "ms", "x", {"x": measure("ax"), "y": measure("ay")}),
        Group("b", "s", "x", {"x": measure("bx")}),
        Group("c", "s", "x", {"x": measure("cx"), "y": measure("cy")}, turns=2),
    ]
    harness.run(groups, 2)

    assert order == ["ax", "ay", "bx", "cx", "cy", "cx", "cy"] * 2


def test_medians_and_ratios() -> None:
    """A case has its median, and the median of its ratios to the baseline of the same round."""
    ours, bare = results()

    assert (ours.median, ours.ratio) == (30, 2)
    assert (bare.median, bare.ratio) == (10, 1)


def test_a_baseline_has_to_be_measured() -> None:
    """A baseline without a result is an error."""
    with pytest.raises(ValueError, match="start: the baseline 'nothing' is none of ours"):
        Group("start", "ms", "nothing", {"ours": scripted(1)})


def test_table_beside_an_earlier_run(tmp_path: Path) -> None:
    """Written results are read again, and the table shows the change of the ratios."""
    harness.write(tmp_path / "deep" / "mock.json", results(), {"python": "3"})
    earlier = harness.read_ratios(tmp_path / "deep" / "mock.json")
    faster = harness.run([Group("start", "ms", "bare", {"ours": scripted(1500), "bare": scripted(1000)})], 1)

    assert earlier == {"start: ours": 2, "start: bare": 1}
    assert harness.table([*faster, Result("new", "only", "s", (0.5,), 1)], earlier).splitlines() == [
        "| what  | case | median   | range          | ratio | earlier ratio |",
        "|-------|------|----------|----------------|-------|---------------|",
        "| start | ours | 1,500 ms | 1,500 to 1,500 | 1.50  | 2.00 (-25 %)  |",
        "|       | bare | 1,000 ms | 1,000 to 1,000 | 1.00  | 1.00 (+0 %)   |",
        "| new   | only | 0.50 s   | 0.50 to 0.50   | 1.00  |               |",
    ]


def test_other_files_are_refused(tmp_path: Path) -> None:
    """A file of another kind is an error."""
    file = tmp_path / "mock.json"
    file.write_text('{"format": 0}', encoding="utf-8")

    with pytest.raises(ValueError, match=r"mock\.json does not hold results"):
        harness.read_ratios(file)


@pytest.mark.parametrize(
    ("head", "outcome"),
    [
        (b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 12\r\n\r\n", 12),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 12\r\n\r\n", "the answer was HTTP/1.1 404"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "does not say"),
    ],
    ids=["good", "a refusal", "no length"],
)
def test_the_load_only_counts_good_answers(head: bytes, outcome: int | str) -> None:
    """A fast refusal is not a fast response."""
    if isinstance(outcome, int):
        assert load.length_of(head) == outcome
    else:
        with pytest.raises(ValueError, match=outcome):
            load.length_of(head)
