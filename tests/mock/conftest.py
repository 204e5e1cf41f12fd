"""A fresh mock for every test, with a clock that only moves when it is told to."""

from __future__ import annotations

import pytest
from axtasks.mock import Clock, Mock

from tests.mock.support import NOW, Api

collect_ignore = ["browser"]
"""Needs a browser and a library of its own: `make test-browser` names the folder, and is then not held off by this."""


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still, on the day of the update page's example, until it is advanced."""
    return Clock(NOW, frozen=True)


@pytest.fixture
def mock(clock: Clock) -> Mock:
    """A mock with the default world."""
    return Mock(clock=clock)


@pytest.fixture
def api(mock: Mock) -> Api:
    """A client of that mock, without a socket."""
    return Api(mock)
