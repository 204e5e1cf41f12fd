"""Tests of responses compared with the contract: each difference is found once, and summarized without secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks.conformance import FindingKind, compare, detect_contract, load_contract, read_archive, summarize

from tests.archives import archive_of, in_body, in_task
from tests.dialects import BETA, DOCUMENTS, spelling_of
from tests.unit.conformance.plants import PLANTS, answered, asked

if TYPE_CHECKING:
    from axtasks.conformance import FindingSummary

    from tests.archives import Change, Har


def summaries_of(har: Har, contract: Any = DOCUMENTS) -> list[FindingSummary]:
    """Return the summaries of the findings in an archive."""
    traffic = read_archive(har)
    return summarize(compare(load_contract(contract), traffic.exchanges), secrets=traffic.secrets)


@pytest.mark.parametrize("name", PLANTS)
def test_a_difference_is_found_once(contract: str, name: str) -> None:
    plant, har = PLANTS[name], archive_of(contract)
    plant.change(har)

    [found] = summaries_of(har, contract)

    assert (found["kind"], found["path"]) == (plant.kind, plant.path)
    assert (found["operation"], found["example"], found["seen"]) == (plant.operation, plant.example, 1)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(asked("GET", "/index.html"), id="a path outside of the API"),
        pytest.param(answered("/spaces", status=0, content={}), id="no response"),
        pytest.param(answered("/spaces", content={"size": 9, "mimeType": "application/json"}), id="no recorded body"),
    ],
)
def test_exchanges_that_show_nothing_of_the_contract_are_left_out(change: Change) -> None:
    har = archive_of(DOCUMENTS)
    change(har)

    assert summaries_of(har) == []


def test_equal_findings_are_counted() -> None:
    har = archive_of(DOCUMENTS)
    in_body("/tasks", lambda body: [task.update(owner=1) for task in body["tasks"]])(har)

    [found] = summaries_of(har)

    assert found["seen"] > 1


def test_each_unknown_value_is_a_summary_of_its_own() -> None:
    har = archive_of(DOCUMENTS)
    in_body("/tasks", lambda body: [task.update(type=f"t{n}") for n, task in enumerate(body["tasks"][:2])])(har)

    assert [found["example"] for found in summaries_of(har)] == ["t0", "t1"]


def test_a_long_value_is_shortened() -> None:
    har = archive_of(DOCUMENTS)
    in_task(owner="x" * 99)(har)

    [found] = summaries_of(har)

    assert found["example"] == f"{'x' * 39}…"


@pytest.mark.both_contracts
def test_the_contract_is_detected_by_the_values(contract: str) -> None:
    har = archive_of(contract)
    in_task(owner="ada", type="dream")(har)

    assert detect_contract(read_archive(har).exchanges) == contract


def test_responses_of_one_contract_have_unknown_values_in_the_other() -> None:
    found = summaries_of(archive_of(DOCUMENTS), BETA)

    assert {each["kind"] for each in found} == {FindingKind.UNKNOWN_VALUE, FindingKind.UNKNOWN_VARIANT}
    assert not {each["example"] for each in found} - spelling_of(BETA).keys()
