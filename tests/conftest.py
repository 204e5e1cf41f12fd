"""The options that the test suite adds to pytest's own. They stand here because pytest reads no deeper for options."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.mock.rule_report import RuleReport
from tests.planted_watch import watch

DOORS = ("handle", "transport", "socket")
DOCUMENTS, BETA = CONTRACTS = ("documents", "beta")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the doors, the contracts, and the report on the rules."""
    group = parser.getgroup("mock", "the mock")
    group.addoption(
        "--door",
        action="append",
        choices=[*DOORS, "all"],
        default=[],
        help="the way to the mock: its core (handle, the default), an httpx transport, or a socket; may be repeated",
    )
    group.addoption(
        "--contract",
        choices=[*CONTRACTS, "both"],
        default=DOCUMENTS,
        help="the contract that mocks serve to tests which take the fixture `contract`; documents if nothing is said",
    )
    group.addoption("--rules", action="store_true", help="show for each rule how its tests went at each door")
    group.addoption("--rules-to", type=Path, metavar="FILE", help="write what is known of the rules' tests as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Watch for planted keys and, when asked, the rules' tests; let programs of tests be interrupted."""
    watch(config)
    # In the background of a script it is ignored, and programs that tests start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput") and (config.getoption("rules") or config.getoption("rules_to")):
        config.pluginmanager.register(RuleReport(config.getoption("rules"), config.getoption("rules_to")))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what takes the fixture `contract` once for each contract that was chosen, or for the one of its marker."""
    # Below contract/ that is the document itself.
    if (
        "contract" not in metafunc.fixturenames
        or Path(__file__).parent / "contract" in metafunc.definition.path.parents
    ):
        return
    marker = metafunc.definition.get_closest_marker("one_contract")
    if marker is None:
        chosen: str = metafunc.config.getoption("contract")
        names = CONTRACTS if chosen == "both" else (chosen,)
    else:
        names = marker.args or (DOCUMENTS,)
    if names != (DOCUMENTS,):
        metafunc.parametrize("contract", names, indirect=True)


@pytest.fixture
def contract(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The contract that every mock of the test serves which is not told otherwise, by its name."""
    name: str = getattr(request, "param", DOCUMENTS)
    monkeypatch.setattr("axtasks.mock.contract.DEFAULT", name)
    return name
