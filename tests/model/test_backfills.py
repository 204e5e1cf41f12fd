"""A sample of what `make backfills` does at length: killed, read, and cut short."""

from __future__ import annotations

import pytest

from tests.model.backfills import KILLED, Contract, cover, kill_and_repeat, read_many, total_requests

POINTS = 3


@pytest.mark.parametrize(("contract", "is_awaited", "spans"), KILLED[1:])
def test_a_backfill_that_is_killed_and_made_again(contract: Contract, is_awaited: bool, spans: float) -> None:
    """Each window has one run, and once all are done nothing is triggered."""
    total = total_requests(contract=contract, spans_per_hour=spans)
    for point in range(POINTS):
        repeated = kill_and_repeat(
            3 + point * total // POINTS,
            is_handled=bool(point % 2),
            contract=contract,
            is_awaited=is_awaited,
            spans_per_hour=spans,
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
