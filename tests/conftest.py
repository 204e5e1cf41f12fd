"""The options that the test suite adds to pytest's own. They stand here because pytest reads no deeper for options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.mock.rule_report import RuleReport
from tests.planted_watch import watch

if TYPE_CHECKING:
    import pytest

DOORS = ("handle", "transport", "socket")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the doors, and the report on the rules."""
    group = parser.getgroup("mock", "the mock")
    group.addoption(
        "--door",
        action="append",
        choices=[*DOORS, "all"],
        default=[],
        help="the way to the mock: its core (handle, the default), an httpx transport, or a socket; may be repeated",
    )
    group.addoption("--rules", action="store_true", help="show for each rule how its tests went at each door")
    group.addoption("--rules-to", type=Path, metavar="FILE", help="write what is known of the rules' tests as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Watch for planted keys, and the rules' tests when somebody wants to know of them."""
    watch(config)
    if not hasattr(config, "workerinput") and (config.getoption("rules") or config.getoption("rules_to")):
        config.pluginmanager.register(RuleReport(config.getoption("rules"), config.getoption("rules_to")))
