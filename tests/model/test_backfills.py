"""A sample of `make backfills`: killed, read, and cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.model.backfills import KILLED, KilledBackfill, cover, read_many
from tests.model.chaos.crashes import Contract, Crasher, crasher

if TYPE_CHECKING:
    from collections.abc import Iterator

POINTS, DAYS = 3, 90


@pytest.fixture(scope="module")
def program() -> Iterator[Crasher]:
    with crasher() as program:
        yield program


@pytest.mark.posix
@pytest.mark.programs
@pytest.mark.parametrize(("contract", "adapter", "spans"), KILLED[1:])
def test_a_backfill_that_is_killed_and_repeated_has_one_run_per_window(
    contract: Contract, adapter: str, spans: float, program: Crasher
) -> None:
    """Each window has one run, and the last repetition triggers nothing."""
    killed_backfill = KilledBackfill(program, contract=contract, adapter=adapter, spans_per_hour=spans, days=DAYS)
    for point in range(POINTS):
        repeated = killed_backfill.kill_and_repeat(
            3 + point * killed_backfill.requests // POINTS, is_handled=bool(point % 2)
        )

        assert (repeated.doubled, repeated.triggered_last) == (0, 0)
        assert repeated.requests_last <= 5
        assert set(repeated.outcomes) == {"done" if spans else "empty"}


def test_the_state_of_many_windows_is_read_once() -> None:
    reading = read_many(hours=500, missing=5)

    assert (reading.lists, reading.triggers) == (5, 5)
    assert reading.megabytes < 3


def test_all_spans_of_windows_that_were_cut_short_are_covered() -> None:
    found = cover("beta", days=90)

    assert found.named == found.planted
    assert found.covered == found.spans


def test_windows_that_were_cut_short_are_named_where_they_are_not_split() -> None:
    found = cover("documents", days=90, split=False)

    assert found.named == found.planted
    assert len(found.planted) == 2
