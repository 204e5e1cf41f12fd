"""A sample of `make crashes`, and a test that it notices defects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.model.chaos.crashes import CASES, Contract, CrashCase, Crasher, crash, crasher
from tests.model.chaos.verdict import DOUBLED

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.posix, pytest.mark.programs]
POINTS = 6
# Each case with one client and contract; every key has both.
CHOSEN: list[tuple[str, str, Contract]] = [
    ("window", "blocking", "beta"),
    ("window, response dropped", "awaiting", "beta"),
    ("window, ends rounded", "blocking", "documents"),
    ("window, ends rounded, response dropped", "awaiting", "documents"),
    ("window, client ahead, response dropped", "blocking", "documents"),
    ("window, client behind, response dropped", "awaiting", "beta"),
    ("window, dates ahead, response dropped", "blocking", "beta"),
    ("window, dates behind, response dropped", "awaiting", "beta"),
    ("experiment", "awaiting", "beta"),
    ("experiment, response dropped", "blocking", "documents"),
    ("experiment, dates behind, response dropped", "awaiting", "documents"),
    ("dataset", "awaiting", "documents"),
    ("dataset, client ahead, response dropped", "blocking", "beta"),
]


@pytest.fixture(scope="module")
def program() -> Iterator[Crasher]:
    with crasher() as program:
        yield program


@pytest.mark.parametrize(("name", "adapter", "contract"), CHOSEN)
def test_a_call_that_is_killed_and_repeated_has_one_run(
    name: str, adapter: str, contract: Contract, program: Crasher
) -> None:
    counts = crash(CASES[name], points=POINTS, adapter=adapter, contract=contract, program=program)

    assert counts.defects == []
    assert (counts.points, counts.outcomes.total()) == (POINTS, POINTS)
    # Some are killed before the trigger is carried out, and some after it.
    assert 0 < counts.acted < POINTS


def test_every_case_is_played() -> None:
    assert [name for name, _, _ in CHOSEN] == list(CASES)


def test_a_call_that_only_triggers_is_detected(program: Crasher) -> None:
    counts = crash(CrashCase(method="trigger_run"), points=4, adapter="blocking", contract="documents", program=program)

    assert DOUBLED in {kind for kind, _ in counts.defects}
