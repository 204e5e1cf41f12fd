"""The suite's pytest options, which pytest reads from this level only."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.mock.rule_report import RuleReport
from tests.planted_watch import watch
from tests.programs import guard

if TYPE_CHECKING:
    from collections.abc import Sequence

collect_ignore = ["airflow"]
"""They import Airflow: `make test-airflow` names the folder itself, in an environment that has it."""

DOORS = ("handle", "transport", "socket")
DOCUMENTS, BETA = CONTRACTS = ("documents", "beta")
CLIENTS = ("blocking", "awaiting")
MARKERS = {"door": "every_door", "contract": "both_contracts", "client": "both_clients"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options for doors, contracts, clients, and the report on the rules."""
    group = parser.getgroup("mock", "the mock")
    group.addoption(
        "--door",
        action="append",
        choices=[*DOORS, "all"],
        default=[],
        help="the way to the mock: its core (handle), an httpx transport, or a socket; may be repeated;"
        " handle if nothing is said, and all for tests marked `every_door`",
    )
    group.addoption(
        "--contract",
        choices=[*CONTRACTS, "both"],
        help="the contract that mocks serve to tests which take the fixture `contract`; documents if nothing is said,"
        " and both for tests marked `both_contracts`",
    )
    group.addoption(
        "--client",
        choices=[*CLIENTS, "both"],
        help="the client of tests which take the fixture `client_kind`; blocking if nothing is said,"
        " and both for tests marked `both_clients`",
    )
    group.addoption("--rules", action="store_true", help="show for each rule how its tests went at each door")
    group.addoption("--rules-to", type=Path, metavar="FILE", help="write what is known of the rules' tests as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Register the searches for planted keys, programs and rules; let programs of tests be interrupted."""
    watch(config)
    guard(config)
    # In the background of a script it is ignored, and programs that tests start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput") and (config.getoption("rules") or config.getoption("rules_to")):
        config.pluginmanager.register(RuleReport(config.getoption("rules"), config.getoption("rules_to")))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `contract` once for each contract of its markers or of the option."""
    # Below contract/ the fixture `contract` is the document itself.
    if (
        "contract" in metafunc.fixturenames
        and Path(__file__).parent / "contract" not in metafunc.definition.path.parents
        and not names_its_contracts(metafunc)
    ):
        marker = metafunc.definition.get_closest_marker("one_contract")
        names = chosen(metafunc, "contract", CONTRACTS) if marker is None else marker.args or (DOCUMENTS,)
        if tuple(names) != (DOCUMENTS,):
            metafunc.parametrize("contract", names, indirect=True)


def names_its_contracts(metafunc: pytest.Metafunc) -> bool:
    """Return True if `parametrize` sets the contract of the test."""
    given = (mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    return any("contract" in (names.split(",") if isinstance(names, str) else names) for names in given)


def chosen(metafunc: pytest.Metafunc, option: str, names: Sequence[str]) -> Sequence[str]:
    """Return those of several names that a test runs with: the option's, its marker's, or the first.

    Args:
        metafunc: the test.
        option: `door`, `contract` or `client`.
        names: all there are. The marker `every_door`, `both_contracts` or `both_clients` stands for them,
            as `all` or `both` does on the command line.
    """
    given = metafunc.config.getoption(option) or []
    given = [given] if isinstance(given, str) else given
    if {"all", "both"} & set(given):
        return names
    if given:
        return [name for name in names if name in given]
    everywhere = metafunc.definition.get_closest_marker(MARKERS[option])
    return names if everywhere else names[:1]


@pytest.fixture
def contract(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Set the contract of all mocks of the test that have none of their own, and return its name."""
    name: str = getattr(request, "param", DOCUMENTS)
    monkeypatch.setattr("axtasks.mock.contract.contract.DEFAULT", name)
    return name
