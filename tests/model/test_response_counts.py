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


def test_an_operation_with_too_few_successes_is_below_the_minimum() -> None:
    reach = reached(but="update_task", share=1)

    assert reach.below_minimum() == ["update_task"]
    assert [line.split()[0] for line in reach.report().splitlines() if line.endswith("RED")] == ["update_task"]


def test_a_fifth_of_successes_is_enough() -> None:
    assert reached(but="update_task", share=2).below_minimum() == []


def test_requests_that_do_not_fit_the_schemas_count_only_as_errors() -> None:
    reach = reached(but="update_task", share=10)
    for _ in range(90):
        reach.record("update_task", 409, fits=False)

    assert reach.below_minimum() == []
    (row,) = [line.split() for line in reach.report().splitlines() if line.startswith("update_task")]
    assert row[1:4] == ["10", "10", "100%"]
    assert "90" in row


def test_an_operation_without_requests_is_below_the_minimum() -> None:
    assert ResponseCounts().below_minimum() == list(contract.operations())


def test_counts_survive_json() -> None:
    reach = reached(but="get_task", share=3)

    assert ResponseCounts.from_json(reach.to_json()) == reach
