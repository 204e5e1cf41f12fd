"""A pytest plugin that fails tests which start a program without the marker `programs`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.startfile"}


class Guard:
    """A guard that fails the running test when it starts a program without the marker."""

    def __init__(self) -> None:
        self._running: pytest.Item | None = None
        sys.addaudithook(self._look)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Record the running test, its fixtures included."""
        self._running = item
        try:
            return (yield)
        finally:
            self._running = None

    def _look(self, event: str, _arguments: tuple[object, ...]) -> None:
        # While Python ends, this is still called, and no test runs; nor are the names of this module there.
        if self._running and event in EVENTS and not self._running.get_closest_marker("programs"):
            pytest.fail("This test starts a program: mark it with `@pytest.mark.programs`.")


def guard(config: pytest.Config) -> None:
    """Register the guard."""
    config.pluginmanager.register(Guard(), "programs")
