"""Fixtures of the unit tests: a fresh mock for each test, and an environment without settings of its own."""

from __future__ import annotations

import os
from collections import defaultdict
from math import inf
from typing import TYPE_CHECKING

import httpx
import pytest
from axtasks.config.settings import ENVIRONMENT
from axtasks.transport import httpcore_engine

from tests.conftest import CLIENTS, chosen
from tests.dialects import DOCUMENTS, spoken
from tests.engines import ENGINES, carried_by
from tests.unit.support import Awaiting, Blocking, ClientKind, Stage, Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from axtasks.mock import Mock


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `client_kind` once for each client of its marker or of `--client`."""
    if "client_kind" in metafunc.fixturenames:
        metafunc.parametrize("client_kind", chosen(metafunc, "client", CLIENTS), indirect=True)


# Mocks that a test has only read from, or not at all: making one takes longer than most tests do.
_untouched: defaultdict[str, list[Mock]] = defaultdict(list)


@pytest.fixture(autouse=True)
def dialect(contract: str) -> Iterator[str]:
    """Set the contract of the test's servers, and of its clients unless they name another."""
    spoken.contract = contract
    yield contract
    spoken.contract = DOCUMENTS


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Remove the vendor's variables, and use an empty home folder."""
    for name in [name for name in os.environ if name.startswith("ARIZE_")]:
        monkeypatch.delenv(name)
    assert all(name.startswith("ARIZE_") for name in ENVIRONMENT.values())
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(autouse=True)
def lasting_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Idle connections are kept for as long as a test takes, which a busy machine may hold up for seconds."""
    monkeypatch.setattr(httpcore_engine, "KEPT_SECONDS", inf)
    monkeypatch.setattr(httpx._config.DEFAULT_LIMITS, "keepalive_expiry", None)


@pytest.fixture
def stage(dialect: str) -> Iterator[Stage]:
    """Yield a mock of the default world in which several spaces have similar names."""
    spare = _untouched[dialect]
    stage = Stage(spare=spare.pop() if spare else None)
    yield stage
    if stage.is_untouched:
        spare.append(stage.mock)


@pytest.fixture
def stopwatch() -> Stopwatch:
    """Return a clock that passes without waiting."""
    return Stopwatch()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield each engine in turn, which carries the clients' requests."""
    chosen: str = request.param
    with carried_by(chosen):
        yield chosen


@pytest.fixture
def client_kind(request: pytest.FixtureRequest) -> ClientKind:
    """Return the test's kind of client: blocking, and awaiting too for tests marked `both_clients`."""
    kinds: dict[str, ClientKind] = {"blocking": Blocking, "awaiting": Awaiting}
    return kinds[request.param]
