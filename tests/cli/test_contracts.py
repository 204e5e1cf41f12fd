"""Tests of `ax` against servers of either dialect, detected or configured: the output is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.config.settings import ENVIRONMENT
from axtasks.contract.dialect import CONTRACTS

from tests.cli.tasks_support import Journal, Servers, journal_of, servers, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock import MockServer

    from tests.cli.support import Ax

pytestmark = pytest.mark.both_contracts

CREATE = "create --name Fresh --task-type TEMPLATE_EVALUATION --project $CHAT_PROD --evaluators "
PLAIN = CREATE + """'[{"evaluator_id": "$HALLUCINATION"}]'"""
MAPPED = (
    CREATE
    + """'[{"evaluator_id": "$HALLUCINATION", "query_mappings": [{"variable_name": "input", "query_ids": ["A"],"""
    + """ "attribute_path": "attributes.input"}]}]' --query-filters '{"filters": [{"id": "A", "filter": "x = 1"}]}'"""
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    """Yield a shared server, which every test gets in its initial state."""
    with servers(Journal) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str) -> MockServer:
    return shared.fresh(dialect)


def test_the_options_are_those_of_the_client() -> None:
    from axtasks.cli import options

    assert options.CONTRACTS == CONTRACTS


@pytest.mark.parametrize("choice", ["", "--contract auto", "--contract AUTO"])
def test_it_is_found_out_by_asking_for_one_task(
    ax: Ax, server: MockServer, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    monkeypatch.delenv(ENVIRONMENT["contract"])

    finished = tasks(ax, f"{PLAIN} {choice} -o json")

    asked = [(each.method, each.query) for each in journal_of(server).asked]
    assert finished.exit_code == 0, finished.stderr
    assert finished.json["type"] == "template_evaluation"
    assert asked == [("GET", {"limit": "1"}), ("POST", {})]


def test_nothing_is_asked_where_it_is_said(ax: Ax, server: MockServer, dialect: str) -> None:
    finished = tasks(ax, f"{PLAIN} --contract {dialect}")

    assert finished.exit_code == 0, finished.stderr
    assert [each.method for each in journal_of(server).asked] == ["POST"]


@pytest.mark.one_contract
def test_the_option_goes_before_the_environment(ax: Ax) -> None:
    finished = ax("tasks", "list", "--task-type", "run_experiment", "--contract", "beta")

    assert finished.exit_code == 4
    assert 'not "RUN_EXPERIMENT"' in finished.stderr


def test_another_is_a_usage_error(ax: Ax) -> None:
    finished = tasks(ax, "list --contract gamma")

    assert finished.exit_code == 2
    assert "'gamma' is not one of 'documents', 'beta', 'auto'" in finished.stderr


@pytest.mark.one_contract
@pytest.mark.parametrize(
    ("line", "lacking"),
    [
        (MAPPED, "--query-filters, evaluators[0].query_mappings are"),
        ("update $CHAT_QUALITY --query-filters ''", "--query-filters is"),
        ("trigger-run $NIGHTLY_SUMMARIES --experiment-name x --query-filter 'a = 1'", "--query-filter is"),
    ],
)
def test_beta_only_options_are_a_usage_error_with_the_documents_contract(
    ax: Ax, server: MockServer, line: str, lacking: str
) -> None:
    finished = tasks(ax, line)

    assert (finished.exit_code, finished.stdout, journal_of(server).asked) == (2, "", [])
    assert f"{lacking} not in the documents' contract" in finished.stderr
    assert "--contract says which dialect" in finished.stderr


@pytest.mark.both_contracts
@pytest.mark.parametrize("choice", ["", "--contract auto"], ids=["said", "found out"])
def test_columns_are_those_of_the_contract(ax: Ax, dialect: str, choice: str) -> None:
    """Beta-only columns can be requested with either contract, and are listed with the beta alone."""
    has_reasons = dialect == "beta"

    shown = tasks(ax, f"list-runs $CHAT_QUALITY -o csv {choice}")
    asked = tasks(ax, f"list-runs $CHAT_QUALITY -o csv --columns failure_reason {choice}")
    refused = tasks(ax, f"list-runs $CHAT_QUALITY --columns colour --contract {dialect}")

    assert ("failure_reason" in shown.stdout.splitlines()[0]) == has_reasons
    assert asked.stdout.splitlines()[0] == "failure_reason"
    assert (refused.exit_code, "failure_reason" in refused.stderr) == (2, has_reasons)


@pytest.mark.one_contract("beta")
def test_the_newer_dialect_takes_named_filters(ax: Ax) -> None:
    created = tasks(ax, f"{MAPPED} -o json")
    change = """ --query-filters '' --evaluators '[{"evaluator_id": "$HALLUCINATION"}]' -o json"""
    cleared = tasks(ax, f"update {created.json['id']}{change}")

    assert created.json["query_filters"]["filters"] == [{"id": "A", "filter": "x = 1"}]
    assert cleared.exit_code == 0, cleared.stderr
    assert cleared.json["query_filters"] is None


@pytest.mark.one_contract("beta")
def test_the_failure_reason_of_a_run_is_shown(ax: Ax) -> None:
    finished = tasks(ax, "get-run $CANCELLED_RUN -o json")

    assert finished.json["status"] == "cancelled"
    assert "failure_reason" in finished.json


def test_a_profile_says_it(ax: Ax, server: MockServer, dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT["contract"])
    created = ax("profiles", "create", "work", "--api-key-env", "ARIZE_API_KEY", "--contract", dialect.upper())

    finished = tasks(ax, f"{PLAIN} --profile work")

    assert (created.exit_code, finished.exit_code) == (0, 0), created.stderr + finished.stderr
    assert [each.method for each in journal_of(server).asked] == ["POST"]
