"""The report on the responses per operation."""

from __future__ import annotations

from tests.model import contract
from tests.model.response_counts import ResponseCounts


def reached(*, but: str, share: int) -> ResponseCounts:
    """Return the counts of ten successes for each operation, but of fewer for one."""
    reach = ResponseCounts()
    for name in contract.operations():
        for number in range(10):
            is_refused = name == but and number >= share
            reach.record(name, 404 if is_refused else 200, fits=True)
    return reach


def test_an_operation_that_too_few_requests_get_through_to_is_red() -> None:
    reach = reached(but="update_task", share=1)

    assert reach.below_minimum() == ["update_task"]
    assert [line.split()[0] for line in reach.report().splitlines() if line.endswith("RED")] == ["update_task"]


def test_a_fifth_is_enough() -> None:
    assert reached(but="update_task", share=2).below_minimum() == []


def test_requests_that_do_not_fit_count_for_their_errors_alone() -> None:
    reach = reached(but="update_task", share=10)
    for _ in range(90):
        reach.record("update_task", 409, fits=False)

    assert reach.below_minimum() == []
    (row,) = [line.split() for line in reach.report().splitlines() if line.startswith("update_task")]
    assert row[1:4] == ["10", "10", "100%"]
    assert "90" in row


def test_an_operation_that_was_never_asked_for_is_red() -> None:
    assert ResponseCounts().below_minimum() == list(contract.operations())


def test_counts_come_back_as_they_were_written() -> None:
    reach = reached(but="get_task", share=3)

    assert ResponseCounts.from_json(reach.to_json()) == reach
