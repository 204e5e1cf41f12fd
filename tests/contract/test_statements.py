"""Tests of the table of the documents' statements: each has an existing test, or a decision against it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.contract.statements import DOCUMENTS, Statement, decision_ids, missing_part, read_statements, table_of

LEAST = 200
MOST_DECIDED_AGAINST = 6
HERE = "tests/contract/test_statements.py"


@pytest.fixture(scope="module")
def statements() -> list[Statement]:
    """Return the table."""
    return read_statements()


def test_all_documents_are_in_it_with_at_least_200_statements(statements: list[Statement]) -> None:
    assert list(dict.fromkeys(each.document for each in statements)) == list(DOCUMENTS)
    assert len(statements) >= LEAST


def test_no_place_of_a_document_stands_twice(statements: list[Statement]) -> None:
    """TOML itself refuses a duplicate id."""
    counted = Counter(f"{each.document}: {each.place}" for each in statements)

    assert [place for place, count in counted.items() if count > 1] == []


def test_a_statement_has_a_test_or_a_decision(statements: list[Statement]) -> None:
    assert [each.id for each in statements if (each.test is None) == (each.decision is None)] == []


def test_every_test_exists(statements: list[Statement]) -> None:
    missing = [f"{each.id}: {part}" for each in statements if each.test and (part := missing_part(each.test))]

    assert not missing, "\n".join(missing)


def test_few_are_decided_against_and_every_decision_exists(statements: list[Statement]) -> None:
    decided = [each.decision for each in statements if each.decision is not None]

    assert set(decided) <= decision_ids()
    assert len(decided) <= MOST_DECIDED_AGAINST


@pytest.mark.parametrize(
    ("test", "missing"),
    [
        pytest.param("tests/nowhere.py::test_x", "there is no file tests/nowhere.py", id="a file"),
        pytest.param(f"{HERE}::test_nothing", f"{HERE} has no test test_nothing", id="a test"),
        pytest.param(f"{HERE}::statements", f"{HERE} has no test statements", id="what is no test"),
        pytest.param(
            f"{HERE}::test_the_missing_part_of_a_node_id_is_found[a" + " colour]",
            f"{HERE} has no case 'a colour'",
            id="a case",
        ),
        pytest.param(f"{HERE}::test_the_missing_part_of_a_node_id_is_found[a case]", None, id="nothing"),
        pytest.param(
            "tests/mock/operations/test_rules.py::test_rule[C9-created_at on update]", None, id="nothing of an f-string"
        ),
        pytest.param("tests/cli/test_help.py::TestEveryCommand::test_snapshot", None, id="nothing of a class"),
    ],
)
def test_the_missing_part_of_a_node_id_is_found(test: str, missing: str | None) -> None:
    assert missing_part(test) == missing


def test_the_table_is_shown_by_document_with_counts() -> None:
    shown = table_of(
        [
            Statement("create", "1", "Task name", "A task has a name.", test="tests/x.py::test_name"),
            Statement("cli", "1", "(default: 5)", "Five seconds are the default.", decision="D1"),
            Statement("cli", "2", "--wait", "It waits.", test="tests/x.py::test_wait"),
        ]
    )

    assert [line for line in shown.splitlines() if not line.startswith("  ") and line] == [
        "create: the REST page on creating a task; statements: 1, decided against: 0",
        "cli: the page of the command line; statements: 2, decided against: 1",
        "all; statements: 3, decided against: 1",
    ]
    assert "decided against: D1 in docs/explanation/decisions.md" in shown
