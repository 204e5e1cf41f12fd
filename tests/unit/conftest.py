"""A fresh mock for each test, and an environment that names no server, no key and no home of anybody."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from axtasks.config.settings import ENVIRONMENT

from tests.conftest import CLIENTS, chosen
from tests.dialects import DOCUMENTS, spoken
from tests.engines import ENGINES, carried_by
from tests.unit.support import Awaiting, Blocking, Colour, Stage, Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from axtasks.mock import Mock


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what takes `colour` once for each client that its marker names, or that was chosen."""
    if "colour" in metafunc.fixturenames:
        metafunc.parametrize("colour", chosen(metafunc, "client", CLIENTS), indirect=True)


# Mocks that a test has only read from, or not at all: making one takes longer than most tests do.
_untouched: defaultdict[str, list[Mock]] = defaultdict(list)


@pytest.fixture(autouse=True)
def dialect(contract: str) -> Iterator[str]:
    """The contract that the servers of the test speak, and its clients unless they are told otherwise."""
    spoken.contract = contract
    yield contract
    spoken.contract = DOCUMENTS


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the vendor's is set, and the home folder is empty."""
    for name in [name for name in os.environ if name.startswith("ARIZE_")]:
        monkeypatch.delenv(name)
    assert all(name.startswith("ARIZE_") for name in ENVIRONMENT.values())
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def stage(dialect: str) -> Iterator[Stage]:
    """A mock with the default world, but for names of spaces that are alike."""
    spare = _untouched[dialect]
    stage = Stage(spare=spare.pop() if spare else None)
    yield stage
    if stage.is_untouched:
        spare.append(stage.mock)


@pytest.fixture
def stopwatch() -> Stopwatch:
    """A clock that nobody waits for."""
    return Stopwatch()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each way in turn for clients to carry their requests."""
    chosen: str = request.param
    with carried_by(chosen):
        yield chosen


@pytest.fixture
def colour(request: pytest.FixtureRequest) -> Colour:
    """The client of the test: blocking, and awaiting too where the test is marked `both_clients`."""
    colours: dict[str, Colour] = {"blocking": Blocking, "awaiting": Awaiting}
    return colours[request.param]
