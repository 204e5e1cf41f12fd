"""Fixtures: a fresh mock for each test, with a frozen clock, and the doors to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock

from tests.conftest import DOORS, chosen
from tests.mock import rule_report, rule_table
from tests.mock.doors import Door, Socket, served_socket, through_handle, through_transport
from tests.mock.support import NOW, Api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock import MockRequest, MockResponse


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with a door once for each door that its marker names, or that was chosen."""
    if "door" in metafunc.fixturenames:
        metafunc.parametrize("door", chosen(metafunc, "door", DOORS), indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail unless the rules' page has the operations that a rule's test called; not while it is being written."""
    yield
    if isinstance(item, pytest.Function) and item.config.getoption("rules_to") is None:
        door = item.funcargs.get("door")
        if isinstance(door, Door):
            for rule in rule_report.proved(item):
                rule_table.check(rule, rule_report.title(item), door.operations)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Function, call: pytest.CallInfo[None]) -> None:
    """Record the operations that a rule's test called, before its outcome is reported."""
    door = item.funcargs.get("door")
    if call.when == "call" and isinstance(door, Door):
        rule_report.note(item, door)


@pytest.fixture
def clock() -> Clock:
    """A frozen clock on the day of the update page's example."""
    return Clock(NOW, frozen=True)


@pytest.fixture
def mock(clock: Clock, contract: str) -> Mock:
    """A mock with the default world and the contract of the test."""
    return Mock(clock=clock, contract=contract)


@pytest.fixture(scope="session")
def socket() -> Iterator[Socket]:
    """The socket for all tests of a process, since a server takes longer to start than a test to run."""
    with served_socket() as found:
        yield found


@pytest.fixture
def door(request: pytest.FixtureRequest) -> Iterator[Door]:
    """The door to the mock."""
    name: str = request.param
    if name != "socket":
        yield Door(name, {"handle": through_handle, "transport": through_transport}[name])
        return
    served: Socket = request.getfixturevalue("socket")
    yield Door(name, served.send)
    # Tests without a socket may come next, for longer than the server keeps an idle connection.
    served.disconnect()


@pytest.fixture
def api(mock: Mock, door: Door) -> Api:
    """A client of the mock, through the door."""
    return Api(mock, door)


@pytest.fixture(autouse=True)
def _by_the_door(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail if a test sends a request past the door, unless it is marked `one_door`."""
    if request.node.get_closest_marker("one_door"):
        return
    door: Door | None = request.getfixturevalue("door") if "door" in request.fixturenames else None
    handle = Mock.handle

    def checked(mock: Mock, asked: MockRequest) -> MockResponse:
        assert door is not None, "take the fixture `door` and ask through it, or mark the test `one_door`"
        assert door.is_used, f"this goes past the door: ask through `Api(mock, door)`, not {asked.method} {asked.path}"
        return handle(mock, asked)

    monkeypatch.setattr(Mock, "handle", checked)
