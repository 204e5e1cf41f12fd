"""A mock on a socket, and an environment that says what the first tutorial tells its readers to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Mock, MockServer

from tests.docs.pages import page
from tests.docs.shell import VARIABLES, exports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Iterator[MockServer]:
    """A server with a fresh default world, whose runs take no time."""
    with MockServer(Mock(run_seconds=0)) as server:
        yield server


@pytest.fixture
def environment(server: MockServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """The variables that the first tutorial exports, and no others of ours, with the host of the server above.

    The working folder is an empty one: some commands write files.
    """
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
