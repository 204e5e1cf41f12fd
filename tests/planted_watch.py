"""A pytest plugin that searches output, logs, reports and files of the suite for planted keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.planted import files_that_show, shows

FOUND = "planted_keys_found"


class Watch:
    """A search of every report as it comes in, and of the files that are left in the end.

    With several workers, each looks at its own files, and the one process that prints looks at all reports.
    """

    def __init__(self) -> None:
        self.found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Search a test's output, logs, failure and name."""
        # A failure shows the test's own text, which may well have the key: it is told as such, and not hidden.
        parts = [report.nodeid, *(f"{name}\n{text}" for name, text in report.sections), report.longreprtext]
        if any(shows(part) for part in parts):
            self.found.append(f"the report of the test at {report.location[0]}:{report.location[1]} ({report.when})")

    # A hook of pytest-xdist, which may be left out.
    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add the findings of a worker."""
        self.found += getattr(node, "workeroutput", {}).get(FOUND, [])

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Search the files that tests left, and fail the session if a key was found anywhere."""
        if folder := left_folder(session.config):
            self.found += [f"the file {path.relative_to(folder)}" for path in files_that_show(folder)]
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[FOUND] = self.found
        elif self.found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the places of found keys."""
        if self.found:
            terminalreporter.section("planted keys found", red=True, bold=True)
            for where in dict.fromkeys(self.found):
                terminalreporter.line(where)


def left_folder(config: pytest.Config) -> Path | None:
    """Return the folder with the files that the tests of this process made, if they made any."""
    factory = getattr(config, "_tmp_path_factory", None)
    folder = getattr(factory, "_basetemp", None)
    return folder if isinstance(folder, Path) and folder.is_dir() else None


def watch(config: pytest.Config) -> None:
    """Register the search."""
    config.pluginmanager.register(Watch(), "planted-keys")
