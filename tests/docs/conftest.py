"""Fixtures of the documentation tests: a served mock, and the environment of the first tutorial."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Mock, MockServer

from tests.docs.pages import page
from tests.docs.shell import VARIABLES, exports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOGGERS = ("axtasks", "axtasks.alpha", "axtasks.requests")


@pytest.fixture
def server() -> Iterator[MockServer]:
    """Yield a server with a fresh default world, whose runs take no time."""
    with MockServer(Mock(run_seconds=0)) as server:
        yield server


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    """Restore the loggers that a page changes."""
    before = [(logger, logger.level, logger.handlers[:]) for logger in map(logging.getLogger, LOGGERS)]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.fixture
def environment(server: MockServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Set the variables that the first tutorial exports, and no others of ours, with the server's host.

    Home and working folder are the same empty folder, since some commands write files.
    """
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    shown: dict[str, str] = {}
    for block in page("tutorials/first-task").blocks:
        if block.kind == "sh":
            shown |= exports(block.text)
    shown["ARIZE_API_HOST"] = server.url.removeprefix("http://")
    for variable, value in shown.items():
        monkeypatch.setenv(variable, value)
    return shown
