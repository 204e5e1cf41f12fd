"""A fresh mock for every test, with a clock that only moves when it is told to, and the doors to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock

from tests.conftest import DOORS, chosen
from tests.mock import rule_report, rule_table
from tests.mock.doors import Door, Socket, listening, through_handle, through_transport
from tests.mock.support import NOW, Api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock import MockRequest, MockResponse


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what goes through a door once for each door that its marker names, or that was chosen."""
    if "door" in metafunc.fixturenames:
        metafunc.parametrize("door", chosen(metafunc, "door", DOORS), indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Hold the page of rules to what a rule's test asked the mock for, unless it is about to be written."""
    yield
    if isinstance(item, pytest.Function) and item.config.getoption("rules_to") is None:
        door = item.funcargs.get("door")
        if isinstance(door, Door):
            for rule in rule_report.proved(item):
                rule_table.check(rule, rule_report.title(item), door.operations)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Function, call: pytest.CallInfo[None]) -> None:
    """Note what a rule's test asked the mock for, before its outcome is reported."""
    door = item.funcargs.get("door")
    if call.when == "call" and isinstance(door, Door):
        rule_report.note(item, door)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still, on the day of the update page's example, until it is advanced."""
    return Clock(NOW, frozen=True)


@pytest.fixture
def mock(clock: Clock, contract: str) -> Mock:
    """A mock with the default world, which serves the contract of the test."""
    return Mock(clock=clock, contract=contract)


@pytest.fixture(scope="session")
def socket() -> Iterator[Socket]:
    """The socket that all tests of a process share: starting a server for each would take longer than they do."""
    with listening() as found:
        yield found


@pytest.fixture
def door(request: pytest.FixtureRequest) -> Iterator[Door]:
    """The way to the mock."""
    name: str = request.param
    if name != "socket":
        yield Door(name, {"handle": through_handle, "transport": through_transport}[name])
        return
    served: Socket = request.getfixturevalue("socket")
    yield Door(name, served.carry)
    # Tests without a socket may come next, for longer than the server keeps an idle connection.
    served.hang_up()


@pytest.fixture
def api(mock: Mock, door: Door) -> Api:
    """A client of that mock."""
    return Api(mock, door)


@pytest.fixture(autouse=True)
def _by_the_door(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody gets at the mock past the door; a test that has to is marked."""
    if request.node.get_closest_marker("one_door"):
        return
    door: Door | None = request.getfixturevalue("door") if "door" in request.fixturenames else None
    handle = Mock.handle

    def checked(mock: Mock, asked: MockRequest) -> MockResponse:
        assert door is not None, "take the fixture `door` and ask through it, or mark the test `one_door`"
        assert door.is_used, f"this goes past the door: ask through `Api(mock, door)`, not {asked.method} {asked.path}"
        return handle(mock, asked)

    monkeypatch.setattr(Mock, "handle", checked)
