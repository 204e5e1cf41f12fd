"""Fixtures of the command line tests: a served mock for every test, and `ax` configured for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from axtasks.config.settings import ATTEMPTS_VARIABLE, ENVIRONMENT
from axtasks.mock import Mock, MockServer

from tests import planted
from tests.cli.support import Ax
from tests.dialects import DOCUMENTS, spoken
from tests.worlds import names_alike

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


FOREIGN = {"NO_COLOR", "FORCE_COLOR", "XDG_CACHE_HOME"}


@pytest.fixture(autouse=True)
def dialect(contract: str) -> Iterator[str]:
    """Set the contract of the test's servers, and of `ax`."""
    spoken.contract = contract
    yield contract
    spoken.contract = DOCUMENTS


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Clear all settings of the machine from the environment, and enter an empty working folder."""
    for name in [name for name in os.environ if name.startswith("ARIZE_") or name in FOREIGN]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    work = tmp_path / "work"
    home.mkdir()
    work.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("ARIZE_TASKS_NO_ALPHA_WARNING", "1")
    # Pauses between attempts would be waited for in earnest.
    monkeypatch.setenv(ATTEMPTS_VARIABLE, "1")
    monkeypatch.chdir(work)
    return work


@pytest.fixture
def mock(dialect: str) -> Mock:
    """Return a mock whose runs are complete at the first poll."""
    return Mock(run_seconds=0, contract=dialect, world=names_alike())


@pytest.fixture
def server(mock: Mock) -> Iterator[MockServer]:
    """Yield a server of the mock."""
    with MockServer(mock) as listening:
        yield listening


@pytest.fixture
def ax(environment: Path, server: MockServer, monkeypatch: pytest.MonkeyPatch) -> Ax:
    """Return a runner of `ax`, configured by environment variables alone."""
    monkeypatch.setenv("ARIZE_API_KEY", planted.COMMAND_LINE)
    monkeypatch.setenv("ARIZE_API_HOST", server.url.removeprefix("http://"))
    monkeypatch.setenv("ARIZE_API_SCHEME", "http")
    # Known, so that commands ask for nothing but what they are about.
    monkeypatch.setenv(ENVIRONMENT["contract"], server.mock.contract)
    return Ax(environment, server.mock)
